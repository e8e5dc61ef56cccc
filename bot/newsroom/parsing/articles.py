"""From a raw feed to articles: cleaned, dated, each known by a lasting id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.languages import noted
from bot.model.article import TEXT_LIMIT, TITLE_LIMIT
from bot.newsroom.parsing.clutter import without_clutter, without_title
from bot.newsroom.parsing.former import former_ids
from bot.newsroom.parsing.identity import Marks, article_ids
from bot.newsroom.parsing.links import clean_link, host_of, is_front_page, link_key
from bot.newsroom.parsing.plain import cut, plain_line, plain_text
from bot.newsroom.parsing.publishers import PUBLISHER_LIMIT, common_suffix, publisher_of, split_title
from bot.newsroom.parsing.raw import UNREADABLE, RawEntry, RawFeed, RawText
from bot.newsroom.parsing.times import published_at

#: An entry without a title is called by the beginning of its text, so long.
_TITLE_OF_TEXT = 120
#: A text shorter than this says less than the title; a longer one of the same entry is taken.
_ENOUGH = 200
#: Of a text so much is looked through for news: clutter in front of it included, more than an article keeps.
_READ = 4 * TEXT_LIMIT


@dataclass(slots=True)
class Found:
    """An entry, cleaned.

    Attributes:
        link: as its publisher wrote it.
    """

    title: str
    text: str
    url: str
    publisher: str
    published: datetime
    dated: bool
    guid: str
    link: str


def article_parts(feed: RawFeed, url: str, now: datetime) -> Iterator[dict[str, Any]]:
    """The feed as plain data: a part for itself, then one for each article and for each entry that is none."""
    title, home = plain_line(feed.title.text, TITLE_LIMIT, markup=feed.title.markup), clean_link(feed.link, url)
    yield {
        "feed": {
            "title": title,
            "link": home,
            "format": feed.format.value,
            "ttl": feed.ttl_minutes,
            "dropped": feed.dropped,
        }
    }
    faults = list(feed.faults)
    found: list[Found] = []
    for entry in feed.entries:
        try:
            found.append(_clean(entry, title, home, url, now))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - whatever one entry brings about, the others are read
            faults.append((entry.place, UNREADABLE))
    for place, reason in sorted(faults):
        yield {"skipped": {"entry": "", "place": place, "reason": reason}}
    _drop_common_suffix(found)
    marks = [
        Marks(each.url, each.guid, each.title, each.publisher, home or url, each.published, each.text) for each in found
    ]
    seen: set[str] = set()
    before = [replace(mark, guid=mark.guid or each.link) for mark, each in zip(marks, found, strict=True)]
    for each, known_by, former in zip(found, article_ids(marks), former_ids(before), strict=True):
        if not each.title:
            yield {
                "skipped": {
                    "entry": cut(each.url or each.guid, TITLE_LIMIT),
                    "reason": noted("it has neither a title nor a text"),
                }
            }
        elif known_by in seen:
            yield {"skipped": {"entry": each.title, "reason": noted("the feed has it twice")}}
        else:
            seen.add(known_by)
            yield {"article": {**_told(each, known_by), "former": [one for one in former if one != known_by]}}


def lead(texts: Sequence[RawText], title: str) -> str:
    """The first text that says something of its own, within the limit of an article."""
    best = ""
    for raw in texts:
        text = without_title(without_clutter(plain_text(raw.text, markup=raw.markup)[:_READ]), title)
        if len(text) > len(best):
            best = text
        if len(best) >= _ENOUGH:
            break
    return cut(best, TEXT_LIMIT)


def _clean(entry: RawEntry, feed_title: str, home: str, url: str, now: datetime) -> Found:
    named = plain_line(entry.title.text, TITLE_LIMIT, markup=entry.title.markup)
    source = plain_line(entry.source, PUBLISHER_LIMIT)
    title, publisher = publisher_of(named, source=source, feed_title=feed_title, feed_url=url)
    text = lead(entry.texts, named)
    link = clean_link(entry.link, home or url) or clean_link(entry.guid)
    published, dated = published_at(entry.dates, now)
    return Found(
        title=title or cut(text.split("\n", 1)[0], _TITLE_OF_TEXT),
        text=text,
        url="" if link and is_front_page(link) and link_key(link) == link_key(home) else link,
        publisher=cut(publisher or host_of(link or url), PUBLISHER_LIMIT),
        published=published,
        dated=dated,
        guid=plain_line(entry.guid, TITLE_LIMIT),
        link=plain_line(entry.link, TITLE_LIMIT),
    )


def _drop_common_suffix(found: Sequence[Found]) -> None:
    name = common_suffix([each.title for each in found])
    for each in found if name else ():
        each.title = split_title(each.title, [name])


def _told(each: Found, known_by: str) -> dict[str, Any]:
    return {
        "id": known_by,
        "title": each.title,
        "published": each.published.isoformat(),
        "text": each.text,
        "url": each.url,
        "publisher": each.publisher,
        "dated": each.dated,
    }
