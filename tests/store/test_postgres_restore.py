"""A database on a server is backed up by pg_dump: restored and prepared, it goes on, and posts nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.subscriptions import Subscriptions
from bot.errors import StoreBusy, StoreMissing, StoreTooNew, StoreUnavailable
from bot.model.findings import Severity
from bot.newsroom.desk import Desk
from bot.settings import Settings
from bot.store import Store, open_store
from bot.store.backups import RestoreReport, back_up_store, restore_store
from bot.store.engines.engine import SKIPPED_IDS
from bot.store.moving import move_store
from bot.terminal.check.database import check_database
from tests.engines import get_database
from tests.postgres import create_empty_database, drop_database, find_program, get_connection_info
from tests.store.delivery import Delivery
from tests.store.material import HandClock, url_of
from tests.store.publishing import RecordingPublisher


@pytest.fixture
def restored() -> Iterator[str]:
    created = create_empty_database()
    yield created
    drop_database(created)


def query(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(get_connection_info(url), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


async def run(program: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(find_program(program), *arguments, stderr=subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == 0, errors.decode()


async def dump(url: str, file: Path) -> None:
    """Run the command that `dealwire backup` prints."""
    with pytest.raises(StoreUnavailable) as caught:
        await back_up_store(url, file, clock=HandClock(), report=lambda _done, _total: None)
    assert f"pg_dump --format=custom --file={file} and the connection of DATABASE_URL" in str(caught.value)
    await run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={get_connection_info(url)}")


async def load(file: Path, url: str) -> None:
    await run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={get_connection_info(url)}", str(file))


async def prepare(url: str) -> RestoreReport:
    return await restore_store(url, None, clock=HandClock(), report=lambda _done, _total: None)


async def test_a_dump_of_a_store_in_use_is_restored_and_goes_on(
    postgres_url: str, restored: str, tmp_path: Path
) -> None:
    """The drill: dump while it is written, restore, check, prepare, deliver. What was sent is not sent again."""
    clock, publisher = HandClock(), RecordingPublisher()
    async with open_delivery(postgres_url, clock, publisher) as delivery:
        await delivery.follow_channel(1)
        await delivery.publish_news("alpha")
        await delivery.send_due()
        await delivery.publish_news("beta")
        async with asyncio.TaskGroup() as tasks:
            writing = tasks.create_task(write_for_ever(delivery.store))
            await dump(postgres_url, tmp_path / "monday.dump")
            assert not writing.done()
            writing.cancel()
        # It arrives after the dump, which does not know that.
        await delivery.send_due()
    await load(tmp_path / "monday.dump", restored)
    assert publisher.headlines(1) == ["First news of alpha", "First news of beta"]

    report = await check_database(Settings(database_url=restored))
    problems = [finding.text for finding in report.findings if finding.severity is Severity.PROBLEM]
    assert len(problems) == 1
    assert "comes from pg_restore" in problems[0]
    async with open_store(restored) as store:
        with pytest.raises(StoreUnavailable, match="run `dealwire restore` without a file once"):
            async with store.join():
                pytest.fail("a bot started")
    with pytest.raises(StoreUnavailable, match="comes from pg_restore"):
        await move_store(restored, url_of(tmp_path / "new.db"), report=lambda *_: None)

    outcome = await prepare(restored)
    assert outcome.counts.open_posts == 1
    report = await check_database(Settings(database_url=restored))
    assert [finding.text for finding in report.findings if finding.severity is Severity.PROBLEM] == []
    async with open_delivery(restored, clock, publisher) as delivery:
        async with delivery.store.join():
            await delivery.send_due()
        assert publisher.headlines(1) == ["First news of alpha", "First news of beta"]
        await delivery.publish_news("gamma")
        await delivery.send_due()
    assert publisher.headlines(1)[2:] == ["First news of gamma"]
    ((first_id,),) = query(restored, "SELECT min(id) FROM post WHERE id > 1000")
    assert isinstance(first_id, int)
    assert first_id > SKIPPED_IDS


async def test_a_preparation_that_was_killed_is_made_again(
    postgres_url: str, restored: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it has ended, no bot starts."""
    await dump(postgres_url, tmp_path / "monday.dump")
    await load(tmp_path / "monday.dump", restored)
    with monkeypatch.context() as patch:
        patch.setattr("bot.store.engines.postgres.restore.Preparation.replace_database", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            await prepare(restored)
    async with open_store(restored) as store:
        with pytest.raises(StoreUnavailable, match="comes from pg_restore"):
            await store.check()
        await prepare(restored)
        await store.check()


async def test_what_is_not_restored_by_it_is_refused(postgres_url: str, restored: str, tmp_path: Path) -> None:
    with pytest.raises(StoreMissing):
        await prepare(restored)
    async with open_store(postgres_url) as store, store.join():
        with pytest.raises(StoreBusy, match="A bot is running on"):
            await prepare(postgres_url)
    query(postgres_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreTooNew):
        await prepare(postgres_url)
    with pytest.raises(StoreUnavailable, match="Restore a file of pg_dump with pg_restore into an empty database"):
        await restore_store(postgres_url, tmp_path / "monday.db", report=lambda _done, _total: None)
    with pytest.raises(StoreUnavailable, match="Give the file to restore"):
        await prepare(url_of(tmp_path / "dealwire.db"))


async def write_for_ever(store: Store) -> None:
    while True:
        async with store.write() as tx:
            await tx.metadata.advance_revision()


@contextlib.asynccontextmanager
async def open_delivery(url: str, clock: HandClock, publisher: RecordingPublisher) -> AsyncIterator[Delivery]:
    """Start what delivers, as a bot that was killed does."""
    bell = asyncio.Event()
    async with open_store(url, clock=clock) as store:
        delivery = Delivery(
            get_database(url),
            store,
            Desk(store, clock, on_deliveries=bell.set),
            Subscriptions(store, clock),
            DeliverySettingsService(store, clock),
            Dispatcher(store, publisher, clock, bell),
            publisher,
            clock,
            bell,
        )
        await delivery.recover()
        yield delivery
