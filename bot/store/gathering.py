"""Digests are made: what has waited for one becomes posts, whose deliveries never change again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.follow import Place
from bot.model.post import PostState, folded
from bot.model.timetable import Mode
from bot.store import tables as t

#: Destinations whose digests are made in one transaction: others wait for the lock no longer than for these.
AT_ONCE = 100
#: The longest that a development waits for its digest, and how much longer if the digest cannot be made.
_PERIODS = {Mode.DAILY: timedelta(days=1), Mode.WEEKLY: timedelta(days=7)}
_PATIENCE = timedelta(days=1)


class Gathering:
    """Digests, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def is_due(self, now: datetime) -> bool:
        """Whether :meth:`gather` would make anything."""
        due = select(t.delivery.c.id).where(_due(now)).limit(1)
        return (await self._connection.execute(due)).first() is not None

    async def due(self, now: datetime) -> tuple[int, ...]:
        """Return up to ``AT_ONCE`` destinations whose digests are due, by number."""
        return tuple((await self._connection.execute(_destinations(now))).scalars())

    async def put_off(self, destination: int, now: datetime, until: datetime, reason: str) -> None:
        """Let the digests that are due there wait. What has waited for a day longer than a digest may is closed instead."""
        here = _due(now) & (t.delivery.c.destination_id == destination)
        for mode, period in _PERIODS.items():
            expired = here & (t.delivery.c.mode == mode.value) & (t.delivery.c.created_at < now - period - _PATIENCE)
            await self._connection.execute(update(t.delivery).where(expired).values(gather_at=None, reason=reason))
        await self._connection.execute(update(t.delivery).where(here).values(gather_at=until))

    async def gather(self, now: datetime, destination: int | None = None) -> int:
        """Make the digests that are due, of up to ``AT_ONCE`` destinations: grouped by story, in as many posts as list
        every headline; how many posts these are. With a ``destination`` only those that are due there.
        """
        some = _destinations(now) if destination is None else [destination]
        rows = await self._connection.execute(
            select(t.delivery, t.development.c.headline, t.destination.c.place)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .join(t.destination, t.destination.c.id == t.delivery.c.destination_id)
            .where(_due(now), t.delivery.c.destination_id.in_(some))
            .order_by(t.delivery.c.destination_id, t.delivery.c.mode, t.development.c.story_id, t.delivery.c.id)
        )
        made = 0
        for _, digest in groupby(rows.all(), key=lambda row: (row.destination_id, row.mode)):
            made += await self._freeze(list(digest), now)
        return made

    async def _freeze(self, digest: Sequence[Row[Any]], now: datetime) -> int:
        messages = folded((row.id, row.headline) for row in digest)
        for place, message in enumerate(messages):
            post = insert(t.post).values(**_digest_post(digest, now, is_first=place == 0)).returning(t.post.c.id)
            number = (await self._connection.execute(post)).scalar_one()
            frozen = update(t.delivery).where(t.delivery.c.id.in_(message)).values(post_id=number, gather_at=None)
            await self._connection.execute(frozen)
        return len(messages)


def _destinations(now: datetime) -> Select[Any]:
    return select(t.delivery.c.destination_id).where(_due(now)).distinct().limit(AT_ONCE)


def _due(now: datetime) -> ColumnElement[bool]:
    return t.delivery.c.gather_at <= now


def _digest_post(rows: Sequence[Row[Any]], now: datetime, *, is_first: bool) -> dict[str, Any]:
    """One of the messages of a digest. The first notifies for all of them: a digest is one interruption."""
    roles = dict.fromkeys(role for row in rows for role in row.roles.split())
    return {
        "key": secrets.token_hex(8),
        "destination_id": rows[0].destination_id,
        "state": PostState.PENDING.value,
        "form": rows[0].mode,
        "roles": " ".join(roles) if is_first else "",
        "silent": min(row.silent for row in rows) if is_first else 1,
        "publish": int(rows[0].place == Place.ANNOUNCEMENT.value),
        "created_at": now,
        "due_at": now,
    }
