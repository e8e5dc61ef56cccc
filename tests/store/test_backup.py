"""A backup is whole, private, made while others write, and never under its name before it is."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import stat
import threading
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.errors import StoreMissing, StoreTooNew, StoreUnavailable
from bot.store import Store, open_store
from bot.store.backups import back_up_store
from bot.store.engines.sqlite import backup as backup_module
from bot.store.engines.sqlite import file_copies
from bot.store.engines.sqlite.backup import back_up
from bot.store.engines.sqlite.database_check import check_intact, open_connection, read_backup_time
from bot.store.engines.sqlite.database_files import DatabaseFiles
from bot.store.engines.sqlite.file_copies import CopyStopped
from tests.progress import remove_progress
from tests.store.checker import find_inconsistencies
from tests.store.children import child, write_for_ever
from tests.store.commands import assert_one_sentence, run_dealwire
from tests.store.killing import StepKiller, kill_at_step
from tests.store.material import START, HandClock, url_of
from tests.store.older import rebuild_at_revision


def ignore(_done: int, _total: int) -> None:
    """Take progress and do nothing."""


async def save(file: Path, target: Path) -> None:
    await back_up_store(url_of(file), target, clock=HandClock(), report=ignore)


def names(folder: Path) -> set[str]:
    """Return the files of a folder that are not the store's."""
    return {path.name for path in folder.iterdir() if not path.name.startswith("dealwire.db")}


async def slugs_in(file: Path) -> tuple[str, ...]:
    async with open_store(url_of(file)) as store, store.read() as tx:
        return tuple(await tx.stories.list_slugs())


async def test_a_backup_has_what_was_acknowledged_before(file: Path, tmp_path: Path) -> None:
    """While another process writes: everything of before is there, and nothing is half there."""
    target = tmp_path / "copy.db"
    with child(write_for_ever, url_of(file), "run") as writer:
        before = [writer.pipe.recv() for _ in range(5)]
        await save(file, target)
        assert writer.process.is_alive()
    assert {slug for slug, _ in before} <= set(await slugs_in(target))
    assert await find_inconsistencies(target, "run-") == []


