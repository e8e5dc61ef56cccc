"""Run the demo: a server with its channels and people, the bot, and the page."""

from __future__ import annotations

import asyncio
import logging
import signal
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from bot.cards.simple_cards import success_card
from bot.clock import utc_now
from bot.container import Container, open_container
from bot.delivery.dispatcher import Dispatcher
from bot.demo.feeds import follow_feeds, load_cited_headlines, run_feeds
from bot.demo.page import DemoChannel, DemoPage
from bot.demo.publishers import ReplayPublishers
from bot.errors import DealwireError
from bot.extras import DEMO
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.post import Post, SentMessage
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.locales import LanguageResolver
from bot.platforms.discord.publisher import DiscordPublisher
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from simcord.builders import ChannelHandle, GuildHandle
    from simcord.env import Env

log = logging.getLogger(__name__)

WELCOME = (
    "Type `!deal nissan`, `!deals` or `@Dealwire honda`, or pick a command with `/`. This channel follows everything:"
    " as **Editor**, use `/desk publish` and see the post arrive here; **Reader** is not on the desk."
    " The other readers in the list “Viewing as” have their Discord in German, Spanish or Japanese."
)
FEED_WELCOME = (
    "This channel follows two feeds on this machine, which replay headlines that the stories here cite. Posts arrive by"
    " themselves; when the second feed brings the same headline, the post names both. On a server of your own,"
    " `/follow` takes the address of any publisher's feed."
)
#: People whose Discord is in another language, by the name that the page lists them under.
_OTHER_READERS = {"Leser (Deutsch)": "de", "Lector (español)": "es", "読者（日本語）": "ja"}
#: How long an answer may take, in seconds. Later the page would say that the outcome is uncertain.
_SETTLE_SECONDS = 60.0
#: How long to wait before the page is refreshed again if it is busy with a click, in seconds.
_BUSY_DELAY = 0.2


@dataclass(frozen=True, slots=True)
class DemoServer:
    """The simulated Discord: the demo's server, its channel, and the user who looks at it."""

    env: Env
    guild_id: int
    channel: ChannelHandle
    feed_channel: ChannelHandle
    viewers: list[Any]

    def get_destination(self, channel: ChannelHandle) -> Destination:
        """Return a channel as a destination of posts."""
        return Destination(DestinationKind.CHANNEL, channel.id, self.guild_id)


async def run_demo(settings: Settings, *, port: int = 0, stop: asyncio.Event | None = None) -> None:
    """Serve the page until SIGINT or SIGTERM (or ``stop``), and print its URL. Nothing is stored permanently.

    Raises DealwireError if the demo's own packages are not installed, or if the port is taken.
    """
    # The simulated Discord's own clients request no intents, and discord.py warns about it.
    logging.getLogger("discord.state").setLevel(logging.ERROR)
    env_type = load_environment_type()
    stop = stop or _create_stop_event()
    with tempfile.TemporaryDirectory(prefix="dealwire-demo-") as folder:
        demo_settings = _build_settings(settings, Path(folder))
        async with open_container(demo_settings) as container:
            client = Dealwire(replace(container.services))
            languages = _ViewerLanguages(client, container.services.delivery_settings.get_language)
            client.language_resolver = languages
            env: Env = env_type(client, settle_timeout=_SETTLE_SECONDS, check_errors=False)
            env.backend.bot_user.name = "Dealwire"
            _synchronize_clock(env)
            await env.start()
            try:
                await _run_server(await _create_server(env, container, languages), container, client, port, stop)
            finally:
                await env.shutdown()


def load_environment_type() -> type[Env]:
    """Return the type of the simulated Discord. Raises DealwireError if its package is not installed."""
    try:
        from simcord.env import Env
    except ImportError as exc:
        raise DealwireError(
            f"The demo needs the extra “{DEMO.name}”, or use `make demo`. To install it: {DEMO.install_command}"
        ) from exc

    class PatientEnvironment(Env):
        """Waits for the start as long as for everything else: SimCord's 5 s are too short on a loaded machine."""

        async def _settle_internal(self, *, timeout: float | None = None, **options: Any) -> None:
            await super()._settle_internal(timeout=max(timeout or 0.0, self.settle_timeout), **options)

    return PatientEnvironment


def _build_settings(settings: Settings, folder: Path) -> Settings:
    """Return settings with a temporary store and the starter collection: the demo leaves a real bot's data alone."""
    defaults = load_settings({"SHARD_COUNT": "1"})
    return replace(
        defaults,
        database_url=f"sqlite:///{folder / 'demo.db'}",
        # The feeds of the demo are on this machine.
        feed_allow=("127.0.0.1",),
        timezone=settings.timezone,
        log_level=settings.log_level,
    )


def _create_stop_event() -> asyncio.Event:
    stop_event = asyncio.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_number, stop_event.set)
    return stop_event


def _synchronize_clock(env: Env) -> None:
    """Move the clock of the simulated Discord to the present; it does not advance by itself."""
    seconds_behind = (utc_now() - env.now()).total_seconds()
    if seconds_behind > 0:
        env.backend.advance_clock(seconds_behind)


