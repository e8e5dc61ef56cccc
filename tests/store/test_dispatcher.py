"""The dispatcher as it runs: what wakes it, what it survives, how it ends, and what the next start finds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import timedelta

import pytest

from bot.delivery import dispatcher as dispatching
from bot.delivery.dispatcher import LEASE_DURATION, Dispatcher, TaskPool
from bot.delivery.port import TryAgain, UnexplainedRefusal
from bot.delivery.retention import Retention
from bot.model.post import Post
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from tests.engines import StoreDatabase
from tests.store.delivery import Delivery
from tests.store.material import START, draft
from tests.store.publishing import RecordingPublisher


@pytest.fixture
async def store(database: StoreDatabase) -> AsyncIterator[Store]:
    """Impatient: a store that another holds is an error at once."""
    async with open_store(database.url, busy_seconds=0.05) as opened:
        yield opened


@pytest.fixture(autouse=True)
async def follow_a_channel(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "LEASE_INTERVAL", 0.0)
    await delivery.follow_channel(1)


class Listener(logging.Handler):
    """Hears the dispatcher say something in its log."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self._words = words
        self.heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        """Set when the words are in it."""
        if self._words in record.getMessage():
            self.heard.set()


@contextlib.contextmanager
def listening(words: str) -> Iterator[Listener]:
    """Yield what the dispatcher's log says from now on."""
    listener = Listener(words)
    dispatching.log.addHandler(listener)
    try:
        yield listener
    finally:
        dispatching.log.removeHandler(listener)


@contextlib.asynccontextmanager
async def running(dispatcher: Dispatcher) -> AsyncIterator[asyncio.Task[None]]:
    """Yield the dispatcher at work; in the end it is cancelled, and must end by that."""
    task = asyncio.create_task(dispatcher.run())
    try:
        yield task
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=60)
        assert task.cancelled()


async def wait_for_a_post(publisher: RecordingPublisher) -> None:
    async with asyncio.timeout(60):
        await publisher.arrival.wait()
    publisher.arrival.clear()


async def wait_until_sent(delivery: Delivery, count: int) -> None:
    """Wait until so many posts are sent; while we read, the dispatcher goes on."""
    async with asyncio.timeout(60):
        while (await delivery.get_backlog()).sent_count < count:
            pass


