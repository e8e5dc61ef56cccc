"""Where the desk is: its commands are registered on its server alone, and a message there can be made a development."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import cast
from urllib.parse import urlsplit

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.cards.card import button
from bot.cards.notes import note
from bot.client import Context, Dealwire, Interaction, tell
from bot.desk_server import NO_SERVER, DeskServer, find_desk_server
from bot.errors import DealwireError, StoreError
from bot.languages import say, say_as
from bot.loops import ErrorLog
from bot.model.vocabulary import Claim, Kind
from bot.newsroom.clippings import shortened
from bot.newsroom.limits import HEADLINE_LIMIT
from bot.publisher.desk import DeskChannel
from bot.publisher.refusals import FAULTS, in_short
from cogs.clicks import Click
from cogs.desk import DeskGroup
from cogs.editors import check_editor, offered_to
from cogs.feeds import FeedsGroup
from cogs.form import Typed
from cogs.forms import PublishForm, Said

log = logging.getLogger(__name__)

#: After how many minutes Discord is asked again if it could not say which server is the desk's.
RETRY_MINUTES = 1.0
#: The button under what ``!desk`` says.
OPEN = r"dw:desk:publish"
_LINK = re.compile(r"https?://\S+")


class Desk(commands.Cog):
    """Finds the desk's server, and registers the desk's commands there and nowhere else."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._channel = DeskChannel(bot, bot.services)
        self._registered = 0
        self._joined: set[int] = set()
        self._turn = asyncio.Lock()
        self._errors = ErrorLog(log, "Finding the desk's server and registering its commands")

    async def cog_unload(self) -> None:
        """End the retries, and see them end: the store is closed next."""
        retrying = self._retry.get_task()
        self._retry.cancel()
        if retrying:
            await asyncio.gather(retrying, return_exceptions=True)

    @commands.command()
    async def desk(self, ctx: Context) -> None:
        """The desk's commands are slash commands."""
        card = note(
            say("The desk's commands are slash commands, for they open forms: `/desk publish`, `/desk correct`, …")
        )
        card.add_item(discord.ui.ActionRow(button(say_as("button", "Publish a development"), OPEN)))
        await ctx.send(view=card)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Find the desk's server, now that the bot is connected."""
        await self._settle()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A second server turns the desk off unless DESK_GUILD_ID is set."""
        self._joined.add(guild.id)
        if self._bot.is_ready():
            await self._settle()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """The desk's server may have been in an outage when the others were ready."""
        desk = self._bot.desk_server
        # After an outage thousands of servers come back, and of those many no other one matters.
        is_fixed = self._bot.services.settings.desk_guild_id or (self._bot.shard_count or 1) > 1 or desk.is_crowded
        if self._bot.is_ready() and (guild.id == desk.guild_id or not is_fixed):
            await self._settle()

    @commands.Cog.listener()
    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        """The desk's server may be gone, or the only one again."""
        if self._bot.is_ready():
            await self._settle()

    @tasks.loop(minutes=RETRY_MINUTES)
    async def _retry(self) -> None:
        await self._settle()

    async def _settle(self) -> None:
        """Find the desk's server and register its commands; if that fails, try again until it succeeds."""
        try:
            async with self._turn:
                await self._find()
                await self._register()
                await self._tell_crowded()
        except (*FAULTS, StoreError) as exc:
            self._errors.failed(exc, "" if isinstance(exc, StoreError) else in_short(exc))
            if not self._retry.is_running():
                self._retry.start()
        else:
            self._errors.succeeded()
            self._retry.stop()

    async def _find(self) -> None:
        bot, store = self._bot, self._bot.services.store
        configured = bot.services.settings.desk_guild_id
        async with store.read() as session:
            former = await session.bookkeeping.desk_server()
        desk = await find_desk_server(bot, configured, bot.shard_count or 1, former)
        await self._remember(desk, former)
        if desk == bot.desk_server:
            return
        bot.desk_server = desk
        if desk.guild_id:
            log.info("The desk is in the server %d.", desk.guild_id)
        else:
            log.log(logging.INFO if desk == NO_SERVER else logging.WARNING, "%s", desk.reason)

    async def _remember(self, desk: DeskServer, former: int | None) -> None:
        """Note whose the desk is before it is on: then no other server can take its place, not even after a crash."""
        bot = self._bot
        is_there = bot.get_guild(desk.guild_id) or not bot.services.settings.desk_guild_id
        if (desk.is_crowded and former is None) or (desk.guild_id not in (0, former) and is_there):
            async with bot.services.store.write() as session:
                await session.bookkeeping.remember_desk_server(desk.guild_id)

    async def _register(self) -> None:
        """Register the desk's commands in its server, and take back those that another server still has."""
        bot = self._bot
        desk = bot.get_guild(bot.desk_server.guild_id)
        wanted = desk.id if desk else 0
        if wanted != self._registered:
            if self._registered:
                bot.tree.clear_commands(guild=discord.Object(self._registered))
            for command in desk_commands(bot) if wanted else ():
                bot.tree.add_command(command, guild=discord.Object(wanted))
            self._registered = wanted
        for guild_id in list(self._joined):
            # Discord took the commands away when the bot left.
            await bot.forget_scope(guild_id)
            self._joined.discard(guild_id)
        async with bot.services.store.read() as session:
            scopes = {wanted, *await session.bookkeeping.command_guilds()} - {0}
        for guild_id in scopes:
            if bot.get_guild(guild_id):
                await self._sync(guild_id)

    async def _sync(self, guild_id: int) -> None:
        try:
            await self._bot.sync_scope(discord.Object(guild_id))
        except discord.Forbidden as exc:
            log.warning("Discord does not let the bot register commands in the server %d: %s", guild_id, exc)

    async def _tell_crowded(self) -> None:
        """Tell the desk's channel, once, that a further server has turned the desk off."""
        desk, store = self._bot.desk_server, self._bot.services.store
        async with store.read() as session:
            told = await session.bookkeeping.is_desk_off_told()
        is_over = told and desk.guild_id != 0
        is_news = desk.is_crowded and not told
        if is_over or (is_news and await self._channel.tell_crowded()):
            async with store.write() as session:
                await session.bookkeeping.set_desk_off_told(told=is_news)


