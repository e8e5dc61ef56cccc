"""The container on a store of their own, with the seeds in it, and a clock that stands still."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.container import Container, open_container
from bot.model.story import Story
from tests.unit.newsdesk import NOW, SEEDS, rooms_settings, stories_of


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with the seeds, once: it is copied, never opened again."""
    return _made(tmp_path_factory.mktemp("planted") / "seeds.db", SEEDS)


@pytest.fixture(scope="session")
def collection(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Story]:
    """Read the stories of the seeds from the store, once, by slug."""
    database = _copied(planted, tmp_path_factory.mktemp("collection"))

    async def read() -> dict[str, Story]:
        async with open_container(rooms_settings(database), clock=lambda: NOW) as opened:
            return await stories_of(opened)

    return asyncio.run(read())


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with empty tables, once: it is copied, never opened again."""
    return _made(tmp_path_factory.mktemp("bare") / "bare.db", None)


@pytest.fixture
async def container(planted: Path, tmp_path: Path) -> AsyncIterator[Container]:
    """Open the container with the seeds in the store."""
    async with open_container(rooms_settings(_copied(planted, tmp_path)), clock=lambda: NOW) as opened:
        yield opened


@pytest.fixture
async def empty_rooms(bare: Path, tmp_path: Path) -> AsyncIterator[Container]:
    """Open the container with an empty store."""
    async with open_container(rooms_settings(_copied(bare, tmp_path)), clock=lambda: NOW) as opened:
        yield opened


def _made(path: Path, seeds: Path | None) -> Path:
    async def make() -> None:
        async with open_container(rooms_settings(path, seeds), clock=lambda: NOW):
            pass

    asyncio.run(make())
    return path


def _copied(database: Path, folder: Path) -> Path:
    return Path(shutil.copy(database, folder / database.name))
