"""Put a backup in the place of a SQLite database, so that a kill at any moment leaves the old store or the new one, whole.

The backup is copied into a temporary folder beside the database, where it is checked and changed. The database is made one
file without a log, and a copy of it is kept. Then one rename replaces it. So no log is ever beside a database that it does
not belong to (https://sqlite.org/howtocorrupt.html, section 1.4), and a temporary folder that a kill leaves is removed by
the next restore.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.errors import StoreBusy, StoreUnavailable
from bot.store.engines.engine import SKIPPED_IDS, CopyProgress
from bot.store.engines.path_names import format_path
from bot.store.engines.sqlite.backup import find_free_name
from bot.store.engines.sqlite.database import SqliteDatabase
from bot.store.engines.sqlite.database_check import (
    BACKUP_TIME_KEY,
    SQLITE_HEADER,
    check_intact,
    has_tables,
    is_damage,
    is_ours,
    open_connection,
    read_backup_time,
    read_revision,
)
from bot.store.engines.sqlite.database_files import DatabaseFiles, make_private_folder
from bot.store.engines.sqlite.file_copies import CopyStopped, check_room, copy_file, sync, to_megabytes
from bot.store.engines.sqlite.file_locks import acquire_lock

#: How long another program that uses the database is waited for, in seconds.
LOCK_SECONDS = 5.0


class Restoration:
    """A restore that has begun: nobody else uses the database. ``copy`` is where the copy of the backup is."""

    def __init__(self, files: DatabaseFiles, backup: Path, folder: Path) -> None:
        self._files = files
        self._backup = backup
        self._folder = folder
        self.copy = folder / "restored.db"

    def copy_backup(self, stop: threading.Event, report: CopyProgress) -> tuple[str, datetime | None]:
        """Copy the backup and check the copy; return its revision, and when the backup was made, if it says so.

        Raises StoreUnavailable if it is damaged or not one of our databases, and StoreTooNew. The backup stays as it is.
        """
        with _wrap_errors(self._backup, self._files.display_path, stop):
            # A copied folder has the log of a database whose bot was killed.
            with _hold_lock_of(self._backup):
                # A log has the name of the real file, and the given name may be a link to that.
                backup = DatabaseFiles(self._backup)
                parts = [path for path in (backup.path, *backup.logs) if path.exists()]
                self._check_room(sum(path.stat().st_size for path in parts))
                total, completed = sum(path.stat().st_size for path in parts), 0

                def advance(size: int) -> None:
                    nonlocal completed
                    completed += size
                    report(to_megabytes(completed), to_megabytes(total))

                for path in parts:
                    name = self.copy.name + path.name.removeprefix(backup.path.name)
                    copy_file(path, self._folder / name, stop, advance)
            with open_connection(self.copy, stop) as connection:
                revision = read_revision(connection, self._backup)
                check_intact(connection, self._backup, stop)
                made_at = read_backup_time(connection)
                connection.execute("DELETE FROM revision WHERE noun = ?", (BACKUP_TIME_KEY,))
        return revision, made_at

    def open_copy(self) -> SqliteDatabase:
        """Return the database of the copy, to be opened."""
        return SqliteDatabase(self.copy, create=False)

    def replace_database(self, now: datetime) -> Path | None:
        """Put the copy in the place of the database; return where the former database is kept, None if there was none.

        A damaged database is kept as it is, with its log. Raises StoreBusy if another program has it open.
        """
        files, stop = self._files, threading.Event()
        with _wrap_errors(self._backup, files.display_path, stop):
            with open_connection(self.copy) as connection:
                _skip_ids(connection)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            _copy_owner(files.path, self.copy)
            sync(self.copy)
            former = self._keep_former(now)
            for path in files.companions:
                if path not in (files.lock, files.bot_lock):
                    path.unlink(missing_ok=True)
            sync(files.path.parent)
            os.replace(self.copy, files.path)  # noqa: PTH105 - the atomic one
            sync(files.path.parent)
        return former

    def _keep_former(self, now: datetime) -> Path | None:
        """Keep a copy of the database beside it, with its log moved into it; return the copy. A damaged one keeps its log.

        After that, a database that is not damaged has no log any more.
        """
        files = self._files
        parts = {
            path: path.name.removeprefix(files.path.name) for path in (*files.logs, files.path) if _has_content(path)
        }
        former = self._folder / "former.db"
        _copy_parts(parts, former)
        if files.path in parts:
            # The copy shows whether it is damaged: to open a damaged database may change it.
            if _move_log_into(former, files.display_path):
                _move_log_into(files.path, files.display_path)
                parts = {files.path: ""}
            else:
                # Opening the copy may have changed it.
                _copy_parts(parts, former)
            sync(former)
        target = find_free_name(files.path, "before-restore", now)
        for suffix in parts.values():
            os.replace(former.with_name(former.name + suffix), target.with_name(target.name + suffix))  # noqa: PTH105 - the atomic one
        sync(files.path.parent)
        return target if parts else None

    def _check_room(self, backup_size: int) -> None:
        paths = [path for path in (self._files.path, *self._files.logs) if path.exists()]
        size = backup_size + sum(path.stat().st_size for path in paths)
        check_room(self._files.path.parent, size, "the restore")


@contextlib.contextmanager
def open_restoration(database: Path, backup: Path) -> Iterator[Restoration]:
    """Begin to restore a backup, and remove what is temporary in the end.

    Raises StoreBusy if a bot runs on the database or another program writes to it, and StoreUnavailable if one of the
    two files cannot be used.
    """
    stop = threading.Event()
    with _wrap_errors(backup, database, stop):
        files = DatabaseFiles(database)
        _check_backup(files, backup)
        _check_database(files)
        make_private_folder(files.path.parent)
    had_files = any(path.exists() for path in (files.path, *files.companions))
    with contextlib.ExitStack() as stack:
        if not had_files:
            stack.callback(_remove_locks, files)
        with _wrap_errors(backup, database, stop):
            acquire_lock(
                stack,
                files.bot_lock,
                0.0,
                f"A bot is running on {database}, or another restore; stop it before you restore a backup.",
            )
            acquire_lock(
                stack, files.lock, LOCK_SECONDS, f"The database {database} is in use by another program; try again."
            )
            for lock in (files.bot_lock, files.lock):
                _copy_owner(files.path, lock)
            folder = _make_folder(files)
        try:
            yield Restoration(files, backup, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _check_backup(files: DatabaseFiles, backup: Path) -> None:
    if not backup.exists():
        raise StoreUnavailable(f"There is no file {format_path(backup)}.")
    if backup.is_dir():
        raise StoreUnavailable(f"{format_path(backup)} is a folder; give the file that `dealwire backup` wrote.")
    if files.owns(backup):
        raise StoreUnavailable(
            f"{format_path(backup)} is a file of the database itself; give the file that `dealwire backup` wrote."
        )
    if not backup.is_file():
        # Merely opening a named pipe would wait for ever.
        raise StoreUnavailable(f"{format_path(backup)} is not a regular file.")
    try:
        with backup.open("rb") as file:
            header = file.read(len(SQLITE_HEADER))
    except OSError as exc:
        raise StoreUnavailable(f"{format_path(backup)} can't be read: {exc.strerror or exc}.") from exc
    if header != SQLITE_HEADER:
        raise StoreUnavailable(f"{format_path(backup)} is not a SQLite database.")


def _check_database(files: DatabaseFiles) -> None:
    """Raise StoreUnavailable if the name of the database belongs to a folder, or to a file with a second name."""
    if not files.path.exists():
        return
    if not files.path.is_file():
        raise StoreUnavailable(f"The database {files.display_path} is not a file.")
    if files.path.stat().st_nlink > 1:
        raise StoreUnavailable(f"The database {files.display_path} has a second name, a hard link; remove one of them.")


def _skip_ids(connection: sqlite3.Connection) -> None:
    """Let tables that use no id twice skip those that were used since the backup: buttons in Discord refer to them."""
    connection.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT name, 0 FROM sqlite_master WHERE type = 'table'"
        " AND sql LIKE '%AUTOINCREMENT%' AND name NOT IN (SELECT name FROM sqlite_sequence)"
    )
    connection.execute("UPDATE sqlite_sequence SET seq = seq + ?", (SKIPPED_IDS,))


def _copy_parts(parts: Mapping[Path, str], target: Path) -> None:
    """Copy a database and its log beside each other, instead of an earlier copy. ``parts`` has the end of each one's name."""
    for path, suffix in parts.items():
        copy = target.with_name(target.name + suffix)
        copy.unlink(missing_ok=True)
        copy_file(path, copy, threading.Event(), lambda _size: None)


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _move_log_into(path: Path, display_path: Path) -> bool:
    """Make a database one file without a log; return False if it is damaged. Raises StoreUnavailable if it is not ours.

    Fails with "database is locked" if any other connection is open: only the last one can leave WAL mode
    (https://sqlite.org/pragma.html#pragma_journal_mode).
    """
    try:
        with open_connection(path, timeout=LOCK_SECONDS) as connection:
            if has_tables(connection) and not is_ours(connection):
                raise StoreUnavailable(
                    f"The database {display_path} belongs to another program; give Dealwire a file of its own."
                )
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as exc:
        if not is_damage(exc):
            raise
        return False
    return True


