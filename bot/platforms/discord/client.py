"""The Discord client: its events, the registration of its commands, and how it answers errors."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.simple_cards import error_card
from bot.cards.story_texts import StoryTextCache
from bot.errors import TooManyRequests
from bot.languages import set_language
from bot.library.help_requests import parse_help_request
from bot.platforms.discord.cooldowns import Cooldowns
from bot.platforms.discord.desk_server import UNKNOWN_DESK_SERVER
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, get_error_code, summarize_error
from bot.platforms.discord.error_messages import build_error_message
from bot.platforms.discord.locales import CommandTranslator, LanguageResolver
from bot.platforms.discord.proxy import build_proxy_options
from bot.platforms.discord.rest_proxy import repeat_for_proxy
from bot.platforms.discord.sharded_bot import ShardedBot
from bot.platforms.discord.user_input import (
    QUESTION_LIMIT,
    extract_question_before_mention,
    find_leading_mention,
    truncate_arguments,
    truncate_message,
    truncate_options,
)
from bot.recorder import AnswerWay
from bot.services import Services
from bot.store import Membership

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.help",
    "cogs.questions",
    "cogs.timeline",
    "cogs.catchup",
    "cogs.find_story",
    "cogs.follows",
    "cogs.delivery_settings",
    "cogs.guild_events",
    "cogs.desk",
    "cogs.reader_reports",
    "cogs.review",
    "cogs.feeds",
    "cogs.status",
    "cogs.data",
)

#: What the bot needs in a channel at least; the invite link requests just these.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    embed_links=True,
    attach_files=True,
)

#: discord.py waits for rate limits that end within this time, in seconds. A request that must wait longer, such as the
#: eleventh publication of a channel within an hour, is postponed by the dispatcher.
MAX_RATE_LIMIT_WAIT = 30.0

Context = commands.Context["Dealwire"]
Interaction = discord.Interaction["Dealwire"]


AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
HybridCommand = commands.HybridCommand[Any, ..., Any]


def hybrid_command(**options: Any) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], HybridCommand]:
    """Do what ``commands.hybrid_command`` does for a command that works everywhere, with a type that mypy can follow."""

    def decorator(callback: Callable[..., Coroutine[Any, Any, None]]) -> HybridCommand:
        return commands.hybrid_command(**options)(installable_everywhere(callback))

    return decorator


_T = TypeVar("_T")


def installable_everywhere(command: _T) -> _T:
    """Register a command for servers and for people who installed the app for themselves.

    The latter can use it on servers without the bot, in DMs with the bot and in DMs with others
    (https://discord.com/developers/docs/resources/application#installation-context). Commands of a single server, such as the
    desk's, cannot be registered so.
    """
    installs = app_commands.allowed_installs(guilds=True, users=True)
    contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return installs(contexts(command))


class Dealwire(ShardedBot):
    """The bot. Its state is in ``services``; ``desk_server`` is what Discord last said about the desk's server."""

    def __init__(
        self,
        services: Services,
        *,
        http_trace: aiohttp.TraceConfig | None = None,
        guild_ready_timeout: float = 2.0,
        membership: Membership | None = None,
    ) -> None:
        settings = services.settings
        super().__init__(
            clock=services.clock,
            membership=membership,
            command_prefix=_get_prefixes,
            intents=build_intents(message_content=not services.is_message_content_off),
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,
            case_insensitive=True,
            strip_after_prefix=True,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=MAX_RATE_LIMIT_WAIT,
            shard_count=settings.shard_count or None,
            guild_ready_timeout=guild_ready_timeout,
            tree_cls=DealwireCommandTree,
            **build_proxy_options(settings),
            **_drop_none(shard_ids=list(settings.shard_ids) or None, http_trace=http_trace),
        )
        self.services = services
        self.language_resolver = LanguageResolver(self, services.delivery_settings.get_language)
        self.cooldowns = Cooldowns(services.clock)
        self.before_invoke(_truncate_arguments)
        self.desk_server = UNKNOWN_DESK_SERVER
        self.story_texts = StoryTextCache()
        #: Forms that were sent and are not done, by the key in their buttons; a restart forgets them.
        self.open_forms: dict[str, object] = {}

    async def setup_hook(self) -> None:
        """Load the commands, and register them if they have changed."""
        if self.services.settings.discord_api_url:
            repeat_for_proxy(self)
        await self.tree.set_translator(CommandTranslator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        try:
            await self.sync_scope(None)
        except discord.HTTPException as exc:
            # An answer without one of Discord's codes comes from a proxy.
            if not get_error_code(exc):
                raise
            log.error(
                "Discord refused the slash commands; they stay unchanged until the next start: %s",
                summarize_error(exc),
            )

    async def sync_scope(self, guild: discord.abc.Snowflake | None) -> None:
        """Register the commands of one scope, unless Discord already has exactly these.

        Discord allows 200 new commands a day in each server, so a bot that restarts often would reach that limit
        (https://discord.com/developers/docs/interactions/application-commands#registering-a-command).
        """
        scope = str(guild.id) if guild else "global"
        payload = [await _build_payload(command, self.tree) for command in self.tree.get_commands(guild=guild)]
        digest = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        async with self.membership.hold("commands"):
            async with self.services.store.read() as tx:
                if await tx.metadata.get_command_digest(scope) == digest:
                    return
            await self.tree.sync(guild=guild)
            async with self.services.store.write() as tx:
                await tx.metadata.set_command_digest(scope, digest)
            log.info("%d commands registered (%s).", len(payload), scope)

    async def forget_scope(self, guild_id: int) -> None:
        """Forget what was registered in a server: Discord deletes a bot's commands if the bot is removed there."""
        async with self.services.store.read() as tx:
            digest = await tx.metadata.get_command_digest(str(guild_id))
        if digest:
            async with self.services.store.write() as tx:
                await tx.metadata.set_command_digest(str(guild_id), "")

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:  # type: ignore[override]  # narrower context
        """Answer a failed typed command with one sentence. Unknown commands belong to other bots and are ignored."""
        if isinstance(error, commands.CommandNotFound):
            return
        if isinstance(error, commands.MissingRequiredArgument | commands.MissingRequiredFlag):
            self.dispatch("incomplete_command", ctx)
            return
        sentence = build_error_message(error, is_typed_command=ctx.interaction is None)
        if not sentence:
            return
        try:
            await ctx.send(view=error_card(sentence), ephemeral=True)
        except REQUEST_ERRORS as exc:
            log.warning("An error could not be shown: %s", summarize_error(exc))

    async def process_commands(self, message: discord.Message, /) -> None:
        """Run a typed command, or answer a question: a message to the bot, by mention or in a DM, that is no command.

        What is neither, but asks for help or looks like a command, is dispatched to the help.
        """
        if message.author.bot or message.is_system():
            return
        message.content = truncate_message(message.content, self.services.settings.command_prefix)
        ctx = await self.get_context(message)
        question = None if ctx.valid else self._extract_question(message, ctx.prefix)
        if not ctx.valid and question is None:
            if ctx.prefix is not None:
                self.dispatch("unknown_command", ctx)
            return
        set_language(await self.language_resolver.for_message(message))
        try:
            self.cooldowns.questions.take(message.author.id)
        except TooManyRequests as exc:
            await self.on_command_error(ctx, commands.CommandInvokeError(exc))
            return
        topic = self._find_help_topic(ctx, question)
        if topic is not None:
            self.dispatch("help_request", ctx, topic)
        elif ctx.valid:
            with self.services.recorder.time_answer(get_answer_way(ctx)):
                await self.invoke(ctx)
        else:
            self.dispatch("question", ctx, (question or "")[:QUESTION_LIMIT])

    def _find_help_topic(self, ctx: Context, question: str | None) -> str | None:
        """Return what a message asks help with: as a question, or behind a command (`!deal help`). None if it does not."""
        if question is not None:
            return parse_help_request(question, self.all_commands) if question else None
        arguments = ctx.view.buffer[ctx.view.index :]
        is_help = parse_help_request(arguments) == "" and ctx.command is not None and ctx.command.name != "help"
        return ctx.command.qualified_name if is_help and ctx.command else None

    def _extract_question(self, message: discord.Message, prefix: str | None) -> str | None:
        """Return the question in a message that is no command; None if it is not addressed to the bot."""
        if self.user is None or not message.content or prefix == self.services.settings.command_prefix:
            return None
        if prefix is not None:
            return message.content.removeprefix(prefix).strip()
        question = extract_question_before_mention(message, self.user)
        return message.content if question is None and message.guild is None else question


class DealwireCommandTree(app_commands.CommandTree["Dealwire"]):
    """The slash commands, whose errors are answered with one sentence too."""

    async def interaction_check(self, interaction: discord.Interaction[Dealwire], /) -> bool:
        """Truncate what the user sent, and return whether they may go on. discord.py calls this first, also for autocomplete."""
        client, data = interaction.client, interaction.data
        set_language(await client.language_resolver.for_interaction(interaction))
        truncate_options(data.get("options", ()) if data else ())  # type: ignore[arg-type]  # plain dictionaries of a command's data
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        try:
            client.cooldowns.questions.take(interaction.user.id)
        except TooManyRequests as exc:
            await send_error(interaction, str(exc))
            return False
        return True

    async def _call(self, interaction: discord.Interaction[Dealwire]) -> None:
        """Time a command or an autocomplete, from its arrival to its end. discord.py has no public event for both."""
        is_autocomplete = interaction.type is discord.InteractionType.autocomplete
        way = AnswerWay.AUTOCOMPLETE if is_autocomplete else AnswerWay.SLASH
        with interaction.client.services.recorder.time_answer(way):
            await super()._call(interaction)

    async def on_error(
        self, interaction: discord.Interaction[Dealwire], error: app_commands.AppCommandError, /
    ) -> None:
        """Answer with one sentence."""
        sentence = build_error_message(error)
        if sentence:
            await send_error(interaction, sentence)


def get_answer_way(ctx: Context) -> AnswerWay:
    """Return how a message asks: by a typed command, or by a question to the bot."""
    if ctx.valid:
        return AnswerWay.TYPED
    return AnswerWay.DM if ctx.guild is None else AnswerWay.MENTION


async def _build_payload(command: AnyCommand, tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
    """Return a command as Discord gets it, in every language."""
    translator = tree.translator
    return await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)


def _drop_none(**options: Any) -> dict[str, Any]:
    """Return the options that are set; discord.py gives None a meaning of its own in these."""
    return {name: value for name, value in options.items() if value is not None}


def _get_prefixes(client: Dealwire, message: discord.Message) -> list[str]:
    """Return the mention that a message begins with, and the prefix. discord.py's own needs a space behind a mention."""
    mention = find_leading_mention(message, client.user) if client.user else ""
    return [*([mention] if mention else []), client.services.settings.command_prefix]


async def _truncate_arguments(ctx: Context) -> None:
    truncate_arguments(ctx.kwargs)


def build_intents(*, message_content: bool) -> discord.Intents:
    """Return the intents: servers, messages and, if it is granted, their content; no members, no presences."""
    intents = discord.Intents.none()
    intents.guilds = True
    intents.guild_messages = True
    intents.dm_messages = True
    intents.message_content = message_content
    return intents


async def send_error(interaction: discord.Interaction, sentence: str) -> None:
    """Answer an interaction with an error that only its user sees, whether or not it was answered before."""
    card = error_card(sentence)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=card, ephemeral=True)
        else:
            await interaction.response.send_message(view=card, ephemeral=True)
    except REQUEST_ERRORS as exc:
        log.warning("An error could not be shown: %s", summarize_error(exc))
