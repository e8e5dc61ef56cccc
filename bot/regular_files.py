"""Read a file of unknown origin: anything but a regular file is refused, and nothing is read beyond a limit.

A named pipe would block, a device never ends, and merely opening one can have effects.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


class FileTooLarge(Exception):
    """A file has more bytes than its reader accepts."""


def open_regular_file(path: Path) -> BinaryIO:
    """Open a file for reading. Raises OSError, also if it is no regular file."""
    try:
        _check_is_regular(path.stat())
    except ValueError as exc:
        raise OSError(errno.EINVAL, "its name has a character that no file name has") from exc
    # Non-blocking: the file may have been replaced by a named pipe since it was checked.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _check_is_regular(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_regular_file(path: Path, limit: int) -> bytes:
    """Return the contents of a file. Raises FileTooLarge beyond the limit in bytes, and OSError if it cannot be read."""
    with open_regular_file(path) as file:
        if os.fstat(file.fileno()).st_size > limit:
            raise FileTooLarge
        content = file.read(limit + 1)
    if len(content) > limit:
        # It grew meanwhile, or it is one of those that do not report their size, such as in /proc.
        raise FileTooLarge
    return content


def _check_is_regular(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((name for is_kind, name in _KINDS if is_kind(status.st_mode)), "of an unknown kind")
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file")
