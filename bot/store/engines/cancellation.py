"""Finish work that must not stop halfway when its task is cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import TypeVar

_T = TypeVar("_T")


async def await_uninterrupted(awaitable: Awaitable[_T], on_cancel: Callable[[], None] = lambda: None) -> _T:
    """Await until it is finished even if the caller is cancelled meanwhile, and raise the cancellation afterwards.

    ``on_cancel`` is called at each cancellation, such as to let the work end early.
    A commit or a rollback that stopped halfway would leave its transaction open for the next writer.
    """
    task = asyncio.ensure_future(awaitable)
    cancellation: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancellation = error
            on_cancel()
        except BaseException:  # noqa: BLE001 - the task's own outcome, taken below
            break
    if cancellation is not None:
        task.exception()
        raise cancellation
    return task.result()


async def run_stoppable(function: Callable[[threading.Event], _T]) -> _T:
    """Run a function in a thread. If the caller is cancelled, set the function's event and wait until it has ended."""
    stop = threading.Event()
    return await await_uninterrupted(asyncio.to_thread(function, stop), stop.set)
