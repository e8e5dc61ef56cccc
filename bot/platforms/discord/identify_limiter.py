"""How fast shards may start their sessions."""

from __future__ import annotations

import asyncio
from collections import defaultdict

#: Discord accepts one IDENTIFY in five seconds for all shards whose ids are equal modulo ``max_concurrency``
#: (https://discord.com/developers/docs/events/gateway#sharding-max-concurrency); the rest allows for latency.
IDENTIFY_INTERVAL = 5.1


class IdentifyRateLimiter:
    """Lets shards start as fast as Discord allows, also when one starts again after it lost its session.

    discord.py waits five seconds before every IDENTIFY and ignores ``max_concurrency``.
    """

    def __init__(self, max_concurrency: int = 1) -> None:
        self._max_concurrency = max_concurrency
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last_identify: dict[int, float] = {}

    async def wait(self, shard_id: int) -> None:
        """Return when the shard may send its IDENTIFY."""
        clock, group = asyncio.get_running_loop().time, shard_id % self._max_concurrency
        async with self._locks[group]:
            if group in self._last_identify:
                await asyncio.sleep(self._last_identify[group] + IDENTIFY_INTERVAL - clock())
            self._last_identify[group] = clock()
