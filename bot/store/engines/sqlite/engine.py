"""SQLite as an engine of the store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from bot.clock import Clock
from bot.errors import StoreUnavailable
from bot.model.findings import Finding
from bot.store.engines.engine import Backup, CopyProgress, Engine
from bot.store.engines.sqlite.backup import back_up
from bot.store.engines.sqlite.database import SqliteDatabase
from bot.store.engines.sqlite.database_files import DatabaseFiles, parse_sqlite_url
from bot.store.engines.sqlite.moving import MovableSqlite, open_move
from bot.store.engines.sqlite.network_mounts import explain_network_mount, find_network_mount
from bot.store.engines.sqlite.restore import Restoration, open_restoration
from bot.store.engines.sqlite.version import SqliteBuild, get_sqlite_build


class SqliteEngine(Engine):
    """The engine of one SQLite file. Raises SettingsError for any other URL."""

    def __init__(self, url: str) -> None:
        self.path = parse_sqlite_url(url)
        super().__init__(str(self.path), self.path)

    def create_database(self, *, busy_seconds: float = 5.0, create: bool = True) -> SqliteDatabase:
        """Return the database of the file."""
        return SqliteDatabase(self.path, busy_seconds=busy_seconds, create=create)

    def check_program(self) -> Iterator[Finding]:
        """Yield whether Python's SQLite can be used."""
        return check_sqlite(get_sqlite_build())

    def find_place_fault(self) -> str:
        """Return why the file should not stay on its file system; empty if nothing is known against it."""
        mount = find_network_mount(self.path)
        return explain_network_mount(self.path, mount) if mount else ""

    def back_up(self, target: Path, clock: Clock, stop: threading.Event, report: CopyProgress) -> Backup:
        """Copy the file."""
        return back_up(DatabaseFiles(self.path), target, clock, stop, report)

    def open_restoration(self, backup: Path | None) -> AbstractContextManager[Restoration]:
        """Begin to put a backup in the place of the file."""
        if backup is None:
            raise StoreUnavailable("Give the file to restore, as `dealwire backup` wrote it.")
        return open_restoration(self.path, backup)

    def is_same_database(self, other: Engine) -> bool:
        """Return whether another file is this one, or one that belongs to it."""
        if not isinstance(other, SqliteEngine):
            return False
        return DatabaseFiles(self.path).owns(other.path) or DatabaseFiles(other.path).owns(self.path)

    def open_move(self, *, create: bool) -> AbstractContextManager[MovableSqlite]:
        """Hold the lock of the file's bot."""
        return open_move(self.path, create=create)


def check_sqlite(build: SqliteBuild) -> Iterator[Finding]:
    """Yield whether a build of SQLite can be used."""
    fault = build.find_fault()
    if fault:
        yield Finding.problem(fault)
    elif build.can_be_damaged_by_others:
        yield Finding.ok(
            f"SQLite {build.name} can be used. While the bot runs, let no other program write to its database:"
            " before 3.51.3 that could damage it. Dealwire's own commands are safe."
        )
    else:
        yield Finding.ok(f"SQLite {build.name} can be used.")
