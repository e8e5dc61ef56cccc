"""The Discord client: what it listens to, which commands it registers, how errors become sentences."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket

from bot.audience import Audience
from bot.cards.notes import error_note
from bot.cooldowns import Cooldowns
from bot.desk_server import UNKNOWN
from bot.errors import TooOften
from bot.identifying import IdentifyPace
from bot.incoming import (
    QUESTION_LIMIT,
    cut_arguments,
    cut_message,
    cut_options,
    mention_at_start,
    question_before_mention,
)
from bot.languages import speak
from bot.publisher.refusals import FAULTS, code_of, in_short
from bot.sentences import sentence_of
from bot.services import Services
from bot.translating import CommandTranslator

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.deals",
    "cogs.pictures",
    "cogs.reading",
    "cogs.finding",
    "cogs.follows",
    "cogs.following",
    "cogs.managing",
    "cogs.timetables",
    "cogs.presence",
    "cogs.desk",
    "cogs.newsdesk",
    "cogs.notes",
    "cogs.review",
    "cogs.aside",
    "cogs.summaries",
    "cogs.feeds",
    "cogs.operator",
    "cogs.aside_posts",
)

#: Least that the bot needs in a channel; the invite link asks for just these.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    read_message_history=True,
    embed_links=True,
    attach_files=True,
)

#: discord.py waits for limits that end sooner, in seconds; what waits longer, such as for the next publication in a channel
#: that has had its ten of the hour, is put back by delivery until it is time.
LONGEST_LIMIT = 30.0

Context = commands.Context["Dealwire"]
Interaction = discord.Interaction["Dealwire"]


AnyCommand = app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu
HybridCommand = commands.HybridCommand[Any, ..., Any]


def asking(**options: Any) -> Callable[[Callable[..., Coroutine[Any, Any, None]]], HybridCommand]:
    """``commands.hybrid_command`` for a command that works everywhere, with a type that mypy can follow."""

    def decorated(callback: Callable[..., Coroutine[Any, Any, None]]) -> HybridCommand:
        return commands.hybrid_command(**options)(everywhere(callback))

    return decorated


_T = TypeVar("_T")


def everywhere(command: _T) -> _T:
    """Register a command for servers and for people who installed the app for themselves: on servers, also those that the
    bot is not on, in DMs with the bot and in those between people.

    Commands of a single server (the desk's) cannot say this.
    """
    installs = app_commands.allowed_installs(guilds=True, users=True)
    contexts = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    return installs(contexts(command))


class Dealwire(commands.AutoShardedBot):
    """The bot. Its state is in the rooms of ``services``; ``desk_server`` is what Discord last said of the desk's server."""

    def __init__(
        self, services: Services, *, http_trace: aiohttp.TraceConfig | None = None, guild_ready_timeout: float = 2.0
    ) -> None:
        settings = services.settings
        super().__init__(
            command_prefix=_prefixes,
            intents=intents(message_content=not services.content_off),
            allowed_mentions=discord.AllowedMentions.none(),
            help_command=None,
            case_insensitive=True,
            strip_after_prefix=True,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
            max_ratelimit_timeout=LONGEST_LIMIT,
            shard_count=settings.shard_count or None,
            guild_ready_timeout=guild_ready_timeout,
            tree_cls=Tree,
            **_given(shard_ids=list(settings.shard_ids) or None, http_trace=http_trace),
        )
        self.services = services
        self.audience = Audience(self, services.following.language)
        self.cooldowns = Cooldowns(services.clock)
        self.before_invoke(_cut)
        self.desk_server = UNKNOWN
        self._identify_pace = IdentifyPace()

    async def setup_hook(self) -> None:
        """Load the commands and register them where they changed."""
        await self.tree.set_translator(CommandTranslator())
        for extension in EXTENSIONS:
            await self.load_extension(extension)
        try:
            await self.sync_scope(None)
        except discord.HTTPException as exc:
            # A proxy does not name a code of Discord's.
            if not code_of(exc):
                raise
            log.error(
                "Discord refuses the slash commands; they stay as they were until the next start: %s", in_short(exc)
            )

    async def ask_gateway(self) -> None:
        """Ask Discord for the gateway's address, the number of shards that it advises, and how many may begin at once.

        After this the number of shards is known; discord.py itself asks only for a number that is not set.
        """
        advised, address, limits = await self.http.get_bot_gateway()
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(address)
        self.shard_count = self.shard_count or advised
        self._identify_pace = IdentifyPace(limits["max_concurrency"])

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait until Discord allows the shard to begin a session."""
        await self._identify_pace.wait(shard_id or 0)

    async def sync_scope(self, guild: discord.abc.Snowflake | None) -> None:
        """Register the commands of one scope, if they are not the ones that Discord was last told.

        Discord counts 200 new commands a day and server; a bot that restarts often would run out.
        """
        scope = str(guild.id) if guild else "global"
        payload = [await _told(command, self.tree) for command in self.tree.get_commands(guild=guild)]
        digest = hashlib.sha256(json.dumps([self.application_id, payload], sort_keys=True).encode()).hexdigest()
        async with self.services.store.read() as session:
            if await session.bookkeeping.command_digest(scope) == digest:
                return
        await self.tree.sync(guild=guild)
        async with self.services.store.write() as session:
            await session.bookkeeping.remember_digest(scope, digest)
        log.info("%d commands registered (%s).", len(payload), scope)

    async def forget_scope(self, guild_id: int) -> None:
        """Forget what was registered in a server: Discord takes a bot's commands away when it is removed there."""
        async with self.services.store.read() as session:
            known = await session.bookkeeping.command_digest(str(guild_id))
        if known:
            async with self.services.store.write() as session:
                await session.bookkeeping.remember_digest(str(guild_id), "")

    async def on_command_error(self, ctx: Context, error: commands.CommandError, /) -> None:  # type: ignore[override]  # narrower context
        """Say in one sentence what is wrong with a typed command; unknown commands are somebody else's."""
        if isinstance(error, commands.CommandNotFound):
            return
        sentence = sentence_of(error, typed=ctx.interaction is None)
        if not sentence:
            return
        try:
            await ctx.send(view=error_note(sentence), ephemeral=True)
        except FAULTS as exc:
            log.warning("An error could not be shown: %s", in_short(exc))

    async def process_commands(self, message: discord.Message, /) -> None:
        """Run a typed command, or answer a question: what is said to the bot by mention, or in a DM, and is no command."""
        if message.author.bot or message.is_system():
            return
        message.content = cut_message(message.content, self.services.settings.command_prefix)
        ctx = await self.get_context(message)
        question = None if ctx.valid else self._question(message, ctx.prefix)
        if not ctx.valid and question is None:
            return
        speak(await self.audience.of_message(message))
        try:
            self.cooldowns.questions.take(message.author.id)
        except TooOften as exc:
            await self.on_command_error(ctx, commands.CommandInvokeError(exc))
            return
        if ctx.valid:
            await self.invoke(ctx)
        else:
            self.dispatch("question", ctx, (question or "")[:QUESTION_LIMIT])

    def _question(self, message: discord.Message, prefix: str | None) -> str | None:
        """Return what a message that is no command asks the bot; None if it does not speak to the bot."""
        if self.user is None or not message.content or prefix == self.services.settings.command_prefix:
            return None
        if prefix is not None:
            return message.content.removeprefix(prefix).strip()
        question = question_before_mention(message, self.user)
        return message.content if question is None and message.guild is None else question


class Tree(app_commands.CommandTree["Dealwire"]):
    """The slash commands; their errors are sentences too."""

    async def interaction_check(self, interaction: discord.Interaction[Dealwire], /) -> bool:
        """Return whether the asker may go on; cut what they sent. discord.py runs this first, also for autocomplete."""
        client, data = interaction.client, interaction.data
        speak(await client.audience.of_interaction(interaction))
        cut_options(data.get("options", ()) if data else ())  # type: ignore[arg-type]  # plain dictionaries of a command's data
        if interaction.type is discord.InteractionType.autocomplete:
            return True
        try:
            client.cooldowns.questions.take(interaction.user.id)
        except TooOften as exc:
            await tell(interaction, str(exc))
            return False
        return True

    async def on_error(
        self, interaction: discord.Interaction[Dealwire], error: app_commands.AppCommandError, /
    ) -> None:
        """Say in one sentence what is wrong."""
        sentence = sentence_of(error)
        if sentence:
            await tell(interaction, sentence)


async def _told(command: AnyCommand, tree: app_commands.CommandTree[Any]) -> dict[str, Any]:
    """A command as Discord is told of it, in every language."""
    translator = tree.translator
    return await command.get_translated_payload(tree, translator) if translator else command.to_dict(tree)


def _given(**options: Any) -> dict[str, Any]:
    """The options that are set: discord.py takes None for a value of its own in these."""
    return {name: value for name, value in options.items() if value is not None}


def _prefixes(bot: Dealwire, message: discord.Message) -> list[str]:
    """A mention of the bot, or the prefix. discord.py's own wants a blank behind a mention, which Discord trims."""
    mention = mention_at_start(message, bot.user) if bot.user else ""
    return [*([mention] if mention else []), bot.services.settings.command_prefix]


async def _cut(ctx: Context) -> None:
    cut_arguments(ctx.kwargs)


def intents(*, message_content: bool) -> discord.Intents:
    """Servers and messages, and their text where it is given; no members, no presences."""
    wanted = discord.Intents.none()
    wanted.guilds = True
    wanted.guild_messages = True
    wanted.dm_messages = True
    wanted.message_content = message_content
    return wanted


async def tell(interaction: discord.Interaction, sentence: str) -> None:
    """Answer an interaction with an error that only its user sees, whatever was answered before."""
    card = error_note(sentence)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(view=card, ephemeral=True)
        else:
            await interaction.response.send_message(view=card, ephemeral=True)
    except FAULTS as exc:
        log.warning("An error could not be shown: %s", in_short(exc))
