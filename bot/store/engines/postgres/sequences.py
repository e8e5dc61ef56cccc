"""The sequences that give out ids (https://www.postgresql.org/docs/current/functions-sequence.html)."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from sqlalchemy import Table

from bot.store.tables import metadata


def read_last_id(connection: psycopg.Connection, table: Table) -> int:
    """Return the last id that was given out for a table; 0 if none was."""
    sequence = _find_sequence(connection, table)
    row = connection.execute(
        f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}".encode()  # noqa: S608 - quoted by the server
    ).fetchone()
    return int(row[0]) if row else 0


def set_sequences(connection: psycopg.Connection, last_ids: Mapping[str, int]) -> None:
    """Let the ids of all tables begin after the given ones, by the table's name, and after those that are in the table."""
    for table in list_tables_with_sequences():
        row = connection.execute(f'SELECT max(id) FROM "{table.name}"'.encode()).fetchone()  # noqa: S608 - a table of ours
        last_id = max(last_ids.get(table.name, 0), (row and row[0]) or 0)
        if last_id:
            connection.execute("SELECT setval(%s::regclass, %s)", (_find_sequence(connection, table), last_id))


def list_tables_with_sequences() -> list[Table]:
    """Return the tables whose ids the server gives out."""
    return [table for table in metadata.sorted_tables if table.autoincrement_column is not None]


def _find_sequence(connection: psycopg.Connection, table: Table) -> str:
    """Return the name of the sequence of a table's ids, quoted for a statement."""
    row = connection.execute("SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table.name}"',)).fetchone()
    return str(row[0]) if row else ""
