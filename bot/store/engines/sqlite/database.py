"""One SQLite file: one writer, several readers, and a lock file between processes.

The lock file is needed because up to SQLite 3.51.2 a checkpoint of one connection that meets another's commit can
corrupt a database in WAL mode (https://sqlite.org/wal.html#walresetbug), and a bot with a command beside it is enough
for that. So every write transaction, and the closing, which checkpoints, is done under one lock, within this process
and between processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Connection, exc

from bot.clock import Clock
from bot.errors import StoreBusy, StoreError, StoreReplaced, StoreUnavailable
from bot.languages import lazy, say
from bot.store.engines.cancellation import await_uninterrupted, run_stoppable
from bot.store.engines.database import SELECT_STORIES_REVISION, Database
from bot.store.engines.membership import Membership, SoleMember
from bot.store.engines.read_pool import ReadFunction, ReadPool
from bot.store.engines.sqlite.baseline import create_tables
from bot.store.engines.sqlite.connections import create_read_engine
from bot.store.engines.sqlite.database_files import DatabaseFiles
from bot.store.engines.sqlite.version import get_sqlite_build
from bot.store.engines.transactions import run_transaction
from bot.store.fulltext.fts5 import Fts5FullText

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_T = TypeVar("_T")
_LOCK_POLL_SECONDS = 0.005
#: How long a program waits for another one that creates or upgrades the tables.
_UPGRADE_SECONDS = 120.0
_UNUSABLE = lazy("The database {path} can't be used: {reason}.")


class SqliteDatabase(Database):
    """The connections to one SQLite file.

    Once the file has been deleted, moved or replaced, every method raises StoreReplaced. Without ``create``, opening a
    file that is not there raises StoreMissing.
    """

    fulltext_type = Fts5FullText

    def __init__(self, path: Path, *, busy_seconds: float = 5.0, reader_count: int = 4, create: bool = True) -> None:
        super().__init__(str(path))
        self.path = path
        with wrap_file_errors(path):
            self.files = DatabaseFiles(path)
        self._create = create
        self._busy_seconds = busy_seconds
        self._reader_count = reader_count
        self._write_lock = asyncio.Lock()
        self._file_lock = FileLock(self.files.lock, mode=0o600, thread_local=False)
        self._has_written = False
        self._peek_connection: sqlite3.Connection | None = None
        self._read_pool = ReadPool(
            create_read_engine(self.files.path, busy_seconds=busy_seconds, pool_size=reader_count), reader_count
        )

    @cached_property
    def _write_engine(self) -> AsyncEngine:
        from bot.store.engines.sqlite.async_engines import create_async_write_engine

        return create_async_write_engine(self.files.path, busy_seconds=self._busy_seconds)

    @cached_property
    def _read_engine(self) -> AsyncEngine:
        from bot.store.engines.sqlite.async_engines import create_async_read_engine

        return create_async_read_engine(self.files.path, busy_seconds=self._busy_seconds, pool_size=self._reader_count)

    async def open(self) -> None:
        """Create the file if it is missing and may be created, and remember which it is."""
        fault = get_sqlite_build().find_fault()
        if fault:
            raise StoreUnavailable(fault)
        with wrap_file_errors(self.path), wrap_engine_errors(self.path):
            self.files.prepare(create=self._create)
            # If aiosqlite cannot open the file, it leaves a thread behind that writes a traceback to stderr.
            sqlite3.connect(self.files.path).close()
            self.files.remember_database()

    async def close(self) -> None:
        """Close all connections, and move what is in the log into the database."""
        with contextlib.suppress(StoreError):
            await self._read_pool.close()
            if "_read_engine" in self.__dict__:
                await self._read_engine.dispose()
            if self._peek_connection is not None:
                if self.files.is_moved:
                    self._checkpoint_log(self._peek_connection)
                self._peek_connection.close()
            if self._has_written:
                async with self._hold_file_lock():
                    await self._write_engine.dispose()
        if "_write_engine" in self.__dict__:
            await self._write_engine.dispose()

    @contextlib.asynccontextmanager
    async def write(self, *, is_serialized: bool = True) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction on the one writing connection.

        It is committed at the end, and rolled back on any error. All of them are serialized.

        Raises StoreBusy if another process holds the lock for longer than ``busy_seconds``, and StoreReplaced also if
        the file was replaced during the transaction: what was committed is then in a file that nobody else sees.
        """
        async with self._hold_write_locks(), self._run_transaction(self._write_engine) as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def write_schema(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction as :meth:`write` does, in which tables can be rebuilt.

        Foreign keys are not enforced until its end. It waits for longer than :meth:`write`, since another program may
        be upgrading the same tables. Raises StoreUnavailable, and changes nothing, if a row refers to a missing row in
        the end.
        """
        async with self._hold_write_locks(_UPGRADE_SECONDS):
            await await_uninterrupted(self._set_foreign_keys("OFF"))
            try:
                async with self._run_transaction(self._write_engine) as connection:
                    yield connection
                    if (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first() is not None:
                        raise StoreUnavailable(
                            say("The database {path} has rows that refer to nothing.", path=self.path)
                        )
            finally:
                await await_uninterrupted(self._set_foreign_keys("ON"))

    def create_tables(self, connection: Connection, revision: str) -> bool:
        """Make the newest tables in an empty file; return whether it was empty."""
        return create_tables(connection, revision)

    @contextlib.asynccontextmanager
    async def _hold_write_locks(self, timeout: float | None = None) -> AsyncIterator[None]:
        """Hold the locks of a write, and check the files before and after it."""
        async with self._write_lock, self._hold_file_lock(timeout):
            self.check_files()
            with wrap_file_errors(self.path):
                self.files.check_content()
            self._has_written = True
            yield
            if not self.files.remembers_log:
                self._remember_log()
            self.check_files()
            with wrap_file_errors(self.path):
                self.files.remember_content()

    def check_files(self) -> None:
        """Raise StoreReplaced if the database is no longer the one that was opened."""
        were_moved = self.files.is_moved
        try:
            with wrap_file_errors(self.path):
                self.files.check()
        except StoreReplaced:
            if self._peek_connection is not None and self.files.is_moved and not were_moved:
                self._checkpoint_log(self._peek_connection)
            raise

    async def check_identity(self) -> None:
        """Raise StoreReplaced if the file was deleted, moved or replaced, or its content overwritten.

        A suspicion that it was overwritten is confirmed under the lock.
        """
        self.check_files()
        if self.files.looks_overwritten():
            # If another process holds the lock, a later call checks again.
            with contextlib.suppress(StoreBusy):
                async with self._write_lock, self._hold_file_lock():
                    self.check_files()
                    self.files.check_content()

    async def measure(self) -> tuple[int, int]:
        """Return the sizes of the file and of its log in bytes."""
        return self.files.measure()

    async def check_integrity(self) -> None:
        """Raise StoreUnavailable if the file is damaged or a row refers to a row that is not there."""
        async with self.read() as connection:
            damage = (await connection.exec_driver_sql("PRAGMA integrity_check(1)")).scalar_one()
            orphans = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first()
        if damage != "ok" or orphans is not None:
            raise StoreUnavailable(f"The database {self.path} is damaged; restore it from a backup.")

    async def back_up_before_upgrade(self, revision: str, clock: Clock) -> str:
        """Copy the file beside itself before its tables are upgraded to a revision; return the copy's path.

        Call it under the lock of a write. Raises StoreUnavailable if there is no room for it.
        """
        from bot.store.engines.sqlite.backup import back_up_before_upgrade

        files = DatabaseFiles(self.path)
        return str(await run_stoppable(lambda stop: back_up_before_upgrade(files, revision, clock, stop)))

    @contextlib.asynccontextmanager
    async def join(self, shards: Collection[int], on_posts: Callable[[], None]) -> AsyncIterator[Membership]:
        """Hold the lock of the one bot that may run on this database. It ends with the process, however that ends.

        Raises StoreBusy if another bot holds it.
        """
        lock = FileLock(self.files.bot_lock, mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise StoreBusy(f"Another bot is running on {self.path}; stop it first.") from None
        try:
            self.files.remember_bot_lock()
            yield SoleMember()
        finally:
            lock.release()

    def _checkpoint_log(self, connection: sqlite3.Connection) -> None:
        """Move what is in the log into the database that was opened, wherever its file is now.

        SQLite itself leaves the log of a file that was moved as it is. What was acknowledged would be lost with it, and
        whoever opens the file that is now in its place would read the log as that file's own.
        """
        with contextlib.suppress(sqlite3.Error, OSError), self._file_lock.acquire(timeout=1):
            connection.execute("PRAGMA query_only = OFF")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _remember_log(self) -> None:
        # This connection keeps the log in use as long as the process lives; the others may be reopened.
        with contextlib.suppress(sqlite3.Error), wrap_file_errors(self.path):
            self._get_peek_connection().execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
            self.files.remember_log()

    async def _set_foreign_keys(self, value: str) -> None:
        # SQLite ignores this pragma within a transaction (https://sqlite.org/pragma.html#pragma_foreign_keys), so it goes to
        # the driver directly.
        with wrap_engine_errors(self.path):
            async with self._write_engine.connect() as connection:
                raw = await connection.get_raw_connection()
                cursor = await raw.driver_connection.execute(f"PRAGMA foreign_keys = {value}")  # type: ignore[union-attr]  # it is connected
                await cursor.close()

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that sees one state of the store and cannot write."""
        self.check_files()
        async with self._run_transaction(self._read_engine) as connection:
            yield connection

    async def read_in_thread(self, function: ReadFunction[_T]) -> _T:
        """Return what a function makes of one state of the store, in a thread of its own (:class:`ReadPool`)."""
        self.check_files()
        with wrap_engine_errors(self.path):
            return await self._read_pool.run(function)

    async def get_stories_revision(self) -> int:
        """Return the number that grows with every change, read outside any transaction in the event loop's own thread.

        It is needed for every answer and must cost nothing: one row that is in memory takes 10 µs, while the hop to the
        driver's thread and back takes 0.7 ms of an answer's 4.
        """
        self.check_files()
        try:
            row = self._get_peek_connection().execute(SELECT_STORIES_REVISION).fetchone()
        except sqlite3.Error:
            # The file is busy for a moment, or broken. A reader waits, or raises the right error.
            async with self.read() as connection:
                row = (await connection.exec_driver_sql(SELECT_STORIES_REVISION)).first()
        return int(row[0]) if row else 0

    def _get_peek_connection(self) -> sqlite3.Connection:
        if self._peek_connection is None:
            uri = f"{self.files.path.as_uri()}?mode=rw"
            self._peek_connection = sqlite3.connect(uri, uri=True, timeout=0, isolation_level=None)
            self._peek_connection.execute("PRAGMA query_only = ON")
        return self._peek_connection

    @contextlib.asynccontextmanager
    async def _run_transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        with wrap_engine_errors(self.path):
            async with run_transaction(engine) as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def _hold_file_lock(self, timeout: float | None = None) -> AsyncIterator[None]:
        deadline = time.monotonic() + (self._busy_seconds if timeout is None else timeout)
        while not self._try_file_lock():
            if time.monotonic() > deadline:
                raise StoreBusy(say("The database {path} is in use by another program; try again.", path=self.path))
            await asyncio.sleep(_LOCK_POLL_SECONDS)
        try:
            yield
        finally:
            self._file_lock.release()

    def _try_file_lock(self) -> bool:
        with wrap_file_errors(self.path):
            try:
                self._file_lock.acquire(timeout=0)
            except Timeout:  # Timeout is an OSError too
                return False
        return True


@contextlib.contextmanager
def wrap_engine_errors(path: Path) -> Iterator[None]:
    """Turn errors of the engine into StoreErrors. Bugs in a statement are not wrapped."""
    try:
        yield
    except exc.OperationalError as error:
        raise _to_store_error(path, str(error.orig)) from error
    except exc.DatabaseError as error:
        if isinstance(error, exc.IntegrityError | exc.ProgrammingError | exc.DataError | exc.InternalError):
            raise
        raise _to_store_error(path, str(error.orig)) from error
    except sqlite3.Error as error:
        raise _to_store_error(path, str(error)) from error


@contextlib.contextmanager
def wrap_file_errors(path: Path) -> Iterator[None]:
    """Turn errors of the file system into StoreUnavailable.

    Do not use it around a transaction: an OSError in there is the caller's own.
    """
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(say(_UNUSABLE, path=path, reason=error.strerror or error)) from error


def _to_store_error(path: Path, message: str) -> StoreError:
    if "locked" in message or "busy" in message:
        return StoreBusy(say("The database {path} is locked by another program; close it and try again.", path=path))
    if "not a database" in message or "malformed" in message:
        return StoreUnavailable(say("{path} is not an intact SQLite database; restore it from a backup.", path=path))
    if "readonly" in message or "unable to open" in message:
        return StoreUnavailable(
            say("The database {path} can't be written; check that its folder exists and that you own it.", path=path)
        )
    if "full" in message:
        return StoreUnavailable(
            say("The disk with the database {path} is full; free some space and try again.", path=path)
        )
    return StoreUnavailable(say(_UNUSABLE, path=path, reason=message))
