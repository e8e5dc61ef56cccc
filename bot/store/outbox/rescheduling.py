"""Reschedule what was timed by a clock that was ahead, once that clock has been set back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, case, func, or_, select, true, update

from bot.model.delivery_schedule import get_next_digest
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.post import DELIVERED_STATES
from bot.store import tables as t
from bot.store.outbox.due_posts import SQL_TRUE, needs_edit
from bot.store.outbox.post_states import is_open, is_pending
from bot.store.subject import StoreSubject

_HOUR = timedelta(hours=1)
#: Times of past events, which cannot lie ahead; of the largest tables only rows for which they matter, found by an index.
_PAST_TIMES: tuple[tuple[Column[datetime], ColumnElement[bool]], ...] = (
    (t.post.c.created_at, is_open()),
    (t.post.c.refused_at, is_open()),
    (t.delivery.c.created_at, t.delivery.c.gather_at.is_not(None)),
    (t.destination.c.blocked_at, true()),
    (t.guild.c.left_at, true()),
    (t.last_seen.c.at, true()),
    (t.reader_report.c.settled_at, true()),
)


class Rescheduling(StoreSubject):
    """Times of deliveries that lie too far ahead."""

    async def is_needed(self, now: datetime) -> bool:
        """Return whether something waits that was created later than now: the clock has been set back since."""
        post_query = select(t.post.c.id).where(is_pending(), t.post.c.due_at > now, t.post.c.created_at > now)
        digest_query = select(t.delivery.c.id).where(t.delivery.c.gather_at > now, t.delivery.c.created_at > now)
        for query in (post_query, digest_query):
            if (await self._connection.execute(query.limit(1))).first() is not None:
                return True
        return False

    async def reschedule(self, now: datetime, lease: timedelta) -> None:
        """Reschedule what waits: digests by the delivery settings, everything else for now; it is deferred again if it must wait.

        A lease that a clock ahead has given ends no later than one that is given now.
        """
        # Sent posts were due when they were sent.
        sent_times = (t.post.c.sent_at, t.post.c.state.in_(DELIVERED_STATES) & (t.post.c.due_at > now))
        for column, condition in (*_PAST_TIMES, sent_times):
            await self._connection.execute(
                update(column.table).where(condition, column > now).values({column.name: now})
            )
        is_waiting = or_(is_open(), needs_edit(), t.post.c.publish == SQL_TRUE)
        await self._connection.execute(update(t.post).where(is_waiting, t.post.c.due_at > now).values(due_at=now))
        lease_end = now + lease
        await self._connection.execute(
            update(t.post).where(t.post.c.lease_until > lease_end).values(lease_until=lease_end)
        )
        is_blocked = t.destination.c.retry_at.is_not(None)
        await self._connection.execute(update(t.destination).where(is_blocked).values(retry_at=None))
        await self._reschedule_digests(now)

    async def _reschedule_digests(self, now: datetime) -> None:
        # News of feeds beyond the hour's posts waits for an hour at most.
        waits_for_hour = (t.delivery.c.mode == DeliveryMode.INSTANT.value) & (t.delivery.c.gather_at > now + _HOUR)
        await self._connection.execute(update(t.delivery).where(waits_for_hour).values(gather_at=now + _HOUR))
        owner = case((t.destination.c.guild_id == 0, t.destination.c.discord_id), else_=t.destination.c.guild_id)
        last = func.max(t.delivery.c.gather_at).label("last")
        result = await self._connection.execute(
            select(owner.label("owner"), t.delivery.c.mode, last)
            .join(t.destination, t.destination.c.id == t.delivery.c.destination_id)
            .where(t.delivery.c.gather_at > now)
            .group_by(owner, t.delivery.c.mode)
        )
        rows = result.all()
        owner_settings = self._tx.delivery_settings
        settings_by_owner = await owner_settings.get_many([row.owner for row in rows])
        for row in rows:
            settings = settings_by_owner.get(row.owner, DeliverySettings())
            if row.mode == DeliveryMode.INSTANT.value:
                continue
            if row.last > get_next_digest(settings, DeliveryMode(row.mode), now):
                await owner_settings.reschedule(row.owner, settings, now)
