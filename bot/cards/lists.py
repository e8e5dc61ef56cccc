"""Lists of stories, of the newest developments and of expected events, a page at a time."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import custom_ids, developments, labels
from bot.cards.components import Card, button, container, page_buttons, page_label, separator, story_menu, text
from bot.cards.escaping import clean_line, escape_line, heading
from bot.cards.expected_events import event_item
from bot.cards.markdown import join_parts, subtext, truncate_list
from bot.cards.message_limits import utf16_length
from bot.cards.terms import row_label
from bot.languages import format_list, say, say_as, say_count
from bot.library.answers import ListPage
from bot.model.list_query import ListQuery, ListSubject
from bot.model.story import DevelopmentListItem, StoryListItem

#: Of the entries, and of all texts of the message but the empty lines and the last one.
_TEXT_LIMIT, _ALL_TEXT_LIMIT = 3_500, 3_900
#: Of the filters above the entries, and how many notes are shown.
_FILTERS_LIMIT, _MAX_CORRECTIONS, _MAX_IGNORED_PARTS = 600, 3, 5
_HEADLINE_LIMIT = 260
#: Of the name of a party, or of the story of a development.
_NAME_LIMIT = 110
#: Reserved for the claim and the date of a development.
_METADATA_LENGTH = 60
#: What is left must be longer than this to be filled with more.
_MIN_LENGTH = 45
#: Reserved for the heading of what is overdue.
_OVERDUE_LENGTH = 120
#: Buttons of filters: in all, in a row, and the length of a label.
_MAX_FILTERS, _ROW_LENGTH, _FILTER_LIMIT = 10, 5, 60
#: Beside the buttons, a message has room for so many entries; a page of a list has fewer.
_MAX_ROWS = 15


def list_card(page: ListPage, remark: str = "") -> Card:
    """Return a page of a list with a button for each filter, which removes it, and a menu that opens a story.

    A story has stage and parties, a development or an expected event its story and sources. ``remark`` is a sentence of
    ours below the title.
    """
    count = len(page.news or page.events or page.lines)
    header = _header(page, remark, has_rows=count > 0)
    limit = min(_TEXT_LIMIT, _ALL_TEXT_LIMIT - utf16_length(header)) // max(1, min(count, _MAX_ROWS))
    rows = (
        [news_item(item, limit) for item in page.news]
        or _event_rows(page, limit)
        or [story_item(line, limit) for line in page.lines]
    )
    return Card(
        container(
            text(header),
            *_filter_rows(page),
            *([separator()] if rows else []),
            *(text(row_text) for row_text in rows[:_MAX_ROWS]),
            _more_text(count - _MAX_ROWS) if rows else text(_empty_text(page)),
            *([separator()] if rows else []),
            _page_row(page),
            story_menu(0, say_as("menu", "Open a story"), map(labels.line_choice, page.stories[:_MAX_ROWS])),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _header(page: ListPage, remark: str, *, has_rows: bool) -> str:
    """Return the title, the filters, how much there is, and the notes, in at most 1,800 units."""
    labels_of_filters = [escape_line(label, _NAME_LIMIT) for label, _ in page.query.filters]
    filters = truncate_list(labels_of_filters, _FILTERS_LIMIT, _more_filters_label) if labels_of_filters else ""
    counts = [_count_label(page), page_label(page.page, page.pages)] if has_rows else []
    lines = [heading(_title(page.query)), subtext(filters, *counts), subtext(remark) if remark else "", *_notes(page)]
    return "\n".join(line for line in lines if line)


def _title(query: ListQuery) -> str:
    match query.subject:
        case ListSubject.DEALS:
            return say_as("heading", "Deals")
        case ListSubject.STORIES:
            return say_as("heading", "Stories")
        case ListSubject.DEVELOPMENTS:
            return say_as("heading", "Latest developments")
        case ListSubject.EXPECTED_EVENTS:
            # Translators: the heading of a list of what sources say will happen
            return say_as("heading", "Coming up")


def _notes(page: ListPage) -> list[str]:
    """Return what the reader should know of how the list came about."""
    notes = [
        say(
            "“{typed}” was read as “{correction}”.",
            typed=escape_line(typed, 80),
            correction=escape_line(correction, 80),
        )
        for typed, correction in page.corrections[:_MAX_CORRECTIONS]
    ]
    if page.ignored_parts:
        parts = format_list(escape_line(part, 80) for part in page.ignored_parts[:_MAX_IGNORED_PARTS])
        notes.append(say("This list cannot be filtered by: {parts}.", parts=parts))
    if page.query.largest_first and page.query.figures is None:
        notes.append(say("Deals of unknown value are at the end."))
    if len(page.query.filters) > _MAX_FILTERS:
        notes.append(_more_filters_label(len(page.query.filters) - _MAX_FILTERS))
    return [subtext(note) for note in notes]


def _more_filters_label(count: int) -> str:
    """Return ``+3 more filters``, for those that are not shown."""
    return say_count("+{count} more filter", "+{count} more filters", count)


def _filter_rows(page: ListPage) -> list[ui.ActionRow[Any]]:
    """Return the buttons of the filters, five in a row; none if the list is not stored."""
    if not page.key:
        return []
    buttons = [
        # Translators: a button that removes a filter of a list
        button(
            say_as("button", "{filter} ✖", filter=clean_line(label, _FILTER_LIMIT)),
            custom_ids.REMOVE_FILTER.build(key=page.key, index=index),
        )
        for index, (label, _) in enumerate(page.query.filters[:_MAX_FILTERS])
    ]
    return [ui.ActionRow(*buttons[start : start + _ROW_LENGTH]) for start in range(0, len(buttons), _ROW_LENGTH)]


def _page_row(page: ListPage) -> ui.ActionRow[Any] | None:
    if not page.key:
        return None
    previous_id, next_id = (custom_ids.LIST.build(key=page.key, page=max(0, page.page + step)) for step in (-1, 1))
    return page_buttons(page.page, page.pages, previous_id, next_id)


def _event_rows(page: ListPage, limit: int) -> list[str]:
    """Return the expected events of a page, with a heading above the first whose time is over."""
    if page.today is None:
        return []
    overdue = [item.event.date.is_over(page.today) for item in page.events]
    rows = [event_item(item, page.today, limit - _OVERDUE_LENGTH // len(page.events)) for item in page.events]
    if any(overdue):
        # Translators: the heading of events that sources expected by now, and of which none says whether they have happened
        title = say_as("heading", "Date passed, outcome unknown")
        rows[overdue.index(True)] = f"### {title}\n{rows[overdue.index(True)]}"
    return rows


def _empty_text(page: ListPage) -> str:
    is_news = page.query.subject is ListSubject.DEVELOPMENTS
    is_expected = page.query.subject is ListSubject.EXPECTED_EVENTS
    if page.total:
        if is_expected:
            return say("This page is empty. Start again with `/upcoming`.")
        return say("This page is empty. Start again with `/latest`.") if is_news else _empty_page_text(page)
    if page.query.filters:
        return _no_match_text(page)
    if is_expected:
        return say("No source says what is coming up. The desk can add an expected event with `/desk expected`.")
    if is_news:
        return say("No developments yet. The desk can add one with `/desk publish`.")
    if page.query.subject is ListSubject.DEALS:
        return say(
            "No deals yet. The desk can add one with `/desk publish`, or import a folder of them "
            "with `dealwire import`."
        )
    return say(
        "No stories yet. The desk can add one with `/desk publish`, or import a folder of them with `dealwire import`."
    )


def _no_match_text(page: ListPage) -> str:
    """Return that nothing has all filters."""
    is_single = len(page.query.filters) == 1
    match page.query.subject:
        case ListSubject.DEVELOPMENTS:
            if is_single and page.query.companies:
                return say(
                    "No story is about this company. `/company` shows what mentions it, and `/latest` shows everything."
                )
            if is_single:
                return say("No development matches. Remove the filter to see everything.")
            return say("No development matches all of these. Remove a filter to see more.")
        case ListSubject.EXPECTED_EVENTS:
            if is_single:
                return say("No expected event matches. Remove the filter to see everything.")
            return say("No expected event matches all of these. Remove a filter to see more.")
        case ListSubject.DEALS:
            if is_single:
                return say("No deal matches. Remove the filter to see all deals.")
            return say("No deal matches all of these. Remove a filter to see more.")
        case ListSubject.STORIES:
            if is_single:
                return say("No story matches. Remove the filter to see all stories.")
            return say("No story matches all of these. Remove a filter to see more.")


def _empty_page_text(page: ListPage) -> str:
    """Return what to say if stories have gone since the reader opened the list."""
    if page.query.subject is ListSubject.DEALS:
        return say_count(
            "This page is empty: there is {count} deal on the pages before it. Start again with `/deals`.",
            "This page is empty: there are {count} deals on the pages before it. Start again with `/deals`.",
            page.total,
        )
    return say_count(
        "This page is empty: there is {count} story on the pages before it. Start again with `/deals`.",
        "This page is empty: there are {count} stories on the pages before it. Start again with `/deals`.",
        page.total,
    )


def _count_label(page: ListPage) -> str:
    """Return ``23 deals``, or ``the newest of more than 10,000 deals`` if the rest was not counted."""
    match page.query.subject:
        case ListSubject.DEVELOPMENTS:
            if page.has_more:
                return say_count(
                    "the newest of more than {count} development",
                    "the newest of more than {count} developments",
                    page.total,
                )
            return say_count("{count} development", "{count} developments", page.total)
        case ListSubject.EXPECTED_EVENTS:
            if page.has_more:
                return say_count(
                    "the soonest of more than {count} expected event",
                    "the soonest of more than {count} expected events",
                    page.total,
                )
            return say_count("{count} expected event", "{count} expected events", page.total)
        case ListSubject.DEALS:
            if page.has_more:
                return say_count(
                    "the newest of more than {count} deal", "the newest of more than {count} deals", page.total
                )
            return say_count("{count} deal", "{count} deals", page.total)
        case ListSubject.STORIES:
            if page.has_more:
                return say_count(
                    "the newest of more than {count} story", "the newest of more than {count} stories", page.total
                )
            return say_count("{count} story", "{count} stories", page.total)


def _more_text(count: int) -> ui.TextDisplay[ui.LayoutView] | None:
    if count <= 0:
        return None
    return text(
        subtext(
            say_count(
                "+{count} more on this page, too long for one message",
                "+{count} more on this page, too long for one message",
                count,
            )
        )
    )


def story_item(line: StoryListItem, limit: int, *, with_stage: bool = True) -> str:
    """Return the headline, and below it stage, value and parties, in at most ``limit`` units (at least 140).

    The value is left out if it would take more than half of the space.
    """
    dispute_label = say("⚠ disputed") if line.is_disputed else ""
    label = labels.stage_and_kind(line.kind, line.stage) if with_stage else line.kind.label
    figures = row_label(line.terms)
    figures = figures if utf16_length(figures) < limit // 2 - _MIN_LENGTH else ""
    status = join_parts(label, dispute_label, figures, labels.as_of_label(line.as_of))
    units_left = limit - utf16_length(status) - 12
    headline = escape_line(line.title, min(max(units_left, _MIN_LENGTH), _HEADLINE_LIMIT))
    units_left -= utf16_length(headline)
    names = (escape_line(name, _NAME_LIMIT) for name in line.parties)
    parties = (
        truncate_list(names, units_left, labels.more_parties_label, max_items=4)
        if line.parties and units_left > _MIN_LENGTH
        else ""
    )
    return f"**{headline}**\n{subtext(status, parties)}"


def news_item(line: DevelopmentListItem, limit: int) -> str:
    """Return a development, and below it claim, date, story and sources, in at most ``limit`` units (at least 140)."""
    development = line.development
    units_left = limit - _METADATA_LENGTH
    title = developments.title(development, min(_HEADLINE_LIMIT, units_left * 6 // 10))
    units_left -= utf16_length(title)
    is_same_headline = line.story.title == development.headline
    story_headline = (
        ""
        if is_same_headline or units_left < _MIN_LENGTH
        else escape_line(line.story.title, min(_NAME_LIMIT, units_left * 6 // 10))
    )
    units_left -= utf16_length(story_headline)
    publishers = developments.publisher_list(development.sources, units_left) if units_left > _MIN_LENGTH else ""
    return f"{title}\n{subtext(*developments.meta(development), story_headline, publishers)}"
