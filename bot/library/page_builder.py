"""Builds the pages that stories lack: all those of an upgraded or a restored store, a few at a time while the bot runs."""

from __future__ import annotations

import asyncio
import logging

from bot.loops import ErrorLog, run_forever
from bot.store import Store

log = logging.getLogger(__name__)

#: Nobody else can write while a batch is built, which takes a tenth of a second.
_BATCH_SIZE = 20
#: Seconds between two batches, in which others can write.
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
        """Build the pages of the next stories without one; return how many they were. After the last it begins again."""
        before_id = self._before_id
        story_ids = await self._store.read_in_thread(lambda tx: tx.story_pages.list_missing(before_id, size))
        self._before_id = story_ids[-1] if story_ids else None
        if story_ids:
            async with self._store.write() as tx:
                await tx.story_pages.build(story_ids)
        return len(story_ids)
