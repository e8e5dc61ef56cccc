"""Discord's events about servers, channels and permissions, passed on to the follows."""

from __future__ import annotations

import logging

import discord
from discord.ext import commands

from bot.errors import StoreError
from bot.loops import ErrorLog, run_until_done
from bot.platforms.discord.client import Dealwire
from cogs.channels import make_destination

log = logging.getLogger(__name__)


class GuildEventsCog(commands.Cog):
    """Listens to events, and answers nothing."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._subscriptions = bot.services.subscriptions
        self._retention = bot.services.retention
        self._errors = ErrorLog(log, "Noting which servers the bot is in")
        self._is_reconciling = False

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Record the servers that the bot joined or left while it was away."""
        await self._reconcile()

    async def _reconcile(self) -> None:
        """Record which servers the bot is in, and retry until that succeeds."""
        if self._is_reconciling:
            return
        self._is_reconciling = True
        try:
            await run_until_done(self._reconcile_once, self._errors)
        finally:
            self._is_reconciling = False

    async def _reconcile_once(self) -> None:
        await self._retention.reconcile({guild.id for guild in self._bot.guilds}, self._is_own_shard)

    def _is_own_shard(self, guild_id: int) -> bool:
        return (guild_id >> 22) % (self._bot.shard_count or 1) in self._bot.shards

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Resume the follows that stopped when the bot was removed."""
        try:
            await self._retention.record_guild_returned(guild.id)
        except StoreError as exc:
            self._errors.record_failure(exc)
            await self._reconcile()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop the follows of the server."""
        try:
            await self._retention.record_guild_left(guild.id)
        except StoreError as exc:
            self._errors.record_failure(exc)
            await self._reconcile()

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Retry the channel, and record if it has become or ceased to be an announcement channel."""
        if isinstance(after, discord.TextChannel):
            await self._subscriptions.set_destination_kind(after.id, make_destination(after).kind)
        await self._subscriptions.retry_blocked(discord_id=after.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """Retry the thread, which may have been reopened."""
        await self._subscriptions.retry_blocked(discord_id=payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """Retry the server's channels: a role of the bot may have been given the missing permission."""
        await self._subscriptions.retry_blocked(guild_id=after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """Retry the server's channels: the bot may have been given a role that lets it post."""
        if self._bot.user and after.id == self._bot.user.id:
            await self._subscriptions.retry_blocked(guild_id=after.guild.id)


async def setup(bot: Dealwire) -> None:
    """Add the listeners."""
    await bot.add_cog(GuildEventsCog(bot))
