"""What is owed to whom, and how far it has come.

A post is closed when it was sent or has failed; until then it is open, and only the oldest open post of a
destination is ever leased.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Destination, Place
from bot.model.post import Post, PostState
from bot.model.story import Story
from bot.store import tables as t
from bot.store.follows import Wanting
from bot.store.stories import Stories

_OPEN = (PostState.PENDING.value, PostState.LEASED.value)


@dataclass(frozen=True, slots=True)
class Backlog:
    """The outbox in figures: posts that wait and since when the oldest does, posts sent, posts that failed."""

    waiting: int
    oldest: datetime | None
    sent: int
    failed: int


class Outbox:
    """Deliveries and posts, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owe(self, development: int, wanting: Sequence[Wanting], now: datetime) -> int:
        """Owe a development to these destinations, each with an instant post; how many did not have it yet."""
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

    async def next_due(self) -> datetime | None:
        """When the next open post may be leased; None when all are closed. Cheap enough to ask twice a second."""
        when = func.min(func.coalesce(t.post.c.lease_until, t.post.c.due_at))
        asked = select(when.label("at")).where(t.post.c.state.in_(_OPEN))
        at: datetime | None = (await self._connection.execute(asked)).scalar_one()
        return at

    async def lease_due(self, now: datetime, until: datetime, limit: int) -> tuple[Post, ...]:
        """Lease each destination's oldest open post if it is due: nobody else gets it before ``until``.

        A post whose lease ran out may have been sent by whoever held it: it comes back in doubt.
        """
        chosen = (await self._connection.execute(_due(now).limit(limit))).scalars().all()
        if not chosen:
            return ()
        was_leased = t.post.c.state == PostState.LEASED.value
        await self._connection.execute(update(t.post).where(t.post.c.id.in_(chosen), was_leased).values(in_doubt=1))
        await self._connection.execute(
            update(t.post)
            .where(t.post.c.id.in_(chosen))
            .values(state=PostState.LEASED.value, lease_until=until, attempts=t.post.c.attempts + 1)
        )
        rows = (await self._connection.execute(_posts().where(t.post.c.id.in_(chosen)).order_by(t.post.c.id))).all()
        carried = await self._carried(chosen)
        return tuple(_value(row, *carried[row.id]) for row in rows)

    async def mark_sent(self, number: int, message_id: int, now: datetime) -> None:
        """The post stands in Discord as this message: closed."""
        await self._close(number, state=PostState.SENT.value, message_id=message_id, sent_at=now, in_doubt=0, reason="")

    async def mark_failed(self, number: int, reason: str, now: datetime) -> None:
        """The post can never arrive: closed, with the reason."""
        await self._close(number, state=PostState.FAILED.value, reason=reason, sent_at=now)

    async def put_back(self, number: int, due: datetime, *, in_doubt: bool, reason: str) -> None:
        """The try did not succeed: the post is due again then, and in doubt if Discord may have taken it."""
        values: dict[str, Any] = {"state": PostState.PENDING.value, "due_at": due, "lease_until": None}
        if in_doubt:
            values["in_doubt"] = 1
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(reason=reason, **values))

    async def recover(self) -> int:
        """Take back every lease of a process that is gone; its posts are in doubt and due at once."""
        taken = (
            update(t.post)
            .where(t.post.c.state == PostState.LEASED.value)
            .values(state=PostState.PENDING.value, lease_until=None, in_doubt=1)
        )
        return (await self._connection.execute(taken)).rowcount

    async def backlog(self) -> Backlog:
        """The outbox in figures."""
        rows = await self._connection.execute(
            select(t.post.c.state, func.count().label("n"), func.min(t.post.c.created_at).label("oldest")).group_by(
                t.post.c.state
            )
        )
        found: dict[str, tuple[int, Any]] = {row.state: (row.n, row.oldest) for row in rows}
        waiting = [found[state] for state in _OPEN if state in found]
        return Backlog(
            waiting=sum(n for n, _ in waiting),
            oldest=min((oldest for _, oldest in waiting), default=None),
            sent=found.get(PostState.SENT.value, (0, None))[0],
            failed=found.get(PostState.FAILED.value, (0, None))[0],
        )

    async def _close(self, number: int, **values: Any) -> None:
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(lease_until=None, **values))

    async def _carried(self, posts: Sequence[int]) -> dict[int, tuple[Story, set[int]]]:
        """The story of each post and the numbers of the developments that it carries; a story is read once."""
        rows = await self._connection.execute(
            select(t.delivery.c.post_id, t.story.c.slug, t.development.c.id)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.delivery.c.post_id.in_(posts))
        )
        stories: dict[str, Story] = {}
        carried: dict[int, tuple[Story, set[int]]] = {}
        for row in rows.all():
            if row.slug not in stories:
                story = await Stories(self._connection).get(row.slug)
                if story is None:
                    raise LookupError(f"story {row.slug} is gone within one transaction")
                stories[row.slug] = story
            carried.setdefault(row.post_id, (stories[row.slug], set()))[1].add(row.id)
        return carried


def _value(row: Row[Any], story: Story, numbers: set[int]) -> Post:
    return Post(
        number=row.id,
        key=row.key,
        destination=Destination(Place(row.place), row.discord_id, row.guild_id),
        story=story,
        developments=tuple(d for d in story.developments if d.number in numbers),
        role_ids=tuple(int(role) for role in row.roles.split()),
        attempts=row.attempts,
        in_doubt=bool(row.in_doubt),
        created_at=row.created_at,
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


def _due(now: datetime) -> Select[Any]:
    older = t.post.alias("older")
    free = or_(
        and_(t.post.c.state == PostState.PENDING.value, t.post.c.due_at <= now),
        and_(t.post.c.state == PostState.LEASED.value, t.post.c.lease_until <= now),
    )
    waits_behind = exists().where(
        older.c.destination_id == t.post.c.destination_id, older.c.state.in_(_OPEN), older.c.id < t.post.c.id
    )
    return select(t.post.c.id).where(free, ~waits_behind).order_by(t.post.c.id)


def _posts() -> Select[Any]:
    return select(t.post, t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id).join(
        t.destination, t.destination.c.id == t.post.c.destination_id
    )
