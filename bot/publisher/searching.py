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
MOST_SECONDS = 45.0
#: Ids come from many of Discord's machines, whose clocks differ a little, in milliseconds.
MARGIN = 60_000
TOO_FAR = "too much has been posted there since"


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

    Raises CannotLook if there are too many of these.
    """
    loop = asyncio.get_running_loop()
    deadline, count = loop.time() + MOST_SECONDS, 0
    async for message in place.history(limit=MOST_MESSAGES, after=_earlier(after), oldest_first=False):
        if client.user and message.author.id == client.user.id and is_wanted(message):
            return message
        count += 1
        if count >= MOST_MESSAGES or loop.time() > deadline:
            raise CannotLook(TOO_FAR)
    return None


def time_of(after: int) -> datetime:
    """Return the time, by Discord's clock, from which on a search for what is newer than this id must look."""
    return discord.utils.snowflake_time(_earlier(after).id)


def _earlier(snowflake: int) -> discord.Object:
    return discord.Object(max(0, snowflake - (MARGIN << 22)))
