"""How a development changes the stage of its deal, and which descriptions that leaves outdated.

News is messy: a signed deal goes back to talks, a terminated one is resumed. No change is forbidden; each has a name, so
that a reader sees at once what happened.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from bot.model.story import Development, Story, StoryListItem
from bot.model.vocabulary import STAGE_ORDER, Claim, Stage


def get_stage_change(story: Story, development: Development) -> tuple[StageChange, Stage | None]:
    """Return how a development changes the stage of its deal, and the stage before it.

    Retracted developments and denials change nothing.
    """
    if not story.kind.is_deal or development.claim is Claim.DENIED or not development.is_valid:
        return StageChange.UNCHANGED, None
    stage_before = story.get_stage_before(development)
    return classify_stage_change(stage_before, development.stage), stage_before


class StageChange(StrEnum):
    """How a development changes the stage of its deal."""

    OPENED = "started"
    ADVANCED = "advanced"
    STEPPED_BACK = "moved back"
    COMPLETED = "completed"
    BROKE_OFF = "broken off"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"


def classify_stage_change(before: Stage | None, after: Stage | None) -> StageChange:
    """Return the name of the step from one stage to the next; ``after`` is None if a development states no stage."""
    if after is None or after is before:
        return StageChange.UNCHANGED
    if after is Stage.COMPLETED:
        return StageChange.COMPLETED
    if not after.is_open:
        return StageChange.BROKE_OFF
    if before is None:
        return StageChange.OPENED
    if not before.is_open:
        return StageChange.REOPENED
    return StageChange.ADVANCED if STAGE_ORDER.index(after) > STAGE_ORDER.index(before) else StageChange.STEPPED_BACK


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
