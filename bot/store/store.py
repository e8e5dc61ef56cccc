"""The store as the other packages see it: transactions that take and return the model's values."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from bot.clock import Clock, utc_now
from bot.heartbeat import Heartbeat
from bot.store.engines.database import Database
from bot.store.engines.finding import find_engine
from bot.store.engines.membership import Membership
from bot.store.migrate import get_newest_revision, is_backup_due, is_upgrade_pending, upgrade_one_step
from bot.store.transaction import Transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_WATCH_SECONDS = 0.2


class Store:
    """An open store. :meth:`read` and :meth:`write` begin transactions."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock

    @property
    def name(self) -> str:
        """Return what messages call the database: the path of its file, or its place on a server."""
        return self._database.name

    async def measure(self) -> tuple[int, int]:
        """Return the sizes of the database and, if that is apart from it, of its log in bytes."""
        return await self._database.measure()

    def join(
        self, shards: Collection[int] = (), on_posts: Callable[[], None] = lambda: None
    ) -> AbstractAsyncContextManager[Membership]:
        """Be one of the bots on this store. Those that may not run beside it are kept out, since they would post everything twice.

        ``shards`` are those of this process; empty if it runs all of them. ``on_posts`` is called when another process has
        added posts, where the engine tells. The membership ends with the process. Raises StoreBusy if there is a bot that
        may not run beside this one.
        """
        return self._database.join(shards, on_posts)

    async def watch(self, heartbeat: Heartbeat | None = None) -> NoReturn:
        """Raise StoreReplaced soon after the database was deleted, moved or replaced, even if nobody uses it.

        Each look at the files is a cycle of ``heartbeat``.
        """
        while True:
            await self._database.check_identity()
            if heartbeat is not None:
                heartbeat.record_success()
            await asyncio.sleep(_WATCH_SECONDS)

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Begin a transaction that sees one state of the store. Writing in it fails."""
        async with self._database.read() as connection:
            yield self._begin(connection)

    async def read_in_thread(self, function: Callable[[Transaction], Coroutine[Any, Any, _T]]) -> _T:
        """Return what a function makes of one state of the store. It runs in a thread of its own.

        The function may wait for nothing but the transaction, and whatever else it touches must be safe to use from a
        thread. It never blocks the event loop, and its statements cost a tenth of what they cost in :meth:`read`.
        """
        return await self._database.read_in_thread(lambda connection: function(self._begin(connection)))

    @contextlib.asynccontextmanager
    async def write(self, *, is_serialized: bool = True) -> AsyncIterator[Transaction]:
        """Begin a transaction that is committed as a whole at its end, or, on any error or cancellation, not at all.

        Serialized ones follow each other, also in other processes: what they read stays true until their end. Only those that
        change what they name, such as one post, may run beside them.
        """
        async with self._database.write(is_serialized=is_serialized) as connection:
            tx = self._begin(connection)
            yield tx
            await tx.story_pages.write_changed()

    async def get_revision(self) -> int:
        """Return a number that grows with every change of stories or companies in any process."""
        return await self._database.get_stories_revision()

    async def check(self) -> None:
        """Raise StoreUnavailable if the database is damaged or a row refers to a row that is not there."""
        await self._database.check_integrity()

    def _begin(self, connection: AsyncConnection) -> Transaction:
        return Transaction(connection, self._clock, self._database.fulltext_type)


@contextlib.asynccontextmanager
async def open_store(
    url: str, *, busy_seconds: float = 5.0, create: bool = True, clock: Clock = utc_now
) -> AsyncIterator[Store]:
    """Open the store at a URL, upgrade its tables, and close it in the end.

    Raises SettingsError for a URL that is not supported, StoreUnavailable, StoreBusy or StoreTooNew; without ``create``
    it raises StoreMissing if there is no store yet. Before an existing store is upgraded, it is copied beside itself.
    """
    async with find_engine(url).create_database(busy_seconds=busy_seconds, create=create) as database:
        await upgrade_tables(database, clock, create=create)
        yield Store(database, clock)


async def upgrade_tables(database: Database, clock: Clock, *, create: bool = True, keeps_backup: bool = True) -> None:
    """Make the tables in an empty database, or run the steps that an older store lacks.

    With ``keeps_backup``, an older store is copied beside itself first.
    """
    while await _needs_upgrade(database, create=create):
        # Checked again under the writer's lock, since two programs may start at the same time.
        async with database.write_schema() as connection:
            if not await connection.run_sync(is_upgrade_pending, database.name):
                continue
            if keeps_backup and await connection.run_sync(is_backup_due):
                backup = await database.back_up_before_upgrade(get_newest_revision(), clock)
                where = f"; a backup of it is at {backup}" if backup else ""
                log.info("The tables of %s are upgraded%s.", database.name, where)
            if not await connection.run_sync(database.create_tables, get_newest_revision()):
                await connection.run_sync(upgrade_one_step)


async def _needs_upgrade(database: Database, *, create: bool) -> bool:
    return await database.read_in_thread(
        lambda connection: connection.run_sync(is_upgrade_pending, database.name, create=create)
    )
