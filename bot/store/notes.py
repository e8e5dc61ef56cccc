"""What readers tell the desk about a post."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Destination, Place
from bot.model.note import ReaderNote
from bot.store import tables as t


class Notes:
    """Readers' notes, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, post_key: str, user_id: int, text: str, now: datetime) -> ReaderNote | None:
        """Keep what somebody says of a post; None when they have said something of it before, or there is no such post."""
        post = await self._post(post_key)
        if post is None or await self.has(post_key, user_id):
            return None
        values = {"post_id": post, "user_id": user_id, "text": text, "created_at": now}
        added = insert(t.reader_note).values(**values).returning(t.reader_note.c.id)
        return await self.get((await self._connection.execute(added)).scalar_one())

    async def has(self, post_key: str, user_id: int) -> bool:
        """Whether somebody has said something of this post already."""
        said = (
            select(t.reader_note.c.id)
            .join(t.post, t.post.c.id == t.reader_note.c.post_id)
            .where(t.post.c.key == post_key, t.reader_note.c.user_id == user_id)
        )
        return (await self._connection.execute(said)).first() is not None

    async def get(self, number: int) -> ReaderNote | None:
        """The note of that number."""
        row = (await self._connection.execute(_notes().where(t.reader_note.c.id == number))).first()
        return None if row is None else await self._value(row)

    async def open(self, offset: int = 0, limit: int = 10) -> tuple[ReaderNote, ...]:
        """Notes that nobody has settled, oldest first."""
        unsettled = _notes().where(t.reader_note.c.settled_at.is_(None)).order_by(t.reader_note.c.id)
        rows = await self._connection.execute(unsettled.offset(offset).limit(limit))
        return tuple([await self._value(row) for row in rows.all()])

    async def count_open(self) -> int:
        """How many wait."""
        waiting = select(func.count()).select_from(t.reader_note).where(t.reader_note.c.settled_at.is_(None))
        return (await self._connection.execute(waiting)).scalar_one()

    async def count_of(self, user_id: int) -> int:
        """How many notes of a user are kept."""
        theirs = select(func.count()).select_from(t.reader_note).where(t.reader_note.c.user_id == user_id)
        return (await self._connection.execute(theirs)).scalar_one()

    async def settle(self, number: int, by: str, now: datetime) -> bool:
        """An editor has seen to it; False when somebody else has already."""
        open_note = (t.reader_note.c.id == number) & t.reader_note.c.settled_at.is_(None)
        settled = update(t.reader_note).where(open_note).values(settled_at=now, settled_by=by)
        return (await self._connection.execute(settled)).rowcount == 1

    async def reopen(self, number: int) -> bool:
        """Take :meth:`settle` back."""
        reopened = update(t.reader_note).where(t.reader_note.c.id == number).values(settled_at=None, settled_by="")
        return (await self._connection.execute(reopened)).rowcount == 1

    async def erase_settled(self, before: datetime) -> int:
        """Erase what was settled before then; how many."""
        return (
            await self._connection.execute(delete(t.reader_note).where(t.reader_note.c.settled_at < before))
        ).rowcount

    async def _post(self, key: str) -> int | None:
        return (await self._connection.execute(select(t.post.c.id).where(t.post.c.key == key))).scalar_one_or_none()

    async def _value(self, row: Row[Any]) -> ReaderNote:
        carried = await self._connection.execute(
            select(t.story.c.slug, t.story.c.headline, t.development.c.key, t.development.c.headline.label("told"))
            .join(t.development, t.development.c.story_id == t.story.c.id)
            .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
            .where(t.delivery.c.post_id == row.post_id)
            .order_by(t.delivery.c.id)
        )
        return ReaderNote(
            number=row.id,
            user_id=row.user_id,
            text=row.text,
            created_at=row.created_at,
            destination=Destination(Place(row.place), row.discord_id, row.guild_id),
            message_id=row.message_id or 0,
            about=tuple((each.slug, each.headline, each.key, each.told) for each in carried),
            settled_at=row.settled_at,
            settled_by=row.settled_by,
        )


def _notes() -> Select[Any]:
    return (
        select(
            t.reader_note,
            t.post.c.message_id,
            t.destination.c.place,
            t.destination.c.discord_id,
            t.destination.c.guild_id,
        )
        .join(t.post, t.post.c.id == t.reader_note.c.post_id)
        .join(t.destination, t.destination.c.id == t.post.c.destination_id)
    )
