"""What ``check`` finds about a PostgreSQL server, and about a connection pooler in front of it.

A pooler in transaction mode, as pgbouncer has it, hands each transaction to any connection of the server: locks of a
session, notifications and options of a connection then belong to nobody (https://www.pgbouncer.org/features.html).
"""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from sqlalchemy.engine import URL

from bot.model.findings import Finding
from bot.store.engines.postgres.connections import build_connection_info
from bot.store.engines.postgres.errors import wrap_errors
from bot.store.engines.postgres.locks import NAMESPACE, TRIAL_LOCK

#: The oldest version whose bugs are still mended (https://www.postgresql.org/support/versioning/).
MINIMUM_VERSION = 140_000
_DIRECT = "give DATABASE_URL the address of the server itself, or a pooler in session mode"


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
                f"The database {name} has the encoding {encoding}; create it anew with: createdb --encoding=UTF8"
                " --template=template0"
            )
        faults = list(_find_pooler_faults(one, other))
        for fault in faults:
            yield Finding.problem(f"Between Dealwire and {name}, {fault}: {_DIRECT}.")
        if not faults and encoding == "UTF8":
            yield Finding.ok(f"PostgreSQL {_format_version(version)} can be used.")


def _find_pooler_faults(one: psycopg.Connection, other: psycopg.Connection) -> Iterator[str]:
    if _select(one, "SHOW default_transaction_isolation") != "repeatable read":
        yield "a pooler drops the options of a connection, so an answer could mix several states of the store"
    lock = f"SELECT pg_try_advisory_lock({NAMESPACE}, {TRIAL_LOCK})"
    if _select(one, lock) == _select(other, lock):
        yield "a pooler shares connections, so locks do not tell two bots apart and notifications are lost"
    for connection in (one, other):
        _select(connection, f"SELECT pg_advisory_unlock({NAMESPACE}, {TRIAL_LOCK})")


def _select(connection: psycopg.Connection, statement: str) -> object:
    row = connection.execute(statement.encode(), prepare=False).fetchone()
    return row[0] if row else None


def _format_version(number: int) -> str:
    return f"{number // 10_000}.{number % 10_000}" if number % 10_000 else str(number // 10_000)
