"""Parse bytes into a raw feed: detect the format and call its parser.

JSON Feed (https://www.jsonfeed.org/version/1.1/) is parsed here too, leniently: a bad item costs the item, not the feed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace

from bot.errors import NotAFeed
from bot.languages import lazy
from bot.newsroom.parsing.decoding import decode, encode_as_utf8
from bot.newsroom.parsing.feedparser_fallback import parse_with_feedparser
from bot.newsroom.parsing.markup import parse_xml
from bot.newsroom.parsing.raw_feed import NotAnEntryError, RawEntry, RawFeed, RawText, get_text_value
from bot.newsroom.parsing.results import FeedFormat
from bot.newsroom.parsing.xml_feed import parse_xml_feed
from bot.newsroom.parsing.xml_repair import repair_xml

_MARKUP = re.compile(
    r"<(?:(?P<section>!\[CDATA\[|!--|\?)"
    r"""|(?P<close>/)?(?P<name>[^\s<>/!?"']++)(?:[^<>"'/]++|"[^"<]*+"|'[^'<]*+'|/(?!>))*+(?P<empty>/)?>)"""
)
_ENDS = {"![CDATA[": "]]>", "!--": "-->", "?": "?>"}
_ENTRY_NAMES = frozenset({"item", "entry"})
#: Elements of an entry that contain no others.
_LEAF_NAMES = frozenset(
    {"title", "link", "guid", "pubdate", "category", "comments", "id", "updated", "published", "dc:date"}
)
_TEXT_NAMES = frozenset({"description", "summary", "content", "content:encoded"})
#: Elements that are in no text, even if that is unescaped HTML.
_NEVER_IN_TEXT = frozenset({"guid", "pubdate", "published", "updated", "dc:date"})


def balance_tags(document: str) -> str:
    """Return the document with an end for each element that begins, and without stray ends. The work is linear in the
    length.
    """
    open_elements = _OpenElements()
    parts: list[str] = []
    position = 0
    while match := _MARKUP.search(document, position):
        parts.append(document[position : match.start()])
        position = match.end()
        if match["section"]:
            end = document.find(_ENDS[match["section"]], position)
            position = len(document) if end < 0 else end + len(_ENDS[match["section"]])
            parts.append(document[match.start() : position])
        elif match["close"]:
            parts.append(open_elements.close(match["name"]))
        else:
            parts.append(open_elements.close_before(match["name"].lower()) + match[0])
            if not match["empty"]:
                open_elements.add(match["name"])
    return "".join(parts) + document[position:] + open_elements.close_all()


class _OpenElements:
    """The names of the elements that are open at a position, and the tags that end them."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()

    def add(self, name: str) -> None:
        """Remember that an element begins."""
        self._names.append(name)
        self._counts[name.lower()] += 1

    def close(self, name: str) -> str:
        """Return the tags that end an element and everything inside it; none if there is no such element."""
        name = name.lower()
        if not self._counts[name]:
            return ""
        tags = ""
        while True:
            last = self._names[-1].lower()
            tags += self._pop_end_tag()
            if last == name:
                return tags

    def close_before(self, name: str) -> str:
        """Return the tags that end everything that cannot contain an element of this name."""
        tags = ""
        if name in _ENTRY_NAMES and self._counts[name]:
            tags += self.close(name)
        if name in _NEVER_IN_TEXT:
            tags += "".join(self.close(text) for text in _TEXT_NAMES if self._counts[text])
        if name in _LEAF_NAMES | _TEXT_NAMES:
            while self._names and self._names[-1].lower() in _LEAF_NAMES:
                tags += self._pop_end_tag()
        return tags

    def close_all(self) -> str:
        """Return the tags that end everything."""
        tags = ""
        while self._names:
            tags += self._pop_end_tag()
        return tags

    def _pop_end_tag(self) -> str:
        name = self._names.pop()
        self._counts[name.lower()] -= 1
        return f"</{name}>"


_TEXT_KEYS = ("summary", "content_text", "content_html")
_MAX_DIGITS = 1_000


def parse_json_feed(text: str) -> RawFeed:
    """Return the feed. Raise NotAFeed if the JSON is broken or is no feed."""
    try:
        # Publishers forget to escape line breaks inside texts.
        data = json.loads(text, strict=False, parse_int=_parse_number)
    except ValueError as exc:
        raise NotAFeed(lazy("It looks like JSON but can't be read as JSON.")) from exc
    except RecursionError as exc:
        raise NotAFeed(lazy("It's JSON nested too deeply to be a feed.")) from exc
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed(lazy("It's JSON but not a JSON Feed: it has no list of items."))
    version = data.get("version")
    if "title" not in data and not (isinstance(version, str) and "jsonfeed" in version):
        raise NotAFeed(lazy("It's JSON but not a JSON Feed: it has neither a version nor a title."))
    feed = RawFeed(
        FeedFormat.JSON, RawText(get_text_value(data.get("title"))), get_text_value(data.get("home_page_url"))
    )
    feed.read_entries(items, _parse_entry)
    return feed


def _parse_number(digits: str) -> int | str:
    """Return the number; its digits if it is too long for Python to convert."""
    return int(digits) if len(digits) < _MAX_DIGITS else digits


def _parse_entry(item: object, position: int) -> RawEntry:
    if not isinstance(item, dict):
        raise NotAnEntryError(lazy("it isn't a JSON object"))
    texts = [RawText(get_text_value(item.get(key)), is_markup=key != "content_text") for key in _TEXT_KEYS]
    dates = (get_text_value(item.get(key)) for key in ("date_published", "date_modified"))
    return RawEntry(
        position=position,
        title=RawText(get_text_value(item.get("title"))),
        # A link blog's item is about external_url, but is itself at url.
        link=get_text_value(item.get("url")) or get_text_value(item.get("external_url")),
        guid=get_text_value(item.get("id")),
        texts=tuple(text for text in texts if text.text),
        dates=tuple(filter(None, dates)),
    )


_ARCHIVE_SIGNATURES = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh")
_PICTURE_SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF")
# All that may come before the first element; possessive, so that 60,000 comments are passed only once.
_PROLOGUE = re.compile(r"(?:\s|<\?[^>]*+>|<!--(?:(?!-->).)*+-->|<!(?!--)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+", re.DOTALL)
_FIRST_ELEMENT = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_PAGE_NAMES = frozenset({"html", "head", "body", "title", "meta", "script", "div", "p", "h1"})
#: How many characters of a document are examined to detect its format.
_HEAD_SIZE = 60_000


def parse_feed(body: bytes, content_type: str, url: str) -> RawFeed:
    """Return the feed. Raise NotAFeed, with one sentence why, if it is none."""
    _refuse_by_signature(body)
    text = decode(body, content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return parse_json_feed(text.lstrip("\ufeff \t\r\n"))
    name = _find_root_name(text)
    if name in _PAGE_NAMES:
        raise NotAFeed(lazy("It's a web page, not a feed."), is_web_page=True)
    if name == "opml":
        raise NotAFeed(lazy("It's a list of feeds (OPML), not a feed."))
    return _parse_xml_leniently(encode_as_utf8(repair_xml(text)), url)


def _parse_xml_leniently(document: bytes, url: str) -> RawFeed:
    """Return the feed as its XML tree has it; if the tree leaves anything out, the most complete of several readings."""
    root, is_whole = parse_xml(document)
    feed = None if root is None else parse_xml_feed(root, url)
    if feed is not None and is_whole:
        return feed
    candidates = [feed, _parse_balanced(document, url), parse_with_feedparser(document, url)]
    best = max(filter(None, reversed(candidates)), key=_rank_completeness, default=None)
    if best is None:
        raise NotAFeed(lazy("It's not RSS, Atom, RDF or JSON Feed."))
    return best if feed is None else replace(best, format=feed.format)


def _parse_balanced(document: bytes, url: str) -> RawFeed | None:
    """Return the feed with its open elements closed; None if the tree still leaves something out."""
    root, is_whole = parse_xml(balance_tags(document.decode()).encode())
    return parse_xml_feed(root, url) if root is not None and is_whole else None


def _rank_completeness(feed: RawFeed) -> tuple[int, int, int]:
    """Return how complete a reading is: its entries, then those with an address, then those with a date."""
    entries = feed.entries
    return len(entries), sum(bool(entry.link) for entry in entries), sum(bool(entry.dates) for entry in entries)


def _refuse_by_signature(body: bytes) -> None:
    if not body.strip():
        raise NotAFeed(lazy("The answer is empty."))
    if body.startswith(_ARCHIVE_SIGNATURES):
        raise NotAFeed(lazy("It's a compressed file, not a feed."))
    if body.startswith(_PICTURE_SIGNATURES):
        raise NotAFeed(lazy("It's a picture or a document, not a feed."))


def _find_root_name(text: str) -> str:
    head = text[:_HEAD_SIZE].lstrip("\ufeff")
    prologue = _PROLOGUE.match(head)
    first = _FIRST_ELEMENT.match(head, prologue.end() if prologue else 0) or re.search(
        r"<(rss|feed|rdf:RDF|html)[\s>]", head, re.IGNORECASE
    )
    return first[1].lower().removeprefix("rdf:") if first else ""