def desk_commands(bot: Dealwire) -> tuple[app_commands.Group | app_commands.ContextMenu, ...]:
    """The commands that the desk's server has, and no other."""
    menu = app_commands.ContextMenu(name="Add to a story", callback=add_to_story)
    menu.guild_only = True
    menu.default_permissions = offered_to(bot)
    return DeskGroup(bot), FeedsGroup(bot), menu


async def add_to_story(interaction: discord.Interaction, message: discord.Message) -> None:
    """Open the form to publish with, filled in with what a message says and links to."""
    editor = cast("Interaction", interaction)
    try:
        await check_editor(editor)
        headline, source = _told(message)
        typed = Typed({"headline": headline, "sources": source, "story": ""})
        await open_publishing(editor, typed)
    except DealwireError as exc:
        await tell(interaction, str(exc))


def _told(message: discord.Message) -> tuple[str, str]:
    """The headline of a message, and its first link as a source: from its text, else from what is embedded in it."""
    embed = message.embeds[0] if message.embeds else None
    link = _LINK.search(message.content)
    url = link[0].rstrip(").,>") if link else (embed.url or "" if embed else "")
    said = _LINK.sub("", message.content).strip() or (embed.title or "" if embed else "")
    headline = shortened(said.splitlines()[0] if said else "", HEADLINE_LIMIT)
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    publisher = (embed.provider.name if embed else None) or host
    return headline, f"{publisher.replace('|', ' ')} | {url}" if url and publisher else ""


async def open_publishing(interaction: Interaction, typed: Typed | None = None) -> None:
    """Open the form to publish with, dated today."""
    services = interaction.client.services
    today = services.clock().astimezone(services.settings.timezone).date().isoformat()
    newest = await services.library.complete_story("", deals_only=False, limit=24)
    said = Said(today, Claim.REPORTED.value, "", Kind.OTHER.value)
    await interaction.response.send_modal(PublishForm(said, None, newest, typed))


class OpenForm(Click, template=OPEN):
    """The button under what ``!desk`` says: the form to publish with."""

    async def answer(self, interaction: Interaction) -> None:
        """Open it for an editor."""
        await check_editor(interaction)
        await open_publishing(interaction)


async def setup(bot: Dealwire) -> None:
    """Add the button, and what registers the commands."""
    bot.add_dynamic_items(OpenForm)
    await bot.add_cog(Desk(bot))
