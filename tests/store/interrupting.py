"""Cancel a piece of work at exactly one of its awaits, so that each of them can be tried."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine, Generator
from typing import Any


class AwaitCounter:
    """Await work, count the awaits at which it suspends, and cancel the task at those in ``cancel_at``.

    What is awaited at such an await has begun and has not ended: the cancellation meets it under way.
    """

    def __init__(self, work: Coroutine[Any, Any, object], cancel_at: Collection[int] = ()) -> None:
        self._work = work
        self._cancel_at = frozenset(cancel_at)
        self.awaits = 0

    def __await__(self) -> Generator[Any, Any, object]:
        task = asyncio.current_task()
        assert task is not None
        steps = self._work.__await__()
        try:
            step = next(steps)
            while True:
                self.awaits += 1
                if self.awaits in self._cancel_at:
                    asyncio.get_running_loop().call_soon(task.cancel)
                try:
                    value = yield step
                except BaseException as exc:  # noqa: BLE001 - whatever it is, it is the work's
                    step = steps.throw(exc)
                else:
                    step = steps.send(value)
        except StopIteration as end:
            return end.value


async def awaits_of(work: Coroutine[Any, Any, object]) -> int:
    """Return how many awaits work has if nothing interrupts it."""
    counter = AwaitCounter(work)
    await counter
    return counter.awaits


async def was_cancelled(work: Coroutine[Any, Any, object], cancel_at: Collection[int]) -> bool:
    """Return whether work, run as a task of its own, ended by the cancellation at these awaits."""

    async def run() -> None:
        await AwaitCounter(work, cancel_at)

    task = asyncio.create_task(run())
    await asyncio.wait({task})
    return task.cancelled() or task.result() is not None
