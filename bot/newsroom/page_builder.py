"""Builds the pages that stories lack: all those of an upgraded or a restored store, a few at a time while the bot runs."""

from __future__ import annotations

import asyncio
import logging

from bot.loops import ErrorLog, run_forever
from bot.store import Store

log = logging.getLogger(__name__)

#: Made in a thread, which takes a twentieth of a second; nobody else can write while they are written, a few milliseconds.
_BATCH_SIZE = 20
#: Seconds between two batches, in which others can write and the processor has time for answers.
_PAUSE = 0.2
#: Seconds before stories without pages are looked for again. Every write of a story writes its page, so there are hardly any.
_INTERVAL = 3_600.0


class StoryPageBuilder:
    """Builds pages, those of the newest stories first."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before_id: int | None = None

    async def run(self) -> None:
        """Work for ever."""
        await run_forever(self._step, ErrorLog(log, "Building the pages of stories"))

    async def _step(self) -> None:
        await asyncio.sleep(_PAUSE if await self.build_batch() else _INTERVAL)

    async def build_batch(self, size: int = _BATCH_SIZE) -> int:
        """Build the pages of the next stories without one; return how many they were. After the last it begins again.

        If a story has changed meanwhile, the same stories are the next ones.
        """
        before_id = self._before_id
        pages = await self._store.read_in_thread(lambda tx: tx.story_pages.compose_missing(before_id, size))
        if not pages.rows:
            self._before_id = None
            return 0
        async with self._store.write() as tx:
            is_written = await tx.story_pages.write(pages)
        if is_written:
            self._before_id = pages.rows[-1]["story_id"]
        return len(pages.rows)
