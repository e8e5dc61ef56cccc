"""A database that is deleted, moved or replaced while it is in use is noticed, and nothing more is acknowledged."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import StoreBusy, StoreReplaced, StoreUnavailable
from bot.model.company import Company
from bot.store import Store, Transaction, open_store
from tests.store.children import answer_with_writes, child
from tests.store.commands import assert_one_sentence, run_dealwire
from tests.store.material import url_of


async def add(store: Store, name: str) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company(name))


async def names(store: Store) -> list[str]:
    async with store.read() as tx:
        return [company.name for company in await tx.companies.list_all()]


def files_at(file: Path) -> list[Path]:
    """Return the database and all that lies beside it."""
    return sorted(file.parent.glob(file.name + "*"))


def delete(file: Path) -> None:
    file.unlink()


def delete_all(file: Path) -> None:
    for path in files_at(file):
        path.unlink()


def delete_folder(file: Path) -> None:
    shutil.rmtree(file.parent)


def move(file: Path) -> None:
    file.rename(file.with_name("moved.db"))


def move_folder(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


def restore_a_copy(file: Path) -> None:
    copy = file.with_name("copy")
    shutil.copy(file, copy)
    copy.replace(file)


def put_another_in_its_place(file: Path) -> None:
    other = file.with_name("other")
    with contextlib.closing(sqlite3.connect(other)) as rows, rows:
        rows.execute("CREATE TABLE company (name TEXT)")
    other.replace(file)


def empty(file: Path) -> None:
    with file.open("w"):
        pass


def delete_the_log(file: Path) -> None:
    file.with_name(file.name + "-wal").unlink()


def delete_the_index_of_the_log(file: Path) -> None:
    file.with_name(file.name + "-shm").unlink()


HAPPENS: tuple[Callable[[Path], None], ...] = (
    delete, delete_all, delete_folder, move, move_folder, restore_a_copy, put_another_in_its_place, empty,
    delete_the_log, delete_the_index_of_the_log,
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """In a folder that may be moved and deleted."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "dealwire.db"


async def _count(tx: Transaction) -> int:
    return await tx.stories.count()


@pytest.mark.parametrize("happens", HAPPENS, ids=lambda happens: happens.__name__)
async def test_reads_and_writes_raise_store_replaced(happens: Callable[[Path], None], store: Store, file: Path) -> None:
    """At the first use of any kind, and for good."""
    await add(store, "Alpha")
    assert await names(store) == ["Alpha"]
    happens(file)
    with pytest.raises(StoreReplaced, match=str(file)):
        await add(store, "Beta")
    with pytest.raises(StoreReplaced):
        await names(store)
    with pytest.raises(StoreReplaced):
        await store.read_in_thread(_count)
    with pytest.raises(StoreReplaced):
        await store.get_revision()
    with pytest.raises(StoreReplaced):
        await store.watch()


async def test_a_write_to_a_replaced_file_is_not_acknowledged(store: Store, file: Path) -> None:
    """The commit went into a file that nobody else sees."""
    await add(store, "Alpha")

    async def write_while_it_is_replaced() -> None:
        async with store.write() as tx:
            await tx.companies.save(Company("Beta"))
            restore_a_copy(file)

    with pytest.raises(StoreReplaced):
        await write_while_it_is_replaced()


async def test_a_database_that_is_put_back_is_used_by_the_next_start(store: Store, file: Path) -> None:
    """What others wrote meanwhile is unknown, so this process stays out."""
    await add(store, "Alpha")
    away = file.with_name("away")
    file.rename(away)
    with pytest.raises(StoreReplaced, match="was deleted or moved"):
        await names(store)
    away.rename(file)
    with pytest.raises(StoreReplaced):
        await names(store)


async def test_a_link_that_leads_elsewhere_is_noticed(file: Path, empty: bytes) -> None:
    """Whoever opens the same name from now on opens another file."""
    link, other = file.with_name("link.db"), file.with_name("other.db")
    for path in (file, other):
        path.write_bytes(empty)
    link.symlink_to(file)
    async with open_store(url_of(link)) as store:
        await add(store, "Alpha")
        link.unlink()
        link.symlink_to(other)
        with pytest.raises(StoreReplaced):
            await add(store, "Beta")


async def test_a_moved_file_holds_every_acknowledged_write(file: Path, empty: bytes) -> None:
    """It was in the log, which has the old name; the closing brings it into the file."""
    file.write_bytes(empty)
    async with open_store(url_of(file)) as store:
        for number in range(20):
            await add(store, f"Company {number}")
        move(file)
        with pytest.raises(StoreReplaced):
            await names(store)
    async with open_store(url_of(file.with_name("moved.db"))) as store:
        assert len(await names(store)) == 20


