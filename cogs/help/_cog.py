"""The ``help`` command, its buttons, the answers to incomplete and mistyped commands, and the greeting of a server."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.components import Card
from bot.cards.help import (
    DESK_COMMANDS,
    SYMBOLS_TOPIC,
    command_help_card,
    greeting_card,
    list_examples,
    near_commands_card,
)
from bot.cards.lists import list_card
from bot.cards.markdown import code
from bot.cards.no_answer import no_answer_card
from bot.cards.story import story_card
from bot.errors import NotAllowed, StoreError, TooManyRequests
from bot.languages import say, set_language, use_language
from bot.library.answers import CompanyPage
from bot.library.help_requests import HELP_WORDS, find_near_commands
from bot.model.list_query import ListQuery, ListSubject
from bot.platforms.discord.client import Context, Dealwire, Interaction, get_answer_way, hybrid_command
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, summarize_error
from cogs.autocomplete import filter_choices
from cogs.help.pages import (
    build_help_page,
    describe_command,
    get_typed_prefix,
    is_topic,
    list_commands,
    make_context_for,
    make_help_context,
)
from cogs.persistent import PersistentItem, reply_privately
from cogs.timeline import build_company_card

log = logging.getLogger(__name__)

#: How long after joining a server the bot still greets it, for servers that it joined while it was not running.
_GREETING_PERIOD = timedelta(days=1)


class HelpCog(commands.Cog):
    """The ``help`` command, and what the client dispatches for messages that are no complete command."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot

    @hybrid_command(name="help", aliases=[*HELP_WORDS[1:], "commands"])
    @app_commands.describe(command="a command, such as follow; leave it empty for an overview")
    async def show_help(self, ctx: Context, *, command: str = "") -> None:
        """Show what the bot can do, or how to use one command."""
        is_mention = ctx.interaction is None and ctx.prefix != self._bot.services.settings.command_prefix
        if is_mention and not await is_topic(ctx, command):
            # "@Dealwire help nissan foxconn" is a question.
            self._bot.dispatch("question", ctx, command)
            return
        await ctx.send(view=await build_help_page(ctx, command), ephemeral=True)

    @show_help.autocomplete("command")
    async def _complete_command(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        listed = await list_commands(interaction)
        labels = {command.name: command.slash_name for command in listed} | {
            SYMBOLS_TOPIC: say("What the symbols mean")
        }
        return filter_choices(labels, current.lstrip("/"))

    @commands.Cog.listener()
    async def on_help_request(self, ctx: Context, topic: str) -> None:
        """Answer a message that asks for help without being a command."""
        with self._bot.services.recorder.time_answer(get_answer_way(ctx)):
            await _reply(ctx, lambda: build_help_page(ctx, topic))

    @commands.Cog.listener()
    async def on_incomplete_command(self, ctx: Context) -> None:
        """Show how to use a command that was typed without what it needs."""
        await _reply(ctx, lambda: self._build_usage_card(ctx))

    async def _build_usage_card(self, ctx: Context) -> Card:
        context = await make_context_for(ctx)
        slash_command = self._bot.tree.get_command(ctx.command.name) if ctx.command else None
        if slash_command is None:
            return await build_help_page(ctx, "")
        command = describe_command(self._bot, slash_command)
        example = next((code(text) for text in list_examples(command, context) if " " in text), "")
        message = say("Add something after the command, such as {example}", example=example) if example else ""
        return command_help_card(command, context, message)

    @commands.Cog.listener()
    async def on_unknown_command(self, ctx: Context) -> None:
        """Suggest the commands that a mistyped one may have meant. In a server, anything else belongs to another bot."""
        typed = ctx.invoked_with or ""
        near = find_near_commands(typed, self._list_names(ctx))
        if ctx.guild is not None and not (near and self._may_suggest(ctx)):
            return
        set_language(await self._bot.language_resolver.for_message(ctx.message))
        prefix = get_typed_prefix(self._bot, ctx.guild)

        async def build() -> Card:
            return near_commands_card(typed, near[:2], prefix) if typed else await build_help_page(ctx, "")

        await _reply(ctx, build)

    def _list_names(self, ctx: Context) -> list[str]:
        is_desk = ctx.guild is not None and ctx.guild.id == self._bot.desk_server.guild_id
        return [name for name in self._bot.all_commands if is_desk or name not in DESK_COMMANDS]

    def _may_suggest(self, ctx: Context) -> bool:
        """Count a suggestion in the channel and to the user, and return whether neither had too many."""
        cooldown = self._bot.cooldowns.suggestions
        try:
            cooldown.check(ctx.channel.id)
            cooldown.take(ctx.author.id)
        except TooManyRequests:
            return False
        cooldown.take(ctx.channel.id)
        return True


class HelpButton(PersistentItem, template=custom_ids.HELP.pattern):
    """A button that opens a page of help."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page to the user alone."""
        await reply_privately(interaction, await build_help_page(interaction, self.params["topic"]))


class HelpMenu(PersistentItem, template=custom_ids.HELP_MENU.pattern):
    """The menu of commands."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page on the selected command to the user alone."""
        await reply_privately(interaction, await build_help_page(interaction, self.get_selection()))


class TryButton(PersistentItem, template=custom_ids.TRY.pattern):
    """A button that shows what a command answers."""

    async def handle(self, interaction: Interaction) -> None:
        """Answer the example as the command would, to the user alone."""
        await interaction.response.defer(ephemeral=True, thinking=True)
        library = interaction.client.services.library
        match self.params["feature"]:
            case "deals":
                card: discord.ui.LayoutView = list_card(
                    await library.store_list(await library.get_list_page(ListQuery()))
                )
            case "latest":
                query = ListQuery(ListSubject.DEVELOPMENTS)
                card = list_card(await library.store_list(await library.get_list_page(query)))
            case feature:
                card = await _build_example_card(interaction, feature)
        await interaction.followup.send(view=card, ephemeral=True)


async def _build_example_card(interaction: Interaction, feature: str) -> discord.ui.LayoutView:
    """Return the card of the newest deal, or of its first company."""
    library = interaction.client.services.library
    examples = await library.find_examples()
    if examples is None:
        raise NotAllowed(say("There are no deals yet. Please try again later."))
    if feature == "deal":
        return story_card(await library.show_story(examples.slug), text_cache=interaction.client.story_texts)
    page = await library.find_company(examples.company)
    if not isinstance(page, CompanyPage):
        return no_answer_card(page)
    return (await build_company_card(interaction, page, with_picture=False)).card


async def _reply(ctx: Context, build_card: Callable[[], Awaitable[Card]]) -> None:
    """Reply with a card; a listener's errors do not reach people by themselves."""
    try:
        await ctx.send(view=await build_card())
    except Exception as exc:  # noqa: BLE001 - shown to the user, and logged if it is a bug
        await ctx.bot.on_command_error(ctx, commands.CommandInvokeError(exc))


class GreetingCog(commands.Cog):
    """Greets each server once, in its system channel, and nobody by DM.

    The events that say that a server is there also come after outages and reconnects, so the store remembers who was greeted:
    for as long as the bot is in the server, and for 30 days afterwards.
    """

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._retention = bot.services.retention

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Greet the servers that the bot has joined while it was not running."""
        for guild in list(self._bot.guilds):
            await self._greet_if_new(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Greet the server."""
        await self._greet_if_new(guild)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Greet a server that was in an outage when the bot joined it."""
        await self._greet_if_new(guild)

    async def _greet_if_new(self, guild: discord.Guild) -> None:
        if not self._has_just_joined(guild):
            return
        try:
            # Record it first: a bot that is killed in between says nothing rather than the same thing twice.
            if await self._retention.record_guild_greeted(guild.id):
                await self._greet(guild)
        except (StoreError, *REQUEST_ERRORS) as exc:
            reason = str(exc) if isinstance(exc, StoreError) else summarize_error(exc)
            log.warning("The server %d could not be greeted: %s", guild.id, reason)

    def _has_just_joined(self, guild: discord.Guild) -> bool:
        me = guild.get_member(self._bot.user.id) if self._bot.user else None
        earliest = self._bot.services.clock() - _GREETING_PERIOD
        return me is not None and me.joined_at is not None and me.joined_at > earliest

    async def _greet(self, guild: discord.Guild) -> None:
        channel = guild.system_channel
        if channel is None:
            return
        permissions = channel.permissions_for(guild.me)
        if not (permissions.view_channel and permissions.send_messages):
            return
        with use_language(await self._bot.language_resolver.for_guild(guild.id)):
            card = greeting_card(await make_help_context(self._bot, guild))
        await channel.send(view=card)