def _make_folder(files: DatabaseFiles) -> Path:
    """Make a private folder beside the database, and remove those of restores that were killed."""
    prefix = f"{files.path.name}.restoring-"
    for path in list(files.path.parent.iterdir()):
        if path.name.startswith(prefix) and path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=prefix, dir=files.path.parent))


def _copy_owner(former: Path, file: Path) -> None:
    """Give a file to the owner of the former database, whom the bot runs as; only root can."""
    with contextlib.suppress(OSError):
        status = former.stat()
        os.chown(file, status.st_uid, status.st_gid)


def _remove_locks(files: DatabaseFiles) -> None:
    """Remove the lock files if nothing was restored: they would say that there was a database."""
    if not files.path.exists():
        for path in (files.lock, files.bot_lock):
            path.unlink(missing_ok=True)


@contextlib.contextmanager
def _hold_lock_of(backup: Path) -> Iterator[None]:
    """Hold the lock of a backup that is itself a database in use, so that nobody changes it while it is copied."""
    path = DatabaseFiles(backup).lock
    with contextlib.ExitStack() as stack:
        # On a medium that cannot be written, nobody changes it.
        with contextlib.suppress(OSError):
            if path.exists():
                acquire_lock(
                    stack, path, LOCK_SECONDS, f"{format_path(backup)} is in use by another program; try again."
                )
        yield


@contextlib.contextmanager
def _wrap_errors(backup: Path, database: Path, stop: threading.Event) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        name = format_path(Path(exc.filename) if isinstance(exc.filename, str) else database)
        raise StoreUnavailable(f"{format_path(backup)} can't be restored: {name}: {exc.strerror or exc}.") from exc
    except sqlite3.Error as exc:
        if stop.is_set():
            raise CopyStopped from exc
        if is_damage(exc):
            raise StoreUnavailable(f"{format_path(backup)} is damaged.") from exc
        if "locked" in str(exc) or "busy" in str(exc):
            raise StoreBusy(f"The database {database} is in use by another program; try again.") from exc
        raise StoreUnavailable(
            f"{format_path(backup)} can't be restored: {exc}. Check that there is room on the disk."
        ) from exc
