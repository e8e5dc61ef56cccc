"""What ``check`` finds about a PostgreSQL server, and about a connection pooler in front of it.

A pooler in transaction mode, as pgbouncer has it, hands each transaction to any connection of the server: locks of a
session, notifications and options of a connection then belong to nobody (https://www.pgbouncer.org/features.html).
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from sqlalchemy.engine import URL

from bot.model.findings import Finding
from bot.store.engines.postgres.connections import READ_ISOLATION, build_connection_info
from bot.store.engines.postgres.errors import wrap_errors

#: The oldest version whose bugs are still mended (https://www.postgresql.org/support/versioning/).
MINIMUM_VERSION = 140_000
_PROCESS = "SELECT pg_backend_pid()"
_DIRECT = "give DATABASE_URL the address of the server itself"


def check_server(url: URL, name: str) -> Iterator[Finding]:
    """Yield what is wrong with a server, or that it can be used. Raises StoreError if it cannot be reached.

    ``name`` is what messages call the database.
    """
    info = build_connection_info(url, busy_seconds=5.0, read_only=True)
    with (
        wrap_errors(name),
        psycopg.connect(info, autocommit=True) as one,
        psycopg.connect(info, autocommit=True) as other,
    ):
        version = one.info.server_version
        if version < MINIMUM_VERSION:
            yield Finding.problem(
                f"PostgreSQL {_format_version(version)} is too old; Dealwire needs {_format_version(MINIMUM_VERSION)} or newer."
            )
            return
        encoding = _select(one, "SHOW server_encoding")
        if encoding != "UTF8":
            yield Finding.problem(
                f"The database {name} has the encoding {encoding}; create it again with: createdb --encoding=UTF8"
                " --template=template0"
            )
        faults = list(_find_pooler_faults(one, other))
        for fault in faults:
            yield Finding.problem(f"Between Dealwire and {name}, {fault}: {_DIRECT}.")
        if not faults and encoding == "UTF8":
            yield Finding.ok(f"PostgreSQL {_format_version(version)} can be used.")


def _find_pooler_faults(one: psycopg.Connection, other: psycopg.Connection) -> Iterator[str]:
    if _select(one, "SHOW default_transaction_isolation") != READ_ISOLATION:
        yield (
            "a pooler drops the options of a connection: an answer could mix several states of the store, and nothing limits"
            " how long it waits"
        )
    if shares_connections(one, other):
        yield (
            "a pooler shares connections: locks do not tell two bots apart, what other processes write is not heard at once,"
            " and prepared statements fail"
        )


def shares_connections(one: psycopg.Connection, other: psycopg.Connection) -> bool:
    """Return whether one connection is served by several processes of the server, or by one that also serves the other."""
    before = _select(one, _PROCESS)
    with other.transaction():
        # A pooler gives it the process that the first one has just used, and the first one another.
        taken = _select(other, _PROCESS)
        return _select(one, _PROCESS) != before or taken == before


def _select(connection: psycopg.Connection, statement: str) -> object:
    row = connection.execute(statement.encode(), prepare=False).fetchone()
    return row[0] if row else None


def _format_version(number: int) -> str:
    return f"{number // 10_000}.{number % 10_000}" if number % 10_000 else str(number // 10_000)
