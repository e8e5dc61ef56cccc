"""Find the feeds that a web page names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from bot.model.feed import to_web_url
from bot.newsroom.parsing.decoding import decode
from bot.newsroom.parsing.markup import find_strings, get_text, parse_page
from bot.newsroom.parsing.urls import clean_link, join_url

#: The most feeds that are taken from a page.
FEEDS_LIMIT = 20
_RANK_BY_TYPE = {
    "application/rss+xml": 0, "application/atom+xml": 0, "application/feed+json": 1, "application/rdf+xml": 1,
    "application/xml": 2, "text/xml": 2, "application/json": 3,
}  # fmt: skip
# Somebody who gives a publisher's page does not want a feed of comments, of one author or of a podcast.
_SECONDARY_FEED = re.compile(r"comment|kommentar|commentaire|podcast|/author/|/tag/|oembed|wp-json", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"(?:/(?:rss|feeds?|atom|rdf)(?:[/?.]|$))|(?:(?:rss|atom|feed|index)\.(?:xml|rdf|json)$)|(?:\.(?:rss|atom|rdf)$)|[?&](?:feed|format|type)=(?:rss2?|atom|rdf|feed)",
    re.IGNORECASE,
)
_FEED_LABEL = re.compile(r"^\W*(?:rss|atom|feed|xml|rss[\s-]feeds?|newsfeed|news\s+feed)\W*$", re.IGNORECASE)
_PUBLIC_READERS = re.compile(
    r"feedly\.com|inoreader\.com|netvibes\.com|my\.yahoo|theoldreader\.com|newsblur\.com", re.IGNORECASE
)


def find_feed_links(body: bytes, url: str, content_type: str = "") -> list[str]:
    """Return the addresses of feeds, absolute, each once, best first."""
    root = parse_page(decode(body, content_type))
    if root is None:
        return []
    base = join_url(url, next(find_strings(root, "//base/@href"), ""))
    ranks: dict[str, tuple[int, int]] = {}
    for position, (rank, address, label) in enumerate([*_find_declared_feeds(root), *_find_linked_feeds(root)]):
        feed = clean_link(to_web_url(address.strip()), base)
        if feed and not _PUBLIC_READERS.search(feed):
            penalty = 10 if _SECONDARY_FEED.search(f"{feed} {label}") else 0
            ranks.setdefault(feed, (rank + penalty, position))
    return sorted(ranks, key=ranks.__getitem__)[:FEEDS_LIMIT]


def _find_declared_feeds(root: etree._Element) -> Iterator[tuple[int, str, str]]:
    for element in root.iter("link"):
        relation = (element.get("rel") or "").lower().split()
        kind = (element.get("type") or "").split(";")[0].strip().lower()
        title, address = element.get("title") or "", element.get("href") or ""
        # A link with a feed's type and without a relation means "alternate".
        if not address or (relation and not {"alternate", "feed"} & set(relation)) or "stylesheet" in relation:
            continue
        if kind in _RANK_BY_TYPE:
            yield _RANK_BY_TYPE[kind], address, title
        elif "feed" in relation or (not kind and _FEED_ADDRESS.search(address)):
            yield 3, address, title


def _find_linked_feeds(root: etree._Element) -> Iterator[tuple[int, str, str]]:
    for element in root.iter("a", "area"):
        address = element.get("href") or ""
        label = get_text(element)[:80] or element.get("title") or element.get("aria-label") or ""
        if to_web_url(address) != address:
            yield 4, address, label
        elif address and _FEED_ADDRESS.search(address):
            yield 5, address, label
        elif address and _FEED_LABEL.match(label):
            yield 6, address, label
