"""Work in a thread that its caller can stop, but never leaves behind."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.store.engines.cancellation import run_stoppable


async def test_a_second_cancellation_leaves_no_thread_behind() -> None:
    """As when somebody presses Ctrl+C again while a copy is being removed."""
    started, may_end = asyncio.Event(), threading.Event()
    loop, ends = asyncio.get_running_loop(), list[bool]()

    def work(stop: threading.Event) -> None:
        loop.call_soon_threadsafe(started.set)
        may_end.wait(60)
        ends.append(stop.is_set())

    task = asyncio.create_task(run_stoppable(work))
    await started.wait()
    for _ in range(2):
        task.cancel()
        await asyncio.sleep(0)
    assert not task.done()
    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ends == [True]
