"""How one stage follows another.

News is messy: a signed deal goes back to talks, a terminated one is taken up again. No change is
forbidden, each is named, so that a reader sees at once what kind of news it is.
"""

from __future__ import annotations

from enum import StrEnum

from bot.model.story import Development, Story
from bot.model.vocabulary import STAGE_ORDER, Claim, Stage


def get_stage_change(story: Story, development: Development) -> tuple[StageChange, Stage | None]:
    """What the development did to the deal's stage, and the stage before it; only standing ones count."""
    if not story.kind.is_deal or development.claim is Claim.DENIED or not development.is_valid:
        return StageChange.UNCHANGED, None
    stage_before = story.get_stage_before(development)
    return classify_stage_change(stage_before, development.stage), stage_before


class StageChange(StrEnum):
    """What a development did to its deal's stage."""

    OPENED = "opened"
    ADVANCED = "advanced"
    STEPPED_BACK = "stepped back"
    COMPLETED = "completed"
    BROKE_OFF = "broke off"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"


def classify_stage_change(before: Stage | None, after: Stage | None) -> StageChange:
    """Name the step from one stage to the next; no stage after means that nothing was said of it."""
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
