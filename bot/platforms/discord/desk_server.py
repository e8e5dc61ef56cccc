"""Which server is the desk's.

A server that was never the desk's must not become the desk's because another one removes the bot: its owner could publish.
So the store remembers the desk's server, and only the setting moves the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import discord

_HOW_TO_SET = "Set DESK_GUILD_ID to the id of the desk's server and restart the bot."


@dataclass(frozen=True, slots=True)
class DeskServer:
    """The desk's server.

    Attributes:
        guild_id: the id; None while the desk is off.
        reason: why the desk is off and what to do, for the log and ``check``; empty while it is on.
        is_crowded: whether it is off because the bot is in more than one server.
    """

    guild_id: int | None = None
    reason: str = ""
    is_crowded: bool = False


#: Until Discord has said which servers the bot is in.
UNKNOWN_DESK_SERVER = DeskServer(reason="The desk's server is not known yet.")
#: Before the bot is invited anywhere.
NO_DESK_SERVER = DeskServer(reason="The bot is not in any server yet.")


def choose_desk_server(
    configured_id: int | None, shard_count: int, guild_ids: Sequence[int], former_id: int | None
) -> DeskServer:
    """Return the desk's server: the configured one, or the only one that the bot is in.

    Args:
        configured_id: the id in the settings; None for none.
        shard_count: the number of all shards in all processes.
        guild_ids: the servers that Discord says the bot is in.
        former_id: the last server of the desk; 0 if the bot was in several servers and none was the desk's, None for a new
            store.
    """
    if configured_id:
        return DeskServer(configured_id)
    if shard_count > 1:
        return DeskServer(
            None, f"The bot has {shard_count} shards and DESK_GUILD_ID is not set, so the desk is off. {_HOW_TO_SET}"
        )
    if not guild_ids:
        return NO_DESK_SERVER
    if len(guild_ids) > 1:
        count = f"The bot is in {len(guild_ids)} servers and DESK_GUILD_ID is not set, so the desk is off."
        return DeskServer(None, f"{count} {_HOW_TO_SET}", is_crowded=True)
    (only_id,) = guild_ids
    if former_id in (None, only_id):
        return DeskServer(only_id)
    return DeskServer(
        None, f"{_explain_refusal(only_id, former_id)} To make it the desk's server, set DESK_GUILD_ID={only_id}."
    )


def _explain_refusal(only_id: int, former_id: int | None) -> str:
    if former_id:
        return f"The bot has left the desk's server {former_id}, so the desk is off. It is only in the server {only_id} now."
    return (
        f"The bot was in several servers and is only in {only_id} now; the desk stays off until DESK_GUILD_ID is set."
    )


async def find_desk_server(
    client: discord.Client, configured_id: int | None, shard_count: int, former_id: int | None
) -> DeskServer:
    """Ask Discord, and return the desk's server.

    The client's own list of servers does not help: it is incomplete at startup, and only has the servers of its shards.
    """
    guild_ids = () if configured_id or shard_count > 1 else await fetch_guild_ids(client)
    return choose_desk_server(configured_id, shard_count, guild_ids, former_id)


async def fetch_guild_ids(client: discord.Client) -> list[int]:
    """Return the ids of the servers that Discord says the bot is in, at most 200."""
    return [guild.id async for guild in client.fetch_guilds(limit=200, with_counts=False)]
