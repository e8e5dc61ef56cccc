"""How long the event loop is kept by one thing at a time: while it is, the bot hears and says nothing."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Kept:
    """The longest that one callback or one step of a task has kept the loop, in milliseconds: on the clock (whatever else
    the machine did meanwhile), and of processor time.
    """

    clock: float = 0.0
    processor: float = 0.0


@contextlib.contextmanager
def watched() -> Iterator[Kept]:
    """Watch the running loop within the block."""
    longest = Kept()
    run = asyncio.Handle._run  # noqa: SLF001 - the one place that every callback passes

    def timed(handle: asyncio.Handle) -> None:
        clock, processor = time.perf_counter(), time.thread_time()
        run(handle)
        longest.clock = max(longest.clock, (time.perf_counter() - clock) * 1000)
        longest.processor = max(longest.processor, (time.thread_time() - processor) * 1000)

    setattr(asyncio.Handle, "_run", timed)  # noqa: B010 - mypy knows no such attribute; it is put back below
    try:
        yield longest
    finally:
        setattr(asyncio.Handle, "_run", run)  # noqa: B010
