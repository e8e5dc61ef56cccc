"""What the program remembers about itself: the state of the stories, and of the commands that Discord knows."""

from __future__ import annotations

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables as t


class Bookkeeping:
    """Revisions and command digests, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def advance(self) -> None:
        """Say that stories or companies have changed."""
        raised = update(t.revision).where(t.revision.c.noun == "stories").values(value=t.revision.c.value + 1)
        if (await self._connection.execute(raised)).rowcount == 0:
            await self._connection.execute(insert(t.revision).values(noun="stories", value=1))

    async def is_planting(self) -> bool:
        """Whether an empty store is being given its first stories, now or in a start that was cut off."""
        asked = select(t.revision.c.value).where(t.revision.c.noun == "planting")
        return bool((await self._connection.execute(asked)).scalar_one_or_none())

    async def set_planting(self, *, under_way: bool) -> None:
        """Note that the first stories begin to come in, or that all are there."""
        await self._connection.execute(delete(t.revision).where(t.revision.c.noun == "planting"))
        if under_way:
            await self._connection.execute(insert(t.revision).values(noun="planting", value=1))

    async def command_digest(self, scope: str) -> str | None:
        """The digest of the commands that were last registered in this scope (``global``, or a server's id)."""
        asked = select(t.command_sync.c.digest).where(t.command_sync.c.scope == scope)
        return (await self._connection.execute(asked)).scalar_one_or_none()

    async def remember_digest(self, scope: str, digest: str) -> None:
        """Note which commands a scope has now."""
        await self._connection.execute(delete(t.command_sync).where(t.command_sync.c.scope == scope))
        await self._connection.execute(insert(t.command_sync).values(scope=scope, digest=digest))
