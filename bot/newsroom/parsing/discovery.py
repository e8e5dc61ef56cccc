"""Feeds that a web page names: the ones it declares, then links that look like feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from bot.model.feed import web_address
from bot.newsroom.parsing.decoding import decode
from bot.newsroom.parsing.links import clean_link, joined
from bot.newsroom.parsing.markup import page_tree, strings, text_in

#: The most feeds that a page is asked for.
FEEDS_LIMIT = 20
_TYPES = {
    "application/rss+xml": 0, "application/atom+xml": 0, "application/feed+json": 1, "application/rdf+xml": 1,
    "application/xml": 2, "text/xml": 2, "application/json": 3,
}  # fmt: skip
# A feed of comments, of one author or of a podcast is not what somebody wants who gives a publisher's page.
_ASIDE = re.compile(r"comment|kommentar|commentaire|podcast|/author/|/tag/|oembed|wp-json", re.IGNORECASE)
_ANCHOR = re.compile(
    r"(?:/(?:rss|feeds?|atom|rdf)(?:[/?.]|$))|(?:(?:rss|atom|feed|index)\.(?:xml|rdf|json)$)|(?:\.(?:rss|atom|rdf)$)|[?&](?:feed|format|type)=(?:rss2?|atom|rdf|feed)",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^\W*(?:rss|atom|feed|xml|rss[\s-]feeds?|newsfeed|news\s+feed)\W*$", re.IGNORECASE)
_PUBLIC_READERS = re.compile(
    r"feedly\.com|inoreader\.com|netvibes\.com|my\.yahoo|theoldreader\.com|newsblur\.com", re.IGNORECASE
)


def feeds_of_page(body: bytes, url: str, content_type: str = "") -> list[str]:
    """Addresses of feeds, absolute, each once, best first."""
    root = page_tree(decode(body, content_type))
    if root is None:
        return []
    base = joined(url, next(strings(root, "//base/@href"), ""))
    ranked: dict[str, tuple[int, int]] = {}
    for place, (rank, address, label) in enumerate([*_declared(root), *_linked(root)]):
        feed = clean_link(web_address(address.strip()), base)
        if feed and not _PUBLIC_READERS.search(feed):
            aside = 10 if _ASIDE.search(f"{feed} {label}") else 0
            ranked.setdefault(feed, (rank + aside, place))
    return sorted(ranked, key=ranked.__getitem__)[:FEEDS_LIMIT]


def _declared(root: etree._Element) -> Iterator[tuple[int, str, str]]:
    for element in root.iter("link"):
        relation = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        title, address = element.get("title") or "", element.get("href") or ""
        # A page that forgets to say so means by a link of a feed's type what others mean by "alternate".
        if not address or (relation and not {"alternate", "feed"} & set(relation)) or "stylesheet" in relation:
            continue
        if kind in _TYPES:
            yield _TYPES[kind], address, title
        elif "feed" in relation or (not kind and _ANCHOR.search(address)):
            yield 3, address, title


def _linked(root: etree._Element) -> Iterator[tuple[int, str, str]]:
    for element in root.iter("a", "area"):
        address = element.get("href") or ""
        label = text_in(element)[:80] or element.get("title") or element.get("aria-label") or ""
        if web_address(address) != address:
            yield 4, address, label
        elif address and _ANCHOR.search(address):
            yield 5, address, label
        elif address and _LABEL.match(label):
            yield 6, address, label
