"""From a development to its posts and deliveries, for any number of follows: a few statements, whatever that number.

The statements hand the recipients on within the database. Only what differs in few ways is decided outside: which conditions accept
the development (:mod:`bot.store.outbox.subscribers`), and when digests are made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Insert,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    func,
    insert,
    literal,
    select,
)

from bot.model.delivery_schedule import get_next_digest
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind
from bot.model.post import PostState
from bot.store import tables as t
from bot.store.delivery_settings import settings_from_row
from bot.store.engines.json_values import join_ids, to_joined_array
from bot.store.engines.sql_batches import BATCH_SIZE
from bot.store.outbox.post_keys import build_batch_key, create_key_batch
from bot.store.outbox.recipient_query import COMBINED_RECIPIENTS, SINGLE_RECIPIENTS, is_served_by_parent, uses_thread
from bot.store.outbox.story_threads import build_card_insert, is_story_thread
from bot.store.outbox.subscribers import Followers
from bot.store.subject import StoreSubject
from bot.store.tables.column_types import Instant

_DEVELOPMENT = bindparam("development", type_=t.delivery.c.development_id.type)
_STORY = bindparam("story", type_=t.post.c.story_id.type)
_NOW, _GATHER_AT = bindparam("now", type_=Instant), bindparam("gather_at", type_=Instant)
_POST_COLUMNS = ("key", "destination_id", "state", "roles", "silent", "publish", "created_at", "due_at")
_DELIVERY_COLUMNS = ("development_id", "destination_id", "post_id", "created_at", "mentions")
_INSTANT = DeliveryMode.INSTANT.value
#: What decides when the digests of an owner are made, and what is read with it.
_PREFERENCES = tuple(column for column in t.preference.c if column is not t.preference.c.owner_id)


def _is_new(recipient: Subquery) -> ColumnElement[bool]:
    """Return the condition that a destination does not have the development yet."""
    return ~exists().where(
        t.delivery.c.development_id == _DEVELOPMENT, t.delivery.c.destination_id == recipient.c.destination_id
    )


def _select_thread_parents(recipient: Subquery) -> Select[Any]:
    return (
        select(recipient.c.destination_id)
        .join(t.destination, t.destination.c.id == recipient.c.destination_id)
        .where(recipient.c.mode == _INSTANT, uses_thread(recipient), _is_new(recipient))
    )


def _insert_posts(recipient: Subquery) -> Insert:
    """Build the insertion of posts where nobody has threads."""
    is_public = t.destination.c.place == DestinationKind.ANNOUNCEMENT.value
    return insert(t.post).from_select(_POST_COLUMNS, _select_posts(recipient, recipient.c.destination_id, is_public))


def _insert_posts_in_threads(recipient: Subquery) -> Insert:
    """Build the insertion of posts, in the story's thread if the recipient has one for each story."""
    thread = t.destination.alias("thread")
    is_public = and_(t.destination.c.place == DestinationKind.ANNOUNCEMENT.value, thread.c.id.is_(None))
    destination_id = func.coalesce(thread.c.id, recipient.c.destination_id)
    query = (
        _select_posts(recipient, destination_id, is_public)
        .outerjoin(thread, and_(uses_thread(recipient), is_story_thread(thread, t.destination.c.id, _STORY)))
        .where(~is_served_by_parent(_STORY))
    )
    return insert(t.post).from_select(_POST_COLUMNS, query)


def _select_posts(
    recipient: Subquery, destination_id: ColumnElement[int], is_public: ColumnElement[bool]
) -> Select[Any]:
    return (
        select(
            build_batch_key(recipient.c.destination_id),
            destination_id,
            literal(PostState.PENDING.value),
            recipient.c.roles,
            recipient.c.silent,
            case((is_public, 1), else_=0),
            _NOW,
            _NOW,
        )
        .join(t.destination, t.destination.c.id == recipient.c.destination_id)
        .where(recipient.c.mode == _INSTANT, _is_new(recipient))
        # Posts that are due at once are sent in the order of their ids: whoever began to follow first comes first.
        .order_by(recipient.c.destination_id)
    )


def _insert_deliveries(recipient: Subquery) -> Insert:
    """Build the insertion of the deliveries of those recipients that have a post in the batch."""
    query = select(_DEVELOPMENT, recipient.c.destination_id, t.post.c.id, _NOW, recipient.c.mentions).join(
        t.post, t.post.c.key == build_batch_key(recipient.c.destination_id)
    )
    return insert(t.delivery).from_select(_DELIVERY_COLUMNS, query)


