"""One process among those that run bots on the same store."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager


class Membership(ABC):
    """The membership of this process among the bots on one store, from its start to its end.

    Attributes:
        worker_id: the number under which it leases posts; another one after it had lost its connection.
        worker_count: how many processes are running, this one included.
        is_leader: whether it does what only one may do: feeds, digests, reminders, the desk's channel.
        hears_posts: whether it is told at once of posts that another process adds.
    """

    def __init__(self) -> None:
        self.worker_id = 0
        self.worker_count = 1
        self.is_leader = False
        self.hears_posts = False
        self._local_locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    @abstractmethod
    async def is_current(self) -> bool:
        """Return whether this process certainly still has what it leased: nobody can have taken it for dead."""

    @abstractmethod
    def take_lost(self) -> Sequence[int]:
        """Return the numbers of processes that have died since the last call; what they leased is to be taken over."""

    @abstractmethod
    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Hold a lock that all bots on the store share, by its name. Waiting for it raises nothing, however long it takes."""


class SoleMember(Membership):
    """The only bot that can run on a store: it leads, and nobody takes anything from it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_leader = True

    async def is_current(self) -> bool:
        """Return True: its lock ends with the process alone."""
        return True

    def take_lost(self) -> Sequence[int]:
        """Return nothing: there is no other process."""
        return ()

    def hold(self, name: str) -> AbstractAsyncContextManager[None]:
        """Hold a lock within this process."""
        return self._local_locks[name]
