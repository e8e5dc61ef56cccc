"""Expected events as text: what is expected, when, who says so, and what became of it. And the post that reminds of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import button, container, row, separator, story_menu, text
from bot.cards.escaping import escape_line, escape_pieces, heading
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import say, say_as, say_count
from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, ExpectedEvent, ExpectedOutcome
from bot.model.post import Post, Reminder
from bot.model.story import ExpectedListItem, Story

_HEADLINE_LIMIT = 300
_SOURCES_LIMIT = 260
#: Of the story's headline in a list.
_STORY_LIMIT = 110
#: What is left of a list's row must be longer than this to be filled with more.
_MIN_LENGTH = 45


def next_event_lines(story: Story, today: date | None, *, max_events: int) -> list[str]:
    """Return the soonest open events of a story, each in a line and at most ``max_events``; nothing without any.

    They are those of one date, which is not over yet; if all are over, the last of them, without claiming that anything
    happened. A message that stays, such as a card above a thread, knows no ``today`` and says only when they were expected.
    """
    events = _pick_next(story.open_events, today)
    lines = [_next_line(event, today) for event in events[:max_events]]
    more_count = len(events) - len(lines)
    if more_count:
        lines.append(
            subtext(say_count("+{count} more in the full story", "+{count} more in the full story", more_count))
        )
    return lines


def _pick_next(open_events: Sequence[ExpectedEvent], today: date | None) -> Sequence[ExpectedEvent]:
    if today is None:
        return open_events
    coming = [event for event in open_events if not event.date.is_over(today)]
    return [event for event in coming if event.date == coming[0].date] if coming else open_events[-1:]


def _next_line(event: ExpectedEvent, today: date | None) -> str:
    headline = escape_line(event.headline, _HEADLINE_LIMIT)
    sources = developments.publisher_list(event.sources, _SOURCES_LIMIT)
    if today is None:
        # Translators: an event that a source expects, in a message that stays; behind it comes the date
        return join_parts(say("**Expected:** {event}", event=headline), event.date.display, sources)
    if event.date.is_over(today):
        return join_parts(headline, _describe_overdue(event.date), sources)
    # Translators: on a story's card, the event that is expected next; behind it comes the date
    return join_parts(say("**Next:** {event}", event=headline), event.date.display, sources)


def describe_expected(event: ExpectedEvent, today: date | None) -> str:
    """Return when an open event is expected, or that this time is over."""
    return _describe_overdue(event.date) if today is not None and event.date.is_over(today) else event.date.display


def event_item(item: ExpectedListItem, today: date, limit: int) -> str:
    """Return an expected event, and below it its date, or that it is over, story and sources, in at most ``limit`` units (at least 140)."""
    event, story = item.event, item.story
    when = f"**{event.date.display}**" if not event.date.is_over(today) else describe_expected(event, today)
    units_left = limit - utf16_length(when) - 12
    headline = escape_line(event.headline, max(_MIN_LENGTH, min(_HEADLINE_LIMIT, units_left * 6 // 10)))
    units_left -= utf16_length(headline)
    is_same = story.title == event.headline or units_left < _MIN_LENGTH
    context = "" if is_same else escape_line(story.title, min(_STORY_LIMIT, units_left * 6 // 10))
    units_left -= utf16_length(context)
    sources = developments.publisher_list(event.sources, units_left) if units_left > _MIN_LENGTH else ""
    return f"**{headline}**\n{subtext(when, context, sources)}"


def event_block(story: Story, event: ExpectedEvent, today: date | None, piece_limit: int) -> list[str]:
    """Return the lines of an event in the full story: headline, what became of it, when it was expected, all its sources."""
    first_piece, *other_pieces = escape_pieces(event.headline, piece_limit)
    return [
        f"**{first_piece}**",
        *other_pieces,
        # Translators: what follows is no development, but an event that a source expects
        subtext(say("Expected event"), describe_state(story, event, today)),
        *reason_lines(event),
        *(subtext(developments.full_source_label(source)) for source in event.sources),
    ]


def reason_lines(event: ExpectedEvent) -> list[str]:
    """Return why an event was dropped, as a line; none if nobody has said why."""
    # Translators: why something that was expected will not happen
    line = say("**Reason:** {reason}", reason=escape_line(event.reason, _HEADLINE_LIMIT)) if event.reason else ""
    return [subtext(line)] if line else []


def describe_state(story: Story, event: ExpectedEvent, today: date | None) -> str:
    """Return what became of an event, or when it is expected."""
    outcome = story.get_outcome(event)
    if outcome is None:
        if today is not None and event.date.is_over(today):
            return _describe_overdue(event.date)
        return event.date.display if event in story.open_events else _describe_former(event.date)
    result = story.find_development(event.development_key)
    result_date = result.date.display if result and outcome is ExpectedOutcome.HAPPENED else ""
    return join_parts(outcome.label, result_date, _describe_former(event.date))


def _describe_former(expected: ExpectedDate) -> str:
    """Return when an event was expected, of which more is known now."""
    if expected.partial.is_bounded:
        # Translators: {date} is such as: by Aug 2025
        return say("was expected {date}", date=expected.display)
    return say("was expected for {date}", date=expected.display)


def _describe_overdue(expected: ExpectedDate) -> str:
    """Return when an event was expected, of which nobody has said whether it has happened."""
    if expected.partial.is_bounded:
        # Translators: {date} is such as: by Aug 2025
        return say("was expected {date}; outcome unknown", date=expected.display)
    return say("was expected for {date}; outcome unknown", date=expected.display)


def reminder_body(post: Post, limit: int, *extra_buttons: ui.Button[Any]) -> ui.Container[Any]:
    """Return the reminders of a day, each with its story and its sources, and what has changed about it since."""
    if not post.reminders:
        return container(
            text(say("The desk has removed this reminder.")), row(*extra_buttons), colour=labels.NEUTRAL_COLOUR
        )
    stories = {reminder.story.slug: reminder.story for reminder in post.reminders}
    day = PartialDate.from_date(post.reminders[0].day).display
    # Translators: the heading of a reminder: what follows is expected to happen on that day
    title = heading(say("Expected on {date}", date=day))
    budget = TextBudget(limit - len(title) - 60)
    share = limit // len(post.reminders) // 2
    items = [text(item) for item in (_reminder_item(each, share) for each in post.reminders) if budget.reserve(item)]
    more_count = len(post.reminders) - len(items)
    more = subtext(say_count("+{count} more event", "+{count} more events", more_count)) if more_count else ""
    first_slug = post.reminders[0].story.slug
    full_story_label = say_as("button", "Full story") if len(stories) == 1 else say_as("button", "First story in full")
    return container(
        text(title),
        separator(),
        *items,
        text(more) if more else None,
        row(button(full_story_label, custom_ids.POST.build(post_key=post.key, slug=first_slug)), *extra_buttons),
        story_menu(0, say_as("menu", "Open a story"), map(labels.story_choice, stories.values()))
        if len(stories) > 1
        else None,
        colour=labels.stage_colour(post.reminders[0].story.stage) if len(stories) == 1 else labels.NEUTRAL_COLOUR,
    )


def _reminder_item(reminder: Reminder, share: int) -> str:
    limit = min(_HEADLINE_LIMIT, max(60, share))
    story_headline = escape_line(reminder.story.title, min(160, limit))
    sources = developments.publisher_list(reminder.event.sources, min(_SOURCES_LIMIT, limit))
    return f"**{escape_line(reminder.event.headline, limit)}**\n{subtext(_describe_change(reminder), story_headline, sources)}"


def _describe_change(reminder: Reminder) -> str:
    """Return what is known of an event since its day was announced; empty if nothing has changed."""
    outcome = reminder.story.get_outcome(reminder.event)
    if outcome is not None:
        return f"**{outcome.label}**"
    if reminder.event.date.day != reminder.day:
        # Translators: an expected event has been moved; {date} is such as: 3 Mar 2025
        return say("**new date: {date}**", date=reminder.event.date.display)
    return ""