async def test_a_write_does_not_wait_for_a_backup(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy is one read: what is committed while it runs is not in it."""
    was_written = threading.Event()
    copying = threading.Event()

    def wait_for_write(connection: sqlite3.Connection, shown: Path, stop: threading.Event) -> None:
        copying.set()
        assert was_written.wait(30)
        check_intact(connection, shown, stop)

    monkeypatch.setattr(backup_module, "check_intact", wait_for_write)
    saving = asyncio.create_task(save(file, file.with_name("copy")))
    assert await asyncio.to_thread(copying.wait, 30)
    async with store.write() as tx:
        await tx.metadata.advance_revision()
    was_written.set()
    await saving
    assert await store.get_revision() == 1
    async with open_store(url_of(file.with_name("copy"))) as copy:
        assert await copy.get_revision() == 0


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
async def test_a_backup_is_private_and_knows_its_time(store: Store, file: Path, umask: int) -> None:
    target = file.with_name("copy")
    before = os.umask(umask)
    try:
        await save(Path(store.name), target)
    finally:
        os.umask(before)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.stat().st_nlink == 1
    with open_connection(target) as rows:
        assert read_backup_time(rows) == START
    assert names(file.parent) == {"copy"}


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("there.db", "already exists"),
        ("dangling.db", "already exists"),
        ("loop.db", "already exists"),
        ("folder", "is a folder"),
        ("missing/copy.db", "does not exist"),
        ("there.db/copy.db", "is not a folder"),
        ("dealwire.db", "is a file of the database itself"),
        ("dealwire.db-wal", "is a file of the database itself"),
        ("dealwire.db-journal", "is a file of the database itself"),
        ("folder/../dealwire.db.lock", "is a file of the database itself"),
        ("link.db", "is a file of the database itself"),
    ],
)
async def test_a_name_that_cannot_be_used_is_refused(file: Path, empty: bytes, target: str, words: str) -> None:
    file.write_bytes(empty)
    file.with_name("folder").mkdir()
    file.with_name("there.db").write_text("precious")
    file.with_name("dangling.db").symlink_to("nowhere")
    file.with_name("link.db").symlink_to(file)
    file.with_name("loop.db").symlink_to("loop.db")
    before = names(file.parent)
    with pytest.raises(StoreUnavailable, match=words):
        await save(file, file.parent / target)
    assert names(file.parent) == before
    assert file.with_name("there.db").read_text() == "precious"


@pytest.mark.parametrize("name", ["two\nlines", "red \x1b[31m", "no \udcff text"])
async def test_a_sentence_shows_no_raw_name(file: Path, empty: bytes, name: str) -> None:
    """It stays one line, and no terminal obeys it."""
    file.write_bytes(empty)
    file.with_name(name).mkdir()
    file.with_name(name).joinpath("there.db").write_text("precious")
    for target in (name, f"{name}/there.db", f"{name}/missing/copy.db", f"{name}/there.db/copy.db"):
        with pytest.raises(StoreUnavailable) as caught:
            await save(file, file.parent / target)
        assert str(caught.value).isprintable()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_a_folder_that_cannot_be_written_is_refused(file: Path, empty: bytes, tmp_path: Path) -> None:
    file.write_bytes(empty)
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(StoreUnavailable, match=r"can't be written to .*closed: Permission denied"):
        await save(file, tmp_path / "closed" / "copy.db")


@pytest.mark.parametrize("has_links", [True, False], ids=["hard links", "FAT"])
async def test_a_file_that_appears_meanwhile_is_kept(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    """Whoever was first has the name, also where the file system has no hard links."""
    target = file.with_name("copy")

    def be_second(temporary: Path, name: Path) -> None:
        name.write_text("precious")
        file_copies.publish(temporary, name)

    if not has_links:
        monkeypatch.setattr(os, "link", _refuse_links)
    monkeypatch.setattr(backup_module, "publish", be_second)
    with pytest.raises(StoreUnavailable, match="already exists"):
        await save(Path(store.name), target)
    assert target.read_text() == "precious"
    assert names(file.parent) == {"copy"}


def _refuse_links(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


async def test_a_file_system_without_links_takes_a_backup(
    store: Store, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "link", _refuse_links)
    await save(Path(store.name), file.with_name("copy"))
    assert names(file.parent) == {"copy"}
    assert await slugs_in(file.with_name("copy")) == ()


async def test_a_database_that_cannot_be_copied_is_refused(file: Path, empty: bytes, tmp_path: Path) -> None:
    """Missing, damaged, another program's, or newer: each is named, and no file is left."""
    target = tmp_path / "copy"
    with pytest.raises(StoreMissing):
        await save(file, target)
    assert names(tmp_path) == set()
    cases: list[tuple[bytes, type[Exception], str]] = [
        (b"no database" * 100, StoreUnavailable, "is damaged"),
        (empty[:8192] + os.urandom(100_000) + empty[108_192:], StoreUnavailable, "is damaged"),
    ]
    for content, error, words in cases:
        file.write_bytes(content)
        with pytest.raises(error, match=words):
            await save(file, target)
    file.unlink()
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("CREATE TABLE story (name TEXT)")
    with pytest.raises(StoreUnavailable, match="not a database of Dealwire"):
        await save(file, target)
    file.write_bytes(empty)
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew):
        await save(file, target)
    assert names(tmp_path) == set()


