"""The thorough reader (feedparser), for documents that no XML parser can follow: elements that overlap, tags that are not closed.

It costs forty times as much and may take quadratic time on hostile input, so it works within a budget. It is given bytes, never a name: it
would fetch or open that.
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

from bot.newsroom.parsing.raw import RawEntry, RawFeed, RawText, text_of
from bot.newsroom.parsing.results import FeedFormat
from bot.newsroom.parsing.xmlfeed import number_in

#: The processor's time that a document may take, in seconds; and the most of real time, on a machine that has much else to do.
BUDGET = 1.5
PATIENCE = 2.5
_TICK = 0.05
_RDF_VERSIONS = ("rss090", "rss10")


class OverBudgetError(BaseException):
    """Raised in the middle of reading. No Exception: the library catches those."""


def read_thorough(document: bytes, url: str) -> RawFeed | None:
    """Return the feed; None if feedparser takes it for none, fails over it, or exceeds its budget."""
    try:
        with _within_budget(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed = feedparser.parse(io.BytesIO(document), response_headers=_headers(url), sanitize_html=False)
            return _feed(parsed)
    except (Exception, OverBudgetError):  # noqa: BLE001 - it raises what it likes over hostile bytes
        return None


def _headers(url: str) -> dict[str, str]:
    return {"content-type": "application/xml; charset=utf-8", "content-location": url}


@contextlib.contextmanager
def _within_budget() -> Iterator[None]:
    """Raise OverBudgetError in the block once it has taken too long.

    A signal that counts the processor's time interrupts it, also inside of a regular expression.
    """
    began, used = time.monotonic(), time.process_time()

    def check(_signal: int, _frame: FrameType | None) -> None:
        if time.process_time() - used > BUDGET or time.monotonic() - began > PATIENCE:
            raise OverBudgetError

    before = signal.signal(signal.SIGVTALRM, check)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TICK, _TICK)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _feed(parsed: Mapping[str, Any]) -> RawFeed | None:
    version, head = str(parsed.get("version") or ""), parsed.get("feed", {})
    entries = parsed.get("entries", [])
    if not version and not entries:
        return None
    feed = RawFeed(_format(version), RawText(text_of(head.get("title"))), text_of(head.get("link")))
    feed.ttl_minutes = number_in(text_of(head.get("ttl")))
    feed.read_entries(entries, _entry)
    return feed


def _format(version: str) -> FeedFormat:
    if version in _RDF_VERSIONS:
        return FeedFormat.RDF
    return FeedFormat.ATOM if version.startswith("atom") else FeedFormat.RSS


def _entry(entry: dict[str, Any], place: int) -> RawEntry:
    source = entry.get("source")
    # The plain get: feedparser's own gives the one time where only the other is, and warns of it.
    dates = (text_of(dict.get(entry, key)) for key in ("published", "created", "updated"))
    return RawEntry(
        place=place,
        title=RawText(text_of(entry.get("title"))),
        link=text_of(entry.get("feedburner_origlink")) or text_of(entry.get("link")),
        guid=text_of(entry.get("id")),
        texts=tuple(text for text in _texts(entry) if text.text),
        dates=tuple(filter(None, dates)),
        source=text_of(source.get("title")) if isinstance(source, Mapping) else "",
    )


def _texts(entry: dict[str, Any]) -> Iterator[RawText]:
    yield RawText(text_of(entry.get("summary")))
    content = entry.get("content")
    for part in content if isinstance(content, list) else ():
        if isinstance(part, Mapping):
            yield RawText(text_of(part.get("value")))
