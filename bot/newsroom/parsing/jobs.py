"""What a worker that parses feeds can do, and what it loads beforehand. Run as a program, it is that worker.

It also finds feeds in pages. Their leads are read by workers of their own (:mod:`bot.newsroom.parsing.page_jobs`): what
those load doubles the time that a worker takes to start, and its memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.errors import NotAFeed
from bot.languages import encode_message
from bot.newsroom.parsing.article_builder import build_parts
from bot.newsroom.parsing.codec_tables import load_codecs
from bot.newsroom.parsing.feed_links import find_feed_links
from bot.newsroom.parsing.feed_parser import parse_feed
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


JOBS: dict[str, Callable[[Mapping[str, str], bytes], list[dict[str, Any]]]] = {
    "feed": run_feed_job,
    "links": run_links_job,
}

_SAMPLE_PAGE = (
    b"<!doctype html><html><head><title>A</title><link rel=alternate type=application/rss+xml href=/rss></head></html>"
)
_SAMPLE_FEEDS = (
    b"""<?xml version="1.0"?><rss version="2.0"><channel><title>A</title><item><title>B</title><link>https://a.example/b</link>
<description>&lt;p&gt;C&lt;/p&gt;</description><pubDate>Fri, 02 Jan 2026 03:04:05 GMT</pubDate></item></channel></rss>""",
    b"""<rss version="2.0"><channel><title>A</title><item><title>B & C</title><pubDate>Friday</pubDate></channel>""",
    b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title></feed>""",
)


def warm_up() -> None:
    """Load all that the jobs load late, because a worker can open no file afterwards."""
    load_codecs()
    header = {"url": "https://a.example/", "content_type": "text/html", "now": "2026-01-03T00:00:00+00:00"}
    for body in _SAMPLE_FEEDS:
        run_feed_job(header, body)
    run_links_job(header, _SAMPLE_PAGE)


def main() -> None:
    """Parse until the bot is gone."""
    serve(JOBS, warm_up)


if __name__ == "__main__":
    main()
