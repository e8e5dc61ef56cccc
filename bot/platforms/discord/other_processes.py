"""Servers that belong to another process of the bot: no events tell of them, so the client's cache does not have them."""

from __future__ import annotations

import discord

from bot.platforms.discord.sharded_bot import ShardedBot


def is_elsewhere(client: discord.Client, guild_id: int) -> bool:
    """Return whether a server belongs to another process."""
    return bool(guild_id) and isinstance(client, ShardedBot) and not client.is_own_guild(guild_id)


async def fetch_channel_with_permissions(
    client: discord.Client, guild_id: int, channel_id: int
) -> discord.abc.GuildChannel | discord.Thread:
    """Return a channel whose ``guild`` has its roles and the bot as a member. This takes three requests."""
    guild = await client.fetch_guild(guild_id, with_counts=False)
    if client.user is not None:
        guild._add_member(await guild.fetch_member(client.user.id))  # noqa: SLF001 - fetching alone does not make it ``guild.me``
    return await guild.fetch_channel(channel_id)
