"""Read the store's figures for ``/metrics``, at most once in some seconds, however often it is scraped."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.loops import ErrorLog
from bot.store import Store
from bot.store.statistics import StoreStatistics

log = logging.getLogger(__name__)

#: How old the figures may be, in seconds.
MAX_AGE = 10.0
#: How long a scrape waits for them, in seconds.
TIMEOUT = 2.0


@dataclass(frozen=True, slots=True)
class DatabaseFigures:
    """The store's figures, and the sizes of its files in bytes."""

    statistics: StoreStatistics
    database_bytes: int
    log_bytes: int


class StatisticsCache:
    """The figures that were read last. ``clock`` is a clock in seconds that only moves forward."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._task: asyncio.Task[DatabaseFigures | None] | None = None
        self._read_at = 0.0
        self._errors = ErrorLog(log, "Reading figures for the metrics", clock)

    async def get(self) -> DatabaseFigures | None:
        """Return the figures; None if they cannot be read, or not in time. Then a later call gets them."""
        if self._task is None or (self._task.done() and self._clock() - self._read_at >= MAX_AGE):
            self._task = asyncio.create_task(self._read(), name="figures for the metrics")
        task = self._task
        await asyncio.wait({task}, timeout=TIMEOUT)
        return task.result() if task.done() and not task.cancelled() else None

    async def close(self) -> None:
        """End a read that is in progress."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> DatabaseFigures | None:
        try:
            statistics = await self._store.read_in_thread(lambda tx: tx.statistics.read())
            figures = DatabaseFigures(statistics, *await self._store.measure())
        except Exception as exc:  # noqa: BLE001 - a scrape has the other metrics
            self._errors.record_failure(exc)
            return None
        finally:
            self._read_at = self._clock()
        self._errors.record_success()
        return figures
