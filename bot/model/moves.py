"""What a development did to its deal's stage, as the story now stands."""

from __future__ import annotations

from bot.model.stages import StageMove, stage_move
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Stage


def move_before(story: Story, development: Development) -> tuple[StageMove, Stage | None]:
    """What the development did to the deal's stage, and the stage before it; only standing ones count."""
    if not story.kind.is_deal or development.claim is Claim.DENIED or not development.stands:
        return StageMove.UNCHANGED, None
    earlier = _before(story, development)
    stage = next((d.stage for d in reversed(earlier) if d.stage and d.claim is not Claim.DENIED), None)
    return stage_move(stage, development.stage), stage


def _before(story: Story, development: Development) -> tuple[Development, ...]:
    at = next((i for i, d in enumerate(story.standing) if d.key == development.key), None)
    if at is not None:
        return story.standing[:at]
    return tuple(d for d in story.standing if d.date <= development.date)