async def _create_server(env: Env, container: Container, languages: _ViewerLanguages) -> DemoServer:
    guild: GuildHandle = env.create_guild("Motor trade")
    desk_role = guild.create_role("Desk", permissions=discord.Permissions(manage_guild=True))
    channel, feed_channel = (guild.create_text_channel(name) for name in ("deals", "feeds"))
    editor = guild.add_member(env.create_user("Editor"), roles=[desk_role])
    reader = guild.add_member(env.create_user("Reader"))
    other_readers = [guild.add_member(env.create_user(name)) for name in _OTHER_READERS]
    for member, code in zip(other_readers, _OTHER_READERS.values(), strict=True):
        languages.codes[member.id] = code
    await env.settle()
    server = DemoServer(env, guild.id, channel, feed_channel, [editor, reader, *other_readers])
    await container.services.subscriptions.follow(server.get_destination(channel), EVERYTHING, created_by=editor.id)
    return server


async def _run_server(
    server: DemoServer, container: Container, client: Dealwire, port: int, stop: asyncio.Event
) -> None:
    posted_event = asyncio.Event()
    publisher = _NotifyingPublisher(DiscordPublisher(client, client.language_resolver.for_destination), posted_event)
    dispatcher = Dispatcher(container.services.store, publisher, container.services.clock, container.dispatcher_wakeup)
    await client.get_partial_messageable(server.channel.id).send(view=success_card(WELCOME))
    await client.get_partial_messageable(server.feed_channel.id).send(view=success_card(FEED_WELCOME))
    await server.viewers[1].send(server.channel, "!deal nissan")
    page = DemoPage(
        server.env,
        [DemoChannel("deals", server.channel), DemoChannel("feeds", server.feed_channel)],
        server.viewers,
        client.user.id if client.user else 0,
    )
    publishers = ReplayPublishers(await load_cited_headlines(container.services.store))
    async with publishers.open(), page.open(port):
        await follow_feeds(
            container.services, server.get_destination(server.feed_channel), publishers, server.viewers[0].id
        )
        print(f"Dealwire's demo is open at {page.url}", flush=True)
        print("Stop it with Ctrl-C.", flush=True)
        worker_tasks = [
            asyncio.create_task(dispatcher.run(), name="dispatcher"),
            asyncio.create_task(_refresh_page(server.env, page, posted_event), name="page"),
            asyncio.create_task(run_feeds(container, publishers), name="feeds"),
        ]
        stop_task = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait({stop_task, *worker_tasks}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stop_task, *worker_tasks):
                task.cancel()
            await asyncio.gather(stop_task, *worker_tasks, return_exceptions=True)


async def _refresh_page(env: Env, page: DemoPage, posted_event: asyncio.Event) -> None:
    """Show new posts on the open page; by itself it only shows the results of its own clicks and messages."""
    from simcord.backend.errors import SetupError

    while True:
        await posted_event.wait()
        posted_event.clear()
        try:
            _synchronize_clock(env)
            await page.refresh()
        except SetupError:
            # The page is busy with a click: refresh it right after.
            await asyncio.sleep(_BUSY_DELAY)
            posted_event.set()


class _ViewerLanguages(LanguageResolver):
    """Answers people in the language of their Discord, which the simulated Discord cannot say; ``codes`` has it by user id."""

    def __init__(self, client: discord.Client, get_chosen_language: Callable[[int], Awaitable[str]]) -> None:
        super().__init__(client, get_chosen_language)
        self.codes = dict[int, str]()

    async def for_interaction(self, interaction: discord.Interaction[Any]) -> str:
        """Return the language of whoever asks or clicks."""
        return self.codes.get(interaction.user.id) or await super().for_interaction(interaction)

    async def for_message(self, message: discord.Message) -> str:
        """Return the language of whoever typed. In Discord a typed command is answered in the server's language."""
        return self.codes.get(message.author.id) or await super().for_message(message)

    async def for_user(self, user_id: int) -> str:
        """Return the language of somebody's DMs."""
        return self.codes.get(user_id) or await super().for_user(user_id)


class _NotifyingPublisher:
    """A publisher that sets an event when it has posted."""

    def __init__(self, publisher: DiscordPublisher, posted_event: asyncio.Event) -> None:
        self._publisher = publisher
        self._posted_event = posted_event

    def newest_id(self, destination: Destination) -> int | None:
        """Forward to the publisher."""
        return self._publisher.newest_id(destination)

    async def find(self, post: Post) -> SentMessage | None:
        """Forward to the publisher."""
        return await self._publisher.find(post)

    async def send(self, post: Post) -> SentMessage:
        """Forward to the publisher, then set the event."""
        message = await self._publisher.send(post)
        self._posted_event.set()
        return message

    async def open_thread(self, post: Post, message_id: int) -> int:
        """Forward to the publisher, then set the event."""
        thread_id = await self._publisher.open_thread(post, message_id)
        self._posted_event.set()
        return thread_id

    async def publish(self, post: Post) -> None:
        """Forward to the publisher."""
        await self._publisher.publish(post)

    async def edit(self, post: Post) -> None:
        """Forward to the publisher, then set the event."""
        await self._publisher.edit(post)
        self._posted_event.set()

    async def warn(self, destination: Destination, creator_ids: Iterable[int], reason: str) -> None:
        """Forward to the publisher."""
        await self._publisher.warn(destination, creator_ids, reason)
