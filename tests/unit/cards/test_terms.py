"""The figures of a deal on cards: bound, claim, figure, source and date; every side where sources differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.cards.full_story import full_story_card
from bot.cards.lists import list_card
from bot.cards.story import story_card
from bot.languages import use_language
from bot.library.answers import Answer, ListPage
from bot.model.dates import PartialDate
from bot.model.list_query import ListQuery
from bot.model.story import Story
from bot.model.terms import TERM_REMOVED, Term, TermName
from bot.model.vocabulary import Bound, Claim
from tests.unit.cards.examples import NIKKEI, REUTERS, TALKS, deal, line
from tests.unit.cards.limits import accept, full_text

PRICE = Term(
    "price",
    TermName.VALUE,
    Decimal(69_000_000_000),
    "USD",
    Claim.REPORTED,
    Bound.ABOUT,
    PartialDate(2022, 1),
    (REUTERS,),
)
OFFICIAL = replace(
    PRICE, key="official", amount=Decimal(68_700_000_000), bound=None, claim=Claim.CONFIRMED, date=PartialDate(2022, 2), sources=(NIKKEI,)
)  # fmt: skip
STAKE = Term("stake", TermName.STAKE, Decimal("51.5"), "%", Claim.CONFIRMED)


def with_terms(*terms: Term) -> Story:
    return replace(deal(TALKS), terms=terms)


def card_text(*terms: Term) -> str:
    card = story_card(Answer("q", with_terms(*terms)))
    accept(card)
    return full_text(card)


def full_card_text(*terms: Term) -> str:
    card = full_story_card(with_terms(*terms), 0)
    accept(card)
    return full_text(card)


def row_text(*terms: Term) -> str:
    return full_text(list_card(ListPage(ListQuery(), 0, 1, 1, (replace(line("a"), terms=terms),))))


def test_a_card_shows_a_figure_with_all_that_is_known_of_it() -> None:
    text = card_text(PRICE, STAKE)
    assert "**Value:** ○ about $69 billion · Reported · January 2022 · [Reuters](https://reuters.example/talks)" in text
    assert "**Stake:** ● 51.5% · Confirmed" in text


def test_a_story_without_figures_says_nothing_of_them() -> None:
    assert "Value" not in card_text()


def test_both_sides_are_shown_where_sources_differ() -> None:
    """The newer one first."""
    assert (
        "**Value:** sources differ\n> ● $68.7 billion · Confirmed · February 2022 · Nikkei: No talks, says maker\n"
        "> ○ about $69 billion · Reported · January 2022 · [Reuters]"
    ) in card_text(PRICE, OFFICIAL)


def test_figures_in_different_units_do_not_differ() -> None:
    vehicles = Term("vehicles", TermName.CAPACITY, Decimal(100_000), "vehicles/year", Claim.REPORTED)
    energy = Term("energy", TermName.CAPACITY, Decimal(20), "GWh", Claim.REPORTED)
    text = card_text(vehicles, energy)
    assert "differ" not in text
    assert "**Capacity:**\n> ○ 100,000 vehicles/year · Reported\n> ○ 20 GWh · Reported" in text


def test_figures_that_do_not_fit_are_counted() -> None:
    long = tuple(
        replace(PRICE, key=f"n{n}", name=name, unit="USD") for n, name in enumerate(TermName) for _ in range(3)
    )
    assert "more figures in the full story" in card_text(*long)


def test_the_full_story_has_every_figure_and_what_was_removed() -> None:
    text = full_card_text(replace(PRICE, retraction_reason=TERM_REMOVED), OFFICIAL)
    assert (
        "**Value:** ● $68.7 billion\n-# Confirmed · February 2022\n-# Nikkei: No talks, says maker · 20 Aug 2025"
        in text
    )
    assert "**Value:** ~~about $69 billion~~\n-# **Retracted:** The desk has removed this figure." in text


def test_a_list_shows_each_deals_value() -> None:
    assert "In talks · Supply · $68.7 billion · as of August 2025" in row_text(OFFICIAL)
    assert "about $69 billion, reported" in row_text(PRICE)
    assert "about $69 billion or $68.7 billion, sources differ" in row_text(PRICE, OFFICIAL)


@pytest.mark.parametrize(
    ("language", "figure"),
    [
        ("en", "about $69 billion"),
        ("de", "rund 69 Milliarden $"),
        ("es", "unos 69 mil millones US$"),
        ("ja", "約690億米ドル"),
    ],
)
def test_a_figure_is_written_as_the_readers_language_does(language: str, figure: str) -> None:
    with use_language(language):
        assert figure in card_text(PRICE)


@pytest.mark.parametrize(
    ("amount", "unit", "figure"),
    [
        ("68712345678", "USD", "$68,712,345,678"),
        ("1500000000", "EUR", "€1.5 billion"),
        ("95.5", "USD", "$95.50"),
        ("95", "JPY", "¥95"),
        ("51.25", "%", "51.25%"),
        ("2000000", "vehicles", "2 million vehicles"),
        ("999999", "vehicles/year", "999,999 vehicles/year"),
    ],
)
def test_no_figure_is_rounded(amount: str, unit: str, figure: str) -> None:
    assert replace(PRICE, name=TermName.VOLUME, amount=Decimal(amount), unit=unit, bound=None).display == figure


def test_jobs_are_not_said_twice() -> None:
    jobs = Term("jobs", TermName.JOBS, Decimal(35_000), "jobs", Claim.REPORTED, Bound.UP_TO)
    assert "**Jobs:** ○ up to 35,000 ·" in card_text(jobs)
