"""Posts that are set aside for the operator: when that happens, and what the operator can do about them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.port import DeliveryError, Unexplained
from bot.delivery.settle import OWN_ERROR
from bot.model.post import MANY_TRIES, REFUSED_LONG, AsidePost, Post, Task
from bot.store import Store

#: Others must have arrived for so long while a post was refused: an outage that ends is no reason.
OTHERS_FOR = timedelta(hours=1)
#: A post that the bot itself cannot make is set aside after so many tries.
OWN_TRIES = 8
#: Arrivals are remembered no closer together than this.
_APART = timedelta(minutes=5)
_REMEMBERED = 300


class Evidence:
    """When posts arrived of late, which tells one that is refused alone from an outage."""

    def __init__(self) -> None:
        self._arrivals: deque[datetime] = deque(maxlen=_REMEMBERED)

    def arrived(self, now: datetime) -> None:
        """Remember that something arrived."""
        if not self._arrivals or abs(now - self._arrivals[-1]) >= _APART:
            self._arrivals.append(now)

    def is_alone(self, post: Post, error: DeliveryError, now: datetime) -> bool:
        """Return whether a post is refused for hours while others arrive, or cannot be made at all."""
        if post.task is not Task.SEND or not isinstance(error, Unexplained):
            return False
        if error.reason == OWN_ERROR:
            return post.attempts >= OWN_TRIES
        since = post.refused_at
        if since is None or now - since < REFUSED_LONG or post.attempts < MANY_TRIES:
            return False
        early = any(since <= at <= now - OTHERS_FOR for at in self._arrivals)
        return early and any(now - OTHERS_FOR < at for at in self._arrivals)


class AsidePosts:
    """What is set aside, for the operator to send again or to drop."""

    def __init__(self, store: Store, clock: Clock, on_owed: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_owed = on_owed

    async def oldest(self, limit: int) -> tuple[tuple[AsidePost, ...], int]:
        """Return the oldest posts that are set aside, and how many there are in all."""
        async with self._store.read() as session:
            return await session.aside.oldest(limit), await session.aside.count()

    async def send_again(self, number: int | None = None, *, actor: str) -> int:
        """Owe a post again, or all that are set aside; return how many. Repeated, it changes nothing."""
        async with self._store.write() as session:
            count = await session.aside.send_again(self._clock(), number)
            if count:
                await session.audit.write(self._clock(), actor, "post sent again", _subject(number), None, None)
        if self._on_owed:
            self._on_owed()
        return count

    async def drop(self, number: int, *, actor: str) -> bool:
        """Give a post up, and return whether it was still set aside."""
        async with self._store.write() as session:
            dropped = await session.aside.drop(number, self._clock())
            if dropped:
                await session.audit.write(self._clock(), actor, "post dropped", _subject(number), None, None)
        return dropped


def _subject(number: int | None) -> str:
    return "all that are set aside" if number is None else f"post {number}"
