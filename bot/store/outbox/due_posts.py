"""Queries for the posts that are due: to be sent, edited or published.

They run several times a second on a table that keeps every post, so each uses an index of few rows
(partial indexes: https://sqlite.org/partialindex.html), and each is built once: building them takes longer than running them.
Execute them with :func:`bind_time`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, func, literal_column, or_, select, true

from bot.model.post import DELIVERED_STATES, OPEN_STATES, SET_ASIDE_AFTER, SET_ASIDE_ATTEMPTS, PostState
from bot.store import tables as t
from bot.store.outbox.post_states import is_leased, is_pending
from bot.store.tables.column_types import Instant

#: Literal SQL, not a bound value: SQLite only uses a partial index if the query's text implies its condition.
SQL_TRUE: ColumnElement[int] = literal_column("1")
#: Orders by id without the table's own order, which SQLite would scan to its end if nothing is due.
ID_WITHOUT_INDEX = t.post.c.id + literal_column("0")

_NOW = bindparam("now", type_=Instant)
_SET_ASIDE_BEFORE = bindparam("set_aside_before", type_=Instant)


def bind_time(now: datetime) -> dict[str, datetime]:
    """Return the parameters of the queries of this module."""
    return {"now": now, "set_aside_before": now - SET_ASIDE_AFTER}


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


def _is_reachable() -> ColumnElement[bool]:
    # A thread whose card has not been sent has no id of Discord's yet.
    is_closed = or_(t.destination.c.retry_at > _NOW, t.destination.c.discord_id < 0)
    is_unreachable = exists().where(t.destination.c.id == t.post.c.destination_id, is_closed)
    return ~is_unreachable


def _select_posts_to_send() -> Select[Any]:
    """Select the ids of posts that wait, or whose lease has expired: the oldest of each destination, in order."""
    older_post = t.post.alias("older")
    is_free = or_(
        and_(is_pending(), t.post.c.due_at <= _NOW),
        and_(is_leased(), t.post.c.lease_until <= _NOW),
    )
    # A post refused for hours may be refused for ever: the next one shows whether the channel takes posts at all.
    is_stuck = and_(
        older_post.c.state == PostState.PENDING.value,
        func.coalesce(older_post.c.refused_at, _NOW) <= _SET_ASIDE_BEFORE,
        older_post.c.attempts >= SET_ASIDE_ATTEMPTS,
    )
    waits_behind = exists().where(
        older_post.c.destination_id == t.post.c.destination_id,
        older_post.c.state.in_(OPEN_STATES),
        older_post.c.id < t.post.c.id,
        ~is_stuck,
    )
    return select(t.post.c.id).where(is_free, ~waits_behind, _is_reachable()).order_by(t.post.c.id)


def _select_posts_to_edit() -> Select[Any]:
    """Select at most one post of a destination: all its edits share one limit."""
    other_post = t.post.alias("other")
    is_free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= _NOW)
    waits_behind = exists().where(
        other_post.c.destination_id == t.post.c.destination_id,
        other_post.c.state.in_(DELIVERED_STATES),
        other_post.c.shown < other_post.c.wanted,
        or_(other_post.c.lease_until > _NOW, other_post.c.id < t.post.c.id),
        other_post.c.id != t.post.c.id,
        or_(other_post.c.lease_until > _NOW, other_post.c.due_at <= _NOW),
    )
    return (
        select(t.post.c.id)
        .where(needs_edit(), t.post.c.due_at <= _NOW, is_free, ~waits_behind, _is_reachable())
        .order_by(ID_WITHOUT_INDEX)
    )


def _select_posts_to_publish() -> Select[Any]:
    """Select at most one post of a channel, the oldest first, and none that still needs an edit."""
    other_post = t.post.alias("other")
    is_free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= _NOW)
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
        .where(is_ready, t.post.c.due_at <= _NOW, is_free, ~waits_behind, _is_reachable())
        .order_by(ID_WITHOUT_INDEX)
    )


POSTS_TO_SEND = _select_posts_to_send()
POSTS_TO_EDIT = _select_posts_to_edit()
POSTS_TO_PUBLISH = _select_posts_to_publish()


def _select_whether_any(condition: ColumnElement[bool]) -> Select[tuple[bool]]:
    queries = (POSTS_TO_SEND, POSTS_TO_EDIT, POSTS_TO_PUBLISH)
    return select(or_(*(query.where(condition).limit(1).exists() for query in queries)))


#: Select whether any post is due, and whether any is that has not been attempted yet.
ANY_POST = _select_whether_any(true())
ANY_FIRST_ATTEMPT = _select_whether_any(is_first_attempt())
