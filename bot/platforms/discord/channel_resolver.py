"""How a destination is reached: a user's DMs are opened, and archived threads are unarchived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord
from discord.abc import Messageable

from bot.delivery.port import ThreadLocked
from bot.model.follow import Destination, DestinationKind
from bot.platforms.discord.error_mapping import FORBIDDEN_CODES, LOCKED_REASON, THREAD_ARCHIVED, get_error_code

_T = TypeVar("_T")


async def resolve_channel(client: discord.Client, destination: Destination) -> Messageable:
    """Return what messages of a destination are sent to. Needs no cached channel."""
    if destination.kind is DestinationKind.DM:
        user = client.get_user(destination.discord_id) or await client.fetch_user(destination.discord_id)
        return user.dm_channel or await user.create_dm()
    return client.get_partial_messageable(destination.discord_id, guild_id=destination.guild_id)


async def run_unarchived(client: discord.Client, channel_id: int, action: Callable[[], Awaitable[_T]]) -> _T:
    """Run ``action``; if its thread is archived, unarchive it first. Raises ThreadLocked if the bot may not."""
    try:
        return await action()
    except discord.HTTPException as exc:
        if get_error_code(exc) != THREAD_ARCHIVED:
            raise
    try:
        await client.http.edit_channel(channel_id, archived=False)
    except discord.Forbidden as exc:
        if get_error_code(exc) not in FORBIDDEN_CODES:
            raise
        raise ThreadLocked(LOCKED_REASON) from exc
    return await action()
