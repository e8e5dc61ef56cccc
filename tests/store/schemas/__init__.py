"""Stores of older schema revisions as SQL text, each written by the program of its time.

``NNNN.sql`` is a store at the revision NNNN: the schema and the rows as the program of that revision wrote them while it ran
against the local Discord (:mod:`tests.store.schemas.writing`). ``tests/store/test_upgrades.py`` upgrades each of them.
A migration must keep every such store readable, so a file is never edited, and never made again by a later program.

Whoever adds a migration adds the file of the revision before it, if it is not here yet: check out the last commit without
the migration into a folder, and let its program write the store::

    git worktree add ../before <commit>
    python -m tests.store.schemas ../before

Without a folder, the program of this checkout writes it. An older program may need a library that is no longer among our
dependencies; put it into its folder.

No program ended at the revision 0005: ``0005.sql`` is the store of 0004 as an upgrade to 0006 leaves it when it is killed after
its first step, and ``0033.sql`` that of 0032 after the first step to 0034. Revision 0004 has feeds and no program that reads
them yet.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent


def list_revisions() -> list[str]:
    """Return the revisions that have a file, oldest first."""
    return sorted(path.stem for path in FOLDER.glob("[0-9]*.sql"))


def load_store(revision: str, file: Path) -> None:
    """Create the store of this revision at the path."""
    with contextlib.closing(sqlite3.connect(file)) as rows:
        rows.executescript((FOLDER / f"{revision}.sql").read_text(encoding="utf-8"))
    file.chmod(0o600)


def dump_store(file: Path) -> Iterator[str]:
    """Yield the statements that create a closed store again: tables and indexes first, then the rows.

    The tables that SQLite keeps for a full-text index are written row by row, as they are in the file: creating the index
    creates them with rows of an empty index, which are replaced.
    """
    with contextlib.closing(sqlite3.connect(file)) as rows:
        tables = rows.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        ).fetchall()
        searched = [name for name, sql in tables if sql.startswith("CREATE VIRTUAL TABLE")]
        yield "BEGIN;"
        for name, sql in tables:
            if name in searched or not _is_shadow(name, searched):
                yield f"{sql};"
        for name, sql in tables:
            if name not in searched and not sql.startswith("CREATE VIRTUAL TABLE"):
                if _is_shadow(name, searched):
                    yield f'DELETE FROM "{name}";'  # noqa: S608 - ours
                yield from _dump_rows(rows, name)
        for (sql,) in rows.execute(
            "SELECT sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql NOT NULL ORDER BY rowid"
        ):
            yield f"{sql};"
        if rows.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").fetchone():
            yield "DELETE FROM sqlite_sequence;"
            yield from _dump_rows(rows, "sqlite_sequence")
        yield "COMMIT;"


def _is_shadow(name: str, searched: list[str]) -> bool:
    return any(name.startswith(f"{each}_") for each in searched)


def _dump_rows(rows: sqlite3.Connection, table: str) -> Iterator[str]:
    columns = [row[1] for row in rows.execute(f'PRAGMA table_info("{table}")')]
    values = " || ',' || ".join(f'quote("{column}")' for column in columns)
    order = "" if table == "sqlite_sequence" else " ORDER BY " + ", ".join(map(str, range(1, len(columns) + 1)))
    names = ", ".join(f'"{column}"' for column in columns)
    # A line break in a text must not be taken for one between statements by whoever reads a difference.
    for (text,) in rows.execute(f'SELECT {values} FROM (SELECT {names} FROM "{table}"{order})'):  # noqa: S608 - ours
        yield f'INSERT INTO "{table}" VALUES({text});'
