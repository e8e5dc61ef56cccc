"""A real store in a file of its own, and the container above it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
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
from tests.store.delivery import Delivery
from tests.store.material import HandClock, url_of
from tests.store.pages import find_stale_pages
from tests.store.publishing import RecordingPublisher


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "dealwire.db"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return an empty store as the content of its file: making the tables takes most of a short test's time."""
    file = tmp_path_factory.mktemp("empty") / "dealwire.db"

    async def make() -> None:
        async with open_store(url_of(file)):
            pass

    asyncio.run(make())
    return file.read_bytes()


@pytest.fixture
async def store(file: Path, empty: bytes, clock: HandClock) -> AsyncIterator[Store]:
    file.write_bytes(empty)
    async with open_store(url_of(file), busy_seconds=30.0, clock=clock) as opened:
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
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    delivery_settings: DeliverySettingsService,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
) -> Delivery:
    return Delivery(store, desk, subscriptions, delivery_settings, dispatcher, publisher, clock, bell)
