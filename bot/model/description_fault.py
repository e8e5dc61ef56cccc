"""A story whose headline or summary is about a stage that the deal has left."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from bot.model.story import StoryListItem
from bot.model.vocabulary import Stage


class DescriptionPart(Enum):
    """What is outdated. BOTH were written before the deal changed its stage; the others state another stage in words."""

    BOTH = auto()
    HEADLINE = auto()
    SUMMARY = auto()


@dataclass(frozen=True, slots=True)
class DescriptionFault:
    """An outdated headline or summary, with the stage that it is about."""

    story: StoryListItem
    part: DescriptionPart
    stated_stage: Stage
