"""The membership of a bot on PostgreSQL: a row, a heartbeat in it, and locks on a connection that lives as long as the bot.

Whoever is killed loses its locks within milliseconds. Whoever hangs or lost its network keeps them, but its heartbeat is late:
then the server ends its connection first, and so its locks. In both cases the others know by its lock alone that it is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import zlib
from collections.abc import AsyncIterator, Collection, Sequence
from typing import Any

import psycopg

from bot.errors import StoreBusy, StoreReplaced
from bot.store.engines.membership import Membership
from bot.store.engines.postgres.locks import (
    ALL_SHARDS_LOCK,
    LEADER_LOCK,
    NAMED_LOCKS,
    NAMESPACE,
    SHARDS,
    WORKERS,
)

log = logging.getLogger(__name__)

#: The time between two heartbeats, how long one may take, and how long a sender trusts the last one, in seconds. The last is less
#: than what makes others take the process for dead.
BEAT_SECONDS, BEAT_TIMEOUT, TRUST_SECONDS = 0.5, 2.0, 2.5
#: After how many seconds without a heartbeat a process is taken for dead.
LATE_SECONDS = 4.0
#: How soon a lost connection is made again, in seconds.
_RETRY_SECONDS = 0.5
_LOCK_POLL_SECONDS = 0.1

# Times are milliseconds since 1970 by the server's clock, since clocks of several machines differ.
_INSERT = """
    INSERT INTO worker (shards, seen_at) VALUES (%s, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) RETURNING id
"""
_BEAT = """
    UPDATE worker SET seen_at = (extract(epoch FROM clock_timestamp()) * 1000)::bigint WHERE id = %s RETURNING id
"""
# Whoever holds no lock is gone: its process id is NULL.
_OTHERS = """
    SELECT id, held.pid, seen_at < (extract(epoch FROM clock_timestamp()) - %(late)s) * 1000
    FROM worker LEFT JOIN pg_locks AS held
        ON held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND held.classid = %(workers)s AND held.objid = worker.id
    WHERE id <> %(own)s ORDER BY id
"""
_END_ALL_OF = """
    SELECT pg_terminate_backend(other.pid) FROM pg_stat_activity AS late
    JOIN pg_stat_activity AS other ON other.datname = late.datname AND other.application_name = late.application_name
    WHERE late.pid = %s
"""
_END_BACKEND = """
    SELECT pg_terminate_backend(pid) FROM pg_locks
    WHERE locktype = 'advisory' AND granted AND classid = %s AND pid = %s AND objid = %s
