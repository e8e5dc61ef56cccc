"""The scene of the Discord tests: who is there, what they can do, and what is recorded of it."""

from __future__ import annotations

import contextlib
import logging
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle, GuildHandle, RoleHandle
from simcord.env import Env

from bot.container import Container, open_container
from bot.delivery.dispatcher import Dispatcher
from bot.demo.run import load_environment_type
from bot.errors import DealwireError
from bot.model.follow import Follow
from bot.model.vocabulary import Kind
from bot.newsroom.drafts import StoryDraft, parse_development, parse_story
from bot.newsroom.story_writer import PublishOutcome
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.publisher import DiscordPublisher
from bot.settings import load_settings
from tests.discord.seen import OpenForm, Shown, message_of, parts

SEEDS = Path(__file__).parents[2] / "seeds"
#: The server's id, fixed so that settings can name it before it is there.
SERVER = 1_400_000_000_000_000_000
OPPAMA = "nissan-foxconn-oppama"
#: How long SimCord waits for the bot to come to rest, in real seconds: a loaded machine needs more than the default of 5.
SETTLE_SECONDS = 60.0


class SimulatedClock:
    """The clock of the simulated Discord, for the bot's own times too; ``env`` is set once there is one."""

    def __init__(self) -> None:
        self.env: Env | None = None

    def __call__(self) -> datetime:
        return self.env.now() if self.env else datetime(2026, 1, 1, tzinfo=UTC)


class BugWatch(logging.Handler):
    """Collects what the bot, or discord.py for it, logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record."""
        self.records.append(record)


@dataclass
class Scene:
    """What a test acts with. ``bugs`` are the bot's own errors: a test that means one takes it out."""

    env: Env
    container: Container
    client: Dealwire
    guild: GuildHandle
    deals: ChannelHandle
    desk: ChannelHandle
    role: RoleHandle
    editor: MemberActor
    reader: MemberActor
    dispatcher: Dispatcher
    bugs: list[logging.LogRecord] = field(default_factory=list)

    @property
    def mention(self) -> str:
        """Return the mention of the bot."""
        return f"<@{self.env.backend.bot_user.id}>"

    async def hears(self, text: str, *, by: MemberActor | None = None, at: ChannelHandle | None = None) -> list[Any]:
        """Type this in a channel (as the reader in #deals by default) and return the bot's new messages there."""
        who, channel = by or self.reader, at or self.deals
        before = {message.id for message in channel.history()}
        await (who.send_dm(text) if channel.guild is None else who.send(channel, text))
        new = [message for message in channel.history() if message.id not in before]
        return [message for message in new if message.author.id == self.env.backend.bot_user.id]

    async def ask(self, text: str, *, by: MemberActor | None = None, at: ChannelHandle | None = None) -> Any:
        """Type this and return the one message that answers it."""
        answers = await self.hears(text, by=by, at=at)
        assert len(answers) == 1, f"{len(answers)} answers to {text!r}"
        return answers[0]

    async def form(self, command: str, *, by: MemberActor | None = None, **options: Any) -> OpenForm:
        """Return the form that a desk command opens for the editor."""
        return OpenForm(await (by or self.editor).slash(self.desk, command, **options))

    async def open_form(self, shown: Any, label: str, *, by: MemberActor | None = None) -> OpenForm:
        """Return the form that a button opens for the editor."""
        return OpenForm(await (by or self.editor).click(message_of(shown), label=label))

    async def submit(self, form: OpenForm, *, by: MemberActor | None = None, **typed: Any) -> Any:
        """Submit a form with these fields changed."""
        return await (by or self.editor).submit_modal(form.shown, form.filled(**typed))

    async def publish(self, slug: str = OPPAMA, **fields: Any) -> PublishOutcome:
        """Publish a development of a story, as an editor would."""
        development = {"date": "2025-09", "headline": "Something new", "claim": "reported", **fields}
        draft = parse_development(development, "", Kind.CONTRACT_MANUFACTURING)
        return await self.container.services.desk.publish(StoryDraft(slug, None, (draft,)), actor="test")

    async def tell(self, story: dict[str, Any], *, announce: bool = False) -> PublishOutcome:
        """Publish a whole story, as from a story file."""
        return await self.container.services.desk.publish(parse_story(story), actor="test", announce=announce)

    async def send_posts(self) -> None:
        """Let the dispatcher send everything that is due."""
        await self.dispatcher.run_until_idle()
        await self.env.settle()

    async def restart(self, *, content_off: bool = False, **settings: Any) -> None:
        """Restart the bot, with these settings changed; Discord and the store stay."""
        services = self.container.services
        changed = replace(services, settings=replace(services.settings, **settings), is_message_content_off=content_off)
        self.container = replace(self.container, services=changed)
        await self.start_as(Dealwire(changed))

    async def start_as(self, client: Dealwire) -> None:
        """Replace the running bot by this client."""
        self.client = client
        await self.env.restart_bot(client)
        await self.env.settle()
        self.dispatcher = _dispatcher(self.container, client)

    def own(self, channel: ChannelHandle | None = None) -> list[discord.Message]:
        """Return the bot's messages in a channel, #deals by default."""
        return [m for m in (channel or self.deals).history() if m.author.id == self.env.backend.bot_user.id]

    def posts(self, channel: ChannelHandle | None = None) -> list[discord.Message]:
        """Return the posts in a channel: the bot's messages that carry the key of a post."""
        return [m for m in self.own(channel) if any("dw:post:" in str(part.get("custom_id")) for part in parts(m))]

    def lacking(self, **permissions: bool) -> dict[Any, discord.PermissionOverwrite]:
        """Return overwrites of a channel that take these permissions from the bot."""
        return {self.client.user: discord.PermissionOverwrite(**permissions)}

    def requests(self, method: str, path_end: str) -> list[Any]:
        """Return the bot's requests to Discord so far with this method and end of the path."""
        by_method = [request for request in self.env.http_requests if request.method == method]
        return [request for request in by_method if request.path.endswith(path_end)]

    def pinged(self, shown: Shown) -> list[str]:
        """Return whom a message pings, as Discord sees it: ``everyone``, and the ids of roles and users."""
        message = message_of(shown)
        channel = message.channel.id if isinstance(message, discord.Message) else message.channel_id
        stored = self.env.backend.get_message(channel, message.id)
        everyone = ["everyone"] if stored.mention_everyone else []
        return [*everyone, *(str(who) for who in (*stored.ping_role_ids, *stored.ping_user_ids))]

    async def follows(self) -> list[Follow]:
        """Return every follow in the store."""
        following = self.container.services.subscriptions
        own = [follow for who in (self.editor, self.reader) for follow in await following.list_in_destination(who.id)]
        return [*await following.list_in_guild(self.guild.id), *own]

    def expected_bug(self) -> logging.LogRecord:
        """Return the one bug that the bot has just logged, which the test caused on purpose."""
        assert len(self.bugs) == 1, self.bugs
        self.env.errors  # noqa: B018 - reading them says that they were looked at
        return self.bugs.pop()


