"""Newsrooms whose store holds the starter collection already: reading it costs a start half a second."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.wire.newsroom import SEEDS, Newsroom, open_newsroom
from tests.wire.process import ROOT


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a store with the starter collection, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "dealwire.db"
    command = [sys.executable, "-m", "bot", "import", "--database", f"sqlite:///{path}", str(SEEDS)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=path.parent, env=env)
    assert not path.with_name(path.name + "-wal").exists(), "the copy would lack what is in the log"
    return path


@pytest.fixture
async def newsroom(tmp_path: Path, seeded: Path) -> AsyncIterator[Newsroom]:
    """Open a newsroom in which nothing runs yet."""
    shutil.copy(seeded, tmp_path / "dealwire.db")
    async with open_newsroom(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> AsyncIterator[Newsroom]:
    """Open a newsroom in which one bot runs for a whole file."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(seeded, folder / "dealwire.db")
    async with open_newsroom(folder) as opened:
        await opened.bot()
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def room(shared: Newsroom) -> AsyncIterator[Newsroom]:
    """Return the shared newsroom, for tests that do not disturb each other."""
    yield shared
    shared.here.faults.clear()
    shared.check_clean()
