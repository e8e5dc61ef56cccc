"""A local Discord, and a small discord.py bot on it in the test's own process."""

from collections.abc import AsyncIterator

import pytest

from tests.local_discord import LocalDiscord
from tests.local_discord.reporter import Reporter, running
from tests.local_discord.tests.stage import TOKEN, Stage


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with LocalDiscord(TOKEN) as here:
        yield Stage(here)
        assert here.unknown_routes == []
        assert here.violations == []


@pytest.fixture
async def bot(stage: Stage) -> AsyncIterator[Reporter]:
    async with running(stage.here, Reporter()) as bot:
        yield bot
