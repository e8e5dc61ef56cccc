"""Run the bot: connect the services to Discord, start the background tasks, and stop them in order."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import discord
from discord.http import Route

from bot.container import Container, open_container
from bot.delivery.dispatcher import Dispatcher
from bot.errors import DealwireError, DiscordUnavailable
from bot.extras import EMBEDDINGS, PAGES, PICTURES
from bot.library.library import Library
from bot.newsroom.feed_news import FeedNews
from bot.newsroom.feeds.poller import Poller
from bot.newsroom.intake import Intake, LeadFetcher
from bot.newsroom.mentions import MentionQueue
from bot.newsroom.page_builder import StoryPageBuilder
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.newsroom.tracker import Embedder, find_embedder_loader
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.desk_channel import DeskChannel
from bot.platforms.discord.error_mapping import REQUEST_ERRORS, is_token_refused
from bot.platforms.discord.gateway_monitor import GatewayMonitor
from bot.platforms.discord.publisher import DiscordPublisher
from bot.platforms.discord.rate_limiter import RateLimiter
from bot.platforms.discord.startup_errors import TOKEN_REFUSED_MESSAGE, open_probe, translate_startup_errors
from bot.platforms.discord.unqueued_messages import FeedNotifier
from bot.services import Services
from bot.settings import Settings
from bot.sharing import lead_when_leader, share_limit
from bot.store import Membership
from bot.store.engines.finding import find_engine
from bot.web.health import LEADERS_LOOPS, Health, LoopName
from bot.web.monitoring import Monitoring, open_monitoring

log = logging.getLogger(__name__)

#: How long a start waits for the gateway, and then for each further shard, before it gives up, in seconds.
START_TIMEOUT = 60.0
#: How long a start waits for the next server to arrive, in seconds. discord.py's default of 2 s would delay posts at every
#: start, and nothing here needs a server's channels before it begins.
GUILD_READY_TIMEOUT = 0.5
#: How long a stop waits for commands and buttons that are still being handled, in seconds.
HANDLER_SHUTDOWN_TIMEOUT = 3.0
#: The waits before each check whether Discord refuses the token for good, in seconds.
TOKEN_CHECK_DELAYS = (0.0, 2.0, 5.0)
#: How discord.py names the tasks of events, slash commands, buttons and forms.
_HANDLER_TASK_PREFIXES = (
    "discord.py: ",
    "CommandTree-invoker",
    "discord-ui-view-dispatch",
    "discord-ui-dynamic-item",
    "discord-ui-modal-dispatch",
)


async def run(settings: Settings) -> None:
    """Run the bot until SIGTERM or SIGINT. Raises DealwireError if anything else ends it."""
    if not settings.discord_token:
        raise DealwireError("DISCORD_TOKEN is not set; put it into .env (see .env.example), or try `dealwire demo`.")
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url
    load_embedder = await asyncio.to_thread(find_embedder_loader, settings.embeddings)
    _log_missing_extras(settings)
    async with open_container(settings) as container:
        services = container.services
        _warn_about_network_mount(settings.database_url)
        async with (
            services.store.join(settings.shard_ids, container.dispatcher_wakeup.set) as membership,
            open_monitoring(
                services.store, services.clock, services.version, host=settings.http_host, port=settings.http_port
            ) as monitoring,
        ):
            await _run_bot(container, settings, load_embedder, monitoring, membership)


def _log_missing_extras(settings: Settings) -> None:
    for extra in (PICTURES, PAGES, *([] if settings.embeddings else [EMBEDDINGS])):
        if not extra.is_installed():
            log.info("%s", extra.missing_sentence)


def _warn_about_network_mount(database_url: str) -> None:
    """Log a warning if the database may be damaged where it is. The bot runs: whoever accepts that risk must not lose the bot."""
    warning = find_engine(database_url).find_place_fault()
    if warning:
        log.warning("%s", warning)


async def _run_bot(
    container: Container,
    settings: Settings,
    load_embedder: Callable[[], Embedder | None],
    monitoring: Monitoring,
    membership: Membership,
) -> None:
    has_message_content = await has_message_content_intent(settings)
    if not has_message_content:
        log.warning(
            "The message-content intent is off: typed commands such as %sdeal do not work; "
            "mentions and slash commands do. Turn it on in Discord's developer portal, under Bot.",
            settings.command_prefix,
        )
    tracker = PersistentTracker(container.services.store, container.services.clock, load_embedder)
    services = replace(
        container.services,
        is_message_content_off=not has_message_content,
        review_queue=container.services.review_queue.with_listener(tracker.assign),
        pasted_articles=container.services.pasted_articles.with_judge(tracker),
        recorder=monitoring.recorder,
    )
    health = monitoring.health
    rate_limiter = RateLimiter(settings.requests_per_second, services.recorder)
    async with Dealwire(
        services,
        http_trace=rate_limiter.build_trace_config(),
        guild_ready_timeout=GUILD_READY_TIMEOUT,
        membership=membership,
    ) as client:
        if settings.http_port is not None:
            GatewayMonitor(health.shards, services.recorder).attach(client)
        desk_channel = DeskChannel(client, services)
        dispatcher = Dispatcher(
            services.store,
            DiscordPublisher(client, client.language_resolver.for_destination),
            services.clock,
            container.dispatcher_wakeup,
            report=desk_channel.report_incident,
            recorder=services.recorder,
            heartbeat=health.get_heartbeat(LoopName.DISPATCHER),
            membership=membership,
        )
        newsroom = await _build_newsroom(container, services, tracker, desk_channel, FeedNotifier(client), health)
        await _serve(client, dispatcher, newsroom, membership, rate_limiter, health)


async def _build_newsroom(
    container: Container,
    services: Services,
    tracker: PersistentTracker,
    desk_channel: DeskChannel,
    feed_notifier: FeedNotifier,
    health: Health,
) -> tuple[Poller, Intake, FeedNews, MentionQueue, StoryPageBuilder]:
    """Return the poller of the feeds, what processes their articles for the desk and for others, and what derives the rest."""
    fetcher, parser = await services.feed_tools.open_tools()
    store, clock, zone = services.store, services.clock, services.settings.timezone
    poller = Poller(
        store,
        fetcher,
        parser,
        clock,
        container.poller_wakeup,
        on_broken=desk_channel.report_broken_feed,
        on_given_up=feed_notifier.report_given_up,
        heartbeat=health.get_heartbeat(LoopName.POLLER),
    )
    intake = Intake(
        store,
        services.desk,
        tracker,
        clock,
        zone,
        lead_fetcher=LeadFetcher(services.feed_tools) if PAGES.is_installed() else None,
        recorder=services.recorder,
        heartbeat=health.get_heartbeat(LoopName.INTAKE),
    )
    feed_news = FeedNews(
        store,
        tracker,
        clock,
        on_deliveries=container.dispatcher_wakeup.set,
        heartbeat=health.get_heartbeat(LoopName.FEED_NEWS),
    )
    mention_queue = MentionQueue(services.desk.index_mentions, health.get_heartbeat(LoopName.MENTIONS))
    return poller, intake, feed_news, mention_queue, StoryPageBuilder(store)


async def has_message_content_intent(settings: Settings) -> bool:
    """Return whether the application has the message-content intent. Raises DiscordUnavailable if Discord does not say."""
    async with open_probe(settings) as probe:
        flags = probe.application_flags
        return flags.gateway_message_content or flags.gateway_message_content_limited


async def _watch_token(client: discord.Client, unauthorized_event: asyncio.Event) -> None:
    """Raise DiscordUnavailable if Discord keeps refusing the token: its gateway may stay connected all the same."""
    while True:
        await unauthorized_event.wait()
        if await _is_token_refused(client):
            raise DiscordUnavailable(TOKEN_REFUSED_MESSAGE)
        unauthorized_event.clear()


async def _is_token_refused(client: discord.Client) -> bool:
    """Ask Discord several times who the bot is, and return whether it refuses the token each time."""
    for delay in TOKEN_CHECK_DELAYS:
        await asyncio.sleep(delay)
        try:
            await client.http.request(Route("GET", "/users/@me"))
        except REQUEST_ERRORS as exc:
            if not is_token_refused(exc):
                return False
        else:
            return False
    return True


async def _serve(
    client: Dealwire,
    dispatcher: Dispatcher,
    newsroom: tuple[Poller, Intake, FeedNews, MentionQueue, StoryPageBuilder],
    membership: Membership,
    rate_limiter: RateLimiter,
    health: Health,
) -> None:
    settings, stop_event = client.services.settings, asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop_event.set)
    async with translate_startup_errors():
        await client.login(settings.discord_token)
        await client.fetch_gateway()
    gateway_task = asyncio.create_task(client.connect(), name="gateway")
    stop_task = asyncio.create_task(stop_event.wait(), name="stop signal")
    # Posts need no gateway: those that are due are sent while the servers still arrive.
    dispatcher_task = asyncio.create_task(dispatcher.run(), name="dispatcher")
    sharing_task = asyncio.create_task(
        share_limit(membership, rate_limiter.set_rate, settings.requests_per_second), name="share of the limit"
    )
    leadership_tasks: list[asyncio.Task[NoReturn]] = []
    warm_up_task = asyncio.create_task(_warm_up(client.services.library), name="names")
    store_watch = client.services.store.watch(health.get_heartbeat(LoopName.DATABASE_FILES))
    store_watch_task = asyncio.create_task(store_watch, name="database files")
    token_task = asyncio.create_task(_watch_token(client, rate_limiter.unauthorized_event), name="token")
    try:
        if not await _wait_until_ready(client, gateway_task, stop_task, store_watch_task, token_task):
            return
        shards = "" if client.is_alone else f" on shards {client.describe_own_shards()}"
        log.info("The bot is up: %s, servers: %d%s.", client.user, len(client.guilds), shards)
        leadership = lead_when_leader(membership, newsroom, [health.get_heartbeat(name) for name in LEADERS_LOOPS])
        leadership_tasks.append(asyncio.create_task(leadership, name="leadership"))
        health.mark_ready()
        await asyncio.wait(
            {gateway_task, stop_task, dispatcher_task, store_watch_task, token_task, *leadership_tasks},
            return_when=asyncio.FIRST_COMPLETED,
        )
        for task in (store_watch_task, token_task, gateway_task, dispatcher_task, *leadership_tasks):
            if task.done():
                async with translate_startup_errors():
                    task.result()
        log.info("Stopping.")
    finally:
        background_tasks = (dispatcher_task, stop_task, warm_up_task, store_watch_task, token_task, sharing_task)
        await _cancel_all(*background_tasks, *leadership_tasks)
        # Let running commands and buttons finish before the store closes.
        handlers = _find_handler_tasks()
        if handlers:
            await asyncio.wait(handlers, timeout=HANDLER_SHUTDOWN_TIMEOUT)
        await _cancel_all(*handlers)
        await client.close()
        await _cancel_all(gateway_task, *_find_handler_tasks())


async def _warm_up(library: Library) -> None:
    """Read what every question needs before the first one, and exclude it from garbage collection.

    A full collection over the names of tens of thousands of companies would delay every answer
    (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    try:
        await library.prepare()
    except DealwireError as exc:
        log.warning("The names of companies could not be loaded yet; the first question loads them: %s", exc)
    gc.collect()
    gc.freeze()


async def _wait_until_ready(
    client: Dealwire, gateway_task: asyncio.Task[None], stop_task: asyncio.Task[bool], *watch_tasks: asyncio.Task[None]
) -> bool:
    """Wait until the client is ready; return False if it is to stop before that. Raise what one of ``watch_tasks`` raises.

    Discord lets shards start one after the other, so this may take as long as new shards become ready, or wait for those of other
    processes.
    """
    ready_task = asyncio.create_task(client.wait_until_ready(), name="ready")
    tasks = {ready_task, gateway_task, stop_task, *watch_tasks}
    try:
        shard_count, completed_tasks = -1, set[asyncio.Task[Any]]()
        while not completed_tasks and (shard_count < len(client.shards) or client.is_waiting_to_identify):
            if shard_count == len(client.shards):
                log.info("A shard is still waiting for its turn: those of other processes start before it.")
            shard_count = len(client.shards)
            completed_tasks, _ = await asyncio.wait(tasks, timeout=START_TIMEOUT, return_when=asyncio.FIRST_COMPLETED)
        for task in watch_tasks:
            if task.done():
                task.result()
        if gateway_task.done():
            async with translate_startup_errors():
                gateway_task.result()
            raise DiscordUnavailable("Discord closed the connection at the start.")
        if stop_task.done():
            return False
        if not ready_task.done():
            raise DiscordUnavailable(f"Discord's gateway did not answer within {START_TIMEOUT:.0f} seconds.")
        return True
    finally:
        await _cancel_all(ready_task)


def _find_handler_tasks() -> set[asyncio.Task[Any]]:
    """Return the tasks in which discord.py runs our listeners, commands and buttons."""
    return {task for task in asyncio.all_tasks() if task.get_name().startswith(_HANDLER_TASK_PREFIXES)}


async def _cancel_all(*tasks: asyncio.Task[Any] | None) -> None:
    live_tasks = [task for task in tasks if task is not None]
    for task in live_tasks:
        task.cancel()
    await asyncio.gather(*live_tasks, return_exceptions=True)
