"""How one stage follows another.

News is messy: a signed deal goes back to talks, a terminated one is taken up again. No change is
forbidden, each is named, so that a reader sees at once what kind of news it is.
"""

from __future__ import annotations

from enum import StrEnum

from bot.model.vocabulary import TRACK, Stage


class StageMove(StrEnum):
    """What a development did to its deal's stage."""

    OPENED = "opened"
    ADVANCED = "advanced"
    STEPPED_BACK = "stepped back"
    COMPLETED = "completed"
    BROKE_OFF = "broke off"
    REOPENED = "reopened"
    UNCHANGED = "unchanged"


def stage_move(before: Stage | None, after: Stage | None) -> StageMove:
    """Name the step from one stage to the next; no stage after means that nothing was said of it."""
    if after is None or after is before:
        return StageMove.UNCHANGED
    if after is Stage.COMPLETED:
        return StageMove.COMPLETED
    if not after.is_open:
        return StageMove.BROKE_OFF
    if before is None:
        return StageMove.OPENED
    if not before.is_open:
        return StageMove.REOPENED
    return StageMove.ADVANCED if TRACK.index(after) > TRACK.index(before) else StageMove.STEPPED_BACK
