"""Moving a store between two databases: everything arrives, and what cannot be moved safely is refused."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from sqlalchemy import inspect

from bot.errors import DealwireError, SettingsError, StoreBusy, StoreMissing, StoreTooNew, StoreUnavailable
from bot.model.company import Company
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from bot.store import tables as t
from bot.store.backups import back_up_store
from bot.store.engines.movable import list_numbered_tables
from bot.store.engines.postgres.moving import WritablePostgresTables
from bot.store.moving import MOVED_TABLES, MovePhase, MoveReport, move_store
from tests.postgres import create_database, drop_database, get_connection_info
from tests.progress import remove_progress
from tests.store.commands import assert_one_sentence, run_dealwire
from tests.store.filling import ROWS, fill_all_tables
from tests.store.killing import kill_at_step
from tests.store.material import HandClock, draft, more, news, url_of
from tests.store.older import rebuild_at_revision

TABLES = [table.name for table in MOVED_TABLES]


@pytest.fixture
def server(postgres_url: str) -> str:
    """Return the URL of an empty store on a server."""
    return postgres_url


@pytest.fixture
def filled(file: Path, empty: bytes) -> str:
    """Return the URL of a file with rows in every table."""
    file.write_bytes(empty)
    fill_all_tables(file)
    return url_of(file)


@pytest.fixture
def new(file: Path, empty: bytes) -> Path:
    """Return a file with the tables that opening a store makes: it counts as empty, and making them takes seconds."""
    path = file.with_name("new.db")
    path.write_bytes(empty)
    return path


def ignore(_phase: MovePhase, _done: int, _total: int) -> None:
    """Take progress and do nothing."""


async def move(source: str, target: str) -> MoveReport:
    return await move_store(source, target, clock=HandClock(), report=ignore)


def read_all(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of all tables, and the ids that were ever used."""
    with contextlib.closing(sqlite3.connect(file)) as rows:
        content = {name: rows.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in TABLES}  # noqa: S608
        numbered = {table.name for table in list_numbered_tables(t.metadata)}
        ids = rows.execute("SELECT name, seq FROM sqlite_sequence ORDER BY name").fetchall()
        return {**content, "ids": [row for row in ids if row[0] in numbered]}


