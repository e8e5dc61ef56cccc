"""How every connection to a SQLite store is set up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event

from bot.store.engines.sqlite.database_files import build_connection_url

#: The table, in every connection, of the words in the full-text index (https://sqlite.org/fts5.html#the_fts5vocab_virtual_table_module).
TERMS_TABLE = "story_terms"


def create_read_engine(path: Path, *, busy_seconds: float, pool_size: int) -> Engine:
    """Create an engine for threads that read.

    The connection used last is taken first, since its pages are in memory.
    """
    engine = create_engine(
        build_connection_url("sqlite+pysqlite", path),
        pool_size=pool_size,
        max_overflow=0,
        pool_use_lifo=True,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
    )
    configure_engine(engine, begin_statement="BEGIN", query_only=True)
    return engine


def configure_engine(engine: Engine, *, begin_statement: str, query_only: bool) -> None:
    """Set up the connections that an engine opens, and begin its transactions with this statement."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin late and commit early, so ours are begun and ended explicitly.
        connection.isolation_level = None
        cursor = connection.cursor()
        if not query_only:
            cursor.execute("PRAGMA journal_mode = WAL")
            # 16 MB: ten thousand rows into the indexes of a large store touch more pages than SQLite's 2 MB hold.
            cursor.execute("PRAGMA cache_size = -16384")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # A view of the full-text index: it lists the words in order and takes no space.
        cursor.execute(f"CREATE VIRTUAL TABLE temp.{TERMS_TABLE} USING fts5vocab(main, story_search, instance)")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin_statement)
