"""What was timed by a clock that was ahead is timed anew when that clock has been put back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, case, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.post import OPEN, STANDING, PostState
from bot.model.timetable import Mode, Timetable, next_digest
from bot.store import tables as t
from bot.store.due import YES, stale
from bot.store.timetables import Timetables

#: Times of what has happened, which cannot lie ahead; of the largest tables, the rows for which they matter, by an index.
_PAST: tuple[tuple[Column[datetime], ColumnElement[bool]], ...] = (
    (t.post.c.created_at, t.post.c.state.in_(OPEN)),
    (t.post.c.refused_at, t.post.c.state.in_(OPEN)),
    (t.delivery.c.created_at, t.delivery.c.gather_at.is_not(None)),
    (t.destination.c.blocked_at, true()),
    (t.guild.c.left_at, true()),
    (t.looked.c.at, true()),
    (t.reader_note.c.settled_at, true()),
)


class Waits:
    """Waits of deliveries, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def are_ahead(self, now: datetime) -> bool:
        """Return whether something waits that was made later than now: the clock was put back after that."""
        posts = select(t.post.c.id).where(
            t.post.c.state == PostState.PENDING.value, t.post.c.due_at > now, t.post.c.created_at > now
        )
        gathered = select(t.delivery.c.id).where(t.delivery.c.gather_at > now, t.delivery.c.created_at > now)
        for ahead in (posts, gathered):
            if (await self._connection.execute(ahead.limit(1))).first() is not None:
                return True
        return False

    async def recompute(self, now: datetime, lease: timedelta) -> None:
        """Time anew whatever is to be delivered: digests by their timetables; all else is due now, and put off again if it must wait.

        A lease that was given by a clock that was ahead ends no later than one that is given now.
        """
        # What was sent was due just then, and that is in an index.
        sent = (t.post.c.sent_at, t.post.c.state.in_(STANDING) & (t.post.c.due_at > now))
        for column, rows in (*_PAST, sent):
            await self._connection.execute(update(column.table).where(rows, column > now).values({column.name: now}))
        waiting = or_(t.post.c.state.in_(OPEN), stale(), t.post.c.publish == YES)
        await self._connection.execute(update(t.post).where(waiting, t.post.c.due_at > now).values(due_at=now))
        ends = now + lease
        await self._connection.execute(update(t.post).where(t.post.c.lease_until > ends).values(lease_until=ends))
        blocked = t.destination.c.retry_at.is_not(None)
        await self._connection.execute(update(t.destination).where(blocked).values(retry_at=None))
        await self._recompute_digests(now)

    async def _recompute_digests(self, now: datetime) -> None:
        owner = case((t.destination.c.guild_id == 0, t.destination.c.discord_id), else_=t.destination.c.guild_id)
        last = func.max(t.delivery.c.gather_at).label("last")
        rows = await self._connection.execute(
            select(owner.label("owner"), t.delivery.c.mode, last)
            .join(t.destination, t.destination.c.id == t.delivery.c.destination_id)
            .where(t.delivery.c.gather_at > now)
            .group_by(owner, t.delivery.c.mode)
        )
        waiting = rows.all()
        timetables = Timetables(self._connection)
        tables = await timetables.of([row.owner for row in waiting])
        for row in waiting:
            table = tables.get(row.owner, Timetable())
            if row.last > next_digest(table, Mode(row.mode), now):
                await timetables.retime(row.owner, table, now)
