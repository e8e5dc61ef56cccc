"""A bot whose database is deleted or replaced says so once and ends, before it acknowledges anything more."""

import shutil
from collections.abc import Callable

import pytest

from tests.wire.newsroom import Newsroom
from tests.wire.process import Ended


def delete_everything(newsroom: Newsroom) -> None:
    for path in newsroom.folder.glob("dealwire.db*"):
        path.unlink()


def move_it_away(newsroom: Newsroom) -> None:
    newsroom.database.rename(newsroom.folder / "moved.db")


def restore_a_copy(newsroom: Newsroom) -> None:
    (newsroom.folder / "copy.db").replace(newsroom.database)


def check_said_once(ended: Ended, words: str) -> None:
    """Check that it failed with the sentence, which is nowhere else, not even in the log."""
    assert ended.code == 1, ended.err
    ended.check_quiet()
    assert ended.last_line.startswith("dealwire: The "), ended.err
    assert words in ended.last_line
    assert ended.err.count("while it was in use") == 1, ended.err


@pytest.mark.parametrize("happens", [delete_everything, move_it_away])
async def test_a_database_that_is_gone_ends_the_bot(newsroom: Newsroom, happens: Callable[[Newsroom], None]) -> None:
    """And no start, nor a command beside it, makes an empty one in its place."""
    bot = await newsroom.bot()
    await newsroom.follow("Nissan", newsroom.news)
    happens(newsroom)
    check_said_once(await bot.wait_for_end(), "was deleted or moved")
    for command in (("run",), ("import", str(newsroom.folder / "a.toml")), ("show", "nissan"), ("feeds", "list")):
        ended = await newsroom.command(*command)
        assert ended.code == 1
        assert "is gone, but dealwire.db" in ended.last_line
    assert not newsroom.database.exists()


async def test_a_restored_copy_is_used_by_the_next_start(newsroom: Newsroom) -> None:
    """The usual way to restore, under a running bot: what is imported after that arrives."""
    await (await newsroom.bot()).stop()
    shutil.copy(newsroom.database, newsroom.folder / "copy.db")
    bot = await newsroom.bot()
    await newsroom.follow("Honda", newsroom.deals)
    restore_a_copy(newsroom)
    check_said_once(await bot.wait_for_end(), "were replaced")
    await newsroom.bot()
    await newsroom.follow("Nissan", newsroom.news)
    tale = newsroom.tale()
    await tale.import_steps(1)
    await newsroom.wait_for_post(newsroom.news, tale.step(1))
    await newsroom.stop_all()
    assert newsroom.posts(newsroom.deals, tale.step(1)) == []


async def test_a_second_bot_by_another_name_of_the_store(newsroom: Newsroom) -> None:
    """Through a symbolic link to the file: one question, one answer."""
    await newsroom.bot()
    (newsroom.folder / "link.db").symlink_to(newsroom.database)
    ended = await newsroom.command("run", DATABASE_URL=f"sqlite:///{newsroom.folder}/link.db")
    assert ended.code == 1
    assert "Another bot is running on" in ended.last_line
    await newsroom.check_answers(newsroom.news)
    assert newsroom.here.identifies == 1
