"""Validate a worker's answer as if it came from the publisher itself: types, limits, addresses, times.

An answer that does not fit is refused whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import WorkerDied
from bot.languages import decode_message, format_number, localize, say, say_count
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT, Article
from bot.newsroom.parsing.publishers import PUBLISHER_LIMIT
from bot.newsroom.parsing.results import FeedFormat, PageLead, ParsedFeed, SkippedEntry
from bot.newsroom.parsing.urls import LINK_LIMIT

_ID = re.compile(r"[0-9a-f]{24}")
_WEB_URL = re.compile(r"https?://[^\s<>\"\\]+")
#: A feed that asks for a longer time is polled after this one.
_MAX_TTL_MINUTES = 30 * 24 * 60


def validate_feed(parts: Sequence[Mapping[str, Any]], now: datetime) -> ParsedFeed:
    """Return the feed that the parts describe."""
    try:
        data = _validate_object(parts[0]["feed"])
        articles = [
            _validate_article(_validate_object(part["article"]), now) for part in parts[1:] if "article" in part
        ]
        undated = frozenset(
            part["article"]["id"] for part in parts[1:] if "article" in part and part["article"]["dated"] is not True
        )
        minutes = min(_validate_number(data["ttl"]), _MAX_TTL_MINUTES)
        return ParsedFeed(
            title=_validate_text(data["title"], TITLE_LIMIT),
            link=_validate_link(data["link"]),
            format=FeedFormat(data["format"]),
            articles=tuple({article.id: article for article in articles}.values()),
            skipped=(*_validate_skipped_entries(parts[1:]), *_build_dropped_note(_validate_number(data["dropped"]))),
            undated_ids=undated,
            ttl=timedelta(minutes=minutes) if minutes else None,
        )
    except (KeyError, IndexError, ValueError, TypeError) as exc:
        raise _build_unreadable_error() from exc


def validate_links(parts: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the addresses that the parts contain."""
    try:
        return tuple(dict.fromkeys(_validate_link(part["link"]) for part in parts))
    except (KeyError, ValueError, TypeError) as exc:
        raise _build_unreadable_error() from exc


def validate_page(parts: Sequence[Mapping[str, Any]], now: datetime) -> PageLead:
    """Return the page that the parts describe."""
    try:
        data = _validate_object(parts[0]["page"])
        return PageLead(
            title=_validate_text(data["title"], TITLE_LIMIT),
            text=_validate_text(data["text"], TEXT_LIMIT),
            published=_validate_time(data["published"], now) if data["published"] else None,
            url=_validate_link(data["url"]),
            publisher=_validate_text(data["publisher"], PUBLISHER_LIMIT),
        )
    except (KeyError, IndexError, ValueError, TypeError) as exc:
        raise _build_unreadable_error() from exc


def _validate_article(data: Mapping[str, Any], now: datetime) -> Article:
    title = _validate_text(data["title"], TITLE_LIMIT)
    if not title:
        raise ValueError("an article without a title")
    return Article(
        id=_validate_article_id(data["id"]),
        title=title,
        published_at=_validate_time(data["published"], now),
        text=_validate_text(data["text"], TEXT_LIMIT),
        url=_validate_link(data["url"]),
        publisher=_validate_text(data["publisher"], PUBLISHER_LIMIT),
        former_ids=tuple(_validate_article_id(former) for former in data["former"]),
    )


def _validate_article_id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("no id of an article")
    return value


def _validate_skipped_entries(parts: Sequence[Mapping[str, Any]]) -> list[SkippedEntry]:
    return [_validate_skipped(_validate_object(part["skipped"])) for part in parts if "skipped" in part]


def _validate_skipped(data: Mapping[str, Any]) -> SkippedEntry:
    """Return a skipped entry. One without a title or an address is named by its position in the feed."""
    position = _validate_number(data.get("place", 0))
    entry = _validate_text(data["entry"], TITLE_LIMIT) or (
        say("entry {number}", number=format_number(position)) if position else ""
    )
    # A worker sends a message with its values, in English.
    return SkippedEntry(
        entry, localize(decode_message(_validate_text(data["reason"], TITLE_LIMIT))), is_fault=position > 0
    )


def _build_dropped_note(dropped: int) -> list[SkippedEntry]:
    if not dropped:
        return []
    entries = say_count("{count} more entry", "{count} more entries", dropped)
    return [SkippedEntry(entries, say("the feed has more entries than can be read"))]


def _validate_object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _validate_text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError
    return value


def _validate_number(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _validate_link(value: Any) -> str:
    """Return an http(s) address, or an empty string."""
    text = _validate_text(value, LINK_LIMIT)
    if text and not _WEB_URL.fullmatch(text):
        raise ValueError
    return text


def _validate_time(value: Any, now: datetime) -> datetime:
    moment = datetime.fromisoformat(_validate_text(value, 40))
    if moment.tzinfo is None or moment > now:
        raise ValueError
    return moment.astimezone(UTC)


def _build_unreadable_error() -> WorkerDied:
    return WorkerDied(say("The process that reads feeds returned an unreadable answer."))
