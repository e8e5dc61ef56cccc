"""How the desk enters, moves, settles and removes expected events, and undoes that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import InputError, NotAllowed, NotFound
from bot.languages import say
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.story import Story, take_free_key
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, parse_expected_event
from bot.newsroom.field_validation import HEADLINE_LIMIT, check_text, slugify
from bot.newsroom.revision import Revision
from bot.newsroom.story_files import get_expected_fields
from bot.newsroom.story_writer import PublishOutcome, StoryWriter, drop_empty

#: The length of an id that is made from a headline.
_KEY_LIMIT = 50


class ExpectedEventDesk:
    """Changes expected events, each method in one transaction. Nobody is notified of a change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def add(self, slug: str, fields: Mapping[str, Any], *, actor: str) -> PublishOutcome:
        """Add an expected event; ``fields`` are keys of a story file's expected event, except its id."""
        async with self._desk.transaction(actor) as writer:
            story = await writer.tx.stories.get(slug)
            headline = check_text("headline", fields.get("headline", ""), HEADLINE_LIMIT)
            keys = {event.key for event in story.expected_events}
            key = take_free_key(slugify(headline)[:_KEY_LIMIT].rstrip("-"), keys)
            event = parse_expected_event({**drop_empty(fields), "id": key}, "")
            if any((each.date, each.headline) == (event.date, event.headline) for each in story.expected_events):
                raise InputError("headline", say("the story already has an expected event with this headline and date"))
            return await _put(writer, story, event)

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any], *, actor: str) -> PublishOutcome:
        """Change an expected event; ``fields`` are keys of a story file's expected event, and an empty value removes one.

        Another date is a move.
        """
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            merged_fields = drop_empty({**get_expected_fields(event), **fields, "id": event.key})
            return await _put(writer, story, parse_expected_event(merged_fields, ""))

    async def mark_happened(self, slug: str, key: str, development_key: str, *, actor: str) -> PublishOutcome:
        """Say that an expected event has happened, and which development of the story reports it.

        Raises NotAllowed if its outcome is known already: a colleague was faster.
        """
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            development = story.find_development(development_key)
            if development is None or not development.is_valid:
                raise InputError("development", say("the story no longer has this development; select another one"))
            return await _settle(writer, story, event, ExpectedOutcome.HAPPENED, development=development.key)

    async def drop(self, slug: str, key: str, reason: str, *, actor: str) -> PublishOutcome:
        """Say that an expected event will not happen, and why. Raises NotAllowed if its outcome is known already."""
        reason_text = check_text("reason", reason, HEADLINE_LIMIT)
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            return await _settle(writer, story, event, ExpectedOutcome.DROPPED, reason=reason_text)

    async def reopen(self, slug: str, key: str, *, actor: str) -> PublishOutcome:
        """Undo :meth:`mark_happened` or :meth:`drop`. Raises NotAllowed if it is undone already."""
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            if event.outcome is None:
                raise NotAllowed(say("That has already been undone."))
            return await _put(writer, story, replace(event, outcome=None, development_key="", reason=""))

    async def move_back(
        self, slug: str, key: str, former: ExpectedDate, current: ExpectedDate, *, actor: str
    ) -> PublishOutcome:
        """Undo a move from a former date to a current one. Raises NotAllowed if the event has another date by now."""
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            if event.date != current:
                raise NotAllowed(
                    say("“{event}” has since been moved to {date}.", event=event.headline, date=event.date.display)
                )
            return await _put(writer, story, replace(event, date=former))

    async def remove(self, slug: str, key: str, *, actor: str) -> PublishOutcome:
        """Remove an expected event that was entered by mistake, with its reminders. One that will not happen is dropped instead."""
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            remaining_events = tuple(each for each in story.expected_events if each != event)
            revision = Revision(story, replace(story, expected_events=remaining_events))
            return await writer.write(revision, announce=False)


async def _get(writer: StoryWriter, slug: str, key: str) -> tuple[Story, ExpectedEvent]:
    story = await writer.tx.stories.get(slug)
    event = story.find_expected_event(key)
    if event is None:
        raise NotFound("expected event", key)
    return story, event


async def _settle(
    writer: StoryWriter,
    story: Story,
    event: ExpectedEvent,
    outcome: ExpectedOutcome,
    *,
    development: str = "",
    reason: str = "",
) -> PublishOutcome:
    known_outcome = story.get_outcome(event)
    if known_outcome is not None:
        raise NotAllowed(
            say(
                "“{event}” is already marked: {outcome}. Undo that first.",
                event=event.headline,
                outcome=known_outcome.label,
            )
        )
    return await _put(writer, story, replace(event, outcome=outcome, development_key=development, reason=reason))


async def _put(writer: StoryWriter, story: Story, event: ExpectedEvent) -> PublishOutcome:
    return await writer.publish(StoryDraft(story.slug, None, expected_events=(event,)), announce=False)
