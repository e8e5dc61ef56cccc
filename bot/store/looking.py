"""Who looked when at what a place's follows had brought, and what has come since. Only the one who looked is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.story import NewsLine
from bot.store import tables as t
from bot.store.lists import Lists
from bot.store.stories import development_of, sources_of


class Looking:
    """When people last looked, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def last(self, user_id: int, discord_id: int) -> datetime | None:
        """When this person last looked at what came to this place; None when it is not known."""
        here = _here(discord_id)
        seen = select(t.looked.c.at).where(t.looked.c.user_id == user_id, t.looked.c.destination_id.in_(here))
        return (await self._connection.execute(seen)).scalar_one_or_none()

    async def look(self, user_id: int, discord_id: int, now: datetime) -> None:
        """Note that this person has looked; of a place that nothing was ever followed from, nothing is kept."""
        number = (await self._connection.execute(_here(discord_id))).scalar_one_or_none()
        if number is None:
            return
        own = (t.looked.c.user_id == user_id) & (t.looked.c.destination_id == number)
        if (await self._connection.execute(update(t.looked).where(own).values(at=now))).rowcount == 0:
            added = insert(t.looked).values(user_id=user_id, destination_id=number, at=now)
            await self._connection.execute(added)

    async def brought(
        self, discord_id: int, since: datetime, until: datetime, *, offset: int = 0, limit: int = 10
    ) -> tuple[tuple[NewsLine, ...], int]:
        """A page of the developments that became owed to a place in this time and stand, newest first; how many there are.

        ``since`` is left out of the time, ``until`` is in it.
        """
        owed = _owed(discord_id, since, until)
        total = (await self._connection.execute(select(func.count()).select_from(owed.subquery()))).scalar_one()
        newest = owed.order_by(func.max(t.delivery.c.created_at).desc(), t.development.c.id.desc())
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

    async def came_since(self, slug: str, since: datetime) -> frozenset[int]:
        """The store's numbers of the developments of a story that came in after then."""
        rows = await self._connection.execute(
            select(t.development.c.id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.story.c.slug == slug, t.development.c.created_at > since)
        )
        return frozenset(rows.scalars())

    async def count_of(self, user_id: int) -> int:
        """Of how many places it is kept when this person looked."""
        own = select(func.count()).select_from(t.looked).where(t.looked.c.user_id == user_id)
        return (await self._connection.execute(own)).scalar_one()

    async def erase_before(self, then: datetime) -> int:
        """Erase what is older; how many."""
        return (await self._connection.execute(delete(t.looked).where(t.looked.c.at < then))).rowcount


def _here(discord_id: int) -> Select[Any]:
    return select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)


def _owed(discord_id: int, since: datetime, until: datetime) -> Select[Any]:
    """The developments, once each. In a story's own thread they arrive by posts; they are owed to the channel that it is in."""
    here = _here(discord_id)
    posted_here = select(t.post.c.id).where(t.post.c.destination_id.in_(here))
    arrives: ColumnElement[bool] = or_(t.delivery.c.destination_id.in_(here), t.delivery.c.post_id.in_(posted_here))
    return (
        select(t.development.c.id)
        .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
        .where(
            arrives, t.delivery.c.created_at > since, t.delivery.c.created_at <= until, t.development.c.retracted == ""
        )
        .group_by(t.development.c.id)
    )
