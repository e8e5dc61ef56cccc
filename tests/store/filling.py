"""Rows for every table, made from the definitions of the tables: one that is added later gets rows too."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, Column, Integer, Table, create_engine, insert

from bot.store.engines.movable import ValueKind, get_value_kind
from bot.store.tables import Instant, metadata

#: Rows of each table. Their ids have gaps.
ROWS = 3
_STEP = 7
_TEXTS = ("", "tab\t, line\n, \\N \\. and 'quotes'\"", "漢字 é 😀 \u2028\x7f")
_FLOATS = (0.1, -1.5e-308, 12345678901234567890.0)
_NOTICES = ("development_id", "cluster_id", "expected_event_id")


def fill_all_tables(file: Path) -> None:
    """Insert rows into every table of an empty store that nobody has open."""
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            connection.execute(insert(table), [build_row(table, number) for number in range(ROWS)])
        # SQLite does not check references here unless it is told to.
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    engine.dispose()


def build_row(table: Table, number: int) -> dict[str, Any]:
    """Build the row with this number of a table; its references lead to rows with the same number."""
    row = {column.name: _build_value(table, column, number) for column in table.columns}
    # What several columns must have in common.
    if table.name == "story":
        row["is_deal"] = 1
    if table.name == "delivery":
        row.update({name: row[name] if name == _NOTICES[number] else None for name in _NOTICES})
    if table.name == "failure":
        row["review_id" if number else "article_id"] = None
    return row


def _build_value(table: Table, column: Column[Any], number: int) -> Any:
    references = list(column.foreign_keys)
    if references:
        # Of the table itself: the first row refers to the last, which is inserted later.
        is_own = references[0].column.table is table
        return _id_of(ROWS - 1 - number if is_own else number)
    if column.primary_key and isinstance(column.type, Integer):
        return _id_of(number)
    checks = [str(check.sqltext) for check in table.constraints if isinstance(check, CheckConstraint)]
    for check in checks:
        choices = re.fullmatch(rf"{column.name} IN \((.*)\)", check)
        if choices:
            values = re.findall("'([^']*)'", choices[1])
            return values[number % len(values)]
        if f"replace({column.name}, 'by '" in check:
            return ("2025", "by 2025-08", "2025-08-16")[number]
    return _build_plain_value(table, column, number)


def _build_plain_value(table: Table, column: Column[Any], number: int) -> Any:
    if column.nullable and number == 1:
        return None
    if isinstance(column.type, Instant):
        return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=number, microseconds=number)
    match get_value_kind(column.type):
        case ValueKind.BYTES:
            return bytes(range(256)) * number
        case ValueKind.FLOAT:
            return _FLOATS[number]
        case ValueKind.TEXT:
            return f"{table.name} {column.name} {number}{_TEXTS[number]}"
        case ValueKind.BIG_INTEGER:
            return number * 10**18
        case _:
            return number


def _id_of(number: int) -> int:
    return (number + 1) * _STEP
