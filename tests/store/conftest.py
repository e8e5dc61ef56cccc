"""A real store in a database of its own, and the container above it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.retention import Retention
from bot.delivery.subscriptions import Subscriptions
from bot.errors import StoreError
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from tests.engines import POSTGRES, PostgresTestDatabase, SqliteDatabase, StoreDatabase
from tests.postgres import create_database, drop_database
from tests.store.delivery import Delivery
from tests.store.material import HandClock, url_of
from tests.store.pages import find_stale_pages
from tests.store.publishing import RecordingPublisher


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dealwire.db"


@pytest.fixture(scope="session")
def new_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the file of a store as the program makes it in an empty folder. Only read it, or copy it."""
    file = tmp_path_factory.mktemp("empty") / "dealwire.db"

    async def make() -> None:
        async with open_store(url_of(file)):
            pass

    asyncio.run(make())
    return file


@pytest.fixture(scope="session")
def empty(new_file: Path) -> bytes:
    """Return an empty store as the content of its file: it is copied in less time than it is made."""
    return new_file.read_bytes()


@pytest.fixture(scope="session")
def shared_database() -> Iterator[PostgresTestDatabase]:
    """Return the database on PostgreSQL that this process's tests use one after the other; it is emptied before each."""
    database = PostgresTestDatabase(create_database())
    yield database
    database.close()
    drop_database(database.url)


@pytest.fixture
def database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> StoreDatabase:
    """Return an empty store's database on the test's engine. With `file`, the store is in that file."""
    if engine == POSTGRES:
        emptied: PostgresTestDatabase = request.getfixturevalue("shared_database")
        emptied.empty()
        return emptied
    # A module may have a file of its own.
    file: Path = request.getfixturevalue("file") if "file" in request.fixturenames else tmp_path / "dealwire.db"
    file.write_bytes(request.getfixturevalue("empty"))
    return SqliteDatabase(file)


@pytest.fixture
def own_database(engine: str, request: pytest.FixtureRequest) -> Iterator[StoreDatabase]:
    """Return an empty store's database that no other test of the run uses: for those that kill who writes in it."""
    if engine == POSTGRES:
        database = PostgresTestDatabase(request.getfixturevalue("postgres_url"))
        yield database
        database.close()
    else:
        yield request.getfixturevalue("database")


@pytest.fixture
async def store(database: StoreDatabase, clock: HandClock) -> AsyncIterator[Store]:
    async with open_store(database.url, busy_seconds=30.0, clock=clock) as opened:
        yield opened
        # Whatever a test has done. One that has spoiled its store cannot be asked.
        with contextlib.suppress(StoreError):
            assert await find_stale_pages(opened) == []


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def bell() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
def desk(store: Store, clock: HandClock, bell: asyncio.Event) -> Desk:
    return Desk(store, clock, on_deliveries=bell.set)


@pytest.fixture
def subscriptions(store: Store, clock: HandClock) -> Subscriptions:
    return Subscriptions(store, clock)


@pytest.fixture
def delivery_settings(store: Store, clock: HandClock) -> DeliverySettingsService:
    return DeliverySettingsService(store, clock)


@pytest.fixture
def retention(store: Store, delivery_settings: DeliverySettingsService, clock: HandClock) -> Retention:
    return Retention(store, delivery_settings, clock)


@pytest.fixture
def delivery_monitor(store: Store) -> DeliveryMonitor:
    return DeliveryMonitor(store)


@pytest.fixture
def publisher() -> RecordingPublisher:
    return RecordingPublisher()


@pytest.fixture
def dispatcher(store: Store, publisher: RecordingPublisher, clock: HandClock, bell: asyncio.Event) -> Dispatcher:
    return Dispatcher(store, publisher, clock, bell)


@pytest.fixture
def delivery(
    database: StoreDatabase,
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    delivery_settings: DeliverySettingsService,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
) -> Delivery:
    return Delivery(database, store, desk, subscriptions, delivery_settings, dispatcher, publisher, clock, bell)
