"""Move a SQLite database to another place, or another one into its file: in one transaction, which a kill undoes."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Table, create_engine, event, exc
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool

from bot.errors import StoreUnavailable
from bot.store.engines.movable import (
    ROWS_AT_ONCE,
    MovableDatabase,
    RawRow,
    StoredTables,
    ValueKind,
    WritableTables,
    build_select,
    check_source_revision,
    get_value_kind,
    list_numbered_tables,
    quote_columns,
)
from bot.store.engines.sqlite.connections import configure_engine
from bot.store.engines.sqlite.database import wrap_engine_errors, wrap_file_errors
from bot.store.engines.sqlite.database_check import open_connection, read_backup_time, read_revision
from bot.store.engines.sqlite.database_files import DatabaseFiles, build_connection_url
from bot.store.engines.sqlite.file_locks import acquire_lock
from bot.store.engines.sqlite.version import get_sqlite_build
from bot.store.fulltext.fts5 import Fts5FullText
from bot.store.migrate import get_newest_revision
from bot.store.tables import metadata

#: How long another program that uses the database is waited for, in seconds.
LOCK_SECONDS = 5.0
#: Tables whose rows count: not SQLite's own, nor the revision of the tables, nor the full-text index.
_SELECT_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'story\\_search%' ESCAPE '\\'"
)
#: Indexes of a large store take more pages than the 16 MB of a bot.
_SET_CACHE_SIZE = "PRAGMA cache_size = -65536"


class SqliteTables(StoredTables):
    """The tables of a file in one transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._raw = connection
        self._path = path

    def count_rows(self, table: Table) -> int:
        """Count the rows of a table."""
        with wrap_engine_errors(self._path):
            row = self._raw.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()  # noqa: S608 - a table of ours
        return int(row[0])

    @contextlib.contextmanager
    def open_rows(self, table: Table) -> Iterator[Iterator[Sequence[RawRow]]]:
        """Provide the rows of a table in batches. Reading raises StoreUnavailable for a text that is not valid UTF-8."""
        with contextlib.closing(self._raw.cursor()) as cursor:
            with self._wrap_read_errors(table):
                cursor.execute(build_select(table))
            yield self._fetch(cursor, table)

    def _fetch(self, cursor: sqlite3.Cursor, table: Table) -> Iterator[Sequence[RawRow]]:
        while True:
            with self._wrap_read_errors(table):
                rows = cursor.fetchmany(ROWS_AT_ONCE)
            if not rows:
                return
            yield rows

    def read_last_ids(self) -> dict[str, int]:
        """Return the highest ids ever used, which SQLite records for tables with AUTOINCREMENT."""
        names = {table.name for table in list_numbered_tables(metadata)}
        with wrap_engine_errors(self._path):
            rows = self._raw.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
        return {name: int(last_id) for name, last_id in rows if name in names}

    @contextlib.contextmanager
    def _wrap_read_errors(self, table: Table) -> Iterator[None]:
        with wrap_engine_errors(self._path):
            try:
                yield
            except sqlite3.OperationalError as error:
                if "Could not decode" not in str(error):
                    raise
                raise StoreUnavailable(self._describe_undecodable(table)) from error

    def _describe_undecodable(self, table: Table) -> str:
        keys = [column.name for column in table.primary_key.columns]
        names = [column.name for column in table.columns]
        self._raw.text_factory = bytes
        try:
            for row in self._raw.execute(build_select(table)):
                values = dict(zip(names, row, strict=True))
                for name in names:
                    if get_value_kind(table.c[name].type) is ValueKind.TEXT and not _is_utf8(values[name]):
                        key = " ".join(f"{each} {values[each]!r}" for each in keys)
                        return (
                            f"The database {self._path} can't be moved: in the table {table.name}, {key}, the column {name}"
                            " is not valid UTF-8; correct it first."
                        )
        finally:
            self._raw.text_factory = str
        return f"The database {self._path} can't be moved: the table {table.name} has a text that is not valid UTF-8."


class WritableSqliteTables(SqliteTables, WritableTables):
    """The empty tables of a file, in a transaction that writes them."""

    fulltext_type = Fts5FullText

    def __init__(self, connection: Connection, path: Path) -> None:
        self.connection = connection
        super().__init__(cast("sqlite3.Connection", connection.connection.driver_connection), path)

    def write_rows(self, table: Table, batches: Iterable[Sequence[RawRow]]) -> None:
        """Insert all rows of a table."""
        places = ", ".join("?" * len(table.columns))
        statement = f'INSERT INTO "{table.name}" ({quote_columns(table)}) VALUES ({places})'  # noqa: S608 - a table of ours
        for rows in batches:
            with _wrap_write_errors(self._path, table.name):
                self._raw.executemany(statement, rows)

    def find_fault(self, table: Table, row: RawRow) -> tuple[str, str] | None:
        """Return the column of a float that is not a number, which SQLite stores as NULL."""
        for column, value in zip(table.columns, row, strict=True):
            if isinstance(value, float) and value != value:
                return column.name, "a number that is not one (NaN)"
        return None

    def set_last_ids(self, last_ids: Mapping[str, int]) -> None:
        """Record the ids in the table that SQLite keeps of them."""
        with wrap_engine_errors(self._path):
            for name, last_id in last_ids.items():
                highest = self._raw.execute(f'SELECT coalesce(max(id), 0) FROM "{name}"').fetchone()[0]  # noqa: S608 - a table of ours
                self._raw.execute("DELETE FROM sqlite_sequence WHERE name = ?", (name,))
                values = (name, max(last_id, highest))
                self._raw.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", values)

    def commit(self) -> None:
        """Check all references at once, which is faster than one at a time, and commit."""
        with wrap_engine_errors(self._path):
            orphan = self._raw.execute("PRAGMA foreign_key_check").fetchone()
            if orphan is not None:
                raise StoreUnavailable(
                    f"The database can't be moved: row {orphan[1]} of the table {orphan[0]} refers to a row of"
                    f" {orphan[2]} that is missing."
                )
            self.connection.commit()


