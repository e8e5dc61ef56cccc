"""From bytes to a raw feed: what it is, and which library reads it."""

from __future__ import annotations

import re
from typing import Any

from bot.errors import NotAFeed
from bot.languages import noted
from bot.newsroom.parsing.asides import add_asides
from bot.newsroom.parsing.decoding import as_utf8, decode
from bot.newsroom.parsing.jsonfeed import read_json_feed
from bot.newsroom.parsing.libraries import read_fast, read_thorough
from bot.newsroom.parsing.raw import RawEntry, RawFeed, text_of
from bot.newsroom.parsing.results import FeedFormat

_PACKED = (b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"%PDF", b"RIFF")
# All that may stand before the first element; possessive, so that 60,000 comments are walked over once.
_BEFORE = re.compile(r"(?:\s|<\?[^>]*+>|<!--(?:(?!-->).)*+-->|<!(?!--)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+", re.DOTALL)
_FIRST = re.compile(r"<\s*(?:[\w.-]+:)?([A-Za-z][\w.-]*)")
_FORMATS = {"rss": FeedFormat.RSS, "feed": FeedFormat.ATOM, "rdf": FeedFormat.RDF, "channel": FeedFormat.RSS}
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
    document = as_utf8(text)
    feed = _fast(document, name) or _thorough(document, name, url)
    add_asides(feed, document)
    return feed


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


def _fast(document: bytes, name: str) -> RawFeed | None:
    """None when fastfeedparser cannot read it or finds nothing: then the other one is asked."""
    try:
        told, entries, dropped = read_fast(document)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 - it raises what it likes over what it does not read
        return None
    return _feed(_FORMATS.get(name, FeedFormat.RSS), told, entries, dropped) if entries else None


def _thorough(document: bytes, name: str, url: str) -> RawFeed:
    try:
        version, told, entries, dropped = read_thorough(document, url)
    except (MemoryError, RecursionError):
        raise
    except Exception as exc:
        raise NotAFeed(noted("No reader of feeds makes anything of it.")) from exc
    kind = next(
        (kind for start, kind in (("atom", FeedFormat.ATOM), ("rss", FeedFormat.RSS)) if version.startswith(start)),
        None,
    )
    if version in ("rss090", "rss10"):
        kind = FeedFormat.RDF
    kind = kind or _FORMATS.get(name)
    if kind is None and not entries:
        raise NotAFeed(noted("It is neither RSS, Atom, RDF nor JSON Feed."))
    return _feed(kind or FeedFormat.RSS, told, entries, dropped)


def _feed(kind: FeedFormat, told: dict[str, Any], entries: list[RawEntry], dropped: int) -> RawFeed:
    feed = RawFeed(kind, text_of(told.get("title")), text_of(told.get("link")), entries, dropped=dropped)
    ttl = text_of(told.get("ttl"))
    feed.ttl_minutes = int(ttl) if ttl.isdecimal() and ttl.isascii() and len(ttl) < 7 else 0
    return feed
