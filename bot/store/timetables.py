"""When servers, and people by DM, want posts."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.post import PostState
from bot.model.timetable import Mode, Timetable, next_digest
from bot.store import tables as t
from bot.store.parts import parts

log = logging.getLogger(__name__)


class Timetables:
    """Timetables by owner (a server's id, or a user's for their DMs), seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, owner_id: int) -> Timetable:
        """The owner's, or the default one."""
        return (await self.of([owner_id])).get(owner_id, Timetable())

    async def of(self, owner_ids: Collection[int]) -> dict[int, Timetable]:
        """Those of these owners that have set one."""
        found: dict[int, Timetable] = {}
        for some in parts(list(dict.fromkeys(owner_ids))):
            rows = await self._connection.execute(select(t.preference).where(t.preference.c.owner_id.in_(some)))
            found.update((row.owner_id, _timetable(row)) for row in rows)
        return found

    async def put(self, owner_id: int, table: Timetable, now: datetime) -> None:
        """Keep a timetable. What waits for a digest or for quiet hours to end is timed by it from now on."""
        values = asdict(table)
        changed = update(t.preference).where(t.preference.c.owner_id == owner_id).values(**values)
        if (await self._connection.execute(changed)).rowcount == 0:
            await self._connection.execute(insert(t.preference).values(owner_id=owner_id, **values))
        await self.retime(owner_id, table, now)

    async def retime(self, owner_id: int, table: Timetable, now: datetime) -> None:
        """Time by this timetable whatever waits for a digest, or for quiet hours to end."""
        theirs = select(t.destination.c.id).where(
            (t.destination.c.guild_id == owner_id)
            | ((t.destination.c.guild_id == 0) & (t.destination.c.discord_id == owner_id))
        )
        for mode in (Mode.DAILY, Mode.WEEKLY):
            # What is due is not put off by a day for it.
            waiting = (t.delivery.c.gather_at > now) & (t.delivery.c.mode == mode.value)
            retimed = update(t.delivery).where(t.delivery.c.destination_id.in_(theirs), waiting)
            await self._connection.execute(retimed.values(gather_at=next_digest(table, mode, now)))
        held = t.post.c.destination_id.in_(theirs) & (t.post.c.state == PostState.PENDING.value)
        await self._connection.execute(update(t.post).where(held, t.post.c.due_at > now).values(due_at=now))


def _timetable(row: Row[Any]) -> Timetable:
    """Read a timetable. What this machine does not know, such as a time zone, must not stop what others are owed."""
    hours = {
        "digest_hour": row.digest_hour,
        "digest_day": row.digest_day,
        "quiet_from": row.quiet_from,
        "quiet_until": row.quiet_until,
        "cap": row.cap,
    }
    names = {"zone": row.zone, "language": row.language}
    for settings in ({**names, **hours}, hours):
        try:
            return Timetable(**settings)
        except ValueError:
            _log_once(row.owner_id, row.zone, row.language)
    return Timetable()


@lru_cache(maxsize=1_000)
def _log_once(owner_id: int, zone: str, language: str) -> None:
    log.warning(
        "The settings of %d cannot be read as they are (time zone %r, language %r): hours are in UTC there.",
        owner_id, zone, language,
    )  # fmt: skip
