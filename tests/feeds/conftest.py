"""Publishers on this machine, a store of its own, and a fetcher that may reach them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher
from bot.store import Store, open_store
from tests.feeds.local import HOSTS, HereResolver, Publishers, publishing
from tests.store.material import HandClock, url_of


@pytest.fixture
async def publishers() -> AsyncIterator[Publishers]:
    async with publishing() as here:
        yield here


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return an empty store as the content of its file."""
    file = tmp_path_factory.mktemp("empty") / "dealwire.db"

    async def make() -> None:
        async with open_store(url_of(file)):
            pass

    asyncio.run(make())
    return file.read_bytes()


@pytest.fixture
async def store(tmp_path: Path, empty: bytes) -> AsyncIterator[Store]:
    file = tmp_path / "dealwire.db"
    file.write_bytes(empty)
    async with open_store(url_of(file), busy_seconds=30.0) as opened:
        yield opened


@pytest.fixture
def guard() -> AddressGuard:
    return AddressGuard(HOSTS)


@pytest.fixture
async def fetcher(guard: AddressGuard, clock: HandClock) -> AsyncIterator[Fetcher]:
    async with Fetcher(guard, clock, resolver=HereResolver()) as opened:
        yield opened
