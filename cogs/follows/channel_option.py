"""The channel of a command: an option, or a mention behind a typed query."""

from __future__ import annotations

import re
from typing import Annotated, Any, TypeAlias

import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import NotAllowed
from bot.languages import lazy, say
from bot.platforms.discord.client import Context
from cogs.channels import WRONG_CHANNEL, PostChannel
from cogs.permissions import can_see

NOT_A_MEMBER = lazy(
    "The bot is not on this server, so it can post in none of its channels, and ping none of its roles."
    " Without these, `/follow` brings posts to your DMs."
)
_CHANNEL = re.compile(r"<#(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")


class ChannelOption(app_commands.Transformer, commands.Converter[PostChannel]):
    """A channel that posts can go to, as an option of a slash command or as a word of a typed one.

    discord.py offers media channels wherever it offers forums; posts cannot go to these.
    """

    @property
    def type(self) -> discord.AppCommandOptionType:
        """Return the option type of a channel."""
        return discord.AppCommandOptionType.channel

    @property
    def channel_types(self) -> list[discord.ChannelType]:
        """Return the types of channels that Discord offers."""
        types = discord.ChannelType
        threads = [types.news_thread, types.private_thread, types.public_thread]
        return [types.text, types.news, types.forum, *threads]

    async def transform(self, interaction: discord.Interaction, value: Any, /) -> PostChannel:
        """Return the selected channel as the bot knows it."""
        if interaction.guild_id and interaction.client.get_guild(interaction.guild_id) is None:
            raise NotAllowed(say(NOT_A_MEMBER))
        channel = value.resolve()
        if not isinstance(channel, PostChannel):
            raise app_commands.TransformerError(value, self.type, self)
        return channel

    async def convert(self, ctx: commands.Context[Any], argument: str) -> PostChannel:
        """Return the channel that a mention, an id or a name stands for.

        It must be visible to the user, or a guess would reveal its name.
        """
        for converter in (commands.TextChannelConverter, commands.ThreadConverter, commands.ForumChannelConverter):
            try:
                channel: PostChannel = await converter().convert(ctx, argument)
            except (commands.ChannelNotFound, commands.ThreadNotFound):
                continue
            if await can_see(ctx, channel):
                return channel
        raise commands.ChannelNotFound(argument)


#: The annotation of a channel option that may be left out.
OptionalChannel: TypeAlias = Annotated[PostChannel, ChannelOption] | None


def split_mentions(ctx: Context, text: str) -> tuple[str, PostChannel | None, discord.Role | None]:
    """Split a typed target from the channel and the role that are mentioned in it (``hon hai #deals @Deals``).

    Raises NotAllowed if posts cannot go to the channel or the role is unknown: neither may be ignored.
    """
    channel: PostChannel | None = None
    role: discord.Role | None = None
    if ctx.guild is not None and (channel_match := _CHANNEL.search(text)):
        mentioned_channel = ctx.guild.get_channel_or_thread(int(channel_match[1]))
        if not isinstance(mentioned_channel, PostChannel):
            raise NotAllowed(say(WRONG_CHANNEL))
        channel = mentioned_channel
    if ctx.guild is not None and (role_match := _ROLE.search(text)):
        role = ctx.guild.get_role(int(role_match[1]))
        if role is None:
            raise NotAllowed(say("That role is not one of this server."))
    return _ROLE.sub("", _CHANNEL.sub("", text)).strip(), channel, role