"""


class PostgresMember(Membership):
    """A bot among those that share one database. ``shards`` are the ones it runs; empty if it runs all of them."""

    def __init__(self, connection_info: str, name: str, shards: Collection[int]) -> None:
        super().__init__()
        self.hears_posts = True
        self._connection_info = connection_info
        self._name = name
        self._shards = sorted(shards)
        self._connection: psycopg.AsyncConnection | None = None
        self._last_beat = 0.0
        self._lost: set[int] = set()
        self._beat_lock = asyncio.Lock()
        self._fault: StoreReplaced | None = None
        self._former: tuple[int, int, int] | None = None

    async def join(self) -> None:
        """Take the locks of the shards, and become a member. Raises StoreBusy if another bot runs one of the shards."""
        connection = await psycopg.AsyncConnection.connect(self._connection_info, autocommit=True)
        try:
            await self._lock_shards(connection)
            row = await _fetch(connection, _INSERT, (" ".join(map(str, self._shards)),))
            self.worker_id = int(row[0])
            await connection.execute("SELECT pg_advisory_lock(%s, %s)", (WORKERS, self.worker_id))
        except BaseException:
            await connection.close()
            raise
        self._connection = connection
        await self._beat(connection)

    async def leave(self) -> None:
        """Give back all locks. The row stays: by it the others know what to take over."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def run(self) -> None:
        """Keep the heartbeat until it is cancelled, and join again after the connection was lost.

        If another bot has taken a shard meanwhile, :meth:`check` raises StoreReplaced from then on.
        """
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            if not await self._try_beat():
                await self._join_again()
                if self._fault is not None:
                    return

    async def is_current(self) -> bool:
        """Return whether the heartbeat is recent. If not, such as after the process was stopped, try it now."""
        if self._connection is None:
            return False
        return time.monotonic() - self._last_beat <= TRUST_SECONDS or await self._try_beat()

    def check(self) -> None:
        """Raise StoreReplaced if another bot has taken a shard of this one."""
        if self._fault is not None:
            raise self._fault

    def take_lost(self) -> Sequence[int]:
        """Return the numbers of processes that have died since the last call."""
        lost, self._lost = sorted(self._lost), set()
        return lost

    @contextlib.asynccontextmanager
    async def hold(self, name: str) -> AsyncIterator[None]:
        """Hold a lock on a connection of its own. In this process the first to ask is the first to get it."""
        async with self._local_locks[name]:
            connection = await self._acquire(zlib.crc32(name.encode()) - 2**31)
            try:
                yield
            finally:
                await connection.close()

    async def _acquire(self, key: int) -> psycopg.AsyncConnection:
        """Return a connection that holds a lock, once it has got it. A connection that is lost meanwhile is made again."""
        while True:
            connection: psycopg.AsyncConnection | None = None
            try:
                connection = await psycopg.AsyncConnection.connect(self._connection_info, autocommit=True)
                while not (await _fetch(connection, "SELECT pg_try_advisory_lock(%s, %s)", (NAMED_LOCKS, key)))[0]:
                    await asyncio.sleep(_LOCK_POLL_SECONDS)
                return connection
            except psycopg.Error as exc:
                log.warning("A shared lock cannot be taken yet; trying again: %s", type(exc).__name__)
                if connection is not None:
                    await connection.close()
                await asyncio.sleep(_RETRY_SECONDS)
            except BaseException:
                if connection is not None:
                    await connection.close()
                raise

    async def _lock_shards(self, connection: psycopg.AsyncConnection) -> None:
        shared, alone = "SELECT pg_try_advisory_lock_shared(%s, %s)", "SELECT pg_try_advisory_lock(%s, %s)"
        if not (await _fetch(connection, shared if self._shards else alone, (NAMESPACE, ALL_SHARDS_LOCK)))[0]:
            raise StoreBusy(
                f"Another bot is running on {self._name}, and one of the two runs all shards. Stop it first, or give each of"
                " them its SHARD_IDS."
            )
        for shard in self._shards:
            if not (await _fetch(connection, "SELECT pg_try_advisory_lock(%s, %s)", (SHARDS, shard)))[0]:
                raise StoreBusy(f"Another bot on {self._name} is running shard {shard}; stop it first.")

    async def _try_beat(self) -> bool:
        """Beat once; return whether this process is still a member. Whoever asks at the same time shares the answer."""
        async with self._beat_lock:
            if time.monotonic() - self._last_beat < BEAT_SECONDS / 2:
                return True
            connection = self._connection
            if connection is None:
                return False
            try:
                async with asyncio.timeout(BEAT_TIMEOUT):
                    return await self._beat(connection)
            except (psycopg.Error, TimeoutError):
                return False

    async def _beat(self, connection: psycopg.AsyncConnection) -> bool:
        began = time.monotonic()
        if await (await connection.execute(_BEAT, (self.worker_id,))).fetchone() is None:
            # Others have taken it for dead, although it kept its lock.
            return False
        if not self.is_leader:
            self.is_leader = bool(
                (await _fetch(connection, "SELECT pg_try_advisory_lock(%s, %s)", (NAMESPACE, LEADER_LOCK)))[0]
            )
        others = await (
            await connection.execute(_OTHERS, {"late": LATE_SECONDS, "workers": WORKERS, "own": self.worker_id})
        ).fetchall()
        for worker_id, pid, is_late in others:
            if pid is None:
                self._lost.add(int(worker_id))
            elif is_late:
                # Its other connections may hold locks of transactions, on which the desk would wait.
                await connection.execute(_END_ALL_OF, (pid,))
        self.worker_count = 1 + sum(pid is not None for _, pid, _ in others)
        self._last_beat = began
        return True

    async def _join_again(self) -> None:
        log.warning("The connection to %s that holds this bot's locks was lost; making a new one.", self._name)
        former, self._connection = self._connection, None
        self.is_leader = False
        if former is not None:
            self._former = (WORKERS, former.info.backend_pid, self.worker_id)
            await former.close()
        while self._fault is None and self._connection is None:
            try:
                async with asyncio.timeout(BEAT_TIMEOUT * 2):
                    await self._end_former()
                    await self.join()
            except StoreBusy as exc:
                self._fault = StoreReplaced(f"{exc} This bot ends, because the other one has taken its place.")
            except (psycopg.Error, TimeoutError):
                await asyncio.sleep(_RETRY_SECONDS)

    async def _end_former(self) -> None:
        """End the former connection on the server, which may not know yet that it is lost, and wait for its locks."""
        if self._former is None:
            return
        async with await psycopg.AsyncConnection.connect(self._connection_info, autocommit=True) as connection:
            while await (await connection.execute(_END_BACKEND, self._former)).fetchone():
                await asyncio.sleep(_LOCK_POLL_SECONDS)
        self._former = None


async def _fetch(connection: psycopg.AsyncConnection, statement: str, values: Sequence[object]) -> tuple[Any, ...]:
    row = await (await connection.execute(statement.encode(), values)).fetchone()
    if row is None:
        raise RuntimeError(f"no row from: {statement}")
    return row
