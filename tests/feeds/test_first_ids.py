"""What a store of the first version knows is no news again, though articles have other ids now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.model.article import Article
from bot.newsroom.feeds.preview import REASON_KNOWN, preview_feed
from bot.store import Store
from bot.store.tables import article
from tests.store.material import START
from tests.unit.parsing.feeds import item, read, rss

#: Entries of a feed, and the ids that the first version gave them; none if it took the entry for one it had already.
ENTRIES = [
    (item("Plain", link="https://paper.example/1?utm_source=rss"), "240f4a2c3a19fdc9abc167c8"),
    (item("Named by its feed", link="", guid="urn:7"), "1cf5fe0d4525eee8de2ae672"),
    (item("From a reader", link="https://paper.example/2?source=rss----1---4"), "820e019f31885e1e7048b7df"),
    (item("Press release", link="https://paper.example/show?assetid=1", guid="1"), "49bdeddf85bf0a5d68c7f083"),
    (item("Press release", link="https://paper.example/show?assetid=2", guid="2"), ""),
    (item("A thread", link="https://paper.example/forum.php?mod=viewthread&tid=3"), "ea582bf31f45cc6712825d8c"),
    (item("Batteries", link="https://paper.example/?feature=ev-battery", guid="f"), "51b67876e4dd9e92fe247795"),
    (
        item(
            "Route one", link="https://paper.example/app#/article/1", guid="r1", pubDate="Tue, 03 Feb 2026 04:05:06 GMT"
        ),
        "1f3fafa18c42beadaffc3363",
    ),
    (
        item(
            "Route two", link="https://paper.example/app#/article/2", guid="r2", pubDate="Tue, 03 Feb 2026 05:05:06 GMT"
        ),
        "8fa43fd9db876e9bd796d509",
    ),
]


async def poll(store: Store, *items: str) -> list[str]:
    """Read a feed with these items; the titles of what is new."""
    async with store.write() as tx:
        before = {arrival.id for arrival in await tx.articles.list_pending(1_000)}
        await tx.articles.ingest(1, read(rss(items)).articles, START, fresh_since=START)
        return [arrival.article.title for arrival in await tx.articles.list_pending(1_000) if arrival.id not in before]


@pytest.fixture
async def upgraded(store: Store) -> Store:
    """Return a store that the first version has filled from the feed of ENTRIES."""
    listed = [Article(key, "As it was", START) for _, key in ENTRIES if key]
    async with store.write() as tx:
        await tx.feeds.add("https://paper.example/feed.xml", "paper.example", START - timedelta(days=1))
        await tx.articles.ingest(1, listed, START, fresh_since=None)
        await tx.connection.execute(update(article).values(key_rule=1))
    return store


async def test_nothing_is_news_again_after_the_upgrade(upgraded: Store) -> None:
    feed = [entry for entry, _ in ENTRIES]
    assert await poll(upgraded, *feed) == []
    assert await poll(upgraded, *reversed(feed)) == []


async def test_one_article_of_the_feed_alone_is_known_too(upgraded: Store) -> None:
    for entry in (entry for entry, key in ENTRIES if key):
        assert await poll(upgraded, entry) == []


async def test_what_comes_after_the_upgrade_is_news(upgraded: Store) -> None:
    """The first version took these for articles that it knew."""
    feed = [entry for entry, _ in ENTRIES]
    await poll(upgraded, *feed)
    more = [
        item("Press release", link="https://paper.example/show?assetid=3", guid="3"),
        item(
            "Route three",
            link="https://paper.example/app#/article/3",
            guid="r3",
            pubDate="Tue, 03 Feb 2026 06:05:06 GMT",
        ),
        item("More batteries", link="https://paper.example/?feature=ev-more"),
    ]
    for entry in more:
        assert len(await poll(upgraded, entry, *feed)) == 1
        assert await poll(upgraded, entry) == []


async def test_a_check_says_that_they_are_known(upgraded: Store) -> None:
    checked = await preview_feed(upgraded, "https://paper.example/feed.xml", read(rss([entry for entry, _ in ENTRIES])))
    assert {reason for _, reason in checked.articles} == {REASON_KNOWN}


async def test_a_new_store_ignores_former_ids(store: Store) -> None:
    """A page, and an article that the first version could not tell from it."""
    async with store.write() as tx:
        await tx.feeds.add("https://paper.example/feed.xml", "paper.example", START)
    page = item("The page", link="https://paper.example/show")
    release = item("Press release", link="https://paper.example/show?assetid=1")
    assert await poll(store, page) == ["The page"]
    assert await poll(store, release) == ["Press release"]
    assert await poll(store, page, release) == []


async def test_an_article_without_a_former_link_is_known_by_its_id(store: Store) -> None:
    """It had no link in the first version, which knew it by its guid."""
    async with store.write() as tx:
        await tx.feeds.add("https://paper.example/feed.xml", "paper.example", START)
    bare = item("Named by its feed", link="", guid="urn:7")
    assert await poll(store, bare) == ["Named by its feed"]
    async with store.write() as tx:
        await tx.connection.execute(update(article).values(key_rule=1))
    assert await poll(store, bare.replace("<guid>", "<link>https://paper.example/7</link><guid>")) == []
