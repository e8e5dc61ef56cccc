"""The greeting: what the bot says once in a server that it has joined."""

from __future__ import annotations

import logging
from datetime import timedelta

import discord
from discord.ext import commands

from bot.cards.help import greeting_card
from bot.errors import StoreError
from bot.languages import use_language
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, summarize_error
from cogs.help.pages import make_help_context

log = logging.getLogger(__name__)

#: How long after joining a server the bot still greets it, for servers that it joined while it was not running.
GREETING_PERIOD = timedelta(days=1)


class GreetingCog(commands.Cog):
    """Greets each server once, in its system channel, and nobody by DM.

    The events that say that a server is there also come after outages and reconnects, so the store remembers who was greeted:
    for as long as the bot is in the server, and for 30 days afterwards.
    """

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._retention = bot.services.retention

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Greet the servers that the bot has joined while it was not running."""
        for guild in list(self._bot.guilds):
            await self._greet_if_new(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet the server."""
        await self._greet_if_new(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet a server that was in an outage when the bot joined it."""
        await self._greet_if_new(guild)

    async def _greet_if_new(self, guild: discord.Guild) -> None:
        if not self._has_just_joined(guild):
            return
        try:
            # Record it first: a bot that is killed in between says nothing rather than the same thing twice.
            if await self._retention.record_guild_greeted(guild.id):
                await self._greet(guild)
        except (StoreError, *REQUEST_ERRORS) as exc:
            reason = str(exc) if isinstance(exc, StoreError) else summarize_error(exc)
            log.warning("The server %d could not be greeted: %s", guild.id, reason)

    def _has_just_joined(self, guild: discord.Guild) -> bool:
        me = guild.get_member(self._bot.user.id) if self._bot.user else None
        earliest = self._bot.services.clock() - GREETING_PERIOD
        return me is not None and me.joined_at is not None and me.joined_at > earliest

    async def _greet(self, guild: discord.Guild) -> None:
        channel = guild.system_channel
        if channel is None:
            return
        permissions = channel.permissions_for(guild.me)
        if not (permissions.view_channel and permissions.send_messages):
            return
        with use_language(await self._bot.language_resolver.for_guild(guild.id)):
            card = greeting_card(await make_help_context(self._bot, guild))
        await channel.send(view=card)
