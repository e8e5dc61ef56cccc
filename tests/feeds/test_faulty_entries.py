"""The desk sees at a feed which of its entries could not be read, for as long as the feed has them."""

from __future__ import annotations

import pytest

from bot.model.article import Article
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.parsing.results import FeedFormat, ParsedFeed, SkippedEntry
from bot.store import Store
from tests.feeds.local import Publishers
from tests.feeds.polls import Desk
from tests.store.material import START, HandClock


class FaultyReader:
    """Gives an article, an entry without a title, and for each line an entry of that name that cannot be read."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        faults = (SkippedEntry(line, "it could not be read", is_fault=True) for line in body.decode().splitlines())
        skipped = (SkippedEntry("x", "it has neither a title nor a text"), *faults)
        return ParsedFeed("Paper", "", FeedFormat.RSS, (Article("a", "One", START),), skipped)

    async def find_feed_links(self, body: bytes, *, url: str) -> tuple[str, ...]:
        return ()


@pytest.fixture
async def desk(store: Store, fetcher: Fetcher, clock: HandClock) -> Desk:
    return Desk(store, fetcher, clock, reader=FaultyReader())


async def test_a_feed_says_which_of_its_entries_could_not_be_read(publishers: Publishers, desk: Desk) -> None:
    await desk.add(publishers.url("/feed"))
    for body, reason in (
        ("Honda", "One of its entries couldn't be read: Honda."),
        ("Honda\nNissan\nKia", "3 of its entries couldn't be read; the first is Honda."),
        ("", ""),
    ):
        publishers.says("/feed", body)
        assert await desk.poll(hours=2) == 1
        feed = await desk.feed()
        assert (feed.reason, feed.failures, feed.is_broken) == (reason, 0, False)


async def test_faults_stay_while_a_feed_is_unchanged(publishers: Publishers, desk: Desk) -> None:
    """A poll without faults clears the reason."""
    await desk.add(publishers.url("/feed"))
    publishers.says("/feed", "Honda", headers={"ETag": '"1"'})
    await desk.poll()
    publishers.says("/feed", status=304)
    await desk.poll(hours=3)
    assert (await desk.feed()).reason == "One of its entries couldn't be read: Honda."
    publishers.says("/feed", status=500)
    await desk.poll(hours=3)
    assert (await desk.feed()).failures == 1
    publishers.says("/feed", status=304)
    await desk.poll(hours=12)
    assert ((await desk.feed()).failures, (await desk.feed()).reason) == (0, "")
