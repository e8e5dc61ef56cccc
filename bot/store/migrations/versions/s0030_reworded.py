"""Reasons in the store get the present wording of their messages, so that they are shown in every language."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.reworded_messages import REWORDED

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

COLUMNS = (
    ("feed", "reason"),
    ("publication_draft", "problem"),
    ("failure", "reason"),
    ("destination", "blocked"),
    ("follow", "reason"),
    ("post", "reason"),
    ("post", "unpublished"),
    ("delivery", "reason"),
)


def upgrade() -> None:
    connection = op.get_bind()
    for table_name, column_name in COLUMNS:
        table = sa.table(table_name, sa.column(column_name, sa.Text))
        column = table.c[column_name]
        texts = connection.scalars(sa.select(column).where(column.like("{%")).distinct()).all()
        changes = [(text, reword(text)) for text in texts]
        for former, present in changes:
            if present != former:
                connection.execute(sa.update(table).where(column == former).values({column_name: present}))


def reword(stored: str) -> str:
    """Return a stored message with its present wording, also in the values that are messages; anything else as it is."""
    try:
        return json.dumps(_reword(json.loads(stored)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return stored


def _reword(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    data = dict(data)
    for key in ("message", "plural"):
        if isinstance(data.get(key), str):
            data[key] = REWORDED.get(data[key], data[key])
    if isinstance(data.get("values"), dict):
        data["values"] = {name: _reword(value) for name, value in data["values"].items()}
    return data