async def test_a_look_at_the_content_of_a_moved_file_keeps_every_write(file: Path, empty: bytes) -> None:
    """A file that is not there looks overwritten, but it was moved: its log belongs to it and is not cut off."""
    file.write_bytes(empty)
    async with open_store(url_of(file)) as store:
        await add(store, "Renault")
        move(file)
        with pytest.raises(StoreReplaced, match="was deleted or moved"):
            await store._database.check_identity()
    async with open_store(url_of(file.with_name("moved.db"))) as store:
        assert await names(store) == ["Renault"]


async def test_an_old_log_does_not_damage_the_new_file(file: Path, empty: bytes) -> None:
    """Whoever restored a copy gets that copy: SQLite would read the log, which is found by name, as a part of it."""
    file.write_bytes(empty)
    async with open_store(url_of(file)) as store:
        await add(store, "Before")
        copy = file.with_name("copy")
        with contextlib.closing(sqlite3.connect(file)) as rows, contextlib.closing(sqlite3.connect(copy)) as copied:
            rows.backup(copied)
        for number in range(20):
            await add(store, f"After {number}")
        copy.replace(file)
        with pytest.raises(StoreReplaced):
            await names(store)
        async with open_store(url_of(file)) as restored:
            assert await names(restored) == ["Before"]
            await add(restored, "Next")
    async with open_store(url_of(file)) as restored:
        await restored.check()
        assert await names(restored) == ["Before", "Next"]


async def test_the_next_store_in_the_same_place_is_left_alone(file: Path, empty: bytes) -> None:
    """Others have put a whole store, with its log, in the place of ours before we noticed: closing deletes nothing of it."""
    file.write_bytes(empty)
    async with open_store(url_of(file)) as store:
        await add(store, "Ours")
        for path in files_at(file):
            path.rename(path.with_name("old-" + path.name))
        file.write_bytes(empty)
        with child(answer_with_writes, url_of(file)) as other:
            assert other.pipe.recv() == "open"
            other.pipe.send("theirs")
            assert other.pipe.recv() == "theirs"
            with pytest.raises(StoreReplaced):
                await names(store)
            other.process.kill()
            other.process.join()
    async with open_store(url_of(file)) as store, store.read() as tx:
        assert await tx.stories.list_slugs() == ("theirs",)


async def test_another_process_raises_store_replaced_too(file: Path, empty: bytes) -> None:
    """What it was asked to write is not acknowledged, and it ends."""
    file.write_bytes(empty)
    with child(answer_with_writes, url_of(file)) as other:
        assert other.pipe.recv() == "open"
        other.pipe.send("first")
        assert other.pipe.recv() == "first"
        restore_a_copy(file)
        other.pipe.send("second")
        with pytest.raises(EOFError):
            other.pipe.recv()
        other.process.join(20)
        assert other.process.exitcode == 1


async def test_without_its_lock_file_a_bot_ends(store: Store, file: Path) -> None:
    """A second bot could start beside it."""
    async with store.join():
        await add(store, "Alpha")
        file.with_name(file.name + ".bot").unlink()
        with pytest.raises(StoreReplaced):
            await names(store)


def overwrite(file: Path, content: bytes) -> None:
    """As ``cp`` does, some time after the last write: the file stays the same one."""
    file.write_bytes(content)
    later = time.time() + 60
    os.utime(file, (later, later))


@pytest.mark.parametrize("by", ["a write", "the watch"])
async def test_a_copy_written_over_the_file_is_noticed_and_intact(by: str, file: Path, empty: bytes) -> None:
    """SQLite would go on with the log of before, and damage the copy, also at the next start."""
    file.write_bytes(empty)
    async with open_store(url_of(file)) as store:
        await add(store, "Alpha")
        with contextlib.closing(sqlite3.connect(file)) as rows:
            rows.execute("VACUUM INTO ?", (str(file.with_name("copy")),))
        for number in range(30):
            await add(store, f"Company {number}")
        overwrite(file, file.with_name("copy").read_bytes())
        with pytest.raises(StoreReplaced, match="were replaced"):
            await (add(store, "Beta") if by == "a write" else store.watch())
        with pytest.raises(StoreReplaced):
            await names(store)
    async with open_store(url_of(file)) as store:
        assert await names(store) == ["Alpha"]
        await store.check()
        await add(store, "Beta")
        assert await names(store) == ["Alpha", "Beta"]


