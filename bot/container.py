"""Open the store and the services that use it: everything that a command without Discord needs."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import bot
from bot.clock import Clock, utc_now
from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.operator_queue import OperatorQueue
from bot.delivery.retention import Retention
from bot.delivery.subscriptions import Subscriptions
from bot.errors import DealwireError, StoreBusy, StoreMissing
from bot.library.catchup import CatchUpService
from bot.library.library import Library
from bot.newsroom.article_matches import ArticleMatcher
from bot.newsroom.desk import Desk
from bot.newsroom.expected_event_desk import ExpectedEventDesk
from bot.newsroom.failure_queue import FailureQueue
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_subscriptions import FeedSubscriptions
from bot.newsroom.feeds.feed_tools import FeedTools
from bot.newsroom.feeds.followed_feeds import FeedLimits, FollowedFeeds
from bot.newsroom.importer import ProgressCallback, import_paths
from bot.newsroom.pasted_articles import PastedArticles
from bot.newsroom.queue_messages import QueueMessages
from bot.newsroom.reader_report_queue import ReaderReportQueue
from bot.newsroom.review_queue import ReviewQueue
from bot.newsroom.seed_update import SEEDS_ACTOR, compute_seeds_checksum, update_seeds
from bot.newsroom.story_splitter import StorySplitter
from bot.pictures.renderer import open_picture_renderer
from bot.regular_files import FileTooLarge
from bot.services import Services
from bot.settings import Settings
from bot.store import Store, open_store

if TYPE_CHECKING:
    from bot.newsroom.persistent_tracker import PersistentTracker

log = logging.getLogger(__name__)

_MENTION_BATCHES_AT_START = 10


@dataclass(frozen=True, slots=True)
class Container:
    """The services, and the events that wake the dispatcher and the poller of the feeds.

    ``open_judge`` returns the tracker that only reads the store, always the same one.
    """

    services: Services
    dispatcher_wakeup: asyncio.Event
    poller_wakeup: asyncio.Event
    open_judge: Callable[[], PersistentTracker]


@contextlib.asynccontextmanager
async def open_container(
    settings: Settings, *, clock: Clock = utc_now, with_seeds: bool = True, create: bool = True
) -> AsyncIterator[Container]:
    """Open the store and all services that use it. With ``with_seeds``, an empty store gets the starter collection.

    Raises StoreMissing if there is no store and ``create`` is false.
    """
    dispatcher_wakeup, poller_wakeup = asyncio.Event(), asyncio.Event()
    address_guard = AddressGuard(settings.feed_allow, settings.feed_block)
    async with (
        open_store(settings.database_url, create=create, clock=clock) as store,
        FeedTools(address_guard, clock, settings.contact_url) as feed_tools,
        open_picture_renderer() as picture_renderer,
    ):
        desk = Desk(store, clock, on_deliveries=dispatcher_wakeup.set)
        if with_seeds:
            await import_seeds(settings, store, desk)
            await _refresh_stories(desk)
        open_judge = functools.cache(partial(_open_judge, settings, store, clock))
        delivery_settings = DeliverySettingsService(store, clock, on_enqueue=dispatcher_wakeup.set)
        services = Services(
            settings=settings,
            store=store,
            library=Library(store, clock, settings.timezone),
            catchup=CatchUpService(store, clock),
            picture_renderer=picture_renderer,
            desk=desk,
            expected_event_desk=ExpectedEventDesk(desk),
            story_splitter=StorySplitter(store, desk, clock),
            reader_reports=ReaderReportQueue(store, clock),
            review_queue=ReviewQueue(store, desk, clock, settings.timezone),
            pasted_articles=PastedArticles(store, desk, feed_tools, clock, settings.timezone, open_judge),
            article_matcher=ArticleMatcher(store, open_judge),
            queue_messages=QueueMessages(store, clock),
            failed_work=FailureQueue(store, clock),
            feed_subscriptions=FeedSubscriptions(store, clock, address_guard, on_due=poller_wakeup.set),
            feed_tools=feed_tools,
            followed_feeds=FollowedFeeds(
                store,
                clock,
                feed_tools,
                FeedLimits(settings.feeds_per_server, settings.feeds_per_user, settings.feeds_in_all),
                on_due=poller_wakeup.set,
            ),
            subscriptions=Subscriptions(store, clock, on_enqueue=dispatcher_wakeup.set),
            delivery_settings=delivery_settings,
            delivery_monitor=DeliveryMonitor(store),
            retention=Retention(store, delivery_settings, clock),
            operator_queue=OperatorQueue(store, clock, on_enqueue=dispatcher_wakeup.set),
            clock=clock,
            version=bot.__version__,
            started_at=clock(),
        )
        yield Container(services, dispatcher_wakeup, poller_wakeup, open_judge)


def _open_judge(settings: Settings, store: Store, clock: Clock) -> PersistentTracker:
    """Return a tracker that only reads the store. Loading it takes long, so it is imported when it is needed."""
    from bot.newsroom.persistent_tracker import PersistentTracker
    from bot.newsroom.tracker import load_embedder

    return PersistentTracker(store, clock, partial(load_embedder, settings.embeddings), is_read_only=True)


@contextlib.asynccontextmanager
async def open_dry_run_container(settings: Settings) -> AsyncIterator[Container]:
    """Open everything for work that changes nothing. If there is no store, an empty temporary one is used."""
    with tempfile.TemporaryDirectory(prefix="dealwire-") as folder:
        if not await _has_store(settings.database_url):
            settings = replace(settings, database_url=f"sqlite:///{folder}/empty.db")
        async with open_container(settings, with_seeds=False) as container:
            yield container


async def _has_store(url: str) -> bool:
    try:
        async with open_store(url, create=False):
            return True
    except StoreMissing:
        return False


async def _refresh_stories(desk: Desk) -> None:
    """Derive what an upgraded store lacks; of a large one, the running bot derives the other mentions."""
    with contextlib.suppress(StoreBusy):
        await desk.refresh_early_stories()
        for _ in range(_MENTION_BATCHES_AT_START):
            if not await desk.index_mentions():
                return


async def import_seeds(settings: Settings, store: Store, desk: Desk, progress: ProgressCallback | None = None) -> None:
    """Import the story files of ``SEEDS`` into an empty store. An import that was interrupted is completed.

    What a store got from an earlier version of these files follows them, unless somebody has edited it.
    """
    if settings.seeds is None:
        return
    async with store.read() as tx:
        is_complete = await tx.stories.count() and not await tx.metadata.is_seeding()
        stored_checksum = await tx.metadata.get_seeds_checksum()
    if is_complete:
        await _update_from_seeds(settings.seeds, store, desk, stored_checksum)
        return
    async with store.write() as tx:
        await tx.metadata.set_seeding(in_progress=True)
    report = await import_paths(store, desk, [settings.seeds], actor=SEEDS_ACTOR, progress=progress)
    checksum = compute_seeds_checksum(settings.seeds)
    async with store.write() as tx:
        await tx.metadata.set_seeding(in_progress=False)
        await tx.metadata.set_seeds_checksum(checksum)
    log.info("Imported %d stories from %s into the empty database.", report.stories_added, settings.seeds)


async def _update_from_seeds(folder: Path, store: Store, desk: Desk, stored_checksum: int | None) -> None:
    """Update what came from the starter collection, if its files have changed. If they cannot be read, the bot starts without."""
    try:
        checksum = compute_seeds_checksum(folder)
        if checksum == stored_checksum:
            return
        count = await update_seeds(store, desk, folder)
        async with store.write() as tx:
            await tx.metadata.set_seeds_checksum(checksum)
    except (DealwireError, OSError, FileTooLarge) as exc:
        log.warning("What came from %s is not updated: %s", folder, exc)
        return
    if count:
        log.info("%d stories and companies that came from %s were updated.", count, folder)
