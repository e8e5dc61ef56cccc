"""Building blocks of the tables: times, ids, references, checks; and the metadata that lists all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
    text,
)

from bot.languages import decode_message, encode_message


@lru_cache(maxsize=256)
def _format_utc(value: datetime) -> str:
    # Ten thousand rows that are written at once share one time.
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Instant(TypeDecorator[datetime]):
    """An aware UTC time as ISO 8601 text with microseconds; a naive one is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Format a time for the database."""
        return None if value is None else _format_utc(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Parse a time from the database."""
        return None if value is None else datetime.fromisoformat(value)


class OptionalId(TypeDecorator[int]):
    """One of Discord's ids, or None. The released schema has 0 for none: so compare with 0 in SQL, and never with NULL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int:
        """Return what the database stores."""
        return value or 0

    def process_result_value(self, value: Any, dialect: Dialect) -> int | None:
        """Return the id."""
        return value or None


class MessageText(TypeDecorator[str]):
    """A reason: a message stored as JSON with its values, so that it can be shown in the reader's language."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encode it."""
        return None if value is None else encode_message(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """Decode it."""
        return None if value is None else decode_message(value)


#: An id that the engine assigns. SQLite assigns ids only in a column of exactly its type
#: (https://sqlite.org/lang_createtable.html#rowid).
BIG_ID = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def enum_check(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """Return a constraint: a column holds one of the values of an enum."""
    values = ", ".join(f"'{word.value}'" for word in enum)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def one_reference_check(name: str, *columns: str) -> CheckConstraint:
    """Return a constraint: exactly one of these references is set."""
    count = " + ".join(f"CASE WHEN {column} IS NULL THEN 0 ELSE 1 END" for column in columns)
    return CheckConstraint(f"{count} = 1", name=name)


def partial_date_check(column: str) -> CheckConstraint:
    """Return a constraint: a column holds a year, a month or a day, or one of them after ``by``."""
    return CheckConstraint(f"length(replace({column}, 'by ', '')) IN (4, 7, 10)", name=column)


def partial_index(name: str, where: str, *columns: str, unique: bool = False) -> Index:
    """Build an index of the rows that meet a condition.

    Statements must repeat the condition literally to use the index.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def id_column() -> Column[int]:
    """Build the primary key, which the engine assigns."""
    return Column("id", BIG_ID, primary_key=True)


def reference_column(column: str, target: str, *, nullable: bool = False, index: bool = True) -> Column[int]:
    """Build a reference to the id of another table's row. Deleting that row deletes the referring row too."""
    foreign_key = ForeignKey(f"{target}.id", ondelete="CASCADE")
    return Column(column, BIG_ID, foreign_key, nullable=nullable, index=index)
