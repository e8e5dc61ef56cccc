"""The pages of help for somebody: which commands they may use here, and what the pages say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.components import Card
from bot.cards.help import (
    SYMBOLS_TOPIC,
    CommandHelp,
    CommandOption,
    HelpContext,
    command_help_card,
    help_card,
    near_commands_card,
    symbols_card,
)
from bot.errors import NotAllowed
from bot.languages import render_in_all_languages, say_as
from bot.library.help_requests import find_near_commands
from bot.model.text_folding import fold
from bot.platforms.discord.client import Context, Dealwire, Interaction
from cogs.editors import check_editor
from cogs.permissions import can_manage, find_guild, get_bot

AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group


async def build_help_page(ctx: Context | Interaction, topic: str) -> Card:
    """Return the page on a command or on the symbols; the overview if the topic is empty."""
    context = await make_context_for(ctx)
    if fold(topic) == SYMBOLS_TOPIC:
        return symbols_card()
    listed = await list_commands(ctx)
    if not topic.strip():
        return help_card(listed, context)
    command = find_command(listed, topic)
    if command is None:
        near = find_near_commands(topic.strip().lstrip("/!"), [each.name for each in listed])
        return near_commands_card(topic.strip(), near[:2], "" if topic.startswith("/") else context.typed_prefix)
    return command_help_card(command, context)


async def is_topic(ctx: Context | Interaction, text: str) -> bool:
    """Return whether there is a page on what somebody typed."""
    is_overview_or_symbols = fold(text) in ("", SYMBOLS_TOPIC)
    return is_overview_or_symbols or find_command(await list_commands(ctx), text) is not None


async def make_context_for(ctx: Context | Interaction) -> HelpContext:
    """Return what the pages depend on, for the user who asks."""
    guild = find_guild(ctx)
    return await make_help_context(get_bot(ctx), guild, may_manage=can_manage(ctx) if guild else None)


async def make_help_context(
    bot: Dealwire, guild: discord.Guild | None, *, may_manage: bool | None = None
) -> HelpContext:
    """Return what the pages depend on in a server, or in DMs."""
    me = guild.me if guild else bot.user
    return HelpContext(
        bot_name=me.display_name if me else "",
        typed_prefix=get_typed_prefix(bot, guild),
        examples=await bot.services.library.find_examples(),
        contact_url=bot.services.settings.contact_url,
        can_manage=may_manage,
    )


def get_typed_prefix(bot: Dealwire, guild: discord.Guild | None) -> str:
    """Return what typed commands begin with: a mention on servers if the bot may not read other messages there."""
    if guild is not None and bot.services.is_message_content_off:
        return f"@{guild.me.display_name} "
    return bot.services.settings.command_prefix


async def list_commands(ctx: Context | Interaction) -> list[CommandHelp]:
    """Return the commands that the user may use here; those of the desk only for editors on the desk's server."""
    bot = get_bot(ctx)
    found = [*bot.tree.get_commands(type=discord.AppCommandType.chat_input)]
    if ctx.guild is not None and ctx.guild.id == bot.desk_server.guild_id and await _is_editor(ctx):
        found += bot.tree.get_commands(guild=ctx.guild, type=discord.AppCommandType.chat_input)
    return [describe_command(bot, command) for command in found]


async def _is_editor(ctx: Context | Interaction) -> bool:
    try:
        await check_editor(ctx)
    except NotAllowed:
        return False
    return True


def describe_command(bot: Dealwire, command: AnyCommand) -> CommandHelp:
    """Return what the pages say of a command."""
    if isinstance(command, app_commands.Group):
        subcommands = tuple(describe_command(bot, each) for each in command.commands)
        return CommandHelp(command.qualified_name, command.description, (), subcommands, is_slash_only=True)
    options = tuple(
        CommandOption(option.name, str(option.description), option.required) for option in command.parameters
    )
    typed = bot.get_command(command.qualified_name)
    is_slash_only = not isinstance(typed, commands.HybridCommand)
    return CommandHelp(command.qualified_name, command.description, options, is_slash_only=is_slash_only)


def find_command(listed: Sequence[CommandHelp], typed: str) -> CommandHelp | None:
    """Return the command that somebody names, also by its name in another language of the bot."""
    text = fold(typed)
    candidates = [*listed, *(subcommand for command in listed for subcommand in command.subcommands)]
    return next((command for command in candidates if text in _get_names(command)), None)


def _get_names(command: CommandHelp) -> set[str]:
    translated = render_in_all_languages(
        lambda: " ".join(say_as("command name", word) for word in command.name.split())
    )
    return {fold(name) for name in translated}
