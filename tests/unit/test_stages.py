"""What a development does to its deal's stage is named, and no move is forbidden."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.stages import StageChange, classify_stage_change
from bot.model.vocabulary import ENDED_STAGES, STAGE_ORDER, Kind, Stage

quick = settings(max_examples=60, deadline=None)
stages = st.sampled_from(Stage)
maybe_stages = st.none() | stages


@pytest.mark.parametrize(
    ("before", "after", "move"),
    [
        (None, Stage.RUMOURED, StageChange.OPENED),
        (None, Stage.SIGNED, StageChange.OPENED),
        (None, Stage.COMPLETED, StageChange.COMPLETED),
        (None, Stage.TERMINATED, StageChange.BROKE_OFF),
        (Stage.RUMOURED, Stage.TALKS, StageChange.ADVANCED),
        (Stage.TALKS, Stage.REVIEW, StageChange.ADVANCED),
        (Stage.SIGNED, Stage.TALKS, StageChange.STEPPED_BACK),
        (Stage.REVIEW, Stage.COMPLETED, StageChange.COMPLETED),
        (Stage.AGREED, Stage.TERMINATED, StageChange.BROKE_OFF),
        (Stage.RUMOURED, Stage.LAPSED, StageChange.BROKE_OFF),
        (Stage.COMPLETED, Stage.TERMINATED, StageChange.BROKE_OFF),
        (Stage.TERMINATED, Stage.TALKS, StageChange.REOPENED),
        (Stage.LAPSED, Stage.RUMOURED, StageChange.REOPENED),
        (Stage.COMPLETED, Stage.REVIEW, StageChange.REOPENED),
        (Stage.TALKS, Stage.TALKS, StageChange.UNCHANGED),
        (Stage.TALKS, None, StageChange.UNCHANGED),
        (None, None, StageChange.UNCHANGED),
    ],
)
def test_a_move_is_called_what_a_reader_would_call_it(
    before: Stage | None, after: Stage | None, move: StageChange
) -> None:
    assert classify_stage_change(before, after) is move


@quick
@given(maybe_stages, maybe_stages)
def test_every_move_has_a_name(before: Stage | None, after: Stage | None) -> None:
    """News is messy: none is refused, and only a move to another stage counts as one."""
    move = classify_stage_change(before, after)
    assert (move is StageChange.UNCHANGED) == (after is None or after is before)


@quick
@given(st.sampled_from(STAGE_ORDER[:-1]), st.sampled_from(STAGE_ORDER[:-1]))
def test_a_step_on_and_the_same_step_back_have_opposite_names(one: Stage, other: Stage) -> None:
    moves = {classify_stage_change(one, other), classify_stage_change(other, one)}
    assert moves == ({StageChange.UNCHANGED} if one is other else {StageChange.ADVANCED, StageChange.STEPPED_BACK})


@quick
@given(stages, stages)
def test_only_a_deal_that_had_ended_reopens(before: Stage, after: Stage) -> None:
    reopened = classify_stage_change(before, after) is StageChange.REOPENED
    assert reopened == (before in ENDED_STAGES and after not in ENDED_STAGES)


def test_the_stages_are_those_of_the_field_in_their_order() -> None:
    """The words are a contract: story files, commands and exports use them."""
    assert [stage.value for stage in STAGE_ORDER] == ["rumoured", "talks", "agreed", "signed", "review", "completed"]
    assert {stage.value for stage in ENDED_STAGES} == {"completed", "terminated", "lapsed"}
    assert [stage for stage in Stage if not stage.is_open] == [Stage.COMPLETED, Stage.TERMINATED, Stage.LAPSED]


def test_deals_are_the_nine_kinds_that_have_a_stage() -> None:
    assert [kind.value for kind in Kind if kind.is_deal] == [
        "merger", "acquisition", "stake", "joint-venture", "alliance", "supply", "contract-manufacturing", "licensing",
        "financing",
    ]  # fmt: skip
    assert [kind.value for kind in Kind if not kind.is_deal] == [
        "product", "plant", "policy", "people", "results", "event", "other",
    ]  # fmt: skip


def test_every_word_is_shown_without_its_hyphen() -> None:
    for word in (*Kind, *Stage):
        assert word.label[0].isupper()
        assert "_" not in word.label
    assert Kind.CONTRACT_MANUFACTURING.label == "Contract manufacturing"
    assert Stage.AGREED.label == "Agreed (non-binding)"
