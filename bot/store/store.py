"""The store as the other packages see it: transactions that take and return the model's values."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from bot.clock import Clock, utc_now
from bot.errors import StoreBusy
from bot.heartbeat import Heartbeat
from bot.store.engines.sqlite.database import Database
from bot.store.engines.sqlite.database_files import parse_sqlite_url
from bot.store.engines.sqlite.network_mounts import explain_network_mount, find_network_mount
from bot.store.migrate import get_newest_revision, is_backup_due, is_upgrade_pending, upgrade_one_step
from bot.store.transaction import Transaction

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_WATCH_SECONDS = 0.2


class Store:
    """An open store. :meth:`read` and :meth:`write` begin transactions."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @property
    def path(self) -> Path:
        """Return the path of the database file."""
        return self._database.path

    def get_file_sizes(self) -> tuple[int, int]:
        """Return the sizes of the database and of its log in bytes."""
        return self._database.files.measure()

    def find_place_fault(self) -> str:
        """Return why the database should not stay where it is, and what to do; empty if nothing is known against it."""
        mount = find_network_mount(self.path)
        return explain_network_mount(self.path, mount) if mount else ""

    def hold_bot_lock(self) -> AbstractContextManager[None]:
        """Be the only bot on this store, since two would post everything twice. The lock ends with the process.

        Raises StoreBusy if there is another bot.
        """
        return self._database.hold_bot_lock()

    async def watch(self, heartbeat: Heartbeat | None = None) -> NoReturn:
        """Raise StoreReplaced soon after the database was deleted, moved or replaced, even if nobody uses it.

        Each look at the files is a cycle of ``heartbeat``.
        """
        while True:
            self._database.check_files()
            # If another process holds the lock, the next round checks again.
            with contextlib.suppress(StoreBusy):
                await self._database.check_content()
            if heartbeat is not None:
                heartbeat.record_success()
            await asyncio.sleep(_WATCH_SECONDS)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Begin a transaction that sees one state of the store. Writing in it fails."""
        async with self._database.read() as connection:
            yield Transaction(connection, self._clock)

    async def read_in_thread(self, function: Callable[[Transaction], Coroutine[Any, Any, _T]]) -> _T:
        """Return what a function makes of one state of the store. It runs in a thread of its own.

        The function may wait for nothing but the transaction, and whatever else it touches must be safe to use from a
        thread. It never blocks the event loop, and its statements cost a tenth of what they cost in :meth:`read`.
        """
        return await self._database.read_in_thread(lambda connection: function(Transaction(connection, self._clock)))

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        """Begin a transaction that is committed as a whole at its end, or, on any error or cancellation, not at all."""
        async with self._database.write() as connection:
            tx = Transaction(connection, self._clock)
            yield tx
            await tx.story_pages.write_changed()

    async def get_revision(self) -> int:
        """Return a number that grows with every change of stories or companies in any process."""
        return await self._database.peek("SELECT value FROM revision WHERE noun = 'stories'") or 0

    async def check(self) -> None:
        """Raise StoreUnavailable if the database is damaged or a row refers to a row that is not there."""
        await self._database.check_integrity()


@contextlib.asynccontextmanager
async def open_store(
    url: str, *, busy_seconds: float = 5.0, create: bool = True, clock: Clock = utc_now
) -> AsyncIterator[Store]:
    """Open the store at a URL, upgrade its tables, and close it in the end.

    Raises SettingsError for a URL that is not supported, StoreUnavailable, StoreBusy or StoreTooNew; without ``create``
    it raises StoreMissing if there is no store yet. Before an existing store is upgraded, it is copied beside itself.
    """
    async with Database(parse_sqlite_url(url), busy_seconds=busy_seconds, create=create) as database:
        await upgrade_tables(database, clock, create=create)
        yield Store(database, clock)


async def upgrade_tables(database: Database, clock: Clock, *, create: bool = True, keeps_backup: bool = True) -> None:
    """Run the missing steps of the tables. With ``keeps_backup``, a store that was there is copied beside itself first."""
    while await _needs_upgrade(database, create=create):
        # Checked again under the writer's lock, since two programs may start at the same time.
        async with database.write_schema() as connection:
            if not await connection.run_sync(is_upgrade_pending, database.path):
                continue
            if keeps_backup and await connection.run_sync(is_backup_due):
                path = await database.back_up_before_upgrade(get_newest_revision(), clock)
                log.info("The tables of %s are upgraded; a backup of it is at %s.", database.path, path)
            await connection.run_sync(upgrade_one_step)


async def _needs_upgrade(database: Database, *, create: bool) -> bool:
    return await database.read_in_thread(
        lambda connection: connection.run_sync(is_upgrade_pending, database.path, create=create)
    )
