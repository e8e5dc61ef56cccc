"""A worker's answer, checked as if it came from the publisher itself: types, limits, addresses, times. What does not fit is refused whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.errors import WorkerLost
from bot.languages import number, restated, say, say_count
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT, Article
from bot.newsroom.parsing.links import LINK_LIMIT
from bot.newsroom.parsing.publishers import PUBLISHER_LIMIT
from bot.newsroom.parsing.results import FeedFormat, PageLead, ParsedFeed, Skipped

_ID = re.compile(r"[0-9a-f]{24}")
_WEB = re.compile(r"https?://[^\s<>\"\\]+")
#: A feed that asks to be left alone for longer is asked all the same.
_LONGEST_TTL = 30 * 24 * 60


def accept_feed(parts: Sequence[Mapping[str, Any]], now: datetime) -> ParsedFeed:
    """The feed that the parts tell of."""
    try:
        told = _table(parts[0]["feed"])
        articles = [_article(_table(part["article"]), now) for part in parts[1:] if "article" in part]
        undated = frozenset(
            part["article"]["id"] for part in parts[1:] if "article" in part and part["article"]["dated"] is not True
        )
        minutes = min(_number(told["ttl"]), _LONGEST_TTL)
        return ParsedFeed(
            title=_text(told["title"], TITLE_LIMIT),
            link=_link(told["link"]),
            format=FeedFormat(told["format"]),
            articles=tuple({article.id: article for article in articles}.values()),
            skipped=(*_skipped(parts[1:]), *_cut_off(_number(told["dropped"]))),
            undated=undated,
            ttl=timedelta(minutes=minutes) if minutes else None,
        )
    except (KeyError, IndexError, ValueError, TypeError) as exc:
        raise _garbage() from exc


def accept_links(parts: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The addresses that the parts tell of."""
    try:
        return tuple(dict.fromkeys(_link(part["link"]) for part in parts))
    except (KeyError, ValueError, TypeError) as exc:
        raise _garbage() from exc


def accept_page(parts: Sequence[Mapping[str, Any]], now: datetime) -> PageLead:
    """The page that the parts tell of."""
    try:
        told = _table(parts[0]["page"])
        return PageLead(
            title=_text(told["title"], TITLE_LIMIT),
            text=_text(told["text"], TEXT_LIMIT),
            published=_time(told["published"], now) if told["published"] else None,
            url=_link(told["url"]),
            publisher=_text(told["publisher"], PUBLISHER_LIMIT),
        )
    except (KeyError, IndexError, ValueError, TypeError) as exc:
        raise _garbage() from exc


def _article(told: Mapping[str, Any], now: datetime) -> Article:
    title = _text(told["title"], TITLE_LIMIT)
    if not title:
        raise ValueError("an article without a title")
    return Article(
        id=_article_id(told["id"]),
        title=title,
        published=_time(told["published"], now),
        text=_text(told["text"], TEXT_LIMIT),
        url=_link(told["url"]),
        publisher=_text(told["publisher"], PUBLISHER_LIMIT),
        former_ids=tuple(_article_id(former) for former in told["former"]),
    )


def _article_id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise ValueError("no id of an article")
    return value


def _skipped(parts: Sequence[Mapping[str, Any]]) -> list[Skipped]:
    return [_one_skipped(_table(part["skipped"])) for part in parts if "skipped" in part]


def _one_skipped(told: Mapping[str, Any]) -> Skipped:
    """One without a title or an address is called by its place in the feed."""
    place = _number(told.get("place", 0))
    entry = _text(told["entry"], TITLE_LIMIT) or (say("entry {number}", number=number(place)) if place else "")
    # A worker says it in English.
    return Skipped(entry, restated(_text(told["reason"], TITLE_LIMIT)), is_fault=place > 0)


def _cut_off(dropped: int) -> list[Skipped]:
    if not dropped:
        return []
    entries = say_count("{count} more entry", "{count} more entries", dropped)
    return [Skipped(entries, say("the feed has more than are read of one"))]


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise ValueError
    return value


def _number(value: Any) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError
    return value


def _link(value: Any) -> str:
    """Empty, or an address as an address is written."""
    text = _text(value, LINK_LIMIT)
    if text and not _WEB.fullmatch(text):
        raise ValueError
    return text


def _time(value: Any, now: datetime) -> datetime:
    moment = datetime.fromisoformat(_text(value, 40))
    if moment.tzinfo is None or moment > now:
        raise ValueError
    return moment.astimezone(UTC)


def _garbage() -> WorkerLost:
    return WorkerLost(say("The process that reads feeds gave an answer that nobody can read."))
