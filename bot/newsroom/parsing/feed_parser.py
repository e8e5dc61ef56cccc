"""Parses bytes into a raw feed: detects the format and calls its parser."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.errors import NotAFeed
from bot.languages import lazy
from bot.newsroom.parsing.decoding import decode, encode_as_utf8
from bot.newsroom.parsing.feedparser_fallback import parse_with_feedparser
from bot.newsroom.parsing.json_feed import parse_json_feed
from bot.newsroom.parsing.markup import parse_xml
from bot.newsroom.parsing.raw_feed import RawFeed
from bot.newsroom.parsing.tag_balancing import balance_tags
from bot.newsroom.parsing.xml_feed import parse_xml_feed
from bot.newsroom.parsing.xml_repair import repair_xml

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
        raise NotAFeed(lazy("It is a web page, not a feed."), is_web_page=True)
    if name == "opml":
        raise NotAFeed(lazy("It is a list of feeds (OPML), not a feed."))
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
        raise NotAFeed(lazy("It is neither RSS, Atom, RDF nor JSON Feed."))
    return best if feed is None else replace(best, format=feed.format)


def _parse_balanced(document: bytes, url: str) -> RawFeed | None:
    """Return the feed with its open elements closed; None if the tree still leaves something out."""
    root, is_whole = parse_xml(balance_tags(document.decode()).encode())
    return parse_xml_feed(root, url) if root is not None and is_whole else None


def _rank_completeness(feed: RawFeed) -> tuple[int, int, int]:
    """Return how complete a reading is: its entries, then those with an address, then those with a date."""
    entries = feed.entries
    return len(entries), sum(bool(entry.link) for entry in entries), sum(bool(entry.dates) for entry in entries)


def is_page(text: str) -> bool:
    """Return whether a text is HTML rather than a feed."""
    return _find_root_name(text) in _PAGE_NAMES


def _refuse_by_signature(body: bytes) -> None:
    if not body.strip():
        raise NotAFeed(lazy("The answer is empty."))
    if body.startswith(_ARCHIVE_SIGNATURES):
        raise NotAFeed(lazy("It is a compressed file, not a feed."))
    if body.startswith(_PICTURE_SIGNATURES):
        raise NotAFeed(lazy("It is a picture or a document, not a feed."))


def _find_root_name(text: str) -> str:
    head = text[:_HEAD_SIZE].lstrip("\ufeff")
    prologue = _PROLOGUE.match(head)
    first = _FIRST_ELEMENT.match(head, prologue.end() if prologue else 0) or re.search(
        r"<(rss|feed|rdf:RDF|html)[\s>]", head, re.IGNORECASE
    )
    return first[1].lower().removeprefix("rdf:") if first else ""
