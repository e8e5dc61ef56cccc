"""Read the schema of a database in a form that can be compared."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect
from sqlalchemy.pool import StaticPool

from bot.store.tables import metadata


@contextlib.contextmanager
def looking_at(file: Path | None) -> Iterator[Connection]:
    """Yield the tables of a file, or of a new database in memory as the program's own table definitions make them."""
    engine = create_engine(f"sqlite:///{file or ':memory:'}", poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            if file is None:
                metadata.create_all(connection)
            yield connection
    finally:
        engine.dispose()


def described(connection: Connection) -> dict[str, Any]:
    """All of a schema that its tables say, in one value."""
    asked = inspect(connection)
    tables = {}
    for name in asked.get_table_names():
        if name.startswith("story_search") or name == "alembic_version":
            continue
        columns = [{**column, "type": str(column["type"])} for column in asked.get_columns(name)]
        rest = (asked.get_indexes, asked.get_unique_constraints, asked.get_check_constraints, asked.get_foreign_keys)
        tables[name] = [
            columns,
            asked.get_pk_constraint(name),
            *(sorted(map(_comparable, ask(name)), key=lambda item: str(item["name"])) for ask in rest),
        ]
    return tables


def _comparable(item: Any) -> dict[str, Any]:
    """Return the words of a partial index's condition, which is a new object each time."""
    options = item.get("dialect_options")
    return {**item, "dialect_options": {name: str(said) for name, said in options.items()}} if options else item
