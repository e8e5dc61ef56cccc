"""The judged questions as a test: what people type finds what they meant."""

from __future__ import annotations

import asyncio

import pytest

from tests.finding.collection import generated
from tests.finding.judged import Judged, airlines, ask_all, halves, questions, semiconductors, strangers
from tests.finding.planting import plant


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Judged]]:
    """Both halves, what strangers typed, and questions over two other industries, asked."""
    stores = plant(tmp_path_factory.mktemp("finding"))
    tuning, aside = halves()
    parts = {
        "tuned on": tuning,
        "kept aside": aside,
        "strangers": strangers(),
        "airlines": airlines(),
        "semiconductors": semiconductors(),
    }
    return {name: asyncio.run(ask_all(stores, part)) for name, part in parts.items()}


@pytest.mark.parametrize(
    ("half", "at_one", "at_five"),
    [
        ("tuned on", 0.97, 0.99),
        ("kept aside", 0.95, 0.98),
        ("strangers", 0.97, 0.97),
        ("airlines", 1.0, 1.0),
        ("semiconductors", 63 / 64, 63 / 64),
    ],
)
def test_what_is_meant_comes_first_or_among_the_first_five(
    judged: dict[str, list[Judged]], half: str, at_one: float, at_five: float
) -> None:
    """A rule that is changed for one question must not lose others."""
    of_half = judged[half]
    wrong = [(one.question.ask, one.got[:3]) for one in of_half if not one.at_one]
    assert len(of_half) - len(wrong) >= at_one * len(of_half), wrong
    lost = [(one.question.ask, one.got[:5]) for one in of_half if not one.at_five]
    assert len(of_half) - len(lost) >= at_five * len(of_half), lost


def test_what_no_story_answers_gets_no_answer(judged: dict[str, list[Judged]]) -> None:
    """Neither companies that the store does not know, nor stories that are not there, nor words that say nothing."""
    answered = [one.question.ask for part in judged.values() for one in part if one.question.nothing and not one.at_one]
    assert answered == []


def test_the_halves_of_the_judged_set_are_drawn_by_lot_once() -> None:
    tuning, aside = halves()
    assert len(questions()) >= 150
    assert {*tuning, *aside} == set(questions())
    assert abs(len(tuning) - len(aside)) <= 1
    assert halves() == (tuning, aside)


def test_the_collection_is_the_same_every_time() -> None:
    assert generated() == generated()
    assert len({story.slug for story in generated()[1]}) == 450
