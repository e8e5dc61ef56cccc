"""Log in as the bot, and check the application, the clock, the shards and the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import discord
from discord.http import Route

from bot.clock import Clock
from bot.errors import DealwireError
from bot.model.findings import Finding
from bot.platforms.discord.checks.clock import ClockProbe
from bot.platforms.discord.checks.desk import check_desk
from bot.platforms.discord.checks.invitations import check_invitations, fetch_joined_guilds
from bot.platforms.discord.checks.shards import check_shards
from bot.platforms.discord.client import PERMISSIONS
from bot.platforms.discord.portal import check_portal
from bot.platforms.discord.session_starts import StartLimit
from bot.platforms.discord.startup_errors import NETWORK_ADVICE, open_probe
from bot.settings import Settings

#: How long Discord is waited for, in seconds. Where a firewall drops packets, the library alone would wait for minutes.
TOTAL_SECONDS = 30.0


async def check_discord(
    settings: Settings, former_desk_id: int | None, clock: Clock, *, total_seconds: float = TOTAL_SECONDS
) -> list[Finding]:
    """Return what is wrong with the application and with what the settings say about Discord.

    ``former_desk_id`` is the desk's last server, as far as the database knows.
    """
    if not settings.discord_token:
        return [
            Finding.problem(
                "DISCORD_TOKEN is not set. In Discord's developer portal (https://discord.com/developers/applications): "
                "New Application, then Bot, then Reset Token; put DISCORD_TOKEN=… into the file .env."
            )
        ]
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url
    findings: list[Finding] = []
    clock_probe = ClockProbe(clock)
    try:
        async with (
            asyncio.timeout(total_seconds),
            open_probe(settings, http_trace=clock_probe.build_trace_config()) as client,
        ):
            findings.append(Finding.ok(f"Discord accepts the token: the bot is {client.user}."))
            findings += clock_probe.check()
            findings += await _check_application(client, settings, former_desk_id)
    except DealwireError as exc:
        findings.append(Finding.problem(str(exc)))
    except TimeoutError:
        findings.append(
            Finding.problem(
                f"Discord did not answer within {total_seconds:.0f} seconds at {Route.BASE}. {NETWORK_ADVICE}"
            )
        )
    return findings


async def _check_application(client: discord.Client, settings: Settings, former_desk_id: int | None) -> list[Finding]:
    application = await client.application_info()
    guilds = await fetch_joined_guilds(client)
    findings = list(_check_message_content(client.application_flags, settings.command_prefix))
    findings += check_portal(application, client.user, sum(guild.member_count for guild in guilds))
    if not settings.contact_url:
        findings.append(
            Finding.note(
                "CONTACT_URL is not set, so users and publishers can't see how to reach you. Set it to a page or a mailto: address."
            )
        )
    guild_ids = [guild.id for guild in guilds]
    recommended_count, _, limit_data = await client.http.get_bot_gateway()
    shard_count = settings.shard_count or recommended_count
    findings += check_shards(
        StartLimit.from_discord(limit_data),
        configured_count=settings.shard_count,
        recommended_count=recommended_count,
        own_count=len(settings.shard_ids) or shard_count,
        server_count=max(application.approximate_guild_count or 0, len(guild_ids)),
    )
    findings += check_invitations(guilds)
    findings += await check_desk(client, settings, shard_count, guild_ids, former_desk_id)
    link = discord.utils.oauth_url(
        client.application_id or 0, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
    findings.append(Finding.note(f"Invite link, with only the permissions that the bot needs: {link}"))
    return findings


def _check_message_content(flags: discord.ApplicationFlags, prefix: str) -> Iterator[Finding]:
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        yield Finding.ok(f"The message-content intent is on: {prefix}deal works.")
    else:
        yield Finding.note(
            f"The message-content intent is off, so typed commands such as {prefix}deal do not work; "
            "mentions and slash commands do. To turn it on: developer portal, your application, Bot, "
            "Message Content Intent."
        )
