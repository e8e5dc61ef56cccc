"""What the program remembers about itself: the revision of the stories, and the commands that Discord knows."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from bot.model.timestamps import from_microseconds, to_microseconds
from bot.store import tables as t
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from bot.store.transaction import Transaction


class StoreMetadata(StoreSubject):
    """Revisions and command digests in one transaction."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        self._is_advanced = False

    async def get_revision(self) -> int:
        """Return the revision of the stories and companies."""
        return await self._get_value("stories") or 0

    async def get_advanced_revision(self) -> int:
        """Return the revision of what this transaction writes. It is a new one, even if nobody has advanced it yet."""
        if not self._is_advanced:
            await self.advance_revision()
        return await self.get_revision()

    async def advance_revision(self) -> None:
        """Record that stories or companies have changed."""
        self._is_advanced = True
        statement = update(t.revision).where(t.revision.c.noun == "stories").values(value=t.revision.c.value + 1)
        if (await self._connection.execute(statement)).rowcount == 0:
            await self._connection.execute(insert(t.revision).values(noun="stories", value=1))

    async def is_seeding(self) -> bool:
        """Return whether the first stories are being written into an empty store.

        This is also the case after a start that was interrupted while it wrote them.
        """
        return bool(await self._get_value("planting"))

    async def set_seeding(self, *, in_progress: bool) -> None:
        """Record whether the import of the starter collection has begun and is not finished."""
        await self._set_value("planting", 1 if in_progress else None)

    async def get_seeds_checksum(self) -> int | None:
        """Return the checksum of the starter collection that the store is up to date with; None if none is recorded."""
        return await self._get_value("seeds")

    async def set_seeds_checksum(self, checksum: int) -> None:
        """Record with which starter collection the store is up to date."""
        await self._set_value("seeds", checksum)

    async def get_restored_at(self) -> datetime | None:
        """Return when a backup was last restored; None if that never happened."""
        value = await self._get_value("restored at")
        return None if value is None else from_microseconds(value)

    async def set_restored_at(self, at: datetime) -> None:
        """Record that a backup was restored."""
        await self._set_value("restored at", to_microseconds(at))

    async def get_assignments(self) -> int:
        """Return a number that grows whenever an editor puts an article into a story, in any process."""
        return await self._get_value("assignments") or 0

    async def advance_assignments(self) -> int:
        """Record that an editor has put an article into a story, and return the new number."""
        number = await self.get_assignments() + 1
        await self._set_value("assignments", number)
        return number

    async def get_desk_guild(self) -> int | None:
        """Return the server that was the desk's last.

        It is 0 if the bot was in several servers and none was the desk's, and None if nothing is recorded yet.
        """
        return await self._get_value("desk server")

    async def set_desk_guild(self, guild_id: int | None) -> None:
        """Record which server is the desk's; None if the bot is in several servers and none is."""
        await self._set_value("desk server", guild_id or 0)

    async def is_desk_off_announced(self) -> bool:
        """Return whether the desk's channel was told that a further server has turned the desk off."""
        return bool(await self._get_value("desk off told"))

    async def set_desk_off_announced(self, *, is_announced: bool) -> None:
        """Record that the desk's channel was told, or that the desk is on again."""
        await self._set_value("desk off told", 1 if is_announced else None)

    async def get_probe_time(self) -> int | None:
        """Return when :meth:`set_probe_time` was last called, in seconds since 1970; None if it never was."""
        return await self._get_value("probe")

    async def set_probe_time(self, now: datetime) -> None:
        """Write something, to find out whether writing works."""
        await self._set_value("probe", int(now.timestamp()))

    async def _get_value(self, key: str) -> int | None:
        query = select(t.revision.c.value).where(t.revision.c.noun == key)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def _set_value(self, key: str, value: int | None) -> None:
        await self._connection.execute(delete(t.revision).where(t.revision.c.noun == key))
        if value is not None:
            await self._connection.execute(insert(t.revision).values(noun=key, value=value))

    async def forget_command_digests(self) -> None:
        """Have all commands registered again: Discord may know those of another version."""
        statement = update(t.command_sync).where(t.command_sync.c.digest != "").values(digest="unknown")
        await self._connection.execute(statement)

    async def list_command_guilds(self) -> list[int]:
        """Return the servers in which commands were ever registered, also those where they have been removed since."""
        query = select(t.command_sync.c.scope).where(t.command_sync.c.scope != "global", t.command_sync.c.digest != "")
        return [int(scope) for scope in (await self._connection.execute(query)).scalars()]

    async def get_command_digest(self, scope: str) -> str | None:
        """Return the digest of the commands that were last registered in a scope (``global``, or a server's id)."""
        query = select(t.command_sync.c.digest).where(t.command_sync.c.scope == scope)
        return (await self._connection.execute(query)).scalar_one_or_none()

    async def set_command_digest(self, scope: str, digest: str) -> None:
        """Record which commands a scope has now."""
        await self._connection.execute(delete(t.command_sync).where(t.command_sync.c.scope == scope))
        await self._connection.execute(insert(t.command_sync).values(scope=scope, digest=digest))
