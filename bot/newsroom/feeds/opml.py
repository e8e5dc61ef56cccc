"""Subscription lists (OPML), in and out, as they are in life: many are not well-formed XML.

Read with lxml's HTML parser, which takes what comes, knows no entities of a document's own and loads nothing: hostile
XML costs no more than its length. Where a list is so broken that the parser loses an outline, its address is found by
its looks.
"""

from __future__ import annotations

import codecs
import contextlib
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml import etree

from bot.errors import AddressRefused, InputError
from bot.languages import number, say, say_count
from bot.model.feed import Feed
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.addresses import Guard, shown
from bot.newsroom.limits import HEADLINE_LIMIT

SIZE_LIMIT = 1_000_000
FEEDS_LIMIT = 5_000
#: Byte order marks, the longer first: that of UTF-16 begins that of UTF-32.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
#: Outlines whose ``url`` is that of a page or of another list (OPML 2.0). Elsewhere it is a feed's, by programs that knew no ``xmlUrl``.
_NO_FEEDS = frozenset({"link", "include"})
#: What only looks like a reference: an “&” of an address that nobody has escaped. HTML reads “&copy=” as “©=”.
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
#: An address where the parser has lost an outline, over a quotation mark in the midst of a description.
_LOST = re.compile(r"xmlUrl\s{0,9}=\s{0,9}[\"']([^\"'<>\s]{1,2000})[\"']", re.IGNORECASE)
_NAMED = re.compile(r"(?:title|text)\s{0,9}=\s{0,9}\"([^\"<>]{1,500})\"", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SubscriptionList:
    """What a list names: feeds, each address once, and what had to be left out, as sentences."""

    feeds: tuple[FeedDraft, ...]
    left_out: tuple[str, ...] = ()


def read_opml(body: bytes, guard: Guard) -> SubscriptionList:
    """The feeds that a subscription list names; InputError when it names none, or is too large."""
    if len(body) > SIZE_LIMIT:
        raise InputError("", say_count("expected at most {count} byte", "expected at most {count} bytes", SIZE_LIMIT))
    feeds: dict[str, FeedDraft] = {}
    left_out: list[str] = []
    for outline in _outlines(body):
        try:
            draft = _draft(outline, guard)
        except AddressRefused as exc:
            left_out.append(str(exc))
        else:
            feeds.setdefault(draft.url, draft)
    if not feeds and not left_out:
        raise InputError("", say("expected an OPML list with at least one feed, it names none"))
    if len(feeds) > FEEDS_LIMIT:
        said = say_count(
            "expected at most {count} feed, it names {named}",
            "expected at most {count} feeds, it names {named}",
            FEEDS_LIMIT,
            named=number(len(feeds)),
        )
        raise InputError("", said)
    return SubscriptionList(tuple(feeds.values()), tuple(left_out))


def write_opml(feeds: Iterable[Feed], now: datetime) -> bytes:
    """A subscription list of these feeds that any reader takes, and :func:`read_opml` too."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of Dealwire"
    etree.SubElement(head, "dateCreated").text = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = _title(feed.label)
        etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


class _Outlines:
    """Collects the outlines that name a feed; what else a document holds is not kept."""

    def __init__(self) -> None:
        self.found: list[dict[str, str]] = []

    def start(self, tag: Any, attributes: Mapping[Any, Any]) -> None:
        """An element begins: only of its attributes, of whatever name, is anything kept."""
        named = {str(name).lower(): str(value) for name, value in attributes.items()}
        if str(tag).lower() == "outline" and named.get("type", "").lower() not in _NO_FEEDS:
            named.setdefault("xmlurl", named.get("url", ""))
        if named.get("xmlurl", "").strip():
            self.found.append({name: named.get(name, "") for name in ("xmlurl", "title", "text")})

    def end(self, tag: Any) -> None:
        """Nothing hangs on where an outline ends."""

    def data(self, data: str | bytes) -> None:
        """Text between the elements is not kept."""

    def comment(self, text: str | bytes) -> None:
        """Nor are comments."""

    def close(self) -> list[dict[str, str]]:
        """All that was found."""
        return self.found


def _outlines(body: bytes) -> list[dict[str, str]]:
    text = _BARE_AMPERSAND.sub("&amp;", _text(body))
    collected = _Outlines()
    parser = etree.HTMLParser(target=collected, recover=True, no_network=True, encoding="utf-8")
    with contextlib.suppress(etree.LxmlError):
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    named = list(_lost(text))
    if len(named) <= len(collected.found):
        return collected.found
    found = {outline["xmlurl"].strip() for outline in collected.found}
    return collected.found + [outline for outline in named if outline["xmlurl"] not in found]


def _lost(text: str) -> Iterator[dict[str, str]]:
    """Outlines by their looks alone; not those in comments."""
    first, *others = text.split("<!--")
    for part in "".join([first, *(other.partition("-->")[2] for other in others)]).split("<outline"):
        address = _LOST.search(part)
        if address:
            named = _NAMED.search(part)
            yield {"xmlurl": html.unescape(address[1]), "title": html.unescape(named[1]) if named else "", "text": ""}


def _text(body: bytes) -> str:
    encoding = next((name for mark, name in _MARKS if body.startswith(mark)), "")
    if not encoding:
        declared = _DECLARED.match(body[:200])
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return body.decode(encoding, "replace").lstrip("\ufeff")
    except (LookupError, UnicodeError):
        # No such encoding, or none that makes text of bytes.
        return body.decode("utf-8", "replace")


def _draft(outline: Mapping[str, str], guard: Guard) -> FeedDraft:
    # As browsers do: lines are broken anywhere, blanks are part of the address.
    address = _LINE_BREAKS.sub("", outline["xmlurl"]).strip().replace(" ", "%20")
    return FeedDraft(str(guard.read(address)), _title(outline["title"] or outline["text"]))


def _title(text: str) -> str:
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return shown(line) if len(line) > HEADLINE_LIMIT else line
