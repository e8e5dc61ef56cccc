"""``check``: what is missing before the bot can work, in words on which a newcomer can act."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import discord
from discord.http import Route

from bot.app import translate_startup_errors
from bot.errors import DealwireError, StoreMissing
from bot.extras import EXTRAS
from bot.model.stages import DescriptionFault, DescriptionPart
from bot.newsroom.description_check import find_description_faults
from bot.newsroom.parsing import Parser
from bot.newsroom.tracker import load_embedder
from bot.platforms.discord.client import PERMISSIONS, build_intents
from bot.platforms.discord.desk_server import choose_desk_server, fetch_guild_ids
from bot.platforms.discord.portal import count_reach, list_remarks
from bot.settings import Settings, describe_env_file, find_env_file
from bot.store import open_store
from bot.systems import find_system_problem

#: Outdated headlines and summaries beyond these are counted.
_MAX_FAULTS = 20
_SAMPLE_FEED = b"""<rss version="2.0"><channel><title>A</title><item><title>B</title><link>https://feeds.example/b</link></item>
</channel></rss>"""


@dataclass(slots=True)
class Findings:
    """The results of all checks; ``problem_count`` counts what keeps the bot from working."""

    lines: list[str] = field(default_factory=list)
    problem_count: int = 0

    def add_ok(self, text: str) -> None:
        """Add something that is in order."""
        self.lines.append(f"ok    {text}")

    def add_note(self, text: str) -> None:
        """Add something that could be better, although the bot works without it."""
        self.lines.append(f"note  {text}")

    def add_problem(self, text: str) -> None:
        """Add something that keeps the bot from working."""
        self.lines.append(f"FIX   {text}")
        self.problem_count += 1


async def check_command(settings: Settings) -> int:
    """Check everything, print the findings, and raise DealwireError if there is a problem."""
    findings = Findings()
    findings.add_ok("The settings can be read.")
    file = find_env_file()
    if file is not None and not file.foreign_names:
        findings.add_ok(describe_env_file(file))
    _check_extras(findings)
    if find_system_problem():
        findings.add_problem(find_system_problem())
    former_desk = await _check_store(settings, findings)
    await _check_parser(findings)
    await asyncio.to_thread(_check_embeddings, settings, findings)
    await _check_discord(settings, former_desk, findings)
    print("\n".join(findings.lines))
    if findings.problem_count:
        raise DealwireError(
            f"{findings.problem_count} problem{'s' if findings.problem_count > 1 else ''} to fix; see above."
        )
    return 0


def _check_extras(findings: Findings) -> None:
    """Say of each extra whether it is installed, and how to install it: the bot works without any."""
    for extra in EXTRAS:
        if extra.is_installed():
            findings.add_ok(f"The extra “{extra.name}” is installed: {extra.adds}.")
        else:
            findings.add_note(extra.missing_sentence)


async def _check_store(settings: Settings, findings: Findings) -> int | None:
    """Check the store. Return the server that was the desk's last, as far as the store knows."""
    try:
        async with open_store(settings.database_url, create=False) as store:
            await store.check()
            async with store.read() as tx:
                count = await tx.stories.count()
                former_desk = await tx.metadata.get_desk_guild()
            faults = await find_description_faults(store)
    except StoreMissing as exc:
        _check_folder(exc.path, findings)
        return None
    except DealwireError as exc:
        findings.add_problem(str(exc))
        return None
    findings.add_ok(f"The database {store.path} is intact; stories: {count}.")
    for fault in faults[:_MAX_FAULTS]:
        findings.add_note(f"{fault.story.slug}: {_describe_fault(fault)}; update it with `/desk story`.")
    if len(faults) > _MAX_FAULTS:
        findings.add_note(f"{len(faults) - _MAX_FAULTS} more stories have an outdated headline or summary.")
    if not count and settings.seeds is None:
        findings.add_note(
            "The database is empty and SEEDS is not set, so the bot starts without stories. Add some with `dealwire import`."
        )
    return former_desk


def _describe_fault(fault: DescriptionFault) -> str:
    """Return what is wrong with a headline or summary: ``the headline says "In talks", but the deal is Signed``."""
    stage = fault.story.stage
    present = f"but the deal is “{stage.label}”" if stage else "but the deal has no stage any more"
    if fault.part is DescriptionPart.BOTH:
        return f"headline and summary are from “{fault.stated_stage.label}”, {present}"
    return f"the {fault.part.name.lower()} says “{fault.stated_stage.label}”, {present}"


