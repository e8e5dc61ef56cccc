"""Make a store of an older version out of a present one."""

from __future__ import annotations

import contextlib
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from bot.store.migrate import make_config


def rebuild_at_revision(file: Path, revision: str) -> None:
    """Replace a closed store by one at an older revision that holds the same rows, without the columns and tables added since."""
    older = file.with_name("older.db")
    older.write_bytes(_make_empty_store(revision))
    with contextlib.closing(sqlite3.connect(older)) as rows:
        rows.execute("ATTACH ? AS present", [str(file)])
        with rows:
            for table in _list_tables(rows):
                shared = [
                    name for name in _list_columns(rows, "main", table) if name in _list_columns(rows, "present", table)
                ]
                columns = ", ".join(f'"{name}"' for name in shared)
                rows.execute(f'DELETE FROM main."{table}"')  # noqa: S608 - a table of ours
                rows.execute(f'INSERT INTO main."{table}" ({columns}) SELECT {columns} FROM present."{table}"')  # noqa: S608
    for end in ("-wal", "-shm"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    older.replace(file)


@cache
def _make_empty_store(revision: str) -> bytes:
    """Run the steps to this revision, and return the content of the file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "older.db"
        engine = create_engine(f"sqlite:///{file}")
        with engine.begin() as connection:
            command.upgrade(make_config(connection), revision)
        engine.dispose()
        return file.read_bytes()


def _list_tables(rows: sqlite3.Connection) -> list[str]:
    """Return the tables that both versions have; those that SQLite keeps for a search index are copied in place of it."""
    query = """SELECT name FROM main.sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
               AND name IN (SELECT name FROM present.sqlite_master)
               AND name NOT IN ('alembic_version', 'sqlite_stat1')"""
    return [name for (name,) in rows.execute(query)]


def _list_columns(rows: sqlite3.Connection, schema: str, table: str) -> list[str]:
    return [row[1] for row in rows.execute(f'PRAGMA {schema}.table_info("{table}")')]
