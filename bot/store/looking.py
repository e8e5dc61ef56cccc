"""Who looked when at what a place's follows had brought, and what has come since. Only the one who looked is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.look import Look
from bot.model.story import NewsLine
from bot.store import tables as t
from bot.store.lists import Lists
from bot.store.stories import development_of, sources_of


class Looking:
    """When people last looked, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last(self, user_id: int, discord_id: int) -> Look | None:
        """A person's last look at what came to this place; None when it is not known."""
        own = _own(user_id, discord_id)
        row = (await self._connection.execute(select(t.looked).where(own))).first()
        return None if row is None else Look(row.at, row.delivery, row.development)

    async def now(self, at: datetime) -> Look:
        """A look at this time: what has come so far."""
        newest = select(select(func.max(t.delivery.c.id)).scalar_subquery().label("delivery"), _newest_development())
        row = (await self._connection.execute(newest)).one()
        return Look(at, row.delivery or 0, row.development or 0)

    async def look(self, user_id: int, discord_id: int, look: Look) -> None:
        """Note that this person has looked; of a place that nothing was ever followed from, nothing is kept."""
        number = (await self._connection.execute(_here(discord_id))).scalar_one_or_none()
        if number is None:
            return
        values = {"at": look.at, "delivery": look.delivery, "development": look.development}
        changed = update(t.looked).where(_own(user_id, discord_id)).values(**values)
        if (await self._connection.execute(changed)).rowcount == 0:
            added = insert(t.looked).values(user_id=user_id, destination_id=number, **values)
            await self._connection.execute(added)

    async def brought(
        self, discord_id: int, after: Look, until: int, *, offset: int = 0, limit: int = 10
    ) -> tuple[tuple[NewsLine, ...], int]:
        """A page of the developments that became owed to a place after a look and stand, newest first; how many there are.

        None counts that became owed after the delivery ``until``.
        """
        owed = _owed(discord_id, after, until)
        total = (await self._connection.execute(select(func.count()).select_from(owed.subquery()))).scalar_one()
        newest = owed.order_by(func.max(t.delivery.c.id).desc())
        numbers = (await self._connection.execute(newest.offset(offset).limit(limit))).scalars().all()
        rows = await self._connection.execute(
            select(t.development, t.story.c.slug)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.development.c.id.in_(numbers))
        )
        found = {row.id: row for row in rows}
        sources = await sources_of(self._connection, numbers)
        slugs = list(dict.fromkeys(row.slug for row in found.values()))
        lines = {line.slug: line for line in await Lists(self._connection).lines(slugs)}
        return (
            tuple(
                NewsLine(lines[found[number].slug], development_of(found[number], sources.get(number, ())))
                for number in numbers
            ),
            total,
        )

    async def count_of(self, user_id: int) -> int:
        """Of how many places it is kept when this person looked."""
        own = select(func.count()).select_from(t.looked).where(t.looked.c.user_id == user_id)
        return (await self._connection.execute(own)).scalar_one()

    async def erase_before(self, then: datetime) -> int:
        """Erase what is older; how many."""
        return (await self._connection.execute(delete(t.looked).where(t.looked.c.at < then))).rowcount


def _here(discord_id: int) -> Select[Any]:
    return select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)


def _own(user_id: int, discord_id: int) -> ColumnElement[bool]:
    return and_(t.looked.c.user_id == user_id, t.looked.c.destination_id.in_(_here(discord_id)))


def _newest_development() -> ColumnElement[Any]:
    return select(func.max(t.development.c.id)).scalar_subquery().label("development")


def _owed(discord_id: int, after: Look, until: int) -> Select[Any]:
    """The developments, once each. In a story's own thread they arrive by posts; they are owed to the channel that it is in.

    By number as well as by time: one that is written a moment after a look may have been begun before it; and numbers of
    erased deliveries are given again.
    """
    here = _here(discord_id)
    posted_here = select(t.post.c.id).where(t.post.c.destination_id.in_(here))
    arrives = or_(t.delivery.c.destination_id.in_(here), t.delivery.c.post_id.in_(posted_here))
    is_later = t.delivery.c.created_at > after.at
    if after.delivery:
        is_later = or_(is_later, t.delivery.c.id > after.delivery)
    return (
        select(t.development.c.id)
        .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
        .where(arrives, is_later, t.delivery.c.id <= until, t.development.c.retracted == "")
        .group_by(t.development.c.id)
    )
