"""The tables that the migrations make, and how a migration fails."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import StoreError, StoreTooNew, StoreUnavailable
from bot.model.company import Company
from bot.store import migrate, open_store
from bot.store.tables import metadata
from tests.store.checker import find_inconsistencies
from tests.store.children import Child, child, just_open
from tests.store.material import url_of
from tests.store.schema_reading import described, looking_at

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


async def test_migrations_create_the_expected_tables(file: Path) -> None:
    """Alembic finds no difference between a migrated file and the table definitions, the search's own tables apart."""
    await make(file)
    with looking_at(file) as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    assert [entry for entry in found if "story_search" not in str(entry)] == []


async def test_migrations_create_the_same_constraints(file: Path) -> None:
    """And defaults. Alembic looks at neither: the words of an enum must be the same in the migrations and the program."""
    await make(file)
    with looking_at(file) as migrated, looking_at(None) as defined:
        expected, found = described(defined), described(migrated)
        assert set(expected) == set(metadata.tables)
        assert found == expected


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


async def test_a_first_step_that_fails_midway_leaves_an_empty_file(steps: Path, file: Path) -> None:
    """Not even Alembic's own table."""
    shutil.rmtree(steps / "versions")
    (steps / "versions").mkdir()
    add_step(steps, "9001", None, "bad", end="raise LookupError('a bug')")
    with pytest.raises(LookupError):
        await make(file)
    assert tables_of(file) == {}


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
            starting: list[Child] = [stack.enter_context(child(just_open, file)) for _ in range(6)]
            assert [one.pipe.recv() for one in starting] == ["ready"] * 6
            for one in starting:
                one.pipe.send("go")
            assert [one.pipe.recv() for one in starting] == [0] * 6
        assert await find_inconsistencies(file) == []
