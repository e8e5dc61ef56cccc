"""How the desk enters, moves, settles and removes expected events, and undoes that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.errors import NotFound
from bot.model.expected_event import ExpectedEvent
from bot.model.story import Story
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, parse_expected_event
from bot.newsroom.field_validation import HEADLINE_LIMIT, check_text, slugify
from bot.newsroom.revision import Revision, take_free_key
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
            return await _put(writer, story, parse_expected_event({**drop_empty(fields), "id": key}, ""))

    async def correct(self, slug: str, key: str, fields: Mapping[str, Any], *, actor: str) -> PublishOutcome:
        """Change an expected event; ``fields`` are keys of a story file's expected event, and an empty value removes one.

        Another date is a move.
        """
        async with self._desk.transaction(actor) as writer:
            story, event = await _get(writer, slug, key)
            merged_fields = drop_empty({**get_expected_fields(event), **fields, "id": event.key})
            return await _put(writer, story, parse_expected_event(merged_fields, ""))

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


async def _put(writer: StoryWriter, story: Story, event: ExpectedEvent) -> PublishOutcome:
    return await writer.publish(StoryDraft(story.slug, None, expected_events=(event,)), announce=False)
