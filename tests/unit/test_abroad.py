"""Questions in German, Spanish and Japanese: kinds, stages and times in them, and what is left."""

from __future__ import annotations

from datetime import date

import pytest

from bot.entities.company_index import CompanyIndex
from bot.languages import LANGUAGES, use_language
from bot.languages.catalogues import Language
from bot.model.dates import PartialDate
from bot.model.vocabulary import Kind, Stage
from bot.query.date_ranges import parse_date_range
from bot.query.query_parser import parse_query
from tests.unit.test_seeds import companies

MONDAY = date(2025, 9, 1)
NAMES = CompanyIndex(companies())


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("Übernahme von Nissan", ["acquisition"]),
        ("nissan uebernahme", ["acquisition"]),
        ("abgeschlossene Übernahmen Nissan", ["completed", "acquisition"]),
        ("Gespräche zwischen Nissan und Honda", ["talks"]),
        ("fusión de Nissan con Honda", ["merger"]),
        ("empresa conjunta Nissan", ["joint venture"]),
        ("acuerdo acordado de Nissan", ["agreed"]),
        ("gescheiterte Fusionen Nissan", ["terminated", "merger"]),
        ("日産の経営統合はどうなった", ["merger"]),
        ("日産とホンダの合併交渉はいつ破談した", ["merger", "talks", "terminated"]),
        ("operación de Nissan en disputa", ["disputed"]),
        ("日産 業務提携 協議中", ["alliance", "talks"]),
    ],
)
def test_kinds_and_stages_are_understood_in_every_language(typed: str, labels: list[str]) -> None:
    said = parse_query(typed, NAMES, MONDAY)
    assert said.companies[:1] == ("Nissan",)
    assert [wish.name for wish in said.facets] == labels


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("Nissan im März 2025", "2025-03-01", "2025-03-31"),
        ("nissan mai 2025", "2025-05-01", "2025-05-31"),
        ("Nissan seit Juli", "2025-07-01", "2025-09-01"),
        ("Nissan am 3. Februar 2025", "2025-02-03", "2025-02-03"),
        ("Nissan letzten Monat", "2025-08-01", "2025-08-31"),
        ("nissan letztes jahr", "2024-01-01", "2024-12-31"),
        ("nissan gestern", "2025-08-31", "2025-08-31"),
        ("Nissan en agosto de 2025", "2025-08-01", "2025-08-31"),
        ("nissan desde 2024", "2024-01-01", "2025-09-01"),
        ("nissan el mes pasado", "2025-08-01", "2025-08-31"),
        ("nissan este año", "2025-01-01", "2025-12-31"),
        ("日産 先月", "2025-08-01", "2025-08-31"),
        ("日産 昨年", "2024-01-01", "2024-12-31"),
    ],
)
def test_times_are_understood_in_every_language(typed: str, first: str, last: str) -> None:
    said = parse_query(typed, NAMES, MONDAY)
    assert said.date_range is not None
    assert (said.date_range.first_day.isoformat(), said.date_range.last_day.isoformat()) == (first, last)
    assert (said.companies, said.terms) == (("Nissan",), ())


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_what_the_bot_shows_it_understands(language: Language) -> None:
    """Kinds, stages, dates and times, typed as they are read in its own answers."""
    with use_language(language.code):
        for word in (*Kind, *Stage):
            said = parse_query(f"Nissan {word.label}", NAMES, MONDAY)
            understood = {known for wish in said.facets for known in (*wish.kinds, *wish.stages)}
            assert word in understood or word is Kind.OTHER, word.label
        for month in range(1, 13):
            for shown in (PartialDate(2024, month), PartialDate(2024, month, 10)):
                span, _ = parse_date_range(f"Nissan {shown.display}", MONDAY)
                assert span is not None, shown.display
                assert span.label == shown.display
        for typed in (
            "Q1 2025",
            "H2 2024",
            "last 3 months",
            "last 2 weeks",
            "since March 2025",
            "last month",
            "2024",
            "this week",
        ):
            meant, _ = parse_date_range(typed, MONDAY)
            assert meant is not None
            assert parse_date_range(f"Nissan {meant.label}", MONDAY)[0] == meant, meant.label


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("Nissan 3. Quartal", "2025-07-01", "2025-09-30"),
        ("Nissan in den letzten 3 Monaten", "2025-06-03", "2025-09-01"),
        ("日産 直近2週間", "2025-08-18", "2025-09-01"),
        ("日産 2024年下半期", "2024-07-01", "2024-12-31"),
        ("日産 8月", "2025-08-01", "2025-08-31"),
    ],
)
def test_times_are_understood_as_people_write_them(typed: str, first: str, last: str) -> None:
    span, _ = parse_date_range(typed, MONDAY)
    assert span is not None
    assert (span.first_day.isoformat(), span.last_day.isoformat()) == (first, last)


@pytest.mark.parametrize("typed", ["was gibt es Neues zu Nissan?", "¿qué hay de Nissan?", "日産 の 最新 ニュース"])
def test_what_stands_around_a_name_is_no_word_to_look_for(typed: str) -> None:
    said = parse_query(typed, NAMES, MONDAY)
    assert (said.companies, said.terms, said.facets) == (("Nissan",), (), ())
