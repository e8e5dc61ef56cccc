"""Posts that are set aside: when that happens, and what the operator can do about them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.outcomes import OWN_ERROR_REASON
from bot.delivery.port import DeliveryError, UnexplainedRefusal
from bot.model.post import SET_ASIDE_AFTER, SET_ASIDE_ATTEMPTS, Post, PostAction, SetAsidePost
from bot.store import Store

#: Other posts must have arrived before and within this time while a post was refused: the end of an outage is no reason.
ARRIVAL_WINDOW = timedelta(hours=1)
#: A post that the bot cannot build is set aside after this many attempts.
OWN_ERROR_ATTEMPTS = 8
#: Arrivals closer together than this count as one.
_ARRIVAL_INTERVAL = timedelta(minutes=5)
_MAX_ARRIVALS = 300


class RecentArrivals:
    """Times at which posts arrived, to tell a post that is refused alone from an outage."""

    def __init__(self) -> None:
        self._arrivals: deque[datetime] = deque(maxlen=_MAX_ARRIVALS)

    def record(self, now: datetime) -> None:
        """Record that a post arrived."""
        if not self._arrivals or abs(now - self._arrivals[-1]) >= _ARRIVAL_INTERVAL:
            self._arrivals.append(now)

    def is_refused_alone(self, post: Post, error: DeliveryError, now: datetime) -> bool:
        """Return whether a post has been refused for hours while others arrived, or cannot be built at all."""
        if post.action is not PostAction.SEND or not isinstance(error, UnexplainedRefusal):
            return False
        if error.reason == OWN_ERROR_REASON:
            return post.attempts >= OWN_ERROR_ATTEMPTS
        refused_at = post.refused_at
        if refused_at is None or now - refused_at < SET_ASIDE_AFTER or post.attempts < SET_ASIDE_ATTEMPTS:
            return False
        has_earlier = any(refused_at <= arrival <= now - ARRIVAL_WINDOW for arrival in self._arrivals)
        return has_earlier and any(now - ARRIVAL_WINDOW < arrival for arrival in self._arrivals)


class OperatorQueue:
    """The posts that are set aside, for the operator to send again or to drop."""

    def __init__(self, store: Store, clock: Clock, on_enqueue: Callable[[], None] | None = None) -> None:
        self._store = store
        self._clock = clock
        self._on_enqueue = on_enqueue

    async def list_oldest(self, limit: int) -> tuple[tuple[SetAsidePost, ...], int]:
        """Return the oldest posts that are set aside, and how many there are in all."""
        async with self._store.read() as tx:
            return await tx.set_aside_posts.list_oldest(limit), await tx.set_aside_posts.count()

    async def send_again(self, post_id: int | None = None, *, actor: str) -> int:
        """Enqueue a post again, or all that are set aside; return how many. Repeated, it changes nothing."""
        async with self._store.write() as tx:
            count = await tx.set_aside_posts.send_again(self._clock(), post_id)
            if count:
                await tx.audit.write(self._clock(), actor, "post sent again", _audit_subject(post_id), None, None)
        if self._on_enqueue:
            self._on_enqueue()
        return count

    async def drop(self, post_id: int, *, actor: str) -> bool:
        """Give a post up; return whether it was still set aside."""
        async with self._store.write() as tx:
            is_dropped = await tx.set_aside_posts.drop(post_id, self._clock())
            if is_dropped:
                await tx.audit.write(self._clock(), actor, "post dropped", _audit_subject(post_id), None, None)
        return is_dropped


def _audit_subject(post_id: int | None) -> str:
    return "all that are set aside" if post_id is None else f"post {post_id}"
