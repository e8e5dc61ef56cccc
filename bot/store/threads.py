"""The thread that a story has in a channel or forum, under the story's card."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Place
from bot.model.post import OPEN, STANDING, Form, PostState
from bot.store import tables as t


class Threads:
    """Stories' threads, seen through one connection. A thread is a destination of its own, with a channel above it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, parents: Collection[int], story: int, now: datetime) -> dict[int, int]:
        """By channel, the destination that is the story's thread there; where there is none a card is owed that opens it.

        All are the store's own numbers.
        """
        if not parents:
            return {}
        known = await self._connection.execute(
            select(t.destination.c.parent_id, t.destination.c.id).where(
                t.destination.c.parent_id.in_(parents), t.destination.c.story_id == story
            )
        )
        threads = {row.parent_id: row.id for row in known}
        for parent in parents:
            if parent not in threads:
                threads[parent] = await self._open(parent, story, now)
        return threads

    async def _open(self, parent: int, story: int, now: datetime) -> int:
        above = (
            await self._connection.execute(
                select(t.destination.c.guild_id, t.destination.c.place).where(t.destination.c.id == parent)
            )
        ).one()
        card = {
            "key": secrets.token_hex(8),
            "destination_id": parent,
            "state": PostState.PENDING.value,
            "form": Form.CARD.value,
            "story_id": story,
            # The card itself is no news; what it is opened for notifies.
            "silent": 1,
            "publish": int(above.place == Place.ANNOUNCEMENT.value),
            "created_at": now,
            "due_at": now,
        }
        number = (await self._connection.execute(insert(t.post).values(**card).returning(t.post.c.id))).scalar_one()
        thread = {
            "place": Place.THREAD.value,
            "discord_id": -number,
            "guild_id": above.guild_id,
            "parent_id": parent,
            "story_id": story,
            "card_id": number,
        }
        added = insert(t.destination).values(**thread).returning(t.destination.c.id)
        return int((await self._connection.execute(added)).scalar_one())

    async def opened(self, card: int, thread_id: int) -> None:
        """The card stands, and its thread has this id of Discord's: what waits for it can go."""
        opened = update(t.destination).where(t.destination.c.card_id == card).values(discord_id=thread_id)
        await self._connection.execute(opened)

    async def never_opened(self, card: int, reason: str, now: datetime) -> None:
        """The card can never stand: what waits for its thread is closed, and the next development tries anew."""
        thread = select(t.destination.c.id).where(t.destination.c.card_id == card)
        waiting = t.post.c.destination_id.in_(thread) & t.post.c.state.in_(OPEN)
        failed = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        await self._connection.execute(update(t.post).where(waiting).values(**failed))
        await self._leave(t.destination.c.card_id == card)

    async def renew(self, discord_id: int, now: datetime) -> bool:
        """A story's thread was deleted: what waits for it goes into a new one; repeated, it changes nothing. False when it is
        no story's thread.
        """
        row = (
            await self._connection.execute(select(t.destination).where(t.destination.c.discord_id == discord_id))
        ).first()
        if row is None or row.parent_id is None:
            return False
        await self._leave(t.destination.c.id == row.id)
        waiting = t.post.c.destination_id == row.id
        story = await self._story_waiting(row.id)
        if story is not None:
            thread = (await self.of([row.parent_id], story, now))[row.parent_id]
            moved = {"destination_id": thread, "state": PostState.PENDING.value, "lease_until": None, "in_doubt": 0}
            await self._connection.execute(
                update(t.post).where(waiting, t.post.c.state.in_(OPEN)).values(**moved, due_at=now)
            )
        stale = waiting & (t.post.c.shown < t.post.c.wanted)
        await self._connection.execute(update(t.post).where(stale).values(shown=t.post.c.wanted, lease_until=None))
        return True

    async def _story_waiting(self, thread: int) -> int | None:
        """The story of what waits for a thread; none when nothing does. A thread of a story that was joined has no other."""
        rows = await self._connection.execute(
            select(t.development.c.story_id)
            .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
            .join(t.post, t.post.c.id == t.delivery.c.post_id)
            .where(t.post.c.destination_id == thread, t.post.c.state.in_(OPEN))
            .order_by(t.post.c.id)
            .limit(1)
        )
        return rows.scalar_one_or_none()

    async def refresh_cards(self, story: int, now: datetime) -> int:
        """A story has changed: every card of it that stands is to be brought up to date; how many these are."""
        standing = t.post.c.state.in_(STANDING)
        cards = (t.post.c.story_id == story) & (t.post.c.form == Form.CARD.value)
        await self._connection.execute(update(t.post).where(cards).values(wanted=t.post.c.wanted + 1))
        due = update(t.post).where(cards, standing).values(due_at=now, attempts=0)
        return (await self._connection.execute(due)).rowcount

    async def _leave(self, where: Any) -> None:
        await self._connection.execute(update(t.destination).where(where).values(story_id=None, card_id=None))
