"""Problems that readers report with posts, one at a time, for the desk or for a server's managers."""

from __future__ import annotations

from itertools import takewhile
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import (
    Card,
    MenuChoice,
    button,
    container,
    next_buttons,
    page_buttons,
    row,
    separator,
    story_menu,
    text,
)
from bot.cards.escaping import ELLIPSIS, escape_block, escape_line, heading
from bot.cards.markdown import join_parts, message_url, relative_time, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.languages import format_number, say, say_as, say_count
from bot.model.follow import DestinationKind
from bot.model.reader_report import ReaderReport

_TEXT_LIMIT = 2_000
#: Of a report with the mark of a quote before each of its lines.
_QUOTE_LIMIT = 2_200
_MAX_DEVELOPMENTS = 5
_DEVELOPMENT_LIMIT, _HEADLINE_LIMIT = 160, 120
_CUT_LINE = f"> {ELLIPSIS}"


def reader_report_card(report: ReaderReport, index: int, count: int, *, for_server: bool = False) -> Card:
    """Return an open report, its position in the queue, and what can be done about it.

    With ``for_server`` it is for the managers of a server.
    """
    action_id = custom_ids.FEED_REPORT if for_server else custom_ids.READER_REPORT
    page_id = custom_ids.FEED_REPORTS if for_server else custom_ids.READER_REPORTS
    title = heading(say_count("{count} reader report", "{count} reader reports", count))
    position = say("{place} of {count}", place=format_number(index + 1), count=format_number(count))
    return Card(
        container(
            text(title, subtext(position, say_as("queue", "oldest first")) if count > 1 else ""),
            separator(),
            *_report_items(report),
            row(
                button(
                    say_as("button", "Mark as done"),
                    action_id.build(action="settle", report_id=report.id),
                    primary=True,
                )
            ),
            story_menu(0, say_as("menu", "Open the story"), _story_choices(report)),
            page_buttons(
                index,
                count,
                page_id.build(index=index - 1),
                page_id.build(index=index + 1),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def resolved_report_card(report: ReaderReport, remaining_count: int, *, for_server: bool = False) -> Card:
    """Return a report that an editor or manager has resolved, with buttons to undo that and to go on."""
    action_id = custom_ids.FEED_REPORT if for_server else custom_ids.READER_REPORT
    page_id = custom_ids.FEED_REPORTS if for_server else custom_ids.READER_REPORTS
    return Card(
        container(
            text(say("**Done.**") if remaining_count else say("**Done.** No more reports are waiting.")),
            *_report_items(report),
            row(
                button(
                    say_as("button", "Reopen"),
                    action_id.build(action="reopen", report_id=report.id),
                ),
                *next_buttons(remaining_count, page_id.build(index=0)),
            ),
            colour=labels.SUCCESS_COLOUR,
        )
    )


def empty_queue_card() -> Card:
    """Return the answer to ``/desk queue`` if neither an article nor a report waits."""
    return Card(
        container(
            text(say("The queue is empty: no articles or reader reports are waiting.")), colour=labels.SUCCESS_COLOUR
        )
    )


def no_reports_card() -> Card:
    """Return the answer to a manager if no report about a post of the server's own feeds is open."""
    return Card(container(text(say("No reader reports are waiting.")), colour=labels.SUCCESS_COLOUR))


def _report_items(report: ReaderReport) -> list[ui.TextDisplay[Any]]:
    descriptions = [
        join_parts(escape_line(each.headline, _DEVELOPMENT_LIMIT), escape_line(each.story_headline, _HEADLINE_LIMIT))
        for each in report.developments
    ]
    descriptions += [escape_line(title, _DEVELOPMENT_LIMIT) for title in report.articles]
    more_count = len(descriptions) - _MAX_DEVELOPMENTS
    more_lines = (
        [subtext(say_count("+{count} more in that post", "+{count} more in that post", more_count))]
        if more_count > 0
        else []
    )
    return [
        text(_sender_line(report), *_quote_lines(escape_block(report.text, _TEXT_LIMIT))),
        text(*(subtext(line) for line in descriptions[:_MAX_DEVELOPMENTS]), *more_lines),
    ]


def _sender_line(report: ReaderReport) -> str:
    """Return who reports it, when, and about which post."""
    destination, reader = report.destination, f"<@{report.user_id}>"
    time = relative_time(report.created_at)
    if destination.kind is DestinationKind.DM:
        # Translators: above what a reader says is wrong; the time is a mention: 5 minutes ago
        return say("{reader} reported a post in their DMs {time}:", reader=reader, time=time)
    if destination.guild_id is None or report.message_id is None:
        # Translators: above what a reader says is wrong; the time is a mention: 5 minutes ago
        return say("{reader} reported a post {time}:", reader=reader, time=time)
    url = message_url(destination.guild_id, destination.discord_id, report.message_id)
    # Translators: above what a reader says is wrong; the time is a mention: 5 minutes ago
    return say("{reader} reported [a post]({link}) {time}:", reader=reader, time=time, link=url)


def _quote_lines(content: str) -> list[str]:
    """Return as many of the lines as fit, as a quote."""
    lines = [f"> {line}" for line in content.splitlines()]
    budget = TextBudget(_QUOTE_LIMIT - utf16_length(_CUT_LINE) - 1)
    fitting_lines = list(takewhile(budget.reserve, lines))
    return fitting_lines if len(fitting_lines) == len(lines) else [*fitting_lines, _CUT_LINE]


def _story_choices(report: ReaderReport) -> list[MenuChoice]:
    return [MenuChoice(each.slug, each.story_headline) for each in report.developments]
