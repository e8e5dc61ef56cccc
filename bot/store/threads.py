"""The thread that a story has in a channel or forum, under the story's card."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Place
from bot.model.post import OPEN, STANDING, Form, PostState
from bot.store import tables as t
from bot.store.merging import merge_destinations


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
        """Give a card's thread its id of Discord's, so that what waits for it can go.

        If somebody has followed something in that thread already, both are one destination from now on.
        """
        is_thread = t.destination.c.card_id == card
        thread = (await self._connection.execute(select(t.destination.c.id).where(is_thread))).scalar_one_or_none()
        if thread is None:
            return
        other = select(t.destination.c.id).where(t.destination.c.discord_id == thread_id, t.destination.c.id != thread)
        followed = (await self._connection.execute(other)).scalar_one_or_none()
        if followed is not None:
            await merge_destinations(self._connection, followed, into=thread)
        await self._connection.execute(update(t.destination).where(is_thread).values(discord_id=thread_id))

    async def never_opened(self, card: int, reason: str, now: datetime) -> None:
        """The card can never stand: what waits for its thread is closed, and the next development tries anew."""
        thread = select(t.destination.c.id).where(t.destination.c.card_id == card)
        waiting = t.post.c.destination_id.in_(thread) & t.post.c.state.in_(OPEN)
        failed = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        await self._connection.execute(update(t.post).where(waiting).values(**failed))
        await self._leave(t.destination.c.card_id == card)

    async def renew(self, discord_id: int, now: datetime) -> None:
        """Move what the channel above is owed in a deleted story's thread into a new thread.

        Changes nothing when it is repeated, and nothing of a place that is no story's thread. What is left there was owed to
        follows of the thread itself.
        """
        row = (
            await self._connection.execute(select(t.destination).where(t.destination.c.discord_id == discord_id))
        ).first()
        if row is None or row.parent_id is None:
            return
        await self._leave(t.destination.c.id == row.id)
        owed = t.delivery.alias("owed")
        to_channel = exists().where(owed.c.post_id == t.post.c.id, owed.c.destination_id == row.parent_id)
        # What is set aside is tried again: it may have been refused because of the thread that is gone.
        unsent = t.post.c.state.in_((*OPEN, PostState.SET_ASIDE))
        waiting = (t.post.c.destination_id == row.id) & unsent & to_channel.correlate(t.post)
        story = await self._story_of(waiting)
        if story is not None:
            thread = (await self.of([row.parent_id], story, now))[row.parent_id]
            moved = {"destination_id": thread, "state": PostState.PENDING.value, "lease_until": None, "in_doubt": 0}
            again = update(t.post).where(waiting).values(**moved, due_at=now, refused_at=None, sent_at=None)
            await self._connection.execute(again)

    async def _story_of(self, posts: ColumnElement[bool]) -> int | None:
        """The story of the oldest of these posts; none when there are no posts. A thread of a story that was joined has no other."""
        rows = await self._connection.execute(
            select(t.development.c.story_id)
            .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
            .join(t.post, t.post.c.id == t.delivery.c.post_id)
            .where(posts)
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
