"""Prepare a database that ``pg_restore`` has made, as a restore prepares the copy of a backup."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from bot.store.engines.engine import SKIPPED_IDS, CopyProgress
from bot.store.engines.postgres.connections import build_connection_arguments
from bot.store.engines.postgres.database import PostgresDatabase
from bot.store.engines.postgres.errors import wrap_errors
from bot.store.engines.postgres.moving import LOCK_SECONDS, get_driver_connection, hold_bot_lock
from bot.store.engines.postgres.restored_dump import MARK_TABLES
from bot.store.engines.postgres.sequences import list_tables_with_sequences, read_last_id, set_sequences
from bot.store.migrate import get_newest_revision, is_upgrade_pending


class Preparation:
    """A preparation that has begun: no bot runs on the database."""

    def __init__(self, url: URL, name: str) -> None:
        self._url = url
        self._name = name

    def copy_backup(self, stop: threading.Event, report: CopyProgress) -> tuple[str, datetime | None]:
        """Return the newest revision if the tables are of it, else an empty one. A dump does not say when it was made.

        The tables are there already. Raises StoreMissing if there are none, StoreTooNew, or StoreUnavailable for tables of
        another program.
        """
        with self._begin() as connection:
            is_older = is_upgrade_pending(connection, self._name, create=False)
        return "" if is_older else get_newest_revision(), None

    def open_copy(self) -> PostgresDatabase:
        """Return the database itself, to be opened."""
        return PostgresDatabase(self._url)

    def replace_database(self, now: datetime) -> Path | None:
        """Let no id be used again that was used since the dump, and mark the tables as prepared.

        Until then, no bot starts on them; whoever is killed before prepares them once more.
        """
        with self._begin() as connection:
            raw = get_driver_connection(connection)
            tables = list_tables_with_sequences()
            set_sequences(raw, {table.name: read_last_id(raw, table) + SKIPPED_IDS for table in tables})
            raw.execute(MARK_TABLES.encode())
            connection.commit()
        return None

    @contextlib.contextmanager
    def _begin(self) -> Iterator[Connection]:
        arguments = build_connection_arguments(busy_seconds=LOCK_SECONDS, read_only=False)
        with wrap_errors(self._name):
            engine = create_engine(self._url, poolclass=NullPool, connect_args=arguments)
            with engine.connect() as connection:
                connection.begin()
                yield connection


@contextlib.contextmanager
def open_restoration(url: URL, name: str) -> Iterator[Preparation]:
    """Begin to prepare a database. Raises StoreBusy if a bot is running on it."""
    message = f"A bot is running on {name}, or another restore; stop it first."
    with hold_bot_lock(url, name, message):
        yield Preparation(url, name)
