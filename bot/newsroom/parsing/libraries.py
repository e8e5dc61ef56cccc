"""The untyped libraries, each behind one function of plain types. They are given bytes, never a name: both would fetch or open that."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

import fastfeedparser  # type: ignore[import-untyped]  # it has types and does not say so
import feedparser  # type: ignore[import-untyped]  # it has no types

from bot.newsroom.parsing.raw import ENTRIES_LIMIT, RawEntry, text_of

# Dates come as they are written and are read by ``times``: fastfeedparser misreads some without a word.
fastfeedparser.main._parse_date = text_of  # noqa: SLF001 - it has no option for this; a test notices if it changes


def read_fast(document: bytes) -> tuple[dict[str, Any], list[RawEntry], int]:
    """What fastfeedparser finds: the feed's own fields, its entries, how many were left out. Raises anything."""
    with warnings.catch_warnings():
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


def _fast_entry(entry: Mapping[str, Any]) -> RawEntry:
    guid = text_of(entry.get("id"))
    dates = (text_of(entry.get(key)) for key in ("published", "updated"))
    return RawEntry(
        title=text_of(entry.get("title")),
        link=text_of(entry.get("link")),
        guid=guid,
        texts=_texts(entry.get("description"), entry.get("content")),
        # Where an entry has no date, fastfeedparser gives its id for one.
        dates=tuple(date for date in dates if date and date != guid),
    )


def _thorough_entry(entry: dict[str, Any]) -> RawEntry:
    source = entry.get("source")
    return RawEntry(
        title=text_of(entry.get("title")),
        link=text_of(entry.get("feedburner_origlink")) or text_of(entry.get("link")),
        guid=text_of(entry.get("id")),
        texts=_texts(entry.get("summary"), entry.get("content")),
        # The plain get: feedparser's own gives the one time where only the other is, and warns of it.
        dates=tuple(filter(None, (text_of(dict.get(entry, key)) for key in ("published", "updated", "created")))),
        source=text_of(source.get("title")) if isinstance(source, Mapping) else "",
    )


def _texts(summary: object, content: object) -> tuple[str, ...]:
    parts = content if isinstance(content, list) else []
    told = [text_of(part.get("value")) for part in parts if isinstance(part, Mapping)]
    return tuple(filter(None, (text_of(summary), *told)))
