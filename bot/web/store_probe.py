"""Read from the store and write to it from time to time, so that a store that works no more is noticed while nobody uses it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import NoReturn

from bot.clock import Clock
from bot.heartbeat import Heartbeat
from bot.loops import ErrorLog, run_forever
from bot.store import Store

log = logging.getLogger(__name__)

READ_SECONDS = 5.0
WRITE_SECONDS = 30.0


class StoreProbe:
    """Reads a row every ``READ_SECONDS``, and writes one every ``WRITE_SECONDS``."""

    def __init__(
        self, store: Store, clock: Clock, heartbeat: Heartbeat, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._store = store
        self._clock = clock
        self._heartbeat = heartbeat
        self._monotonic = monotonic
        self._write_at = monotonic()

    async def run(self) -> NoReturn:
        """Probe for ever."""
        await run_forever(self._step, ErrorLog(log, "Checking the database"), heartbeat=self._heartbeat)

    async def _step(self) -> None:
        await self.probe()
        await asyncio.sleep(READ_SECONDS)

    async def probe(self) -> None:
        """Read, and write if that is due. After a write that failed, the next one is due at once."""
        async with self._store.read() as tx:
            await tx.metadata.get_probe_time()
        if self._monotonic() >= self._write_at:
            async with self._store.write() as tx:
                await tx.metadata.set_probe_time(self._clock())
            self._write_at = self._monotonic() + WRITE_SECONDS
