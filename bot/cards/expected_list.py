"""The expected events of a story for the desk: to look over, add, move, settle and remove."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, MenuChoice, button, container, row, select_menu, separator, text
from bot.cards.escaping import escape_line, heading
from bot.cards.expected_events import describe_state, event_block
from bot.cards.markdown import join_sentences, subtext
from bot.cards.message_limits import OPTION_LIMIT, TextBudget
from bot.languages import say, say_as, say_count
from bot.model.expected_event import ExpectedEvent
from bot.model.story import Story

_TEXT_LIMIT = 3_000
_HEADLINE_LIMIT = 300
_PIECE_LIMIT = 600
#: Of the lines of an event, so many are shown.
_MAX_LINES = 12


def expected_list_card(story: Story, today: date) -> Card:
    """Return the expected events of a story, those without an outcome first, a menu to select one, and a button to add one."""
    events = _order_events(story)
    add_button = button(
        say_as("button", "Add an expected event"),
        custom_ids.EXPECTED.build(action="add", slug=story.slug),
        primary=True,
    )
    lines = _list_lines(story, events, today) or [
        say("Nothing is expected yet. Add what a source says will happen: a closing, a decision, a launch.")
    ]
    return Card(
        container(
            text(heading(_story_name(story)), subtext(say("Expected events: what sources say will happen"))),
            separator(),
            text(*lines),
            _event_menu(story, events, today),
            row(add_button, _full_story_button(story)),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _order_events(story: Story) -> list[ExpectedEvent]:
    settled_events = [event for event in story.expected_events if story.get_outcome(event) is not None]
    open_events = [event for event in story.expected_events if event not in settled_events]
    return [*open_events, *reversed(settled_events)]


def _list_lines(story: Story, events: Sequence[ExpectedEvent], today: date) -> list[str]:
    budget = TextBudget(_TEXT_LIMIT)
    items = (
        f"**{escape_line(event.headline, _HEADLINE_LIMIT)}**\n{subtext(describe_state(story, event, today))}"
        for event in events[:OPTION_LIMIT]
    )
    lines = [item for item in items if budget.reserve(item)]
    more_count = len(events) - len(lines)
    more = [subtext(say_count("+{count} more event", "+{count} more events", more_count))] if more_count else []
    return [*lines, *more]


def _event_menu(story: Story, events: Sequence[ExpectedEvent], today: date) -> ui.ActionRow[Any] | None:
    return select_menu(
        custom_ids.EXPECTED_MENU.build(slug=story.slug),
        say_as("menu", "Select an expected event"),
        [
            MenuChoice(str(event.id), event.headline, describe_state(story, event, today))
            for event in events[:OPTION_LIMIT]
        ],
    )


def expected_event_card(story: Story, event: ExpectedEvent, today: date) -> Card:
    """Return an expected event with buttons to change it, or to say what became of it."""
    if story.get_outcome(event) is None:
        buttons = [
            _button(event, "happened", say_as("button", "It happened"), primary=True),
            _button(event, "edit", say_as("button", "Move or change")),
            _button(event, "drop", say_as("button", "It was dropped")),
            _button(event, "remove", say_as("button", "Remove")),
        ]
    else:
        buttons = [_button(event, "reopen", say_as("button", "Reopen"))]
    return _card(story, event, today, "", buttons, labels.NEUTRAL_COLOUR)


def addition_card(story: Story, event: ExpectedEvent, today: date) -> Card:
    """Return that an expected event was added."""
    message = say("Added “{event}” to **{story}** (`{slug}`). Readers see it on the card.", **_get_names(story, event))
    return _card(story, event, today, message, [_button(event, "delete", say_as("button", "Undo"))])


def change_card(story: Story, before: ExpectedEvent, event: ExpectedEvent, today: date, edits: int) -> Card:
    """Return that an expected event was moved or corrected."""
    names = _get_names(story, event)
    if before.date == event.date:
        message = say("Changed “{event}” in **{story}** (`{slug}`).", **names)
        return _card(story, event, today, join_sentences(message, _edits_label(edits)), [])
    message = say(
        "Moved “{event}” in **{story}** (`{slug}`) from {former} to {date}.",
        former=before.date.display,
        date=event.date.display,
        **names,
    )
    undo_id = custom_ids.MOVE_BACK.build(former=str(before.date), current=str(event.date), event_id=event.id)
    undo_button = button(say_as("button", "Undo"), undo_id)
    return _card(story, event, today, join_sentences(message, _edits_label(edits)), [undo_button])


def outcome_card(story: Story, event: ExpectedEvent, today: date, edits: int) -> Card:
    """Return that an expected event was marked with its outcome, or that this was undone."""
    outcome = story.get_outcome(event)
    if outcome is None:
        message = say("“{event}” in **{story}** (`{slug}`) is expected again.", **_get_names(story, event))
        return _card(story, event, today, join_sentences(message, _edits_label(edits)), [])
    message = say(
        "Marked “{event}” in **{story}** (`{slug}`): **{outcome}**.",
        outcome=outcome.label,
        **_get_names(story, event),
    )
    undo_button = _button(event, "reopen", say_as("button", "Undo"))
    return _card(story, event, today, join_sentences(message, _edits_label(edits)), [undo_button])


def removal_question_card(story: Story, event: ExpectedEvent, today: date) -> Card:
    """Return the question whether to remove an expected event that was entered by mistake."""
    message = say(
        "Remove “{event}” from **{story}** (`{slug}`), as if it had never been entered? If it will not happen, mark it as "
        "dropped instead. Removing cannot be undone.",
        **_get_names(story, event),
    )
    buttons = [
        _button(event, "delete", say_as("button", "Remove for good"), primary=True),
        _button(event, "open", say_as("button", "Keep")),
    ]
    return _card(story, event, today, message, buttons, labels.ALERT_COLOUR)


def removal_card(story: Story, event: ExpectedEvent) -> Card:
    """Return that an expected event was removed."""
    message = say("Removed “{event}” from **{story}** (`{slug}`).", **_get_names(story, event))
    return Card(container(text(message), row(_list_button(story)), colour=labels.NEUTRAL_COLOUR))


def _card(
    story: Story,
    event: ExpectedEvent,
    today: date,
    message: str,
    buttons: Sequence[ui.Button[Any]],
    colour: int = labels.SUCCESS_COLOUR,
) -> Card:
    story_line = "" if message else subtext(f"**{_story_name(story)}**")
    return Card(
        container(
            text(message, story_line),
            separator(),
            text(*event_block(story, event, today, _PIECE_LIMIT)[:_MAX_LINES]),
            row(*buttons, _list_button(story)),
            colour=colour,
        )
    )


def _button(event: ExpectedEvent, action: str, label: str, *, primary: bool = False) -> ui.Button[Any]:
    return button(label, custom_ids.EXPECTED_EVENT.build(action=action, event_id=event.id), primary=primary)


def _list_button(story: Story) -> ui.Button[Any]:
    custom_id = custom_ids.EXPECTED.build(action="show", slug=story.slug)
    return button(say_as("button", "All expected events"), custom_id)


def _full_story_button(story: Story) -> ui.Button[Any]:
    return button(say_as("button", "Full story"), custom_ids.FULL_STORY.build(slug=story.slug, page=0))


def _story_name(story: Story) -> str:
    return escape_line(story.headline, _HEADLINE_LIMIT)


def _get_names(story: Story, event: ExpectedEvent) -> dict[str, str]:
    return {
        "event": escape_line(event.headline, _HEADLINE_LIMIT),
        "story": _story_name(story),
        "slug": story.slug,
    }


def _edits_label(edits: int) -> str:
    return say_count("Updating {count} post.", "Updating {count} posts.", edits) if edits else ""
