"""What is owed: posts for new developments, edits for corrected ones, and what waits for a digest."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, exists, func, insert, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.languages import noted
from bot.model.follow import Place
from bot.model.post import STANDING, PostState
from bot.model.timetable import Mode, Timetable, next_digest
from bot.store import tables as t
from bot.store.aside import is_aside
from bot.store.folding import untouched
from bot.store.parts import parts
from bot.store.tables.columns import Instant
from bot.store.threads import Threads
from bot.store.timetables import Timetables
from bot.store.wanting import Wanting

WITHDRAWN = noted("it was retracted before it was posted")

# Rows of JSON, so that the driver's thread unpacks them: as values of a statement for each, ten thousand posts keep the event
# loop longer than SQLite does.
_ROWS = func.json_each(bindparam("rows")).table_valued("value")
_KEY, _POSTED_IN, _ROLES, _SILENT, _PUBLISH, _WANTED_BY = (
    func.json_extract(_ROWS.c.value, literal_column(f"'$[{place}]'")) for place in range(6)
)
_NOW = bindparam("now", type_=Instant)
_POSTS = insert(t.post).from_select(
    ["key", "destination_id", "state", "roles", "silent", "publish", "created_at", "due_at"],
    select(_KEY, _POSTED_IN, literal_column(f"'{PostState.PENDING.value}'"), _ROLES, _SILENT, _PUBLISH, _NOW, _NOW),
)
# Found by their keys: to have a number told by each insert, in order, is a statement for each.
_NUMBER = select(t.post.c.id).where(t.post.c.key == _KEY).correlate(_ROWS).scalar_subquery()
_DELIVERIES = insert(t.delivery).from_select(
    ["development_id", "destination_id", "post_id", "created_at"],
    select(bindparam("development"), _WANTED_BY, _NUMBER, _NOW),
)


class Owing:
    """Deliveries, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owe(self, development: int, wanting: Sequence[Wanting], now: datetime) -> int:
        """Owe a development to these destinations, each as it wants it; how many did not have it yet.

        An instant one has its post at once, in the story's thread where threads are wanted; the others wait for a digest.
        """
        announced = update(t.development).where(t.development.c.id == development).values(announced=1)
        await self._connection.execute(announced)
        had = await self._connection.execute(
            select(t.delivery.c.destination_id).where(t.delivery.c.development_id == development)
        )
        already = set(had.scalars())
        new = [want for want in wanting if want.destination not in already]
        instant = await self._post(development, [want for want in new if want.mode is Mode.INSTANT], now)
        return instant + await self._keep(development, [want for want in new if want.mode is not Mode.INSTANT], now)

    async def _post(self, development: int, wanting: Sequence[Wanting], now: datetime) -> int:
        threads = await self._threads(development, wanting, now)
        # Who follows a story's own thread as well gets no second post there.
        wanting = [want for want in wanting if want.destination not in threads.values()]
        if not wanting:
            return 0
        for some in parts(wanting):
            rows = json.dumps([_new_post(want, threads.get(want.destination)) for want in some])
            await self._connection.execute(_POSTS, {"rows": rows, "now": now})
            await self._connection.execute(_DELIVERIES, {"rows": rows, "now": now, "development": development})
        return len(wanting)

    async def _threads(self, development: int, wanting: Sequence[Wanting], now: datetime) -> Mapping[int, int]:
        parents = [want.destination for want in wanting if want.threads]
        if not parents:
            return {}
        story = select(t.development.c.story_id).where(t.development.c.id == development)
        return await Threads(self._connection).of(parents, (await self._connection.execute(story)).scalar_one(), now)

    async def _keep(self, development: int, wanting: Sequence[Wanting], now: datetime) -> int:
        if not wanting:
            return 0
        tables = await Timetables(self._connection).of([want.owner_id for want in wanting])
        deliveries: list[dict[str, Any]] = [
            {
                "development_id": development,
                "destination_id": want.destination,
                "created_at": now,
                "mode": want.mode.value,
                "gather_at": next_digest(tables.get(want.owner_id, Timetable()), want.mode, now),
                "roles": _roles(want),
                "silent": int(want.silent),
            }
            for want in wanting
        ]
        for some in parts(deliveries):
            await self._connection.execute(insert(t.delivery), some)
        return len(wanting)

    async def correct(self, development: int, now: datetime) -> int:
        """Owe a correction to every post that carries a development; how many messages stand and must be edited."""
        carrying = select(t.delivery.c.post_id).where(t.delivery.c.development_id == development)
        raised = update(t.post).where(t.post.c.id.in_(carrying)).values(wanted=t.post.c.wanted + 1)
        await self._connection.execute(raised)
        standing = t.post.c.id.in_(carrying) & t.post.c.state.in_(STANDING)
        due = update(t.post).where(standing).values(due_at=now, attempts=0)
        return (await self._connection.execute(due)).rowcount

    async def withdraw(self, development: int, now: datetime) -> int:
        """Close the posts that carry nothing that still stands, if nothing of them can be in Discord yet.

        What waits for a digest will be in none.
        """
        waiting = (t.delivery.c.development_id == development) & t.delivery.c.gather_at.is_not(None)
        await self._connection.execute(update(t.delivery).where(waiting).values(gather_at=None, reason=WITHDRAWN))
        other = t.delivery.alias("other")
        alone = ~exists().where(
            other.c.post_id == t.post.c.id,
            other.c.development_id != development,
            t.development.c.id == other.c.development_id,
            t.development.c.retracted == "",
        )
        carrying = select(t.delivery.c.post_id).where(t.delivery.c.development_id == development)
        closed = {"state": PostState.FAILED.value, "reason": WITHDRAWN, "sent_at": now}
        unsent = or_(untouched(), is_aside() & (t.post.c.in_doubt == 0))
        withdrawn = update(t.post).where(t.post.c.id.in_(carrying), unsent, alone).values(**closed)
        return (await self._connection.execute(withdrawn)).rowcount

    async def revive(self, development: int, now: datetime) -> int:
        """A development stands after all: what was withdrawn of it is owed again; how many destinations that are."""
        delivered = t.delivery.c.development_id == development
        carrying = select(t.delivery.c.post_id).where(delivered)
        withdrawn = (t.post.c.state == PostState.FAILED.value) & (t.post.c.reason == WITHDRAWN)
        again = {"state": PostState.PENDING.value, "reason": "", "attempts": 0, "due_at": now}
        posts = await self._connection.execute(
            update(t.post).where(t.post.c.id.in_(carrying), withdrawn).values(**again, sent_at=None, refused_at=None)
        )
        return posts.rowcount + await self._gather_again(delivered & (t.delivery.c.reason == WITHDRAWN), now)

    async def _gather_again(self, where: ColumnElement[bool], now: datetime) -> int:
        owners = (
            select(t.delivery.c.id, t.delivery.c.mode, t.destination.c.guild_id, t.destination.c.discord_id)
            .join(t.destination, t.destination.c.id == t.delivery.c.destination_id)
            .where(where)
        )
        rows = [(row, row.guild_id or row.discord_id) for row in await self._connection.execute(owners)]
        tables = await Timetables(self._connection).of([owner for _, owner in rows])
        for row, owner in rows:
            at = next_digest(tables.get(owner, Timetable()), Mode(row.mode), now)
            again = update(t.delivery).where(t.delivery.c.id == row.id).values(gather_at=at, reason="")
            await self._connection.execute(again)
        return len(rows)


def _new_post(want: Wanting, thread: int | None) -> list[Any]:
    """A row for ``_POSTS`` and ``_DELIVERIES``."""
    is_public = want.place is Place.ANNOUNCEMENT and thread is None
    key, destination = secrets.token_hex(8), thread or want.destination
    return [key, destination, _roles(want), int(want.silent), int(is_public), want.destination]


def _roles(want: Wanting) -> str:
    return " ".join(str(role) for role in want.role_ids)
