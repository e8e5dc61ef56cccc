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
    bot_channel = bot.get_channel(channel.id)
    assert isinstance(bot_channel, discord.TextChannel)
    return bot_channel


def thread_on(bot: Reporter, thread: Channel) -> discord.Thread:
    """Return the thread as the bot knows it."""
    assert thread.guild is not None
    guild = bot.get_guild(thread.guild.id)
    bot_thread = guild.get_thread(thread.id) if guild else None
    assert bot_thread is not None
    return bot_thread


def forum_on(bot: Reporter, forum: Channel) -> discord.ForumChannel:
    """Return the forum as the bot knows it."""
    bot_forum = bot.get_channel(forum.id)
    assert isinstance(bot_forum, discord.ForumChannel)
    return bot_forum


async def wait_for_events(stage: Stage) -> None:
    """Return when the bot has read all events so far: they come in order, and it answers after them."""
    question = await stage.here.say(stage.channel, stage.reader, "!ping")
    answer = await stage.here.message_in(stage.channel, after=question)
    stage.here.delete_message(question)
    stage.here.delete_message(answer)
