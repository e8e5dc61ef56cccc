"""One PostgreSQL database: pooled connections, and advisory locks where one SQLite file has its lock file."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Collection
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import psycopg
from sqlalchemy import Connection, exc, text
from sqlalchemy.engine import URL

from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.store.engines.database import SELECT_STORIES_REVISION, Database
from bot.store.engines.membership import Membership
from bot.store.engines.postgres.baseline import create_tables
from bot.store.engines.postgres.connections import READ_ISOLATION, build_connection_info, create_read_engine
from bot.store.engines.postgres.errors import build_pooler_error, is_disconnection, wrap_errors
from bot.store.engines.postgres.listener import Listener
from bot.store.engines.postgres.locks import DESK_LOCK, NAMESPACE, SCHEMA_LOCK
from bot.store.engines.postgres.member import PostgresMember
from bot.store.engines.postgres.restored_dump import SELECT_IS_DUMP, describe_dump
from bot.store.engines.postgres.url import format_database_name
from bot.store.engines.read_pool import ReadFunction, ReadPool
from bot.store.engines.transactions import run_transaction
from bot.store.fulltext.tsvector import TsvectorFullText

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

_T = TypeVar("_T")
#: How long a program waits for another one that makes or upgrades the tables, in seconds.
_UPGRADE_SECONDS = 120
_LOCK = text("SELECT pg_advisory_xact_lock(:namespace, :key)")


class PostgresDatabase(Database):
    """The connections to one PostgreSQL database."""

    fulltext_type = TsvectorFullText

    def __init__(self, url: URL, *, busy_seconds: float = 5.0, reader_count: int = 4) -> None:
        super().__init__(format_database_name(url))
        # By its name, all connections of a process that hangs are found and ended.
        url = url.update_query_dict({"application_name": f"dealwire {secrets.token_hex(4)}"})
        self._url = url
        self._busy_seconds = busy_seconds
        self._reader_count = reader_count
        self._desk_lock = asyncio.Lock()
        self._member: PostgresMember | None = None
        self._listener: Listener | None = None
        self._read_pool = ReadPool(
            create_read_engine(url, busy_seconds=busy_seconds, pool_size=reader_count),
            reader_count,
            psycopg.Connection.pipeline if psycopg.Pipeline.is_supported() else None,
        )

    @cached_property
    def _write_engine(self) -> AsyncEngine:
        return self._create_engine(read_only=False)

    @cached_property
    def _read_engine(self) -> AsyncEngine:
        return self._create_engine(read_only=True)

    def _create_engine(self, *, read_only: bool) -> AsyncEngine:
        from bot.store.engines.postgres.async_engines import create_pooled_engine

        return create_pooled_engine(
            self._url, busy_seconds=self._busy_seconds, pool_size=self._reader_count, read_only=read_only
        )

    async def open(self) -> None:
        """Check that the server can be reached, and that no pooler before it has dropped the options of the connection."""
        try:
            if await self.read_in_thread(_select_isolation) != READ_ISOLATION:
                raise build_pooler_error(self.name)
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close all connections."""
        await self._read_pool.close()
        for name in ("_read_engine", "_write_engine"):
            if name in self.__dict__:
                await self.__dict__[name].dispose()

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that sees one state of the store and cannot write."""
        async with self._run_transaction(self._read_engine) as connection:
            yield connection

    async def read_in_thread(self, function: ReadFunction[_T]) -> _T:
        """Return what a function makes of one state of the store, in a thread of its own (:class:`ReadPool`)."""
        with wrap_errors(self.name):
            # What only reads can be repeated. Each connection of the pool may have been cut, also while nobody used it.
            for _ in range(self._reader_count):
                try:
                    return await self._read_pool.run(function)
                except exc.DBAPIError as error:
                    if not is_disconnection(error.orig):
                        raise
            return await self._read_pool.run(function)

    @contextlib.asynccontextmanager
    async def write(self, *, is_serialized: bool = True) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction that writes; those that are serialized follow each other in all processes."""
        if not is_serialized:
            async with self._run_transaction(self._write_engine) as connection:
                yield connection
            return
        # Within this process they wait here, so that they do not keep all connections of the pool.
        async with self._desk_lock:
            async with self._run_transaction(self._write_engine) as connection:
                await connection.execute(_LOCK, {"namespace": NAMESPACE, "key": DESK_LOCK})
                yield connection
            if self._listener is not None:
                self._listener.forget_revision()

    @contextlib.asynccontextmanager
    async def write_schema(self) -> AsyncIterator[AsyncConnection]:
        """Begin a transaction in which tables can be changed. It waits for longer than :meth:`write`."""
        async with self._desk_lock, self._run_transaction(self._write_engine) as connection:
            await connection.execute(text(f"SET LOCAL lock_timeout = '{_UPGRADE_SECONDS}s'"))
            for key in (SCHEMA_LOCK, DESK_LOCK):
                await connection.execute(_LOCK, {"namespace": NAMESPACE, "key": key})
            yield connection

    def create_tables(self, connection: Connection, revision: str) -> bool:
        """Make the newest tables in an empty database; return whether it was empty."""
        return create_tables(connection, revision)

    async def get_stories_revision(self) -> int:
        """Return the revision that was told last, or ask for it."""
        listener = self._listener
        if listener is not None and listener.revision is not None:
            return listener.revision
        revision = await self.read_in_thread(_select_revision)
        if listener is not None:
            listener.record_revision(revision)
        return revision

    @contextlib.asynccontextmanager
    async def join(self, shards: Collection[int], on_posts: Callable[[], None]) -> AsyncIterator[Membership]:
        """Be one of the bots on this database, and listen to the others meanwhile.

        Raises StoreUnavailable if it comes from a dump that was not prepared yet.
        """
        await self.check_integrity()
        member = PostgresMember(self._connection_info, self.name, shards)
        with wrap_errors(self.name):
            await member.join()
        self._member, self._listener = member, Listener(self._connection_info, on_posts)
        tasks = (
            asyncio.create_task(member.run(), name="database heartbeat"),
            asyncio.create_task(self._listener.run(), name="database notifications"),
        )
        try:
            yield member
        finally:
            self._member = self._listener = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await member.leave()

    async def check_identity(self) -> None:
        """Raise StoreReplaced if another bot has taken the place of this one."""
        if self._member is not None:
            self._member.check()

    async def check_integrity(self) -> None:
        """Raise StoreUnavailable if it comes from a dump that was not prepared yet. The server itself checks all else."""
        if await self.read_in_thread(_select_is_dump):
            raise StoreUnavailable(describe_dump(self.name))

    async def measure(self) -> tuple[int, int]:
        """Return the size of the database in bytes; its log belongs to the server."""
        return await self.read_in_thread(_select_size), 0

    async def back_up_before_upgrade(self, revision: str, clock: Clock) -> str:
        """Make no copy: each step is one transaction, and backups are the server's matter."""
        return ""

    @cached_property
    def _connection_info(self) -> str:
        return build_connection_info(self._url, busy_seconds=self._busy_seconds, read_only=False)

    @contextlib.asynccontextmanager
    async def _run_transaction(self, engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
        with wrap_errors(self.name):
            async with run_transaction(engine) as connection:
                yield connection


async def _select_isolation(connection: AsyncConnection) -> str:
    return str((await connection.execute(text("SHOW default_transaction_isolation"))).scalar_one())


async def _select_is_dump(connection: AsyncConnection) -> bool:
    return bool((await connection.execute(text(SELECT_IS_DUMP))).scalar_one())


async def _select_revision(connection: AsyncConnection) -> int:
    return (await connection.execute(text(SELECT_STORIES_REVISION))).scalar_one_or_none() or 0


async def _select_size(connection: AsyncConnection) -> int:
    return int((await connection.execute(text("SELECT pg_database_size(current_database())"))).scalar_one())
