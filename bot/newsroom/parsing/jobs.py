"""What a worker can do, each job from a header and bytes to the parts of its answer; and what it loads beforehand."""

from __future__ import annotations

import encodings
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.newsroom.parsing.articles import article_parts
from bot.newsroom.parsing.discovery import feeds_of_page
from bot.newsroom.parsing.pages import page_data
from bot.newsroom.parsing.reading import read_feed

#: A header and bytes in, the parts of the answer out.
Job = Callable[[Mapping[str, str], bytes], list[dict[str, Any]]]


def feed(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """A feed's own part, and one for each article and each entry that is none."""
    raw = read_feed(body, header["content_type"], header["url"])
    return list(article_parts(raw, header["url"], datetime.fromisoformat(header["now"])))


def links(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """The feeds that a page names."""
    return [{"link": link} for link in feeds_of_page(body, header["url"], header["content_type"])]


def page(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """The lead of a page."""
    return [{"page": page_data(body, header["url"], header["content_type"], datetime.fromisoformat(header["now"]))}]


JOBS: dict[str, Job] = {"feed": feed, "links": links, "page": page}

_PAGE = b"""<!doctype html><html lang="en"><head><title>A</title><meta property="article:published_time" content="2026-01-02T03:04:05Z"></head>
<body><article><h1>A</h1><p>One sentence that is long enough to be taken for a text by anybody who reads it.</p></article></body></html>"""
_FEEDS = (
    b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A</title><item><title>B</title><link>https://a.example/b</link>
<description>&lt;p&gt;C&lt;/p&gt;</description><pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate></item></channel></rss>""",
    b"""<rss version="2.0"><channel><title>A</title><item><title>B & C</title><pubDate>Friday</pubDate></channel>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>""",
)


def warm_up() -> None:
    """Load all that the jobs load late: afterwards a worker can open no file any more."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in ("mbcs", "oem"):
            importlib.import_module(f"encodings.{module.name}")
    # The tables that idna loads at the first host that is not ASCII.
    importlib.import_module("idna.uts46data")
    header = {"url": "https://a.example/", "content_type": "text/html", "now": "2026-01-03T00:00:00+00:00"}
    for body in _FEEDS:
        feed(header, body)
    links(header, _PAGE)
    page(header, _PAGE)
