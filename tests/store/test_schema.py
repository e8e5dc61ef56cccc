"""The tables of a new store and of an upgraded one, and how making or upgrading them fails."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast

import pytest

from bot.errors import StoreError, StoreTooNew, StoreUnavailable
from bot.model.company import Company
from bot.store import migrate, open_store
from bot.store.engines.sqlite import baseline
from bot.store.engines.sqlite.database import SqliteDatabase
from bot.store.tables import metadata
from tests.store.checker import find_inconsistencies
from tests.store.children import Child, child, just_open
from tests.store.material import url_of
from tests.store.schema_reading import read_schema, split_definition
from tests.store.schemas import load_store

HALF_DONE = """
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before}

def upgrade() -> None:
    op.create_table("{table}", sa.Column("id", sa.Integer(), primary_key=True))
    op.execute("INSERT INTO {table} VALUES (1)")
    {also}
    {end}
"""


def tables_of(file: Path) -> dict[str, int]:
    """Return the tables of a file, with their numbers of rows."""
    with contextlib.closing(sqlite3.connect(file)) as rows:
        names = [row[0] for row in rows.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: rows.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}  # noqa: S608 - ours


def add_step(folder: Path, revision: str, before: str | None, table: str, *, also: str = "", end: str = "") -> None:
    code = HALF_DONE.format(revision=revision, before=repr(before), table=table, also=also or "pass", end=end or "pass")
    (folder / "versions" / f"s{revision}_{table}.py").write_text(code)
    migrate._read_scripts.cache_clear()


@pytest.fixture
def steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the migrations, which the program takes for its own."""
    own = Path(migrate.__file__).parent
    shutil.copytree(own / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrate, "_get_migrations_folder", lambda: tmp_path / "migrations")
    return tmp_path / "migrations"


async def make(file: Path, *names: str) -> None:
    """Make a store with these companies."""
    async with open_store(url_of(file)) as store, store.write() as tx:
        for name in names:
            await tx.companies.save(Company(name))


async def test_an_upgraded_store_has_the_schema_of_a_new_one(file: Path, new_file: Path) -> None:
    """To the last default, condition of an index, and option of the full-text index: every step from the oldest has run."""
    load_store("0001", file)
    assert read_schema(file) != read_schema(new_file)
    await make(file)
    assert read_schema(file) == read_schema(new_file)
    assert {("table", name) for name in metadata.tables} < read_schema(file).keys()


@pytest.mark.parametrize(
    "other",
    [
        "CREATE TABLE t (a TEXT DEFAULT '' NOT NULL, b INTEGER, CONSTRAINT c CHECK (a IN ('x', 'y, z')))",
        "CREATE TABLE t (b INTEGER, a TEXT DEFAULT '' NOT NULL, CONSTRAINT d UNIQUE (b), CONSTRAINT c CHECK (a IN ('x', 'y, z')))",
        "CREATE TABLE t (a TEXT NOT NULL, b INTEGER, CONSTRAINT d UNIQUE (b), CONSTRAINT c CHECK (a IN ('x', 'y, z')))",
        "CREATE TABLE t (a TEXT DEFAULT '' NOT NULL, b INTEGER, CONSTRAINT d UNIQUE (b), CONSTRAINT c CHECK (a IN ('x', 'y')))",
        "CREATE TABLE t (a TEXT DEFAULT ' ' NOT NULL, b INTEGER, CONSTRAINT d UNIQUE (b), CONSTRAINT c CHECK (a IN ('x', 'y, z')))",
    ],
    ids=["a constraint", "the order of columns", "a default", "a condition", "a blank in a default"],
)
def test_definitions_that_differ_are_told_apart(other: str) -> None:
    one = "CREATE TABLE t (a TEXT DEFAULT '' NOT NULL, b INTEGER, CONSTRAINT c CHECK (a IN ('x', 'y, z')), CONSTRAINT d UNIQUE (b))"
    same = one.replace(", CONSTRAINT d UNIQUE (b)", "").replace("b INTEGER,", "b INTEGER,\n CONSTRAINT d UNIQUE(b),")
    assert split_definition(same.replace("TABLE t", 'TABLE "t"')) == split_definition(one)
    assert split_definition(other) != split_definition(one)


MAKE_AND_LIST_MODULES = """
import asyncio, sys
from bot.store import open_store

async def make():
    async with open_store(f"sqlite:///{sys.argv[1]}"):
        pass

asyncio.run(make())
print([name for name in sys.modules if name.partition(".")[0] == "alembic"])
"""


