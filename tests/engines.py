"""The databases that the tests keep their stores in, and a way to look into their tables beside the store."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg
from filelock import FileLock
from sqlalchemy import Engine, create_engine, exc, text
from sqlalchemy.pool import NullPool

from bot.store.engines.postgres.locks import DESK_LOCK, NAMESPACE
from bot.store.fulltext.tsvector import build_tsvector
from bot.store.tables import metadata
from tests.postgres import get_connection_info, get_driver_url

SQLITE, POSTGRES = "sqlite", "postgres"
ENGINES = (SQLITE, POSTGRES)


class StoreDatabase(ABC):
    """The database of a test's store.

    Attributes:
        url: its DATABASE_URL.
        search_id: the column of the full-text index that has the story's id.
    """

    search_id: str

    def __init__(self, url: str, engine: Engine) -> None:
        self.url = url
        self._engine = engine

    def query(self, statement: str, **values: Any) -> list[Any]:
        """Return the rows of a statement; a value is named in it as ``:name``."""
        with self._engine.connect() as connection:
            return list(connection.execute(text(statement), values))

    def execute(self, *statements: str, **values: Any) -> None:
        """Execute statements, each of which is given the values, in one transaction."""
        with self._engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement), values)

    def close(self) -> None:
        """Close the connections of this object; the store has its own."""
        self._engine.dispose()

    def count(self, table: str) -> int:
        """Return the number of a table's rows."""
        return int(self.query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - a table of ours

    @abstractmethod
    def hold(self) -> AbstractContextManager[None]:
        """Keep all others from writing, as a program does that is stuck in a write."""

    @abstractmethod
    def refuse(self, change: str, condition: str) -> None:
        """Let a change of a row fail with an IntegrityError under a condition on ``NEW`` or ``OLD``, until `accept`.

        ``change`` is such as ``INSERT ON post``. There is one refusal at a time.
        """

    @abstractmethod
    def accept(self) -> None:
        """End what `refuse` began."""

    @abstractmethod
    def find_damage(self) -> list[str]:
        """Return what is wrong with the database itself and with its full-text index."""


class SqliteDatabase(StoreDatabase):
    """A store in a file."""

    search_id = "rowid"

    def __init__(self, file: Path) -> None:
        url = f"sqlite:///{file}"
        super().__init__(url, create_engine(url, poolclass=NullPool))
        self._file = file

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock file."""
        with FileLock(f"{self._file}.lock").acquire(timeout=0):
            yield

    def refuse(self, change: str, condition: str) -> None:
        """Create a trigger that raises."""
        self.execute(
            f"CREATE TRIGGER refusal BEFORE {change} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'refused'); END"
        )

    def accept(self) -> None:
        """Drop the trigger."""
        self.execute("DROP TRIGGER refusal")

    def find_damage(self) -> list[str]:
        """Ask SQLite for its own checks."""
        damage = [row[0] for row in self.query("PRAGMA integrity_check") if row[0] != "ok"]
        damage += [f"a reference leads nowhere: {row}" for row in self.query("PRAGMA foreign_key_check")]
        try:
            with self._engine.connect() as connection:
                connection.execute(text("INSERT INTO story_search(story_search) VALUES ('integrity-check')"))
        except exc.DatabaseError as error:
            damage.append(f"the search index is damaged: {error}")
        return damage


class PostgresTestDatabase(StoreDatabase):
    """A store on a server."""

    search_id = "story_id"

    def __init__(self, url: str) -> None:
        # One connection serves all statements of a test run: opening one costs more than a statement.
        super().__init__(url, create_engine(get_driver_url(url), pool_size=1, max_overflow=0, pool_pre_ping=True))
        self._refuses = False

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the desk's lock, and all tables against changes."""
        tables = ", ".join(f'"{table.name}"' for table in metadata.sorted_tables)
        with psycopg.connect(get_connection_info(self.url)) as connection:
            connection.execute("SET lock_timeout = '30s'")
            connection.execute("SELECT pg_advisory_xact_lock(%s, %s)", (NAMESPACE, DESK_LOCK))
            connection.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE".encode())
            yield

    def refuse(self, change: str, condition: str) -> None:
        """Create a trigger that raises; a trigger's own condition could not have a subquery."""
        self._refuses = True
        kept = "OLD" if change.startswith("DELETE") else "NEW"
        self.execute(
            f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
            f" RAISE 'refused' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {kept}; END $$",
            f"CREATE TRIGGER refusal BEFORE {change} FOR EACH ROW EXECUTE FUNCTION refuse()",
        )

    def accept(self) -> None:
        """Drop the trigger."""
        self._refuses = False
        self.execute("DROP FUNCTION refuse() CASCADE")

    def empty(self) -> None:
        """Empty all tables, and end the connections that a test has left."""
        if self._refuses:
            self.accept()
        self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
            "SELECT empty_tables()",
        )

    def find_damage(self) -> list[str]:
        """Check that each story has the words of its texts; the server itself keeps references whole."""
        damage: list[str] = []
        for row in self.query("SELECT story_id, headline, names, body FROM story_search"):
            terms = build_tsvector(row.headline, row.names, row.body)
            same = "SELECT terms = CAST(:terms AS tsvector) FROM story_search WHERE story_id = :story_id"
            if not self.query(same, terms=terms, story_id=row.story_id)[0][0]:
                damage.append(f"the words of story {row.story_id} are not those of its texts")
        return damage


def get_database(url: str) -> StoreDatabase:
    """Return the database that a DATABASE_URL names."""
    file = url.removeprefix("sqlite:///")
    return PostgresTestDatabase(url) if file == url else SqliteDatabase(Path(file))
