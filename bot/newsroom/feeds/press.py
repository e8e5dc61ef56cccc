"""Whoever fetches, and whoever reads what was fetched: opened when first asked for, since most commands ask for neither."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType
from typing import TYPE_CHECKING, Self

from bot.clock import Clock
from bot.newsroom.feeds.addresses import Guard
from bot.newsroom.feeds.checking import Checked, check_feed
from bot.newsroom.feeds.finding import find_feed
from bot.store import Store

if TYPE_CHECKING:
    # To load these takes longer than all else of a command's start.
    from bot.newsroom.feeds.fetching import Fetcher
    from bot.newsroom.parsing import Parser


class Press:
    """The one fetcher and the one parser of a process: hosts are asked one at a time, whoever asks. Open with ``async with``."""

    def __init__(self, guard: Guard, clock: Clock) -> None:
        self.guard = guard
        self._clock = clock
        self._opening = asyncio.Lock()
        self._stack = contextlib.AsyncExitStack()
        self._open: tuple[Fetcher, Parser] | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open = None
        await self._stack.aclose()

    async def tools(self) -> tuple[Fetcher, Parser]:
        """Both, open."""
        async with self._opening:
            if self._open is None:
                from bot.newsroom.feeds.fetching import Fetcher
                from bot.newsroom.parsing import Parser

                fetcher = await self._stack.enter_async_context(Fetcher(self.guard, self._clock))
                parser = await self._stack.enter_async_context(Parser(self._clock))
                self._open = (fetcher, parser)
            return self._open

    async def check(self, store: Store, address: str) -> Checked:
        """What would come in by the feed at an address, or by the one that the page there names. Nothing is stored.

        Raises FetchError, or ParsingError, when there is no feed.
        """
        fetcher, parser = await self.tools()
        found = await find_feed(fetcher, parser, address)
        return await check_feed(store, str(found.fetched.kept_url), found.read)
