"""A bot with the seeds on a simulated Discord: real discord.py, a real SQLite file, virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord.stage import Scene, open_scene


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """A server with #deals and #desk, its owner, an editor and a reader; the seeds in the store."""
    async with open_scene(tmp_path) as opened:
        yield opened