def test_a_new_store_does_not_load_alembic(file: Path) -> None:
    """Loading it takes longer than making the tables. A forked process could have it from what loaded the code."""
    command = [sys.executable, "-c", MAKE_AND_LIST_MODULES, str(file)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    with contextlib.closing(sqlite3.connect(file)) as rows:
        assert rows.execute("SELECT version_num FROM alembic_version").fetchall() == [(migrate.get_newest_revision(),)]


async def test_opening_again_changes_nothing(file: Path) -> None:
    """A store that is up to date is not migrated again."""
    await make(file, "Alpha")
    before = tables_of(file)
    await make(file)
    assert tables_of(file) == before
    assert before["company"] == before["alembic_version"] == 1


async def test_a_store_of_a_newer_program_is_refused_unchanged(file: Path) -> None:
    """In one sentence that says what to do."""
    await make(file, "Alpha")
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    before = file.read_bytes()
    with pytest.raises(StoreTooNew, match=r"written by a newer version of Dealwire; update the program\.$"):
        async with open_store(url_of(file)):
            pytest.fail("it was opened")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("end", "error"),
    [("raise LookupError('a bug')", LookupError), ("op.execute('INSERT INTO nowhere VALUES (1)')", StoreError)],
    ids=["a bug in the step", "a statement that the engine refuses"],
)
async def test_a_step_that_fails_midway_leaves_nothing_half_done(
    end: str, error: type[Exception], steps: Path, file: Path
) -> None:
    """What it made is gone, what it changed is as it was, the step before it stands; mended, it runs."""
    await make(file, "Alpha")
    before = tables_of(file)
    with contextlib.closing(sqlite3.connect(file)) as rows:
        version = rows.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    change = "op.execute(\"UPDATE company SET name = 'Changed'\")"
    add_step(steps, "9001", version, "good")
    add_step(steps, "9002", "9001", "bad", also=change, end=end)
    with pytest.raises(error):
        await make(file)
    # The row in ``revision`` says that the upgrade has begun.
    assert tables_of(file) == {**before, "good": 1, "revision": 1}
    with contextlib.closing(sqlite3.connect(file)) as rows:
        assert rows.execute("SELECT version_num FROM alembic_version").fetchall() == [("9001",)]
        assert rows.execute("SELECT name FROM company").fetchall() == [("Alpha",)]
    add_step(steps, "9002", "9001", "bad", also=change)
    await make(file)
    assert tables_of(file) == {**before, "good": 1, "bad": 1}


async def test_tables_that_cannot_be_made_leave_an_empty_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(baseline, "_STATEMENTS", ("CREATE VIRTUAL TABLE story_search USING nothing",))
        with pytest.raises(StoreError):
            await make(file)
    assert tables_of(file) == {}
    await make(file, "Alpha")
    assert tables_of(file)["company"] == 1


def make_and_die(_pipe: Connection, file: Path) -> None:
    """Make the tables of a store, and kill this process before they are committed."""

    def create_and_die(_database: SqliteDatabase, *arguments: Any) -> None:
        baseline.create_tables(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    # In this process alone.
    cast("Any", SqliteDatabase).create_tables = create_and_die
    asyncio.run(make(file))


async def test_a_start_killed_with_half_its_tables_is_repeated(file: Path, new_file: Path) -> None:
    """The file that it leaves has no tables, and the next start makes them all."""
    with child(make_and_die, file) as program:
        await asyncio.to_thread(program.process.join, 60)
        assert program.process.exitcode == -signal.SIGKILL
    assert tables_of(file) == {}
    await make(file)
    assert read_schema(file) == read_schema(new_file)


async def test_the_database_of_another_program_is_refused_unchanged(file: Path) -> None:
    """It has a table of a name that we want; nothing of ours is put beside it."""
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("CREATE TABLE company (theirs TEXT)")
    with pytest.raises(StoreUnavailable, match="already exists"):
        await make(file)
    assert tables_of(file) == {"company": 0}


async def test_six_programs_can_create_one_store_at_once(tmp_path: Path) -> None:
    """One of them makes the tables; none fails, and none makes them twice. Twice over."""
    for number in range(2):
        file = tmp_path / f"{number}.db"
        with contextlib.ExitStack() as stack:
            starting: list[Child] = [stack.enter_context(child(just_open, url_of(file))) for _ in range(6)]
            assert [one.pipe.recv() for one in starting] == ["ready"] * 6
            for one in starting:
                one.pipe.send("go")
            assert [one.pipe.recv() for one in starting] == [0] * 6
        assert await find_inconsistencies(file) == []
