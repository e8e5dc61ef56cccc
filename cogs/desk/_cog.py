"""The desk's server: its commands are registered there alone, and a message there can become a development."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import cast

import discord
from discord import app_commands
from discord.ext import commands, tasks

from bot.cards import custom_ids
from bot.cards.components import button
from bot.cards.simple_cards import success_card
from bot.errors import DealwireError, StoreError
from bot.languages import say, say_as
from bot.loops import ErrorLog
from bot.newsroom.article_drafts import shorten
from bot.newsroom.field_validation import HEADLINE_LIMIT
from bot.newsroom.pasted_articles import KnownFields
from bot.platforms.discord.client import Context, Dealwire, Interaction, send_error
from bot.platforms.discord.desk_channel import DeskChannel
from bot.platforms.discord.desk_server import NO_DESK_SERVER, DeskServer, find_desk_server
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, summarize_error
from cogs.autocomplete import MAX_CHOICES
from cogs.desk.commands import DeskGroup
from cogs.desk.pasting import paste_article
from cogs.desk.story_modals import SUGGESTED_STORY, PublishModal, PublishOptions
from cogs.editors import check_editor, get_default_permissions
from cogs.feeds import FeedsGroup
from cogs.modal import FormValues
from cogs.persistent import PersistentItem

log = logging.getLogger(__name__)

#: Minutes until the next attempt to find the desk's server.
RETRY_MINUTES = 1.0
_LINK = re.compile(r"https?://\S+")


class DeskCog(commands.Cog):
    """Finds the desk's server, and registers the desk's commands in that server only."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._channel = DeskChannel(bot, bot.services)
        self._registered_guild_id: int | None = None
        self._joined_guild_ids: set[int] = set()
        self._lock = asyncio.Lock()
        self._errors = ErrorLog(log, "Finding the desk's server and registering its commands")

    async def cog_unload(self) -> None:
        """Cancel the retries and wait for their end, because the store is closed next."""
        task = self._retry.get_task()
        self._retry.cancel()
        if task:
            await asyncio.gather(task, return_exceptions=True)

    @commands.command()
    async def desk(self, ctx: Context) -> None:
        """Reply with a button, because the desk's commands are slash commands."""
        card = success_card(say("Desk commands are slash commands: `/desk publish`, `/desk correct`, …"))
        card.add_item(
            discord.ui.ActionRow(button(say_as("button", "Publish a development"), custom_ids.PUBLISH.build()))
        )
        await ctx.send(view=card)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Find the desk's server once the bot is connected."""
        await self._update_desk()

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Find the desk's server again: a second server turns the desk off unless DESK_GUILD_ID is set."""
        self._joined_guild_ids.add(guild.id)
        if self._bot.is_ready():
            await self._update_desk()

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Find the desk's server again: it may have been in an outage when the others were ready."""
        desk = self._bot.desk_server
        # After an outage thousands of servers can become available; skip those that cannot change the result.
        is_fixed = self._bot.services.settings.desk_guild_id or (self._bot.shard_count or 1) > 1 or desk.is_crowded
        if self._bot.is_ready() and (guild.id == desk.guild_id or not is_fixed):
            await self._update_desk()

    @commands.Cog.listener()
    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        """Find the desk's server again: it may be gone, or be the only one again."""
        if self._bot.is_ready():
            await self._update_desk()

    @tasks.loop(minutes=RETRY_MINUTES)
    async def _retry(self) -> None:
        await self._update_desk()

    async def _update_desk(self) -> None:
        """Find the desk's server and register its commands. Retry until it succeeds."""
        try:
            async with self._lock:
                await self._find_server()
                await self._register_commands()
                await self._notify_crowded()
        except (*REQUEST_ERRORS, StoreError) as exc:
            self._errors.record_failure(exc, "" if isinstance(exc, StoreError) else summarize_error(exc))
            if not self._retry.is_running():
                self._retry.start()
        else:
            self._errors.record_success()
            self._retry.stop()

    async def _find_server(self) -> None:
        bot, store = self._bot, self._bot.services.store
        configured_id = bot.services.settings.desk_guild_id
        async with store.read() as tx:
            former_id = await tx.metadata.get_desk_guild()
        desk = await find_desk_server(bot, configured_id, bot.shard_count or 1, former_id)
        await self._remember_server(desk, former_id)
        if desk == bot.desk_server:
            return
        bot.desk_server = desk
        if desk.guild_id:
            log.info("The desk is in the server %d.", desk.guild_id)
        else:
            log.log(logging.INFO if desk == NO_DESK_SERVER else logging.WARNING, "%s", desk.reason)

    async def _remember_server(self, desk: DeskServer, former_id: int | None) -> None:
        """Store the desk's server before the desk is on, so that no other server can take its place after a crash."""
        bot = self._bot
        if desk.guild_id is None:
            is_new = desk.is_crowded and former_id is None
        else:
            is_there = bot.get_guild(desk.guild_id) is not None or not bot.services.settings.desk_guild_id
            is_new = desk.guild_id != former_id and is_there
        if is_new:
            async with bot.services.store.write() as tx:
                await tx.metadata.set_desk_guild(desk.guild_id)

    async def _register_commands(self) -> None:
        """Register the desk's commands in its server, and remove them from every other server that still has them."""
        bot = self._bot
        guild = bot.get_guild(bot.desk_server.guild_id) if bot.desk_server.guild_id else None
        desk_guild_id = guild.id if guild else None
        if desk_guild_id != self._registered_guild_id:
            if self._registered_guild_id:
                bot.tree.clear_commands(guild=discord.Object(self._registered_guild_id))
            if guild is not None:
                for command in build_desk_commands(bot):
                    bot.tree.add_command(command, guild=guild)
            self._registered_guild_id = desk_guild_id
        for guild_id in list(self._joined_guild_ids):
            # Discord removed the commands when the bot left.
            await bot.forget_scope(guild_id)
            self._joined_guild_ids.discard(guild_id)
        async with bot.services.store.read() as tx:
            scopes = {*([guild.id] if guild else []), *await tx.metadata.list_command_guilds()}
        for guild_id in scopes:
            if bot.get_guild(guild_id):
                await self._sync_commands(guild_id)

    async def _sync_commands(self, guild_id: int) -> None:
        try:
            await self._bot.sync_scope(discord.Object(guild_id))
        except discord.Forbidden as exc:
            log.warning("Discord did not let the bot register commands in the server %d: %s", guild_id, exc)

    async def _notify_crowded(self) -> None:
        """Tell the desk's channel once that another server has turned the desk off."""
        desk, store = self._bot.desk_server, self._bot.services.store
        async with store.read() as tx:
            was_told = await tx.metadata.is_desk_off_announced()
        is_over = was_told and desk.guild_id is not None
        is_news = desk.is_crowded and not was_told
        if is_over or (is_news and await self._channel.report_further_server()):
            async with store.write() as tx:
                await tx.metadata.set_desk_off_announced(is_announced=is_news)


