"""The dispatcher as it runs: what wakes it, what it survives, how it ends, and what the next start finds."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from bot.delivery import dispatcher as dispatching
from bot.delivery.dispatcher import LEASE_DURATION, Dispatcher
from bot.delivery.port import TryAgain, UnexplainedRefusal
from bot.delivery.retention import Retention
from bot.delivery.subscriptions import Subscriptions
from bot.delivery.task_pool import TaskPool
from bot.model.follow import EVERYTHING
from bot.model.post import Post
from bot.newsroom.desk import Desk
from bot.store import OutboxStats, Store, open_store
from tests.store.material import START, HandClock, channel, draft, url_of
from tests.store.publishing import RecordingPublisher


@pytest.fixture
async def store(file: Path, empty: bytes) -> AsyncIterator[Store]:
    """Impatient: a store that another holds is an error at once."""
    file.write_bytes(empty)
    async with open_store(url_of(file), busy_seconds=0.05) as opened:
        yield opened


@pytest.fixture(autouse=True)
async def followed(subscriptions: Subscriptions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "LEASE_INTERVAL", 0.0)
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)


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
    """What the dispatcher's log says from now on."""
    listener = Listener(words)
    dispatching.log.addHandler(listener)
    try:
        yield listener
    finally:
        dispatching.log.removeHandler(listener)


@contextlib.asynccontextmanager
async def running(dispatcher: Dispatcher) -> AsyncIterator[asyncio.Task[None]]:
    """The dispatcher at work; in the end it is cancelled, and must end by that."""
    task = asyncio.create_task(dispatcher.run())
    try:
        yield task
        assert not task.done(), task.exception()
    finally:
        task.cancel()
        await asyncio.wait({task}, timeout=60)
        assert task.cancelled()


async def arrived(publisher: RecordingPublisher) -> None:
    async with asyncio.timeout(60):
        await publisher.arrived.wait()
    publisher.arrived.clear()


async def closed(store: Store, count: int) -> None:
    """Wait until so many posts are sent; while we read, the dispatcher goes on."""
    async with asyncio.timeout(60):
        while (await backlog(store)).sent_count < count:
            pass


async def backlog(store: Store) -> OutboxStats:
    async with store.read() as tx:
        return await tx.outbox.get_stats()


