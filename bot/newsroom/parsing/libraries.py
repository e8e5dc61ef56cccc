"""The untyped libraries, each behind one function of plain types. They are given bytes, never a name: both would fetch or open that."""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from calendar import timegm
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import fastfeedparser  # type: ignore[import-untyped]  # it has types and does not say so
import feedparser  # type: ignore[import-untyped]  # it has no types

from bot.newsroom.parsing.raw import ENTRIES_LIMIT, RawEntry, text_of


def read_fast(document: bytes) -> tuple[dict[str, Any], list[RawEntry], int]:
    """What fastfeedparser finds: the feed's own fields, its entries, how many were left out. Raises anything."""
    with warnings.catch_warnings(), _without("dateparser"):
        warnings.simplefilter("ignore")
        found = fastfeedparser.parse(document, include_tags=False, include_media=False, include_enclosures=False)
    entries = found["entries"]
    return dict(found["feed"]), [_fast_entry(entry) for entry in entries[:ENTRIES_LIMIT]], len(entries[ENTRIES_LIMIT:])


def read_thorough(document: bytes, url: str) -> tuple[str, dict[str, Any], list[RawEntry], int]:
    """What feedparser finds: which format it takes it for (empty: none), and as :func:`read_fast`. Raises anything."""
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = feedparser.parse(io.BytesIO(document), response_headers=headers, sanitize_html=False)
    entries = found.get("entries", [])
    read = [_thorough_entry(entry) for entry in entries[:ENTRIES_LIMIT]]
    return str(found.get("version") or ""), dict(found.get("feed", {})), read, len(entries[ENTRIES_LIMIT:])


@contextlib.contextmanager
def _without(module: str) -> Iterator[None]:
    """As if an optional library were not installed. dateparser takes 150 ms for each date that nobody can read, and a feed may have thousands."""
    there = sys.modules.get(module)
    sys.modules[module] = None  # type: ignore[assignment]  # what Python itself takes for "not installed"
    try:
        yield
    finally:
        if there is None:
            del sys.modules[module]
        else:
            sys.modules[module] = there


def _fast_entry(entry: Mapping[str, Any]) -> RawEntry:
    return RawEntry(
        title=text_of(entry.get("title")),
        link=text_of(entry.get("link")),
        guid=text_of(entry.get("id")),
        texts=_texts(entry.get("description"), entry.get("content")),
        dates=tuple(filter(None, (text_of(entry.get("published")), text_of(entry.get("updated"))))),
    )


def _thorough_entry(entry: dict[str, Any]) -> RawEntry:
    source = entry.get("source")
    return RawEntry(
        title=text_of(entry.get("title")),
        link=text_of(entry.get("feedburner_origlink")) or text_of(entry.get("link")),
        guid=text_of(entry.get("id")),
        texts=_texts(entry.get("summary"), entry.get("content")),
        dates=tuple(filter(None, (_time(entry, "published"), _time(entry, "updated")))),
        source=text_of(source.get("title")) if isinstance(source, Mapping) else "",
    )


def _texts(summary: object, content: object) -> tuple[str, ...]:
    parts = content if isinstance(content, list) else []
    told = [text_of(part.get("value")) for part in parts if isinstance(part, Mapping)]
    return tuple(filter(None, (text_of(summary), *told)))


def _time(entry: dict[str, Any], key: str) -> str:
    """The time that feedparser read, else the text that it could not."""
    # The plain get: feedparser's own gives the one time where only the other is, and warns of it.
    parsed = dict.get(entry, f"{key}_parsed")
    if not isinstance(parsed, tuple):
        return text_of(dict.get(entry, key))
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC).isoformat()
    except (ValueError, OverflowError, OSError, TypeError):
        return ""
