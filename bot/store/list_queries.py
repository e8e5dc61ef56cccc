"""The lists that were asked for: buttons carry a short key instead of a list's filters."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from bot.model.list_query import ListQuery
from bot.store import tables as t
from bot.store.subject import StoreSubject

#: A use is recorded if the last one was longer ago: not every click writes.
_USE_INTERVAL = timedelta(days=1)


class ListQueries(StoreSubject):
    """The stored lists in one transaction."""

    async def find(self, key: str) -> ListQuery | None:
        """Return the list with a key; None if it was erased, or stored by another version."""
        query = select(t.list_query.c.query).where(t.list_query.c.key == key)
        encoded = (await self._connection.execute(query)).scalar_one_or_none()
        try:
            return None if encoded is None else ListQuery.decode(encoded)
        except ValueError:
            return None

    async def is_recorded(self, key: str, now: datetime) -> bool:
        """Return whether a list is stored, and its last use recorded not long ago."""
        query = select(t.list_query.c.used_at).where(t.list_query.c.key == key)
        used_at = (await self._connection.execute(query)).scalar_one_or_none()
        return used_at is not None and used_at > now - _USE_INTERVAL

    async def record(self, query: ListQuery, now: datetime) -> None:
        """Store a list, or that it is still in use."""
        key = query.key
        statement = update(t.list_query).where(t.list_query.c.key == key).values(used_at=now)
        if (await self._connection.execute(statement)).rowcount == 0:
            values = {"key": key, "query": query.encode(), "used_at": now}
            await self._connection.execute(insert(t.list_query).values(**values))

    async def erase_before(self, limit: datetime) -> int:
        """Erase the lists that were used last before a time; return how many."""
        return (await self._connection.execute(delete(t.list_query).where(t.list_query.c.used_at < limit))).rowcount
