"""What a development did to its deal's stage, as the story now stands."""

from __future__ import annotations

from bot.model.stages import StageMove, stage_move
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Stage


def move_before(story: Story, development: Development) -> tuple[StageMove, Stage | None]:
    """What the development did to the deal's stage, and the stage before it; only standing ones count."""
    if not story.kind.is_deal or development.claim is Claim.DENIED or not development.stands:
        return StageMove.UNCHANGED, None
    stage = story.stage_before(development)
    return stage_move(stage, development.stage), stage
