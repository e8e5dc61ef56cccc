"""How every connection to a PostgreSQL store is set up.

Isolation and limits are options of the connection: set by a statement, they would cost every transaction a round trip.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from bot.store.engines.storable_text import replace_unstorable

#: How long a statement of a writer may run, in milliseconds. Without a limit, a stopped server would hang the bot.
_STATEMENT_TIMEOUT_MS = 120_000
#: How soon the loss of a server is noticed (https://www.postgresql.org/docs/current/libpq-connect.html), in seconds.
_KEEPALIVE = {"keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
_CONNECT_SECONDS = 10
#: How long a transaction may wait for this program, in milliseconds: one that hangs would hold the desk's lock.
_IDLE_TIMEOUT_MS = 30_000
#: The isolation of a connection that reads: all of its transaction sees one state.
READ_ISOLATION = "repeatable read"


class _StorableTextDumper(StrDumperUnknown):
    """Sends text to the server, with U+FFFD for what no database can store."""

    def dump(self, obj: str) -> bytes:
        """Encode a text."""
        try:
            encoded = obj.encode()
        except UnicodeEncodeError:
            return replace_unstorable(obj).encode()
        return replace_unstorable(obj).encode() if b"\0" in encoded else encoded


_ADAPTERS = AdaptersMap(psycopg.adapters)
_ADAPTERS.register_dumper(str, _StorableTextDumper)


def build_connection_arguments(*, busy_seconds: float, read_only: bool) -> dict[str, Any]:
    """Return psycopg's arguments for a connection that reads one state, or for one that writes.

    Readers see one state in a whole transaction (REPEATABLE READ) and cannot write. Writers see in each statement what
    is committed by then (READ COMMITTED), so that what follows a lock sees what its former holder wrote.
    """
    options = {
        "default_transaction_isolation": READ_ISOLATION.replace(" ", r"\ ") if read_only else r"read\ committed",
        "default_transaction_read_only": "on" if read_only else "off",
        "lock_timeout": str(int(busy_seconds * 1000)),
        "statement_timeout": str(_STATEMENT_TIMEOUT_MS),
        "idle_in_transaction_session_timeout": str(_IDLE_TIMEOUT_MS),
        "timezone": "UTC",
        # A question's statements are short: compiling them takes longer than they run.
        "jit": "off",
    }
    return {
        "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
        "client_encoding": "utf8",
        "connect_timeout": _CONNECT_SECONDS,
        **_KEEPALIVE,
    }


def build_engine_options(*, busy_seconds: float, pool_size: int, read_only: bool) -> dict[str, Any]:
    """Return SQLAlchemy's options for an engine with up to ``pool_size`` connections of this kind.

    A transaction waits ``busy_seconds`` for one of them.
    """
    arguments = build_connection_arguments(busy_seconds=busy_seconds, read_only=read_only)
    return {
        "pool_size": pool_size,
        "max_overflow": 0,
        "pool_timeout": busy_seconds,
        # How many rows an INSERT has made is asked too; otherwise only UPDATE and DELETE say it.
        "execution_options": {"preserve_rowcount": True},
        # Otherwise each engine asks the server whether it has this extension.
        "use_native_hstore": False,
        "connect_args": {**arguments, "context": _ADAPTERS},
    }


def create_read_engine(url: URL, *, busy_seconds: float, pool_size: int) -> Engine:
    """Create an engine for threads that read. The connection used last is taken first."""
    options = build_engine_options(busy_seconds=busy_seconds, pool_size=pool_size, read_only=True)
    return create_engine(url, pool_use_lifo=True, **options)


def build_connection_info(url: URL, *, busy_seconds: float, read_only: bool) -> str:
    """Return libpq's description of a connection, for those that SQLAlchemy does not open."""
    arguments = build_connection_arguments(busy_seconds=busy_seconds, read_only=read_only)
    parts = url.translate_connect_args(username="user", database="dbname")
    return psycopg.conninfo.make_conninfo(**{**parts, **dict(url.query), **arguments})
