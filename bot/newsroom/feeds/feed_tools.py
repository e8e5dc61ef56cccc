"""The fetcher and the parser, opened when they are first needed: most commands need neither, and they load slowly."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bot.clock import Clock
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_lookup import find_feed
from bot.newsroom.feeds.preview import FeedPreview, preview_feed
from bot.store import Store

if TYPE_CHECKING:
    # Loading these takes longer than everything else at a command's start.
    from bot.newsroom.feeds.fetcher import Fetcher
    from bot.newsroom.parsing import Parser


class FeedTools:
    """The one fetcher and the one parser of a process, so that each host gets one request at a time. Open it with
    ``async with``. Publishers see ``contact_url`` in the user agent.
    """

    def __init__(self, guard: AddressGuard, clock: Clock, contact_url: str = "") -> None:
        self.guard = guard
        self._contact_url = contact_url
        self._clock = clock
        self._lock = asyncio.Lock()
        self._stack = contextlib.AsyncExitStack()
        self._tools: tuple[Fetcher, Parser] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._tools = None
        await self._stack.aclose()

    async def open_tools(self) -> tuple[Fetcher, Parser]:
        """Return the fetcher and the parser, open."""
        async with self._lock:
            if self._tools is None:
                from bot.newsroom.feeds.fetcher import Fetcher
                from bot.newsroom.parsing import Parser

                fetcher = await self._stack.enter_async_context(
                    Fetcher(self.guard, self._clock, contact_url=self._contact_url)
                )
                parser = await self._stack.enter_async_context(Parser(self._clock))
                self._tools = (fetcher, parser)
            return self._tools

    async def preview(self, store: Store, address: str) -> FeedPreview:
        """Return what the feed at an address, or the one that the page there names, would bring. Nothing is stored.

        Raise FetchError, or ParsingError, if there is no feed.
        """
        fetcher, parser = await self.open_tools()
        lookup = await find_feed(fetcher, parser, address)
        return await preview_feed(store, str(lookup.response.permanent_url), lookup.content)
