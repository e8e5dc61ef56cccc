"""Move a whole store from one database to another, whichever engines they have.

All tables are moved, as their definitions list them, and so are those that are added later. Both databases are locked, and the target is written in one transaction:
it holds everything in the end, or it stays empty. The source is only read.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import TYPE_CHECKING, cast

from sqlalchemy import Table, func, select

from bot.clock import Clock, utc_now
from bot.errors import SettingsError, StoreUnavailable
from bot.store import tables as t
from bot.store.engines.cancellation import await_uninterrupted
from bot.store.engines.engine import Engine
from bot.store.engines.finding import find_engine
from bot.store.engines.movable import (
    MovableDatabase,
    RawRow,
    StoredTables,
    ValueKind,
    WritableTables,
    get_value_kind,
)
from bot.store.engines.read_pool import SyncConnection
from bot.store.store import upgrade_tables
from bot.store.transaction import Transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

#: All tables but that of the processes which run now: while a store is moved, there is none.
MOVED_TABLES = tuple(table for table in t.metadata.sorted_tables if table is not t.worker)
#: How many stories are put into the full-text index at a time.
_STORIES_AT_ONCE = 200


class MovePhase(StrEnum):
    """What a move does at the moment, as the beginning of a line of progress."""

    COPYING = "Copying, in rows"
    COMPARING = "Comparing, in rows"
    INDEXING = "Indexing, in stories"


#: Is told how much of a phase is done, and how much there is, from another thread.
MoveProgress = Callable[[MovePhase, int, int], None]


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table that was moved: its name, its rows, and the digest of their values, which is that of both databases."""

    name: str
    row_count: int
    digest: str


@dataclass(frozen=True, slots=True)
class MoveReport:
    """A finished move: what messages call the two databases, and the tables in the order in which they were moved."""

    source: str
    target: str
    tables: tuple[MovedTable, ...]


class MoveStopped(Exception):
    """The move was stopped by its caller."""


async def move_store(url: str, target_url: str, *, clock: Clock = utc_now, report: MoveProgress) -> MoveReport:
    """Move the store at a URL into the empty database at another one. The source stays as it is.

    Raises SettingsError for a URL that is not supported; StoreMissing if there is no store; StoreBusy if one of them is in
    use; StoreTooNew; and StoreUnavailable if the target is not empty, if both are the same database, or if the target cannot
    hold a value. If it fails or is cancelled, the target is empty. A cancellation that comes too late to stop it is ignored.
    """
    source, target = find_engine(url), _find_target(target_url)
    if source.is_same_database(target):
        raise StoreUnavailable(f"{target.name} is the database that is to be moved; give another one with --to.")
    with source.open_move(create=False) as movable:
        movable.check_source()
        with target.open_move(create=True) as new:
            _check_empty(new, target.name)
            async with target.create_database() as database:
                await upgrade_tables(database, clock)
            tables = await _run_in_thread(_Move(movable, new, target.name, clock, report))
    return MoveReport(source.name, target.name, tables)


async def _run_in_thread(move: _Move) -> tuple[MovedTable, ...]:
    running = asyncio.ensure_future(asyncio.to_thread(move.run))
    try:
        await await_uninterrupted(running, move.stop.set)
    except asyncio.CancelledError:
        # Whoever interrupts it must still be told of what was moved.
        if running.exception() is not None:
            raise
    return running.result()


def _find_target(url: str) -> Engine:
    try:
        return find_engine(url)
    except SettingsError as exc:
        raise SettingsError("--to", exc.expected) from exc


def _check_empty(database: MovableDatabase, name: str) -> None:
    table = database.find_filled_table()
    if table:
        raise StoreUnavailable(
            f"The database {name} is not empty: its table {table} has rows; give an empty one with --to."
        )


