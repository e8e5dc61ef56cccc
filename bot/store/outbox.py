"""What is owed to whom, and how far it has come.

A post is closed when it was sent or has failed; until then it is open, and only the oldest open post of a
destination is ever leased. A sent post whose developments were corrected since is leased once more, to be edited.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Destination, Place
from bot.model.post import Carried, Post, PostState
from bot.model.story import Story
from bot.store import tables as t
from bot.store.folding import untouched
from bot.store.follows import Wanting
from bot.store.stories import Stories

OPEN = (PostState.PENDING.value, PostState.LEASED.value)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The outbox in figures: posts that wait and since when the oldest does, sent, failed; corrections that wait.

    ``unsettled`` counts posts that were sent again although nobody could look whether they had arrived.
    """

    waiting: int
    oldest: datetime | None
    sent: int
    failed: int
    corrections: int
    unsettled: int


class Outbox:
    """Deliveries and posts, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owe(self, development: int, wanting: Sequence[Wanting], now: datetime) -> int:
        """Owe a development to these destinations, each with an instant post; how many did not have it yet."""
        announced = update(t.development).where(t.development.c.id == development).values(announced=1)
        await self._connection.execute(announced)
        had = await self._connection.execute(
            select(t.delivery.c.destination_id).where(t.delivery.c.development_id == development)
        )
        already = set(had.scalars())
        new = [want for want in wanting if want.destination not in already]
        if not new:
            return 0
        posts = [_new_post(want, now) for want in new]
        added = insert(t.post).returning(t.post.c.id, sort_by_parameter_order=True)
        numbers = (await self._connection.execute(added, posts)).scalars().all()
        deliveries = [
            {"development_id": development, "destination_id": want.destination, "post_id": post, "created_at": now}
            for want, post in zip(new, numbers, strict=True)
        ]
        await self._connection.execute(insert(t.delivery), deliveries)
        return len(new)

    async def correct(self, development: int, now: datetime) -> int:
        """Owe a correction to every post that carries a development; how many messages stand and must be edited."""
        carrying = select(t.delivery.c.post_id).where(t.delivery.c.development_id == development)
        raised = update(t.post).where(t.post.c.id.in_(carrying)).values(wanted=t.post.c.wanted + 1)
        await self._connection.execute(raised)
        standing = t.post.c.id.in_(carrying) & (t.post.c.state == PostState.SENT.value)
        due = update(t.post).where(standing).values(due_at=now, attempts=0)
        return (await self._connection.execute(due)).rowcount

    async def withdraw(self, development: int, now: datetime) -> int:
        """Close the posts that carry nothing that still stands, if nothing of them can be in Discord yet."""
        other = t.delivery.alias("other")
        alone = ~exists().where(
            other.c.post_id == t.post.c.id,
            other.c.development_id != development,
            t.development.c.id == other.c.development_id,
            t.development.c.retracted == "",
        )
        carrying = select(t.delivery.c.post_id).where(t.delivery.c.development_id == development)
        closed = {"state": PostState.FAILED.value, "reason": "it was retracted before it was posted", "sent_at": now}
        withdrawn = update(t.post).where(t.post.c.id.in_(carrying), untouched(), alone).values(**closed)
        return (await self._connection.execute(withdrawn)).rowcount

    async def is_due(self, now: datetime) -> bool:
        """Whether :meth:`lease_due` would give anything. Cheap: it is asked twice a second."""
        for due in (_due(now), _due_corrections(now)):
            if (await self._connection.execute(due.limit(1))).first() is not None:
                return True
        return False

    async def lease_due(self, now: datetime, until: datetime, limit: int) -> tuple[Post, ...]:
        """Lease what is due: each destination's oldest open post, and corrections; nobody else gets it before ``until``.

        A post whose lease ran out may have been sent by whoever held it: it comes back in doubt.
        """
        chosen = [*(await self._connection.execute(_due(now).limit(limit))).scalars()]
        chosen += (await self._connection.execute(_due_corrections(now).limit(limit - len(chosen)))).scalars()
        if not chosen:
            return ()
        was_leased = t.post.c.state == PostState.LEASED.value
        await self._connection.execute(update(t.post).where(t.post.c.id.in_(chosen), was_leased).values(in_doubt=1))
        leased = update(t.post).where(t.post.c.id.in_(chosen))
        await self._connection.execute(leased.values(lease_until=until, attempts=t.post.c.attempts + 1))
        is_open = t.post.c.state != PostState.SENT.value
        await self._connection.execute(leased.where(is_open).values(state=PostState.LEASED.value))
        rows = (await self._connection.execute(_posts().where(t.post.c.id.in_(chosen)).order_by(t.post.c.id))).all()
        carried = await self._carried(chosen)
        return tuple(_value(row, carried[row.id]) for row in rows)

    async def mark_sent(self, post: Post, message_id: int, now: datetime, *, found: bool = False) -> None:
        """The post stands in Discord as this message: closed.

        A message that was ``found`` may be from before the last corrections, so it is brought up to date.
        """
        values = {"state": PostState.SENT.value, "message_id": message_id, "sent_at": now, "in_doubt": 0, "reason": ""}
        await self._close(post.number, shown=0 if found else post.wanted, due_at=now, attempts=0, **values)

    async def mark_unsettled(self, number: int) -> None:
        """The post is sent again although nobody could look whether an earlier try had arrived."""
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(unsettled=1))

    async def mark_edited(self, post: Post) -> None:
        """The message shows what the post carried when it was leased; a correction since then is still owed."""
        await self._close(post.number, shown=post.wanted, attempts=0)

    async def drop_correction(self, number: int) -> None:
        """The message is gone or can never be edited: no correction is owed to it any more."""
        await self._close(number, shown=t.post.c.wanted)

    async def mark_failed(self, number: int, reason: str, now: datetime) -> None:
        """The post can never arrive: closed, with the reason."""
        await self._close(number, state=PostState.FAILED.value, reason=reason, sent_at=now)

    async def fail_all(self, discord_id: int, reason: str, now: datetime) -> None:
        """Nothing can ever arrive in a destination again: all its open posts are closed, no correction is owed."""
        here = t.post.c.destination_id.in_(select(t.destination.c.id).where(t.destination.c.discord_id == discord_id))
        failed = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        await self._connection.execute(update(t.post).where(here, t.post.c.state.in_(OPEN)).values(**failed))
        await self._connection.execute(update(t.post).where(here, _stale()).values(shown=t.post.c.wanted))

    async def put_back(self, post: Post, due: datetime, *, in_doubt: bool, reason: str) -> None:
        """The try did not succeed: it is due again then, and a post is in doubt if Discord may have taken it."""
        values: dict[str, Any] = {"due_at": due, "lease_until": None, "reason": reason}
        if not post.is_correction:
            values["state"] = PostState.PENDING.value
            if in_doubt:
                values["in_doubt"] = 1
        await self._connection.execute(update(t.post).where(t.post.c.id == post.number).values(**values))

    async def recover(self, now: datetime) -> int:
        """A new process takes over: every lease of the one before ends, and its posts are in doubt; how many these were.

        All that waits is due at once, whatever it was waiting for.
        """
        leased = t.post.c.state == PostState.LEASED.value
        taken = update(t.post).where(leased).values(state=PostState.PENDING.value, in_doubt=1)
        count = (await self._connection.execute(taken)).rowcount
        waiting = or_(t.post.c.state.in_(OPEN), _stale())
        await self._connection.execute(update(t.post).where(waiting).values(lease_until=None, due_at=now, attempts=0))
        await self._connection.execute(update(t.destination).values(retry_at=None))
        return count

    async def backlog(self) -> Backlog:
        """The outbox in figures."""
        rows = await self._connection.execute(
            select(
                t.post.c.state,
                func.count().label("n"),
                func.min(t.post.c.created_at).label("oldest"),
                func.sum(t.post.c.unsettled).label("unsettled"),
            ).group_by(t.post.c.state)
        )
        found = {row.state: row for row in rows}
        stale = select(func.count()).select_from(t.post).where(_stale())
        waiting = [found[state] for state in OPEN if state in found]
        return Backlog(
            waiting=sum(row.n for row in waiting),
            oldest=min((row.oldest for row in waiting), default=None),
            sent=found[PostState.SENT.value].n if PostState.SENT.value in found else 0,
            failed=found[PostState.FAILED.value].n if PostState.FAILED.value in found else 0,
            corrections=(await self._connection.execute(stale)).scalar_one(),
            unsettled=sum(row.unsettled for row in found.values()),
        )

    async def _close(self, number: int, **values: Any) -> None:
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(lease_until=None, **values))

    async def _carried(self, posts: Sequence[int]) -> dict[int, list[Carried]]:
        """What each post carries, in the order in which it was owed; each story is read once."""
        rows = await self._connection.execute(
            select(t.delivery.c.post_id, t.story.c.slug, t.development.c.id)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.delivery.c.post_id.in_(posts))
            .order_by(t.delivery.c.id)
        )
        stories: dict[str, Story] = {}
        carried: dict[int, list[Carried]] = {}
        for row in rows.all():
            if row.slug not in stories:
                story = await Stories(self._connection).get(row.slug)
                if story is None:
                    raise LookupError(f"story {row.slug} is gone within one transaction")
                stories[row.slug] = story
            story = stories[row.slug]
            development = next(d for d in story.developments if d.number == row.id)
            carried.setdefault(row.post_id, []).append(Carried(story, development))
        return carried


def _value(row: Row[Any], carried: list[Carried]) -> Post:
    return Post(
        number=row.id,
        key=row.key,
        destination=Destination(Place(row.place), row.discord_id, row.guild_id),
        carried=tuple(carried),
        role_ids=tuple(int(role) for role in row.roles.split()),
        attempts=row.attempts,
        in_doubt=bool(row.in_doubt),
        created_at=row.created_at,
        message_id=(row.message_id or 0) if row.state == PostState.SENT.value else 0,
        wanted=row.wanted,
    )


def _new_post(want: Wanting, now: datetime) -> dict[str, Any]:
    return {
        "key": secrets.token_hex(8),
        "destination_id": want.destination,
        "state": PostState.PENDING.value,
        "roles": " ".join(str(role) for role in want.role_ids),
        "created_at": now,
        "due_at": now,
    }


def _stale() -> ColumnElement[bool]:
    # In these words, for the index of just these rows is found by them.
    return and_(t.post.c.shown < t.post.c.wanted, t.post.c.state == PostState.SENT.value)


def _reachable(now: datetime) -> ColumnElement[bool]:
    shut = exists().where(t.destination.c.id == t.post.c.destination_id, t.destination.c.retry_at > now)
    return ~shut


def _due(now: datetime) -> Select[Any]:
    older = t.post.alias("older")
    free = or_(
        and_(t.post.c.state == PostState.PENDING.value, t.post.c.due_at <= now),
        and_(t.post.c.state == PostState.LEASED.value, t.post.c.lease_until <= now),
    )
    waits_behind = exists().where(
        older.c.destination_id == t.post.c.destination_id, older.c.state.in_(OPEN), older.c.id < t.post.c.id
    )
    return select(t.post.c.id).where(free, ~waits_behind, _reachable(now)).order_by(t.post.c.id)


def _due_corrections(now: datetime) -> Select[Any]:
    """At most one of a destination at a time: it has one limit for all its edits."""
    other = t.post.alias("other")
    free = or_(t.post.c.lease_until.is_(None), t.post.c.lease_until <= now)
    being_edited = exists().where(
        other.c.destination_id == t.post.c.destination_id,
        other.c.state == PostState.SENT.value,
        other.c.shown < other.c.wanted,
        or_(other.c.lease_until > now, other.c.id < t.post.c.id),
        other.c.id != t.post.c.id,
        or_(other.c.lease_until > now, other.c.due_at <= now),
    )
    return (
        select(t.post.c.id)
        .where(_stale(), t.post.c.due_at <= now, free, ~being_edited, _reachable(now))
        .order_by(t.post.c.id)
    )


def _posts() -> Select[Any]:
    return select(t.post, t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id).join(
        t.destination, t.destination.c.id == t.post.c.destination_id
    )
