"""How well stages and claims are read from the headlines that are held out (benchmarks/stages.py has the figures)."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence

import pytest

from bot.model.tracking import Extraction
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.claim_extraction import extract_stage_and_claim
from tests.unit.stage_headlines import LabelledHeadline, read_own_headlines

HELD_OUT = [headline for headline in read_own_headlines() if headline.is_held_out]
MIN_ACCEPTED, MAX_WRONG, MIN_CLAIMS = 0.92, 0.03, 0.97


def reaches_floors(read: Callable[[str], Extraction], headlines: Sequence[LabelledHeadline]) -> bool:
    extractions = [(headline, read(headline.text)) for headline in headlines]
    stages = collections.Counter(headline.judge_stage(extraction) for headline, extraction in extractions)
    claims = sum(headline.accepts_claim(extraction) for headline, extraction in extractions)
    return (
        stages["accepted"] >= MIN_ACCEPTED * len(headlines)
        and stages["wrong"] <= MAX_WRONG * len(headlines)
        and claims >= MIN_CLAIMS * len(headlines)
    )


def test_the_headlines_held_out_are_of_every_kind() -> None:
    languages = collections.Counter(headline.language for headline in HELD_OUT)
    assert languages.keys() == {"en", "de", "es", "ja"}
    assert min(languages.values()) >= 15
    assert {stage for headline in HELD_OUT for stage in headline.stages} == {None, *Stage}
    assert {claim for headline in HELD_OUT for claim in headline.claims} == set(Claim)
    assert sum(headline.stages == (None,) for headline in HELD_OUT) >= 30
    assert sum(None not in headline.stages for headline in HELD_OUT) >= 90


@pytest.mark.parametrize("language", ["en", "de", "es", "ja"])
def test_stages_and_claims_are_read_in_each_language(language: str) -> None:
    assert reaches_floors(extract_stage_and_claim, [each for each in HELD_OUT if each.language == language])


@pytest.mark.parametrize("extraction", [Extraction(), *map(Extraction, Stage)])
def test_who_answers_the_same_to_all_misses_the_floors(extraction: Extraction) -> None:
    assert not reaches_floors(lambda _: extraction, HELD_OUT)


def test_every_stage_has_its_words_in_the_headline() -> None:
    for headline in HELD_OUT:
        words = extract_stage_and_claim(headline.text).stage_words
        assert words is None or headline.text[words.start : words.end].lower() == words.words
