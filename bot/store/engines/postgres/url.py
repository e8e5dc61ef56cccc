"""The URL of a PostgreSQL database, and what messages call it."""

from __future__ import annotations

from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url

from bot.errors import SettingsError

_EXPECTED_URL = "expected a URL such as postgresql://user@host/database"
_DRIVERS = ("postgresql", "postgresql+psycopg", "postgres")
#: Parameters of a connection that the program sets itself.
_OWN_PARAMETERS = ("options", "application_name", "client_encoding", "target_session_attrs")


def is_postgres_url(url: str) -> bool:
    """Return whether a URL is meant for PostgreSQL, right or wrong."""
    return url.partition(":")[0].partition("+")[0] in ("postgresql", "postgres")


def parse_postgres_url(url: str) -> URL:
    """Return the parts of a URL such as ``postgresql://user:password@host:port/database?sslmode=require``.

    Raises SettingsError, which never repeats the URL, since it can have a password.
    """
    try:
        parsed = make_url(url)
    except (exc.ArgumentError, ValueError) as error:
        raise SettingsError("DATABASE_URL", _EXPECTED_URL) from error
    if parsed.drivername not in _DRIVERS or not parsed.database or "\0" in url:
        raise SettingsError("DATABASE_URL", _EXPECTED_URL)
    for parameter in _OWN_PARAMETERS:
        if parameter in parsed.query:
            raise SettingsError("DATABASE_URL", f"the parameter {parameter} is set by Dealwire itself; remove it")
    return parsed.set(drivername="postgresql+psycopg")


def format_database_name(url: URL) -> str:
    """Return what messages call a database: its name, and where its server is."""
    host = url.query.get("host", url.host) or "the local server"
    return f"{url.database} on {host if isinstance(host, str) else ', '.join(host)}"
