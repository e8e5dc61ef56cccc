"""How a destination is reached: a user's DMs are opened, and so is a thread that Discord has put into its archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
from discord.abc import Messageable

from bot.delivery.port import Locked
from bot.model.follow import Destination, Place
from bot.publisher.refusals import ARCHIVED, FORBIDDEN, LOCKED, code_of

_T = TypeVar("_T")


async def place_of(client: discord.Client, where: Destination) -> Messageable:
    """What messages of a destination are sent to; of a channel nothing needs to be known for it."""
    if where.place is Place.DM:
        user = client.get_user(where.discord_id) or await client.fetch_user(where.discord_id)
        return user.dm_channel or await user.create_dm()
    return client.get_partial_messageable(where.discord_id, guild_id=where.guild_id or None)


async def opened(client: discord.Client, channel_id: int, act: Callable[[], Awaitable[_T]]) -> _T:
    """Do it; in a thread that is in the archive, open that first. Raises Locked for one that is."""
    try:
        return await act()
    except discord.HTTPException as exc:
        if code_of(exc) != ARCHIVED:
            raise
    try:
        await client.http.edit_channel(channel_id, archived=False)
    except discord.Forbidden as exc:
        if code_of(exc) not in FORBIDDEN:
            raise
        raise Locked(LOCKED) from exc
    return await act()
