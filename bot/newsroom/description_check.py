"""Which stories have a headline or a summary that is about a stage that the deal has left."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from bot.model.stages import DescriptionFault, DescriptionPart
from bot.model.vocabulary import Stage
from bot.newsroom.stage_statements import find_contradicted_stage
from bot.store import Store, StoredDescription

#: How many deals, the newest, the desk's own list goes through. ``dealwire check`` goes through all.
CHECKED_STORIES = 2_000


class _Finding(NamedTuple):
    slug: str
    part: DescriptionPart
    stage: Stage


async def find_description_faults(store: Store, limit: int | None = None) -> tuple[DescriptionFault, ...]:
    """Return the deals whose headline or summary is about another stage, newest first; of the ``limit`` newest deals if given.

    These are the deals that have changed their stage since both were written, and those in which one of them states another
    stage in words.
    """
    async with store.read() as tx:
        descriptions = await tx.stories.list_descriptions(limit)
    findings = await asyncio.to_thread(_check_all, descriptions)
    async with store.read() as tx:
        items = {item.slug: item for item in await tx.listing.get_items([finding.slug for finding in findings])}
    return tuple(
        DescriptionFault(items[finding.slug], finding.part, finding.stage)
        for finding in findings
        if finding.slug in items
    )


def _check_all(descriptions: Iterable[StoredDescription]) -> list[_Finding]:
    return [finding for finding in map(_check, descriptions) if finding is not None]


def _check(stored: StoredDescription) -> _Finding | None:
    if stored.described_stage is not None and stored.described_stage is not stored.stage:
        return _Finding(stored.slug, DescriptionPart.BOTH, stored.described_stage)
    for part, text in ((DescriptionPart.HEADLINE, stored.headline), (DescriptionPart.SUMMARY, stored.summary)):
        stage = find_contradicted_stage(text, stored.stage)
        if stage is not None:
            return _Finding(stored.slug, part, stage)
    return None
