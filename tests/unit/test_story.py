"""What follows from a story's developments: its stage, whether it is open or disputed, and as of when."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim, Kind, Stage
from tests.unit.strategies import partial_dates

quick = settings(max_examples=60, deadline=None)
CONFIRMED, REPORTED, DENIED = Claim.CONFIRMED, Claim.REPORTED, Claim.DENIED


def happened(
    date: str, claim: Claim = REPORTED, stage: Stage | None = None, *, retracted: str = "", key: str = ""
) -> Development:
    """Return a development of that date."""
    return Development(
        key or date, PartialDate.parse(date), f"News of {date}", claim, stage=stage, retraction_reason=retracted,
        sources=(Source("Wire"),),
    )  # fmt: skip


def story(*developments: Development, kind: Kind = Kind.MERGER) -> Story:
    """Return a story of those developments."""
    return Story("a-story", "A story", "About it.", kind, developments=developments)


generated = st.builds(
    Development,
    key=st.uuids().map(str),
    date=partial_dates,
    headline=st.just("News"),
    claim=st.sampled_from(Claim),
    stage=st.none() | st.sampled_from(Stage),
    retraction_reason=st.sampled_from(["", "", "It was wrong."]),
)
distinct = st.lists(generated, max_size=8, unique_by=lambda d: d.date)


@quick
@given(distinct)
def test_the_stage_before_a_development_is_the_stage_until_then(developments: list[Development]) -> None:
    whole = story(*developments)
    for at, development in enumerate(whole.valid_developments):
        assert whole.get_stage_before(development) == story(*whole.valid_developments[:at]).stage


@quick
@given(distinct, st.randoms(use_true_random=False))
def test_a_story_does_not_depend_on_the_order_of_its_news(developments: list[Development], random: Random) -> None:
    """Late news of an early day changes nothing that later news has settled."""
    shuffled = list(developments)
    random.shuffle(shuffled)
    one, other = story(*developments), story(*shuffled)
    assert one == other
    assert (one.stage, one.is_open, one.dispute, one.as_of) == (other.stage, other.is_open, other.dispute, other.as_of)


@quick
@given(st.lists(generated, max_size=8))
def test_what_was_retracted_counts_for_nothing(developments: list[Development]) -> None:
    """A story with retracted developments says what it would say without them, and still lists them."""
    whole, without = story(*developments), story(*(d for d in developments if not d.retraction_reason))
    assert (whole.stage, whole.dispute, whole.as_of) == (without.stage, without.dispute, without.as_of)
    assert sorted(d.key for d in whole.developments) == sorted(d.key for d in developments)


@quick
@given(st.lists(generated, max_size=8))
def test_a_denial_moves_no_stage(developments: list[Development]) -> None:
    without = story(*(d for d in developments if d.claim is not DENIED))
    assert story(*developments).stage is without.stage


@quick
@given(st.lists(generated, max_size=8), st.sampled_from([k for k in Kind if not k.is_deal]))
def test_what_is_no_deal_has_no_stage_and_stays_open(developments: list[Development], kind: Kind) -> None:
    other = story(*developments, kind=kind)
    assert other.stage is None
    assert other.is_open


@quick
@given(st.lists(generated, max_size=8))
def test_a_dispute_ends_with_a_later_confirmation(developments: list[Development]) -> None:
    """A disputed story shows a denial and no later confirmation."""
    told = story(*developments)
    denials = [d for d in told.valid_developments if d.claim is DENIED]
    if told.dispute is None:
        later = told.valid_developments[told.valid_developments.index(denials[-1]) :] if denials else ()
        assert not denials or any(d.claim is CONFIRMED for d in later)
    else:
        assert told.dispute.denial is denials[-1]
        assert CONFIRMED not in [d.claim for d in told.valid_developments[told.valid_developments.index(denials[-1]) :]]


def test_the_newest_stage_holds() -> None:
    told = story(happened("2025-03", stage=Stage.SIGNED), happened("2025-01", stage=Stage.TALKS), happened("2025-04"))
    assert told.stage is Stage.SIGNED
    assert told.is_open
    assert [str(d.date) for d in told.developments] == ["2025-01", "2025-03", "2025-04"]


def test_news_of_one_day_keeps_its_order() -> None:
    """News of one day stays in the order in which it was given."""
    first, second = happened("2025-02", key="first"), happened("2025-02", key="second")
    assert [d.key for d in story(first, second).developments] == ["first", "second"]
    assert [d.key for d in story(second, first).developments] == ["second", "first"]


def test_a_deal_that_ended_is_taken_up_again_by_newer_news() -> None:
    ended = (happened("2025-01", stage=Stage.AGREED), happened("2025-02", CONFIRMED, Stage.TERMINATED))
    assert not story(*ended).is_open
    again = story(*ended, happened("2025-05", stage=Stage.TALKS))
    assert again.stage is Stage.TALKS
    assert again.is_open


def test_retracting_the_end_of_a_deal_restores_its_stage() -> None:
    agreed, ended = happened("2025-01", stage=Stage.AGREED), happened("2025-02", stage=Stage.TERMINATED)
    told = story(agreed, replace(ended, retraction_reason="Misread."))
    assert told.stage is Stage.AGREED
    assert told.is_open
    assert told.as_of == PartialDate(2025, 1)


def test_a_denial_disputes_a_story_with_both_sides() -> None:
    claim, denial = happened("2025-08", stage=Stage.TALKS), happened("2025-08", DENIED, key="denial")
    dispute = story(claim, denial).dispute
    assert dispute is not None
    assert (dispute.counterclaim, dispute.denial) == (claim, denial)


def test_news_after_a_denial_is_a_side_only_if_it_has_a_stage() -> None:
    claim, denial = happened("2025-07", stage=Stage.TALKS), happened("2025-08", DENIED, key="denial")
    other = happened("2025-12", key="other")
    signed = happened("2026-01", stage=Stage.SIGNED, key="signed")
    assert [told.counterclaim for told in (story(claim, denial, other).dispute,) if told] == [claim]
    assert [told.counterclaim for told in (story(claim, denial, other, signed).dispute,) if told] == [signed]
    assert [told.counterclaim for told in (story(denial, other).dispute,) if told] == [other]


def test_a_denial_of_nothing_that_was_told_here_still_disputes() -> None:
    dispute = story(happened("2025-08", DENIED)).dispute
    assert dispute is not None
    assert dispute.counterclaim is None


def test_only_a_later_confirmation_settles_a_denial() -> None:
    denial = happened("2025-08-10", DENIED)
    assert story(happened("2025-08-01", CONFIRMED), denial).dispute is not None
    assert story(denial, happened("2025-08-20", REPORTED)).dispute is not None
    assert story(denial, happened("2025-08-20", CONFIRMED)).dispute is None


def test_a_confirmation_that_is_retracted_settles_nothing() -> None:
    denial, confirmed = happened("2025-08-10", DENIED), happened("2025-08-20", CONFIRMED)
    assert story(denial, replace(confirmed, retraction_reason="Not by them.")).dispute is not None


def test_a_newer_denial_disputes_again_what_was_settled() -> None:
    settled = (happened("2025-01", DENIED), happened("2025-02", CONFIRMED))
    dispute = story(*settled, happened("2025-03", DENIED)).dispute
    assert dispute is not None
    assert (str(dispute.denial.date), str(dispute.counterclaim.date if dispute.counterclaim else "")) == (
        "2025-03",
        "2025-02",
    )


def test_a_story_is_as_of_its_newest_news_denials_too() -> None:
    told = story(happened("2025-02"), happened("2025-08", DENIED))
    assert told.as_of is not None
    assert told.as_of.display == "August 2025"
    assert story().as_of is None


def test_a_development_is_found_by_its_id_also_when_retracted() -> None:
    wrong = happened("2025-01", key="wrong", retracted="Misread.")
    assert story(wrong).find_development("wrong") is wrong
    assert story(wrong).find_development("other") is None
