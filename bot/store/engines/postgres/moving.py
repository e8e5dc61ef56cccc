"""Move a PostgreSQL database to another place, or another one into it: by COPY, in one transaction.

https://www.postgresql.org/docs/current/sql-copy.html
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, create_engine, inspect
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from bot.errors import StoreBusy, StoreUnavailable
from bot.model.findings import has_problem
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
from bot.store.engines.postgres.connections import build_connection_arguments, build_connection_info
from bot.store.engines.postgres.errors import get_reason, to_store_error, wrap_errors
from bot.store.engines.postgres.locks import ALL_SHARDS_LOCK, DESK_LOCK, NAMESPACE, SAME_DATABASE, SCHEMA_LOCK
from bot.store.engines.postgres.restored_dump import check_no_dump
from bot.store.engines.postgres.sequences import read_last_id, set_sequences
from bot.store.engines.postgres.server_check import check_server
from bot.store.fulltext.tsvector import TsvectorFullText
from bot.store.migrate import is_upgrade_pending
from bot.store.tables import metadata

#: How long another program that uses a table is waited for, in seconds.
LOCK_SECONDS = 5.0
#: A move may take hours, and one side waits while the other works.
_REMOVE_LIMITS = (
    "SET statement_timeout = 0",
    "SET idle_in_transaction_session_timeout = 0",
    "SET idle_session_timeout = 0",
)
_TYPE_NAMES = {
    ValueKind.TEXT: "text",
    ValueKind.INTEGER: "int4",
    ValueKind.BIG_INTEGER: "int8",
    ValueKind.FLOAT: "float8",
    ValueKind.BYTES: "bytea",
}
_BITS = {ValueKind.INTEGER: 31, ValueKind.BIG_INTEGER: 63}


class PostgresTables(StoredTables):
    """The tables of a database in one transaction."""

    def __init__(self, connection: psycopg.Connection, name: str) -> None:
        self._raw = connection
        self._name = name

    def count_rows(self, table: Table) -> int:
        """Count the rows of a table."""
        with wrap_errors(self._name):
            return _select_integer(self._raw, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name)))

    @contextlib.contextmanager
    def open_rows(self, table: Table) -> Iterator[Iterator[Sequence[RawRow]]]:
        """Provide the rows of a table in batches, as COPY sends them."""
        statement = f"COPY ({build_select(table)}) TO STDOUT (FORMAT binary)"
        with contextlib.ExitStack() as stack:
            with wrap_errors(self._name):
                copy = stack.enter_context(stack.enter_context(self._raw.cursor()).copy(statement.encode()))
            copy.set_types(_list_type_names(table))
            yield self._fetch(copy.rows())

    def _fetch(self, rows: Iterator[RawRow]) -> Iterator[Sequence[RawRow]]:
        while True:
            with wrap_errors(self._name):
                batch = list(islice(rows, ROWS_AT_ONCE))
            if not batch:
                return
            yield batch

    def read_last_ids(self) -> dict[str, int]:
        """Return the last ids that the sequences gave out."""
        last_ids = {}
        with wrap_errors(self._name):
            for table in list_numbered_tables(metadata):
                last_ids[table.name] = read_last_id(self._raw, table)
        return last_ids


class WritablePostgresTables(PostgresTables, WritableTables):
    """The empty tables of a database, in a transaction that writes them."""

    fulltext_type = TsvectorFullText

    def __init__(self, connection: Connection, name: str) -> None:
        self.connection = connection
        super().__init__(get_driver_connection(connection), name)

    def write_rows(self, table: Table, batches: Iterable[Sequence[RawRow]]) -> None:
        """Copy all rows of a table in one statement, after which the server checks their references."""
        statement = f'COPY "{table.name}" ({quote_columns(table)}) FROM STDIN (FORMAT binary)'
        with self._wrap_write_errors(table), self._raw.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            copy.set_types(_list_type_names(table))
            for rows in batches:
                for row in rows:
                    copy.write_row(row)

    def find_fault(self, table: Table, row: RawRow) -> tuple[str, str] | None:
        """Return the column of a text with a NUL character, or of a value of another type than the column's."""
        for column, value in zip(table.columns, row, strict=True):
            fault = _find_value_fault(get_value_kind(column.type), value)
            if fault:
                return column.name, fault
        return None

    def set_last_ids(self, last_ids: Mapping[str, int]) -> None:
        """Set all sequences."""
        with wrap_errors(self._name):
            set_sequences(self._raw, last_ids)

    def commit(self) -> None:
        """Let the planner know the tables, and commit."""
        with wrap_errors(self._name):
            self._raw.execute(f"ANALYZE {_list_table_names()}, story_search".encode())
            self.connection.commit()

    @contextlib.contextmanager
    def _wrap_write_errors(self, table: Table) -> Iterator[None]:
        with wrap_errors(self._name):
            try:
                yield
            except (psycopg.Error, ValueError, TypeError, ArithmeticError) as error:
                raise to_store_error(self._name, error) or StoreUnavailable(
                    f"The database {self._name} does not take the rows of the table {table.name}: {get_reason(error)}."
                ) from error


