"""Questions as people type them: fillers, contractions, exclusions, figures, and words as they were typed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.entities.company_index import CompanyIndex
from bot.model.company import Company
from bot.model.terms import TermName
from bot.query.query_parser import ParsedQuery, parse_query

TODAY = date(2025, 9, 1)
NAMES = CompanyIndex(
    [
        Company("Nissan", ("日産",)),
        Company("Honda", ("ホンダ",)),
        Company("Foxconn"),
        Company("McDonald's"),
        Company("Western Digital"),
        Company("3M"),
    ]
)


def parse(text: str) -> ParsedQuery:
    return parse_query(text, NAMES, TODAY)


@pytest.mark.parametrize(
    "typed",
    [
        "did nissan buy honda",
        "didn't nissan say whether it'd bought honda?",
        "hat nissan honda schon übernommen?",
        "¿Nissan compró Honda?",
        "¿quién compró Nissan?",
        "wer kauft eigentlich Nissan",
        "show me nissan mergers",
        "why did the nissan honda merger fall through",
        "日産はホンダを買収したのですか",
        "last year's terminated deals",
        "welche Übernahmen von Nissan wurden abgeschlossen?",
        "acuerdos de suministro de Nissan",
    ],
)
def test_question_words_are_no_terms(typed: str) -> None:
    """None of them is then said to be missing in a story."""
    assert parse(typed).terms == ()


def test_a_possessive_does_not_hide_a_date() -> None:
    query = parse("last year's terminated deals")
    assert query.date_range is not None
    assert (query.date_range.first_day, query.date_range.last_day) == (date(2024, 1, 1), date(2024, 12, 31))


def test_a_name_keeps_its_apostrophe() -> None:
    assert parse("McDonald's deal").companies == ("McDonald's",)


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [("nissan Pokémon café", ["Pokémon", "café"]), ("Nissan's EX-30 Müller’s", ["EX-30", "Müller"])],
)
def test_words_are_shown_as_they_were_typed(typed: str, spelled: list[str]) -> None:
    query = parse(typed)
    assert [query.spell(word) for word in query.terms] == spelled


@pytest.mark.parametrize(
    ("typed", "excluded"),
    [
        ("deals except Seagen and Metsera", ("Seagen", "Metsera")),
        ("deals except nissan, honda and foxconn in 2023", ("Nissan", "Honda", "Foxconn")),
        ("Geschäfte ohne Nissan und Honda", ("Nissan", "Honda")),
        ("acuerdos sin Nissan ni Honda", ("Nissan", "Honda")),
        ("ホンダと日産以外の合併", ("Honda", "Nissan")),
        ("deals without western digital or nissan", ("Western Digital", "Nissan")),
        ("merger -nissan -western digital", ("Nissan", "Western Digital")),
        ("merger not nissan", ("Nissan",)),
        ("merger without a partner", ()),
        ("mergers except nissan and honda mergers", ("Nissan", "Honda")),
    ],
)
def test_several_names_and_words_are_excluded(typed: str, excluded: tuple[str, ...]) -> None:
    query = parse(typed)
    assert query.exclusions == excluded
    assert query.companies == ()


def test_what_follows_the_excluded_names_is_still_asked() -> None:
    query = parse("foxconn without nissan and honda in 2023")
    assert (query.companies, query.exclusions, query.terms) == (("Foxconn",), ("Nissan", "Honda"), ())
    assert query.date_range is not None


@pytest.mark.parametrize(
    "typed", ["$69bn", "69 billion dollars", "69 Milliarden", "690億ドル", "US$69 billion", "69bn"]
)
@pytest.mark.parametrize("written", ["69 billion", "69 milliarden", "69bn", "690億*"])
def test_an_amount_is_found_in_every_spelling(typed: str, written: str) -> None:
    query = parse(f"{typed} takeover")
    assert written in query.term_patterns[query.terms[0]]
    assert query.limits == ()


@pytest.mark.parametrize("typed", ["2nm", "2 nm", "two nm", "2-nm"])
def test_a_measure_is_found_in_every_spelling(typed: str) -> None:
    query = parse(f"japan {typed}")
    assert query.terms == (typed, "japan")
    assert {"2 nm", "2nm"} <= set(query.term_patterns[typed])


@pytest.mark.parametrize("typed", ["six", "sechs", "seis", "6"])
def test_small_numbers_are_found_in_digits_and_words(typed: str) -> None:
    query = parse(f"nissan {typed} plants")
    assert {"6", "six", "sechs", "seis"} == set(query.term_patterns[typed])


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("wasserstoff", "hydrogen"),
        ("hidrógeno", "hydrogen"),
        ("lawsuit", "sues"),
        ("Klage", "sues"),
        ("aerolínea", "airline"),
    ],
)
def test_a_topic_is_found_by_its_words_in_any_language(typed: str, written: str) -> None:
    query = parse(f"nissan {typed}")
    assert [written in patterns for patterns in query.term_patterns.values()] == [True]


def test_a_name_with_a_digit_is_no_amount() -> None:
    assert parse("3M merger").companies == ("3M",)


@pytest.mark.parametrize(
    ("typed", "over", "under", "unit"),
    [
        ("mergers over $10bn", 10**10, None, "USD"),
        ("Fusionen über 10 Milliarden Euro", 10**10, None, "EUR"),
        ("fusiones de más de 10.000 millones de dólares", 10**10, None, "USD"),
        ("100億ドル以上の合併", 10**10, None, "USD"),
        ("mergers under 5 billion", None, 5 * 10**9, None),
        ("mergers between $1bn and $10bn", 10**9, 10**10, "USD"),
    ],
)
def test_limits_of_figures(typed: str, over: int | None, under: int | None, unit: str | None) -> None:
    query = parse(typed)
    (limit,) = query.limits
    assert (limit.over, limit.under, limit.unit) == (over and Decimal(over), under and Decimal(under), unit)
    assert ([facet.name for facet in query.facets], query.terms, query.date_range) == (["merger"], (), None)


def test_a_share_is_the_limit_of_a_stake() -> None:
    (limit,) = parse("stakes over 20%").limits
    assert (limit.name, limit.over) == (TermName.STAKE, Decimal(20))


def test_a_year_is_no_amount() -> None:
    query = parse("mergers over 2023")
    assert query.limits == ()
    assert query.date_range is not None


@pytest.mark.parametrize(
    ("typed", "is_asked"),
    [
        ("which deals were blocked by china", True),
        ("alle Übernahmen", True),
        ("list nissan honda", False),
        ("fusiones de nissan", True),
        ("合併の一覧", True),
        ("nissan honda deal", False),
        ("the biggest merger", False),
    ],
)
def test_plurals_ask_for_several(typed: str, is_asked: bool) -> None:
    assert parse(typed).asks_for_several == is_asked


@pytest.mark.parametrize(
    "typed", ["biggest deals", "größte Übernahmen", "las fusiones más grandes", "最大の合併", "top 5 deals"]
)
def test_the_largest_are_asked_for(typed: str) -> None:
    query = parse(typed)
    assert query.largest_first
    assert query.terms == ()
