"""Open what watches the bot: its health and, if there is an HTTP port, its metrics and the pages."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.clock import Clock
from bot.recorder import Recorder
from bot.store import Store
from bot.web.health import Health, LoopName


@dataclass(frozen=True, slots=True)
class Monitoring:
    """What the bot's parts report to. Without an HTTP port, ``recorder`` forgets everything."""

    health: Health
    recorder: Recorder


@contextlib.asynccontextmanager
async def open_monitoring(
    store: Store, clock: Clock, version: str, *, host: str, port: int | None
) -> AsyncIterator[Monitoring]:
    """Open the monitoring; without a port, nothing is served or read. Raises DealwireError if the port cannot be used."""
    health = Health()
    if port is None:
        yield Monitoring(health, Recorder())
        return
    # A bot without the port needs neither the server nor prometheus-client in memory.
    from bot.web.counts import Counts
    from bot.web.metrics import MetricsPage
    from bot.web.server import serve_http
    from bot.web.statistics_cache import StatisticsCache
    from bot.web.store_probe import StoreProbe

    counts, statistics = Counts(), StatisticsCache(store)
    probe = StoreProbe(store, clock, health.get_heartbeat(LoopName.STORE))
    async with serve_http(host, port, health, MetricsPage(counts, health, statistics, clock, version)):
        probe_task = asyncio.create_task(probe.run(), name="store probe")
        try:
            yield Monitoring(health, counts)
        finally:
            probe_task.cancel()
            await asyncio.gather(probe_task, return_exceptions=True)
            await statistics.close()
