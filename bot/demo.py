"""The demo: the same bot, with the seeds, on a simulated Discord in the browser. No token, no account, no network."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import tempfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord

from bot.cards.notes import note
from bot.client import Dealwire
from bot.clock import utc_now
from bot.delivery.dispatcher import Dispatcher
from bot.errors import DealwireError
from bot.model.follow import EVERYTHING, Destination, Place
from bot.model.post import Post, Standing
from bot.publisher import DiscordPublisher
from bot.rooms import Rooms, open_rooms
from bot.settings import Settings, load_settings

if TYPE_CHECKING:
    from simcord.builders import ChannelHandle, GuildHandle
    from simcord.env import Env
    from simcord.preview import Preview

log = logging.getLogger(__name__)

WELCOME = (
    "Type `!deal nissan`, `!deals` or `@Dealwire honda`, or pick a command with `/`. This channel follows everything:"
    " as **Editor**, use `/desk publish` and see the post arrive here; **Reader** is not on the desk."
)
#: How often the page is asked to show what was posted, while somebody else's click is being worked on.
_BUSY_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Stage:
    """The simulated Discord: where the demo plays and who may look on."""

    env: Env
    channel: ChannelHandle
    viewers: list[Any]


async def run_demo(settings: Settings, *, port: int = 0, stop: asyncio.Event | None = None) -> None:
    """Serve the page until SIGINT or SIGTERM (or ``stop``); prints its URL. Nothing of it is kept.

    Raises DealwireError when the demo's own packages are not installed, or the port is taken.
    """
    # Its own probing clients ask for no intents, and discord.py says so.
    logging.getLogger("discord.state").setLevel(logging.ERROR)
    env_type = _simulated_discord()
    stop = stop or _stop_signal()
    with tempfile.TemporaryDirectory(prefix="dealwire-demo-") as folder:
        own = _own_settings(settings, Path(folder))
        async with open_rooms(own) as rooms:
            client = Dealwire(replace(rooms.services))
            env: Env = env_type(client, check_errors=False)
            env.backend.bot_user.name = "Dealwire"
            _set_clock(env)
            await env.start()
            try:
                await _play(await _set_stage(env, rooms), rooms, client, port, stop)
            finally:
                await env.shutdown()


def _simulated_discord() -> type[Env]:
    try:
        from simcord.env import Env
    except ImportError as exc:
        raise DealwireError("The demo needs its extra: pip install 'dealwire[demo]', or use `make demo`.") from exc
    return Env


def _own_settings(settings: Settings, folder: Path) -> Settings:
    """A store of its own and the starter collection: the demo touches nothing of a real bot's."""
    plain = load_settings({"SHARD_COUNT": "1"})
    database = f"sqlite:///{folder / 'demo.db'}"
    return replace(plain, database_url=database, timezone=settings.timezone, log_level=settings.log_level)


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _set_clock(env: Env) -> None:
    """The simulated Discord's clock stands still until it is moved: move it to the present."""
    behind = (utc_now() - env.now()).total_seconds()
    if behind > 0:
        env.backend.advance_clock(behind)


async def _set_stage(env: Env, rooms: Rooms) -> Stage:
    guild: GuildHandle = env.create_guild("Motor trade")
    desk = guild.create_role("Desk", permissions=discord.Permissions(manage_guild=True))
    deals = guild.create_text_channel("deals")
    editor = guild.add_member(env.create_user("Editor"), roles=[desk])
    reader = guild.add_member(env.create_user("Reader"))
    await env.settle()
    here = Destination(Place.CHANNEL, deals.id, guild.id)
    await rooms.services.following.follow(here, EVERYTHING, by=editor.id)
    return Stage(env, deals, [editor, reader])


async def _play(stage: Stage, rooms: Rooms, client: Dealwire, port: int, stop: asyncio.Event) -> None:
    posted = asyncio.Event()
    publisher = _Shown(DiscordPublisher(client, client.audience.at), posted)
    dispatcher = Dispatcher(rooms.services.store, publisher, rooms.services.clock, rooms.bell)
    await client.get_partial_messageable(stage.channel.id).send(view=note(WELCOME))
    await stage.viewers[1].send(stage.channel, "!deal nissan")
    async with _page(stage, port) as preview:
        print(f"Dealwire's demo is open at {preview.url}", flush=True)
        print("Stop it with Ctrl-C.", flush=True)
        work = [
            asyncio.create_task(dispatcher.run(), name="dispatcher"),
            asyncio.create_task(_show_posts(stage.env, preview, posted), name="page"),
        ]
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            await asyncio.wait({stopping, *work}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (stopping, *work):
                task.cancel()
            await asyncio.gather(stopping, *work, return_exceptions=True)


@contextlib.asynccontextmanager
async def _page(stage: Stage, port: int) -> AsyncIterator[Preview]:
    page = stage.env.preview(stage.channel, viewers=stage.viewers, layout="channel", port=port)
    try:
        preview = await page.__aenter__()
    except OSError as exc:
        raise DealwireError(f"The demo's page cannot use port {port}: {exc.strerror or exc}.") from exc
    try:
        yield preview
    finally:
        await page.__aexit__(None, None, None)


async def _show_posts(env: Env, preview: Preview, posted: asyncio.Event) -> None:
    """Bring posts onto the open page; it shows by itself only what a click or a message of its own led to."""
    from simcord.backend.errors import SetupError

    while True:
        await posted.wait()
        posted.clear()
        try:
            _set_clock(env)
            await preview.refresh()
        except SetupError:
            # Somebody's click is being worked on: show it right after.
            await asyncio.sleep(_BUSY_SECONDS)
            posted.set()


class _Shown:
    """A publisher that tells when it has posted."""

    def __init__(self, publisher: DiscordPublisher, posted: asyncio.Event) -> None:
        self._publisher = publisher
        self._posted = posted

    def newest(self, destination: Destination) -> int:
        """As the real one."""
        return self._publisher.newest(destination)

    async def find(self, post: Post) -> Standing | None:
        """As the real one."""
        return await self._publisher.find(post)

    async def send(self, post: Post) -> Standing:
        """As the real one, then tell."""
        stands = await self._publisher.send(post)
        self._posted.set()
        return stands

    async def open_thread(self, post: Post, message_id: int) -> int:
        """As the real one, then tell."""
        thread = await self._publisher.open_thread(post, message_id)
        self._posted.set()
        return thread

    async def publish(self, post: Post) -> None:
        """As the real one."""
        await self._publisher.publish(post)

    async def edit(self, post: Post) -> None:
        """As the real one, then tell."""
        await self._publisher.edit(post)
        self._posted.set()

    async def warn(self, destination: Destination, makers: Iterable[int], reason: str) -> None:
        """As the real one."""
        await self._publisher.warn(destination, makers, reason)