class MovableSqlite(MovableDatabase):
    """A SQLite file whose bot lock is held."""

    def __init__(self, files: DatabaseFiles) -> None:
        self._files = files
        self._path = files.display_path

    def check_source(self) -> None:
        """Raise StoreError unless the tables are those of this version, and the file is not a backup.

        A backup that is only moved would post again what was posted after it was made.
        """
        with self._open() as connection, wrap_engine_errors(self._path):
            revision = read_revision(connection, self._path)
            made_at = read_backup_time(connection)
        check_source_revision(is_older=revision != get_newest_revision(), name=str(self._path))
        if made_at is not None:
            raise StoreUnavailable(
                f"{self._path} is a backup; restore it with `dealwire restore`, then move the restored database."
            )

    def find_filled_table(self) -> str:
        """Return the name of a table with rows, of whatever program and version; empty if there is none."""
        with self._open() as connection, wrap_engine_errors(self._path):
            for (name,) in connection.execute(_SELECT_TABLES).fetchall():
                quoted = name.replace('"', '""')
                if connection.execute(f'SELECT 1 FROM "{quoted}" LIMIT 1').fetchone():  # noqa: S608 - quoted
                    return str(name)
        return ""

    @contextlib.contextmanager
    def open_source(self) -> Iterator[SqliteTables]:
        """Begin a transaction that reads, under the locks of one that writes: also other programs wait until its end."""
        with self._hold_lock(), self._open() as connection:
            with wrap_engine_errors(self._path):
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("PRAGMA query_only = ON")
            try:
                yield SqliteTables(connection, self._path)
            finally:
                # A statement that was not read to its end would keep a closed connection, and its lock.
                connection.rollback()
            with wrap_file_errors(self._path):
                self._files.check()

    @contextlib.contextmanager
    def open_target(self) -> Iterator[WritableSqliteTables]:
        """Begin the transaction that writes. While it runs, SQLite's log grows to the size of the store."""
        engine = create_engine(
            build_connection_url("sqlite+pysqlite", self._files.path),
            poolclass=NullPool,
            connect_args={"timeout": LOCK_SECONDS},
        )
        configure_engine(engine, begin_statement="BEGIN IMMEDIATE", query_only=False)
        event.listen(engine, "connect", _prepare_for_writing)
        with self._hold_lock(), contextlib.ExitStack() as stack:
            with wrap_engine_errors(self._path):
                connection = stack.enter_context(engine.connect())
                connection.begin()
            yield WritableSqliteTables(connection, self._path)
            with wrap_file_errors(self._path):
                self._files.check()

    @contextlib.contextmanager
    def _hold_lock(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            message = f"The database {self._path} is in use by another program; try again."
            with wrap_file_errors(self._path):
                acquire_lock(stack, self._files.lock, LOCK_SECONDS, message)
            yield

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with contextlib.ExitStack() as stack:
            with wrap_engine_errors(self._path):
                connection = stack.enter_context(open_connection(self._files.path, timeout=LOCK_SECONDS))
            yield connection


@contextlib.contextmanager
def open_move(path: Path, *, create: bool) -> Iterator[MovableSqlite]:
    """Hold the lock of a database's bot. If it was created here and nothing was moved into it, it is removed in the end.

    Raises StoreMissing if there is none and none may be created, and StoreBusy if a bot is running on it.
    """
    fault = get_sqlite_build().find_fault()
    if fault:
        raise StoreUnavailable(fault)
    with wrap_file_errors(path):
        files = DatabaseFiles(path)
        was_there = files.path.exists()
        files.prepare(create=create)
        files.remember_database()
    with contextlib.ExitStack() as stack:
        if not was_there:
            stack.push(lambda error_type, _error, _traceback: _remove(files) if error_type else None)
        message = f"A bot is running on {path}, or another move; stop it before you move the database."
        with wrap_file_errors(path):
            acquire_lock(stack, files.bot_lock, 0.0, message)
        yield MovableSqlite(files)


def _remove(files: DatabaseFiles) -> None:
    for path in (*files.companions, files.path):
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def _prepare_for_writing(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    # All references are checked at the end instead; within a transaction SQLite would ignore this.
    cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.execute(_SET_CACHE_SIZE)
    cursor.close()


def _is_utf8(value: bytes | None) -> bool:
    try:
        (value or b"").decode()
    except UnicodeDecodeError:
        return False
    return True


@contextlib.contextmanager
def _wrap_write_errors(path: Path, table: str) -> Iterator[None]:
    with wrap_engine_errors(path):
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.DataError, exc.IntegrityError) as error:
            raise StoreUnavailable(
                f"The database {path} does not take the rows of the table {table}: {error}."
            ) from error
