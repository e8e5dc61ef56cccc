"""Articles in the store: known once, pending until they are tracked, forgotten only when no feed lists them any more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.model.article import Article
from bot.model.feed import ArticleState, StoredArticle
from bot.store import Store
from bot.store.articles import RETENTION
from tests.store.material import START

DAY = timedelta(days=1)


@pytest.fixture
async def feeds(store: Store) -> Store:
    """Return a store with two feeds."""
    async with store.write() as tx:
        for number in (1, 2):
            await tx.feeds.add(f"https://a.example/{number}", "a.example", START)
    return store


def article(key: str, published: datetime = START, title: str = "A title") -> Article:
    return Article(key, title, published, "The text.", f"https://a.example/{key}", "A publisher")


async def take(store: Store, *keys: str, now: datetime = START, feed: int = 1, fresh: datetime | None = START) -> int:
    async with store.write() as tx:
        arrived = await tx.articles.ingest(feed, [article(key) for key in keys], now, fresh_since=fresh)
        await tx.articles.erase_unlisted(feed, now)
        await tx.articles.erase_orphans(now)
    return arrived


async def known(store: Store, *keys: str) -> set[str]:
    async with store.read() as tx:
        return set(await tx.articles.find_known_ids([article(key) for key in keys]))


async def pending(store: Store, limit: int = 100) -> tuple[StoredArticle, ...]:
    async with store.read() as tx:
        return await tx.articles.list_pending(limit)


async def test_an_article_comes_back_as_it_went_in(feeds: Store) -> None:
    assert await take(feeds, "a") == 1
    assert await pending(feeds) == (StoredArticle(1, 1, article("a"), START, ArticleState.NEW),)


async def test_what_is_done_waits_no_more_and_stays_known(feeds: Store) -> None:
    await take(feeds, "a", "b", "c")
    first, second = await pending(feeds, limit=2)
    async with feeds.write() as tx:
        await tx.articles.mark_done([first.id, second.id])
    assert [one.article.id for one in await pending(feeds)] == ["c"]
    assert await take(feeds, "a", "b", "c", feed=2) == 0


async def test_they_wait_in_the_order_in_which_they_were_published(feeds: Store) -> None:
    listed = [article("late", START + 2 * DAY), article("early", START), article("middle", START + DAY)]
    async with feeds.write() as tx:
        await tx.articles.ingest(1, listed, START, fresh_since=START)
    assert [one.article.id for one in await pending(feeds)] == ["early", "middle", "late"]


async def test_of_two_articles_of_one_id_the_first_counts(feeds: Store) -> None:
    async with feeds.write() as tx:
        arrived = await tx.articles.ingest(
            1, [article("a", title="First"), article("a", title="Second")], START, fresh_since=START
        )
    assert arrived == 1
    assert (await pending(feeds))[0].article.title == "First"


async def test_thousands_are_taken_in_at_once(feeds: Store) -> None:
    """More than a statement can have values."""
    keys = [f"key-{number}" for number in range(3_000)]
    assert await take(feeds, *keys) == 3_000
    assert await take(feeds, *keys, now=START + 2 * DAY) == 0


async def test_an_article_is_not_forgotten_while_a_feed_lists_it(feeds: Store) -> None:
    """However old it is: forgotten and listed, it would be news once more."""
    await take(feeds, "a", "b", fresh=None)
    for month in range(1, 12):
        await take(feeds, "a", now=START + month * 30 * DAY)
    assert await known(feeds, "a", "b") == {"a"}


async def test_a_feed_that_was_not_read_for_long_forgets_nothing(feeds: Store) -> None:
    """It may have been unchanged, or broken, for all that time."""
    await take(feeds, "a", fresh=None)
    await take(feeds, "a", now=START + 3 * RETENTION)
    assert await known(feeds, "a") == {"a"}


async def test_what_waits_to_be_tracked_is_never_forgotten(feeds: Store) -> None:
    await take(feeds, "a")
    await take(feeds, "b", now=START + 2 * RETENTION)
    assert await known(feeds, "a") == {"a"}


async def test_what_another_feed_lists_stays_known(feeds: Store) -> None:
    await take(feeds, "a", fresh=None)
    await take(feeds, "a", feed=2, now=START + RETENTION)
    await take(feeds, "b", feed=1, now=START + RETENTION + DAY)
    assert await known(feeds, "a") == {"a"}


async def test_what_a_removed_feed_brought_stays_known_for_a_while(feeds: Store) -> None:
    await take(feeds, "a", fresh=None)
    async with feeds.write() as tx:
        assert await tx.feeds.remove(1)
    assert await take(feeds, "a", feed=2, now=START + DAY / 2) == 0
    await take(feeds, "b", feed=2, now=START + RETENTION / 2)
    assert await known(feeds, "a") == {"a"}
    await take(feeds, "b", feed=2, now=START + RETENTION + DAY)
    assert await known(feeds, "a") == set()


async def test_articles_are_counted_for_the_feed_that_had_them_first(feeds: Store) -> None:
    await take(feeds, "a", "b")
    await take(feeds, "b", "c", feed=2)
    async with feeds.read() as tx:
        assert await tx.articles.count_by_feed() == {1: 2, 2: 1}