async def test_a_checkpoint_of_another_process_is_no_replacement(store: Store, file: Path) -> None:
    """It writes the database, and it comes after a write of the log."""
    await add(store, "Alpha")
    for number in range(3):
        with contextlib.closing(sqlite3.connect(file)) as rows:
            rows.execute("PRAGMA wal_autocheckpoint = 1")
            written = file.stat().st_mtime_ns
            rows.execute("UPDATE company SET name = name || ? WHERE name LIKE 'Alpha%'", (str(number),))
            rows.commit()
            assert file.stat().st_mtime_ns != written
        await add(store, f"Gamma {number}")
    assert len(await names(store)) == 4


async def test_a_checkpoint_or_another_process_is_no_replacement(store: Store, file: Path) -> None:
    """The database grows, its log begins anew, another process comes and goes: all of that is everyday life."""
    await add(store, "Alpha")
    for number in range(3):
        with child(answer_with_writes, url_of(file)) as other:
            assert other.pipe.recv() == "open"
            other.pipe.send(f"story-{number}")
            assert other.pipe.recv() == f"story-{number}"
            other.pipe.send("")
            other.process.join(20)
        with contextlib.closing(sqlite3.connect(file)) as rows:
            assert rows.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        await add(store, f"Company {number}")
    assert len(await names(store)) > 3


@pytest.mark.parametrize("leftover", [".lock", ".bot", "-wal", "-shm"])
async def test_a_start_after_a_loss_creates_no_empty_database(leftover: str, file: Path) -> None:
    """It says what to do, and doing that helps."""
    file.with_name(file.name + leftover).write_bytes(b"")
    with pytest.raises(StoreUnavailable, match=f"delete dealwire.db{leftover} in that folder to start with an empty"):
        async with open_store(url_of(file)):
            pass
    assert not file.exists()
    file.with_name(file.name + leftover).unlink()
    async with open_store(url_of(file)) as store:
        assert await names(store) == []


@pytest.mark.parametrize("happens", [delete, delete_all, delete_folder, move])
async def test_the_next_start_makes_no_empty_store_either(
    happens: Callable[[Path], None], file: Path, empty: bytes
) -> None:
    """Also where everything was deleted: who noticed leaves a sign. The service manager's restart would lose the follows."""
    file.write_bytes(empty)
    async with open_store(url_of(file)) as store:
        await add(store, "Alpha")
        happens(file)
        with pytest.raises(StoreReplaced):
            await names(store)
    companies = file.parent / "companies.toml"
    companies.write_text('[[company]]\nname = "Renault"\n')
    with run_dealwire("import", str(companies), database=file) as importing:
        assert_one_sentence(importing.outcome(), "Restore it from a backup, or delete")
    assert not file.exists()


async def test_an_empty_file_beside_a_full_log_is_no_new_store(file: Path, empty: bytes) -> None:
    """SQLite would delete the log unread."""
    file.write_bytes(b"")
    log = file.with_name(file.name + "-wal")
    log.write_bytes(empty)
    with pytest.raises(StoreUnavailable, match=r"Restore it from a backup, or delete dealwire\.db-wal"):
        async with open_store(url_of(file)):
            pass
    assert log.read_bytes() == empty


def linked(file: Path) -> Path:
    """Return a link to a link to the file."""
    for name in ("link.db", "link-to-link.db"):
        file.with_name(name).symlink_to(file if name == "link.db" else file.with_name("link.db"))
    return file.with_name("link-to-link.db")


def in_a_linked_folder(file: Path) -> Path:
    file.parent.with_name("linked").symlink_to(file.parent)
    return file.parent.with_name("linked") / file.name


def there_and_back(file: Path) -> Path:
    (file.parent / "inside").mkdir()
    return file.parent / "inside" / ".." / file.name


@pytest.mark.parametrize("name", [linked, in_a_linked_folder, there_and_back])
async def test_names_of_one_file_share_its_locks(name: Callable[[Path], Path], file: Path, empty: bytes) -> None:
    file.write_bytes(empty)
    async with open_store(url_of(file)) as one, open_store(url_of(name(file)), busy_seconds=0.1) as other:
        async with one.join():
            with pytest.raises(StoreBusy, match="Another bot is running"):
                async with other.join():
                    pytest.fail("two bots")
        async with one.write() as tx:
            await tx.companies.save(Company("Alpha"))
            with pytest.raises(StoreBusy):
                await add(other, "Beta")
        await add(other, "Beta")
        assert await names(one) == ["Alpha", "Beta"]


async def test_a_second_hard_link_is_refused_as_long_as_it_is_there(store: Store, file: Path) -> None:
    """SQLite keeps a log for each name; the one who has the file open goes on."""
    other = file.with_name("other.db")
    other.hardlink_to(file)
    with pytest.raises(StoreUnavailable, match="a hard link"):
        async with open_store(url_of(other)):
            pass
    await add(store, "Alpha")
    other.unlink()
    async with open_store(url_of(file)) as again:
        assert await names(again) == ["Alpha"]
