"""The thread of a story in a channel or forum, under the story's card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Insert,
    Select,
    Table,
    and_,
    bindparam,
    case,
    delete,
    exists,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from bot.model.follow import DestinationKind
from bot.model.post import DELIVERED_STATES, OPEN_STATES, PostState, PostType
from bot.store import tables as t
from bot.store.engines.json_values import select_ids, to_json_array
from bot.store.outbox.digests import is_certainly_unsent
from bot.store.outbox.post_keys import build_batch_key, create_key_batch, is_in_batch
from bot.store.subject import StoreSubject
from bot.store.tables.column_types import Instant

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

#: The tables whose rows move with a destination, and the column of which it has each value at most once.
_UNIQUE_KEYS: tuple[tuple[Table, Column[int] | Column[str]], ...] = (
    (t.follow, t.follow.c.target_key),
    (t.last_seen, t.last_seen.c.user_id),
    (t.delivery, t.delivery.c.development_id),
)

_STORY = bindparam("story", type_=t.post.c.story_id.type)
_NOW = bindparam("now", type_=Instant)


async def _merge_destinations(connection: AsyncConnection, source_id: int, target_id: int) -> None:
    """Move everything of one destination to another, and delete the first. Ids are those of the store.

    A development that both have a delivery of is posted once, unless two posts of it have been attempted already.
    """
    await _delete_repeated_reminders(connection, source_id, target_id)
    for table, key in _UNIQUE_KEYS:
        target_keys = select(key).where(table.c.destination_id == target_id)
        await connection.execute(delete(table).where(table.c.destination_id == source_id, key.in_(target_keys)))
        await connection.execute(
            update(table).where(table.c.destination_id == source_id).values(destination_id=target_id)
        )
    for table in (t.post, t.cluster):
        await connection.execute(
            update(table).where(table.c.destination_id == source_id).values(destination_id=target_id)
        )
    await connection.execute(delete(t.destination).where(t.destination.c.id == source_id))
    await _delete_repeated_posts(connection, target_id)


async def _delete_repeated_reminders(connection: AsyncConnection, source_id: int, target_id: int) -> None:
    """Delete the deliveries of reminders of one destination that the other has too."""
    same = t.delivery.alias("same")
    is_repeated = exists().where(
        same.c.destination_id == target_id,
        same.c.expected_event_id == t.delivery.c.expected_event_id,
        same.c.expected_on == t.delivery.c.expected_on,
    )
    await connection.execute(delete(t.delivery).where(t.delivery.c.destination_id == source_id, is_repeated))


async def _delete_repeated_posts(connection: AsyncConnection, destination_id: int) -> None:
    """Keep one post for each development: one that may have been sent already, else the oldest."""
    is_unsent = is_certainly_unsent().label("is_unsent")
    rows = await connection.execute(
        select(t.delivery, is_unsent)
        .join(t.post, t.post.c.id == t.delivery.c.post_id)
        .where(t.post.c.destination_id == destination_id, t.post.c.state.in_((*OPEN_STATES, *DELIVERED_STATES)))
        .where(t.delivery.c.development_id.is_not(None))
        .order_by(is_unsent, t.post.c.id)
    )
    by_development = defaultdict(list)
    for row in rows:
        by_development[row.development_id].append(row)
    for first, *repeats in by_development.values():
        for repeat in repeats:
            if repeat.is_unsent:
                # The channel's delivery is kept, not that of the thread's own follow: so both can report what became of it.
                dropped_delivery, surviving_delivery = (
                    (repeat, first) if repeat.destination_id == destination_id else (first, repeat)
                )
                await connection.execute(delete(t.delivery).where(t.delivery.c.id == dropped_delivery.id))
                statement = update(t.delivery).where(t.delivery.c.id == surviving_delivery.id)
                await connection.execute(statement.values(post_id=first.post_id))
    has_deliveries = exists().where(t.delivery.c.post_id == t.post.c.id)
    is_empty = (
        (t.post.c.destination_id == destination_id)
        & is_certainly_unsent()
        & (t.post.c.form != PostType.CARD.value)
        & ~has_deliveries
    )
    await connection.execute(delete(t.post).where(is_empty))


def is_story_thread(
    thread: FromClause, parent_id: ColumnElement[int], story_id: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return the condition that a destination is the thread of a story in a channel."""
    return and_(thread.c.parent_id == parent_id, thread.c.story_id == story_id)


def build_card_insert(parent_ids: Select[Any]) -> Insert:
    """Build the insertion of cards in those of these channels where the story has no thread.

    Its parameters are ``story``, ``now`` and a batch of keys.
    """
    thread = t.destination.alias("existing_thread")
    columns = ["key", "destination_id", "state", "form", "story_id", "silent", "publish", "created_at", "due_at"]
    query = select(
        build_batch_key(t.destination.c.id),
        t.destination.c.id,
        literal(PostState.PENDING.value),
        literal(PostType.CARD.value),
        _STORY,
        # The card notifies nobody; the post in its thread does.
        literal_column("1"),
        case((t.destination.c.place == DestinationKind.ANNOUNCEMENT.value, 1), else_=0),
        _NOW,
        _NOW,
    ).where(
        t.destination.c.id.in_(parent_ids),
        ~exists().where(is_story_thread(thread, t.destination.c.id, _STORY)),
    )
    return insert(t.post).from_select(columns, query)


