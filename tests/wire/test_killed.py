"""A short run of the benchmark that kills the bot at every step of a post and of a correction."""

from __future__ import annotations

from pathlib import Path

from benchmarks.crash import Tally, run
from benchmarks.moments import MOMENTS


async def test_a_bot_that_is_killed_again_and_again_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """As ``python -m benchmarks.crash`` does at length: one life for each moment to die at, and some more."""
    trial, found = await run(len(MOMENTS) + 2, seed=5, channels=3, folder=tmp_path, verbose=False)
    assert sum(trial.kills.values()) == len(MOMENTS) + 2
    due = 3 * len(trial.versions)
    assert found == Tally(due=due, seen=due), (tmp_path / "bot.log").read_text()[-4000:]
