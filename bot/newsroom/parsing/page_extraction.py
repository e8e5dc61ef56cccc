"""Read the lead of web pages: the text that trafilatura finds, and what the page says about itself.

Without the extra ``pages``, a page's description is its text.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from bot.extras import PAGES
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT
from bot.newsroom.parsing.boilerplate import remove_boilerplate, remove_leading_title
from bot.newsroom.parsing.decoding import decode
from bot.newsroom.parsing.markup import find_strings, parse_page
from bot.newsroom.parsing.plain_text import to_plain_line, to_plain_text, to_safe_line, truncate
from bot.newsroom.parsing.publication_dates import choose_publication_date
from bot.newsroom.parsing.publishers import PUBLISHER_LIMIT, remove_publisher
from bot.newsroom.parsing.urls import clean_link, is_front_page
from bot.redaction import redact_prose

#: None without the extra. It is loaded here because a worker can open no file later.
_trafilatura: Any = importlib.import_module("trafilatura") if PAGES.is_installed() else None

#: A page's lead comes before this many characters.
_PAGE_LIMIT = 1_500_000
_SCAN_LIMIT = 4 * TEXT_LIMIT
_DATE_PATHS = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='publish-date' or @name='parsely-pub-date' or @name='dc.date' or @name='DC.date.issued']/@content",
    "//*[@itemprop='datePublished']/@datetime",
    "//time[@pubdate]/@datetime",
    "//article//time/@datetime",
)
_ADDRESS_PATHS = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")
_TITLE_PATHS = ("//meta[@property='og:title']/@content", "//meta[@name='twitter:title']/@content")
_SITE_NAME_PATHS = ("//meta[@property='og:site_name']/@content",)
_SUMMARY_PATHS = ("//meta[@property='og:description']/@content", "//meta[@name='description']/@content")
_JSON_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,100})"')


def extract_page(body: bytes, url: str, content_type: str, now: datetime) -> dict[str, Any]:
    """Return the lead as plain data. Fields that the page does not give are empty."""
    tree = parse_page(decode(body, content_type)[:_PAGE_LIMIT])
    if tree is None:
        return {"title": "", "text": "", "published": "", "url": clean_link(url), "publisher": ""}
    site_name = to_safe_line(_find_first(tree, _SITE_NAME_PATHS), PUBLISHER_LIMIT)
    published, is_dated = choose_publication_date(_find_dates(tree), now)
    heading, text = _extract_title_and_text(tree, url)
    full_title = to_safe_line(
        _find_first(tree, _TITLE_PATHS) or heading or tree.findtext(".//title") or "", TITLE_LIMIT
    )
    title = remove_publisher(full_title, [site_name])
    return {
        "title": title,
        "text": truncate(redact_prose(remove_leading_title(text, title)), TEXT_LIMIT),
        "published": published.isoformat() if is_dated else "",
        "url": _find_canonical_url(tree, url),
        "publisher": site_name,
    }


def _extract_title_and_text(tree: etree._Element, url: str) -> tuple[str, str]:
    """Return the title and the text as trafilatura finds them; if it finds no text, the page's description."""
    summary = to_plain_text(_find_first(tree, _SUMMARY_PATHS))
    if _trafilatura is None:
        return "", remove_boilerplate(summary)
    try:
        document = _trafilatura.bare_extraction(
            tree,
            url=url,
            favor_precision=True,
            include_comments=False,
            include_tables=False,
            with_metadata=False,
            deduplicate=False,
        )
    except (ValueError, TypeError, AttributeError, etree.LxmlError):
        document = None
    if document is None:
        return "", remove_boilerplate(summary)
    text = remove_boilerplate(to_plain_text(getattr(document, "text", "") or "")[:_SCAN_LIMIT])
    return to_plain_line(getattr(document, "title", "") or "", TITLE_LIMIT), text or remove_boilerplate(summary)


def _find_canonical_url(tree: etree._Element, url: str) -> str:
    """Return the canonical address that the page names.

    Ignore it if it is the site's front page, which many pages name by mistake.
    """
    given_url = clean_link(url)
    for candidate in _find_all(tree, _ADDRESS_PATHS):
        canonical_url = clean_link(candidate, url)
        if canonical_url and not (is_front_page(canonical_url) and not is_front_page(given_url)):
            return canonical_url
    return given_url


def _find_dates(tree: etree._Element) -> Iterator[str]:
    yield from _find_all(tree, _DATE_PATHS[:2])
    for script in tree.iter("script"):
        if "json" in (script.get("type") or "") and (match := _JSON_DATE.search((script.text or "")[:200_000])):
            yield match[1]
    yield from _find_all(tree, _DATE_PATHS[2:])


def _find_first(tree: etree._Element, paths: tuple[str, ...]) -> str:
    return next(_find_all(tree, paths), "")


def _find_all(tree: etree._Element, paths: tuple[str, ...]) -> Iterator[str]:
    for path in paths:
        yield from find_strings(tree, path)
