"""Queries for the posts that are due: to be sent, edited or published.

They run several times a second on a table that keeps every post, so each uses an index of few rows
(partial indexes: https://sqlite.org/partialindex.html).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, literal_column, or_, select

from bot.model.post import DELIVERED_STATES, OPEN_STATES, SET_ASIDE_AFTER, SET_ASIDE_ATTEMPTS, PostState
from bot.store import tables as t
from bot.store.outbox.post_states import is_leased, is_pending
from bot.store.tables.column_types import Instant

#: Literal SQL, not a bound value: SQLite only uses a partial index if the query's text implies its condition.
SQL_TRUE: ColumnElement[int] = literal_column("1")
#: Orders by id without the table's own order, which SQLite would scan to its end if nothing is due.
ID_WITHOUT_INDEX = t.post.c.id + literal_column("0")


def is_delivered() -> ColumnElement[bool]:
    """Return the condition that the post has a message in Discord."""
    # coalesce() keeps the index of states unused: nearly every post is in one of these.
    return func.coalesce(t.post.c.state, "").in_(DELIVERED_STATES)


def needs_edit() -> ColumnElement[bool]:
    """Return the condition that the message shows less than the last correction."""
    # This exact text makes SQLite use the partial index.
    return and_(t.post.c.shown < t.post.c.wanted, is_delivered())


def is_first_attempt() -> ColumnElement[bool]:
    """Return the condition that what the post needs has not been attempted yet."""
    return t.post.c.attempts == 0


def _is_reachable(now: datetime) -> ColumnElement[bool]:
    # A thread whose card has not been sent has no id of Discord's yet.
    is_closed = or_(t.destination.c.retry_at > now, t.destination.c.discord_id < 0)
    is_unreachable = exists().where(t.destination.c.id == t.post.c.destination_id, is_closed)
    return ~is_unreachable


def select_posts_to_send(now: datetime) -> Select[Any]:
    """Select the ids of posts that wait, or whose lease has expired: the oldest of each destination, in order."""
    older_post = t.post.alias("older")
    is_free = or_(
        and_(is_pending(), t.post.c.due_at <= now),
        and_(is_leased(), t.post.c.lease_until <= now),
    )
    # A post refused for hours may be refused for ever: the next one shows whether the channel takes posts at all.
    is_stuck = and_(
        older_post.c.state == PostState.PENDING.value,
        func.coalesce(older_post.c.refused_at, literal(now, Instant)) <= now - SET_ASIDE_AFTER,
        older_post.c.attempts >= SET_ASIDE_ATTEMPTS,
    )
    waits_behind = exists().where(
        older_post.c.destination_id == t.post.c.destination_id,
        older_post.c.state.in_(OPEN_STATES),
        older_post.c.id < t.post.c.id,
        ~is_stuck,
    )
    return select(t.post.c.id).where(is_free, ~waits_behind, _is_reachable(now)).order_by(t.post.c.id)


def select_posts_to_edit(now: datetime) -> Select[Any]:
    """Select at most one post of a destination: all its edits share one limit."""
    other_post = t.post.alias("other")
    is_free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= now)
    waits_behind = exists().where(
        other_post.c.destination_id == t.post.c.destination_id,
        other_post.c.state.in_(DELIVERED_STATES),
        other_post.c.shown < other_post.c.wanted,
        or_(other_post.c.lease_until > now, other_post.c.id < t.post.c.id),
        other_post.c.id != t.post.c.id,
        or_(other_post.c.lease_until > now, other_post.c.due_at <= now),
    )
    return (
        select(t.post.c.id)
        .where(needs_edit(), t.post.c.due_at <= now, is_free, ~waits_behind, _is_reachable(now))
        .order_by(ID_WITHOUT_INDEX)
    )


def select_posts_to_publish(now: datetime) -> Select[Any]:
    """Select at most one post of a channel, the oldest first, and none that still needs an edit."""
    other_post = t.post.alias("other")
    is_free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= now)
    waits_behind = exists().where(
        other_post.c.destination_id == t.post.c.destination_id,
        other_post.c.publish == SQL_TRUE,
        other_post.c.state == PostState.SENT.value,
        other_post.c.id < t.post.c.id,
    )
    is_sent = func.coalesce(t.post.c.state, "") == PostState.SENT.value
    is_ready = and_(t.post.c.publish == SQL_TRUE, is_sent, t.post.c.shown >= t.post.c.wanted)
    return (
        select(t.post.c.id)
        .where(is_ready, t.post.c.due_at <= now, is_free, ~waits_behind, _is_reachable(now))
        .order_by(ID_WITHOUT_INDEX)
    )
