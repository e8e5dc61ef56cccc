"""Notice that the tables come from a dump: what happened after it is unknown to them, and must not be posted again.

A comment on one table has the number that the server gave to that table. ``pg_dump`` saves the comment, and the server gives
another number to the table that ``pg_restore`` makes.
"""

from __future__ import annotations

import psycopg

from bot.errors import StoreUnavailable

_NUMBER = "'table ' || 'post'::regclass::oid::text"
#: Marks the tables as those that were made, or prepared, here.
MARK_TABLES = f"DO $$ BEGIN EXECUTE 'COMMENT ON TABLE post IS ' || quote_literal({_NUMBER}); END $$"
#: Selects whether the tables come from a dump.
SELECT_IS_DUMP = f"SELECT coalesce(obj_description('post'::regclass, 'pg_class') <> {_NUMBER}, false)"


def check_no_dump(connection: psycopg.Connection, name: str) -> None:
    """Raise StoreUnavailable if the tables come from a dump that was not prepared yet."""
    row = connection.execute(SELECT_IS_DUMP.encode()).fetchone()
    if row and row[0]:
        raise StoreUnavailable(describe_dump(name))


def describe_dump(name: str) -> str:
    """Return what to do with a database that comes from a dump."""
    return (
        f"The database {name} comes from pg_restore, so it does not know what was posted after the dump; run"
        " `dealwire restore` without a file once, then start the bot."
    )
