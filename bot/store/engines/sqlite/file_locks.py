"""Hold a lock file for longer than one transaction."""

from __future__ import annotations

import contextlib
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import StoreBusy


def acquire_lock(stack: contextlib.ExitStack, path: Path, timeout: float, message: str) -> None:
    """Hold a lock file until the stack is closed. Raises StoreBusy with the message if another program keeps it for so many seconds."""
    lock = FileLock(path, mode=0o600, thread_local=False)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        raise StoreBusy(message) from None
    stack.callback(lock.release)
