"""A database engine: how it opens, backs up and restores the database that a URL names."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.clock import Clock
from bot.model.findings import Finding
from bot.store.engines.database import Database
from bot.store.engines.movable import MovableDatabase

#: More ids than were given out since any backup.
SKIPPED_IDS = 1_000_000_000
#: Is told how many megabytes of how many are copied, from another thread.
CopyProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Backup:
    """A finished backup: its file, its size in bytes, and the time of the state that it holds."""

    path: Path
    size: int
    at: datetime


class RestoringDatabase(Protocol):
    """A restore that has begun: nobody else uses the database."""

    def copy_backup(self, stop: threading.Event, report: CopyProgress) -> tuple[str, datetime | None]:
        """Copy the backup and check the copy; return its revision, and when the backup was made, if it says so."""

    def open_copy(self) -> Database:
        """Return the database of the copy, to be opened."""

    def replace_database(self, now: datetime) -> Path | None:
        """Put the copy in the place of the database; return where the former database is kept, None if it is not kept."""


class Engine(ABC):
    """The engine of one database.

    Attributes:
        name: what messages call the database, without a password.
        file: the file that it is in; None if a server keeps it.
    """

    def __init__(self, name: str, file: Path | None = None) -> None:
        self.name = name
        self.file = file

    @abstractmethod
    def create_database(self, *, busy_seconds: float = 5.0, create: bool = True) -> Database:
        """Return the database, to be opened. Without ``create``, opening one that does not exist raises StoreMissing.

        ``busy_seconds`` is how long a transaction waits for another program.
        """

    @abstractmethod
    def check_program(self) -> Iterator[Finding]:
        """Yield whether the engine's own software can be used."""

    @abstractmethod
    def find_place_fault(self) -> str:
        """Return why the database should not be where it is, and what to do; empty if nothing is known against it."""

    @abstractmethod
    def back_up(self, target: Path, clock: Clock, stop: threading.Event, report: CopyProgress) -> Backup:
        """Copy the database to a new file while it is in use. Raises StoreUnavailable if that is not possible."""

    @abstractmethod
    def open_restoration(self, backup: Path | None) -> AbstractContextManager[RestoringDatabase]:
        """Begin to restore a backup; None if the server's own program has already restored it.

        Raises StoreUnavailable if that is not possible, StoreBusy if a bot is running.
        """

    @abstractmethod
    def is_same_database(self, other: Engine) -> bool:
        """Return whether another engine is that of the same database, under whatever name. Raises StoreError if one can't be reached."""

    @abstractmethod
    def open_move(self, *, create: bool) -> AbstractContextManager[MovableDatabase]:
        """Keep bots from starting, to move the database or, with ``create``, another one into it.

        Raises StoreMissing if there is none and none may be created, StoreUnavailable if it is not fit, StoreBusy if a bot is
        running.
        """
