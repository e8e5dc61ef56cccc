"""Check the desk: its server, its role, and what the bot may do in its channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence

import discord

from bot.model.findings import Finding
from bot.platforms.discord.desk_server import choose_desk_server
from bot.settings import Settings

#: What the desk's channel needs, under Discord's names. The history shows whether a card was posted when nobody can tell.
_CHANNEL_PERMISSIONS = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
_THREAD_PERMISSIONS = {
    "view_channel": "View Channel",
    "send_messages_in_threads": "Send Messages in Threads",
    "embed_links": "Embed Links",
    "read_message_history": "Read Message History",
}
_COPY_ID = "Right-click it in Discord with Developer Mode on, and choose Copy"


async def check_desk(
    client: discord.Client,
    settings: Settings,
    shard_count: int,
    guild_ids: Sequence[int],
    former_desk_id: int | None,
) -> list[Finding]:
    """Return what keeps the desk from working. ``guild_ids`` are the bot's servers, at most the first 200."""
    count = f"The bot is in {len(guild_ids)} server{'s' if len(guild_ids) > 1 else ''}"
    desk = choose_desk_server(settings.desk_guild_id, shard_count, guild_ids, former_desk_id)
    findings: list[Finding] = []
    guild: discord.Guild | None = None
    if not guild_ids:
        findings.append(Finding.note("The bot is not in any server yet; invite it with the invite link."))
    elif desk.guild_id is None:
        findings.append(Finding.note(desk.reason))
    else:
        guild = await _fetch_guild(client, desk.guild_id)
        if guild is None:
            return [
                Finding.problem(
                    "DESK_GUILD_ID is a server that the bot is not in, so nobody can publish with /desk. Invite the bot there"
                    " with the invite link, or set DESK_GUILD_ID to another server's id."
                )
            ]
        findings.append(Finding.ok(f"{count}; the desk's server is known."))
    if guild is not None:
        findings += _check_role(guild, settings.desk_role_id)
    if settings.desk_channel_id and guild_ids:
        findings += [finding async for finding in _check_channel(client, guild, settings.desk_channel_id)]
    return findings


async def _fetch_guild(client: discord.Client, guild_id: int) -> discord.Guild | None:
    """Return a server with its roles; None if the bot is not in it."""
    try:
        return await client.fetch_guild(guild_id, with_counts=False)
    except (discord.NotFound, discord.Forbidden):
        return None


def _check_role(guild: discord.Guild, role_id: int | None) -> Iterator[Finding]:
    if not role_id:
        return
    role = guild.get_role(role_id)
    if role is None:
        yield Finding.problem(
            f"DESK_ROLE_ID is not a role of the desk's server ({guild.name}), so only the application's owner or team can publish."
            f" {_COPY_ID} Role ID."
        )
    elif role.is_default():
        yield Finding.problem(
            f"DESK_ROLE_ID is the role @everyone of the desk's server ({guild.name}), so every member can publish. Create a role"
            " for the desk, and set DESK_ROLE_ID to its id."
        )
    else:
        yield Finding.ok(f"The desk's role is {role.name}.")


async def _check_channel(
    client: discord.Client, guild: discord.Guild | None, channel_id: int
) -> AsyncIterator[Finding]:
    place = await _find_channel(client, guild, channel_id)
    if place is None:
        yield Finding.problem(
            "DESK_CHANNEL_ID is not a channel that the bot can see, so articles wait in /desk queue alone. Give the bot View"
            f" Channel there, or correct the id: {_COPY_ID[0].lower()}{_COPY_ID[1:]} Channel ID."
        )
        return
    channel, parent = place
    if not isinstance(channel, discord.TextChannel | discord.Thread) or parent is None:
        yield Finding.problem(
            f"DESK_CHANNEL_ID is {channel}, which is not a text channel or thread. Choose one whose members are the desk."
        )
        return
    if guild is not None and parent.guild.id != guild.id:
        yield Finding.problem(
            f"DESK_CHANNEL_ID (#{channel.name}) is in another server than the desk, where its buttons do not work. Choose a channel"
            f" of {guild.name}."
        )
        return
    granted = parent.permissions_for(await parent.guild.fetch_member(client.user.id if client.user else 0))
    needed = _THREAD_PERMISSIONS if isinstance(channel, discord.Thread) else _CHANNEL_PERMISSIONS
    missing = [name for attribute, name in needed.items() if not getattr(granted, attribute)]
    for name in missing:
        yield Finding.problem(
            f"The bot lacks {name} in the desk's channel #{channel.name}. Edit the channel, Permissions: add the bot's role and"
            f" allow {name}."
        )
    if not missing:
        yield Finding.ok(f"The bot can post in the desk's channel #{channel.name}.")


_Place = tuple[discord.abc.GuildChannel | discord.Thread | discord.abc.PrivateChannel, discord.abc.GuildChannel | None]


async def _find_channel(client: discord.Client, guild: discord.Guild | None, channel_id: int) -> _Place | None:
    """Return a channel, and the one whose permissions count: its own, or a thread's parent. Return None if it cannot be seen.

    The list of a server's channels has those too that the bot may not view.
    """
    channels = {channel.id: channel for channel in await guild.fetch_channels()} if guild else {}
    if channel_id in channels:
        return channels[channel_id], channels[channel_id]
    try:
        channel = await client.fetch_channel(channel_id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData):
        return None
    if isinstance(channel, discord.abc.PrivateChannel):
        return channel, None
    owner = guild if guild and guild.id == channel.guild.id else await _fetch_guild(client, channel.guild.id)
    if owner is None:
        return None
    parent_id = channel.parent_id if isinstance(channel, discord.Thread) else channel.id
    own_channels = channels if owner is guild else {each.id: each for each in await owner.fetch_channels()}
    return channel, own_channels.get(parent_id)
