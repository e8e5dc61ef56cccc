"""Which server is the desk's: the rule, and the question to Discord that it needs.

A server that was never the desk's must not become it because another one removes the bot: whoever owns it could publish.
So the store remembers the desk's server (``Bookkeeping.desk_server``), and only the setting moves the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

_SET_IT = "Set DESK_GUILD_ID to the id of the desk's server and restart the bot."


@dataclass(frozen=True, slots=True)
class DeskServer:
    """The desk's server.

    Attributes:
        guild_id: its id; 0 while the desk is off.
        reason: why the desk is off and what to do, for the log and ``check``; empty while it is on.
        is_crowded: whether it is off because the bot is in more than one server.
    """

    guild_id: int = 0
    reason: str = ""
    is_crowded: bool = False


#: What holds until Discord has said which servers the bot is in.
UNKNOWN = DeskServer(reason="The desk's server is not known yet.")
#: What holds before the bot is invited anywhere.
NO_SERVER = DeskServer(reason="The bot is in no server yet.")


def choose_desk_server(configured: int, shards: int, guild_ids: Sequence[int], former: int | None) -> DeskServer:
    """Return the desk's server: the configured one, or the only one that the bot is in.

    ``guild_ids`` are those that Discord names, ``shards`` is the number of all shards in all processes. ``former`` is the
    server that was the desk's last, 0 if the bot was in several servers and none was the desk's, None for a new store.
    """
    if configured:
        return DeskServer(configured)
    if shards > 1:
        return DeskServer(0, f"The bot has {shards} shards and DESK_GUILD_ID is not set, so the desk is off. {_SET_IT}")
    if not guild_ids:
        return NO_SERVER
    if len(guild_ids) > 1:
        count = f"The bot is in {len(guild_ids)} servers and DESK_GUILD_ID is not set, so the desk is off."
        return DeskServer(0, f"{count} {_SET_IT}", is_crowded=True)
    (only,) = guild_ids
    if former in (None, only):
        return DeskServer(only)
    return DeskServer(0, f"{_why_not(only, former)} To make it the desk's server, set DESK_GUILD_ID={only}.")


def _why_not(only: int, former: int | None) -> str:
    if former:
        return f"The bot has left the desk's server {former}, so the desk is off. It is only in the server {only} now."
    return f"The bot was in several servers and is only in {only} now; the desk stays off until DESK_GUILD_ID is set."


async def find_desk_server(client: discord.Client, configured: int, shards: int, former: int | None) -> DeskServer:
    """Return the desk's server by what Discord itself says.

    The client's own list of servers is not asked: it is incomplete at a start, and only ever has those of its shards.
    """
    guild_ids = () if configured or shards > 1 else await fetch_guild_ids(client)
    return choose_desk_server(configured, shards, guild_ids, former)


async def fetch_guild_ids(client: discord.Client) -> list[int]:
    """Return the ids of the servers that Discord says the bot is in, at most 200."""
    return [guild.id async for guild in client.fetch_guilds(limit=200, with_counts=False)]