_INSERT_CARDS = build_card_insert(select_ids("parents"))
_INSERT_THREADS = insert(t.destination).from_select(
    ["place", "discord_id", "guild_id", "parent_id", "story_id", "card_id"],
    select(
        literal(DestinationKind.THREAD.value),
        -t.post.c.id,
        t.destination.c.guild_id,
        t.destination.c.id,
        t.post.c.story_id,
        t.post.c.id,
    )
    .join(t.post, t.post.c.destination_id == t.destination.c.id)
    .where(is_in_batch()),
)


class StoryThreads(StoreSubject):
    """Threads of stories. Each is a destination of its own, with a parent channel."""

    async def find_or_create(self, parent_ids: Collection[int], story_id: int, now: datetime) -> dict[int, int]:
        """Return the destinations that are the story's threads, by channel. Where there is none, enqueue a card that opens it."""
        if not parent_ids:
            return {}
        parameters = {"parents": to_json_array(parent_ids), "story": story_id, "now": now}
        await self.create_missing(_INSERT_CARDS, parameters, now)
        rows = await self._connection.execute(
            select(t.destination.c.parent_id, t.destination.c.id).where(
                t.destination.c.parent_id.in_(parent_ids), t.destination.c.story_id == story_id
            )
        )
        return {row.parent_id: row.id for row in rows}

    async def create_missing(self, insert_cards: Insert, parameters: Mapping[str, Any], now: datetime) -> None:
        """Enqueue cards (:func:`build_card_insert`) where the story has no thread, and create the threads that they open."""
        keys = (await create_key_batch(self._connection, now)).parameters
        if (await self._connection.execute(insert_cards, {**parameters, **keys})).rowcount:
            await self._connection.execute(_INSERT_THREADS, {**parameters, **keys})

    async def mark_opened(self, card_id: int, thread_id: int) -> None:
        """Record the id of the thread that a card has opened, so that posts which wait for it can be sent.

        If somebody has followed something in that thread already, merge the two destinations.
        """
        is_thread = t.destination.c.card_id == card_id
        destination_id = (
            await self._connection.execute(select(t.destination.c.id).where(is_thread))
        ).scalar_one_or_none()
        if destination_id is None:
            return
        query = select(t.destination.c.id).where(
            t.destination.c.discord_id == thread_id, t.destination.c.id != destination_id
        )
        followed_id = (await self._connection.execute(query)).scalar_one_or_none()
        if followed_id is not None:
            await _merge_destinations(self._connection, followed_id, target_id=destination_id)
        await self._connection.execute(update(t.destination).where(is_thread).values(discord_id=thread_id))

    async def mark_failed(self, card_id: int, reason: str, now: datetime) -> None:
        """Record that the card can never be sent: posts that wait for its thread fail, and the next development opens another."""
        destination_ids = select(t.destination.c.id).where(t.destination.c.card_id == card_id)
        is_waiting = t.post.c.destination_id.in_(destination_ids) & t.post.c.state.in_(OPEN_STATES)
        values = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        await self._connection.execute(update(t.post).where(is_waiting).values(**values))
        await self._detach(t.destination.c.card_id == card_id)

    async def replace_deleted(self, discord_id: int, now: datetime) -> None:
        """Move what waits for a deleted story thread on behalf of its channel to a new thread.

        Posts for follows of the thread itself stay. Repeated, or for a destination that is no story's thread, it changes
        nothing.
        """
        row = (
            await self._connection.execute(select(t.destination).where(t.destination.c.discord_id == discord_id))
        ).first()
        if row is None or row.parent_id is None:
            return
        await self._detach(t.destination.c.id == row.id)
        delivery = t.delivery.alias("for_channel")
        is_for_channel = exists().where(delivery.c.post_id == t.post.c.id, delivery.c.destination_id == row.parent_id)
        # Posts set aside are retried: they may have been refused because of the thread that is gone.
        is_unsent = t.post.c.state.in_((*OPEN_STATES, PostState.SET_ASIDE))
        is_waiting = (t.post.c.destination_id == row.id) & is_unsent & is_for_channel.correlate(t.post)
        story_id = await self._find_story_id(is_waiting)
        if story_id is not None:
            thread_id = (await self.find_or_create([row.parent_id], story_id, now))[row.parent_id]
            values = {"destination_id": thread_id, "state": PostState.PENDING.value, "lease_until": None, "in_doubt": 0}
            statement = update(t.post).where(is_waiting).values(**values, due_at=now, refused_at=None, sent_at=None)
            await self._connection.execute(statement)

    async def _find_story_id(self, condition: ColumnElement[bool]) -> int | None:
        """Return the story of the oldest of these posts; None if there are none. After a merge, only the posts know the story."""
        rows = await self._connection.execute(
            select(t.development.c.story_id)
            .join(t.delivery, t.delivery.c.development_id == t.development.c.id)
            .join(t.post, t.post.c.id == t.delivery.c.post_id)
            .where(condition)
            .order_by(t.post.c.id)
            .limit(1)
        )
        return rows.scalar_one_or_none()

    async def request_card_edits(self, story_id: int, now: datetime) -> int:
        """Have every card of a story edited; return how many."""
        is_sent = t.post.c.state.in_(DELIVERED_STATES)
        is_card = (t.post.c.story_id == story_id) & (t.post.c.form == PostType.CARD.value)
        await self._connection.execute(update(t.post).where(is_card).values(wanted=t.post.c.wanted + 1))
        statement = update(t.post).where(is_card, is_sent).values(due_at=now, attempts=0)
        return (await self._connection.execute(statement)).rowcount

    async def _detach(self, where: Any) -> None:
        await self._connection.execute(update(t.destination).where(where).values(story_id=None, card_id=None))
