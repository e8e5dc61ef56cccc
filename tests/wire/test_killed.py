"""A short run of the benchmark that kills the bot at every step of a post and of a correction."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks.crash import Tally, count, drain, run, set_up
from benchmarks.moments import MOMENTS
from bot.store import open_store
from tests.wire.local_discord import LocalDiscord


async def test_a_bot_that_is_killed_again_and_again_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """As ``python -m benchmarks.crash`` does at length: one life for each moment to die at, and some more."""
    trial, found = await run(len(MOMENTS) + 2, seed=5, channels=3, folder=tmp_path, verbose=False)
    assert sum(trial.kills.values()) == len(MOMENTS) + 2
    due = 3 * len(trial.versions)
    assert found == Tally(due=due, seen=due), (tmp_path / "bot.log").read_text()[-4000:]


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
async def test_a_post_that_was_taken_though_discord_answered_an_error_stands_once(tmp_path: Path, status: int) -> None:
    """discord.py would send it again by itself, a second later; Discord may have forgotten the nonce by then."""
    async with (
        LocalDiscord(openapi=None, nonce_memory=0.2) as discord,
        open_store(f"sqlite:///{tmp_path / 'doubt.db'}") as store,
    ):
        trial = await set_up(discord, store, random.Random(1), 1, tmp_path)  # noqa: S311 - repeatable, not secret
        await trial.publish()
        discord.faults.add("POST", "/channels/*/messages", when="after", action=status)
        await drain(trial, misfortune=True)
        assert count(trial) == Tally(due=1, seen=1)
