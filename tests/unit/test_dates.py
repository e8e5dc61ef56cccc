"""Dates as news has them: what is known is kept, and no more is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.languages import LANGUAGES, say, use_language
from bot.model.dates import DATE_FORMAT_HINT, PartialDate
from bot.newsroom.drafts import parse_partial_date
from tests.unit.strategies import days, exact_dates, partial_dates

quick = settings(max_examples=60, deadline=None)


@quick
@given(partial_dates)
def test_a_date_reads_back_as_it_was_written(known: PartialDate) -> None:
    """What a file says of a date is what the next export says of it."""
    assert PartialDate.parse(str(known)) == known
    assert str(PartialDate.parse(str(known))) == str(known)


@quick
@given(days, days)
def test_full_dates_sort_as_the_calendar_does(one: date, other: date) -> None:
    assert (PartialDate.from_date(one) < PartialDate.from_date(other)) == (one < other)
    assert (PartialDate.from_date(one) == PartialDate.from_date(other)) == (one == other)


@quick
@given(partial_dates, partial_dates, partial_dates)
def test_any_two_dates_have_an_order(one: PartialDate, other: PartialDate, third: PartialDate) -> None:
    """Exactly one of before, equal, after; and the order does not go in circles."""
    assert [one < other, one == other, one > other].count(True) == 1
    low, middle, high = sorted([one, other, third])
    assert low <= middle <= high
    assert low <= high


@quick
@given(days, days)
def test_dates_sort_by_their_months_first(one: date, other: date) -> None:
    """A month that is over stands before every day of a later one."""
    month = PartialDate(one.year, one.month)
    if (one.year, one.month) != (other.year, other.month):
        assert (month < PartialDate.from_date(other)) == (one < other)


@quick
@given(days)
def test_the_less_precise_of_two_dates_comes_first(day: date) -> None:
    full = PartialDate.from_date(day)
    assert PartialDate(day.year) < PartialDate(day.year, day.month) < full


def test_a_date_is_not_compared_with_a_text() -> None:
    with pytest.raises(TypeError):
        assert PartialDate(2025) < "2025"


@quick
@given(days)
def test_what_is_shown_says_no_more_than_is_known(day: date) -> None:
    """The year alone shows no month, the month alone shows no day, and the whole date shows all three."""
    year, month, full = PartialDate(day.year), PartialDate(day.year, day.month), PartialDate.from_date(day)
    assert year.display == str(day.year)
    assert month.display == f"{day:%B} {day.year}"
    # CLDR's British English has Sept, C's has Sep.
    assert full.display.replace("Sept", "Sep") == f"{day.day} {day:%b} {day.year}"


@quick
@given(partial_dates)
def test_dates_sort_as_the_days_that_stand_for_them(known: PartialDate) -> None:
    """A bounded date stands where its last day does, any other where its first day does."""
    if known.is_bounded:
        assert PartialDate.from_date(known.last_day).sort_key == known.sort_key
        assert PartialDate.from_date(known.last_day) <= known
    else:
        assert known <= PartialDate.from_date(known.first_day)
    assert known.first_day <= known.last_day


@quick
@given(exact_dates)
def test_a_bounded_date_comes_after_what_it_can_mean(known: PartialDate) -> None:
    bounded = replace(known, is_bounded=True)
    assert bounded > known
    assert bounded.without_bound == known == known.without_bound
    assert str(bounded) == f"by {known}"


@quick
@given(partial_dates, st.sampled_from(list(LANGUAGES)))
def test_an_editor_can_type_a_date_as_the_form_shows_it(known: PartialDate, code: str) -> None:
    """In every language, with any case and spaces; and in English too."""
    with use_language(code):
        for typed in (
            known.input_text,
            known.input_text.upper(),
            f"  {known.input_text.replace(' ', '  ')} ",
            str(known),
        ):
            assert parse_partial_date("date", typed) == known


@pytest.mark.parametrize("typed", ["2025-08まで", "2025-08までに", "no después de 2025-08", "No después de  2025-08"])
def test_a_bounded_date_is_typed_in_other_ways_too(typed: str) -> None:
    assert parse_partial_date("date", typed) == PartialDate(2025, 8, is_bounded=True)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_hint_shows_how_to_type_a_bounded_date(code: str) -> None:
    with use_language(code):
        before, after = PartialDate(2025, is_bounded=True).input_text.split("2025")
        example = say(DATE_FORMAT_HINT).split("-DD" if "-DD" in say(DATE_FORMAT_HINT) else "-TT")[1]
        assert before in example
        assert after in example


@pytest.mark.parametrize(
    ("code", "month", "day", "year"),
    [
        ("en", "by Aug 2025", "by 16 Aug 2025", "by 2025"),
        ("de", "bis Aug. 2025", "bis 16. Aug. 2025", "bis 2025"),
        ("es", "ago 2025 o antes", "16 ago 2025 o antes", "2025 o antes"),
        ("ja", "遅くとも2025年8月", "遅くとも2025年8月16日", "遅くとも2025年"),
    ],
)
def test_a_bounded_date_is_shown_as_one(code: str, month: str, day: str, year: str) -> None:
    with use_language(code):
        shown = [PartialDate.parse(written).display for written in ("by 2025-08", "by 2025-08-16", "by 2025")]
    assert shown == [month, day, year]


@pytest.mark.parametrize(
    ("written", "shown"), [("2026", "2026"), ("2025-08", "August 2025"), ("2025-02-16", "16 Feb 2025")]
)
def test_dates_are_shown_as_people_read_them(written: str, shown: str) -> None:
    assert PartialDate.parse(written).display == shown


@pytest.mark.parametrize(
    "written",
    [
        "2025-13", "2025-00", "2025-02-30", "2025-02-00", "2025-8", "25-08", "2025/08", "2025-08-16T10:00", "August 2025",
        "by", "by ", "by by 2025", "by2025", "By 2025", "by  2025", "by 2025-13", "2025 by", "bis 2025",
        "", " 2025", "2025\n", "20250816", "٢٠٢٥", "0000", "-2025",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"expected a date|must be in|out of range"):
        PartialDate.parse(written)


def test_the_29th_of_february_needs_a_leap_year() -> None:
    assert PartialDate.parse("2024-02-29").display == "29 Feb 2024"
    with pytest.raises(ValueError, match="day is out of range"):
        PartialDate.parse("2025-02-29")


def test_a_day_without_its_month_is_no_date() -> None:
    with pytest.raises(ValueError, match="a day needs its month"):
        PartialDate(2025, None, 3)


@quick
@given(st.text(max_size=12))
def test_whatever_is_accepted_is_one_of_the_three_forms(text: str) -> None:
    """No other spelling slips through, bounded or not: accepted text is already in the form that an export writes."""
    try:
        known = PartialDate.parse(text)
    except ValueError:
        return
    assert str(known) == text