def build_desk_commands(bot: Dealwire) -> tuple[app_commands.Group | app_commands.ContextMenu, ...]:
    """Return the commands that only the desk's server has."""
    menu = app_commands.ContextMenu(name="Add to a story", callback=add_to_story)
    menu.guild_only = True
    menu.default_permissions = get_default_permissions(bot)
    return DeskGroup(bot), FeedsGroup(bot), menu


async def add_to_story(interaction: discord.Interaction, message: discord.Message) -> None:
    """Show what the link in a message would be as a development; without one, open the form with the message's text."""
    desk_interaction = cast("Interaction", interaction)
    try:
        await check_editor(desk_interaction)
        headline, publisher, url = _read_message(message)
        if url:
            known = KnownFields(fallback_headline=headline, fallback_publisher=publisher)
            await paste_article(desk_interaction, url, known)
        else:
            await open_publish_modal(desk_interaction, headline)
    except DealwireError as exc:
        await send_error(interaction, str(exc))


def _read_message(message: discord.Message) -> tuple[str, str, str]:
    """Return the headline of a message, and the publisher and the address of its first link, as far as it says them."""
    embed = message.embeds[0] if message.embeds else None
    link = _LINK.search(message.content)
    url = link[0].rstrip(").,>") if link else (embed.url or "" if embed else "")
    text = (embed.title or "" if embed else "") or _LINK.sub("", message.content).strip()
    headline = shorten(text.splitlines()[0] if text else "", HEADLINE_LIMIT)
    return headline, (embed.provider.name or "" if embed else ""), url


async def open_publish_modal(interaction: Interaction, headline: str = "") -> None:
    """Open the publish form."""
    newest = await interaction.client.services.library.complete_story("", deals_only=False, limit=MAX_CHOICES)
    values = FormValues({"story": SUGGESTED_STORY, "headline": headline})
    await interaction.response.send_modal(PublishModal(PublishOptions(), None, newest, values))


class OpenPublishButton(PersistentItem, template=custom_ids.PUBLISH.pattern):
    """The button of a typed ``desk`` command: it opens the publish form."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form for an editor."""
        await check_editor(interaction)
        await open_publish_modal(interaction)
