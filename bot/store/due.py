"""Which posts are due: to be sent, to be edited, to be published.

It is asked twice a second, of a table that keeps every post that ever was, so each of these is found by an index of few.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal_column, or_, select

from bot.model.post import MANY_TRIES, OPEN, REFUSED_LONG, STANDING, PostState
from bot.store import tables as t

#: Said so, not as a value that comes with the statement: the index of just these rows is found by these words.
YES: ColumnElement[int] = literal_column("1")
#: By number, yet not by the table itself in its order, which would be gone through to its end where nothing is due.
IN_ORDER = t.post.c.id + literal_column("0")


def stands() -> ColumnElement[bool]:
    """A post whose message stands in Discord."""
    # Not by the index of states, for nearly every post that ever was is in one of these.
    return func.coalesce(t.post.c.state, "").in_(STANDING)


def stale() -> ColumnElement[bool]:
    """A message that shows less than the last correction."""
    # In these words, for the index of just these rows is found by them.
    return and_(t.post.c.shown < t.post.c.wanted, stands())


def is_first_try() -> ColumnElement[bool]:
    """What is to be done about a post was not tried yet."""
    return t.post.c.attempts == 0


def _reachable(now: datetime) -> ColumnElement[bool]:
    # A thread whose card does not stand yet has no id of Discord's.
    not_yet = or_(t.destination.c.retry_at > now, t.destination.c.discord_id < 0)
    shut = exists().where(t.destination.c.id == t.post.c.destination_id, not_yet)
    return ~shut


def to_send(now: datetime) -> Select[Any]:
    """Posts that wait or whose lease ran out, each its destination's oldest, by number."""
    older = t.post.alias("older")
    free = or_(
        and_(t.post.c.state == PostState.PENDING.value, t.post.c.due_at <= now),
        and_(t.post.c.state == PostState.LEASED.value, t.post.c.lease_until <= now),
    )
    # One that is refused for hours may be refused for ever: the next one shows whether the channel takes posts at all.
    is_stuck = and_(
        older.c.state == PostState.PENDING.value,
        func.coalesce(older.c.refused_at, now) <= now - REFUSED_LONG,
        older.c.attempts >= MANY_TRIES,
    )
    waits_behind = exists().where(
        older.c.destination_id == t.post.c.destination_id,
        older.c.state.in_(OPEN),
        older.c.id < t.post.c.id,
        ~is_stuck,
    )
    return select(t.post.c.id).where(free, ~waits_behind, _reachable(now)).order_by(t.post.c.id)


def to_edit(now: datetime) -> Select[Any]:
    """At most one of a destination at a time: it has one limit for all its edits."""
    other = t.post.alias("other")
    free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= now)
    being_edited = exists().where(
        other.c.destination_id == t.post.c.destination_id,
        other.c.state.in_(STANDING),
        other.c.shown < other.c.wanted,
        or_(other.c.lease_until > now, other.c.id < t.post.c.id),
        other.c.id != t.post.c.id,
        or_(other.c.lease_until > now, other.c.due_at <= now),
    )
    return (
        select(t.post.c.id)
        .where(stale(), t.post.c.due_at <= now, free, ~being_edited, _reachable(now))
        .order_by(IN_ORDER)
    )


def to_publish(now: datetime) -> Select[Any]:
    """At most one of a channel at a time, oldest first, and none that still has to be corrected."""
    other = t.post.alias("other")
    free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= now)
    waits_behind = exists().where(
        other.c.destination_id == t.post.c.destination_id,
        other.c.publish == YES,
        other.c.state == PostState.SENT.value,
        other.c.id < t.post.c.id,
    )
    sent = func.coalesce(t.post.c.state, "") == PostState.SENT.value
    ready = and_(t.post.c.publish == YES, sent, t.post.c.shown >= t.post.c.wanted)
    return (
        select(t.post.c.id)
        .where(ready, t.post.c.due_at <= now, free, ~waits_behind, _reachable(now))
        .order_by(IN_ORDER)
    )
