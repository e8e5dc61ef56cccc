"""A short run of the benchmark that kills the bot at every step of a post and of a correction."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.counting import Tally, count
from benchmarks.crash import ALL_MOMENTS, drain, run
from tests.wire.trials import open_trial


async def test_a_bot_that_is_killed_often_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """As ``python -m benchmarks.crash`` does at length: one life for each moment to die at, in all places that news goes."""
    trial, tally = await run(len(ALL_MOMENTS), seed=5, channels=1, folder=tmp_path, verbose=False)
    assert sum(trial.kills.values()) == len(ALL_MOMENTS)
    assert (tally.faults, tally.seen) == (0, tally.due), (tmp_path / "bot.log").read_text()[-4000:]
    assert tally.due >= len(trial.spots) * (len(trial.versions) - len(trial.retracted))
    assert tally.cards >= 2 * len(trial.tales)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 520])
async def test_a_post_that_arrived_despite_an_error_is_there_once(tmp_path: Path, status: int) -> None:
    """discord.py would send it again by itself, a second later; Discord may have forgotten the nonce by then."""
    async with open_trial(tmp_path, nonce_memory=0.2, each=False) as trial:
        await trial.publish()
        trial.discord.faults.add("POST", "/channels/*/messages", when="after", action=status)
        await drain(trial, misfortune=True)
        assert await count(trial) == Tally(due=1, seen=1)
