"""Times in a question: what is meant by them on a day that is given, and what is left of the question."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.query.date_ranges import parse_date_range
from tests.languages.pseudo import bracketed

MONDAY = date(2025, 9, 1)


@pytest.mark.parametrize(
    ("typed", "first", "last", "label"),
    [
        ("foxconn 2025", "2025-01-01", "2025-12-31", "2025"),
        ("deals in August 2025", "2025-08-01", "2025-08-31", "August 2025"),
        ("aug. 2025", "2025-08-01", "2025-08-31", "August 2025"),
        ("2025-08", "2025-08-01", "2025-08-31", "August 2025"),
        ("08/2025", "2025-08-01", "2025-08-31", "August 2025"),
        ("2025年8月 日産", "2025-08-01", "2025-08-31", "August 2025"),
        ("２０２５年", "2025-01-01", "2025-12-31", "2025"),
        ("25th of february 2025", "2025-02-25", "2025-02-25", "25 Feb 2025"),
        ("Feb 25, 2025", "2025-02-25", "2025-02-25", "25 Feb 2025"),
        ("2025-02-25", "2025-02-25", "2025-02-25", "25 Feb 2025"),
        ("Q4 2024", "2024-10-01", "2024-12-31", "Q4 2024"),
        ("H1 2025", "2025-01-01", "2025-06-30", "H1 2025"),
        ("second half of 2025", "2025-07-01", "2025-12-31", "H2 2025"),
        ("zweites Halbjahr 2025", "2025-07-01", "2025-12-31", "H2 2025"),
        ("primer semestre de 2025", "2025-01-01", "2025-06-30", "H1 2025"),
        ("2025年下半期", "2025-07-01", "2025-12-31", "H2 2025"),
        ("renault last month", "2025-08-01", "2025-08-31", "last month"),
        ("this month", "2025-09-01", "2025-09-30", "this month"),
        ("last week", "2025-08-25", "2025-08-31", "last week"),
        ("this week", "2025-09-01", "2025-09-07", "this week"),
        ("last quarter", "2025-04-01", "2025-06-30", "last quarter"),
        ("last year", "2024-01-01", "2024-12-31", "last year"),
        ("yesterday", "2025-08-31", "2025-08-31", "yesterday"),
        ("last 30 days", "2025-08-02", "2025-09-01", "last 30 days"),
        ("2 weeks ago", "2025-08-18", "2025-09-01", "last 2 weeks"),
        ("since July", "2025-07-01", "2025-09-01", "since July 2025"),
        ("since october", "2024-10-01", "2025-09-01", "since October 2024"),
        ("nissan in may", "2025-05-01", "2025-05-31", "May 2025"),
        ("copperline december", "2024-12-01", "2024-12-31", "December 2024"),
    ],
)  # fmt: skip
def test_a_time_is_understood(typed: str, first: str, last: str, label: str) -> None:
    date_range, _ = parse_date_range(typed, MONDAY)
    assert date_range is not None
    assert (date_range.first_day.isoformat(), date_range.last_day.isoformat(), date_range.label) == (first, last, label)


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("march", ["March 2025", "March 2024"]),
        ("nissan im oktober", ["October 2024", "October 2023"]),
        ("25 february", ["25 Feb 2025", "25 Feb 2024"]),
        ("february 29th", ["29 Feb 2024", "29 Feb 2020"]),
        ("2 september", ["2 Sept 2024", "2 Sept 2023"]),
    ],
)
def test_a_month_or_day_without_its_year_may_be_of_any(typed: str, years: list[str]) -> None:
    """The last that has begun is the likeliest."""
    date_range, _ = parse_date_range(typed, MONDAY)
    assert date_range is not None
    assert [year.label for year in date_range.iter_years()][:2] == years


@pytest.mark.parametrize("typed", ["since march", "last october", "march 2024", "2024", "last month"])
def test_a_time_whose_year_is_known_is_of_that_year(typed: str) -> None:
    date_range, _ = parse_date_range(typed, MONDAY)
    assert date_range is not None
    assert list(date_range.iter_years()) == [date_range]


@pytest.mark.parametrize(
    "typed",
    ["nissan may buy it", "2317.TW", "7201", "story-2025-x", "ev6", "435 MW", "marching", "", "0000-00-00", "13月"],
)
def test_other_words_are_no_date_range(typed: str) -> None:
    """Verbs, tickers, numbers of models and parts of slugs."""
    assert parse_date_range(typed, MONDAY) == (None, typed)


def test_an_impossible_day_is_ignored() -> None:
    """What is left of it may be a time all the same."""
    date_range, _ = parse_date_range("30 february 2025", MONDAY)
    assert date_range is not None
    assert date_range.label == "February 2025"


def test_the_rest_of_the_question_remains() -> None:
    assert parse_date_range("Nissan in August 2025 Foxconn", MONDAY)[1].split() == ["nissan", "foxconn"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40), st.integers(-400_000, 400_000))
def test_any_text_on_any_day_can_be_parsed(text: str, days: int) -> None:
    date_range, _ = parse_date_range(f"{text} last quarter", MONDAY + timedelta(days=days))
    assert date_range is None or date_range.first_day <= date_range.last_day


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("last month", "⟦last month⟧"), ("this quarter", "⟦this quarter⟧"), ("since july", "⟦since Juli 2025⟧"),
        ("last 3 weeks", "⟦last 3 weeks⟧"), ("a day ago", None), ("1 day ago", "⟦last 1 day⟧"),
        ("q3 2025", "⟦Q3 2025⟧"), ("h1 2025", "⟦H1 2025⟧"), ("today", "⟦today⟧"), ("yesterday", "⟦yesterday⟧"),
        ("august 2025", "August 2025"), ("2025", "2025"),
    ],
)  # fmt: skip
def test_a_label_is_in_the_language_of_the_reader(typed: str, label: str | None) -> None:
    with bracketed():
        date_range, _ = parse_date_range(typed, MONDAY)
    assert (date_range.label if date_range else None) == label
