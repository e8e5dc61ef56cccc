"""Read and write subscription lists (OPML, http://opml.org/spec2.opml), many of which are not well-formed XML.

They are read with lxml's HTML parser. It takes any markup, resolves no entities of the document's own and loads
nothing, so hostile XML costs no more than its length. If a list is so broken that the parser loses an outline, its
address is found by a regular expression.
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

from bot.errors import AddressNotAllowed, InputError
from bot.languages import format_number, say, say_count
from bot.model.feed import Feed
from bot.newsroom.drafts import FeedDraft
from bot.newsroom.feeds.address_guard import AddressGuard, abbreviate
from bot.newsroom.field_validation import HEADLINE_LIMIT

SIZE_LIMIT = 1_000_000
FEEDS_LIMIT = 5_000
#: Byte order marks, the longer first: that of UTF-16 begins that of UTF-32.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
#: Outlines whose ``url`` is that of a page or of another list (OPML 2.0). In others it is a feed's, from programs
#: without ``xmlUrl``.
_NON_FEED_TYPES = frozenset({"link", "include"})
#: An unescaped “&” of an address, which only looks like a reference. HTML reads “&copy=” as “©=”.
_BARE_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});)")
_LINE_BREAKS = re.compile(r"[\t\r\n]+")
#: The address of an outline that the parser lost, because of a quotation mark inside a description.
_LOST_ADDRESS = re.compile(r"xmlUrl\s{0,9}=\s{0,9}[\"']([^\"'<>\s]{1,2000})[\"']", re.IGNORECASE)
_LOST_TITLE = re.compile(r"(?:title|text)\s{0,9}=\s{0,9}\"([^\"<>]{1,500})\"", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SubscriptionList:
    """The feeds that a list names, each address once, and a sentence for each one that was refused."""

    feeds: tuple[FeedDraft, ...]
    errors: tuple[str, ...] = ()


def read_opml(body: bytes, guard: AddressGuard) -> SubscriptionList:
    """Return the feeds that a subscription list names. Raise InputError if it names none, or is too large."""
    if len(body) > SIZE_LIMIT:
        raise InputError("", say_count("expected at most {count} byte", "expected at most {count} bytes", SIZE_LIMIT))
    feeds: dict[str, FeedDraft] = {}
    errors: list[str] = []
    for outline in _parse_outlines(body):
        try:
            draft = _build_draft(outline, guard)
        except AddressNotAllowed as exc:
            errors.append(str(exc))
        else:
            feeds.setdefault(draft.url, draft)
    if not feeds and not errors:
        raise InputError("", say("expected an OPML list with at least one feed, but it has none"))
    if len(feeds) > FEEDS_LIMIT:
        message = say_count(
            "expected at most {count} feed, but it lists {named}",
            "expected at most {count} feeds, but it lists {named}",
            FEEDS_LIMIT,
            named=format_number(len(feeds)),
        )
        raise InputError("", message)
    return SubscriptionList(tuple(feeds.values()), tuple(errors))


def write_opml(feeds: Iterable[Feed], now: datetime) -> bytes:
    """Return a subscription list of these feeds that other programs and :func:`read_opml` can read."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = "Feeds of Dealwire"
    etree.SubElement(head, "dateCreated").text = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = _clean_title(feed.label)
        etree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=feed.url)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


class _OutlineCollector:
    """Collects the outlines that name a feed, and ignores everything else in a document."""

    def __init__(self) -> None:
        self.outlines: list[dict[str, str]] = []

    def start(self, tag: Any, attributes: Mapping[Any, Any]) -> None:
        """Take the attributes of an element if it names a feed."""
        values = {str(name).lower(): str(value) for name, value in attributes.items()}
        if str(tag).lower() == "outline" and values.get("type", "").lower() not in _NON_FEED_TYPES:
            values.setdefault("xmlurl", values.get("url", ""))
        if values.get("xmlurl", "").strip():
            self.outlines.append({name: values.get(name, "") for name in ("xmlurl", "title", "text")})

    def end(self, tag: Any) -> None:
        """Ignore the end of an element."""

    def data(self, data: str | bytes) -> None:
        """Ignore text between the elements."""

    def comment(self, text: str | bytes) -> None:
        """Ignore comments."""

    def close(self) -> list[dict[str, str]]:
        """Return all outlines."""
        return self.outlines


def _parse_outlines(body: bytes) -> list[dict[str, str]]:
    text = _BARE_AMPERSAND.sub("&amp;", _decode(body))
    collector = _OutlineCollector()
    parser = etree.HTMLParser(target=collector, recover=True, no_network=True, encoding="utf-8")
    with contextlib.suppress(etree.LxmlError):
        parser.feed(text.encode("utf-8", "replace"))
        parser.close()
    raw_outlines = list(_find_lost_outlines(text))
    if len(raw_outlines) <= len(collector.outlines):
        return collector.outlines
    known_addresses = {outline["xmlurl"].strip() for outline in collector.outlines}
    return collector.outlines + [outline for outline in raw_outlines if outline["xmlurl"] not in known_addresses]


def _find_lost_outlines(text: str) -> Iterator[dict[str, str]]:
    """Find outlines by a regular expression, outside of comments."""
    first, *others = text.split("<!--")
    for part in "".join([first, *(other.partition("-->")[2] for other in others)]).split("<outline"):
        address = _LOST_ADDRESS.search(part)
        if address:
            title = _LOST_TITLE.search(part)
            yield {"xmlurl": html.unescape(address[1]), "title": html.unescape(title[1]) if title else "", "text": ""}


def _decode(body: bytes) -> str:
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if body.startswith(mark)), "")
    if not encoding:
        declaration = _XML_ENCODING.match(body[:200])
        encoding = declaration[1].decode("ascii") if declaration else "utf-8"
    try:
        return body.decode(encoding, "replace").lstrip("\ufeff")
    except (LookupError, UnicodeError):
        # There is no such encoding, or it does not decode bytes to text.
        return body.decode("utf-8", "replace")


def _build_draft(outline: Mapping[str, str], guard: AddressGuard) -> FeedDraft:
    # As in browsers, line breaks may be anywhere, and blanks are part of the address.
    address = _LINE_BREAKS.sub("", outline["xmlurl"]).strip().replace(" ", "%20")
    return FeedDraft(str(guard.parse(address)), _clean_title(outline["title"] or outline["text"]))


def _clean_title(text: str) -> str:
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return abbreviate(line) if len(line) > HEADLINE_LIMIT else line