def change(file: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute(statement)


def run_on_server(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(get_connection_info(url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


async def test_every_table_arrives_there_and_back(filled: str, server: str, file: Path) -> None:
    before, content = read_all(file), file.read_bytes()
    report = await move(filled, server)
    assert [table.name for table in report.tables] == TABLES
    assert [table.row_count for table in report.tables] == [ROWS] * len(TABLES)
    counts = {name: run_on_server(server, f'SELECT count(*) FROM "{name}"') for name in TABLES}  # noqa: S608
    assert counts == {name: [(ROWS,)] for name in TABLES}
    assert file.read_bytes() == content
    back = file.with_name("back.db")
    assert (await move(server, url_of(back))).tables == report.tables
    assert read_all(back) == before


async def test_no_table_is_forgotten(filled: str, file: Path) -> None:
    """Each that a store has is moved, but for the revision and the index, which are made again, and the running processes."""
    async with open_store(filled) as store, store.read() as tx:
        names = set(await tx.connection.run_sync(lambda connection: inspect(connection).get_table_names()))
    assert {name for name in names if not name.startswith("story_search")} - {"alembic_version", "worker"} == set(
        TABLES
    )


async def test_a_store_moves_within_an_engine(filled: str, server: str, new: Path) -> None:
    other = create_database()
    try:
        reports = [
            await move(source, target)
            for source, target in (
                (filled, url_of(new)),
                (url_of(new), server),
                (server, other),
            )
        ]
    finally:
        drop_database(other)
    assert reports[0].tables == reports[1].tables == reports[2].tables


async def test_an_id_is_not_used_twice_after_a_move(filled: str, server: str, file: Path, new: Path) -> None:
    """Not even that of the newest row, if it was deleted before."""
    change(file, "DELETE FROM follow")
    await move(filled, server)
    async with open_store(server) as store, store.write() as tx:
        added = await tx.connection.execute(
            t.publication_draft.insert()
            .values(created_at=HandClock()(), content="")
            .returning(t.publication_draft.c.id)
        )
        assert added.scalar_one() == 7 * ROWS + 1
    (last_id,) = run_on_server(server, "SELECT last_value FROM follow_id_seq")
    assert last_id == (7 * ROWS,)
    run_on_server(server, "DELETE FROM publication_draft")
    await move(server, url_of(new))
    ids: dict[object, object] = dict(read_all(new)["ids"])  # type: ignore[arg-type]  # pairs
    assert (ids["follow"], ids["publication_draft"]) == (7 * ROWS, 7 * ROWS + 1)


async def test_the_full_text_index_is_made_again(store: Store, desk: Desk, file: Path, server: str, new: Path) -> None:
    """It is the same as the one that was made story by story, in both engines."""
    await desk.publish(
        draft("alpha-beta", news("Straße, Τιμή and Ærø"), news("Nothing", key="x", retracted="wrong")), actor="test"
    )
    await desk.publish(draft("gamma", news("日産 and hydrogen", date="2025")), actor="test")
    await desk.publish(more("gamma", news("A plant", date="by 2025-08")), actor="test")
    async with store.write() as tx:
        await tx.companies.save(Company("Alpha", aliases=("Ａ", "Al"), ticker="ALP"))
        await tx.fulltext.reindex_company("Alpha")
    before = read_index(file)
    # It is open in this test, and nobody writes to it.
    await move(url_of(file), server)
    await move(server, url_of(new))
    assert read_index(new) == before
    async with open_store(server) as moved, moved.write() as tx:
        rows = "SELECT story_id, body, terms::text FROM story_search ORDER BY story_id"
        indexed = run_on_server(server, rows)
        for slug, story_id in (await tx.stories.get_ids(["alpha-beta", "gamma"])).items():
            await tx.fulltext.index_story(story_id, await tx.stories.get(slug))
    assert [row[:2] for row in run_on_server(server, rows)] == [row[:2] for row in indexed]
    async with open_store(server) as moved, moved.read() as tx:
        assert len(await tx.fulltext.find_ids([["hydrog*"]])) == 1
        assert len(await tx.fulltext.find_ids([["al"]], parties=["al"])) == 2


def read_index(file: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as rows:
        found = rows.execute("SELECT rowid, headline, names, body FROM story_search ORDER BY rowid").fetchall()
    return [(*row[:2], sorted(row[2].split("\n")), row[3]) for row in found]


async def add_company(url: str) -> None:
    async with open_store(url) as store, store.write() as tx:
        await tx.companies.save(Company("Alpha"))


async def test_a_target_with_rows_is_refused(filled: str, server: str, file: Path, new: Path) -> None:
    for target in (server, url_of(new)):
        await add_company(target)
        with pytest.raises(StoreUnavailable, match="is not empty: its table company has rows"):
            await move(filled, target)
    change(file.with_name("notes.db"), "CREATE TABLE notes AS SELECT 1")
    with pytest.raises(StoreUnavailable, match="is not empty: its table notes has rows"):
        await move(filled, url_of(file.with_name("notes.db")))
    assert len(read_all(new)["company"]) == 1


async def test_an_older_target_with_rows_is_not_upgraded(filled: str, new: Path) -> None:
    await add_company(url_of(new))
    rebuild_at_revision(new, "0028")
    content = new.read_bytes()
    with pytest.raises(StoreUnavailable, match="is not empty"):
        await move(filled, url_of(new))
    assert new.read_bytes() == content


async def test_a_database_with_a_bot_is_refused(filled: str, server: str, file: Path) -> None:
    other = url_of(file.with_name("other.db"))
    for used, source, target in ((filled, filled, server), (server, filled, server), (server, server, other)):
        async with open_store(used) as store, store.join():
            with pytest.raises(StoreBusy, match=r"A bot is running on .*stop it before you move"):
                await move(source, target)
    assert not file.with_name("other.db").exists()


async def test_no_bot_starts_during_a_move(filled: str, server: str) -> None:
    refused: list[str] = []

    def start_bots(_phase: MovePhase, _done: int, _total: int) -> None:
        if not refused:
            refused.extend(asyncio.run(try_to_start(url)) for url in (filled, server))

    await move_store(filled, server, clock=HandClock(), report=start_bots)
    assert len(refused) == 2
    assert all("Another bot is running on" in sentence for sentence in refused)


async def try_to_start(url: str) -> str:
    try:
        async with open_store(url) as store, store.join():
            return "started"
    except StoreBusy as error:
        return str(error)


async def test_a_database_that_is_written_is_refused(
    filled: str, server: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.engines.sqlite.moving.LOCK_SECONDS", 0.05)
    monkeypatch.setattr("bot.store.engines.postgres.moving.LOCK_SECONDS", 0.05)
    with FileLock(f"{file}.lock"), pytest.raises(StoreBusy, match="in use by another program"):
        await move(filled, server)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as rows:
        rows.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="locked by another program"):
            await move(filled, server)
    with psycopg.connect(get_connection_info(server)) as connection:
        connection.execute("INSERT INTO company (name) VALUES ('Alpha')")
        with pytest.raises(StoreBusy, match="in use by another program"):
            await move(filled, server)
        connection.rollback()
    await move(filled, server)
    with psycopg.connect(get_connection_info(server)) as connection:
        connection.execute("UPDATE company SET country = 'JP'")
        with pytest.raises(StoreBusy, match="in use by another program"):
            await move(server, url_of(file.with_name("back.db")))


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda file: file.unlink(), StoreMissing, "There is no database at"),
        (
            lambda file: rebuild_at_revision(file, "0030"),
            StoreUnavailable,
            "has the tables of an older version; upgrade",
        ),
        (lambda file: change(file, "UPDATE alembic_version SET version_num = '9999'"), StoreTooNew, "newer version"),
        (lambda file: file.write_bytes(b"no database" * 500), StoreUnavailable, "is not an intact SQLite database"),
        (lambda file: change(file, "DROP TABLE story"), StoreUnavailable, "is not a database of Dealwire"),
    ],
)
async def test_a_source_that_cannot_be_moved_is_refused(
    filled: str, file: Path, make: Callable[[Path], object], error: type[DealwireError], words: str
) -> None:
    make(file)
    content = file.read_bytes() if file.exists() else None
    with pytest.raises(error, match=words):
        await move(filled, url_of(file.with_name("new.db")))
    assert (file.read_bytes() if file.exists() else None) == content
    assert not file.with_name("new.db").exists()


async def test_an_older_store_on_a_server_is_refused(server: str, file: Path) -> None:
    for revision, error in (("0030", StoreUnavailable), ("9999", StoreTooNew)):
        run_on_server(server, f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - ours
        with pytest.raises(error, match="version"):
            await move(server, url_of(file))
    run_on_server(server, "DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    with pytest.raises(StoreMissing):
        await move(server, url_of(file))
    assert not file.exists()


async def test_a_backup_is_not_moved(filled: str, server: str, file: Path) -> None:
    """It would post again what was posted since."""
    backup = file.with_name("monday.db")
    await back_up_store(filled, backup, clock=HandClock(), report=lambda _done, _total: None)
    with pytest.raises(StoreUnavailable, match="is a backup; restore it"):
        await move(url_of(backup), server)


async def test_a_database_is_not_moved_into_itself(filled: str, server: str, file: Path) -> None:
    file.with_name("link.db").symlink_to(file)
    for name in ("dealwire.db", "link.db", "dealwire.db.lock", "dealwire.db-wal"):
        with pytest.raises(StoreUnavailable, match="is the database that is to be moved"):
            await move(filled, url_of(file.with_name(name)))
    for same in (server, f"{server}&connect_timeout=9" if "?" in server else f"{server}?connect_timeout=9"):
        with pytest.raises(StoreUnavailable, match="is the database that is to be moved"):
            await move(server, same)


@pytest.mark.parametrize(
    "target",
    [
        "postgresql://user:hush-hush@host",
        "mysql://user:hush-hush@host/news",
        "sqlite://",
        "hush-hush",
        "postgresql://u:hush-hush@h:x/y",
    ],
)
async def test_a_wrong_url_is_refused_by_the_options_name(filled: str, target: str) -> None:
    with pytest.raises(SettingsError, match=r"^--to: ") as caught:
        await move(filled, target)
    assert "hush-hush" not in str(caught.value)


async def test_a_server_that_cannot_be_reached_is_said(filled: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"news on 127\.0\.0\.1 can't be reached") as caught:
        await move(filled, "postgresql://bot:hush-hush@127.0.0.1:1/news")
    assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE company SET name = 'Al' || char(0) WHERE id = 14",
            "the table company, id 14, the column name holds a NUL",
        ),
        (
            "UPDATE post SET attempts = 3000000000 WHERE id = 7",
            "table post, id 7, the column attempts holds no integer of 32",
        ),
        ("UPDATE post SET attempts = 'many' WHERE id = 7", "table post, id 7, the column attempts holds no integer"),
        ("UPDATE tracked SET vector = 'text' WHERE id = 7", "table tracked, id 7, the column vector holds no bytes"),
        ("UPDATE company SET name = x'00ff' WHERE id = 7", "table company, id 7, the column name holds no text"),
        (
            "UPDATE company SET name = CAST(x'eda080' AS TEXT) WHERE id = 7",
            "in the table company, id 7, the column name is not valid UTF-8",
        ),
        ("DELETE FROM story WHERE id = 7", "does not take the rows of the table .*foreign key constraint"),
    ],
)
async def test_what_a_server_cannot_hold_is_named(
    filled: str, server: str, file: Path, statement: str, words: str
) -> None:
    """By its table, row and column. Nothing was moved, and the corrected store can be."""
    content = file.read_bytes()
    change(file, statement)
    with pytest.raises(StoreUnavailable, match=words) as caught:
        await move(filled, server)
    assert str(caught.value).isprintable()
    assert run_on_server(server, "SELECT count(*) FROM guild") == [(0,)]
    file.write_bytes(content)
    await move(filled, server)


class Interrupted:
    """A move that is cancelled once it reports a phase, if one is given."""

    def __init__(self, source: str, target: str, phase: MovePhase | None) -> None:
        self._loop = asyncio.get_running_loop()
        self._phase = phase
        self.task = asyncio.create_task(move_store(source, target, clock=HandClock(), report=self.report))

    def report(self, phase: MovePhase, _done: int, _total: int) -> None:
        """Cancel the move, in the move's own thread."""
        if phase is self._phase and not self.task.cancelling():
            self.cancel()

    def cancel(self) -> None:
        """Cancel the move, and return when it knows."""
        asyncio.run_coroutine_threadsafe(self._cancel(), self._loop).result(30)

    async def _cancel(self) -> None:
        self.task.cancel()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_a_move_that_was_cancelled_too_late_is_reported(
    filled: str, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise nobody would know that both databases are full."""
    interrupted = Interrupted(filled, server, None)
    commit = WritablePostgresTables.commit

    def commit_and_cancel(tables: WritablePostgresTables) -> None:
        commit(tables)
        interrupted.cancel()

    monkeypatch.setattr(WritablePostgresTables, "commit", commit_and_cancel)
    assert len((await interrupted.task).tables) == len(TABLES)


@pytest.mark.parametrize("phase", list(MovePhase))
async def test_a_cancelled_move_leaves_an_empty_target(
    filled: str, server: str, file: Path, new: Path, phase: MovePhase
) -> None:
    content = file.read_bytes()
    for target in (server, url_of(new)):
        interrupted = Interrupted(filled, target, phase)
        with pytest.raises(asyncio.CancelledError):
            await interrupted.task
    assert run_on_server(server, "SELECT count(*) FROM guild") == [(0,)]
    assert not any(rows for name, rows in read_all(new).items() if name != "ids")
    assert file.read_bytes() == content
    await move(filled, server)


async def test_a_failed_move_leaves_no_new_file(filled: str, file: Path) -> None:
    """Otherwise a bot could start on it."""
    change(file, "DELETE FROM story WHERE id = 7")
    with pytest.raises(StoreUnavailable, match=r"row 7 of the table .* refers to a row of story that is missing"):
        await move(filled, url_of(file.with_name("other.db")))
    assert list(file.parent.glob("other.db*")) == []


def move_and_die(_pipe: Connection, file: Path, step: int) -> None:
    """Move a store, and kill this process at a step: at so many calls of progress."""
    steps = 0

    def count(_phase: MovePhase, _done: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == step:
            os.kill(os.getpid(), signal.SIGKILL)

    target = file.with_name("target").read_text()
    asyncio.run(move_store(url_of(file), target, clock=HandClock(), report=count))


@pytest.mark.parametrize("step", [1, 2 * len(TABLES) + 1])
async def test_a_killed_move_can_be_begun_again(filled: str, server: str, file: Path, new: Path, step: int) -> None:
    """At its beginning, and when only the commit is missing."""
    for target in (server, url_of(new)):
        file.with_name("target").write_text(target)
        assert kill_at_step(move_and_die, file, step)
        async with open_store(target) as store, store.read() as tx:
            assert await tx.stories.count() == 0
        await move(filled, target)


async def test_the_command_says_what_was_moved_and_what_is_next(filled: str, file: Path, new: Path) -> None:
    """Counts and digests go to standard output, and progress to standard error."""
    with run_dealwire("move", "--to", url_of(new), database=file) as command:
        result = await asyncio.to_thread(command.outcome)
    assert (result.status, remove_progress(result.err)) == (0, "")
    *tables, moved, then = result.out.splitlines()
    assert [line.split()[:2] for line in tables] == [[name, str(ROWS)] for name in TABLES]
    assert len({line.split()[2] for line in tables}) == len(TABLES)
    assert moved == (
        f"Moved {ROWS * len(TABLES)} rows of {len(TABLES)} tables from {file} to {new}. Each table has the same number of rows"
        " and the same digest in both."
    )
    assert then.startswith(f"{file} is as it was. Now set DATABASE_URL to the new database and start the bot.")
    with run_dealwire("move", "--to", url_of(new), database=file) as command:
        assert_one_sentence(await asyncio.to_thread(command.outcome), "is not empty")
