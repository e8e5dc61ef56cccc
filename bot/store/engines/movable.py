"""What a move between two databases asks of their engines: all rows of a table, while nobody else writes any."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import Enum, auto
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Connection, Double, Integer, LargeBinary, MetaData, Table, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from bot.errors import StoreUnavailable
from bot.store.fulltext.fulltext import FullText

#: The values of a row in the order of the table's columns, as the database stores them: int, float, str, bytes or None.
RawRow: TypeAlias = tuple[Any, ...]
#: How many rows are in memory at a time.
ROWS_AT_ONCE = 1_000


class ValueKind(Enum):
    """What a column holds, apart from NULL."""

    TEXT = auto()
    INTEGER = auto()
    BIG_INTEGER = auto()
    FLOAT = auto()
    BYTES = auto()


class StoredTables(ABC):
    """The tables of one database in one transaction, for one thread.

    All methods raise StoreError if the database cannot be used.
    """

    @abstractmethod
    def count_rows(self, table: Table) -> int:
        """Count the rows of a table."""

    @abstractmethod
    def open_rows(self, table: Table) -> AbstractContextManager[Iterator[Sequence[RawRow]]]:
        """Provide the rows of a table in batches, in the order of its primary key. They need not be read to their end."""

    @abstractmethod
    def read_last_ids(self) -> dict[str, int]:
        """Return the highest id that was ever used in each table whose ids are never used twice, by the table's name."""


class WritableTables(StoredTables):
    """The empty tables of one database, in a transaction that :meth:`commit` ends.

    Attributes:
        connection: its connection.
        fulltext_type: the full-text index of its engine.
    """

    connection: Connection
    fulltext_type: type[FullText]

    @abstractmethod
    def write_rows(self, table: Table, batches: Iterable[Sequence[RawRow]]) -> None:
        """Write all rows of a table. Raises StoreUnavailable if the database does not take them."""

    @abstractmethod
    def find_fault(self, table: Table, row: RawRow) -> tuple[str, str] | None:
        """Return the column of a row whose value the database cannot hold, and what it is; None if it can hold the row."""

    @abstractmethod
    def set_last_ids(self, last_ids: Mapping[str, int]) -> None:
        """Let ids begin after these, and after those in the tables."""

    @abstractmethod
    def commit(self) -> None:
        """Check that every reference leads to a row, and keep what was written."""


class MovableDatabase(ABC):
    """A database on which no bot can start until it is closed. Its methods raise StoreError if it cannot be used."""

    @abstractmethod
    def check_source(self) -> None:
        """Raise StoreError unless its tables are those of this version, and may be moved."""

    @abstractmethod
    def find_filled_table(self) -> str:
        """Return the name of a table with rows, of whatever program and version; empty if there is none."""

    @abstractmethod
    def open_source(self) -> AbstractContextManager[StoredTables]:
        """See one state of the database, and keep all others from writing to it."""

    @abstractmethod
    def open_target(self) -> AbstractContextManager[WritableTables]:
        """Begin to fill the database, which nobody else can use meanwhile. Without a commit it stays as it is."""


def check_source_revision(*, is_older: bool, name: str) -> None:
    """Raise StoreUnavailable if a database has the tables of an older version. A move would have to change it first."""
    if is_older:
        raise StoreUnavailable(
            f"The database {name} has the tables of an older version; upgrade them with `dealwire check`, then move it."
        )


def get_value_kind(column_type: TypeEngine[Any]) -> ValueKind:
    """Return what a column of a type holds."""
    match column_type.impl_instance if isinstance(column_type, TypeDecorator) else column_type:
        case Text():
            return ValueKind.TEXT
        case BigInteger():
            return ValueKind.BIG_INTEGER
        case Integer():
            return ValueKind.INTEGER
        case Double():
            return ValueKind.FLOAT
        case LargeBinary():
            return ValueKind.BYTES
        case other:
            raise TypeError(f"a move knows nothing of columns of the type {other!r}")


def list_numbered_tables(metadata: MetaData) -> list[Table]:
    """Return the tables whose ids are never used twice, since old messages refer to them."""
    return [table for table in metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]]


def quote_columns(table: Table) -> str:
    """Return the names of a table's columns for a statement."""
    return ", ".join(f'"{column.name}"' for column in table.columns)


def build_select(table: Table) -> str:
    """Return the statement that selects all rows in the order of the primary key."""
    keys = ", ".join(f'"{column.name}"' for column in table.primary_key.columns)
    return f'SELECT {quote_columns(table)} FROM "{table.name}" ORDER BY {keys}'  # noqa: S608 - a table of ours
