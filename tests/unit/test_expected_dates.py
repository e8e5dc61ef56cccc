"""Dates on which something is expected: a day or a window, in order and as people read them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from bot.languages import use_language
from bot.model.expected_event import ExpectedDate
from tests.unit.strategies import expected_dates


@given(expected_dates)
def test_an_expected_date_reads_back_as_written(expected: ExpectedDate) -> None:
    assert ExpectedDate.parse(str(expected)) == expected


@pytest.mark.parametrize(
    ("text", "last_day"),
    [
        ("2025-02-25", date(2025, 2, 25)),
        ("2024-02", date(2024, 2, 29)),
        ("2025", date(2025, 12, 31)),
        ("2025-Q2", date(2025, 6, 30)),
        ("2025-q4", date(2025, 12, 31)),
        ("2025-H1", date(2025, 6, 30)),
        ("by 2025-08", date(2025, 8, 31)),
    ],
)
def test_a_window_is_over_after_its_last_day(text: str, last_day: date) -> None:
    expected = ExpectedDate.parse(text)
    assert expected.last_day == last_day
    assert not expected.is_over(last_day)
    assert expected.is_over(date.fromordinal(last_day.toordinal() + 1))


def test_only_a_day_is_a_known_day() -> None:
    assert ExpectedDate.parse("2025-02-25").day == date(2025, 2, 25)
    assert [ExpectedDate.parse(text).day for text in ("2025-02", "2025", "2025-Q1", "by 2025-02-25")] == [None] * 4


def test_expected_dates_sort_by_their_last_day() -> None:
    """A day comes before the window that it ends."""
    texts = ["2025-03-31", "2025-Q1", "2025-04", "2025-06-30", "2025-H1", "2025"]
    assert [str(each) for each in sorted(map(ExpectedDate.parse, texts))] == texts


@pytest.mark.parametrize("text", ["2025-Q5", "2025-Q0", "2025-H3", "25-Q1", "Q1 2025", "2025-02-30", "", "0000-Q1"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a date|year|day"):
        ExpectedDate.parse(text)


@pytest.mark.parametrize(
    ("code", "quarter", "half"),
    [
        ("en", "Q2 2025", "H1 2025"),
        ("de", "Q2 2025", "1. Halbjahr 2025"),
        ("es", "T2 2025", "primer semestre de 2025"),
        ("ja", "2025/Q2", "2025年上半期"),
    ],
)
def test_windows_are_written_in_the_readers_language(code: str, quarter: str, half: str) -> None:
    with use_language(code):
        assert ExpectedDate.parse("2025-Q2").display == quarter
        assert ExpectedDate.parse("2025-H1").display == half
