"""A clock that was ahead and is put right keeps no feed waiting, without a restart and over one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.newsroom.feeds.fetcher import Fetcher
from bot.store import Store
from bot.store.failures import WorkKind
from tests.feeds.local import Publishers
from tests.feeds.polls import Desk
from tests.store.material import START, HandClock

pytestmark = pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=400)], ids=str)


@pytest.fixture
async def desk(store: Store, fetcher: Fetcher, clock: HandClock) -> Desk:
    return Desk(store, fetcher, clock)


@pytest.mark.parametrize("restarted", [False, True], ids=["the bot runs on", "the bot is restarted"])
async def test_a_feed_read_meanwhile_keeps_its_interval(
    restarted: bool, ahead: timedelta, publishers: Publishers, desk: Desk, clock: HandClock
) -> None:
    """And what is dated today is news, though the feed was last read in the future."""
    await desk.add(publishers.url("/feed"))
    publishers.says("/feed", "old")
    poller = desk.poller()
    await poller.run_once()
    clock.now += ahead
    assert await poller.run_once() == 1
    clock.now = START + timedelta(minutes=5)
    poller = desk.poller() if restarted else poller
    assert await poller.run_once() == 0
    publishers.says("/feed", "old\nnews 2026-01-01")
    clock.forward(hours=2)
    assert await poller.run_once() == 1
    assert await desk.pending() == ["news"]


async def test_a_feed_that_failed_meanwhile_is_tried_again(
    ahead: timedelta, publishers: Publishers, desk: Desk, clock: HandClock
) -> None:
    await desk.add(publishers.url("/feed"))
    publishers.says("/feed", "", status=500)
    poller = desk.poller()
    clock.now += ahead
    await poller.run_once()
    clock.now = START
    publishers.says("/feed", "back")
    assert await poller.run_once() == 0
    clock.forward(hours=2)
    assert await poller.run_once() == 1


async def test_a_host_is_left_alone_for_as_long_as_it_asked(
    ahead: timedelta, publishers: Publishers, desk: Desk, clock: HandClock
) -> None:
    """Three hours, which begin anew at the next look: it is left alone for no day."""
    await desk.add(publishers.url("/feed"))
    publishers.says("/feed", "", status=429, headers={"Retry-After": "10800"})
    poller = desk.poller()
    clock.now += ahead
    await poller.run_once()
    clock.now = START
    publishers.says("/feed", "back")
    asked_at = []
    for minutes in range(0, 360, 30):
        clock.now = START + timedelta(minutes=minutes)
        if await poller.run_once() and len(publishers.paths()) == 2:
            asked_at.append(minutes)
    assert 180 <= asked_at[0] <= 300


async def test_work_that_failed_meanwhile_is_attempted_again(
    ahead: timedelta, publishers: Publishers, desk: Desk, clock: HandClock
) -> None:
    await desk.add(publishers.url("/feed"))
    publishers.says("/feed", "old")
    await desk.poll()
    publishers.says("/feed", "old\nnews")
    await desk.poll(hours=2)
    right = clock.now
    clock.now += ahead
    async with desk.store.write() as tx:
        (arrival,) = await tx.articles.list_pending(10)
        await tx.failures.begin_attempt(WorkKind.ARTICLE, [arrival.id], clock.now)
        await tx.failures.record_failure(WorkKind.ARTICLE, arrival.id, "an error", clock.now)
        assert await tx.articles.list_due(clock.now, 10, ()) == ()
        clock.now = right
        assert [each.id for each in await tx.articles.list_due(clock.now, 10, ())] == [arrival.id]
