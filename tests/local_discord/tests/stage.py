"""What the tests of the local Discord share: a server with a channel and a reader."""

import discord

from tests.local_discord import Channel, Guild, LocalDiscord, User
from tests.local_discord.reporter import Reporter

TOKEN = "a.test.token"


class Stage:
    """A Discord with one server, one channel and one reader."""

    def __init__(self, here: LocalDiscord) -> None:
        self.here = here
        self.guild: Guild = here.add_guild("Newsroom")
        self.channel: Channel = here.add_channel(self.guild, "news")
        self.reader: User = here.add_user("reader")
        here.add_member(self.guild, self.reader)


def place(bot: Reporter, channel: Channel) -> discord.TextChannel:
    """Return the channel as the bot knows it."""
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found


def thread_on(bot: Reporter, thread: Channel) -> discord.Thread:
    """Return the thread as the bot knows it."""
    assert thread.guild is not None
    guild = bot.get_guild(thread.guild.id)
    found = guild.get_thread(thread.id) if guild else None
    assert found is not None
    return found


def forum_on(bot: Reporter, forum: Channel) -> discord.ForumChannel:
    """Return the forum as the bot knows it."""
    found = bot.get_channel(forum.id)
    assert isinstance(found, discord.ForumChannel)
    return found


async def told(stage: Stage) -> None:
    """Return when the bot has read all events so far: they come in order, and it answers after them."""
    asked = await stage.here.say(stage.channel, stage.reader, "!ping")
    answer = await stage.here.message_in(stage.channel, after=asked)
    stage.here.delete_message(asked)
    stage.here.delete_message(answer)
