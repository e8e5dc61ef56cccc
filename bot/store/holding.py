"""What is due but not to go yet: quiet hours, and a cap on how many posts an hour a channel gets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.languages import noted
from bot.model.post import STANDING, PostState
from bot.model.timetable import Timetable, free_from, next_free_of_cap
from bot.store import tables as t
from bot.store.folding import Folding
from bot.store.timetables import Timetables

QUIET = noted("quiet hours hold it")
CAPPED = noted("this hour's posts are used up")
_HOUR = timedelta(hours=1)


class Holding:
    """Posts that wait for their hour, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        # By channel, how many posts were let go that are not yet sent: its threads are served side by side.
        self._let_go: Counter[int] = Counter()

    async def put_off(self, posts: Sequence[int], now: datetime) -> set[int]:
        """Put off those of these posts that must wait, each its destination's oldest; which these are.

        A post that takes the last place of a cap takes along what waits behind it: nothing is dropped, nothing floods.
        """
        place = func.coalesce(t.destination.c.parent_id, t.destination.c.id).label("place")
        rows: Iterable[Row[Any]] = await self._connection.execute(
            select(t.post.c.id, t.post.c.destination_id, place, t.destination.c.guild_id, t.destination.c.discord_id)
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(t.post.c.id.in_(posts))
            .order_by(t.post.c.id)
        )
        owned = [(row, row.guild_id or row.discord_id) for row in rows]
        tables = await Timetables(self._connection).of([owner for _, owner in owned])
        return {row.id for row, owner in owned if owner in tables and await self._holds(row, tables[owner], now)}

    async def _holds(self, row: Row[Any], table: Timetable, now: datetime) -> bool:
        quiet_until = free_from(table, now)
        if quiet_until > now:
            return await self._until(row.id, quiet_until, QUIET)
        if not table.cap:
            return False
        taken = [*await self._sent_since(row.place, now - _HOUR), *[now] * await self._on_the_way(row.place, now)]
        free_at = next_free_of_cap(taken, table.cap, now)
        if free_at > now:
            return await self._until(row.id, free_at, CAPPED)
        self._let_go[row.place] += 1
        if len(taken) == table.cap - 1:
            await Folding(self._connection).fold_at(row.destination_id)
        return False

    async def _until(self, post: int, when: datetime, why: str) -> bool:
        await self._connection.execute(update(t.post).where(t.post.c.id == post).values(due_at=when, reason=why))
        # A lease that ran out would make it due by itself.
        lapsed = (t.post.c.id == post) & (t.post.c.state == PostState.LEASED.value)
        state = {"state": PostState.PENDING.value, "in_doubt": 1, "lease_until": None}
        await self._connection.execute(update(t.post).where(lapsed).values(**state))
        return True

    async def _sent_since(self, place: int, since: datetime) -> list[datetime]:
        """When posts went to a channel, the threads in it counted in: it is one place to its readers."""
        sent = await self._connection.execute(
            select(t.post.c.sent_at).where(_in(place), t.post.c.state.in_(STANDING), t.post.c.sent_at > since)
        )
        return list(sent.scalars())

    async def _on_the_way(self, place: int, now: datetime) -> int:
        leased = and_(t.post.c.state == PostState.LEASED.value, t.post.c.lease_until > now)
        count = select(func.count()).select_from(t.post).where(_in(place), leased)
        return self._let_go[place] + (await self._connection.execute(count)).scalar_one()


def _in(place: int) -> ColumnElement[bool]:
    here = select(t.destination.c.id).where(or_(t.destination.c.id == place, t.destination.c.parent_id == place))
    return t.post.c.destination_id.in_(here)
