"""From bytes to a raw feed: what it is, and which reader reads it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.errors import NotAFeed
from bot.languages import noted
from bot.newsroom.parsing.balance import balanced
from bot.newsroom.parsing.decoding import as_utf8, decode
from bot.newsroom.parsing.jsonfeed import read_json_feed
from bot.newsroom.parsing.markup import feed_tree
from bot.newsroom.parsing.raw import RawFeed
from bot.newsroom.parsing.repair import repaired
from bot.newsroom.parsing.thorough import read_thorough
from bot.newsroom.parsing.xmlfeed import read_xml_feed

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF")
# All that may stand before the first element; possessive, so that 60,000 comments are walked over once.
_BEFORE = re.compile(r"(?:\s|<\?[^>]*+>|<!--(?:(?!-->).)*+-->|<!(?!--)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+", re.DOTALL)
_FIRST = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_PAGE_NAMES = frozenset({"html", "head", "body", "title", "meta", "script", "div", "p", "h1"})
#: How much of a document is looked at to tell what it is.
_HEAD = 60_000


def read_feed(body: bytes, content_type: str, url: str) -> RawFeed:
    """The feed; NotAFeed with one sentence why when it is none."""
    _refuse_at_sight(body)
    text = decode(body, content_type)
    if text.lstrip("\ufeff \t\r\n")[:1] in ("{", "["):
        return read_json_feed(text.lstrip("\ufeff \t\r\n"))
    name = _root_name(text)
    if name in _PAGE_NAMES:
        raise NotAFeed(noted("It is a web page, not a feed."), page=True)
    if name == "opml":
        raise NotAFeed(noted("It is a list of feeds (OPML), not a feed."))
    return _read_xml(as_utf8(repaired(text)), url)


def _read_xml(document: bytes, url: str) -> RawFeed:
    """Return the feed as the tree of its elements has it; if that leaves anything out, as the reading has it that has most."""
    root, is_whole = feed_tree(document)
    feed = None if root is None else read_xml_feed(root, url)
    if feed is not None and is_whole:
        return feed
    candidates = [feed, _read_balanced(document, url), read_thorough(document, url)]
    best = max(filter(None, reversed(candidates)), key=_fullness, default=None)
    if best is None:
        raise NotAFeed(noted("It is neither RSS, Atom, RDF nor JSON Feed."))
    return best if feed is None else replace(best, format=feed.format)


def _read_balanced(document: bytes, url: str) -> RawFeed | None:
    """Return the feed with its open elements closed; None if the tree still leaves something out."""
    root, is_whole = feed_tree(balanced(document.decode()).encode())
    return read_xml_feed(root, url) if root is not None and is_whole else None


def _fullness(feed: RawFeed) -> tuple[int, int, int]:
    """How much of a feed a reading has: its entries, then those with an address, then those with a date."""
    entries = feed.entries
    return len(entries), sum(bool(entry.link) for entry in entries), sum(bool(entry.dates) for entry in entries)


def is_page(text: str) -> bool:
    """Whether a text is HTML rather than a feed."""
    return _root_name(text) in _PAGE_NAMES


def _refuse_at_sight(body: bytes) -> None:
    if not body.strip():
        raise NotAFeed(noted("The answer is empty."))
    if body.startswith(_PACKED):
        raise NotAFeed(noted("It is a packed file, not a feed."))
    if body.startswith(_PICTURES):
        raise NotAFeed(noted("It is a picture or a document, not a feed."))


def _root_name(text: str) -> str:
    head = text[:_HEAD].lstrip("\ufeff")
    before = _BEFORE.match(head)
    first = _FIRST.match(head, before.end() if before else 0) or re.search(
        r"<(rss|feed|rdf:RDF|html)[\s>]", head, re.IGNORECASE
    )
    return first[1].lower().removeprefix("rdf:") if first else ""
