"""Figures in headlines: which numbers tell news apart, and which do not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.newsroom.tracker.figures import Figure, extract_figures, strip_labels

#: A Sunday.
PUBLISHED = datetime(2026, 11, 1, 8, tzinfo=UTC)


def figures_of(headline: str) -> frozenset[Figure]:
    return extract_figures(strip_labels(headline, PUBLISHED))


@pytest.mark.parametrize(
    "headline",
    [
        "UPDATE 1-{}", "UPDATE 3: {}", "Update 2 {}", "REFILE-UPDATE 2-{}", "WRAPUP 4-{}", "ROUNDUP 2: {}", "LEAD 2- {}", "2nd LD {}",
        "AKTUALISIERUNG 2: {}", "Aktualisiert 2 - {}", "Actualización 2: {}", "更新2 {}", "{} (Update 3)", "{} - Update 2", "{} [3rd LEAD]",
        "Update #2: {}", "UPDATE NO. 3-{}", "Update Nr. 2: {}", "KORR 1: {}", "WDH/ROUNDUP 2: {}", "{}, 3rd update", "{} [Update #4]", "1/ {}", "1/2 {}", "#2 {}",
        "{} (with 3 photos)", "{} — 12 comments", "{} • 5 photos", "(2) {}", "[3] {}", "（2）{}", "{} (1/2)", "{} (2 of 3)", "3. {}", "4) {}", "{} - page 2", "{} (第2報)",
        "10:45 {}", "{} 22:05", "{} at 9 a.m.", "{} (10:45 p.m. ET)", "{}, 0845 GMT", "{} 10.45 Uhr", "{} 10h45", "{} 午前10時45分",
        "{} 3 hours ago", "vor 3 Stunden: {}", "{} hace 2 horas", "{} 5分前",
        "{} (7267.T)", "{} <7267.T>", "{} (TYO: 7267)", "{} TYO:7267", "{} 005930.KS", "{} ホンダ(7267)", "{} WKN 853226",
        "{} - 3 min read", "{} (4 min)", "{} | 5-minute read", "{} – Lesezeit: 3 Minuten", "{} 4 min de lectura", "{} 読了3分", "{} (12 photos)",
        "{} on Nov 1", "{} on November 1, 2026", "{} (1 November)", "{} am 1. November", "{} el 1 de noviembre de 2026", "{} 11月1日",
        "{} 2026年11月1日", "2026-11-01 {}", "{} 01.11.2026", "{} 11/1/26", "{} on Sunday", "{} am Sonntag", "{} el domingo", "{} on Oct. 31",
    ],
)  # fmt: skip
def test_a_label_is_no_figure(headline: str) -> None:
    assert figures_of(headline.format("Honda and Nissan end merger talks")) == frozenset()


@pytest.mark.parametrize(
    ("headline", "figures"),
    [
        ("Honda cuts 4,000 jobs", {("4000", None)}),
        ("Honda streicht 4.000 Stellen", {("4000", None)}),
        ("Honda cuts 4 000 jobs", {("4000", None)}),
        ("Honda buys 5% for $1.5bn", {("5", "%"), ("1500000000", "USD")}),
        ("Honda buys 5 percent for 1.5 billion dollars", {("5", "%"), ("1500000000", "USD")}),
        ("Honda zahlt 1,5 Milliarden Euro", {("1500000000", "EUR")}),
        ("Honda paga 69 millones de dólares", {("69000000", "USD")}),
        ("Honda pays HK$5bn", {("5000000000", "HKD")}),
        ("ホンダ、1兆2000億円を投資", {("1200000000000", "JPY")}),
        ("Honda paga 69 mil millones de dólares", {("69000000000", "USD")}),
        ("ホンダ、900億円を投資", {("90000000000", "JPY")}),
        ("Honda closes six plants in Q3", {("6", None), ("3", "th")}),
        ("Honda closes 6 plants in third quarter", {("6", None), ("3", "th")}),
        ("Honda to end talks on Dec 15", {("12-15", "day")}),
        ("Honda beendet Gespräche am 15. Dezember", {("12-15", "day")}),
        ("Honda to build EVs from 2028", {("2028", None)}),
        ("Honda EV sales rise 2.25%", {("2.25", "%")}),
        ("Honda splits stock (5bn)", {("5000000000", None)}),
        ("Honda wins for the first time", set()),
        ("9/11 charge hits Honda", {("9", None), ("11", None)}),
        ("No 2 carmaker Honda cuts jobs", {("2", None)}),
        ("Update 10,000 cars, says Honda", {("10000", None)}),
    ],
)
def test_a_figure_is_read_in_full(headline: str, figures: set[tuple[str, str | None]]) -> None:
    assert figures_of(headline) == {Figure(value, unit) for value, unit in figures}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$5bn", "5 billion dollars", True),
        ("$5bn", "5bn", True),
        ("$5bn", "€5bn", False),
        ("$5bn", "$5m", False),
        ("5%", "5 plants", False),
        ("5%", "5 Prozent", True),
        ("third quarter", "3 quarters", False),
        ("two plants", "2 plants", True),
        ("690億", "69 billion", True),
    ],
)
def test_figures_are_compared_by_amount_and_unit(one: str, other: str, same: bool) -> None:
    (figure,) = figures_of(f"Honda {one}")
    assert figure.is_in(figures_of(f"Honda {other}")) is same


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text("0123456789.,:/-() $%日月年mbkth", max_size=80))
def test_any_text_is_read(text: str) -> None:
    figures_of(text)


def test_letters_that_only_look_like_ascii_are_read_as_such() -> None:
    """Without regard to case, patterns take the dotless i and the long s for i and s, but lower case does not."""
    assert figures_of("Fırst sİx plants to close for 5 mıllıon ſwiss francs") == figures_of(
        "First six plants to close for 5 million Swiss francs"
    )


@pytest.mark.parametrize("published", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, tzinfo=UTC)])
def test_the_first_and_the_last_day_have_no_neighbour(published: datetime) -> None:
    assert extract_figures(strip_labels("Honda recalls 5,000 cars on Friday", published)) >= {Figure("5000")}
