"""What stands in a feed beside what the fast library reads: whose an entry is, its own address, its other dates, how long the feed holds."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from lxml import etree

from bot.newsroom.parsing.links import joined
from bot.newsroom.parsing.markup import feed_tree, name_of
from bot.newsroom.parsing.raw import RawEntry, RawFeed, text_of
from bot.newsroom.parsing.times import read_time

_WORTH = re.compile(rb"<source[\s>]|:origLink|<ttl|updatePeriod|xml:base|News:Source", re.IGNORECASE)
_DATES = frozenset(("pubdate", "published", "date", "issued", "created", "updated", "modified"))
_DATE = re.compile(rb"[<:](?:" + "|".join(sorted(_DATES)).encode() + rb")[\s>]", re.IGNORECASE)
_PERIODS = {"hourly": 60, "daily": 1_440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def add_asides(feed: RawFeed, document: bytes) -> None:
    """Add them to the feed where the document has any; it is looked at once more only then."""
    lacks_date = any(not any(map(read_time, entry.dates)) for entry in feed.entries)
    if not _WORTH.search(document) and not (lacks_date and _DATE.search(document)):
        return
    root = feed_tree(document)
    if root is None:
        return
    # A reference to half a character (&#xd800;) gets into a recovered tree and cannot be taken out of it.
    with contextlib.suppress(UnicodeDecodeError):
        _read(root, feed)


def _read(root: etree._Element, feed: RawFeed) -> None:
    feed.ttl_minutes = feed.ttl_minutes or _ttl(root)
    found = list(_elements(root, ("item", "entry")))
    # Only where both see the same entries is it sure which belongs to which.
    if len(found) == len(feed.entries) + feed.dropped:
        for entry, element in zip(feed.entries, found, strict=False):
            _add(entry, element)


def _add(entry: RawEntry, element: etree._Element) -> None:
    for child in element:
        name = name_of(child)
        if name == "source" and not entry.source:
            title = next((part for part in child if name_of(part) == "title"), child)
            entry.source = text_of(title.text or "").strip()
        elif name == "origlink" and child.text:
            entry.link = text_of(child.text).strip()
        elif name in _DATES and child.text:
            entry.dates += (text_of(child.text),)
    base = next((told for each in (element, *element.iterancestors()) if (told := each.get(_XML_BASE))), "")
    if base.startswith(("http://", "https://")) and entry.link:
        entry.link = joined(base, entry.link)


def _ttl(root: etree._Element) -> int:
    told = {
        name: (element.text or "").strip()
        for element in root.iter()
        if (name := name_of(element)) in ("ttl", "updateperiod", "updatefrequency")
    }
    if _number(told.get("ttl", "")):
        return _number(told["ttl"])
    period = _PERIODS.get(told.get("updateperiod", "").lower(), 0)
    return period // (_number(told.get("updatefrequency", "")) or 1)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


def _elements(root: etree._Element, names: tuple[str, ...]) -> Iterator[etree._Element]:
    return (element for element in root.iter() if name_of(element) in names)
