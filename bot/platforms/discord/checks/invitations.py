"""Check what the bot's own roles allow in each server: who was invited with another link may lack permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.model.findings import Finding
from bot.platforms.discord.client import PERMISSIONS
from bot.platforms.discord.portal import name_permissions

#: Servers beyond these are counted.
_MAX_LINES = 5


@dataclass(frozen=True, slots=True)
class JoinedGuild:
    """A server that the bot is in, what the bot may do there without what channels change, and about how many members it has."""

    id: int
    name: str
    permissions: discord.Permissions
    member_count: int


async def fetch_joined_guilds(client: discord.Client) -> list[JoinedGuild]:
    """Return the servers that the bot is in, at most 200. discord.py itself drops their permissions."""
    guilds: Iterable[Any] = await client.http.get_guilds(200, with_counts=True)
    return [
        JoinedGuild(
            int(each["id"]),
            str(each["name"]),
            discord.Permissions(int(each["permissions"])),
            int(each.get("approximate_member_count") or 0),
        )
        for each in guilds
    ]


def check_invitations(guilds: Sequence[JoinedGuild]) -> Iterator[Finding]:
    """Yield in which servers the bot lacks permissions."""
    missing = [(guild.name, _find_missing(guild.permissions)) for guild in guilds]
    faulty = [(name, permissions) for name, permissions in missing if permissions.value]
    if guilds and not faulty:
        yield Finding.ok("The bot has the permissions that it needs in its servers; channels can take some away.")
    for name, permissions in faulty[:_MAX_LINES]:
        yield Finding.note(
            f"In the server {name}, the bot lacks {name_permissions(permissions)}. Open the invite link again and choose that"
            " server, or allow it to the bot's role: Server Settings, Roles."
        )
    if len(faulty) > _MAX_LINES:
        yield Finding.note(f"In {len(faulty) - _MAX_LINES} more servers, the bot lacks permissions.")


def _find_missing(granted: discord.Permissions) -> discord.Permissions:
    """Return the needed permissions that are not granted. Administrators have all."""
    return discord.Permissions.none() if granted.administrator else PERMISSIONS & ~granted
