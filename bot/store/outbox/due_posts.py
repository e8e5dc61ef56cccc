"""Which posts are due: to be sent, to be edited, to be published.

It is asked twice a second, of a table that keeps every post that ever was, so each of these is found by an index of few.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select

from bot.model.post import DELIVERED_STATES, OPEN_STATES, SET_ASIDE_AFTER, SET_ASIDE_ATTEMPTS, PostState
from bot.store import tables as t

#: Said so, not as a value that comes with the statement: the index of just these rows is found by these words.
SQL_TRUE: ColumnElement[int] = literal_column("1")
#: By number, yet not by the table itself in its order, which would be gone through to its end where nothing is due.
ID_WITHOUT_INDEX = t.post.c.id + literal_column("0")


def is_delivered() -> ColumnElement[bool]:
    """A post whose message stands in Discord."""
    # Not by the index of states, for nearly every post that ever was is in one of these.
    return func.coalesce(t.post.c.state, "").in_(DELIVERED_STATES)


def needs_edit() -> ColumnElement[bool]:
    """A message that shows less than the last correction."""
    # In these words, for the index of just these rows is found by them.
    return and_(t.post.c.shown < t.post.c.wanted, is_delivered())


def is_first_attempt() -> ColumnElement[bool]:
    """What is to be done about a post was not tried yet."""
    return t.post.c.attempts == 0


def _is_reachable(now: datetime) -> ColumnElement[bool]:
    # A thread whose card does not stand yet has no id of Discord's.
    is_closed = or_(t.destination.c.retry_at > now, t.destination.c.discord_id < 0)
    is_unreachable = exists().where(t.destination.c.id == t.post.c.destination_id, is_closed)
    return ~is_unreachable


def select_posts_to_send(now: datetime) -> Select[Any]:
    """Posts that wait or whose lease ran out, each its destination's oldest, by number."""
    older_post = t.post.alias("older")
    is_free = or_(
        and_(t.post.c.state == PostState.PENDING.value, t.post.c.due_at <= now),
        and_(t.post.c.state == PostState.LEASED.value, t.post.c.lease_until <= now),
    )
    # One that is refused for hours may be refused for ever: the next one shows whether the channel takes posts at all.
    is_stuck = and_(
        older_post.c.state == PostState.PENDING.value,
        func.coalesce(older_post.c.refused_at, now) <= now - SET_ASIDE_AFTER,
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
    """At most one of a destination at a time: it has one limit for all its edits."""
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
    """At most one of a channel at a time, oldest first, and none that still has to be corrected."""
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
