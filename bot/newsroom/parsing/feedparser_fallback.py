"""The fallback to feedparser, for documents that no XML parser can follow: overlapping elements, tags that are not
closed.

It costs forty times as much and may take quadratic time on hostile input, so its time is limited. It is given bytes,
never a name, which it would fetch or open (https://feedparser.readthedocs.io/en/latest/introduction.html).
"""

from __future__ import annotations

import contextlib
import io
import signal
import time
import warnings
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

import feedparser  # type: ignore[import-untyped]  # it has no types

from bot.newsroom.parsing.raw_feed import RawEntry, RawFeed, RawText, get_text_value
from bot.newsroom.parsing.results import FeedFormat
from bot.newsroom.parsing.xml_feed import parse_number

#: The processor time that a document may take, in seconds; and the wall time, on a busy machine.
CPU_SECONDS = 1.5
WALL_SECONDS = 2.5
_CHECK_INTERVAL = 0.05
_RDF_VERSIONS = ("rss090", "rss10")


class OverBudgetError(BaseException):
    """The time is up. This is no Exception, because feedparser catches those."""


def parse_with_feedparser(document: bytes, url: str) -> RawFeed | None:
    """Return the feed; None if feedparser finds none, fails, or takes too long."""
    try:
        with _limit_time(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = feedparser.parse(io.BytesIO(document), response_headers=_build_headers(url), sanitize_html=False)
            return _convert_feed(parsed)
    except (Exception, OverBudgetError):  # noqa: BLE001 - it raises what it likes over hostile bytes
        return None


def _build_headers(url: str) -> dict[str, str]:
    return {"content-type": "application/xml; charset=utf-8", "content-location": url}


@contextlib.contextmanager
def _limit_time() -> Iterator[None]:
    """Raise OverBudgetError in the block once it has taken too long.

    A signal that counts the processor's time interrupts it, even inside a regular expression.
    """
    start, start_cpu = time.monotonic(), time.process_time()

    def check(_signal: int, _frame: FrameType | None) -> None:
        if time.process_time() - start_cpu > CPU_SECONDS or time.monotonic() - start > WALL_SECONDS:
            raise OverBudgetError

    previous_handler = signal.signal(signal.SIGVTALRM, check)
    signal.setitimer(signal.ITIMER_VIRTUAL, _CHECK_INTERVAL, _CHECK_INTERVAL)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, previous_handler)


def _convert_feed(parsed: Mapping[str, Any]) -> RawFeed | None:
    version, head = str(parsed.get("version") or ""), parsed.get("feed", {})
    entries = parsed.get("entries", [])
    if not version and not entries:
        return None
    feed = RawFeed(_get_format(version), RawText(get_text_value(head.get("title"))), get_text_value(head.get("link")))
    feed.ttl_minutes = parse_number(get_text_value(head.get("ttl")))
    feed.read_entries(entries, _convert_entry)
    return feed


def _get_format(version: str) -> FeedFormat:
    if version in _RDF_VERSIONS:
        return FeedFormat.RDF
    return FeedFormat.ATOM if version.startswith("atom") else FeedFormat.RSS


def _convert_entry(entry: dict[str, Any], position: int) -> RawEntry:
    source = entry.get("source")
    # The plain get, because feedparser's own returns another date if one is missing, and warns of it.
    dates = (get_text_value(dict.get(entry, key)) for key in ("published", "created", "updated"))
    return RawEntry(
        position=position,
        title=RawText(get_text_value(entry.get("title"))),
        link=get_text_value(entry.get("feedburner_origlink")) or get_text_value(entry.get("link")),
        guid=get_text_value(entry.get("id")),
        texts=tuple(text for text in _get_texts(entry) if text.text),
        dates=tuple(filter(None, dates)),
        source=get_text_value(source.get("title")) if isinstance(source, Mapping) else "",
    )


def _get_texts(entry: dict[str, Any]) -> Iterator[RawText]:
    yield RawText(get_text_value(entry.get("summary")))
    content = entry.get("content")
    for part in content if isinstance(content, list) else ():
        if isinstance(part, Mapping):
            yield RawText(get_text_value(part.get("value")))
