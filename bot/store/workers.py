"""The bots that share a store: the rows that those have left behind which died."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete

from bot.store import tables as t
from bot.store.subject import StoreSubject


class Workers(StoreSubject):
    """The rows of the bots in one transaction. Each bot writes its own row through its membership."""

    async def remove(self, worker_ids: Collection[int]) -> None:
        """Remove bots that have died: what they had leased is nobody's then."""
        await self._connection.execute(delete(t.worker).where(t.worker.c.id.in_(worker_ids)))
