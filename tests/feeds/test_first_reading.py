"""What the first version misread is known after the upgrade, too: better titles, links and ids make no news of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.model.article import Article
from bot.newsroom.feeds.preview import REASON_KNOWN, preview_feed
from bot.newsroom.parsing.results import ParsedFeed
from bot.store import Store
from bot.store.tables import article
from tests.unit.parsing.feeds import NOW, item, read, rss

URL = "https://paper.example/feed.xml"
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>{}</feed>'
OTHER_LINK = '<link xmlns="http://www.w3.org/2005/Atom" rel="self" href="https://paper.example/self"/>'
XHTML = '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Honda <b>opens</b> a plant</div></title>'


def front(number: int, **fields: str) -> str:
    return item(
        f"News {number}", link="https://paper.example/", pubDate=f"Sat, 0{number} Feb 2026 01:02:03 GMT", **fields
    )


#: A feed, and what the first version made of it: ids, titles and times.
FEEDS: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "a bare ampersand in the link and in the title": (
        rss([item("AT@T and R@D", link="https://paper.example/show?a=1@b=2@id=7").replace("@", "&")]),
        [("a0737c3167a0eed084b33890", "AT and R", "2026-02-03T04:05:06+00:00")],
    ),
    "a link behind that of another page": (
        rss([item().replace("<link>", f"{OTHER_LINK}<link>"), item("Two", link="https://paper.example/2", guid="g2").replace("<link>", f"{OTHER_LINK}<link>")]),
        [("bec09818859602493f5806c2", "One", "2026-02-03T04:05:06+00:00"), ("e05362585e5343f06faab7cb", "Two", "2026-02-03T04:05:06+00:00")],
    ),
    "a title behind that of a picture, in an entry without a link": (
        rss([item("Honda opens a plant", link="").replace("<title>", "<title xmlns='http://search.yahoo.com/mrss/'>Photo 1</title><title>")]),
        [("b70c21fbddc22e5b2c27fcdd", "Photo 1", "2026-02-03T04:05:06+00:00")],
    ),
    "nested bases": (
        ATOM.replace("<feed", '<feed xml:base="https://paper.example/blog/"').format(
            "<entry xml:base='2026/'><title>One</title><link href='one'/><updated>2026-02-03T04:05:06Z</updated></entry>"
        ),
        [("c6263cf38acd9f59e3acfee6", "One", "2026-02-03T04:05:06+00:00")],
    ),
    "links to the front page": (rss([front(number) for number in (4, 3, 2, 1)]), [
        ("6b423042b9cf3cf50a6fdc75", "News 4", "2026-02-04T01:02:03+00:00"), ("6377989da7b265f0ab735df5", "News 1", "2026-02-01T01:02:03+00:00"),
    ]),
    "links to the front page without a date": (rss([front(number).replace("pubDate", "x") for number in (4, 3, 2, 1)]), [
        ("6b423042b9cf3cf50a6fdc75", "News 4", "2026-02-28T12:00:00+00:00"), ("6377989da7b265f0ab735df5", "News 1", "2026-02-28T12:00:00+00:00"),
    ]),
    "a title with elements, in an entry without a link": (
        ATOM.format(f"<entry>{XHTML}<updated>2026-02-03T04:05:06Z</updated><content>The plant is in Ohio.</content></entry>"),
        [("915caca65f86e63222655561", "The plant is in Ohio.", "2026-02-03T04:05:06+00:00")],
    ),
    "letters that one bad byte had broken, in an entry without a link": (
        rss([item("Škoda – ü@", link="")]),
        [("35f12632fb9273abdc3dd8d7", "Å koda â€“ Ã¼ë", "2026-02-03T04:05:06+00:00")],
    ),
    "a column": (
        rss([item("Wrap", guid="w2", description="Honda gains.", pubDate="Wed, 04 Feb 2026 01:02:03 GMT"), item("Wrap", guid="w1", description="Nissan falls.")]),
        [("240f4a2c3a19fdc9abc167c8", "Wrap", "2026-02-04T01:02:03+00:00")],
    ),
    "entities": (rss([item("Caf@eacute; news", link="", guid="").replace("@", "&").replace("&amp;", "&")]), [("a7527ee7ff11ab1911d12cb8", "Caf", "2026-02-03T04:05:06+00:00")]),
}  # fmt: skip


def read_feed(name: str, *before: str) -> ParsedFeed:
    """Return the feed as it is read now, with entries before its first."""
    body, _ = FEEDS[name]
    start = min(place for place in (body.find("<item"), body.find("<entry")) if place > 0)
    return read((body[:start] + "".join(before) + body[start:]).encode().replace(b"\xbc@", b"\xbc\xeb"), url=URL)


async def poll(store: Store, read_now: ParsedFeed, *, days: float = 0) -> list[str]:
    """Poll the feed; the titles of what is new."""
    now = NOW + timedelta(days=days)
    async with store.write() as tx:
        feed = await tx.feeds.find(1)
        assert feed is not None
        assert feed.read_at is not None
        before = {arrival.id for arrival in await tx.articles.list_pending(1_000)}
        await tx.articles.ingest(1, read_now.articles, now, fresh_since=feed.read_at - timedelta(days=90))
        await tx.feeds.save([replace(feed, read_at=now)])
        arrivals = await tx.articles.list_pending(1_000)
    return [arrival.article.title for arrival in arrivals if arrival.id not in before]


async def fill(store: Store, name: str) -> None:
    """Put into the store what the first version made of a feed, which it read an hour ago."""
    read_at = NOW - timedelta(hours=1)
    listed = [
        replace(read_feed(name).articles[0], id=key, title=title, published_at=NOW.fromisoformat(when), former_ids=())
        for key, title, when in FEEDS[name][1]
    ]
    async with store.write() as tx:
        await tx.feeds.add(URL, "paper.example", read_at)
        await tx.articles.ingest(1, listed, read_at, fresh_since=None)
        await tx.connection.execute(update(article).values(key_rule=1))
        feed = await tx.feeds.find(1)
        assert feed is not None
        await tx.feeds.save([replace(feed, read_at=read_at)])


@pytest.mark.parametrize("name", FEEDS)
async def test_what_was_misread_is_no_news_again(store: Store, name: str) -> None:
    await fill(store, name)
    feed = read_feed(name)
    assert feed.articles
    checked = await preview_feed(store, URL, feed)
    assert {reason for _, reason in checked.articles} == {REASON_KNOWN}
    assert await poll(store, feed) == []
    assert await poll(store, feed, days=0.1) == []
    assert await poll(store, feed, days=20) == []


@pytest.mark.parametrize("name", FEEDS)
async def test_what_comes_after_is_news(store: Store, name: str) -> None:
    await fill(store, name)
    await poll(store, read_feed(name))
    for number in (8, 9):
        fields = {
            "pubDate": f"Sat, {number:02} Feb 2026 10:11:12 GMT",
            "guid": f"n{number}",
            "description": f"New {number}",
        }
        link = "https://paper.example/" if "front" in name else f"https://paper.example/new/{number}"
        new = item(
            "Wrap" if "column" in name else f"More {number}",
            link="https://paper.example/1" if "column" in name else link,
            **fields,
        )
        if "Atom" in FEEDS[name][0]:
            new = f"<entry><title>More {number}</title><link href='{link}'/><updated>2026-02-08T10:11:12Z</updated></entry>"
        assert len(await poll(store, read_feed(name, new), days=number / 100)) == 1


async def test_a_new_article_of_the_first_poll_is_news(store: Store) -> None:
    name = "a bare ampersand in the link and in the title"
    await fill(store, name)
    new = item("Honda opens a plant", link="https://paper.example/9", pubDate="Sun, 01 Mar 2026 11:30:00 GMT")
    assert await poll(store, read_feed(name, new)) == ["Honda opens a plant"]


async def test_a_title_that_comes_again_is_news(store: Store) -> None:
    """Only what the feed listed when the first version read it last may be listed by another id now."""
    name = "nested bases"
    await fill(store, name)
    await poll(store, read_feed(name))
    again = (
        "<entry><title>One</title><link href='https://paper.example/9'/><updated>2026-03-01T11:30:00Z</updated></entry>"
    )
    assert await poll(store, read_feed(name, again), days=0.1) == ["One"]


async def test_a_day_is_no_moment(store: Store) -> None:
    """Many articles may be of one day."""
    listed = Article("0" * 24, "Yesterday's news", NOW.replace(hour=0))
    async with store.write() as tx:
        await tx.feeds.add(URL, "paper.example", NOW)
        await tx.articles.ingest(1, [listed], NOW, fresh_since=None)
        await tx.connection.execute(update(article).values(key_rule=1))
        feed = await tx.feeds.find(1)
        assert feed is not None
        await tx.feeds.save([replace(feed, read_at=NOW)])
    new = item("Today's news", link="https://paper.example/9", pubDate="2026-03-01")
    assert await poll(store, read(rss([new]), url=URL)) == ["Today's news"]
