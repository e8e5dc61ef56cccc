"""The lead of a web page: what trafilatura takes for its text, and what the page says about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import trafilatura
from lxml import etree

from bot.model.article import TEXT_LIMIT, TITLE_LIMIT
from bot.newsroom.parsing.clutter import without_clutter, without_title
from bot.newsroom.parsing.decoding import decode
from bot.newsroom.parsing.links import clean_link, is_front_page
from bot.newsroom.parsing.markup import page_tree, strings
from bot.newsroom.parsing.plain import cut, plain_line, plain_text
from bot.newsroom.parsing.publishers import PUBLISHER_LIMIT, split_title
from bot.newsroom.parsing.times import published_at

#: A page's lead is in front of this.
_PAGE_LIMIT = 1_500_000
_READ = 4 * TEXT_LIMIT
_DATES = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='publish-date' or @name='parsely-pub-date' or @name='dc.date' or @name='DC.date.issued']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//time[@pubdate]/@datetime",
    "//article//time/@datetime",
)
_ADDRESSES = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
_TITLES = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content")
_SITES = ("//meta[@property='og:site_name']/@content",)
_SUMMARIES = ("//meta[@property='og:description']/@content", "//meta[@name='description']/@content")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,100})"')


def page_data(body: bytes, url: str, content_type: str, now: datetime) -> dict[str, Any]:
    """The lead as plain data; what the page does not say is empty."""
    tree = page_tree(decode(body, content_type)[:_PAGE_LIMIT])
    if tree is None:
        return {"title": "", "text": "", "published": "", "url": clean_link(url), "publisher": ""}
    site = plain_line(_first(tree, _SITES), PUBLISHER_LIMIT)
    published, is_dated = published_at(_dates(tree), now)
    heading, text = _extracted(tree, url)
    told = plain_line(_first(tree, _TITLES) or heading or tree.findtext(".//title") or "", TITLE_LIMIT)
    title = split_title(told, [site])
    return {
        "title": title,
        "text": cut(without_title(text, title), TEXT_LIMIT),
        "published": published.isoformat() if is_dated else "",
        "url": _own_address(tree, url),
        "publisher": site,
    }


def _extracted(tree: etree._Element, url: str) -> tuple[str, str]:
    """The title and the text as trafilatura sees them; where it sees no text, the page's description."""
    told = plain_text(_first(tree, _SUMMARIES))
    try:
        found = trafilatura.bare_extraction(
            tree,
            url=url,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=False,
            deduplicate=False,
        )
    except (ValueError, TypeError, AttributeError, etree.LxmlError):
        found = None
    if found is None:
        return "", without_clutter(told)
    text = without_clutter(plain_text(getattr(found, "text", "") or "")[:_READ])
    return plain_line(getattr(found, "title", "") or "", TITLE_LIMIT), text or without_clutter(told)


def _own_address(tree: etree._Element, url: str) -> str:
    """What the page calls itself, unless it calls itself the front page, which many do by mistake."""
    given = clean_link(url)
    for told in _all(tree, _ADDRESSES):
        own = clean_link(told, url)
        if own and not (is_front_page(own) and not is_front_page(given)):
            return own
    return given


def _dates(tree: etree._Element) -> Iterator[str]:
    yield from _all(tree, _DATES[:2])
    for script in tree.iter("script"):
        if "json" in (script.get("type") or "") and (found := _JSON_DATE.search((script.text or "")[:200_000])):
            yield found[1]
    yield from _all(tree, _DATES[2:])


def _first(tree: etree._Element, paths: tuple[str, ...]) -> str:
    return next(_all(tree, paths), "")


def _all(tree: etree._Element, paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        yield from strings(tree, path)
