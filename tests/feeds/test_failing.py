"""Feeds that fail: tried for ever, ever more slowly, and named once; hosts that ask for time; feeds that are gone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.errors import WorkerNotStarted
from bot.model.cadence import FLOOR, back_off
from bot.model.feed import BROKEN_AFTER
from bot.newsroom.feeds.fetching import Fetcher
from bot.store import Store
from tests.feeds.local import Publishers
from tests.feeds.polls import Desk, LineReader, Lines, ToldDesk
from tests.store.material import HandClock


@pytest.fixture
async def desk(store: Store, fetcher: Fetcher, clock: HandClock) -> Desk:
    return Desk(store, fetcher, clock)


async def test_gone_is_final_and_told_once(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", status=410)
    await desk.add(publishers.url("/feed"))
    assert await desk.poll() == 1
    assert await desk.poll(days=400) == 0
    [(number, reason)] = desk.told.told
    assert (number, "taken down for good (410)" in reason) == (1, True)


async def test_a_host_that_asks_for_time_gets_it_with_all_its_feeds_over_a_restart(
    publishers: Publishers, desk: Desk
) -> None:
    publishers.says("/a", status=429, headers={"Retry-After": "36000"})
    publishers.says("/b", "b")
    publishers.says("/c", "c")
    await desk.add(publishers.url("/a"))
    await desk.add(publishers.url("/b"))
    await desk.add(publishers.url("/c", "other.example"))
    await desk.poll()
    async with Fetcher(desk.fetcher._guard, desk.clock, resolver=desk.fetcher._resolver) as fresh:
        desk.fetcher = fresh
        await desk.poll(minutes=599)
        assert sorted(set(publishers.paths())) == ["/a", "/c"]
        await desk.poll(minutes=2)
    assert publishers.paths().count("/b") == 1
    assert (await desk.feed(2)).failures == 0, "it was its neighbour that was refused"


async def test_a_broken_feed_is_tried_ever_more_slowly_for_ever_and_named_once(
    publishers: Publishers, desk: Desk
) -> None:
    publishers.says("/feed", status=500)
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    waits: list[timedelta] = []
    for _ in range(40):
        feed = await desk.feed()
        waits.append(feed.next_poll - desk.clock())
        desk.clock.now = feed.next_poll
        assert await desk.poll() == 1, "each after a restart"
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (FLOOR, timedelta(days=30))
    [(number, reason)] = desk.told.told
    assert (number, "answered 500 Internal Server Error" in reason) == (1, True)


async def test_a_feed_that_has_recovered_and_breaks_again_is_named_again(publishers: Publishers, desk: Desk) -> None:
    await desk.add(publishers.url("/feed"))
    for _ in range(2):
        publishers.says("/feed", "!broken")
        for _ in range(BROKEN_AFTER):
            await desk.poll(days=31)
        publishers.says("/feed", "a")
        await desk.poll(days=31)
        assert (await desk.feed()).failures == 0
    assert [number for number, _ in desk.told.told] == [1, 1]


async def test_a_desk_that_does_not_hear_is_told_again(publishers: Publishers, desk: Desk) -> None:
    desk.told = ToldDesk(deaf=1)
    publishers.says("/feed", status=410)
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    assert desk.told.told == []
    await desk.poll(minutes=2)
    await desk.poll(minutes=2)
    assert len(desk.told.told) == 1


def test_the_back_off_never_shortens_and_has_no_end() -> None:
    waits = [back_off(failures) for failures in range(1, 1_000)]
    assert waits == sorted(waits)
    assert waits[:6] == [FLOOR * n for n in (1, 2, 4, 8, 16, 24)]


class Unstartable(LineReader):
    """The process that reads cannot be started, for some library is missing."""

    async def feed(self, body: bytes, *, url: str, content_type: str) -> Lines:
        raise WorkerNotStarted("The process that reads feeds cannot be started: a library is missing.")


async def test_a_reader_that_cannot_start_is_no_fault_of_the_feeds(publishers: Publishers, desk: Desk) -> None:
    """The desk is not told of a hundred broken feeds; once the reader starts again they are read soon."""
    publishers.says("/feed", "news")
    await desk.add(publishers.url("/feed"))
    desk.reader = Unstartable()
    for _ in range(BROKEN_AFTER + 2):
        await desk.poll(minutes=11)
    assert (await desk.feed()).failures == 0
    assert desk.told.told == []
    desk.reader = LineReader()
    await desk.poll(minutes=11)
    assert (await desk.feed()).read_at is not None
