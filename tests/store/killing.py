"""Kill a process of the test's own at exactly one of the steps by which it changes files, so that each can be tried."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from tests.store.children import child

#: The calls that are steps: those by which files are opened as databases, synced, named, renamed and removed.
_CALLS: tuple[tuple[ModuleType, str], ...] = (
    (sqlite3, "connect"), (os, "fsync"), (os, "link"), (os, "replace"), (os, "unlink"), (os, "mkdir"), (os, "rmdir"),
)  # fmt: skip


class StepKiller:
    """Count the steps of what runs in the block, and kill the process with SIGKILL right before one of them."""

    def __init__(self, kill_before: int) -> None:
        self._kill_before = kill_before
        self._originals: list[tuple[ModuleType, str, Any]] = []
        self.steps = 0

    def __enter__(self) -> Self:
        for module, name in _CALLS:
            original = getattr(module, name)
            self._originals.append((module, name, original))
            setattr(module, name, self._count(original))
        return self

    def __exit__(self, *_: object) -> None:
        for module, name, original in self._originals:
            setattr(module, name, original)

    def _count(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            self.steps += 1
            if self.steps == self._kill_before:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*arguments, **options)

        return call


def kill_at_step(program: Callable[[Connection, Path, int], None], file: Path, step: int) -> bool:
    """Run a program that dies before a step; return False if it has fewer steps and ended by itself."""
    with child(program, file, step) as process:
        process.process.join(60)
        assert process.process.exitcode in (0, -signal.SIGKILL), process.process.exitcode
        return process.process.exitcode != 0
