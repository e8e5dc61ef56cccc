"""Reasons are stored as messages with their values (JSON); those that were stored as English sentences are taken apart once."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.languages.catalogues import read_catalogue
from bot.store.migrations.reworded_messages import REWORDED

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

COLUMNS = (
    ("feed", "reason"),
    ("failure", "reason"),
    ("destination", "blocked"),
    ("follow", "reason"),
    ("post", "reason"),
    ("post", "unpublished"),
    ("delivery", "reason"),
)
PLACEHOLDER = re.compile(r"\{(\w+)(?:![rs])?\}")
#: A template must say at least so much by itself to be recognised.
LEAST = len("it is ")
DEEPEST = 3
#: What was stored in other words before: a sentence is recognised by these too, and kept as today's.
FORMER = {
    "An error of the bot's own, see its log.": "The bot had an internal error; see its log.",
    "It begins like JSON and is none.": "It looks like JSON, but cannot be read as JSON.",
    "It is a packed file, not a feed.": "It is a compressed file, not a feed.",
    "No reader of feeds makes anything of it.": "It is too broken to be read.",
    "Nothing can be made of it: it is broken in a way that no reader understands.": "It is too broken to be read.",
    "Reading it takes more memory than reading may.": "Reading it takes too much memory.",
    "Reading it took longer than reading may.": "Reading it took too long.",
    "The process that reads feeds died over it; the next one is read by another.": "The process that reads feeds crashed on it.",
    "The process that reads feeds gave an answer that nobody can read.": "The process that reads feeds returned an unreadable answer.",
    "it leads to {number}, which is no address": "it leads to {number}, which is not an IP address",
    "the feed has more than are read of one": "the feed has more entries than are read",
    "{address} is no http:// or https:// address.": "{address} is not an http:// or https:// address.",
    "{address} is no web address.": "{address} is not a web address.",
    "{address} names port {port}, which is none of the web.": "{address} uses port {port}, on which no feeds are fetched.",
    "{host} asked to be left alone until {when} UTC.": "{host} asked for no more requests until {when} UTC.",
}  # fmt: skip


def upgrade() -> None:
    connection = op.get_bind()
    encoder: Encoder | None = None
    for table_name, column_name in COLUMNS:
        table = sa.table(table_name, sa.column("id", sa.BigInteger), sa.column(column_name, sa.Text))
        column = table.c[column_name]
        rows = connection.execute(sa.select(table.c.id, column).where(column != "")).all()
        if not rows:
            continue
        encoder = encoder or Encoder()
        statement = (
            sa.update(table).where(table.c.id == sa.bindparam("row_id")).values({column_name: sa.bindparam("json")})
        )
        connection.execute(statement, [{"row_id": row_id, "json": encoder.encode(text)} for row_id, text in rows])


class Encoder:
    """Finds the message that a sentence was made of, those that say most by themselves first."""

    def __init__(self) -> None:
        messages = {
            message.id for message in read_catalogue("de") if isinstance(message.id, str) and not message.context
        }
        # Those that were worded otherwise at this revision; a later one gives them their present wording.
        messages |= REWORDED.keys()
        messages |= {former for former, message in FORMER.items() if message in messages}
        self._plain = {message for message in messages if message and not PLACEHOLDER.search(message)}
        templates = [each for each in messages - self._plain if len(PLACEHOLDER.sub("", each)) >= LEAST]
        templates.sort(key=lambda each: (-len(PLACEHOLDER.sub("", each)), each))
        self._templates = [
            (each, re.split(r"\{\w+(?:![rs])?\}", each), PLACEHOLDER.findall(each)) for each in templates
        ]
        self._encoded: dict[str, str] = {}

    def encode(self, text: str) -> str:
        if text not in self._encoded:
            self._encoded[text] = json.dumps(self._find(text, DEEPEST), ensure_ascii=False)
        return self._encoded[text]

    def _find(self, text: str, depth: int) -> Any:
        if text in self._plain:
            return {"message": FORMER.get(text, text)}
        for template, parts, names in self._templates if depth else ():
            values = get_values(parts, text)
            # What was quoted with !r cannot be told from what was not: such a message keeps its text.
            if values is not None and "!r}" not in template:
                pieces = (self._find(value, depth - 1) for value in values)
                return {"message": FORMER.get(template, template), "values": dict(zip(names, pieces, strict=True))}
        return text


def get_values(parts: Sequence[str], text: str) -> list[str] | None:
    """Return what stands between these parts in a text; None if it is not made of them, in this order."""
    first, *middle, last = parts
    start, end = len(first), len(text) - len(last)
    if start > end or not text.startswith(first) or not text.endswith(last):
        return None
    values = []
    for part in middle:
        index = text.find(part, start, end)
        if index < 0:
            return None
        values.append(text[start:index])
        start = index + len(part)
    return [*values, text[start:end]]
