"""Who sees a channel or thread: what one person may be shown of it, and what an answer that everybody reads may show."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import discord

from bot.cards.notes import private_note
from bot.client import Context, Interaction
from bot.errors import Refused
from bot.languages import say
from bot.model.follow import Destination, Follow, Place
from cogs.places import Somewhere, Where, can_see, home, manages


async def check_visible(ctx: Context | Interaction, place: Somewhere) -> None:
    """Raise Refused if the asker does not see the place, or if it is not one of this server's."""
    if home(ctx) is None or ctx.guild is None:
        return
    if not isinstance(place, Where) or place.guild.id != ctx.guild.id:
        raise Refused(say("Name a text channel, an announcement channel, a forum or a thread of this server."))
    if not await can_see(ctx, place):
        raise Refused(say("You need View Channel in that channel."))


async def shown_to(ctx: Context | Interaction, follows: Iterable[Follow]) -> list[Follow]:
    """Return the follows in channels that the asker sees; those whose channel is gone only for managers of the server."""
    listed = list(follows)
    places = list(dict.fromkeys(follow.destination for follow in listed))
    # Discord is asked about each private thread, so all are asked about at once.
    seen = dict(zip(places, await asyncio.gather(*(_is_shown(ctx, place) for place in places)), strict=True))
    return [follow for follow in listed if seen[follow.destination]]


async def _is_shown(ctx: Context | Interaction, where: Destination) -> bool:
    guild = home(ctx)
    channel = guild.get_channel_or_thread(where.discord_id) if guild else None
    if channel is None:
        # It may have been a private one, or it is a thread in the archive.
        return manages(ctx)
    return isinstance(channel, Where) and await can_see(ctx, channel)


async def answer_privately(
    ctx: Context, answer: Callable[[Context], Awaitable[discord.ui.LayoutView]], custom_id: str
) -> None:
    """Send an answer that is the asker's alone; where a typed one would be read by others, a button that opens it."""
    if ctx.interaction is None and home(ctx) is not None:
        await ctx.send(view=private_note(custom_id))
    else:
        await ctx.send(view=await answer(ctx), ephemeral=True)


def is_public_here(ctx: Context | Interaction, where: Destination) -> bool:
    """Return whether everybody who reads an answer here sees that place too; in doubt they do not.

    The bot does not know the members of a server. So a place counts as seen by all only if no overwrite hides it from
    anybody.
    """
    guild, here = home(ctx), ctx.channel
    if guild is None or here is None:
        return True
    place = guild.get_channel_or_thread(where.discord_id) if where.place is not Place.DM else None
    if isinstance(place, discord.Thread):
        if place.id == here.id:
            return True
        place = None if place.is_private() else place.parent
    if place is None:
        return False
    return place.id in (here.id, getattr(here, "parent_id", None)) or _is_hidden_from_nobody(guild, place)


def _is_hidden_from_nobody(guild: discord.Guild, place: discord.abc.GuildChannel) -> bool:
    hides = any(overwrite.view_channel is False for overwrite in place.overwrites.values())
    return not hides and place.permissions_for(guild.default_role).view_channel
