"""The tries under way: slow ones leave room for the others."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Coroutine
from dataclasses import dataclass

from bot.model.post import Post
from bot.store import Room

#: So many tries may be young at once: about as many as the rate limit lets out before they are slow.
YOUNG = 128
#: After so many seconds a try is slow, and leaves its place to another.
SLOW_AFTER = 3.0
#: So many may be under way in all. Each costs memory and a connection, and a process may often open no more than 1,024.
TOTAL = 600
#: So many of these may be of posts that were tried before: channels that never answer come back again and again, and what is
#: new must not wait behind them.
REPEATED = 300


@dataclass(frozen=True, slots=True)
class _Try:
    number: int
    is_repeated: bool
    began: float


class Tries:
    """Starts tries as tasks and counts them; at most ``young`` of them are young."""

    def __init__(self, young: int = YOUNG) -> None:
        self._young = young
        self._under_way: dict[asyncio.Task[None], _Try] = {}

    @property
    def tasks(self) -> Collection[asyncio.Task[None]]:
        """The tasks of the tries under way."""
        return self._under_way.keys()

    def numbers(self) -> list[int]:
        """Return the numbers of the posts that are being tried."""
        return [each.number for each in self._under_way.values()]

    def room(self, most: int = TOTAL) -> Room:
        """Return how many more tries may begin now, and ``most`` at once."""
        slow_since = asyncio.get_running_loop().time() - SLOW_AFTER
        young = sum(each.began > slow_since for each in self._under_way.values())
        repeated = sum(each.is_repeated for each in self._under_way.values())
        total = min(most, self._young - young, TOTAL - len(self._under_way))
        return Room(total, min(total, REPEATED - repeated))

    def start(self, post: Post, work: Coroutine[None, None, None]) -> None:
        """Run a try in a task of its own."""
        task = asyncio.create_task(work, name=f"post {post.number}")
        # The lease of this try is counted already.
        self._under_way[task] = _Try(post.number, post.attempts > 1, asyncio.get_running_loop().time())
        task.add_done_callback(self._under_way.pop)
