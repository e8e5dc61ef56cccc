"""What a worker that parses can do, and what it loads beforehand. Run as a program, it is that worker."""

from __future__ import annotations

import encodings
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.errors import NotAFeed
from bot.languages import encode_message
from bot.newsroom.parsing.article_builder import build_parts
from bot.newsroom.parsing.feed_parser import parse_feed
from bot.newsroom.parsing.page_extraction import extract_page, find_feed_links
from bot.subprocesses.worker import serve


def run_feed_job(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """Return the parts of a feed; or the error ``no-feed``, with the reason."""
    try:
        return parse_parts(header, body)
    except NotAFeed as exc:
        return [{"error": "no-feed", "sentence": encode_message(exc.message), "page": exc.is_web_page}]


def parse_parts(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """Return one part for the feed itself, and one for each entry: an article, or the reason why it is skipped.

    Raises NotAFeed if these bytes are not a feed.
    """
    raw_feed = parse_feed(body, header["content_type"], header["url"])
    return list(build_parts(raw_feed, header["url"], datetime.fromisoformat(header["now"])))


def run_links_job(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """Return a part for each feed that a page names."""
    return [{"link": link} for link in find_feed_links(body, header["url"], header["content_type"])]


def run_page_job(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """Return one part with the lead of a page."""
    return [{"page": extract_page(body, header["url"], header["content_type"], datetime.fromisoformat(header["now"]))}]


JOBS: dict[str, Callable[[Mapping[str, str], bytes], list[dict[str, Any]]]] = {
    "feed": run_feed_job,
    "links": run_links_job,
    "page": run_page_job,
}

_SAMPLE_PAGE = b"""<!doctype html><html lang="en"><head><title>A</title><meta property="article:published_time" content="2026-01-02T03:04:05Z"></head>
<body><article><h1>A</h1><p>One sentence that is long enough to be taken for a text by anybody who reads it.</p></article></body></html>"""
_SAMPLE_FEEDS = (
    b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A</title><item><title>B</title><link>https://a.example/b</link>
<description>&lt;p&gt;C&lt;/p&gt;</description><pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate></item></channel></rss>""",
    b"""<rss version="2.0"><channel><title>A</title><item><title>B & C</title><pubDate>Friday</pubDate></channel>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>""",
)


def warm_up() -> None:
    """Load all that the jobs load late, because a worker can open no file afterwards."""
    for module in pkgutil.iter_modules(encodings.__path__):
        if module.name not in ("mbcs", "oem"):
            importlib.import_module(f"encodings.{module.name}")
    # idna loads its tables at the first host that is not ASCII.
    importlib.import_module("idna.uts46data")
    header = {"url": "https://a.example/", "content_type": "text/html", "now": "2026-01-03T00:00:00+00:00"}
    for body in _SAMPLE_FEEDS:
        run_feed_job(header, body)
    run_links_job(header, _SAMPLE_PAGE)
    run_page_job(header, _SAMPLE_PAGE)


def main() -> None:
    """Parse until the bot is gone."""
    serve(JOBS, warm_up)


if __name__ == "__main__":
    main()
