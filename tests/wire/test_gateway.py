"""The bot's connection to Discord: drops, forgotten sessions, Discord away for a while, intents that are off."""

import shutil
from pathlib import Path

import pytest

from tests.wire.newsroom import Newsroom, open_newsroom

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: discord.py waits up to five seconds before it identifies again, and then for the servers.
BACK = 30.0


@pytest.mark.parametrize("code", [1006, 4000])
async def test_what_is_said_while_the_connection_is_down_is_answered(room: Newsroom, code: int) -> None:
    """A dropped connection is resumed: Discord tells the bot what it missed."""
    identified, resumed = room.here.identifies, room.here.resumes
    await room.here.drop_gateway(code)
    meanwhile = await room.here.say(room.news, room.reader, "!deal nissan foxconn")
    answer = await room.here.message_in(room.news, after=meanwhile, timeout=BACK)
    assert "Oppama" in answer.text
    assert (room.here.identifies, room.here.resumes) == (identified, resumed + 1)


async def test_a_forgotten_session_is_begun_anew(room: Newsroom) -> None:
    identified = room.here.identifies
    room.here.invalidate_sessions()
    await room.here.drop_gateway()
    await room.here.until(lambda: room.here.identifies == identified + 1, BACK)
    await room.here.wait_until_ready(BACK)
    await room.check_answers(room.news)


async def test_posts_wait_for_discord_to_come_back(room: Newsroom) -> None:
    tale = room.tale()
    await room.follow("Nissan", room.deals)
    await room.here.go_down()
    await tale.import_steps(2)
    await room.bots[0].wait_for_log("will be retried")
    await room.here.come_back()
    await room.wait_for_post(room.deals, tale.step(2), BACK)
    posts = room.posts(room.deals, f"Tale {tale.number},")
    assert [tale.step(step) in post.text for step, post in enumerate(posts, start=1)] == [True, True]
    await room.here.wait_until_ready(BACK)
    await room.check_answers(room.news)


async def test_an_outage_of_a_server_stops_no_follow(room: Newsroom) -> None:
    """GUILD_DELETE with `unavailable` is no removal."""
    tale = room.tale()
    await room.follow("Nissan", room.deals)
    room.here.outage(room.guild)
    room.here.restore(room.guild)
    assert "stopped" not in (await room.slash("following", user=room.editor)).text
    await tale.import_steps(1)
    await room.wait_for_post(room.deals, tale.step(1))


async def test_mentions_and_slash_commands_need_no_intent(
    tmp_path_factory: pytest.TempPathFactory, seeded: Path
) -> None:
    """Typed commands cannot be read; the log and `/status` say so, and that is all that is off."""
    folder = tmp_path_factory.mktemp("intent")
    shutil.copy(seeded, folder / "dealwire.db")
    async with open_newsroom(folder, message_content=False) as room:
        bot = await room.bot()
        assert "The message-content intent is off: typed commands such as !deal do not work" in bot.err
        typed = await room.here.say(room.news, room.reader, "!deal nissan")
        mentioned = await room.ask(room.news, f"{room.here.bot.mention} nissan foxconn")
        assert "Oppama" in mentioned.text
        assert "Oppama" in (await room.slash("deal", query="nissan")).text
        assert "Oppama" in (await room.ask(room.here.dm(room.reader), "!deal nissan")).text
        assert "off: the message-content intent is missing" in (await room.slash("status")).text
        answers = [each for each in room.here.messages(room.news) if each.author.bot and each.id > typed.id]
        assert [each.interaction is None for each in answers] == [True, False]
