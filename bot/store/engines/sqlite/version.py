"""Whether the SQLite that Python was built with can be used."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cache

#: ``RETURNING`` and ``DROP COLUMN`` came with it (https://sqlite.org/releaselog/3_35_0.html).
MINIMUM_VERSION = (3, 35, 0)
#: From here on a checkpoint that meets a commit damages nothing (https://sqlite.org/wal.html#walresetbug). Our lock file
#: prevents that in older ones, between our own programs.
WAL_RESET_FIXED = (3, 51, 3)


@dataclass(frozen=True, slots=True)
class SqliteBuild:
    """A version of SQLite, and whether it was built with full-text search (FTS5) and JSON."""

    version: tuple[int, int, int]
    has_fts5: bool = True
    has_json: bool = True

    @property
    def name(self) -> str:
        """Return the version as SQLite writes it."""
        return ".".join(map(str, self.version))

    @property
    def can_be_damaged_by_others(self) -> bool:
        """Return whether another program, without our lock, can damage a database that is in use."""
        return self.version < WAL_RESET_FIXED

    def find_fault(self) -> str:
        """Return why it cannot be used, and what to do; empty if it can."""
        if self.version < MINIMUM_VERSION:
            minimum = ".".join(map(str, MINIMUM_VERSION))
            return f"Python uses SQLite {self.name}, and Dealwire needs {minimum} or newer: {_HOW_TO_UPDATE}"
        missing = [name for name, is_there in (("FTS5", self.has_fts5), ("JSON", self.has_json)) if not is_there]
        if missing:
            return f"Python's SQLite {self.name} was built without {' and '.join(missing)}: {_HOW_TO_UPDATE}"
        return ""


_HOW_TO_UPDATE = (
    "update the system's SQLite, or use a Python that brings its own, such as one installed by `uv python install`."
)


@cache
def get_sqlite_build() -> SqliteBuild:
    """Return the build that this process uses."""
    memory = sqlite3.connect(":memory:")
    try:
        return SqliteBuild(
            sqlite3.sqlite_version_info[:3],
            has_fts5=_can_run(memory, "CREATE VIRTUAL TABLE trial USING fts5(text)"),
            has_json=_can_run(memory, "SELECT value FROM json_each('[1]')"),
        )
    finally:
        memory.close()


def _can_run(connection: sqlite3.Connection, statement: str) -> bool:
    try:
        connection.execute(statement).fetchall()
    except sqlite3.Error:
        return False
    return True
