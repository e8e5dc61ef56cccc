"""Quiet hours, and the cap on how many posts a channel gets in an hour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update

from bot.languages import lazy
from bot.model.delivery_schedule import apply_hourly_cap, skip_quiet_hours
from bot.model.delivery_settings import DeliverySettings
from bot.model.post import DELIVERED_STATES, PostState
from bot.store import tables as t
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from bot.store.transaction import Transaction

QUIET_HOURS_REASON = lazy("quiet hours hold it")
CAP_REASON = lazy("this hour's posts are used up")
_HOUR = timedelta(hours=1)


class Throttling(StoreSubject):
    """Posts that are due, but must wait for their hour."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        # By channel with its threads, how many posts have passed the cap in this transaction.
        self._release_counts: Counter[int] = Counter()

    async def defer(self, post_ids: Sequence[int], now: datetime) -> set[int]:
        """Defer those of these posts, each its destination's oldest, that must wait; return their ids.

        A post that takes the last place of a cap takes along what waits behind it, so that nothing is dropped and nothing floods.
        """
        channel_id = func.coalesce(t.destination.c.parent_id, t.destination.c.id).label("place")
        rows: Iterable[Row[Any]] = await self._connection.execute(
            select(
                t.post.c.id, t.post.c.destination_id, channel_id, t.destination.c.guild_id, t.destination.c.discord_id
            )
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(t.post.c.id.in_(post_ids))
            .order_by(t.post.c.id)
        )
        rows_with_owners = [(row, row.guild_id or row.discord_id) for row in rows]
        settings_by_owner = await self._tx.delivery_settings.get_many([owner_id for _, owner_id in rows_with_owners])
        return {
            row.id
            for row, owner_id in rows_with_owners
            if owner_id in settings_by_owner and await self._defer_if_held(row, settings_by_owner[owner_id], now)
        }

    async def _defer_if_held(self, row: Row[Any], settings: DeliverySettings, now: datetime) -> bool:
        quiet_until = skip_quiet_hours(settings, now)
        if quiet_until > now:
            return await self._defer_until(row.id, quiet_until, QUIET_HOURS_REASON)
        if not settings.cap:
            return False
        sent_times = [
            *await self._find_sent_times(row.place, now - _HOUR),
            *[now] * await self._count_in_flight(row.place, now),
        ]
        free_at = apply_hourly_cap(sent_times, settings.cap, now)
        if free_at > now:
            return await self._defer_until(row.id, free_at, CAP_REASON)
        self._release_counts[row.place] += 1
        if len(sent_times) == settings.cap - 1:
            await self._tx.folding.fold_destination(row.destination_id)
        return False

    async def _defer_until(self, post_id: int, due_at: datetime, reason: str) -> bool:
        await self._connection.execute(
            update(t.post).where(t.post.c.id == post_id).values(due_at=due_at, reason=reason)
        )
        # An expired lease would make it due by itself.
        is_lapsed = (t.post.c.id == post_id) & (t.post.c.state == PostState.LEASED.value)
        values = {"state": PostState.PENDING.value, "in_doubt": 1, "lease_until": None}
        await self._connection.execute(update(t.post).where(is_lapsed).values(**values))
        return True

    async def _find_sent_times(self, channel_id: int, since: datetime) -> list[datetime]:
        """Return when posts were sent to a channel and its threads, which are one place to its readers."""
        rows = await self._connection.execute(
            select(t.post.c.sent_at).where(
                _is_in_channel(channel_id), t.post.c.state.in_(DELIVERED_STATES), t.post.c.sent_at > since
            )
        )
        return list(rows.scalars())

    async def _count_in_flight(self, channel_id: int, now: datetime) -> int:
        is_leased = and_(t.post.c.state == PostState.LEASED.value, t.post.c.lease_until > now)
        query = select(func.count()).select_from(t.post).where(_is_in_channel(channel_id), is_leased)
        return self._release_counts[channel_id] + (await self._connection.execute(query)).scalar_one()


def _is_in_channel(channel_id: int) -> ColumnElement[bool]:
    destination_ids = select(t.destination.c.id).where(
        or_(t.destination.c.id == channel_id, t.destination.c.parent_id == channel_id)
    )
    return t.post.c.destination_id.in_(destination_ids)
