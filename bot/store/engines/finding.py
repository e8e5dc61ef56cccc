"""Find the engine that a database URL names."""

from __future__ import annotations

from bot.errors import SettingsError
from bot.extras import POSTGRES
from bot.store.engines.engine import Engine
from bot.store.engines.postgres.url import is_postgres_url, parse_postgres_url
from bot.store.engines.sqlite.engine import SqliteEngine


def find_engine(url: str) -> Engine:
    """Return the engine of a URL. Raises SettingsError if none takes it, or if its extra is not installed."""
    if not is_postgres_url(url):
        return SqliteEngine(url)
    parsed = parse_postgres_url(url)
    if not POSTGRES.is_installed():
        raise SettingsError("DATABASE_URL", POSTGRES.missing_sentence)
    from bot.store.engines.postgres.engine import PostgresEngine

    return PostgresEngine(parsed)
