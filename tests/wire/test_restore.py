"""A backup of the running bot, restored: what was posted before stays posted once."""

from __future__ import annotations

from pathlib import Path

from benchmarks.restore import run
from tests.progress import remove_progress
from tests.wire.newsroom import Newsroom


async def test_a_short_drill_loses_and_repeats_nothing(tmp_path: Path) -> None:
    """One round of ``python -m benchmarks.restore``, in channels alone."""
    tally = await run(1, seed=3, channels=2, folder=tmp_path, each=False, verbose=False)
    assert tally.backups > 0
    assert (tally.faults, tally.possibly_duplicated.total()) == (0, 0), (tmp_path / "bot.log").read_text()[-4000:]


async def test_a_backup_is_restored_by_the_commands(newsroom: Newsroom) -> None:
    """Not while the bot runs. Then what was posted stands once, and the bot goes on."""
    bot = await newsroom.bot()
    await newsroom.follow("Nissan", newsroom.news)
    tale = newsroom.tale()
    await tale.import_steps(1)
    await newsroom.wait_for_post(newsroom.news, tale.step(1))
    ended = await newsroom.command("backup", "copy.db")
    assert (ended.code, remove_progress(ended.err)) == (0, "")
    refused = await newsroom.command("restore", "copy.db")
    assert refused.code == 1
    assert "A bot is running on" in refused.last_line
    await bot.stop()
    ended = await newsroom.command("restore", "copy.db")
    assert (ended.code, remove_progress(ended.err)) == (0, "")
    await newsroom.bot()
    await tale.import_steps(2)
    await newsroom.wait_for_post(newsroom.news, tale.step(2))
    await newsroom.wait_until_all_sent()
    assert len(newsroom.posts(newsroom.news, tale.step(1))) == 1
