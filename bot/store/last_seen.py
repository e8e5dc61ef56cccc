"""When each person last looked at the news of a destination, and what has come since.

What is stored about a person is shown to that person only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, insert, or_, select, update

from bot.model.follow import LastSeen
from bot.model.story import DevelopmentListItem
from bot.store import tables as t
from bot.store.stories import get_sources, to_development
from bot.store.subject import StoreSubject


class LastSeenMarks(StoreSubject):
    """The marks of all people in one transaction."""

    async def find(self, user_id: int, discord_id: int) -> LastSeen | None:
        """Return when a person last looked at the news of this destination, or None if it is not known."""
        condition = _is_own_mark(user_id, discord_id)
        row = (await self._connection.execute(select(t.last_seen).where(condition))).first()
        return None if row is None else LastSeen(row.at, row.delivery, row.development)

    async def capture(self, now: datetime) -> LastSeen:
        """Return a mark of this time: the newest delivery and development so far."""
        query = select(
            select(func.max(t.delivery.c.id)).scalar_subquery().label("delivery"), _select_newest_development()
        )
        row = (await self._connection.execute(query)).one()
        return LastSeen(now, row.delivery or 0, row.development or 0)

    async def save(self, user_id: int, discord_id: int, last_seen: LastSeen) -> None:
        """Record that a person has looked. A destination that never had a follow gets no record."""
        destination_id = (await self._connection.execute(_select_destination_id(discord_id))).scalar_one_or_none()
        if destination_id is None:
            return
        values = {"at": last_seen.at, "delivery": last_seen.delivery_id, "development": last_seen.development_id}
        update_statement = update(t.last_seen).where(_is_own_mark(user_id, discord_id)).values(**values)
        if (await self._connection.execute(update_statement)).rowcount == 0:
            insert_statement = insert(t.last_seen).values(user_id=user_id, destination_id=destination_id, **values)
            await self._connection.execute(insert_statement)

    async def list_developments_since(
        self, discord_id: int, last_seen: LastSeen, last_delivery_id: int, *, offset: int = 0, limit: int = 10
    ) -> tuple[tuple[DevelopmentListItem, ...], int]:
        """Return a page of what became due for a destination after a mark, newest first, and the total count.

        Retracted developments are left out, and so are those of deliveries after ``last_delivery_id``.
        """
        query = _build_owed_query(discord_id, last_seen, last_delivery_id)
        total = (await self._connection.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
        ordered_query = query.order_by(func.max(t.delivery.c.id).desc())
        development_ids = (await self._connection.execute(ordered_query.offset(offset).limit(limit))).scalars().all()
        rows = await self._connection.execute(
            select(t.development, t.story.c.slug)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.development.c.id.in_(development_ids))
        )
        rows_by_id = {row.id: row for row in rows}
        sources = await get_sources(self._connection, development_ids)
        slugs = list(dict.fromkeys(row.slug for row in rows_by_id.values()))
        lines = {line.slug: line for line in await self._tx.listing.get_items(slugs)}
        return (
            tuple(
                DevelopmentListItem(
                    lines[rows_by_id[development_id].slug],
                    to_development(rows_by_id[development_id], sources.get(development_id, ())),
                )
                for development_id in development_ids
            ),
            total,
        )

    async def count_by_user(self, user_id: int) -> int:
        """Return for how many destinations a mark of this person is stored."""
        query = select(func.count()).select_from(t.last_seen).where(t.last_seen.c.user_id == user_id)
        return (await self._connection.execute(query)).scalar_one()

    async def erase_before(self, time: datetime) -> int:
        """Erase the marks that are older than this time, and return how many."""
        return (await self._connection.execute(delete(t.last_seen).where(t.last_seen.c.at < time))).rowcount


def _select_destination_id(discord_id: int) -> Select[Any]:
    return select(t.destination.c.id).where(t.destination.c.discord_id == discord_id)


def _is_own_mark(user_id: int, discord_id: int) -> ColumnElement[bool]:
    return and_(t.last_seen.c.user_id == user_id, t.last_seen.c.destination_id.in_(_select_destination_id(discord_id)))


def _select_newest_development() -> ColumnElement[Any]:
    return select(func.max(t.development.c.id)).scalar_subquery().label("development")


def _build_owed_query(discord_id: int, last_seen: LastSeen, last_delivery_id: int) -> Select[Any]:
    """Select the ids of the developments, each once.

    In a story's own thread they arrive by posts, while the delivery is the one of the channel that the thread is in.
    Ids are compared as well as times: a delivery that is written a moment after a mark may have been begun before it,
    and ids of erased deliveries are used again.
    """
    destination_id = _select_destination_id(discord_id)
    post_ids = select(t.post.c.id).where(t.post.c.destination_id.in_(destination_id))
    is_for_destination = or_(t.delivery.c.destination_id.in_(destination_id), t.delivery.c.post_id.in_(post_ids))
    is_later = t.delivery.c.created_at > last_seen.at
    if last_seen.delivery_id:
        is_later = or_(is_later, t.delivery.c.id > last_seen.delivery_id)
    return (
        select(t.development.c.id)
        .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
        .where(is_for_destination, is_later, t.delivery.c.id <= last_delivery_id, t.development.c.retracted == "")
        .group_by(t.development.c.id)
    )