async def test_a_row_that_refers_to_nothing_is_damage(store: Store, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("INSERT INTO delivery (development_id, destination_id, created_at) VALUES (99, 99, '')")
    with pytest.raises(StoreUnavailable, match="is damaged"):
        await save(Path(store.name), file.with_name("copy"))
    assert names(file.parent) == set()


async def test_a_full_disk_leaves_no_file(store: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Found out before, if the disk says so; else when a write fails."""
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(StoreUnavailable, match="too little room"):
        await save(Path(store.name), file.with_name("copy"))
    assert names(file.parent) == set()


def back_up_on_full_disk(pipe: Connection, file: Path) -> None:
    """Back up where no file can grow to the size that it needs; report the error."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
    try:
        asyncio.run(save(file, file.with_name("copy")))
    except StoreUnavailable as exc:
        pipe.send(str(exc))


def test_a_disk_that_fills_up_leaves_no_file(file: Path, empty: bytes) -> None:
    file.write_bytes(empty)
    with child(back_up_on_full_disk, file) as process:
        assert "can't be written to" in process.pipe.recv()
    assert names(file.parent) == set()


def test_a_stopped_copy_leaves_no_file(file: Path, empty: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with Ctrl+C: the statement that copies is interrupted."""
    monkeypatch.setattr(backup_module, "PROGRESS_STEPS", 1)
    file.write_bytes(empty)
    stop = threading.Event()
    stop.set()
    with pytest.raises(CopyStopped):
        back_up(DatabaseFiles(file), file.with_name("copy"), HandClock(), stop, ignore)
    assert names(file.parent) == set()


def back_up_and_die(pipe: Connection, file: Path, step: int) -> None:
    """Back up, and be killed before a step that changes a file; report the number of steps if there are fewer."""
    with StepKiller(step) as killer:
        asyncio.run(save(file, file.with_name("copy")))
    pipe.send(killer.steps)


async def test_a_backup_killed_at_any_step_is_whole_or_absent(file: Path, empty: bytes) -> None:
    """What it leaves is removed by the next backup into the folder, whatever that is called."""
    file.write_bytes(empty)
    target = file.with_name("copy")
    deaths = 0
    while kill_at_step(back_up_and_die, file, deaths + 1):
        deaths += 1
        await save(file, file.with_name("next"))
        file.with_name("next").unlink()
        assert names(file.parent) <= {"copy"}
        if target.exists():
            assert await find_inconsistencies(target) == []
        for path in file.parent.glob("copy*"):
            path.unlink()
    assert deaths >= 3
    assert names(file.parent) == {"copy"}


async def test_the_file_of_a_backup_under_way_is_left_alone(store: Store, file: Path) -> None:
    """Two at once into one folder."""
    with file_copies.open_temporary_file(file.parent) as other:
        await save(Path(store.name), file.with_name("copy"))
        assert other.exists()
    assert names(file.parent) == {"copy"}


async def test_a_backup_removes_what_a_killed_one_left(store: Store, file: Path) -> None:
    """SQLite keeps a journal beside the file that it writes."""
    for name in (".dealwire-0a1b.partial", ".dealwire-0a1b.partial-journal", ".dealwire-notes"):
        file.with_name(name).touch()
    await save(Path(store.name), file.with_name("copy"))
    assert names(file.parent) == {"copy", ".dealwire-notes"}


async def test_an_older_store_is_not_upgraded_by_a_backup(file: Path, empty: bytes) -> None:
    file.write_bytes(empty)
    rebuild_at_revision(file, "0028")
    await save(file, file.with_name("copy"))
    for path in (file, file.with_name("copy")):
        with open_connection(path) as rows:
            assert rows.execute("SELECT version_num FROM alembic_version").fetchone() == ("0028",)


def automatic(file: Path) -> list[Path]:
    """Return the backups that were made before upgrades."""
    return sorted(file.parent.glob(f"{file.name}.before-*"))


def revision_of(file: Path) -> str:
    with open_connection(file) as rows:
        revision: str = rows.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        return revision


async def test_an_upgrade_keeps_a_copy_of_before(file: Path, empty: bytes, clock: HandClock) -> None:
    """The last three are kept; other files stay. A new store needs none."""
    async with open_store(url_of(file)) as store, store.write() as tx:
        await tx.metadata.advance_revision()
    assert automatic(file) == []
    others = [file.with_name(f"dealwire.db.before-{end}") for end in ("restore-20200101T000000Z", "holidays", "0001")]
    for path in others:
        path.touch()
    for _ in range(5):
        file.write_bytes(empty)
        rebuild_at_revision(file, "0028")
        clock.forward(days=1)
        async with open_store(url_of(file), clock=clock):
            pass
    copies = [path for path in automatic(file) if path not in others]
    assert [path.name[-16:-8] for path in copies] == ["20260104", "20260105", "20260106"]
    assert {revision_of(path) for path in copies} == {"0028"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in copies} == {0o600}
    assert all(path.exists() for path in others)


async def test_a_clock_that_is_behind_costs_no_copy(file: Path, empty: bytes, clock: HandClock) -> None:
    """The copy of this upgrade is kept, whatever its name says."""
    for day in (1, 2, 3):
        file.with_name(f"dealwire.db.before-0028-2027010{day}T000000Z").touch()
    file.write_bytes(empty)
    rebuild_at_revision(file, "0028")
    async with open_store(url_of(file), clock=clock):
        pass
    assert [path.name[-16:-8] for path in automatic(file)] == ["20270102", "20270103", "20260101"]


async def test_an_upgrade_without_room_for_the_copy_is_refused(
    file: Path, empty: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(empty)
    rebuild_at_revision(file, "0028")
    usage = shutil.disk_usage(file.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    with pytest.raises(StoreUnavailable, match=r"are not upgraded, because .* too little room .* Free some space"):
        await slugs_in(file)
    assert revision_of(file) == "0028"
    assert automatic(file) == []
    monkeypatch.undo()
    assert await slugs_in(file) == ()


def upgrade_and_die(pipe: Connection, file: Path, step: int) -> None:
    """Upgrade, and be killed before a step that changes a file; report the number of steps if there are fewer."""
    with StepKiller(step) as killer:
        asyncio.run(slugs_in(file))
    pipe.send(killer.steps)


async def test_an_upgrade_killed_at_any_step_leaves_whole_copies(file: Path, empty: bytes) -> None:
    file.write_bytes(empty)
    rebuild_at_revision(file, "0028")
    deaths = 0
    while kill_at_step(upgrade_and_die, file, deaths + 1):
        deaths += 1
        for path in automatic(file):
            assert revision_of(path) == "0028"
            with open_connection(path) as rows:
                assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert deaths >= 3
    assert await slugs_in(file) == ()
    assert not list(file.parent.glob(".dealwire-*"))


async def test_an_upgrade_that_goes_on_makes_no_second_copy(file: Path, empty: bytes) -> None:
    """Only what was there before the first step is worth keeping."""
    file.write_bytes(empty)
    rebuild_at_revision(file, "0028")
    with open_connection(file) as rows:
        rows.execute("INSERT INTO revision (noun, value) VALUES ('upgrade begun', 1)")
    assert await slugs_in(file) == ()
    assert automatic(file) == []
    with open_connection(file) as rows:
        assert rows.execute("SELECT noun FROM revision").fetchall() == []


def test_the_command_says_what_it_wrote(file: Path, empty: bytes) -> None:
    file.write_bytes(empty)
    target = file.with_name("copy.db")
    with run_dealwire("backup", str(target), database=file) as command:
        result = command.outcome()
    assert (result.status, remove_progress(result.err)) == (0, "")
    assert result.out.startswith(f"Wrote {target}: 0.")
    with run_dealwire("backup", str(target), database=file) as command:
        assert_one_sentence(command.outcome(), "already exists")


def back_up_until_interrupted(pipe: Connection, file: Path) -> None:
    """Run the command, which hangs when it has copied; report that, and then its exit status."""

    def hang(_connection: sqlite3.Connection, _shown: Path, stop: threading.Event) -> None:
        pipe.send("copied")
        stop.wait()
        raise CopyStopped

    # A shell that starts the tests in the background lets them ignore the signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    vars(backup_module)["check_intact"] = hang
    try:
        pipe.send(main(["backup", "--database", url_of(file), str(file.with_name("copy"))]))
    except SystemExit as ending:
        pipe.send(ending.code)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_file(file: Path, empty: bytes, number: int, status: int) -> None:
    """The command ends with the status of an interrupted one."""
    file.write_bytes(empty)
    with child(back_up_until_interrupted, file) as process:
        assert process.pipe.recv() == "copied"
        assert process.process.pid is not None
        os.kill(process.process.pid, number)
        assert process.pipe.recv() == status
    assert names(file.parent) == set()
