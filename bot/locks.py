"""Locks by name that all processes of one bot share."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import AbstractAsyncContextManager
from typing import Protocol


class SharedLocks(Protocol):
    """Locks that one process at a time holds, by name."""

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Return a context that waits for the lock, and holds it until its end.

        Waiting raises nothing: an implementation that loses its connection connects again. Cancelling a context that waits
        gives up its place. A process that ends or is killed loses its locks.
        """
        ...


class LocalLocks:
    """The locks of a bot that runs in this process alone."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Return a context that waits for the lock, and holds it until its end. The first to ask is the first to get it."""
        return self._locks[name]
