"""A bot with the seeds on a simulated Discord: real discord.py, a real SQLite file, virtual time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot.container import open_container
from bot.settings import load_settings
from tests.discord.stage import SEEDS, Scene, Stage, Stores


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Stores:
    """Make the stores that scenes begin with, once: reading the starter collection takes half a second."""
    folder = tmp_path_factory.mktemp("stores")
    databases = Stores(folder / "seeded.db", folder / "empty.db")
    asyncio.run(_make(databases.seeded, str(SEEDS)))
    asyncio.run(_make(databases.empty, ""))
    return databases


@pytest.fixture(scope="session", autouse=True)
def _translations() -> Iterator[None]:
    """Translate each command once: every scene registers all commands, in every language, several times."""
    payloads: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        for kind in (app_commands.Command, app_commands.Group, app_commands.ContextMenu):
            patch.setattr(kind, "get_translated_payload", _remember(kind.get_translated_payload, payloads))
        yield


@pytest.fixture
def stage(tmp_path: Path, stores: Stores) -> Stage:
    """Return a stage, on which a test opens scenes with settings of its own."""
    return Stage(tmp_path, stores)


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


async def _make(path: Path, seeds: str) -> None:
    async with open_container(load_settings({"DATABASE_URL": f"sqlite:///{path}", "SEEDS": seeds})):
        pass
    assert not path.with_name(path.name + "-wal").exists(), "the copy would lack what is in the log"


def _remember(translate: Callable[..., Awaitable[Any]], payloads: dict[str, str]) -> Callable[..., Awaitable[Any]]:
    async def get_translated_payload(command: Any, tree: Any, translator: Any) -> Any:
        english = json.dumps(command.to_dict(tree), sort_keys=True)
        if english not in payloads:
            payloads[english] = json.dumps(await translate(command, tree, translator))
        return json.loads(payloads[english])

    return get_translated_payload
