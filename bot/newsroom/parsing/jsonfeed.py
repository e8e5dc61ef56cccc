"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read leniently: a bad item costs the item, not the feed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.errors import NotAFeed
from bot.languages import noted
from bot.newsroom.parsing.raw import ENTRIES_LIMIT, RawEntry, RawFeed, text_of
from bot.newsroom.parsing.results import FeedFormat


def read_json_feed(text: str) -> RawFeed:
    """The feed; NotAFeed when the JSON is broken or says nothing of a feed."""
    try:
        data = json.loads(text)
    except ValueError as exc:
        raise NotAFeed(noted("It begins like JSON and is none.")) from exc
    except RecursionError as exc:
        raise NotAFeed(noted("It is JSON nested too deeply to be a feed.")) from exc
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed(noted("It is JSON, but no JSON Feed: it has no list of items."))
    version = data.get("version")
    if "title" not in data and not (isinstance(version, str) and "jsonfeed" in version):
        raise NotAFeed(noted("It is JSON, but no JSON Feed: it names neither a version nor a title."))
    entries = [_entry(item) for item in items[:ENTRIES_LIMIT] if isinstance(item, dict)]
    feed = RawFeed(FeedFormat.JSON, text_of(data.get("title")), text_of(data.get("home_page_url")), entries)
    feed.dropped = len(items) - len(entries)
    return feed


def _entry(item: Mapping[str, Any]) -> RawEntry:
    texts = (text_of(item.get(key)) for key in ("summary", "content_text", "content_html"))
    dates = (text_of(item.get(key)) for key in ("date_published", "date_modified"))
    return RawEntry(
        title=text_of(item.get("title")),
        # A link blog's item is about external_url, but is itself at url.
        link=text_of(item.get("url")) or text_of(item.get("external_url")),
        guid=text_of(item.get("id")),
        texts=tuple(filter(None, texts)),
        dates=tuple(filter(None, dates)),
    )
