"""No id that a button names is given twice, also after a backup was restored."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLES = ("development", "expected_event", "follow", "post", "reader_note", "review", "term")


def upgrade() -> None:
    connection = op.get_bind()
    for table in TABLES:
        rows = connection.execute(
            sa.text("SELECT type, sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL"), {"table": table}
        ).all()
        (definition,) = (row.sql for row in rows if row.type == "table")
        connection.exec_driver_sql(forbid_reuse(definition, table))
        connection.exec_driver_sql(f'INSERT INTO "new_{table}" SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
        op.drop_table(table)
        op.rename_table(f"new_{table}", table)
        for row in rows:
            if row.type == "index":
                connection.exec_driver_sql(row.sql)


def forbid_reuse(definition: str, table: str) -> str:
    """Return the definition of a new table with the same columns and constraints, and AUTOINCREMENT.

    Raises ValueError if the definition is not one of ours.
    """
    columns = definition.partition("(")[2]
    columns, id_count = re.subn(r"\bid INTEGER NOT NULL,", "id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,", columns)
    columns, key_count = re.subn(rf"CONSTRAINT pk_{table} PRIMARY KEY \(id\),", "", columns)
    if (id_count, key_count) != (1, 1):
        raise ValueError(f"the table {table} is not as a former revision made it")
    return f'CREATE TABLE "new_{table}" ({columns}'