class Stage(ABC):
    """Opens scenes, each on its own copy of a store."""

    @abstractmethod
    def create_store(self, *, seeds: bool) -> str:
        """Return the URL of a new store with the starter collection, or of an empty one."""

    def open(
        self, *, seeds: bool = True, content: bool = True, **environment: str
    ) -> AbstractAsyncContextManager[Scene]:
        """Open a scene with these settings; without ``content`` the bot has no message-content intent."""
        return open_scene(self.create_store(seeds=seeds), content=content, **environment)


@contextlib.asynccontextmanager
async def open_scene(url: str, *, content: bool = True, **environment: str) -> AsyncIterator[Scene]:
    """Open the services on a store, start the bot on a new Discord, and set the scene.

    What the bot logs as a bug fails the test in the end.
    """
    variables = {"DATABASE_URL": url, "SEEDS": "", "SHARD_COUNT": "1", **environment}
    clock, watch = SimulatedClock(), BugWatch()
    async with open_container(load_settings(variables), clock=clock) as opened:
        container = replace(opened, services=replace(opened.services, is_message_content_off=not content))
        client = Dealwire(container.services)
        approved = discord.Intents.default() if not content else None
        clock.env = env = load_environment_type()(client, approved_intents=approved, settle_timeout=SETTLE_SECONDS)
        for name in ("bot", "discord"):
            logging.getLogger(name).addHandler(watch)
        try:
            await env.start()
            yield await _set(env, container, client, watch)
        finally:
            for name in ("bot", "discord"):
                logging.getLogger(name).removeHandler(watch)
            await env.shutdown()
        assert not watch.records, [record.getMessage() for record in watch.records]
        # A refusal is an answer; anything else that a command raised is a bug.
        bugs = [error for error in env.errors_since(env._errors_acknowledged) if not _is_refusal(error)]
        assert not bugs, bugs


async def _set(env: Env, container: Container, client: Dealwire, watch: BugWatch) -> Scene:
    guild = env.create_guild("Wire", id=SERVER)
    editors = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    scene = Scene(
        env=env,
        container=container,
        client=client,
        guild=guild,
        deals=guild.create_text_channel("deals"),
        desk=guild.create_text_channel("desk"),
        role=guild.create_role("Deals", mentionable=True),
        editor=guild.add_member(env.create_user("editor"), roles=[editors]),
        reader=guild.add_member(env.create_user("reader")),
        dispatcher=_dispatcher(container, client),
        bugs=watch.records,
    )
    await env.settle()
    return scene


def _is_refusal(error: BaseException) -> bool:
    while isinstance(
        error,
        commands.CommandInvokeError
        | commands.ConversionError
        | commands.HybridCommandError
        | app_commands.CommandInvokeError,
    ):
        error = error.original
    if isinstance(error, app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    return isinstance(error, DealwireError | commands.UserInputError)


def _dispatcher(container: Container, client: Dealwire) -> Dispatcher:
    return Dispatcher(
        container.services.store,
        DiscordPublisher(client, client.language_resolver.for_destination),
        container.services.clock,
        container.dispatcher_wakeup,
    )
