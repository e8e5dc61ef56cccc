"""Hosts one at a time: whoever wants something of a host waits until nobody else does."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Turns:
    """One turn at a time for each host, in the order they are asked for."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._wanted: dict[str, int] = {}

    @contextlib.asynccontextmanager
    async def of(self, host: str) -> AsyncIterator[None]:
        """Wait for a host's turn and keep it. Nothing is kept of hosts that nobody wants."""
        lock = self._locks.setdefault(host, asyncio.Lock())
        self._wanted[host] = self._wanted.get(host, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._wanted[host] -= 1
            if not self._wanted[host]:
                del self._wanted[host], self._locks[host]
