"""Restoring a backup: what is refused, what is kept, and that a kill leaves one store, whole."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import sqlite3
import stat
from collections.abc import Callable
from datetime import datetime
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.cards import custom_ids
from bot.cards.custom_ids import CustomId
from bot.errors import StoreBusy, StoreTooNew, StoreUnavailable
from bot.model.company import Company
from bot.store import Store, open_store
from bot.store.backups import RestoreReport, back_up_store, restore_store
from bot.store.engines.sqlite.database_check import SQLITE_HEADER
from bot.store.engines.sqlite.restore import Restoration, open_restoration
from tests.progress import remove_progress
from tests.store.children import child, hold_lock_file
from tests.store.commands import assert_one_sentence, run_dealwire
from tests.store.killing import StepKiller, kill_at_step
from tests.store.material import START, HandClock, url_of
from tests.store.older import rebuild_at_revision
from tests.store.schemas import load_store

#: The fields of buttons that hold the id of a row, and the row's table; none if a click only shows a list.
ROW_ID = re.compile(r"\(\?P<(\w+)>\\d\{1,18\}\)")
TABLES_OF_IDS = {
    "after_delivery": "",
    "until_delivery": "",
    "development_id": "development",
    "draft_id": "publication_draft",
    "event_id": "expected_event",
    "follow_id": "follow",
    "post_id": "post",
    "report_id": "reader_note",
    "review_id": "review",
    "split_id": "story_split",
    "term_id": "term",
    "value": "failure",
}


def ignore(_done: int, _total: int) -> None:
    """Take progress and do nothing."""


async def add(file: Path, name: str) -> None:
    async with open_store(url_of(file)) as store, store.write() as tx:
        await tx.companies.save(Company(name))


async def names(file: Path) -> list[str]:
    async with open_store(url_of(file)) as store, store.read() as tx:
        return [company.name for company in await tx.companies.list_all()]


async def restore(file: Path, backup: Path) -> RestoreReport:
    return await restore_store(url_of(file), backup, clock=HandClock(), report=ignore)


def read(file: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as rows:
        return rows.execute(query).fetchall()


def is_whole(file: Path) -> bool:
    return read(file, "PRAGMA integrity_check") == [("ok",)] and not read(file, "PRAGMA foreign_key_check")


def write(file: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute(statement)


def leave_log(file: Path) -> None:
    """Add a company that is only in the log, as a killed process leaves it."""
    with child(add_and_hold, file) as process:
        assert process.pipe.recv() == "added"
        process.process.kill()
        process.process.join()
    assert file.with_name(file.name + "-wal").stat().st_size


def add_and_hold(pipe: Connection, file: Path) -> None:
    """Add a company in the log, and wait to be killed with the database open."""
    rows = sqlite3.connect(file)
    rows.execute("PRAGMA journal_mode = WAL")
    rows.execute("INSERT INTO company (name, country, ticker) VALUES ('Logged', '', '')")
    rows.commit()
    pipe.send("added")
    pipe.recv()


@pytest.fixture
async def backup(file: Path, empty: bytes, tmp_path: Path) -> Path:
    """Return a backup with the company Alpha, in a folder of its own; the database has Beta too."""
    file.write_bytes(empty)
    await add(file, "Alpha")
    (tmp_path / "backups").mkdir()
    target = tmp_path / "backups" / "monday.db"
    await back_up_store(url_of(file), target, clock=HandClock(), report=ignore)
    await add(file, "Beta")
    return target


def files(file: Path) -> list[str]:
    """Return the database and what is beside it, without the lock files."""
    found = (path.name for path in file.parent.glob(f"{file.name}*"))
    return sorted(name for name in found if not name.endswith((".lock", ".bot")))


async def test_a_restore_keeps_the_backup_and_the_former_store(file: Path, backup: Path) -> None:
    before = backup.read_bytes()
    report = await restore(file, backup)
    assert await names(file) == ["Alpha"]
    assert report.former == file.with_name("dealwire.db.before-restore-20260101T120000Z")
    assert report.made_at == START
    assert await names(report.former) == ["Alpha", "Beta"]
    assert backup.read_bytes() == before
    assert [path.name for path in backup.parent.iterdir()] == ["monday.db"]
    assert is_whole(file)
    assert read(file, "SELECT noun FROM revision WHERE noun LIKE 'backed%'") == []
    assert {stat.S_IMODE(path.stat().st_mode) for path in file.parent.glob("dealwire.db*")} == {0o600}


async def test_the_former_store_can_be_restored_again(file: Path, backup: Path) -> None:
    """It does not say when it was made, and is not overwritten by a second one."""
    former = (await restore(file, backup)).former
    assert former is not None
    report = await restore(file, former)
    assert report.made_at is None
    assert await names(file) == ["Alpha", "Beta"]
    assert report.former != former
    assert former.exists()


async def test_what_is_only_in_the_log_is_kept(file: Path, backup: Path) -> None:
    leave_log(file)
    report = await restore(file, backup)
    assert await names(file) == ["Alpha"]
    assert report.former is not None
    assert await names(report.former) == ["Alpha", "Beta", "Logged"]


async def test_a_copied_folder_is_restored_with_its_log(file: Path, backup: Path, tmp_path: Path) -> None:
    """As it was copied by hand from a bot that was killed, also through a link to the file."""
    leave_log(file)
    shutil.copytree(file.parent, tmp_path / "copied", ignore=shutil.ignore_patterns("backups"))
    await restore(file, backup)
    copied = tmp_path / "copied" / file.name
    await restore(file, copied)
    assert await names(file) == ["Alpha", "Beta", "Logged"]
    assert copied.with_name(f"{file.name}-wal").stat().st_size
    await restore(file, backup)
    backup.with_name("link.db").symlink_to(copied)
    await restore(file, backup.with_name("link.db"))
    assert await names(file) == ["Alpha", "Beta", "Logged"]


async def test_a_new_machine_gets_the_store(backup: Path, tmp_path: Path) -> None:
    file = tmp_path / "new" / "data" / "dealwire.db"
    report = await restore(file, backup)
    assert report.former is None
    assert await names(file) == ["Alpha"]
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def test_a_failed_restore_on_a_new_machine_leaves_nothing(backup: Path, tmp_path: Path) -> None:
    """Otherwise the first start would ask where the database is."""
    write(backup, "UPDATE alembic_version SET version_num = '9999'")
    file = tmp_path / "new" / "dealwire.db"
    with pytest.raises(StoreTooNew):
        await restore(file, backup)
    assert list(file.parent.iterdir()) == []
    assert await names(file) == []


@pytest.mark.parametrize("log", ["-wal", "-journal"])
async def test_a_log_without_a_database_is_kept_apart(file: Path, backup: Path, log: str) -> None:
    """SQLite would take it for that of the restored database."""
    file.unlink()
    file.with_name(file.name + log).write_bytes(b"what is left")
    report = await restore(file, backup)
    assert await names(file) == ["Alpha"]
    assert report.former is not None
    assert report.former.with_name(report.former.name + log).read_bytes() == b"what is left"


async def test_a_damaged_database_is_kept_with_its_log(file: Path, backup: Path) -> None:
    leave_log(file)
    with file.open("r+b") as damaged:
        damaged.write(b"damaged" * 1000)
    content, log = file.read_bytes(), file.with_name(file.name + "-wal").read_bytes()
    report = await restore(file, backup)
    assert await names(file) == ["Alpha"]
    assert report.former is not None
    assert report.former.read_bytes() == content
    assert report.former.with_name(report.former.name + "-wal").read_bytes() == log


async def test_an_older_backup_is_upgraded_as_a_copy(file: Path, backup: Path) -> None:
    """Without a copy of its own beside it: the backup is still there."""
    rebuild_at_revision(backup, "0028")
    before = backup.read_bytes()
    report = await restore(file, backup)
    assert report.is_upgraded
    assert backup.read_bytes() == before
    assert await names(file) == ["Alpha"]
    assert report.former is not None
    assert files(file) == [file.name, report.former.name]


async def test_ids_in_old_buttons_are_not_given_out_again(file: Path, backup: Path) -> None:
    """A message of after the backup may have a button for any row that buttons name by its id."""
    await restore(file, backup)
    write(file, "INSERT INTO publication_draft (created_at, content) VALUES ('', '')")
    assert read(file, "SELECT id > 1000000000 FROM publication_draft") == [(1,)]
    named = {
        name
        for value in vars(custom_ids).values()
        if isinstance(value, CustomId)
        for name in ROW_ID.findall(value.pattern)
    }
    assert named == set(TABLES_OF_IDS)
    skipping = {name for (name,) in read(file, "SELECT name FROM sqlite_sequence WHERE seq >= 1000000000")}
    assert {table for table in TABLES_OF_IDS.values() if table} - skipping == set()


@pytest.mark.parametrize("revision", ["0001", "0015", "0029"])
async def test_a_backup_of_a_former_version_is_restored(
    file: Path, backup: Path, tmp_path: Path, revision: str
) -> None:
    """With the tables of this version, and posts in doubt that were open."""
    older = tmp_path / "older.db"
    load_store(revision, older)
    waiting = read(older, "SELECT count(*) FROM post WHERE state IN ('pending', 'leased')")
    report = await restore(file, older)
    assert backup.exists()
    assert report.is_upgraded
    assert [(report.counts.open_posts,)] == waiting
    assert is_whole(file)
    assert "Nissan" in await names(file)


@pytest.mark.parametrize("name", ["two\nlines", "red \x1b[31m", "no \udcff text"])
async def test_a_sentence_shows_no_raw_name(file: Path, backup: Path, name: str) -> None:
    """It stays one line, and no terminal obeys it. Such a backup can be restored."""
    strange = backup.with_name(name)
    for content in (None, b"", (SQLITE_HEADER + b"damaged" * 1000)):
        if content is not None:
            strange.write_bytes(content)
        with pytest.raises(StoreUnavailable) as caught:
            await restore(file, strange)
        assert str(caught.value).isprintable()
    backup.replace(strange)
    await restore(file, strange)
    assert await names(file) == ["Alpha"]


async def test_only_one_restore_runs(file: Path, backup: Path) -> None:
    with open_restoration(file, backup), pytest.raises(StoreBusy, match="or another restore"):
        await restore(file, backup)
    assert await names(file) == ["Alpha", "Beta"]


async def test_a_newer_database_may_be_replaced(file: Path, backup: Path) -> None:
    """The way back to an older version of the program."""
    write(file, "UPDATE alembic_version SET version_num = '9999'")
    await restore(file, backup)
    assert await names(file) == ["Alpha"]


def make_text(backup: Path) -> None:
    backup.write_text("no database at all")


def make_empty(backup: Path) -> None:
    backup.write_bytes(b"")


def damage(backup: Path) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[:8192] + b"\xff" * 65_536 + content[73_728:])


def cut_off(backup: Path) -> None:
    backup.write_bytes(backup.read_bytes()[:-8192])


def orphan(backup: Path) -> None:
    write(backup, "INSERT INTO delivery (development_id, destination_id, created_at) VALUES (99, 99, '')")


def make_foreign(backup: Path) -> None:
    backup.unlink()
    write(backup, "CREATE TABLE alembic_version (version_num TEXT)")
    write(backup, "INSERT INTO alembic_version VALUES ('0028')")


def make_newer(backup: Path) -> None:
    write(backup, "UPDATE alembic_version SET version_num = '9999'")


def remove(backup: Path) -> None:
    backup.unlink()


def make_folder(backup: Path) -> None:
    backup.unlink()
    backup.mkdir()


def make_pipe(backup: Path) -> None:
    backup.unlink()
    os.mkfifo(backup)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (make_text, "is not a SQLite database"),
        (make_empty, "is not a SQLite database"),
        (damage, "is damaged"),
        (cut_off, "is damaged"),
        (orphan, "is damaged"),
        (make_foreign, "is not a database of Dealwire"),
        (make_newer, "was written by a newer version"),
        (remove, "There is no file"),
        (make_folder, "is a folder"),
        (make_pipe, "is not a regular file"),
    ],
)
async def test_a_file_that_is_no_backup_is_refused(
    file: Path, backup: Path, change: Callable[[Path], None], words: str
) -> None:
    """And the store stays in use as it was."""
    change(backup)
    with pytest.raises((StoreUnavailable, StoreTooNew), match=words):
        await restore(file, backup)
    assert await names(file) == ["Alpha", "Beta"]
    assert files(file) == [file.name]


@pytest.mark.parametrize("name", ["dealwire.db", "dealwire.db.lock", "backups/../dealwire.db", "link.db"])
async def test_the_database_itself_is_no_backup(file: Path, backup: Path, name: str) -> None:
    file.with_name("link.db").symlink_to(file)
    assert backup.exists()
    with pytest.raises(StoreUnavailable, match="is a file of the database itself"):
        await restore(file, file.parent / name)


async def test_another_programs_database_is_not_replaced(file: Path, backup: Path) -> None:
    file.unlink()
    write(file, "CREATE TABLE notes (text TEXT)")
    with pytest.raises(StoreUnavailable, match="belongs to another program"):
        await restore(file, backup)
    assert files(file) == [file.name]


async def test_a_store_with_a_bot_is_not_replaced(file: Path, backup: Path) -> None:
    async with open_store(url_of(file)) as store, store.join():
        with pytest.raises(StoreBusy, match="A bot is running on"):
            await restore(file, backup)
    assert await names(file) == ["Alpha", "Beta"]


async def test_a_store_with_a_command_is_not_replaced(
    file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it holds the lock of a write or only has the database open."""
    monkeypatch.setattr("bot.store.engines.sqlite.restore.LOCK_SECONDS", 0.05)
    with child(hold_lock_file, file) as other:
        assert other.pipe.recv() == "held"
        with pytest.raises(StoreBusy, match="in use by another program"):
            await restore(file, backup)
    with child(add_and_hold, file) as other:
        assert other.pipe.recv() == "added"
        with pytest.raises(StoreBusy, match="in use by another program"):
            await restore(file, backup)
    assert await names(file) == ["Alpha", "Beta", "Logged"]
    assert files(file) == [file.name]


