"""A bot with the seeds on a simulated Discord: real discord.py, a real database, virtual time."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot.container import open_container
from bot.settings import load_settings
from tests.discord.stage import SEEDS, Scene, Stage
from tests.engines import POSTGRES
from tests.postgres import create_database, create_template, drop_database


class FileStage(Stage):
    """Copies a file for each scene: reading the starter collection takes half a second."""

    def __init__(self, folder: Path, files: dict[bool, Path]) -> None:
        self._folder = folder
        self._files = files

    def create_store(self, *, seeds: bool) -> str:
        """Return the URL of a copy."""
        path = self._folder / "dealwire.db"
        shutil.copy(self._files[seeds], path)
        return f"sqlite:///{path}"


class ServerStage(Stage):
    """Copies a database of the server for each scene."""

    def __init__(self) -> None:
        self.urls: list[str] = []

    def create_store(self, *, seeds: bool) -> str:
        """Return the URL of a copy."""
        self.urls.append(create_database(_get_seeded_template() if seeds else ""))
        return self.urls[-1]


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """Make the files that scenes begin with, once: with the starter collection, and with nothing."""
    folder = tmp_path_factory.mktemp("stores")
    files = {True: folder / "seeded.db", False: folder / "empty.db"}
    for seeds, path in files.items():
        asyncio.run(_make(f"sqlite:///{path}", seeds=seeds))
        assert not path.with_name(path.name + "-wal").exists(), "the copy would lack what is in the log"
    return files


@pytest.fixture(scope="session", autouse=True)
def _translations() -> Iterator[None]:
    """Translate each command once: every scene registers all commands, in every language, several times."""
    payloads: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        for kind in (app_commands.Command, app_commands.Group, app_commands.ContextMenu):
            patch.setattr(kind, "get_translated_payload", _remember(kind.get_translated_payload, payloads))
        yield


@pytest.fixture
def stage(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """Return a stage, on which a test opens scenes with settings of its own."""
    if engine == POSTGRES:
        _get_seeded_template()
        on_server = ServerStage()
        yield on_server
        for url in on_server.urls:
            drop_database(url)
    else:
        yield FileStage(tmp_path, request.getfixturevalue("files"))


@pytest.fixture
async def scene(stage: Stage) -> AsyncIterator[Scene]:
    """Open a server with #deals and #desk, an editor and a reader, and the starter collection in the store."""
    async with stage.open() as opened:
        yield opened


@pytest.fixture
async def blank(stage: Stage) -> AsyncIterator[Scene]:
    """Open the same scene with an empty store."""
    async with stage.open(seeds=False) as opened:
        yield opened


@cache
def _get_seeded_template() -> str:
    return create_template("seeded", lambda url: asyncio.run(_make(url, seeds=True)))


async def _make(url: str, *, seeds: bool) -> None:
    async with open_container(load_settings({"DATABASE_URL": url, "SEEDS": str(SEEDS) if seeds else ""})):
        pass


def _remember(translate: Callable[..., Awaitable[Any]], payloads: dict[str, str]) -> Callable[..., Awaitable[Any]]:
    async def get_translated_payload(command: Any, tree: Any, translator: Any) -> Any:
        english = json.dumps(command.to_dict(tree), sort_keys=True)
        if english not in payloads:
            payloads[english] = json.dumps(await translate(command, tree, translator))
        return json.loads(payloads[english])

    return get_translated_payload
