"""Health: each loop must complete a cycle within its limit, by a clock that only moves forward."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.errors import StoreBusy, StoreUnavailable
from bot.heartbeat import Heartbeat
from bot.loops import ErrorLog, run_forever
from bot.store import Store, open_store
from bot.web.health import GATEWAY, LOOPS, Health, HealthStatus, LoopName
from bot.web.store_probe import WRITE_SECONDS, StoreProbe
from tests.unit.newsdesk import NOW

SECRET = "https://user:password@feeds.example/rss"


class HandClock:
    """A clock in seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def health(clock: HandClock) -> Health:
    """Return the health of a bot that is up."""
    health = Health(clock)
    health.shards.get(0).record_success()
    health.mark_ready()
    return health


def keep_alive(health: Health, *, but: LoopName | None = None) -> None:
    """Complete a cycle of all loops but one, and of the gateway."""
    health.shards.get(0).record_success()
    for name in LOOPS:
        if name is not but:
            health.get_heartbeat(name).record_success()


def test_a_bot_that_starts_is_not_ready() -> None:
    report = Health().build_report()
    assert (report.status, len(report.reasons)) == (HealthStatus.STARTING, 1)


def test_a_bot_that_is_up_is_healthy(health: Health) -> None:
    assert health.build_report().status is HealthStatus.OK


@pytest.mark.parametrize("name", LoopName)
def test_each_loop_that_hangs_is_named(name: LoopName, health: Health, clock: HandClock) -> None:
    """It is healthy up to its limit, and failing a second later. The next cycle makes it healthy again."""
    clock.now += LOOPS[name].limit
    keep_alive(health, but=name)
    assert health.build_report().status is HealthStatus.OK
    clock.now += 1
    keep_alive(health, but=name)
    report = health.build_report()
    limit = LOOPS[name].limit
    expected = f"{LOOPS[name].label} has completed no cycle for {limit + 1:.0f} s (limit {limit:.0f} s)."
    assert (report.status, report.reasons) == (HealthStatus.FAILING, (expected,))
    keep_alive(health)
    assert health.build_report().status is HealthStatus.OK


def test_a_shard_that_hangs_is_named(health: Health, clock: HandClock) -> None:
    health.shards.get(1).record_success()
    clock.now += GATEWAY.limit + 1
    keep_alive(health)
    assert health.build_report().reasons == (
        "Discord's gateway, shard 1, has completed no cycle for 121 s (limit 120 s).",
    )


def test_many_failing_shards_are_counted(health: Health, clock: HandClock) -> None:
    for shard_id in range(100):
        health.shards.get(shard_id).record_failure("the connection was lost")
    clock.now += GATEWAY.limit + 1
    for name in LOOPS:
        health.get_heartbeat(name).record_success()
    reasons = health.build_report().reasons
    assert (len(reasons), reasons[-1]) == (6, "Discord's gateway: 95 more shards are failing.")
    assert "the last one: the connection was lost" in reasons[0]


def test_a_bot_without_any_shard_is_failing() -> None:
    health = Health()
    health.mark_ready()
    assert health.build_report().reasons == ("Discord's gateway has not connected.",)


def test_a_loop_that_never_starts_is_failing(clock: HandClock) -> None:
    """Once the bot is up, the limit of the first cycle runs for every loop."""
    health = Health(clock)
    health.mark_ready()
    clock.now += 1_000
    assert sum("has completed no cycle" in reason for reason in health.build_report().reasons) == len(LOOPS)


class EndOfTest(BaseException):
    """Ends a loop that has no end."""


async def run(step: Callable[[], Awaitable[None]], heartbeat: Heartbeat, clock: HandClock, seconds: float) -> None:
    """Run a step as the bot's loops do; time only passes while the loop waits after an error."""
    end = clock.now + seconds

    async def sleep(wait: float) -> None:
        clock.now += wait
        if clock.now >= end:
            raise EndOfTest

    errors = ErrorLog(logging.getLogger("tests.health"), "Testing", clock)
    with pytest.raises(EndOfTest):
        await run_forever(step, errors, sleep=sleep, heartbeat=heartbeat)


async def test_a_step_that_keeps_failing_is_explained(clock: HandClock) -> None:
    heartbeat = Heartbeat(60, clock)

    async def step() -> None:
        raise StoreBusy("The database is in use by another program.")

    await run(step, heartbeat, clock, 20)
    assert heartbeat.explain_delay() == ""
    clock.now += 60
    assert heartbeat.explain_delay().endswith("the last one: The database is in use by another program")


async def test_the_text_of_a_foreign_error_is_not_shown(clock: HandClock) -> None:
    """It may quote anything; the log has it."""
    heartbeat = Heartbeat(10, clock)

    async def step() -> None:
        raise ValueError(SECRET)

    await run(step, heartbeat, clock, 50)
    assert heartbeat.explain_delay().endswith("the last one: an unexpected ValueError, see the log")


async def test_errors_between_successes_are_healthy(clock: HandClock) -> None:
    heartbeat, count = Heartbeat(60, clock), 0

    async def step() -> None:
        nonlocal count
        count += 1
        if count % 2:
            raise StoreBusy("busy")

    await run(step, heartbeat, clock, 500)
    assert heartbeat.explain_delay() == ""


async def test_a_step_that_hangs_completes_no_cycle(clock: HandClock) -> None:
    heartbeat, is_hanging = Heartbeat(60, clock), asyncio.Event()

    async def step() -> None:
        is_hanging.set()
        await asyncio.Event().wait()

    errors = ErrorLog(logging.getLogger("tests.health"), "Testing", clock)
    task = asyncio.create_task(run_forever(step, errors, heartbeat=heartbeat))
    await is_hanging.wait()
    clock.now += 61
    assert heartbeat.explain_delay() == "has completed no cycle for 61 s (limit 60 s)"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(f"sqlite:///{tmp_path}/dealwire.db") as store:
        yield store


async def test_the_probe_reads_often_and_writes_seldom(store: Store, clock: HandClock) -> None:
    seconds = iter(range(10**6))
    moments = [NOW.replace(second=next(seconds) % 60) for _ in range(60)]
    probe = StoreProbe(store, lambda: moments.pop(0), Heartbeat(60, clock), clock)

    async def get_probe_time() -> int | None:
        async with store.read() as tx:
            return await tx.metadata.get_probe_time()

    await probe.probe()
    first = await get_probe_time()
    clock.now += WRITE_SECONDS - 1
    await probe.probe()
    assert first is not None
    assert await get_probe_time() == first
    clock.now += 1
    await probe.probe()
    assert await get_probe_time() != first


async def test_the_probe_notices_a_failing_write(
    store: Store, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write is repeated with each cycle until it succeeds, so that reads in between are no sign of health."""

    def fail() -> None:
        raise StoreUnavailable("The database or disk is full.")

    probe = StoreProbe(store, lambda: NOW, Heartbeat(60, clock), clock)
    with monkeypatch.context() as patch:
        patch.setattr(store, "write", fail)
        for _ in range(3):
            with pytest.raises(StoreUnavailable):
                await probe.probe()
    await probe.probe()
