"""Find the engine that a database URL names."""

from __future__ import annotations

from bot.store.engines.engine import Engine
from bot.store.engines.sqlite.engine import SqliteEngine


def find_engine(url: str) -> Engine:
    """Return the engine of a URL. Raises SettingsError if none takes it."""
    return SqliteEngine(url)
