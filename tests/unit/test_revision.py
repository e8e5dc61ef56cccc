"""What a draft makes of a story, before anything is written."""

from __future__ import annotations

import pytest

from bot.errors import InputError, NotFound
from bot.model.dates import PartialDate
from bot.model.story import Development, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft
from bot.newsroom.revision import apply_draft, check_mergeable


def test_a_draft_without_header_needs_a_story() -> None:
    development = DevelopmentDraft(PartialDate(2026), "Talks begin", Claim.REPORTED)
    with pytest.raises(NotFound):
        apply_draft(None, StoryDraft("alpha-beta", None, (development,)), {})


def test_stages_can_only_be_merged_into_a_deal() -> None:
    signed = Development("signed", PartialDate(2026), "Alpha signs", Claim.CONFIRMED, stage=Stage.SIGNED)
    deal = Story("alpha-beta", "Alpha and Beta", "", Kind.SUPPLY, (), (signed,))
    plant, other_deal = Story("plant", "The plant", "", Kind.PLANT), Story("other", "Another", "", Kind.MERGER)
    with pytest.raises(InputError, match="into"):
        check_mergeable(deal, plant)
    check_mergeable(plant, deal)
    check_mergeable(deal, other_deal)
