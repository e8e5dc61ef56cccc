"""No more requests a second than Discord takes: so many places for every try of the client.

discord.py has no limiter of its own across routes, and its hidden retries pass by any that its caller keeps; a
trace of the HTTP session sees every try. Replies to interactions are outside Discord's limit, and outside ours.
"""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import aiohttp


class Pace:
    """Lets so many requests start at once, so that an answer rarely waits; then each as soon as there is a place.

    A request keeps its place until one second after it has ended. Discord counts it at some moment between its start
    and its end; so, however late requests arrive and however they bunch on the way, no second at Discord's sees more
    of them than there are places.
    """

    def __init__(self, per_second: float) -> None:
        count = max(1, int(per_second))
        self._places = asyncio.Semaphore(count)
        self._kept_for = count / per_second

    def trace(self) -> aiohttp.TraceConfig:
        """What the HTTP session must be given so that every try waits for its place, first come, first served."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._start)
        config.on_request_end.append(self._end)
        config.on_request_exception.append(self._end)
        return config

    async def _start(
        self, _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
    ) -> None:
        path = params.url.path
        if "/interactions/" not in path and "/webhooks/" not in path:
            await self._places.acquire()
            context.has_place = True

    async def _end(self, _session: aiohttp.ClientSession, context: SimpleNamespace, _params: Any) -> None:
        if getattr(context, "has_place", False):
            context.has_place = False
            asyncio.get_running_loop().call_later(self._kept_for, self._places.release)
