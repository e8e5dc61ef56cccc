"""What the tests of the local Discord share: a server with a channel and a reader."""

import discord

from tests.wire.local_discord import Channel, Guild, LocalDiscord, User
from tests.wire.local_discord.reporter import Reporter

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
    """The channel as the bot knows it."""
    found = bot.get_channel(channel.id)
    assert isinstance(found, discord.TextChannel)
    return found
