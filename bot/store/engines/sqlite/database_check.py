"""Examine a database file: whose it is, at which revision, and whether it is intact."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.errors import StoreTooNew, StoreUnavailable
from bot.model.timestamps import from_microseconds, to_microseconds
from bot.store.engines.path_names import format_path
from bot.store.engines.sqlite.file_copies import CopyStopped
from bot.store.migrate import list_revisions

#: How a SQLite database begins (https://sqlite.org/fileformat2.html#the_database_header).
SQLITE_HEADER = b"SQLite format 3\0"
#: The name under which a backup records its time, as microseconds since 1970.
BACKUP_TIME_KEY = "backed up at"
#: Tables of every revision, by which our databases are told from others.
_OUR_TABLES = ("alembic_version", "story", "development", "destination", "revision")
#: After how many steps of SQLite's virtual machine the caller is asked whether to go on.
PROGRESS_STEPS = 50_000


@contextlib.contextmanager
def open_connection(
    path: Path, stop: threading.Event | None = None, *, timeout: float = 5.0
) -> Iterator[sqlite3.Connection]:
    """Open a database that exists. A statement that runs when ``stop`` is set fails."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=timeout)
    try:
        if stop is not None:
            connection.set_progress_handler(lambda: int(stop.is_set()), PROGRESS_STEPS)
        yield connection
    finally:
        connection.close()


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether an error says that a file is no database, or a damaged one."""
    return isinstance(error, sqlite3.IntegrityError) or any(
        words in str(error) for words in ("malformed", "not a database", "unsupported file format", "file is encrypted")
    )


def has_tables(connection: sqlite3.Connection) -> bool:
    """Return whether a database has any table."""
    return bool(connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone())


def is_ours(connection: sqlite3.Connection) -> bool:
    """Return whether a database is one of this program's, of whatever revision."""
    names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return names.issuperset(_OUR_TABLES)


def read_revision(connection: sqlite3.Connection, display_path: Path) -> str:
    """Return the revision of one of our databases; ``display_path`` is its name in messages.

    Raises StoreUnavailable for a database of another program, and StoreTooNew for one of a newer version.
    """
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if is_ours(connection) else None
    if row is None:
        raise StoreUnavailable(f"{format_path(display_path)} is not a database of Dealwire.")
    if row[0] not in list_revisions():
        raise StoreTooNew(
            f"{format_path(display_path)} was written by a newer version of Dealwire; update the program."
        )
    return str(row[0])


def check_intact(connection: sqlite3.Connection, display_path: Path, stop: threading.Event) -> None:
    """Raise StoreUnavailable if a database is damaged, or if a row in it refers to a row that is missing."""
    try:
        damage = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as exc:
        if stop.is_set():
            raise CopyStopped from exc
        raise
    if damage != "ok" or orphan is not None:
        raise StoreUnavailable(f"{format_path(display_path)} is damaged.")


def read_backup_time(connection: sqlite3.Connection) -> datetime | None:
    """Return when a backup was made; None if the file does not say, as one that was copied by hand."""
    row = connection.execute("SELECT value FROM revision WHERE noun = ?", (BACKUP_TIME_KEY,)).fetchone()
    return from_microseconds(row[0]) if row else None


def record_backup_time(connection: sqlite3.Connection, at: datetime) -> None:
    """Record in a copy when it was made."""
    # The copy has another name so far, under which no journal must stay behind.
    connection.execute("PRAGMA journal_mode = MEMORY")
    values = (BACKUP_TIME_KEY, to_microseconds(at))
    connection.execute("INSERT OR REPLACE INTO revision (noun, value) VALUES (?, ?)", values)