def _select_digest_readers(recipient: Subquery) -> Select[Any]:
    """Build a query of who gets the development in a digest: their handles, by mode and delivery settings."""
    guild_id, discord_id = t.destination.c.guild_id, t.destination.c.discord_id
    owner_id = case((guild_id != 0, guild_id), else_=discord_id)
    return (
        select(
            recipient.c.mode,
            *_PREFERENCES,
            func.min(t.preference.c.owner_id).label("owner_id"),
            func.count().label("number"),
            join_ids(recipient.c.handle).label("handles"),
        )
        .join(t.destination, t.destination.c.id == recipient.c.destination_id)
        .outerjoin(t.preference, t.preference.c.owner_id == owner_id)
        .where(recipient.c.mode != _INSTANT, _is_new(recipient))
        .group_by(recipient.c.mode, *_PREFERENCES)
    )


def _insert_waiting(recipient: Subquery) -> Insert:
    names = ("destination_id", "mode", "roles", "silent", "mentions")
    return insert(t.delivery).from_select(
        ["development_id", "created_at", "gather_at", *names],
        select(_DEVELOPMENT, _NOW, _GATHER_AT, *(recipient.c[name] for name in names)),
    )


@dataclass(frozen=True, slots=True)
class _Statements:
    """What is done for recipients that one query selects. This parameter of it takes handles: it then selects only these."""

    handles_parameter: str
    insert_cards: Insert
    insert_posts: Insert
    insert_posts_in_threads: Insert
    insert_deliveries: Insert
    select_digest_readers: Select[Any]
    insert_waiting: Insert


def _build_statements(recipient: Subquery, handles_parameter: str) -> _Statements:
    return _Statements(
        handles_parameter,
        build_card_insert(_select_thread_parents(recipient)),
        _insert_posts(recipient),
        _insert_posts_in_threads(recipient),
        _insert_deliveries(recipient),
        _select_digest_readers(recipient),
        _insert_waiting(recipient),
    )


_FOR_SINGLE = _build_statements(SINGLE_RECIPIENTS, "follows")
_FOR_COMBINED = _build_statements(COMBINED_RECIPIENTS, "several")


class FanOut(StoreSubject):
    """Makes the posts and deliveries of a development."""

    async def enqueue(self, development_id: int, followers: Followers, now: datetime) -> int:
        """Enqueue a development for these followers; return how many destinations did not have it yet.

        An instant delivery gets its post at once, in the story's thread if the recipient uses threads; others wait for a digest. A
        recipient that is the story's own thread gets no second post there.
        """
        query = select(t.development.c.story_id).where(t.development.c.id == development_id)
        story_id = (await self._connection.execute(query)).scalar_one()
        parameters = {**followers.parameters, "development": development_id, "story": story_id, "now": now}
        count = 0
        for statements in (_FOR_SINGLE, _FOR_COMBINED) if followers.with_several else (_FOR_SINGLE,):
            if followers.use_threads:
                await self._tx.story_threads.create_missing(statements.insert_cards, parameters, now)
                insert_posts = statements.insert_posts_in_threads
            else:
                insert_posts = statements.insert_posts
            count += await self._create_posts(insert_posts, statements.insert_deliveries, parameters, now)
            if followers.use_digests:
                count += await self._queue_for_digests(statements, parameters, now)
        return count

    async def _create_posts(
        self, insert_posts: Insert, insert_deliveries: Insert, parameters: Mapping[str, Any], now: datetime
    ) -> int:
        keys = (await create_key_batch(self._connection, now)).parameters
        result = await self._connection.execute(insert_posts, {**parameters, **keys})
        if result.rowcount:
            await self._connection.execute(insert_deliveries, {**parameters, **keys})
        return result.rowcount

    async def _queue_for_digests(self, statements: _Statements, parameters: Mapping[str, Any], now: datetime) -> int:
        handles: defaultdict[datetime, list[str]] = defaultdict(list)
        count = 0
        result = await self._connection.execute(statements.select_digest_readers, parameters)
        for batch in result.partitions(BATCH_SIZE):
            for row in batch:
                settings = DeliverySettings() if row.owner_id is None else settings_from_row(row)
                handles[get_next_digest(settings, DeliveryMode(row.mode), now)].append(row.handles)
                count += row.number
        for gather_at, ids in handles.items():
            of_digest = {statements.handles_parameter: to_joined_array(ids), "gather_at": gather_at}
            await self._connection.execute(statements.insert_waiting, {**parameters, **of_digest})
        return count
