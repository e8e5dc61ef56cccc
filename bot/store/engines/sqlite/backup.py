"""Copy a SQLite database while it is in use: one state of it, whole, checked, and under its name only once it is safe on disk.

``VACUUM INTO`` reads within one transaction and takes no lock of ours: in WAL mode a reader sees one state and keeps no
writer waiting (https://sqlite.org/wal.html#concurrency), and it makes no checkpoint, which is what the lock of a write
guards. SQLite's backup API would begin from the start whenever another process writes, and so might never end.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.errors import StoreBusy, StoreUnavailable
from bot.store.engines.engine import Backup, CopyProgress
from bot.store.engines.path_names import format_path
from bot.store.engines.sqlite.database_check import (
    PROGRESS_STEPS,
    check_intact,
    is_damage,
    open_connection,
    read_revision,
    record_backup_time,
)
from bot.store.engines.sqlite.database_files import DatabaseFiles
from bot.store.engines.sqlite.file_copies import CopyStopped, check_room, open_temporary_file, publish, to_megabytes

#: How many automatic backups are kept.
KEPT_BACKUPS = 3


def back_up(files: DatabaseFiles, target: Path, clock: Clock, stop: threading.Event, report: CopyProgress) -> Backup:
    """Copy a database to a new file that only its owner can read.

    Raises StoreUnavailable if there is such a file, also if it appears meanwhile; or if the database or the folder cannot
    be used. Raises StoreReplaced if the database was replaced meanwhile. An error leaves no file.
    """
    with _wrap_errors(files.display_path, target.parent, stop):
        _check_target(files, target)
        files.prepare(create=False)
        files.remember_database()
        with open_temporary_file(target.parent) as temporary:
            at = clock()
            _copy(files, temporary, target.parent, at, stop, report)
            files.check()
            try:
                publish(temporary, target)
            except FileExistsError:
                raise StoreUnavailable(_describe_existing(target)) from None
        return Backup(target, target.stat().st_size, at)


def back_up_before_upgrade(files: DatabaseFiles, revision: str, clock: Clock, stop: threading.Event) -> Path:
    """Copy a database beside itself before its tables are upgraded to a revision; of such copies, keep the newest ones.

    Raises StoreUnavailable if there is no room for it.
    """
    now = clock()
    path = find_free_name(files.path, f"before-{revision}", now)
    try:
        back_up(files, path, lambda: now, stop, lambda _done, _total: None)
    except StoreUnavailable as exc:
        raise StoreUnavailable(
            f"The tables of the database {files.display_path} are not upgraded, because they can't be backed up first. {exc}"
        ) from exc
    _remove_old_backups(files.path, path)
    return path


def find_free_name(path: Path, label: str, now: datetime) -> Path:
    """Return a name beside a database, with a label and a time, that no file has."""
    base = f"{path.name}.{label}-{now:%Y%m%dT%H%M%SZ}"
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, 10_000))
    return next(candidate for name in names if not os.path.lexists(candidate := path.with_name(name)))


def _remove_old_backups(path: Path, newest: Path) -> None:
    pattern = re.compile(re.escape(path.name) + r"\.before-\d{4}-(\d{8}T\d{6}Z)(?:-(\d{1,4}))?")
    matches = [match for file in path.parent.iterdir() if (match := pattern.fullmatch(file.name))]
    matches.sort(key=lambda match: (match[1], int(match[2] or 1)))
    # A clock that is behind gives the newest an older time.
    matches.sort(key=lambda match: match[0] == newest.name)
    for match in matches[:-KEPT_BACKUPS]:
        with contextlib.suppress(OSError):
            path.with_name(match[0]).unlink()


def _check_target(files: DatabaseFiles, target: Path) -> None:
    if not target.parent.exists():
        raise StoreUnavailable(f"The folder {format_path(target.parent)} does not exist; create it first.")
    if not target.parent.is_dir():
        raise StoreUnavailable(f"{format_path(target.parent)} is not a folder.")
    if target.is_dir():
        raise StoreUnavailable(f"{format_path(target)} is a folder; give the name of a new file in it.")
    if files.owns(target):
        raise StoreUnavailable(f"{format_path(target)} is a file of the database itself; give another name.")
    if os.path.lexists(target):
        raise StoreUnavailable(_describe_existing(target))
    try:
        os.fsencode(target.absolute()).decode()
    except UnicodeDecodeError:
        raise StoreUnavailable(
            f"The name {format_path(target.absolute())} is not valid UTF-8; give another name."
        ) from None


def _describe_existing(target: Path) -> str:
    return f"{format_path(target)} already exists, and a backup overwrites nothing; give another name."


def _copy(
    files: DatabaseFiles, temporary: Path, folder: Path, at: datetime, stop: threading.Event, report: CopyProgress
) -> None:
    with open_connection(files.path) as connection:
        revision = read_revision(connection, files.display_path)
        size = _get_content_size(connection)
        check_room(folder, size, "the backup")

        def on_progress() -> int:
            report(min(to_megabytes(temporary.stat().st_size), to_megabytes(size)), to_megabytes(size))
            return int(stop.is_set())

        connection.set_progress_handler(on_progress, PROGRESS_STEPS)
        connection.execute("VACUUM INTO ?", (str(temporary),))
    with open_connection(temporary, stop) as connection:
        if read_revision(connection, files.display_path) != revision:
            raise StoreBusy(f"The database {files.display_path} was upgraded during the backup; try again.")
        check_intact(connection, files.display_path, stop)
        record_backup_time(connection, at)


def _get_content_size(connection: sqlite3.Connection) -> int:
    pages, unused, page_size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - unused) * page_size)


@contextlib.contextmanager
def _wrap_errors(database: Path, folder: Path, stop: threading.Event) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise StoreUnavailable(f"The backup can't be written to {format_path(folder)}: {exc.strerror or exc}.") from exc
    except sqlite3.Error as exc:
        if stop.is_set():
            raise CopyStopped from exc
        if is_damage(exc):
            raise StoreUnavailable(f"The database {database} is damaged; restore it from an earlier backup.") from exc
        if "locked" in str(exc):
            raise StoreBusy(f"The database {database} is locked by another program; close it and try again.") from exc
        if "unable to open" in str(exc) or "readonly" in str(exc):
            raise StoreUnavailable(f"The database {database} can't be opened; check that you own it.") from exc
        raise StoreUnavailable(
            f"The backup can't be written to {format_path(folder)}: {exc}. Check that there is room on the disk."
        ) from exc
