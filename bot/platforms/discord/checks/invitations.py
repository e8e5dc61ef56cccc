"""Check what the bot's own roles allow in each server: who was invited with another link may lack permissions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import discord

from bot.model.findings import Finding
from bot.platforms.discord.client import PERMISSIONS
from bot.platforms.discord.portal import name_permissions

#: Servers beyond these are counted.
_MAX_LINES = 5


async def check_invitations(client: discord.Client) -> list[Finding]:
    """Return in which servers the bot lacks permissions, of the first 200."""
    guilds: Iterable[Any] = await client.http.get_guilds(200, with_counts=False)
    return list(judge_invitations([(str(each["name"]), int(each["permissions"])) for each in guilds]))


def judge_invitations(granted: Sequence[tuple[str, int]]) -> Iterator[Finding]:
    """Yield where permissions are missing, given each server's name and the bot's permissions there without what channels change."""
    missing = [(name, _find_missing(discord.Permissions(value))) for name, value in granted]
    faulty = [(name, permissions) for name, permissions in missing if permissions.value]
    if granted and not faulty:
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
