"""No more requests a second than Discord takes: one evenly spaced row for every try of the client.

discord.py has no limiter of its own across routes, and its hidden retries pass by any that its caller keeps; a
trace of the HTTP session sees every try. Replies to interactions are outside Discord's limit, and outside ours.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import aiohttp


class Pace:
    """Spaces requests evenly: 300 at once leave as 300 in a row, none of them early."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1.0 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Wait for the next free place in the row."""
        now = asyncio.get_running_loop().time()
        start = max(now, self._next)
        self._next = start + self._gap
        if start > now:
            await asyncio.sleep(start - now)

    def trace(self) -> aiohttp.TraceConfig:
        """What the HTTP session must be given so that every try waits for its turn."""
        config = aiohttp.TraceConfig()

        async def on_start(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
        ) -> None:
            path = params.url.path
            if "/interactions/" not in path and "/webhooks/" not in path:
                await self.turn()

        config.on_request_start.append(on_start)
        return config
