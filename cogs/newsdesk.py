"""Where the desk is: its commands are registered on its server alone, and a message there can be made a development."""

from __future__ import annotations

import re
from typing import cast
from urllib.parse import urlsplit

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.card import button
from bot.cards.notes import note
from bot.client import Context, Dealwire, Interaction, tell
from bot.errors import DealwireError
from bot.languages import say, say_as
from bot.model.vocabulary import Claim, Kind
from bot.newsroom.clippings import shortened
from bot.newsroom.limits import HEADLINE_LIMIT
from cogs.clicks import Click
from cogs.desk import DeskGroup
from cogs.editors import check_editor, desk_guild_id, offered_to
from cogs.feeds import FeedsGroup
from cogs.form import Typed
from cogs.forms import PublishForm, Said

#: The button under what ``!desk`` says.
OPEN = r"dw:desk:publish"
_LINK = re.compile(r"https?://\S+")


class Desk(commands.Cog):
    """Registers the desk's commands on the desk's server, and on no other."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._registered = 0

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
        """Register, now that the servers are known."""
        await self._register()

    @commands.Cog.listener()
    async def on_guild_join(self, _guild: discord.Guild) -> None:
        """A second server can leave none to be the desk's."""
        await self._register()

    @commands.Cog.listener()
    async def on_guild_available(self, _guild: discord.Guild) -> None:
        """The desk's server may have been in an outage when the others were ready."""
        if self._bot.is_ready():
            await self._register()

    @commands.Cog.listener()
    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        """The last server that is left is the desk's."""
        await self._register()

    async def _register(self) -> None:
        wanted = self._bot.get_guild(desk_guild_id(self._bot))
        before, self._registered = self._registered, wanted.id if wanted else 0
        if before == self._registered:
            return
        if before:
            self._bot.tree.clear_commands(guild=discord.Object(before))
            if self._bot.get_guild(before):
                await self._bot.sync_scope(discord.Object(before))
            else:
                await self._bot.forget_scope(discord.Object(before))
        if wanted:
            for command in desk_commands(self._bot):
                self._bot.tree.add_command(command, guild=wanted)
            await self._bot.sync_scope(wanted)


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
