"""A server is greeted once: by the bot that joins it, whatever happens to the bot and to the connection afterwards."""

from tests.local_discord import Message
from tests.wire.newsroom import SOON, Newsroom

GREETING = "Hello, I'm "


def greetings(newsroom: Newsroom) -> list[Message]:
    """Return the greetings in #news, the system channel of these tests, and check that there are none elsewhere."""
    assert not any(GREETING in message.text for message in newsroom.here.messages(newsroom.deals))
    return [message for message in newsroom.here.messages(newsroom.news) if GREETING in message.text]


async def test_a_server_is_greeted_once_over_restarts_and_outages(newsroom: Newsroom) -> None:
    """The bot was invited before its first start; it is stopped, killed, reconnected, and its server has an outage."""
    here = newsroom.here
    newsroom.guild.system_channel = newsroom.news
    here.remove_guild(newsroom.guild)
    here.invite_again(newsroom.guild)
    bot = await newsroom.bot()
    await here.until(lambda: greetings(newsroom), SOON, "the greeting")
    await bot.stop()
    await here.wait_until_disconnected()
    bot = await newsroom.bot()
    here.outage(newsroom.guild)
    here.restore(newsroom.guild)
    await newsroom.check_answers(newsroom.deals)
    await bot.kill()
    await here.wait_until_disconnected()
    await newsroom.bot()
    await newsroom.check_answers(newsroom.deals)
    assert len(greetings(newsroom)) == 1


async def test_a_server_that_the_bot_joins_is_greeted_at_once(newsroom: Newsroom) -> None:
    """Once: if it throws the bot out and invites it again, that is no news there."""
    here = newsroom.here
    other = here.add_guild("Another")
    other.system_channel = general = here.add_channel(other, "general")
    here.remove_guild(other)
    await newsroom.bot()
    for _ in range(2):
        here.invite_again(other)
        await here.until(lambda: here.messages(general), SOON, "the greeting")
        await newsroom.check_answers(newsroom.deals)
        here.remove_guild(other)
    assert [GREETING in message.text for message in here.messages(general)] == [True]
