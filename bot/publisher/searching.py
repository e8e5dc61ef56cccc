"""How a message that may have been sent is searched for: newest first, back to the first attempt, by Discord's clock.

Discord's ids (snowflakes) grow with Discord's time. So the newest id that was known before an attempt says where the search can
end, whatever this machine's clock showed: https://discord.com/developers/docs/reference#snowflakes
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import discord
from discord.abc import Messageable

from bot.delivery.port import CannotLook

#: So many messages are read back at most, and for so many seconds, which leaves time in a try to send the post.
MOST_MESSAGES = 5_000
MOST_SECONDS = 30.0
#: Ids come from many of Discord's machines, whose clocks differ a little, in milliseconds.
MARGIN = 60_000
TOO_FAR = "too much has been posted there since"
CANNOT_READ = "the bot cannot read the channel's history"


class Ids:
    """The newest ids that are known of Discord's."""

    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self._newest = 0

    def note(self, snowflake: int) -> None:
        """Remember an id that Discord has just made."""
        self._newest = max(self._newest, snowflake)

    def newest(self, channel_id: int) -> int:
        """Return the newest id, of that channel or any other; 0 if none is known yet."""
        channel = self._client.get_channel(channel_id)
        return max(self._newest, getattr(channel, "last_message_id", None) or 0)


async def search(
    client: discord.Client, place: Messageable, after: int, is_wanted: Callable[[discord.Message], bool]
) -> discord.Message | None:
    """Return the client's own message that is wanted, among those that are not older than the id ``after``.

    Raises CannotLook if there are too many of these, or if the history may not be read.
    """
    loop = asyncio.get_running_loop()
    oldest, deadline, count = _earlier(after), loop.time() + MOST_SECONDS, 0
    async for message in place.history(limit=MOST_MESSAGES):
        if message.id <= oldest:
            return None
        if client.user and message.author.id == client.user.id and is_wanted(message):
            return message
        count += 1
        if count >= MOST_MESSAGES or loop.time() > deadline:
            raise CannotLook(TOO_FAR)
    if not count and not _may_read(client, place):
        raise CannotLook(CANNOT_READ)
    return None


def _may_read(client: discord.Client, place: Messageable) -> bool:
    """Return whether the client surely may read what stands there.

    Where it may not, Discord gives an empty history and no error: https://discord.com/developers/docs/resources/message
    """
    if isinstance(place, discord.DMChannel):
        return True
    channel = client.get_channel(getattr(place, "id", 0))
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    # Contrary to what discord.py says, there is none at a start.
    me: discord.Member | None = channel.guild.me
    return me is not None and channel.permissions_for(me).read_message_history


def time_of(after: int) -> datetime:
    """Return the time, by Discord's clock, from which on a search for what is newer than this id must look."""
    return discord.utils.snowflake_time(_earlier(after))


def _earlier(snowflake: int) -> int:
    return max(0, snowflake - (MARGIN << 22))