def _check_folder(path: Path, findings: Findings) -> None:
    """Check whether a database can be created where there is none yet."""
    folder = next(folder for folder in path.absolute().parents if folder.exists())
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        findings.add_note(f"There is no database at {path} yet; the first `dealwire run` creates it.")
    else:
        findings.add_problem(f"There is no database at {path}, and none can be created: {folder} is not writable.")


async def _check_parser(findings: Findings) -> None:
    """Start a process that reads feeds, and let it read one."""
    try:
        async with Parser() as parser:
            await parser.read_feed(_SAMPLE_FEED, url="https://feeds.example/")
    except DealwireError as exc:
        findings.add_problem(f"Feeds can't be read. {exc}")
    else:
        findings.add_ok("Feeds can be read.")


def _check_embeddings(settings: Settings, findings: Findings) -> None:
    """Load the model that compares the meaning of articles."""
    try:
        embedder = load_embedder(settings.embeddings)
    except DealwireError as exc:
        findings.add_problem(str(exc))
        return
    findings.add_ok(
        f"Articles are compared by {f'their meaning ({embedder.name})' if embedder else 'their words alone'}."
    )


async def _check_discord(settings: Settings, former_desk: int | None, findings: Findings) -> None:
    if not settings.discord_token:
        findings.add_problem(
            "DISCORD_TOKEN is not set. In Discord's developer portal (https://discord.com/developers/applications): "
            "New Application, then Bot, then Reset Token; put DISCORD_TOKEN=… into the file .env."
        )
        return
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url
    try:
        async with _log_in(settings) as client:
            await _check_application(client, settings, former_desk, findings)
    except DealwireError as exc:
        findings.add_problem(str(exc))


@contextlib.asynccontextmanager
async def _log_in(settings: Settings) -> AsyncIterator[discord.Client]:
    async with translate_startup_errors(), discord.Client(intents=build_intents(message_content=False)) as client:
        await client.login(settings.discord_token)
        yield client


async def _check_application(
    client: discord.Client, settings: Settings, former_desk: int | None, findings: Findings
) -> None:
    user = client.user
    findings.add_ok(f"Discord accepts the token: the bot is {user}.")
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        findings.add_ok(f"The message-content intent is on: {settings.command_prefix}deal works.")
    else:
        findings.add_note(
            f"The message-content intent is off, so typed commands such as {settings.command_prefix}deal do not work; "
            "mentions and slash commands do. To turn it on: developer portal, your application, Bot, "
            "Message Content Intent."
        )
    await _check_portal(client, settings, findings)
    await _check_desk(client, settings, former_desk, findings)
    link = discord.utils.oauth_url(
        client.application_id or 0, permissions=PERMISSIONS, scopes=("bot", "applications.commands")
    )
    findings.add_note(f"Invite link, with only the permissions that the bot needs: {link}")


async def _check_portal(client: discord.Client, settings: Settings, findings: Findings) -> None:
    """Check what Discord says about the application in the developer portal."""
    for remark in list_remarks(await client.application_info(), client.user, await count_reach(client)):
        if remark.is_fine:
            findings.add_ok(remark.text)
        else:
            findings.add_note(remark.text)
    if not settings.contact_url:
        findings.add_note(
            "CONTACT_URL is not set, so users and publishers can't see how to reach you. Set it to a page or a mailto: address."
        )


async def _check_desk(client: discord.Client, settings: Settings, former_desk: int | None, findings: Findings) -> None:
    guild_ids = await fetch_guild_ids(client)
    recommended_shards, _, _ = await client.http.get_bot_gateway()
    shards = settings.shard_count or recommended_shards
    desk = choose_desk_server(settings.desk_guild_id, shards, guild_ids, former_desk)
    if not guild_ids:
        findings.add_note("The bot is not in any server yet; invite it with the link below.")
    elif not desk.guild_id:
        findings.add_note(desk.reason)
    elif desk.guild_id not in guild_ids and not await _is_in(client, desk.guild_id):
        findings.add_problem("DESK_GUILD_ID is a server that the bot is not in, so nobody can publish with /desk.")
    else:
        findings.add_ok(
            f"The bot is in {len(guild_ids)} server{'s' if len(guild_ids) > 1 else ''}; the desk's server is known."
        )


async def _is_in(client: discord.Client, guild_id: int) -> bool:
    """Return whether the bot is in a server that is not on the first page of its servers."""
    try:
        await client.fetch_guild(guild_id, with_counts=False)
    except (discord.NotFound, discord.Forbidden):
        return False
    return True
