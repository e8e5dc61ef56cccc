"""From which confidence on the tracker acts alone: what decisions move, and what they cannot."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.confidence_line import PROMISED_PRECISION, WINDOW, LineLimits, Outcome, derive_line

LIMITS = LineLimits(0.7, 0.8, 0.99)
FIXED = LineLimits(0.775, 0.775, 0.99)

outcomes = st.builds(Outcome, st.floats(0.6, 1.0), st.booleans(), st.booleans())
# Runs, because a line moves only after many decisions of one kind.
histories = st.lists(st.tuples(outcomes, st.integers(1, 80)), max_size=8).map(
    lambda runs: [outcome for outcome, count in runs for _ in range(count)]
)


def right(count: int, confidence: float = 0.85, *, is_decided: bool = True) -> list[Outcome]:
    return [Outcome(confidence, is_right=True, is_decided=is_decided)] * count


def wrong(count: int, confidence: float = 0.85) -> list[Outcome]:
    return [Outcome(confidence, is_right=False)] * count


def get_level(history: list[Outcome], limits: LineLimits = LIMITS) -> float:
    """Return the line; infinite if there is none."""
    line = derive_line(history, limits).line
    return math.inf if line is None else line


def test_without_decisions_the_line_is_the_shipped_one() -> None:
    line = derive_line([], LIMITS)
    assert (line.line, line.count) == (0.8, 0)
    assert line.allows(0.8)
    assert not line.allows(0.799)
    assert not line.allows(None)


@given(histories, outcomes)
def test_a_right_decision_never_raises_the_line(history: list[Outcome], outcome: Outcome) -> None:
    newer = Outcome(outcome.confidence, is_right=True, is_decided=outcome.is_decided)
    assert get_level([newer, *history]) <= get_level(history)


@given(histories, st.floats(0.6, 1.0))
def test_a_wrong_decision_never_lowers_the_line(history: list[Outcome], confidence: float) -> None:
    assert get_level([Outcome(confidence, is_right=False), *history]) >= get_level(history)


@given(histories, st.sampled_from([LIMITS, FIXED]))
def test_a_line_keeps_its_limits_and_the_promise(history: list[Outcome], limits: LineLimits) -> None:
    line = derive_line(history, limits)
    assert line.line is None or limits.lowest <= line.line <= limits.highest
    assert line.count <= WINDOW
    assert line.line is None or line.right_count >= PROMISED_PRECISION * line.count


@given(histories)
def test_what_is_not_looked_at_lowers_nothing(history: list[Outcome]) -> None:
    unseen = [Outcome(each.confidence, each.is_right, is_decided=False) for each in history]
    assert get_level(unseen) >= LIMITS.shipped


@pytest.mark.parametrize(("count", "expected"), [(35, 0.8), (36, 0.7)])
def test_a_lower_line_is_proven_by_36_right_decisions(count: int, expected: float) -> None:
    assert get_level(right(count, 0.7)) == expected


def test_right_decisions_above_do_not_hide_wrong_ones_below() -> None:
    """The line falls to where the promise is still kept."""
    history = right(60, 0.95) + [each for _ in range(10) for each in (*right(1, 0.72), *wrong(1, 0.72))]
    assert get_level(history) == pytest.approx(0.73)


def test_a_mistake_raises_the_line_above_it_until_it_is_outweighed() -> None:
    assert get_level(wrong(1, 0.855)) == pytest.approx(0.86)
    assert get_level(right(13, 0.9) + wrong(1, 0.855)) == pytest.approx(0.86)
    assert get_level(right(14, 0.9) + wrong(1, 0.855)) == 0.8


def test_mistakes_at_every_confidence_leave_no_line() -> None:
    line = derive_line(wrong(2, 0.995) + right(10, 0.9), LIMITS)
    assert (line.line, line.right_count, line.count) == (None, 10, 12)
    assert not line.allows(1.0)


def test_old_mistakes_are_forgotten() -> None:
    """Only the newest at or above a line count, whatever came below it since."""
    assert get_level(right(WINDOW - 20) + wrong(20)) > 0.8
    assert get_level(right(WINDOW) + wrong(20)) <= 0.8
    assert get_level(right(WINDOW, 0.65) + right(1) + wrong(20)) > 0.8


def test_a_line_without_room_below_can_only_rise() -> None:
    assert get_level(right(WINDOW, 0.9), FIXED) == 0.775
    assert get_level(wrong(1, 0.78), FIXED) == pytest.approx(0.785)
