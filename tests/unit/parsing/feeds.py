"""Small feeds in every format, and reading them without a worker."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from bot.newsroom.parsing.answer_validation import validate_feed
from bot.newsroom.parsing.jobs import parse_parts
from bot.newsroom.parsing.results import ParsedFeed

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://paper.example/feed.xml"
FEEDS = Path(__file__).parents[4] / "shared" / "feeds"


def read(body: bytes | str, content_type: str = "", url: str = URL) -> ParsedFeed:
    """Read a feed in this process, and check the result as a worker's answer is checked."""
    header = {"url": url, "content_type": content_type, "now": NOW.isoformat()}
    raw = body.encode() if isinstance(body, str) else body
    return validate_feed(json.loads(json.dumps(parse_parts(header, raw))), NOW)


def item(title: str = "One", **fields: str) -> str:
    """Return an RSS item; ``fields`` are its other elements, such as ``pubDate`` and ``link``."""
    elements = {"title": title, "link": "https://paper.example/1", "pubDate": "Tue, 03 Feb 2026 04:05:06 GMT", **fields}
    return f"<item>{''.join(f'<{name}>{escape(value)}</{name}>' for name, value in elements.items() if value)}</item>"


def rss(items: Sequence[str], *, title: str = "Paper", link: str = "https://paper.example/", more: str = "") -> str:
    """Return an RSS feed of these items."""
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{escape(title)}</title><link>{link}</link>{more}'
        f"{''.join(items)}</channel></rss>"
    )


def json_feed(items: Sequence[Any], **fields: Any) -> str:
    """Return a JSON Feed of these items."""
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Paper", "items": items, **fields})
