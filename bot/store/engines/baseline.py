"""The tables of an empty database: made at once, as the newest version has them.

Only a store that an older version wrote goes through migrations, which load Alembic and run step by step.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, MetaData, inspect, text

#: As Alembic makes it.
_CREATE_VERSION = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
_INSERT_VERSION = text("INSERT INTO alembic_version (version_num) VALUES (:revision)")


def create_baseline(connection: Connection, revision: str, tables: MetaData, statements: Iterable[str]) -> bool:
    """Make these tables in an empty database, run the statements, and record the revision; return False if it is not empty.

    All of it belongs to the caller's transaction.
    """
    if inspect(connection).get_table_names():
        return False
    tables.create_all(connection, checkfirst=False)
    for statement in (*statements, _CREATE_VERSION):
        connection.exec_driver_sql(statement)
    connection.execute(_INSERT_VERSION, {"revision": revision})
    return True
