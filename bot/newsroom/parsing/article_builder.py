"""Build articles from a raw feed: clean and date each entry, and give it an id that does not change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.languages import encode_message, lazy
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT
from bot.newsroom.parsing.boilerplate import remove_boilerplate, remove_leading_title
from bot.newsroom.parsing.former_ids import build_former_ids
from bot.newsroom.parsing.identity import IdentityFields, build_article_ids
from bot.newsroom.parsing.plain_text import to_plain_line, to_plain_text, to_safe_line, truncate
from bot.newsroom.parsing.publication_dates import choose_publication_date
from bot.newsroom.parsing.publishers import PUBLISHER_LIMIT, find_common_suffix, find_publisher, remove_publisher
from bot.newsroom.parsing.raw_feed import UNREADABLE, RawEntry, RawFeed, RawText
from bot.newsroom.parsing.urls import build_link_key, clean_link, get_host, is_front_page
from bot.redaction import redact_address, redact_prose

#: An entry without a title gets the beginning of its text, at most this many characters.
_TITLE_FROM_TEXT_LIMIT = 120
#: A shorter text says less than the title, so a longer one of the same entry is taken.
_SUFFICIENT_LENGTH = 200
#: How much of a text is searched for news: more than an article keeps, because boilerplate may come first.
_SCAN_LIMIT = 4 * TEXT_LIMIT


@dataclass(slots=True)
class CleanEntry:
    """An entry, cleaned.

    Attributes:
        link: as its publisher wrote it.
    """

    title: str
    text: str
    url: str
    publisher: str
    published: datetime
    is_dated: bool
    guid: str
    link: str


def build_parts(feed: RawFeed, url: str, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield the feed as plain data: a part for itself, then one for each article and each skipped entry."""
    title = to_safe_line(feed.title.text, TITLE_LIMIT, markup=feed.title.is_markup)
    home = clean_link(feed.link, url)
    yield {
        "feed": {
            "title": title,
            "link": home,
            "format": feed.format.value,
            "ttl": feed.ttl_minutes,
            "dropped": feed.dropped_count,
        }
    }
    faults = list(feed.faults)
    clean_entries: list[CleanEntry] = []
    for entry in feed.entries:
        try:
            clean_entries.append(_clean_entry(entry, title, home, url, now))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whatever one entry brings about, the others are read
            faults.append((entry.position, UNREADABLE))
    for position, reason in sorted(faults):
        yield {"skipped": {"entry": "", "place": position, "reason": encode_message(reason)}}
    _drop_common_suffix(clean_entries)
    identity_fields = [
        IdentityFields(each.url, each.guid, each.title, each.publisher, home or url, each.published, each.text)
        for each in clean_entries
    ]
    known_ids: set[str] = set()
    former_entries = [
        replace(mark, guid=mark.guid or each.link) for mark, each in zip(identity_fields, clean_entries, strict=True)
    ]
    for each, article_id, former in zip(
        clean_entries, build_article_ids(identity_fields), build_former_ids(former_entries), strict=True
    ):
        if not each.title:
            yield {
                "skipped": {
                    "entry": truncate(redact_address(each.url or each.guid), TITLE_LIMIT),
                    "reason": encode_message(lazy("it has neither a title nor a text")),
                }
            }
        elif article_id in known_ids:
            yield {"skipped": {"entry": each.title, "reason": encode_message(lazy("it appears twice in the feed"))}}
        else:
            known_ids.add(article_id)
            yield {
                "article": {**_build_article(each, article_id), "former": [one for one in former if one != article_id]}
            }


def extract_lead(texts: Sequence[RawText], title: str) -> str:
    """Return the first text that says something of its own, without secrets and within the limit of an article."""
    best = ""
    for raw_text in texts:
        text = remove_leading_title(
            remove_boilerplate(to_plain_text(raw_text.text, markup=raw_text.is_markup)[:_SCAN_LIMIT]), title
        )
        if len(text) > len(best):
            best = text
        if len(best) >= _SUFFICIENT_LENGTH:
            break
    return truncate(redact_prose(best), TEXT_LIMIT)


def _clean_entry(entry: RawEntry, feed_title: str, home: str, url: str, now: datetime) -> CleanEntry:
    raw_title = to_safe_line(entry.title.text, TITLE_LIMIT, markup=entry.title.is_markup)
    source = to_safe_line(entry.source, PUBLISHER_LIMIT)
    title, publisher = find_publisher(raw_title, source=source, feed_title=feed_title, feed_url=url)
    text = extract_lead(entry.texts, raw_title)
    link = clean_link(entry.link, home or url) or clean_link(entry.guid)
    published, is_dated = choose_publication_date(entry.dates, now)
    return CleanEntry(
        title=title or truncate(text.split("\n", 1)[0], _TITLE_FROM_TEXT_LIMIT),
        text=text,
        url="" if link and is_front_page(link) and build_link_key(link) == build_link_key(home) else link,
        publisher=truncate(publisher or get_host(link or url), PUBLISHER_LIMIT),
        published=published,
        is_dated=is_dated,
        guid=to_plain_line(entry.guid, TITLE_LIMIT),
        link=to_plain_line(entry.link, TITLE_LIMIT),
    )


def _drop_common_suffix(clean_entries: Sequence[CleanEntry]) -> None:
    name = find_common_suffix([each.title for each in clean_entries])
    for each in clean_entries if name else ():
        each.title = remove_publisher(each.title, [name])


def _build_article(entry: CleanEntry, article_id: str) -> dict[str, Any]:
    return {
        "id": article_id,
        "title": entry.title,
        "published": entry.published.isoformat(),
        "text": entry.text,
        "url": entry.url,
        "publisher": entry.publisher,
        "dated": entry.is_dated,
    }
