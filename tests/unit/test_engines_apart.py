"""No code but the engines' own knows which database is in use."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: What may know: the engines, what belongs to one of them, and the migrations, of which the first ones only SQLite has.
OWN = ("bot/store/engines/", "bot/store/fulltext/", "bot/store/migrations/")
#: Where a table's own options for an engine stand, which SQLAlchemy ignores on the others.
TABLES = "bot/store/tables/"
#: The default of DATABASE_URL and the URLs of temporary databases: values, not code that depends on them.
URL = re.compile(r"^sqlite:///")
WORDS = re.compile(
    r"sqlite|aiosqlite|postgres|psycopg|pragma\b|json_each|json_extract|jsonb|fts5|tsvector|tsquery|rowid|pg_\w+"
    r"|\.dialect\b|sqlite_master|autoincrement",
    re.IGNORECASE,
)


def list_modules() -> list[Path]:
    modules = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("cogs/**/*.py")]
    return [path for path in modules if not str(path.relative_to(ROOT)).startswith((*OWN, TABLES))]


def find_knowledge(source: str) -> list[str]:
    """Return the names, attributes, imports and texts of code, without comments and docstrings, that name an engine."""
    tree = ast.parse(source)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=str(word)) | ast.arg(arg=word):
                found += [word] if WORDS.search(f".{word}") else []
            case ast.ImportFrom() | ast.Import():
                names = [getattr(node, "module", None) or "", *(each.name for each in node.names)]
                found += [name for name in names if WORDS.search(name)]
            case ast.Constant(value=str(text)) if id(node) not in docstrings and not URL.match(text):
                found += [text] if WORDS.search(text) else []
    return found


#: Sentences for people, and settings, which must name what can be chosen.
ALLOWED = {
    "bot/__main__.py": {
        "the database, such as sqlite:///data/dealwire.db",
        "move --to postgresql://dealwire@localhost/dealwire",
        "move --to sqlite:///data/dealwire.db --database postgresql://dealwire@localhost/dealwire",
    },
    "bot/settings.py": {
        "the database with all stories, follows and posts; `postgresql://user@host/database` needs the extra `postgres`"
    },
    "bot/terminal/check/program.py": {"POSTGRES"},
    "bot/extras.py": {
        "POSTGRES",
        "postgres",
        "psycopg",
        "the database can be on a PostgreSQL server",
        "the database cannot be on a PostgreSQL server",
    },
}


@pytest.mark.parametrize("path", list_modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_other_code_names_an_engine(path: Path) -> None:
    allowed = ALLOWED.get(str(path.relative_to(ROOT)), set())
    assert [word for word in find_knowledge(path.read_text()) if word not in allowed] == []


@pytest.mark.parametrize(
    "line",
    [
        "from bot.store.engines.sqlite.database import SqliteDatabase",
        "import sqlite3",
        "query = func.json_each(x)",
        'text("PRAGMA user_version")',
        'if connection.dialect.name == "x": pass',
        "insert(t).on_conflict(postgresql_where=x)",
        'text("SELECT rowid FROM story_search")',
    ],
)
def test_knowledge_is_found(line: str) -> None:
    assert find_knowledge(f'"""Docstrings may say sqlite."""\n{line}\n')
