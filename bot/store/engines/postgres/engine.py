"""PostgreSQL as an engine of the store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from sqlalchemy.engine import URL

from bot.clock import Clock
from bot.errors import DealwireError, StoreUnavailable
from bot.model.findings import Finding
from bot.store.engines.engine import Backup, CopyProgress, Engine, RestoringDatabase
from bot.store.engines.postgres.database import PostgresDatabase
from bot.store.engines.postgres.moving import MovablePostgres, is_same_database, open_move
from bot.store.engines.postgres.restore import open_restoration
from bot.store.engines.postgres.server_check import check_server
from bot.store.engines.postgres.url import format_database_name


class PostgresEngine(Engine):
    """The engine of one PostgreSQL database. ``url`` may have a password."""

    def __init__(self, url: URL) -> None:
        super().__init__(format_database_name(url))
        self.url = url

    def create_database(self, *, busy_seconds: float = 5.0, create: bool = True) -> PostgresDatabase:
        """Return the database. It is never created: whoever runs the server does that."""
        return PostgresDatabase(self.url, busy_seconds=busy_seconds)

    def check_program(self) -> Iterator[Finding]:
        """Yield whether the server can be used, and what does not work on the way to it."""
        try:
            yield from check_server(self.url, self.name)
        except DealwireError as exc:
            yield Finding.problem(str(exc))

    def find_place_fault(self) -> str:
        """Return nothing: a server may be anywhere."""
        return ""

    def back_up(self, target: Path, clock: Clock, stop: threading.Event, report: CopyProgress) -> Backup:
        """Refuse: PostgreSQL has its own program for it."""
        raise StoreUnavailable(
            f"The database {self.name} is on a PostgreSQL server. Back it up with its own program, while the bot runs:"
            f" pg_dump --format=custom --file={target} and the connection of DATABASE_URL; see docs/postgresql.md."
        )

    def open_restoration(self, backup: Path | None) -> AbstractContextManager[RestoringDatabase]:
        """Begin to prepare what PostgreSQL's own program has restored. Raises StoreUnavailable for a file."""
        if backup is not None:
            raise StoreUnavailable(
                f"The database {self.name} is on a PostgreSQL server. Restore a file of pg_dump with pg_restore into an empty"
                " database, then run `dealwire restore` without a file; to bring the store of a SQLite file there, use"
                " `dealwire move`. See docs/postgresql.md."
            )
        return open_restoration(self.url, self.name)

    def is_same_database(self, other: Engine) -> bool:
        """Return whether another URL leads to this database."""
        return isinstance(other, PostgresEngine) and is_same_database((self.url, other.url), (self.name, other.name))

    def open_move(self, *, create: bool) -> AbstractContextManager[MovablePostgres]:
        """Hold the lock of the database's bot. The database itself is never created: whoever runs the server does that."""
        return open_move(self.url, self.name)
