"""Recognise our messages, and search a channel for one that may have been sent: newest first, back to the first attempt.

Discord's ids (snowflakes) grow with Discord's time. So the newest id that was known before an attempt says where the search can
end, whatever this machine's clock showed: https://discord.com/developers/docs/reference#snowflakes
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Any

import discord
from discord.abc import Messageable

from bot.cards import custom_ids
from bot.delivery.port import CannotSearch
from bot.platforms.discord.other_processes import fetch_channel_with_permissions, is_elsewhere

#: How many messages are read at most, and for how many seconds: an attempt must have time left to send the post.
MAX_MESSAGES = 5_000
MAX_SECONDS = 30.0
#: By how much the clocks of Discord's machines, which make the ids, may differ, in milliseconds.
CLOCK_MARGIN_MS = 60_000
TOO_FAR_REASON = "too much has been posted there since"
CANNOT_READ_REASON = "the bot cannot read the channel's history"


class SnowflakeTracker:
    """The newest of Discord's ids that is known."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._newest = 0

    def record(self, snowflake: int) -> None:
        """Record an id that Discord has just made."""
        self._newest = max(self._newest, snowflake)

    def get_newest(self, channel_id: int) -> int | None:
        """Return the newest id of that channel or any other; None if none is known yet."""
        channel = self._client.get_channel(channel_id)
        return max(self._newest, getattr(channel, "last_message_id", None) or 0) or None


async def search_history(
    client: discord.Client, channel: Messageable, after_id: int | None, matches: Callable[[discord.Message], bool]
) -> discord.Message | None:
    """Return the client's newest own message that ``matches``, and is not older than ``after_id`` (None: whatever its age); None if there is none.

    Raises CannotSearch if too many messages must be read, or if the history may not be read.
    """
    loop = asyncio.get_running_loop()
    oldest_id, deadline, count = _subtract_margin(after_id), loop.time() + MAX_SECONDS, 0
    async for message in channel.history(limit=MAX_MESSAGES):
        if message.id <= oldest_id:
            return None
        if client.user and message.author.id == client.user.id and matches(message):
            return message
        count += 1
        if count >= MAX_MESSAGES or loop.time() > deadline:
            raise CannotSearch(TOO_FAR_REASON)
    if not count and not await _can_read(client, channel):
        raise CannotSearch(CANNOT_READ_REASON)
    return None


async def _can_read(client: discord.Client, channel: Messageable) -> bool:
    """Return whether the client surely may read the history.

    Where it may not, Discord returns an empty history and no error:
    https://discord.com/developers/docs/resources/message#get-channel-messages
    """
    if isinstance(channel, discord.DMChannel):
        return True
    channel_id: int = getattr(channel, "id", 0)
    guild_id: int = getattr(channel, "guild_id", 0) or getattr(getattr(channel, "guild", None), "id", 0)
    if is_elsewhere(client, guild_id):
        guild_channel: object = await fetch_channel_with_permissions(client, guild_id, channel_id)
        if isinstance(guild_channel, discord.Thread):
            # A thread has the permissions of its channel.
            guild_channel = await guild_channel.guild.fetch_channel(guild_channel.parent_id)
    else:
        guild_channel = client.get_channel(channel_id)
    if not isinstance(guild_channel, discord.abc.GuildChannel | discord.Thread):
        return False
    # Contrary to its annotation in discord.py, it is None at a start.
    me: discord.Member | None = guild_channel.guild.me
    return me is not None and guild_channel.permissions_for(me).read_message_history


def get_search_start(after_id: int | None) -> datetime:
    """Return the time, by Discord's clock, from which to search for what is newer than this id; for None, Discord's first day."""
    return discord.utils.snowflake_time(_subtract_margin(after_id))


def _subtract_margin(snowflake: int | None) -> int:
    return max(0, (snowflake or 0) - (CLOCK_MARGIN_MS << 22))


def has_key(message: discord.Message, key: str) -> bool:
    """Return whether this is the message of the post with this key: its Full story or its report button carries it.

    News of a followed feed has no story. Posts of the first versions had no report button.
    """
    report_id = custom_ids.REPORT_PROBLEM.build(post_key=key)
    return any(
        custom_id == report_id or custom_id.startswith(f"dw:post:{key}:")
        for custom_id in _iter_custom_ids(message.components)
    )


def has_custom_id(message: discord.Message, custom_ids: Collection[str]) -> bool:
    """Return whether a message has a button or menu with one of these custom ids."""
    return any(custom_id in custom_ids for custom_id in _iter_custom_ids(message.components))


def _iter_custom_ids(components: Any) -> Iterator[str]:
    for component in components:
        custom_id = getattr(component, "custom_id", None)
        if custom_id:
            yield custom_id
        for attribute in ("children", "components"):
            yield from _iter_custom_ids(getattr(component, attribute, None) or ())
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            yield from _iter_custom_ids((accessory,))
