"""Read the schema of a database in a form that can be compared."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from pathlib import Path

#: A quoted name or text, a word, or a sign.
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"[^"]*"|\w+|\S""")


def read_schema(file: Path) -> dict[tuple[str, str], tuple[list[str], list[str]]]:
    """Return the definition of everything in a file by its type and name: columns in their order, and constraints sorted.

    The order of constraints, blanks and quotes around names say nothing. SQLite's own tables and indexes are left out.
    """
    with contextlib.closing(sqlite3.connect(file)) as rows:
        found = rows.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        return {(kind, name): split_definition(definition) for kind, name, definition in found}


def split_definition(definition: str) -> tuple[list[str], list[str]]:
    """Return the parts of a definition in their order, and its named constraints sorted."""
    parts, words, depth = [], list[str](), 0
    for token in _TOKEN.findall(definition):
        depth += (token == "(") - (token == ")")
        if (token == "," and depth == 1) or (token == "(" and depth == 1):
            parts.append(" ".join(words))
            words = []
        else:
            words.append(token.strip('"'))
    parts.append(" ".join(words).removesuffix(" )"))
    constraints = [part for part in parts if part.startswith("CONSTRAINT ")]
    return [part for part in parts if part not in constraints], sorted(constraints)
