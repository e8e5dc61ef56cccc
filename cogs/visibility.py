"""Who sees a channel or thread: what one person may be shown of it, and what an answer that everybody reads may show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import discord

from bot.cards.simple_cards import private_answer_card
from bot.errors import NotAllowed
from bot.languages import say
from bot.model.follow import Destination, DestinationKind, Follow
from bot.platforms.discord.client import Context, Interaction
from cogs.channels import AnyChannel, PostChannel, can_manage, can_see, find_guild


async def check_visible(ctx: Context | Interaction, channel: AnyChannel) -> None:
    """Raise Refused if the asker does not see the place, or if it is not one of this server's."""
    if find_guild(ctx) is None or ctx.guild is None:
        return
    if not isinstance(channel, PostChannel) or channel.guild.id != ctx.guild.id:
        raise NotAllowed(say("Name a text channel, an announcement channel, a forum or a thread of this server."))
    if not await can_see(ctx, channel):
        raise NotAllowed(say("You need View Channel in that channel."))


async def filter_visible(ctx: Context | Interaction, follows: Iterable[Follow]) -> list[Follow]:
    """Return the follows in channels that the asker sees; those whose channel is gone only for managers of the server."""
    candidates = list(follows)
    destinations = list(dict.fromkeys(follow.destination for follow in candidates))
    # Discord is asked about each private thread, so all are asked about at once.
    visibility = dict(
        zip(
            destinations,
            await asyncio.gather(*(_is_visible(ctx, destination) for destination in destinations)),
            strict=True,
        )
    )
    return [follow for follow in candidates if visibility[follow.destination]]


async def _is_visible(ctx: Context | Interaction, destination: Destination) -> bool:
    guild = find_guild(ctx)
    channel = guild.get_channel_or_thread(destination.discord_id) if guild else None
    if channel is None:
        # It may have been a private one, or it is a thread in the archive.
        return can_manage(ctx)
    return isinstance(channel, PostChannel) and await can_see(ctx, channel)


async def answer_privately(
    ctx: Context, build_card: Callable[[Context], Awaitable[discord.ui.LayoutView]], custom_id: str
) -> None:
    """Send an answer that is the asker's alone; where a typed one would be read by others, a button that opens it."""
    if ctx.interaction is None and find_guild(ctx) is not None:
        await ctx.send(view=private_answer_card(custom_id))
    else:
        await ctx.send(view=await build_card(ctx), ephemeral=True)


def is_public_here(ctx: Context | Interaction, destination: Destination) -> bool:
    """Return whether everybody who reads an answer here sees that place too; in doubt they do not.

    The bot does not know the members of a server. So a place counts as seen by all only if no overwrite hides it from
    anybody.
    """
    guild, current_channel = find_guild(ctx), ctx.channel
    if guild is None or current_channel is None:
        return True
    channel = (
        guild.get_channel_or_thread(destination.discord_id) if destination.kind is not DestinationKind.DM else None
    )
    if isinstance(channel, discord.Thread):
        if channel.id == current_channel.id:
            return True
        channel = None if channel.is_private() else channel.parent
    if channel is None:
        return False
    return channel.id in (current_channel.id, getattr(current_channel, "parent_id", None)) or _is_open_to_all(
        guild, channel
    )


def _is_open_to_all(guild: discord.Guild, channel: discord.abc.GuildChannel) -> bool:
    is_hidden = any(overwrite.view_channel is False for overwrite in channel.overwrites.values())
    return not is_hidden and channel.permissions_for(guild.default_role).view_channel
