"""The room on the disk with the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.model.findings import Finding

#: Below this much free space, in bytes, the bot may stop saving at any moment.
CRITICAL_FREE_BYTES = 50_000_000
#: Below this much, or below twice the size of the database, there is a note: the log grows between two checkpoints, and a
#: copy (a backup, an upgrade that rebuilds tables) needs the size of the database again.
LOW_FREE_BYTES = 500_000_000
_SIBLINGS = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class DiskSpace:
    """Free bytes for this user, how many files can still be created (None: unlimited), and the size of the database."""

    free_bytes: int
    free_files: int | None
    database_bytes: int


def check_disk(path: Path) -> Iterator[Finding]:
    """Yield whether there is enough room. Raises OSError if nobody can tell."""
    real_path = path.absolute().resolve()
    yield judge_space(real_path, measure_space(real_path))


def measure_space(path: Path) -> DiskSpace:
    """Return the room on the disk on which a database is, or would be."""
    folder = next(folder for folder in path.parents if folder.exists())
    status = os.statvfs(folder)
    size = sum(
        sibling.stat().st_size for suffix in _SIBLINGS if (sibling := path.with_name(path.name + suffix)).is_file()
    )
    return DiskSpace(status.f_bavail * status.f_frsize, status.f_favail if status.f_files else None, size)


def judge_space(path: Path, space: DiskSpace) -> Finding:
    """Return whether the room is enough for a database of this size."""
    free, size = format_size(space.free_bytes), format_size(space.database_bytes)
    needed = max(LOW_FREE_BYTES, 2 * space.database_bytes)
    if space.free_files == 0:
        return Finding.problem(
            f"No more files can be created on the disk with the database {path} (it has no free inodes): delete files there."
        )
    if space.free_bytes < CRITICAL_FREE_BYTES:
        return Finding.problem(
            f"The disk with the database {path} is almost full: {free} are free, and the database has {size}. Free at least"
            f" {format_size(needed)}, or nothing more can be saved soon."
        )
    if space.free_bytes < needed:
        return Finding.note(
            f"Only {free} are free on the disk with the database, which has {size}. Free at least {format_size(needed)}: a"
            " backup or an upgrade needs room for a copy."
        )
    used = f", and the database has {size}" if space.database_bytes else ""
    return Finding.ok(f"The disk with the database has room: {free} are free{used}.")


def format_size(size: int) -> str:
    """Return a size in MB or GB, with decimal multiples."""
    return f"{size / 1e9:,.1f} GB" if size >= 1_000_000_000 else f"{size / 1e6:,.1f} MB"
