"""What the follows learn from Discord: servers that come and go, channels and permissions that change."""

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
    """Listens; says nothing."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._subscriptions = bot.services.subscriptions
        self._retention = bot.services.retention
        self._errors = ErrorLog(log, "Noting which servers the bot is in")
        self._is_reconciling = False

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with servers that the bot was removed from, or came to, while it was away."""
        await self._reconcile()

    async def _reconcile(self) -> None:
        """Note which servers the bot is in, as often as it takes until that is done."""
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
        """Take up what had stopped when the bot was removed."""
        try:
            await self._retention.record_guild_returned(guild.id)
        except StoreError as exc:
            self._errors.record_failure(exc)
            await self._reconcile()

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop what the server followed."""
        try:
            await self._retention.record_guild_left(guild.id)
        except StoreError as exc:
            self._errors.record_failure(exc)
            await self._reconcile()

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Its permissions may have been mended; a text channel may be one for announcements now, or the other way."""
        if isinstance(after, discord.TextChannel):
            await self._subscriptions.set_destination_kind(after.id, make_destination(after).kind)
        await self._subscriptions.retry_blocked(discord_id=after.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """It may have been opened again."""
        await self._subscriptions.retry_blocked(discord_id=payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """A role of the bot's may have been given what was missing."""
        await self._subscriptions.retry_blocked(guild_id=after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """The bot may have been given a role that lets it post."""
        if self._bot.user and after.id == self._bot.user.id:
            await self._subscriptions.retry_blocked(guild_id=after.guild.id)


async def setup(bot: Dealwire) -> None:
    """Add the listeners."""
    await bot.add_cog(GuildEventsCog(bot))
