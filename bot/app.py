"""The composition root of the bot: opens everything, hands it on, closes it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.client import Dealwire, intents
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.pace import Pace
from bot.errors import DealwireError, DiscordUnavailable
from bot.library.library import Library
from bot.newsroom.feeds.polling import Poller
from bot.newsroom.intake import Intake
from bot.newsroom.judging import TrackerJudge
from bot.newsroom.leads import Leads
from bot.newsroom.tracker import Embedder, find_embedder
from bot.publisher import DiscordPublisher
from bot.publisher.desk import DeskChannel
from bot.publisher.refusals import FAULTS, in_short, refuses_token
from bot.rooms import Rooms, open_rooms
from bot.services import Services
from bot.settings import Settings

log = logging.getLogger(__name__)

#: How long a start waits for the gateway, and then for each further shard, before it says that Discord does not answer.
START_SECONDS = 60.0
#: How long a start waits for the next server to be told of. discord.py's 2 s keep owed posts waiting at every start, and
#: nothing here needs to know a server's channels before it begins.
SERVERS_SECONDS = 0.5
#: How long a stop waits for answers that are being given.
ANSWERING_SECONDS = 3.0
REFUSED_TOKEN = "Discord refuses the token: check DISCORD_TOKEN, or make a new one in the portal."  # noqa: S105 - a sentence
#: How long to wait before each of the questions that tell whether Discord refuses the token for good, in seconds.
TOKEN_PAUSES = (0.0, 2.0, 5.0)
#: The gateway's code for it (https://discord.com/developers/docs/topics/opcodes-and-status-codes).
WRONG_TOKEN = 4004
#: How discord.py names the tasks of events, slash commands, buttons and forms.
_HANDLERS = (
    "discord.py: ",
    "CommandTree-invoker",
    "discord-ui-view-dispatch",
    "discord-ui-dynamic-item",
    "discord-ui-modal-dispatch",
)


async def run(settings: Settings) -> None:
    """The bot, until SIGTERM or SIGINT; whatever ends it otherwise is raised as a DealwireError."""
    if not settings.discord_token:
        raise DealwireError("DISCORD_TOKEN is not set; put it into .env (see .env.example), or try `dealwire demo`.")
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url
    embedder = await asyncio.to_thread(find_embedder, settings.embeddings)
    async with open_rooms(settings) as rooms:
        with rooms.services.store.only_bot():
            await _run_in(rooms, settings, embedder)


async def _run_in(rooms: Rooms, settings: Settings, embedder: Callable[[], Embedder | None]) -> None:
    content = await message_content_given(settings)
    if not content:
        log.warning(
            "The message-content intent is off: typed commands such as %sdeal do not work; "
            "mentions and slash commands do. Switch it on in Discord's developer portal, under Bot.",
            settings.command_prefix,
        )
    judge = TrackerJudge(rooms.services.store, rooms.services.clock, embedder)
    services = replace(rooms.services, content_off=not content, reviews=rooms.services.reviews.told_to(judge.settle))
    pace = Pace(settings.requests_per_second)
    async with Dealwire(services, http_trace=pace.trace(), guild_ready_timeout=SERVERS_SECONDS) as client:
        desk_channel = DeskChannel(client, services)
        dispatcher = Dispatcher(
            services.store,
            DiscordPublisher(client, client.audience.at),
            services.clock,
            rooms.bell,
            report=desk_channel.tell_trouble,
        )
        newsroom = await _open_newsroom(rooms, services, judge, desk_channel)
        await _serve(client, settings, dispatcher, newsroom, _watch_token(client, pace.unauthorized))


async def _open_newsroom(
    rooms: Rooms, services: Services, judge: TrackerJudge, desk_channel: DeskChannel
) -> tuple[Poller, Intake]:
    """Whoever asks the feeds, and whoever settles what they bring."""
    fetcher, parser = await services.press.tools()
    store, clock, zone = services.store, services.clock, services.settings.timezone
    poller = Poller(store, fetcher, parser, clock, rooms.feed_bell, on_broken=desk_channel.tell_broken)
    intake = Intake(store, services.desk, judge, clock, zone, leads=Leads(services.press))
    return poller, intake


@contextlib.asynccontextmanager
async def told_as_unavailable() -> AsyncIterator[None]:
    """Turn what discord.py raises at a start into one sentence."""
    try:
        yield
    except discord.LoginFailure as exc:
        if isinstance(exc.__cause__, discord.HTTPException) and not refuses_token(exc.__cause__):
            raise DiscordUnavailable(f"Discord does not answer as it should: {in_short(exc.__cause__)}.") from exc
        raise DiscordUnavailable(REFUSED_TOKEN) from exc
    except discord.ConnectionClosed as exc:
        closed = f"Discord closed the connection for good, with code {exc.code}."
        raise DiscordUnavailable(REFUSED_TOKEN if exc.code == WRONG_TOKEN else closed) from exc
    except discord.PrivilegedIntentsRequired as exc:
        raise DiscordUnavailable("Discord refuses the message-content intent; switch it on in the portal.") from exc
    except (discord.HTTPException, discord.GatewayNotFound) as exc:
        raise DiscordUnavailable(f"Discord does not answer as it should: {in_short(exc).rstrip('.')}.") from exc
    except (aiohttp.ClientError, OSError, TimeoutError) as exc:
        raise DiscordUnavailable(f"Discord cannot be reached at {Route.BASE}: {str(exc) or 'no answer'}.") from exc


async def message_content_given(settings: Settings) -> bool:
    """Whether the application has the message-content intent; DiscordUnavailable when Discord cannot say."""
    async with told_as_unavailable(), discord.Client(intents=intents(message_content=False)) as asking:
        await asking.login(settings.discord_token)
        flags = asking.application_flags
        return flags.gateway_message_content or flags.gateway_message_content_limited


async def _watch_token(client: discord.Client, unauthorized: asyncio.Event) -> None:
    """Raise DiscordUnavailable if Discord keeps refusing the token: its gateway may stay open all the same."""
    while True:
        await unauthorized.wait()
        if await _is_token_refused(client):
            raise DiscordUnavailable(REFUSED_TOKEN)
        unauthorized.clear()


async def _is_token_refused(client: discord.Client) -> bool:
    """Ask Discord several times who the bot is, and return whether it refuses the token each time."""
    for pause in TOKEN_PAUSES:
        await asyncio.sleep(pause)
        try:
            await client.http.request(Route("GET", "/users/@me"))
        except FAULTS as exc:
            if not refuses_token(exc):
                return False
        else:
            return False
    return True


async def _serve(
    client: Dealwire,
    settings: Settings,
    dispatcher: Dispatcher,
    newsroom: tuple[Poller, Intake],
    watching_token: Coroutine[None, None, None],
) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with told_as_unavailable():
        await client.login(settings.discord_token)
        await client.ask_gateway()
    connecting = asyncio.create_task(client.connect(), name="gateway")
    stopping = asyncio.create_task(stop.wait(), name="stop signal")
    # Posts need no gateway: what was missed goes out while the servers are still being told of.
    sending = asyncio.create_task(dispatcher.run(), name="dispatcher")
    incoming: list[asyncio.Task[None]] = []
    preparing = asyncio.create_task(_prepare(client.services.library), name="names")
    watching = asyncio.create_task(client.services.store.watch(), name="database files")
    token = asyncio.create_task(watching_token, name="token")
    try:
        if not await _is_ready(client, connecting, stopping, watching, token):
            return
        log.info("The bot is up: %s, servers: %d.", client.user, len(client.guilds))
        incoming += [asyncio.create_task(part.run(), name=type(part).__name__) for part in newsroom]
        await asyncio.wait(
            {connecting, stopping, sending, watching, token, *incoming}, return_when=asyncio.FIRST_COMPLETED
        )
        for task in (watching, token, connecting, sending, *incoming):
            if task.done():
                async with told_as_unavailable():
                    task.result()
        log.info("Stopping.")
    finally:
        await _end(sending, stopping, preparing, watching, token, *incoming)
        # Before the store closes under them: what people have just asked or clicked.
        handlers = _handlers()
        if handlers:
            await asyncio.wait(handlers, timeout=ANSWERING_SECONDS)
        await _end(*handlers)
        await client.close()
        await _end(connecting, *_handlers())


async def _prepare(library: Library) -> None:
    """Read what every question needs before the first is asked, and keep it out of the garbage collector's rounds.

    Over the names of tens of thousands of companies each of its full rounds would hold up every answer.
    """
    try:
        await library.prepare()
    except DealwireError as exc:
        log.warning("The names of companies are read at the first question: %s", exc)
    gc.collect()
    gc.freeze()


async def _is_ready(
    client: Dealwire, connecting: asyncio.Task[None], stopping: asyncio.Task[bool], *watching: asyncio.Task[None]
) -> bool:
    """Wait until the client is up; False when it is to stop before that. Raise what those that are ``watching`` raise.

    Discord lets shards begin one after the other, so the start may go on for as long as shards come up.
    """
    ready = asyncio.create_task(client.wait_until_ready(), name="ready")
    tasks = {ready, connecting, stopping, *watching}
    try:
        up, done = -1, set[asyncio.Task[Any]]()
        while not done and up < len(client.shards):
            up = len(client.shards)
            done, _ = await asyncio.wait(tasks, timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in watching:
            if task.done():
                task.result()
        if connecting.done():
            async with told_as_unavailable():
                connecting.result()
            raise DiscordUnavailable("Discord closed the connection at the start.")
        if stopping.done():
            return False
        if not ready.done():
            raise DiscordUnavailable(f"Discord's gateway did not answer within {START_SECONDS:.0f} seconds.")
        return True
    finally:
        await _end(ready)


def _handlers() -> set[asyncio.Task[Any]]:
    """The tasks in which discord.py runs what our listeners, commands and buttons do."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_HANDLERS)}


async def _end(*tasks: asyncio.Task[Any] | None) -> None:
    alive = [task for task in tasks if task is not None]
    for task in alive:
        task.cancel()
    await asyncio.gather(*alive, return_exceptions=True)
