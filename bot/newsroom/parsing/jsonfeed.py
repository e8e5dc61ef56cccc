"""JSON Feed, versions 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read leniently: a bad item costs the item, not the feed."""

from __future__ import annotations

import json

from bot.errors import NotAFeed
from bot.languages import noted
from bot.newsroom.parsing.raw import NotAnEntryError, RawEntry, RawFeed, RawText, text_of
from bot.newsroom.parsing.results import FeedFormat

_TEXTS = ("summary", "content_text", "content_html")
_LONGEST_NUMBER = 1_000


def read_json_feed(text: str) -> RawFeed:
    """The feed; NotAFeed when the JSON is broken or says nothing of a feed."""
    try:
        # Publishers forget to escape line breaks inside of texts.
        data = json.loads(text, strict=False, parse_int=_number)
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
    feed = RawFeed(FeedFormat.JSON, RawText(text_of(data.get("title"))), text_of(data.get("home_page_url")))
    feed.read_entries(items, _entry)
    return feed


def _number(digits: str) -> int | str:
    """The number; as it is written if Python refuses to read one so long."""
    return int(digits) if len(digits) < _LONGEST_NUMBER else digits


def _entry(item: object, place: int) -> RawEntry:
    if not isinstance(item, dict):
        raise NotAnEntryError(noted("it is not a JSON object"))
    texts = [RawText(text_of(item.get(key)), markup=key != "content_text") for key in _TEXTS]
    dates = (text_of(item.get(key)) for key in ("date_published", "date_modified"))
    return RawEntry(
        place=place,
        title=RawText(text_of(item.get("title"))),
        # A link blog's item is about external_url, but is itself at url.
        link=text_of(item.get("url")) or text_of(item.get("external_url")),
        guid=text_of(item.get("id")),
        texts=tuple(text for text in texts if text.text),
        dates=tuple(filter(None, dates)),
    )