class _Move:
    """A move in one thread, while nobody else uses the two databases. It ends with MoveStopped once ``stop`` is set."""

    def __init__(
        self,
        source: MovableDatabase,
        target: MovableDatabase,
        target_name: str,
        clock: Clock,
        report: MoveProgress,
    ) -> None:
        self._source = source
        self._target = target
        self._target_name = target_name
        self._clock = clock
        self._report = report
        self.stop = threading.Event()
        self._row_count = 0
        self._done_count = 0

    def run(self) -> tuple[MovedTable, ...]:
        """Move everything."""
        with self._source.open_source() as source, self._target.open_target() as target:
            _check_empty(self._target, self._target_name)
            self._row_count = sum(source.count_rows(table) for table in MOVED_TABLES)
            moved = tuple(self._copy(source, target, table) for table in MOVED_TABLES)
            self._done_count = 0
            for table, expected in zip(MOVED_TABLES, moved, strict=True):
                self._compare(source, target, table, expected)
            target.set_last_ids(source.read_last_ids())
            self._index_stories(target)
            target.commit()
        return moved

    def _copy(self, source: StoredTables, target: WritableTables, table: Table) -> MovedTable:
        digest = TableDigest(table)
        try:
            with source.open_rows(table) as batches:
                target.write_rows(table, self._watch(MovePhase.COPYING, digest.add_all(batches)))
        except StoreUnavailable as exc:
            self._explain(source, target, table, exc)
            raise
        return digest.finish()

    def _compare(self, source: StoredTables, target: WritableTables, table: Table, expected: MovedTable) -> None:
        digest = TableDigest(table)
        with target.open_rows(table) as batches:
            for rows in self._watch(MovePhase.COMPARING, batches):
                digest.add(rows)
        if digest.finish() != expected:
            error = StoreUnavailable(
                f"The rows of the table {table.name} are not the same in {self._target_name}; nothing was moved."
            )
            self._explain(source, target, table, error)
            raise error

    def _explain(self, source: StoredTables, target: WritableTables, table: Table, error: StoreUnavailable) -> None:
        """Raise an error that names the value which the target cannot hold, if there is one."""
        with source.open_rows(table) as batches:
            for row in (row for rows in self._watch(None, batches) for row in rows):
                fault = target.find_fault(table, row)
                if fault:
                    raise StoreUnavailable(
                        f"{self._target_name} can't hold a value: in the table {table.name}, {_format_key(table, row)}, the"
                        f" column {fault[0]} holds {fault[1]}; correct it in the database that is to be moved, then try again."
                    ) from error

    def _watch(self, phase: MovePhase | None, batches: Iterable[Sequence[RawRow]]) -> Iterator[Sequence[RawRow]]:
        """Yield batches, report them, and end if the move is stopped."""
        for rows in batches:
            if self.stop.is_set():
                raise MoveStopped
            yield rows
            if phase is not None:
                self._done_count += len(rows)
                self._report(phase, self._done_count, self._row_count)

    def _index_stories(self, target: WritableTables) -> None:
        """Make the full-text index from the stories: those of two engines have nothing in common."""
        connection = SyncConnection(target.connection)
        fulltext = Transaction(cast("AsyncConnection", connection), self._clock, target.fulltext_type).fulltext
        total = target.connection.execute(select(func.count()).select_from(t.story)).scalar_one()
        done, last_id = 0, 0
        while True:
            if self.stop.is_set():
                raise MoveStopped
            next_id = connection.run(fulltext.index_next_stories(last_id, _STORIES_AT_ONCE))
            if next_id is None:
                return
            last_id = next_id
            done = min(done + _STORIES_AT_ONCE, total)
            self._report(MovePhase.INDEXING, done, total)


def _format_key(table: Table, row: RawRow) -> str:
    pairs = zip(table.columns, row, strict=True)
    return ", ".join(f"{column.name} {value!r}" for column, value in pairs if column.primary_key)


class TableDigest:
    """The count and the digest of a table's rows in the order of its primary key; the same on every engine."""

    def __init__(self, table: Table) -> None:
        self._name = table.name
        self._floats = [
            index for index, column in enumerate(table.columns) if get_value_kind(column.type) is ValueKind.FLOAT
        ]
        self._hash = blake2b(digest_size=16)
        self._count = 0

    def add_all(self, batches: Iterable[Sequence[RawRow]]) -> Iterator[Sequence[RawRow]]:
        """Yield batches, and add their rows."""
        for rows in batches:
            self.add(rows)
            yield rows

    def add(self, rows: Sequence[RawRow]) -> None:
        """Add the next rows. Python writes each value in one way only, and a float exactly."""
        self._count += len(rows)
        for row in map(self._normalize, rows) if self._floats else rows:
            self._hash.update(repr(row).encode())

    def finish(self) -> MovedTable:
        """Return the count and the digest of all rows."""
        return MovedTable(self._name, self._count, self._hash.hexdigest())

    def _normalize(self, row: RawRow) -> RawRow:
        """Return a row without -0.0, which SQLite stores as 0.0."""
        values = list(row)
        for index in self._floats:
            if values[index] is not None:
                values[index] += 0.0
        return tuple(values)
