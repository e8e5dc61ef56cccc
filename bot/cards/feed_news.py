"""News of followed feeds as text: publisher, title, date, link, and who else reports it. Neither lead nor picture."""

from __future__ import annotations

from collections.abc import Iterator

import discord

from bot.cards import developments
from bot.cards.escaping import ELLIPSIS, escape_line, masked_link
from bot.cards.markdown import join_parts, subtext
from bot.cards.message_limits import utf16_length
from bot.languages import format_series, say, say_count
from bot.model.dates import PartialDate
from bot.model.post import FeedNotice, FeedReport
from bot.model.story import Source

_PUBLISHER_LIMIT = 130
_TITLE_LIMIT = 2_400
_ALSO_LIMIT = 700
_MAX_ALSO = 5


def feed_post_text(notice: FeedNotice) -> str:
    """Return the text of a post: publisher and date, the title as a link, and the publishers that report the same."""
    first = notice.reports[0]
    title = masked_link(first.article.title, first.article.url, _TITLE_LIMIT)
    also = _list_also(notice)
    return "\n".join(
        [
            subtext(f"**{_publisher_label(first)}**", date_label(first)),
            f"### {title}",
            # Translators: under an article; the other publishers that report the same, each a link
            *([subtext(say("also: {publishers}", publishers=also))] if also else []),
        ]
    )


def feed_line(notice: FeedNotice, limit: int) -> str:
    """Return one line for a digest, of at most about ``limit`` units. Without room for its link, the title has none."""
    first = notice.reports[0]
    others = len(_find_other_publishers(notice))
    details = join_parts(
        _publisher_label(first),
        _day_label(first),
        # Translators: so many other publishers report the same
        say_count("+{count} more publisher", "+{count} more publishers", others) if others else "",
    )
    return join_parts(
        masked_link(first.article.title, first.article.url, max(limit - utf16_length(details), 20)), details
    )


def date_label(report: FeedReport) -> str:
    """Return the publisher's date, with the time of day in each reader's time zone if there is one; empty without a date."""
    published_at = report.article.published_at
    # A date without a time is read as midnight, UTC.
    has_time = bool(published_at.hour or published_at.minute or published_at.second)
    return discord.utils.format_dt(published_at, "f") if report.is_dated and has_time else _day_label(report)


def _day_label(report: FeedReport) -> str:
    return PartialDate.from_date(report.article.published_at.date()).display if report.is_dated else ""


def _publisher_label(report: FeedReport) -> str:
    return escape_line(report.article.publisher, _PUBLISHER_LIMIT)


def _list_also(notice: FeedNotice) -> str:
    links = [
        developments.source_label(Source(publisher, url=url))
        for publisher, url in _find_other_publishers(notice).items()
    ]
    return format_series(_take_fitting(links))


def _take_fitting(links: list[str]) -> Iterator[str]:
    units_left = _ALSO_LIMIT
    for index, link in enumerate(links):
        units_left -= utf16_length(link) + 2
        if units_left < 0 or index == _MAX_ALSO:
            yield ELLIPSIS
            return
        yield link


def _find_other_publishers(notice: FeedNotice) -> dict[str, str]:
    """Return the other publishers that report the same, with the addresses of their first articles."""
    first, *others = notice.reports
    publishers: dict[str, str] = {}
    for report in others:
        if report.article.publisher != first.article.publisher:
            publishers.setdefault(report.article.publisher, report.article.url)
    return publishers
