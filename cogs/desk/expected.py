"""The desk's forms and buttons for the expected events of a story: add, move, settle, remove, and undo each."""

from __future__ import annotations

from typing import Any

import discord

from bot.cards import custom_ids
from bot.cards.desk_outcome import no_change_card
from bot.cards.escaping import clean_line
from bot.cards.expected_list import (
    addition_card,
    change_card,
    expected_event_card,
    expected_list_card,
    outcome_card,
    removal_card,
    removal_question_card,
)
from bot.cards.message_limits import OPTION_TEXT_LIMIT
from bot.errors import NotAllowed
from bot.languages import say, say_as
from bot.model.expected_event import ExpectedDate, ExpectedEvent
from bot.model.proposals import ExpectedProposal
from bot.model.story import Source, Story
from bot.newsroom.field_validation import HEADLINE_LIMIT
from bot.newsroom.form_fields import format_sources, parse_sources
from bot.newsroom.story_writer import PublishOutcome
from bot.platforms.discord.client import Interaction
from cogs.autocomplete import MAX_CHOICES
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.persistent import PersistentItem, reply_privately

#: Room for a day with the words for "by" in any language.
_DATE_LIMIT = 40


class ExpectedEventModal(RetryableModal):
    """An expected event of a story: a new one, or one to move or correct."""

    def __init__(self, story: Story, event: ExpectedEvent | None, values: FormValues | None = None) -> None:
        self._original_values = _get_values(event)
        title = say_as("form", "Move or change") if event else say_as("form", "Add an expected event")
        super().__init__(title, values or self._original_values)
        self._story, self._event = story, event
        self.add_headline_field(say_as("form hint", "What is going to happen, in one line"))
        hint = say_as("form hint", "2026, 2026-08, 2026-08-16, 2026-Q2, 2026-H1 or by 2026-08")
        self.add_field("date", say_as("form", "Expected date"), _DATE_LIMIT, hint=hint)
        self.add_sources_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return ExpectedEventModal(self._story, self._event, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Add the event, or change only the edited fields, so that a concurrent change of the others is kept."""
        values, services, actor = self.values, interaction.client.services, get_actor(interaction)
        fields: dict[str, Any] = {
            "headline": values.get("headline"),
            "date": values.get("date"),
            "source": parse_sources(values.get("sources")),
        }
        desk, today = services.expected_event_desk, services.library.get_today()
        if self._event is None:
            outcome = await desk.add(self._story.slug, fields, actor=actor)
            return addition_card(outcome.story, _get_changed(outcome), today)
        keys = {"headline": "headline", "date": "date", "sources": "source"}
        changed_names = values.find_changes(self._original_values)
        changes = {keys[name]: fields[keys[name]] for name in changed_names}
        outcome = await desk.correct(self._story.slug, self._event.key, changes, actor=actor)
        before = next((change.before for change in outcome.expected_changes if change.before), None)
        if before is None:
            return no_change_card(outcome.story)
        return change_card(outcome.story, before, _get_changed(outcome), today, outcome.edits)


def _get_values(event: ExpectedEvent | None) -> FormValues:
    if event is None:
        return FormValues()
    return FormValues(
        {"headline": event.headline, "date": event.date.input_text, "sources": format_sources(event.sources)}
    )


def build_event_values(proposal: ExpectedProposal, source: Source) -> FormValues:
    """Return the fields of the form for an event that an article expects."""
    return _get_values(ExpectedEvent("", proposal.kind.label, proposal.date, sources=(source,)))


def _get_changed(outcome: PublishOutcome) -> ExpectedEvent:
    """Return the expected event that was changed, as it is stored: a new one gets its id there."""
    changed = next(change.after for change in outcome.expected_changes if change.after)
    return outcome.story.find_expected_event(changed.key) or changed


class HappenedModal(RetryableModal):
    """What an expected event resulted in: a development of its story."""

    def __init__(self, story: Story, event: ExpectedEvent, values: FormValues | None = None) -> None:
        super().__init__(say_as("form", "It happened"), values or FormValues())
        self._story, self._event = story, event
        newest_first = reversed(story.valid_developments[-MAX_CHOICES:])
        choices = {d.key: clean_line(f"{d.date.display}: {d.headline}", OPTION_TEXT_LIMIT) for d in newest_first}
        self.add_menu("development", say_as("form", "Development that reports it"), choices)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return HappenedModal(self._story, self._event, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Mark the event as happened, with its development."""
        services = interaction.client.services
        outcome = await services.expected_event_desk.mark_happened(
            self._story.slug, self._event.key, self.values.get("development"), actor=get_actor(interaction)
        )
        return outcome_card(outcome.story, _get_changed(outcome), services.library.get_today(), outcome.edits)


class DropModal(RetryableModal):
    """Why an expected event will not happen."""

    def __init__(self, story: Story, event: ExpectedEvent, values: FormValues | None = None) -> None:
        super().__init__(say_as("form", "It was dropped"), values or FormValues())
        self._story, self._event = story, event
        hint = say_as("form hint", "Shown to readers in the full story")
        self.add_field("reason", say_as("form", "Reason"), HEADLINE_LIMIT, hint=hint)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return DropModal(self._story, self._event, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Mark the event as dropped, with the reason."""
        services = interaction.client.services
        outcome = await services.expected_event_desk.drop(
            self._story.slug, self._event.key, self.values.get("reason"), actor=get_actor(interaction)
        )
        return outcome_card(outcome.story, _get_changed(outcome), services.library.get_today(), outcome.edits)


class ExpectedButton(PersistentItem, template=custom_ids.EXPECTED.pattern):
    """The buttons of a story's list of expected events."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the list, or open the form for a new one, for an editor."""
        await check_editor(interaction)
        library = interaction.client.services.library
        story = await library.get_story(self.params["slug"])
        if self.params["action"] == "add":
            await interaction.response.send_modal(ExpectedEventModal(story, None))
        else:
            await reply_privately(interaction, expected_list_card(story, library.get_today()))


class ExpectedMenu(PersistentItem, template=custom_ids.EXPECTED_MENU.pattern):
    """The menu of a story's expected events."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the selected event, for an editor."""
        await check_editor(interaction)
        library = interaction.client.services.library
        story, event = await library.get_expected_event(int(self.get_selection()))
        await reply_privately(interaction, expected_event_card(story, event, library.get_today()))


class ExpectedEventButton(PersistentItem, template=custom_ids.EXPECTED_EVENT.pattern):
    """The buttons of an expected event."""

    async def handle(self, interaction: Interaction) -> None:
        """Open a form, undo an outcome, or remove the event once the editor has confirmed it; for an editor."""
        await check_editor(interaction)
        services, actor = interaction.client.services, get_actor(interaction)
        desk, today = services.expected_event_desk, services.library.get_today()
        story, event = await services.library.get_expected_event(int(self.params["event_id"]))
        match self.params["action"]:
            case "edit":
                await interaction.response.send_modal(ExpectedEventModal(story, event))
            case "happened":
                if not story.valid_developments:
                    raise NotAllowed(say("First publish the development that reports it, with `/desk publish`."))
                await interaction.response.send_modal(HappenedModal(story, event))
            case "drop":
                await interaction.response.send_modal(DropModal(story, event))
            case "reopen":
                outcome = await desk.reopen(story.slug, event.key, actor=actor)
                card = outcome_card(outcome.story, _get_changed(outcome), today, outcome.edits)
                await reply_privately(interaction, card)
            case "remove":
                await reply_privately(interaction, removal_question_card(story, event, today))
            case "delete":
                outcome = await desk.remove(story.slug, event.key, actor=actor)
                await reply_privately(interaction, removal_card(outcome.story, event))
            case _:
                await reply_privately(interaction, expected_event_card(story, event, today))


class MoveBackButton(PersistentItem, template=custom_ids.MOVE_BACK.pattern):
    """The button that undoes a move."""

    async def handle(self, interaction: Interaction) -> None:
        """Give the event its former date again, for an editor."""
        await check_editor(interaction)
        services = interaction.client.services
        story, event = await services.library.get_expected_event(int(self.params["event_id"]))
        former, current = ExpectedDate.parse(self.params["former"]), ExpectedDate.parse(self.params["current"])
        outcome = await services.expected_event_desk.move_back(
            story.slug, event.key, former, current, actor=get_actor(interaction)
        )
        moved = _get_changed(outcome)
        await reply_privately(
            interaction, change_card(outcome.story, event, moved, services.library.get_today(), outcome.edits)
        )
