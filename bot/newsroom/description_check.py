"""Which stories have a headline or a summary that is about a stage that the deal has left. It never guesses.

Only phrases that state a stage count (:mod:`bot.newsroom.claim_extraction`): a text with none states none.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import NamedTuple

from bot.model.stages import DescriptionFault, DescriptionPart
from bot.model.vocabulary import ENDED_STAGES, STAGE_ORDER, Stage
from bot.newsroom.claim_extraction import extract_stated_stages
from bot.store import Store, StoredDescription

#: How many deals, the newest, the desk's own list goes through. ``dealwire check`` goes through all.
CHECKED_STORIES = 2_000
#: Stages that one phrase can mean: *agrees to buy* is often a binding agreement, and whoever weighs an offer may be talking.
_SAME = (frozenset({Stage.AGREED, Stage.SIGNED}), frozenset({Stage.RUMOURED, Stage.TALKS}))


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


def find_contradicted_stage(text: str, stage: Stage | None) -> Stage | None:
    """Return the stage that a text states although the deal is not in it any more; None if the text does not contradict the stage.

    A text that states the present stage too tells how the deal came to it.
    """
    if stage is None:
        return None
    stated_stages = list(dict.fromkeys(extract_stated_stages(text)))
    if any(_are_compatible(stated, stage) for stated in stated_stages):
        return None
    return next((stated for stated in stated_stages if _has_left(stated, stage)), None)


def _are_compatible(stated: Stage, stage: Stage) -> bool:
    is_signed = stated in (Stage.AGREED, Stage.SIGNED) and stage is Stage.REVIEW
    return stated is stage or is_signed or any({stated, stage} <= same for same in _SAME)


def _has_left(stated: Stage, stage: Stage) -> bool:
    """Return whether a deal in this stage has left the stated one. An ended deal that is open again has left its end."""
    if stated in ENDED_STAGES or stage in ENDED_STAGES:
        return True
    return STAGE_ORDER.index(stated) < STAGE_ORDER.index(stage)