async def test_it_is_woken_by_the_bell(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though it would not look for an hour by itself; again and again."""
    monkeypatch.setattr(dispatching, "POLL_SECONDS", 3_600.0)
    async with running(dispatcher):
        for slug in ("first", "second", "third"):
            await desk.publish(draft(slug), actor="test")
            await arrived(publisher)
        await closed(store, 3)
    assert publisher.headlines(1) == [f"First news of {slug}" for slug in ("first", "second", "third")]


async def test_a_channels_posts_follow_each_other_at_once(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next post of a channel leaves as soon as the one before is closed.

    Ten that were owed at once are sent in a row, with nobody ringing.
    """
    monkeypatch.setattr(dispatching, "POLL_SECONDS", 3_600.0)
    for number in range(10):
        await desk.publish(draft(f"story-{number}"), actor="test")
    async with running(dispatcher):
        await closed(store, 10)
    assert publisher.headlines(1) == [f"First news of story-{number}" for number in range(10)]


async def test_it_finds_what_another_process_owes(
    dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock, file: Path, bell: asyncio.Event
) -> None:
    """Through a second store on the same file, whose desk rings no bell of ours: it is looked for twice a second."""
    assert dispatching.POLL_SECONDS <= 0.5
    async with running(dispatcher), open_store(url_of(file)) as other:
        await Desk(other, clock).publish(draft("from-beside"), actor="a command")
        await arrived(publisher)
    assert publisher.headlines(1) == ["First news of from-beside"]


async def test_a_database_that_fails_is_waited_for(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, file: Path, bell: asyncio.Event
) -> None:
    """Another program has the lock while posts are due: the log says so, and they leave when it is free."""
    other = FileLock(f"{file}.lock")
    await desk.publish(draft("first"), actor="test")
    with listening("Sending posts failed") as log, other.acquire(timeout=0):
        async with running(dispatcher), asyncio.timeout(60):
            await log.heard.wait()
            assert publisher.tried == []
            other.release()
            bell.set()
            await arrived(publisher)
    assert publisher.headlines(1) == ["First news of first"]


async def test_a_sent_but_unrecorded_post_is_not_repeated(
    store: Store,
    desk: Desk,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
    file: Path,
) -> None:
    """A post that was sent but could not be recorded is not sent again.

    The database fails between the two: when the lease has run out the post is looked for, and found.
    """
    other = FileLock(f"{file}.lock")

    def fail_once() -> None:
        if not publisher.looked_for:
            other.acquire(timeout=0)

    publisher.before_it_answers = fail_once
    await desk.publish(draft("first"), actor="test")
    with listening("Recording what became of a post failed") as log:
        async with running(dispatcher):
            async with asyncio.timeout(60):
                await log.heard.wait()
            other.release()
            clock.forward(seconds=LEASE_DURATION.total_seconds() - 1)
            bell.set()
            assert (await backlog(store)).waiting_count == 1
            assert publisher.looked_for == []
            clock.forward(seconds=1)
            bell.set()
            await closed(store, 1)
    assert len(publisher.tried) == len(publisher.looked_for) == 1


async def test_a_lease_that_ran_out_comes_back_in_doubt(store: Store, desk: Desk, clock: HandClock) -> None:
    """Not a moment before; whoever held it may have sent it."""
    await desk.publish(draft("first"), actor="test")
    async with store.write() as tx:
        assert len(await tx.outbox.lease_due(clock(), clock() + LEASE_DURATION, 1)) == 1
    clock.now += LEASE_DURATION - timedelta(microseconds=1)
    async with store.write() as tx:
        assert not await tx.outbox.has_due(clock())
        assert await tx.outbox.lease_due(clock(), clock() + LEASE_DURATION, 1) == ()
    clock.now += timedelta(microseconds=1)
    async with store.write() as tx:
        assert await tx.outbox.has_due(clock())
        (post,) = await tx.outbox.lease_due(clock(), clock() + LEASE_DURATION, 1)
    assert (post.in_doubt, post.attempts) == (True, 2)


@pytest.mark.parametrize("had_arrived", [True, False])
async def test_a_start_resumes_at_once_what_the_last_run_left(
    had_arrived: bool, store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A start resumes at once the posts that the last run had under way.

    Without waiting for the lease to end: it is looked for, and sent only when it does not stand.
    """
    await desk.publish(draft("first"), actor="test")
    async with store.write() as tx:
        (post,) = await tx.outbox.lease_due(clock(), clock() + LEASE_DURATION, 1)
    if had_arrived:
        publisher.stands[post.key] = 77
    async with running(dispatcher):
        await closed(store, 1)
    assert [looked_for.key for looked_for in publisher.looked_for] == [post.key]
    assert len(publisher.sent) == (0 if had_arrived else 1)


async def test_a_start_survives_that_it_cannot_take_back_leases(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, file: Path
) -> None:
    """The database is held just then: the log says so, and the dispatcher goes on to what is due."""
    other = FileLock(f"{file}.lock")
    with listening("expire by themselves") as log, other.acquire(timeout=0):
        async with running(dispatcher):
            async with asyncio.timeout(60):
                await log.heard.wait()
            other.release()
            await desk.publish(draft("first"), actor="test")
            await arrived(publisher)


async def test_a_stop_waits_for_the_try_under_way_and_records_it(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """What Discord took while the bot was stopping is no doubt for the next start; nothing new is begun."""
    gate = publisher.close(1)
    await desk.publish(draft("first"), actor="test")
    await desk.publish(draft("second"), actor="test")
    task = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(60):
        await publisher.trying.wait()
        task.cancel()
        for _ in range(10):
            await asyncio.sleep(0)
        assert not task.done()
        gate.set()
        await asyncio.wait({task})
    assert task.cancelled()
    assert publisher.headlines(1) == ["First news of first"]
    async with store.write() as tx:
        assert await tx.outbox.recover(clock()) == 0
    assert ((await backlog(store)).sent_count, (await backlog(store)).waiting_count) == (1, 1)


async def test_a_stop_records_a_try_that_fails_meanwhile(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """It is put back with its doubt and its time, as at any other time."""
    gate = publisher.close(1)
    publisher.refuse(1, TryAgain("the connection to Discord broke", in_doubt=True))
    await desk.publish(draft("first"), actor="test")
    task = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(60):
        await publisher.trying.wait()
        task.cancel()
        gate.set()
        await asyncio.wait({task})
    clock.forward(seconds=60)
    async with store.write() as tx:
        (post,) = await tx.outbox.lease_due(clock(), clock() + LEASE_DURATION, 1)
    assert (post.in_doubt, post.attempts) == (True, 2)


async def test_a_stop_does_not_wait_for_ever(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A try that Discord never answers is cut off; the next start finds its post in doubt."""
    monkeypatch.setattr(dispatching, "CLOSING_SECONDS", 0.05)
    publisher.close(1)
    await desk.publish(draft("first"), actor="test")
    task = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(60):
        await publisher.trying.wait()
        task.cancel()
        await asyncio.wait({task})
    assert task.cancelled()
    async with store.write() as tx:
        assert await tx.outbox.recover(START) == 1


async def test_a_channel_erased_during_sending_is_forgotten(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    retention: Retention,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
) -> None:
    """A channel that is erased while its post is under way is forgotten.

    The try ends, there is nothing to record, and the dispatcher goes on.
    """
    await subscriptions.follow(channel(2, guild=2), EVERYTHING, created_by=1)
    gate = publisher.close(1)
    async with running(dispatcher):
        await desk.publish(draft("first"), actor="test")
        await closed(store, 1)
        await retention.erase_guild(1)
        gate.set()
        await desk.publish(draft("second"), actor="test")
        await closed(store, 2)
    assert publisher.headlines(2) == ["First news of first", "First news of second"]
    assert (await backlog(store)).waiting_count == 0


async def test_only_one_post_at_a_time_is_tried_in_an_outage(
    desk: Desk,
    subscriptions: Subscriptions,
    store: Store,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While Discord refuses everything, only one post at a time is tried.

    Thousands of refused requests are a ban. As soon as one arrives, all are tried.
    """
    monkeypatch.setattr(dispatching, "PROBE_AFTER", 5)
    monkeypatch.setattr(dispatching, "PROBE_INTERVAL", 0.05)
    for number in range(1, 31):
        await subscriptions.follow(channel(number), EVERYTHING, created_by=1)
        publisher.refuse(number, UnexplainedRefusal("refused", in_doubt=False))
    for number in range(15, 31):
        publisher.refusals_end(number)
    under_way: list[int] = []
    monkeypatch.setattr(TaskPool, "start", recording_starts(under_way, TaskPool.start))
    await desk.publish(draft("first"), actor="test")
    async with running(Dispatcher(store, publisher, clock, bell, parallel=3)):
        await closed(store, 16)
    assert len(publisher.tried) == 30
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
