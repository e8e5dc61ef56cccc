"""Delivery settings of servers, and of people by DM."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.model.delivery_schedule import get_next_digest
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.post import PostState
from bot.store import tables as t
from bot.store.engines.sql_batches import iter_batches
from bot.store.subject import StoreSubject

log = logging.getLogger(__name__)


class StoredDeliverySettings(StoreSubject):
    """Delivery settings by owner: the id of a server, or of a user for their DMs."""

    async def get(self, owner_id: int) -> DeliverySettings:
        """Return the owner's settings, or the defaults."""
        return (await self.get_many([owner_id])).get(owner_id, DeliverySettings())

    async def get_many(self, owner_ids: Collection[int]) -> dict[int, DeliverySettings]:
        """Return the settings of these owners, without those that have never saved any."""
        settings: dict[int, DeliverySettings] = {}
        for batch in iter_batches(list(dict.fromkeys(owner_ids))):
            rows = await self._connection.execute(select(t.preference).where(t.preference.c.owner_id.in_(batch)))
            settings.update((row.owner_id, settings_from_row(row)) for row in rows)
        return settings

    async def save(self, owner_id: int, settings: DeliverySettings, now: datetime) -> None:
        """Save settings, and reschedule accordingly what waits for a digest or for the end of quiet hours."""
        values = asdict(settings)
        statement = update(t.preference).where(t.preference.c.owner_id == owner_id).values(**values)
        if (await self._connection.execute(statement)).rowcount == 0:
            await self._connection.execute(insert(t.preference).values(owner_id=owner_id, **values))
        await self.reschedule(owner_id, settings, now)

    async def reschedule(self, owner_id: int, settings: DeliverySettings, now: datetime) -> None:
        """Reschedule what waits for a digest, or for the end of quiet hours, according to these settings."""
        destination_ids = select(t.destination.c.id).where(
            (t.destination.c.guild_id == owner_id)
            | ((t.destination.c.guild_id == 0) & (t.destination.c.discord_id == owner_id))
        )
        for mode in (DeliveryMode.DAILY, DeliveryMode.WEEKLY):
            # What is due already is not postponed by a day.
            is_waiting = (t.delivery.c.gather_at > now) & (t.delivery.c.mode == mode.value)
            statement = update(t.delivery).where(t.delivery.c.destination_id.in_(destination_ids), is_waiting)
            await self._connection.execute(statement.values(gather_at=get_next_digest(settings, mode, now)))
        is_held = t.post.c.destination_id.in_(destination_ids) & (t.post.c.state == PostState.PENDING.value)
        await self._connection.execute(update(t.post).where(is_held, t.post.c.due_at > now).values(due_at=now))


def settings_from_row(row: Row[Any]) -> DeliverySettings:
    """Return the settings in a row of the preference table. Values unknown to this machine, such as a time zone, fall back to the defaults."""
    hours = {
        "digest_hour": row.digest_hour,
        "digest_day": row.digest_day,
        "quiet_from": row.quiet_from,
        "quiet_until": row.quiet_until,
        "cap": row.cap,
    }
    names = {"zone": row.zone, "language": row.language}
    for values in ({**names, **hours}, hours):
        try:
            return DeliverySettings(**values)
        except ValueError:
            _log_once(row.owner_id, row.zone, row.language)
    return DeliverySettings()


@lru_cache(maxsize=1_000)
def _log_once(owner_id: int, zone: str, language: str) -> None:
    log.warning(
        "The settings of %d cannot be read as they are (time zone %r, language %r): hours are in UTC there.",
        owner_id, zone, language,
    )  # fmt: skip
