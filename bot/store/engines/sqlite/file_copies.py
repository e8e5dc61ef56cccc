"""Write whole files: under a temporary name first, private and synced, and under their own name once they are complete."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.errors import StoreUnavailable
from bot.store.engines.path_names import format_path

_PREFIX, _SUFFIX = ".dealwire-", ".partial"
#: What SQLite keeps beside a file that it writes (https://sqlite.org/tempfiles.html#rollback_journals).
_JOURNAL = "-journal"
_CHUNK_BYTES = 1 << 20
#: Errors of file systems without hard links, such as FAT.
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class CopyStopped(Exception):
    """The copy was stopped by its caller."""


@contextlib.contextmanager
def open_temporary_file(folder: Path) -> Iterator[Path]:
    """Create an empty file that only its owner can read, and remove it in the end unless it was renamed.

    What killed processes have left in the folder is removed first. A lock shows which files are in use; it ends with its
    process.
    """
    _remove_stale_files(folder)
    path = folder.absolute() / f"{_PREFIX}{secrets.token_hex(6)}{_SUFFIX}"
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        os.chmod(path, 0o600)  # noqa: PTH101 - whatever the umask
        _try_lock(descriptor)
        yield path
    finally:
        _remove_with_journal(path)
        os.close(descriptor)


def _remove_stale_files(folder: Path) -> None:
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            if path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX):
                _remove_if_stale(path)


def _remove_if_stale(path: Path) -> None:
    with contextlib.suppress(OSError):
        descriptor = os.open(path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
        try:
            if _try_lock(descriptor):
                _remove_with_journal(path)
        finally:
            os.close(descriptor)


def _remove_with_journal(path: Path) -> None:
    # The journal first: without the file, nobody would know whose it is.
    for each in (path.with_name(path.name + _JOURNAL), path):
        each.unlink(missing_ok=True)


def _try_lock(descriptor: int) -> bool:
    try:
        import fcntl
    except ImportError:
        # Windows refuses to remove a file that is open.
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def copy_file(source: Path, target: Path, stop: threading.Event, advance: Callable[[int], None]) -> None:
    """Copy a file to a new private one, and sync that. ``advance`` is told the number of bytes of each part."""
    with (
        source.open("rb") as reader,
        os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as writer,
    ):
        while chunk := reader.read(_CHUNK_BYTES):
            if stop.is_set():
                raise CopyStopped
            writer.write(chunk)
            advance(len(chunk))
        writer.flush()
        os.fsync(writer.fileno())
    target.chmod(0o600)


def publish(temporary: Path, target: Path) -> None:
    """Give a file its name. Raises FileExistsError, and changes nothing, if the name is taken."""
    sync(temporary)
    try:
        os.link(temporary, target)
    except OSError as exc:
        if exc.errno not in _NO_LINKS:
            raise
        # The name is reserved by an empty file, which the whole one then replaces.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        os.replace(temporary, target)  # noqa: PTH105 - the atomic one
    else:
        temporary.unlink()
    sync(target.parent)


def sync(path: Path) -> None:
    """Let a file's content, or the names in a folder, survive a power failure."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        # Windows opens no folders.
        return
    try:
        os.fsync(descriptor)
    except OSError as exc:
        # Some file systems cannot sync a folder.
        if exc.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def check_room(folder: Path, size: int, purpose: str) -> None:
    """Raise StoreUnavailable if a folder has no room for so many bytes; ``purpose`` says what for: ``the backup``."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise StoreUnavailable(
            f"There is too little room in {format_path(folder)}: {purpose} needs {to_megabytes(size):,} MB, and"
            f" {free // 1_000_000:,} MB are free. Free some space and try again."
        )


def to_megabytes(size: int) -> int:
    """Return a number of bytes in megabytes, rounded up."""
    return -(-size // 1_000_000)
