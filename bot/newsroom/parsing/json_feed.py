"""Parses JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), leniently: a bad item costs the item,
not the feed.
"""

from __future__ import annotations

import json

from bot.errors import NotAFeed
from bot.languages import lazy
from bot.newsroom.parsing.raw_feed import NotAnEntryError, RawEntry, RawFeed, RawText, get_text_value
from bot.newsroom.parsing.results import FeedFormat

_TEXT_KEYS = ("summary", "content_text", "content_html")
_MAX_DIGITS = 1_000


def parse_json_feed(text: str) -> RawFeed:
    """Return the feed. Raise NotAFeed if the JSON is broken or is no feed."""
    try:
        # Publishers forget to escape line breaks inside texts.
        data = json.loads(text, strict=False, parse_int=_parse_number)
    except ValueError as exc:
        raise NotAFeed(lazy("It looks like JSON, but cannot be read as JSON.")) from exc
    except RecursionError as exc:
        raise NotAFeed(lazy("It is JSON nested too deeply to be a feed.")) from exc
    items = data.get("items") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise NotAFeed(lazy("It is JSON, but no JSON Feed: it has no list of items."))
    version = data.get("version")
    if "title" not in data and not (isinstance(version, str) and "jsonfeed" in version):
        raise NotAFeed(lazy("It is JSON, but no JSON Feed: it names neither a version nor a title."))
    feed = RawFeed(
        FeedFormat.JSON, RawText(get_text_value(data.get("title"))), get_text_value(data.get("home_page_url"))
    )
    feed.read_entries(items, _parse_entry)
    return feed


def _parse_number(digits: str) -> int | str:
    """Return the number; its digits if it is too long for Python to convert."""
    return int(digits) if len(digits) < _MAX_DIGITS else digits


def _parse_entry(item: object, position: int) -> RawEntry:
    if not isinstance(item, dict):
        raise NotAnEntryError(lazy("it is not a JSON object"))
    texts = [RawText(get_text_value(item.get(key)), is_markup=key != "content_text") for key in _TEXT_KEYS]
    dates = (get_text_value(item.get(key)) for key in ("date_published", "date_modified"))
    return RawEntry(
        position=position,
        title=RawText(get_text_value(item.get("title"))),
        # A link blog's item is about external_url, but is itself at url.
        link=get_text_value(item.get("url")) or get_text_value(item.get("external_url")),
        guid=get_text_value(item.get("id")),
        texts=tuple(text for text in texts if text.text),
        dates=tuple(filter(None, dates)),
    )
