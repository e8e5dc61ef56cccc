"""The rooms of the house: the store, and the services above it. All that a command without Discord needs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass

import bot
from bot.clock import Clock, utc_now
from bot.delivery.following import Following
from bot.library.library import Library
from bot.newsroom.desk import Desk
from bot.newsroom.importing import Progress, import_paths
from bot.newsroom.notes import Notes
from bot.services import Services
from bot.settings import Settings
from bot.store import Store, open_store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Rooms:
    """The services, and the bell that wakes the dispatcher."""

    services: Services
    bell: asyncio.Event


@contextlib.asynccontextmanager
async def open_rooms(settings: Settings, *, clock: Clock = utc_now, seeds: bool = True) -> AsyncIterator[Rooms]:
    """Open the store and everything above it; with ``seeds`` an empty store gets the starter collection."""
    bell = asyncio.Event()
    async with open_store(settings.database_url) as store:
        desk = Desk(store, clock, on_owed=bell.set)
        if seeds:
            await plant_seeds(settings, store, desk)
        services = Services(
            settings=settings,
            store=store,
            library=Library(store, clock, settings.timezone),
            desk=desk,
            notes=Notes(store, clock),
            following=Following(store, clock, on_owed=bell.set),
            clock=clock,
            version=bot.__version__,
            started=clock(),
        )
        yield Rooms(services, bell)


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