class MovablePostgres(MovableDatabase):
    """A database whose bot lock is held by a connection of its own."""

    def __init__(self, url: URL, name: str, lock: psycopg.Connection) -> None:
        self._url = url
        self._name = name
        self._lock = lock

    def check_source(self) -> None:
        """Raise StoreError unless the tables are those of this version, and no dump that must be prepared first."""
        with self._begin() as connection, wrap_errors(self._name):
            is_older = is_upgrade_pending(connection, self._name, create=False)
            check_source_revision(is_older=is_older, name=self._name)
            check_no_dump(get_driver_connection(connection), self._name)

    def find_filled_table(self) -> str:
        """Return the name of a table with rows, of whatever program and version; empty if there is none."""
        with self._begin() as connection, wrap_errors(self._name):
            raw = get_driver_connection(connection)
            for name in inspect(connection).get_table_names():
                statement = sql.SQL("SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 1) AS first_row")
                if name != "alembic_version" and _select_integer(raw, statement.format(sql.Identifier(name))):
                    return name
        return ""

    @contextlib.contextmanager
    def open_source(self) -> Iterator[PostgresTables]:
        """Begin a transaction that reads. Its state is that of the moment from which on nobody else can write."""
        with self._begin("REPEATABLE READ") as connection:
            raw = get_driver_connection(connection)
            with wrap_errors(self._name):
                _lock_tables(raw, "SHARE")
            yield PostgresTables(raw, self._name)
            self._check_lock()

    @contextlib.contextmanager
    def open_target(self) -> Iterator[WritablePostgresTables]:
        """Begin a transaction that writes. Others can read the tables meanwhile, which are empty until its end."""
        with self._begin("READ COMMITTED") as connection:
            raw = get_driver_connection(connection)
            with wrap_errors(self._name):
                for key in (SCHEMA_LOCK, DESK_LOCK):
                    raw.execute("SELECT pg_advisory_xact_lock(%s, %s)", (NAMESPACE, key))
                _lock_tables(raw, "EXCLUSIVE")
            yield WritablePostgresTables(connection, self._name)
            self._check_lock()

    @contextlib.contextmanager
    def _begin(self, isolation: str = "READ COMMITTED") -> Iterator[Connection]:
        engine = create_engine(
            self._url,
            poolclass=NullPool,
            isolation_level=isolation,
            connect_args=build_connection_arguments(busy_seconds=LOCK_SECONDS, read_only=False),
        )
        with contextlib.ExitStack() as stack:
            with wrap_errors(self._name):
                connection = stack.enter_context(engine.connect())
                connection.begin()
                for statement in _REMOVE_LIMITS:
                    connection.exec_driver_sql(statement)
            yield connection

    def _check_lock(self) -> None:
        """Raise StoreUnavailable if the lock was lost with its connection."""
        with wrap_errors(self._name):
            self._lock.execute("SELECT 1")


@contextlib.contextmanager
def open_move(url: URL, name: str) -> Iterator[MovablePostgres]:
    """Hold the lock of a database's bot. Raises StoreBusy if a bot is running on it, StoreUnavailable if the server is unfit."""
    for finding in check_server(url, name):
        if has_problem([finding]):
            raise StoreUnavailable(finding.text)
    with hold_bot_lock(
        url, name, f"A bot is running on {name}, or another move; stop it before you move the database."
    ) as lock:
        yield MovablePostgres(url, name, lock)


@contextlib.contextmanager
def hold_bot_lock(url: URL, name: str, message: str) -> Iterator[psycopg.Connection]:
    """Hold the lock of a database's bot on a connection, which is provided. Raises StoreBusy with the message."""
    with contextlib.ExitStack() as stack:
        with wrap_errors(name):
            info = build_connection_info(url, busy_seconds=LOCK_SECONDS, read_only=False)
            connection = stack.enter_context(psycopg.connect(info, autocommit=True))
            for statement in _REMOVE_LIMITS:
                connection.execute(statement.encode())
            row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (NAMESPACE, ALL_SHARDS_LOCK)).fetchone()
        if not row or not row[0]:
            raise StoreBusy(message)
        yield connection


def is_same_database(urls: Sequence[URL], names: Sequence[str]) -> bool:
    """Return whether two URLs lead to one database, however they are written: whether they share a lock."""
    key = secrets.randbelow(2**31)
    with contextlib.ExitStack() as stack:
        for url, name in zip(urls, names, strict=True):
            with wrap_errors(name):
                info = build_connection_info(url, busy_seconds=LOCK_SECONDS, read_only=True)
                connection = stack.enter_context(psycopg.connect(info, autocommit=True))
                row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", (SAME_DATABASE, key)).fetchone()
    return not row or not row[0]


def get_driver_connection(connection: Connection) -> psycopg.Connection:
    """Return psycopg's own connection, whose transaction is the same."""
    return cast("psycopg.Connection", connection.connection.driver_connection)


def _select_integer(connection: psycopg.Connection, statement: sql.Composed) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _lock_tables(connection: psycopg.Connection, mode: str) -> None:
    """Lock all tables; this waits for whoever writes to them, and sees no state of them yet."""
    connection.execute(f"LOCK TABLE {_list_table_names()} IN {mode} MODE".encode())


def _list_table_names() -> str:
    return ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)


def _list_type_names(table: Table) -> list[str]:
    return [_TYPE_NAMES[get_value_kind(column.type)] for column in table.columns]


def _find_value_fault(kind: ValueKind, value: object) -> str:
    """Return what is wrong with a value, as the end of "the column … holds"; empty if nothing is."""
    if value is None:
        return ""
    if kind in _BITS:
        is_fit = isinstance(value, int) and -(2 ** _BITS[kind]) <= value < 2 ** _BITS[kind]
        return "" if is_fit else f"no integer of {_BITS[kind] + 1} bits"
    if kind is ValueKind.TEXT:
        if not isinstance(value, str):
            return "no text"
        return "a NUL character" if "\0" in value else ""
    if kind is ValueKind.FLOAT:
        return "" if isinstance(value, int | float) else "no number"
    return "" if isinstance(value, bytes) else "no bytes"
