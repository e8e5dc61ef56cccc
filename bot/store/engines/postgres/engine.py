"""PostgreSQL as an engine of the store."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import URL

from bot.clock import Clock
from bot.errors import DealwireError, StoreUnavailable
from bot.model.findings import Finding
from bot.store.engines.engine import Backup, CopyProgress, Engine, RestoringDatabase
from bot.store.engines.postgres.database import PostgresDatabase
from bot.store.engines.postgres.server_check import check_server
from bot.store.engines.postgres.url import format_database_name


class PostgresEngine(Engine):
    """The engine of one PostgreSQL database."""

    def __init__(self, url: URL) -> None:
        super().__init__(format_database_name(url))
        self._url = url

    def create_database(self, *, busy_seconds: float = 5.0, create: bool = True) -> PostgresDatabase:
        """Return the database. It is never created: whoever runs the server does that."""
        return PostgresDatabase(self._url, busy_seconds=busy_seconds)

    def check_program(self) -> Iterator[Finding]:
        """Yield whether the server can be used, and what does not work on the way to it."""
        try:
            yield from check_server(self._url, self.name)
        except DealwireError as exc:
            yield Finding.problem(str(exc))

    def find_place_fault(self) -> str:
        """Return nothing: a server may be anywhere."""
        return ""

    def back_up(self, target: Path, clock: Clock, stop: threading.Event, report: CopyProgress) -> Backup:
        """Refuse: PostgreSQL has its own program for it."""
        raise StoreUnavailable(
            f"The database {self.name} is on a PostgreSQL server. Back it up with its own program, while the bot runs:"
            f" pg_dump --format=custom --file={target} and the connection of DATABASE_URL; see docs/self-hosting.md."
        )

    @contextlib.contextmanager
    def open_restoration(self, backup: Path) -> Iterator[RestoringDatabase]:
        """Refuse: PostgreSQL has its own program for it."""
        raise StoreUnavailable(
            f"The database {self.name} is on a PostgreSQL server. Restore it with its own program, while no bot runs:"
            f" pg_restore into an empty database; see docs/self-hosting.md. To move the store of a SQLite file there, use"
            f" `dealwire move`."
        )
        yield  # it makes this a generator
