"""Build the pages that a store lacks before it is measured, as the running bot does over the hours after an upgrade."""

from __future__ import annotations

import time
from pathlib import Path

from bot.newsroom.page_builder import StoryPageBuilder
from bot.store import open_store

_BATCH_SIZE = 500


async def build_pages(file: Path) -> None:
    """Upgrade a store and build the pages of its stories. One that has all its pages is opened and closed."""
    began, count = time.process_time(), 0
    async with open_store(f"sqlite:///{file}") as store:
        builder = StoryPageBuilder(store)
        while built := await builder.build_batch(_BATCH_SIZE):
            count += built
    if count:
        print(
            f"{file.name}: {count:,} pages built in {time.process_time() - began:.0f} s of processor time", flush=True
        )