async def test_it_is_woken_by_the_bell(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though it would not look for an hour by itself; again and again."""
    monkeypatch.setattr(dispatching, "POLL_SECONDS", 3_600.0)
    async with running(delivery.dispatcher):
        for slug in ("first", "second", "third"):
            await delivery.publish(draft(slug))
            await wait_for_a_post(delivery.publisher)
        await wait_until_sent(delivery, 3)
    assert delivery.publisher.headlines(1) == [f"First news of {slug}" for slug in ("first", "second", "third")]


async def test_a_channels_posts_follow_each_other_at_once(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next post of a channel leaves as soon as the one before is closed.

    Ten that were owed at once are sent in a row, with nobody ringing.
    """
    monkeypatch.setattr(dispatching, "POLL_SECONDS", 3_600.0)
    for number in range(10):
        await delivery.publish(draft(f"story-{number}"))
    async with running(delivery.dispatcher):
        await wait_until_sent(delivery, 10)
    assert delivery.publisher.headlines(1) == [f"First news of story-{number}" for number in range(10)]


async def test_it_finds_what_another_process_owes(delivery: Delivery) -> None:
    """Through a second store on the same database, whose desk rings no bell of ours: it is looked for five times a second."""
    assert dispatching.POLL_SECONDS <= 0.5
    async with running(delivery.dispatcher), open_store(delivery.database.url) as other:
        await Desk(other, delivery.clock).publish(draft("from-beside"), actor="a command")
        await wait_for_a_post(delivery.publisher)
    assert delivery.publisher.headlines(1) == ["First news of from-beside"]


async def test_a_database_that_fails_is_waited_for(delivery: Delivery) -> None:
    """Another program has the lock while posts are due: the log says so, and they leave when it is free."""
    await delivery.publish(draft("first"))
    with listening("Sending posts failed") as log, contextlib.ExitStack() as holding:
        holding.enter_context(delivery.database.hold())
        async with running(delivery.dispatcher), asyncio.timeout(60):
            await log.heard.wait()
            assert delivery.publisher.attempted_posts == []
            holding.close()
            delivery.bell.set()
            await wait_for_a_post(delivery.publisher)
    assert delivery.publisher.headlines(1) == ["First news of first"]


async def test_a_sent_but_unrecorded_post_is_not_repeated(delivery: Delivery) -> None:
    """A post that was sent but could not be recorded is not sent again.

    The database fails between the two: when the lease has run out the post is looked for, and found.
    """
    holding = contextlib.ExitStack()

    def fail_once() -> None:
        if not delivery.publisher.searched_posts:
            holding.enter_context(delivery.database.hold())

    delivery.publisher.before_answer = fail_once
    await delivery.publish(draft("first"))
    with listening("Recording what became of a post failed") as log, holding:
        async with running(delivery.dispatcher):
            async with asyncio.timeout(60):
                await log.heard.wait()
            holding.close()
            delivery.clock.forward(seconds=LEASE_DURATION.total_seconds() - 1)
            delivery.bell.set()
            assert (await delivery.get_backlog()).waiting_count == 1
            assert delivery.publisher.searched_posts == []
            delivery.clock.forward(seconds=1)
            delivery.bell.set()
            await wait_until_sent(delivery, 1)
    assert len(delivery.publisher.attempted_posts) == len(delivery.publisher.searched_posts) == 1


async def test_a_lease_that_ran_out_comes_back_in_doubt(delivery: Delivery) -> None:
    """Not a moment before; whoever held it may have sent it."""
    await delivery.publish(draft("first"))
    async with delivery.store.write() as tx:
        assert len(await tx.outbox.lease_due(delivery.clock(), delivery.clock() + LEASE_DURATION, 1)) == 1
    delivery.clock.now += LEASE_DURATION - timedelta(microseconds=1)
    async with delivery.store.write() as tx:
        assert not await tx.outbox.has_due(delivery.clock())
        assert await tx.outbox.lease_due(delivery.clock(), delivery.clock() + LEASE_DURATION, 1) == ()
    delivery.clock.now += timedelta(microseconds=1)
    async with delivery.store.write() as tx:
        assert await tx.outbox.has_due(delivery.clock())
        (post,) = await tx.outbox.lease_due(delivery.clock(), delivery.clock() + LEASE_DURATION, 1)
    assert (post.in_doubt, post.attempts) == (True, 2)


@pytest.mark.parametrize("had_arrived", [True, False])
async def test_a_start_resumes_at_once_what_the_last_run_left(had_arrived: bool, delivery: Delivery) -> None:
    """A start resumes at once the posts that the last run had under way.

    Without waiting for the lease to end: it is looked for, and sent only when it does not stand.
    """
    await delivery.publish(draft("first"))
    async with delivery.store.write() as tx:
        (post,) = await tx.outbox.lease_due(delivery.clock(), delivery.clock() + LEASE_DURATION, 1)
    if had_arrived:
        delivery.publisher.message_ids[post.key] = 77
    async with running(delivery.dispatcher):
        await wait_until_sent(delivery, 1)
    assert [looked_for.key for looked_for in delivery.publisher.searched_posts] == [post.key]
    assert len(delivery.publisher.sent_posts) == (0 if had_arrived else 1)


async def test_a_start_survives_that_it_cannot_take_back_leases(delivery: Delivery) -> None:
    """The database is held just then: the log says so, and the dispatcher goes on to what is due."""
    with listening("will expire") as log, contextlib.ExitStack() as holding:
        holding.enter_context(delivery.database.hold())
        async with running(delivery.dispatcher):
            async with asyncio.timeout(60):
                await log.heard.wait()
            holding.close()
            await delivery.publish(draft("first"))
            await wait_for_a_post(delivery.publisher)


async def test_a_stop_waits_for_the_try_under_way_and_records_it(delivery: Delivery) -> None:
    """What Discord took while the bot was stopping is no doubt for the next start; nothing new is begun."""
    gate = delivery.publisher.close(1)
    await delivery.publish(draft("first"))
    await delivery.publish(draft("second"))
    task = asyncio.create_task(delivery.dispatcher.run())
    async with asyncio.timeout(60):
        await delivery.publisher.attempt.wait()
        task.cancel()
        for _ in range(10):
            await asyncio.sleep(0)
        assert not task.done()
        gate.set()
        await asyncio.wait({task})
    assert task.cancelled()
    assert delivery.publisher.headlines(1) == ["First news of first"]
    async with delivery.store.write() as tx:
        assert await tx.outbox.recover(delivery.clock()) == 0
    assert ((await delivery.get_backlog()).sent_count, (await delivery.get_backlog()).waiting_count) == (1, 1)


async def test_a_stop_records_a_try_that_fails_meanwhile(delivery: Delivery) -> None:
    """It is put back with its doubt and its time, as at any other time."""
    gate = delivery.publisher.close(1)
    delivery.refuse(1, TryAgain("the connection to Discord was lost", in_doubt=True))
    await delivery.publish(draft("first"))
    task = asyncio.create_task(delivery.dispatcher.run())
    async with asyncio.timeout(60):
        await delivery.publisher.attempt.wait()
        task.cancel()
        gate.set()
        await asyncio.wait({task})
    delivery.clock.forward(seconds=60)
    async with delivery.store.write() as tx:
        (post,) = await tx.outbox.lease_due(delivery.clock(), delivery.clock() + LEASE_DURATION, 1)
    assert (post.in_doubt, post.attempts) == (True, 2)


async def test_a_stop_does_not_wait_for_ever(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """A try that Discord never answers is cut off; the next start finds its post in doubt."""
    monkeypatch.setattr(dispatching, "CLOSING_SECONDS", 0.05)
    delivery.publisher.close(1)
    await delivery.publish(draft("first"))
    task = asyncio.create_task(delivery.dispatcher.run())
    async with asyncio.timeout(60):
        await delivery.publisher.attempt.wait()
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled()
    async with delivery.store.write() as tx:
        assert await tx.outbox.recover(START) == 1


async def test_a_channel_erased_during_sending_is_forgotten(delivery: Delivery, retention: Retention) -> None:
    """A channel that is erased while its post is under way is forgotten.

    The try ends, there is nothing to record, and the dispatcher goes on.
    """
    await delivery.follow_channel(2, guild=2)
    gate = delivery.publisher.close(1)
    async with running(delivery.dispatcher):
        await delivery.publish(draft("first"))
        await wait_until_sent(delivery, 1)
        await retention.erase_guild(1)
        gate.set()
        await delivery.publish(draft("second"))
        await wait_until_sent(delivery, 2)
    assert delivery.publisher.headlines(2) == ["First news of first", "First news of second"]
    assert (await delivery.get_backlog()).waiting_count == 0


async def test_only_one_post_at_a_time_is_tried_in_an_outage(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Discord refuses everything, only one post at a time is tried.

    Thousands of refused requests are a ban. As soon as one arrives, all are tried.
    """
    monkeypatch.setattr(dispatching, "PROBE_AFTER", 5)
    monkeypatch.setattr(dispatching, "PROBE_INTERVAL", 0.05)
    for number in range(1, 31):
        await delivery.follow_channel(number)
        delivery.refuse(number, UnexplainedRefusal("refused", in_doubt=False))
    for number in range(15, 31):
        delivery.publisher.end_refusals(number)
    under_way: list[int] = []
    monkeypatch.setattr(TaskPool, "start", recording_starts(under_way, TaskPool.start))
    await delivery.publish(draft("first"))
    async with running(Dispatcher(delivery.store, delivery.publisher, delivery.clock, delivery.bell, parallel=3)):
        await wait_until_sent(delivery, 16)
    assert len(delivery.publisher.attempted_posts) == 30
    refused = 14
    # Those that had begun when the fifth was refused may be three; from then on there is one at a time, and all the others after it.
    assert set(under_way[8:refused]) == {1}
    assert 3 in under_way[refused + 1 :]


def recording_starts(under_way: list[int], start: Callable[..., None]) -> Callable[..., None]:
    """How many tries are under way once each has begun."""

    def recorded(tries: TaskPool, post: Post, work: Coroutine[None, None, None]) -> None:
        start(tries, post, work)
        under_way.append(len(tries.tasks))

    return recorded
