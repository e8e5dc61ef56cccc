"""The composition root of what comes in by feeds: somebody who fetches, somebody who reads, and the poller on both."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.newsroom.feeds.addresses import Guard
from bot.newsroom.feeds.fetching import Fetcher
from bot.newsroom.feeds.polling import Poller
from bot.newsroom.feeds.ports import Told
from bot.newsroom.parsing import Parser
from bot.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Feeding:
    """What is open. ``poller.run()`` is to be run for as long as feeds are to be polled, and cancelled before this closes."""

    fetcher: Fetcher
    reader: Parser
    poller: Poller


@contextlib.asynccontextmanager
async def open_feeding(rooms: Rooms, *, on_broken: Told) -> AsyncIterator[Feeding]:
    """Open all that polling takes; ``on_broken`` tells the desk of a feed that is broken or gone, once."""
    services = rooms.services
    guard = Guard(services.settings.feed_allow)
    async with Fetcher(guard, services.clock) as fetcher, Parser(services.clock) as reader:
        poller = Poller(services.store, fetcher, reader, services.clock, rooms.feed_bell, on_broken=on_broken)
        yield Feeding(fetcher, reader, poller)
