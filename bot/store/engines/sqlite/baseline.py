"""The tables of an empty SQLite database."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.store.engines.baseline import create_baseline
from bot.store.tables import metadata

#: The full-text index (https://sqlite.org/fts5.html).
_STATEMENTS = (
    "CREATE VIRTUAL TABLE story_search USING fts5(headline, names, body, tokenize = 'unicode61 remove_diacritics 2')",
)


def create_tables(connection: Connection, revision: str) -> bool:
    """Make all tables in the caller's transaction if there are none, and record their revision; return whether it was done."""
    return create_baseline(connection, revision, metadata, _STATEMENTS)