async def test_a_full_disk_leaves_the_store(file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(StoreUnavailable, match="too little room"):
        await restore(file, backup)
    assert await names(file) == ["Alpha", "Beta"]
    assert files(file) == [file.name]


async def test_an_interrupted_restore_leaves_the_store(file: Path, backup: Path) -> None:
    """As with Ctrl+C, while the backup is copied."""
    loop = asyncio.get_running_loop()

    def interrupt(_done: int, _total: int) -> None:
        loop.call_soon_threadsafe(restoring.cancel)

    restoring = asyncio.create_task(restore_store(url_of(file), backup, clock=HandClock(), report=interrupt))
    with pytest.raises(asyncio.CancelledError):
        await restoring
    assert await names(file) == ["Alpha", "Beta"]
    assert files(file) == [file.name]


async def test_a_restore_that_ends_says_so(file: Path, backup: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C while the store is being replaced comes too late."""
    loop, replace_database = asyncio.get_running_loop(), Restoration.replace_database

    def interrupt(restoration: Restoration, now: datetime) -> Path | None:
        loop.call_soon_threadsafe(restoring.cancel)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(30)
        return replace_database(restoration, now)

    monkeypatch.setattr(Restoration, "replace_database", interrupt)
    restoring = asyncio.create_task(restore(file, backup))
    assert (await restoring).former is not None
    assert await names(file) == ["Alpha"]


def restore_and_die(pipe: Connection, file: Path, step: int) -> None:
    """Restore, and be killed before a step that changes a file; report the number of steps if there are fewer."""
    with StepKiller(step) as killer:
        asyncio.run(restore(file, file.parent / "backups" / "monday.db"))
    pipe.send(killer.steps)


@pytest.mark.parametrize("is_damaged", [False, True], ids=["intact", "damaged"])
async def test_a_kill_at_any_step_leaves_one_store_whole(file: Path, backup: Path, is_damaged: bool) -> None:
    """The old one with its log, or the new one; and the next run finishes what the killed one began."""
    leave_log(file)
    log = file.with_name(file.name + "-wal")
    if is_damaged:
        with file.open("r+b") as damaged:
            damaged.write(b"damaged" * 1000)
    parts = {path: path.read_bytes() for path in (file, log)}
    step, outcomes = 1 + is_damaged, set()
    # Every second step of one store, and the others of the other.
    while kill_at_step(restore_and_die, file, step):
        step += 2
        if is_damaged and file.read_bytes() == parts[file]:
            # The log is beside its database, or both are kept together.
            assert log.exists() or list(file.parent.glob("*.before-restore-*Z-wal"))
            outcomes.add("old")
        else:
            found = sorted(read(file, "SELECT name FROM company"))
            assert found in ([("Alpha",)], [("Alpha",), ("Beta",), ("Logged",)])
            assert is_whole(file)
            outcomes.add("new" if len(found) == 1 else "old")
        if step % 10 == 0 or step % 11 == 0:
            await restore(file, backup)
            assert await names(file) == ["Alpha"]
            assert not list(file.parent.glob("*.restoring-*"))
        for path in file.parent.glob("dealwire.db*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, content in parts.items():
            path.write_bytes(content)
    assert outcomes == {"old", "new"}
    assert await names(file) == ["Alpha"]


async def test_the_command_says_what_it_did(file: Path, empty: bytes, store: Store) -> None:
    """In words on which an operator can act."""
    backup = file.with_name("copy.db")
    backup.write_bytes(empty)
    new = file.with_name("new.db")
    with run_dealwire("restore", str(backup), database=new) as command:
        result = command.outcome()
    assert (result.status, remove_progress(result.err)) == (0, "")
    assert result.out.startswith(f"Restored {new} from {backup}, which does not say when it was made.\n")
    assert "PRIVACY.md" in result.out
    async with store.join():
        with run_dealwire("restore", str(backup), database=file) as command:
            assert_one_sentence(command.outcome(), "A bot is running on")
