"""What all tables are made of: times, numbers, references, checks; and the list of all of them."""

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


@lru_cache(maxsize=256)
def _written(value: datetime) -> str:
    # Ten thousand rows that are written at once have one time.
    if value.tzinfo is None:
        raise ValueError("a time needs its zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Instant(TypeDecorator[datetime]):
    """An aware UTC time as ISO 8601 text with microseconds; a naive one is refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """Write it."""
        return None if value is None else _written(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read it."""
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """The column holds one of the values of an enum."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def partial_date(column: str) -> CheckConstraint:
    """The column holds a year, a month or a day."""
    return CheckConstraint(f"length({column}) IN (4, 7, 10)", name=column)


def index_where(name: str, where: str, *columns: str) -> Index:
    """An index of some rows only. A statement that is to use it says the condition in just these words."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def own_id() -> Column[int]:
    """The number of a row."""
    # SQLite numbers rows by itself only in a column of exactly this type.
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def refers(column: str, target: str, *, nullable: bool = False, index: bool = True) -> Column[int]:
    """The number of a row of another table, with which this one goes."""
    reference = ForeignKey(f"{target}.id", ondelete="CASCADE")
    return Column(column, BigInteger().with_variant(Integer, "sqlite"), reference, nullable=nullable, index=index)
