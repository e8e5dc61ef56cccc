"""Stores to ask questions of: the starter collection, the larger one with it inside, and two other industries' stories."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot.container import open_container
from bot.model.company import Company
from bot.model.story import Story
from bot.newsroom.desk import Desk
from bot.settings import load_settings
from bot.store import Transaction, open_store
from tests.finding.collection import generated, invented_companies, invented_stories

SEEDS = Path(__file__).parents[2] / "seeds"
AIRLINES = Path(__file__).with_name("airlines")
SEMICONDUCTORS = Path(__file__).with_name("semiconductors")
#: The files that each collection begins with.
_COLLECTIONS = {"seeds": SEEDS, "large": SEEDS, "airlines": AIRLINES, "semiconductors": SEMICONDUCTORS}
NOW = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)
#: When the questions over the semiconductor stories are asked, of which the newest are younger.
LATER = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def get_now(collection: str) -> datetime:
    """Return when the questions over a collection are asked."""
    return LATER if collection == "semiconductors" else NOW


def plant(create_url: Callable[[str], str]) -> dict[str, str]:
    """Fill a database for each collection that the questions are over; return their URLs by its name.

    ``create_url`` returns the URL of an empty database, or of one that does not exist yet.
    """
    return asyncio.run(_plant({name: create_url(name) for name in _COLLECTIONS}))


def plant_files(folder: Path) -> dict[str, str]:
    """Plant the collections in SQLite files."""
    return plant(lambda name: f"sqlite:///{folder / name}.db")


async def _plant(urls: dict[str, str]) -> dict[str, str]:
    for name, files in _COLLECTIONS.items():
        settings = load_settings({"DATABASE_URL": urls[name], "SEEDS": str(files)})
        async with open_container(settings, clock=partial(get_now, name)):
            pass
    companies, stories = generated()
    async with open_store(urls["large"]) as store:
        async with store.write() as tx:
            await put(tx, (*invented_companies(), *companies), (*invented_stories(), *stories))
            slugs = await tx.stories.list_slugs()
            await tx.mentions.queue_stories(list((await tx.stories.get_ids(slugs)).values()))
            await tx.metadata.advance_revision()
        await Desk(store, lambda: NOW).index_mentions(limit=len(slugs))
    return urls


async def put(tx: Transaction, companies: Iterable[Company], stories: Iterable[Story]) -> None:
    """Write these into a store as they stand: no audit, nothing owed."""
    for company in companies:
        await tx.companies.save(company)
    for story in stories:
        await tx.stories.save(None, story, NOW)
