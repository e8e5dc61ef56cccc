"""Loops that run for ever: what an error costs, how long it is waited out, and what the log says about it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bot.errors import StoreBusy, StoreReplaced, StoreUnavailable
from bot.loops import HEALTHY_AFTER, MAX_DELAY, MAX_LOG_INTERVAL, ErrorLog, run_forever

logger = logging.getLogger("tests.loops")
DAY = 86_400.0


class EndOfTest(BaseException):
    """Ends a loop that has no end."""


@dataclass(slots=True)
class HandSeconds:
    """Seconds that pass only while somebody sleeps. The loop ends when ``until`` is reached."""

    until: float
    now: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds
        if self.now >= self.until:
            raise EndOfTest
        await asyncio.sleep(0)


async def run(seconds: HandSeconds, step: Callable[[], Awaitable[None]]) -> None:
    errors = ErrorLog(logger, "Sending posts", seconds)
    with pytest.raises(EndOfTest):
        await run_forever(step, errors, sleep=seconds.sleep)


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger.name)


def messages(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == logger.name]


async def test_errors_in_a_row_are_waited_out_for_longer_each_time() -> None:
    """The wait doubles up to a limit, and begins small again after a success."""
    seconds, failing = HandSeconds(until=200), iter([*[True] * 9, False, True])

    async def step() -> None:
        if next(failing, True):
            raise StoreBusy("The database is busy.")

    await run(seconds, step)
    assert seconds.sleeps[:10] == [0.5, 1, 2, 4, 8, 16, MAX_DELAY, MAX_DELAY, MAX_DELAY, 0.5]


async def test_a_day_of_one_error_takes_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    """The first line comes at once, the others ever more seldom, and their counts add up to all errors."""
    seconds = HandSeconds(until=DAY)

    async def step() -> None:
        raise StoreUnavailable("The disk is full.")

    await run(seconds, step)
    first, *others = messages(caplog)
    assert first == "Sending posts failed and will be retried: The disk is full."
    assert len(others) <= 10 + DAY / MAX_LOG_INTERVAL
    assert others[0].startswith("Sending posts is still failing; errors of this kind: ")
    logged = sum(int(line.split(": ")[1].split()[0]) for line in others)
    assert len(seconds.sleeps) - MAX_LOG_INTERVAL / MAX_DELAY <= logged + 1 <= len(seconds.sleeps)


async def test_another_kind_of_error_is_logged_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """Two errors that take turns are two kinds: each is logged when it is new, and neither each time."""
    seconds, count = HandSeconds(until=300), 0

    async def step() -> None:
        nonlocal count
        count += 1
        raise StoreUnavailable("The disk is full." if count % 2 else "The file is damaged.")

    await run(seconds, step)
    assert [line for line in messages(caplog) if "will be retried" in line] == [
        "Sending posts failed and will be retried: The disk is full.",
        "Sending posts failed and will be retried: The file is damaged.",
    ]
    assert len(messages(caplog)) < 12


async def test_errors_with_ever_new_texts_do_not_flood_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """A text that is different each time, with a number in it, would otherwise be a new kind each time."""
    seconds = HandSeconds(until=DAY)

    async def step() -> None:
        raise StoreUnavailable(f"Row {len(seconds.sleeps)} is damaged.")

    await run(seconds, step)
    assert len(messages(caplog)) < 60


async def test_a_bug_is_logged_once_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    """Its text is cut to one line in what follows."""
    seconds = HandSeconds(until=300)

    async def step() -> None:
        raise ValueError("a\nb" * 1_000)

    await run(seconds, step)
    assert [record.exc_info is not None for record in caplog.records].count(True) == 1
    assert all(len(line) < 500 and "\n" not in line for line in messages(caplog))


async def test_the_log_says_when_it_works_again(caplog: pytest.LogCaptureFixture) -> None:
    """Only after some time without an error, and once."""
    seconds = HandSeconds(until=100)

    async def step() -> None:
        if seconds.now < 20:
            raise StoreBusy("The database is busy.")
        await seconds.sleep(1)

    await run(seconds, step)
    assert messages(caplog)[1:] == ["Sending posts works again; errors: 6 in 16 s."]


async def test_an_error_now_and_then_is_not_logged_each_time(caplog: pytest.LogCaptureFixture) -> None:
    """One that comes back every quarter of a minute between successes is logged ever more seldom too."""
    seconds, count = HandSeconds(until=DAY), 0

    async def step() -> None:
        nonlocal count
        count += 1
        if count % 8 == 0:
            raise StoreBusy("The database is busy.")
        await seconds.sleep(HEALTHY_AFTER / 4)

    await run(seconds, step)
    assert count > 10_000
    assert len(messages(caplog)) < 2 * (10 + DAY / MAX_LOG_INTERVAL)


async def test_a_loop_ends_when_it_is_cancelled() -> None:
    """Not when something is cancelled that a step waited for."""
    steps, waiting = 0, asyncio.Event()

    async def step() -> None:
        nonlocal steps
        steps += 1
        if steps == 1:
            other = asyncio.ensure_future(asyncio.Event().wait())
            other.cancel()
            await other
        waiting.set()
        await asyncio.Event().wait()

    async def no_sleep(_seconds: float) -> None:
        await asyncio.sleep(0)

    task = asyncio.create_task(run_forever(step, ErrorLog(logger, "Sending posts"), sleep=no_sleep))
    async with asyncio.timeout(30):
        await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == 2


async def test_a_replaced_database_is_not_logged_by_every_loop(caplog: pytest.LogCaptureFixture) -> None:
    """The process ends with that one sentence."""

    async def step() -> None:
        raise StoreReplaced("the database was replaced")

    await run(HandSeconds(until=100), step)
    assert messages(caplog) == []
