"""The rooms of the house: the store, and the services above it. All that a command without Discord needs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import bot
from bot.clock import Clock, utc_now
from bot.delivery.aside import AsidePosts
from bot.delivery.following import Following
from bot.errors import StoreMissing
from bot.library.library import Library
from bot.library.reading import Reading
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.addresses import Guard
from bot.newsroom.feeds.press import Press
from bot.newsroom.feeds.subscriptions import Subscriptions
from bot.newsroom.importing import Progress, import_paths
from bot.newsroom.notes import Notes
from bot.newsroom.review import Reviews
from bot.newsroom.set_aside import FailedWork
from bot.pictures.studio import open_studio
from bot.services import Services
from bot.settings import Settings
from bot.store import Store, open_store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The services, and the bells that wake the dispatcher and the poller of feeds."""

    services: Services
    bell: asyncio.Event
    feed_bell: asyncio.Event


@contextlib.asynccontextmanager
async def open_rooms(
    settings: Settings, *, clock: Clock = utc_now, seeds: bool = True, create: bool = True
) -> AsyncIterator[Rooms]:
    """Open the store and everything above it; with ``seeds`` an empty store gets the starter collection.

    Without ``create``, StoreMissing is raised if there is no store.
    """
    bell, feed_bell = asyncio.Event(), asyncio.Event()
    guard = Guard(settings.feed_allow)
    async with (
        open_store(settings.database_url, create=create) as store,
        Press(guard, clock) as press,
        open_studio() as studio,
    ):
        desk = Desk(store, clock, on_owed=bell.set)
        if seeds:
            await plant_seeds(settings, store, desk)
        services = Services(
            settings=settings,
            store=store,
            library=Library(store, clock, settings.timezone),
            reading=Reading(store, clock),
            studio=studio,
            desk=desk,
            notes=Notes(store, clock),
            reviews=Reviews(store, desk, clock, settings.timezone),
            failed_work=FailedWork(store, clock),
            subscriptions=Subscriptions(store, clock, guard, on_due=feed_bell.set),
            press=press,
            following=Following(store, clock, on_owed=bell.set),
            aside_posts=AsidePosts(store, clock, on_owed=bell.set),
            clock=clock,
            version=bot.__version__,
            started=clock(),
        )
        yield Rooms(services, bell, feed_bell)


@contextlib.asynccontextmanager
async def open_rooms_for_trial(settings: Settings) -> AsyncIterator[Rooms]:
    """Open the store and everything above it for work that changes nothing; if there is none, an empty one for the time."""
    with tempfile.TemporaryDirectory(prefix="dealwire-") as folder:
        if not await _has_store(settings.database_url):
            settings = replace(settings, database_url=f"sqlite:///{folder}/empty.db")
        async with open_rooms(settings, seeds=False) as rooms:
            yield rooms


async def _has_store(url: str) -> bool:
    try:
        async with open_store(url, create=False):
            return True
    except StoreMissing:
        return False


async def plant_seeds(settings: Settings, store: Store, desk: Desk, progress: Progress | None = None) -> None:
    """Give an empty store the story files of ``SEEDS``; a start that was cut off in the middle of it is completed."""
    if settings.seeds is None:
        return
    async with store.read() as session:
        if await session.stories.count() and not await session.bookkeeping.is_planting():
            return
    async with store.write() as session:
        await session.bookkeeping.set_planting(under_way=True)
    report = await import_paths(store, desk, [settings.seeds], actor="seeds", progress=progress)
    async with store.write() as session:
        await session.bookkeeping.set_planting(under_way=False)
    log.info("The empty store was given %d stories from %s.", report.stories_added, settings.seeds)
