"""Questions in German, Spanish and Japanese: kinds, stages and times in them, and what is left."""

from __future__ import annotations

import re
from datetime import date

import pytest

from bot.entities.company_index import CompanyIndex
from bot.languages import LANGUAGES, use_language
from bot.languages.catalogues import Language
from bot.model.dates import PartialDate
from bot.model.vocabulary import Kind, Stage
from bot.query.date_ranges import parse_date_range
from bot.query.facets import find_facets, get_facet_label
from bot.query.lexicon import ENGLISH, LEXICONS, Lexicon, QuestionKind
from bot.query.query_parser import parse_query
from tests.unit.newsdesk import read_seed_companies

MONDAY = date(2025, 9, 1)
NAMES = CompanyIndex(read_seed_companies())
NO_NAMES = CompanyIndex()


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
    query = parse_query(typed, NAMES, MONDAY)
    assert query.companies[:1] == ("Nissan",)
    assert [facet.name for facet in query.facets] == labels


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
    query = parse_query(typed, NAMES, MONDAY)
    assert query.date_range is not None
    assert (query.date_range.first_day.isoformat(), query.date_range.last_day.isoformat()) == (first, last)
    assert (query.companies, query.terms) == (("Nissan",), ())


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_words_for_kinds_and_stages(code: str) -> None:
    """Each phrase names its own kind or stage, unless a language before has the same word for another."""
    lexicon = next(lexicon for lexicon in LEXICONS if lexicon.code == code)
    assert set(lexicon.facet_words) == {*Kind, *Stage} - {Kind.OTHER}
    for word, phrases in lexicon.facet_words.items():
        facets = [facet for phrase in phrases.split("|") for facet in parse_query(phrase, NO_NAMES, MONDAY).facets]
        assert word in {part for facet in facets for part in (*facet.kinds, *facet.stages)}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_direct_questions_and_topics(code: str) -> None:
    lexicon = next(lexicon for lexicon in LEXICONS if lexicon.code == code)
    assert set(lexicon.question_patterns) == set(QuestionKind)
    assert set(lexicon.topic_words) == set(ENGLISH.topic_words)
    assert lexicon.reason_words
    assert lexicon.no_reason_words
    assert lexicon.per_share_words


@pytest.mark.parametrize("word", [word for word in (*Kind, *Stage) if word is not Kind.OTHER])
def test_every_kind_and_stage_is_a_facet(word: Kind | Stage) -> None:
    """It has a label, and the label in English finds it."""
    facets, other_words = find_facets(get_facet_label(word).split())
    assert [{*facet.kinds, *facet.stages} for facet in facets] == [{word}]
    assert other_words == ()


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon.code)
def test_a_lexicon_is_whole(lexicon: Lexicon) -> None:
    """Patterns compile, months are twelve or none, units and kinds are known ones."""
    for pattern in (
        *lexicon.last_period_patterns,
        *lexicon.quarter_patterns,
        *lexicon.half_year_patterns,
        *lexicon.since_patterns,
        *(pattern for pattern, _, _ in lexicon.relative_ranges),
    ):
        re.compile(pattern)
    assert len(lexicon.months) in (0, 12)
    assert set(lexicon.time_units.values()) <= {"day", "week", "month", "year"}
    assert {unit for _, unit, _ in lexicon.relative_ranges} <= {"week", "month", "quarter", "year"}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_labels_that_the_bot_shows_are_understood(language: Language) -> None:
    """Kinds, stages, dates and times, typed as they are read in its own answers."""
    with use_language(language.code):
        for word in (*Kind, *Stage):
            query = parse_query(f"Nissan {word.label}", NAMES, MONDAY)
            understood = {known for facet in query.facets for known in (*facet.kinds, *facet.stages)}
            assert word in understood or word is Kind.OTHER, word.label
        for month in range(1, 13):
            for shown in (PartialDate(2024, month), PartialDate(2024, month, 10)):
                date_range, _ = parse_date_range(f"Nissan {shown.display}", MONDAY)
                assert date_range is not None, shown.display
                assert date_range.label == shown.display
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
            expected, _ = parse_date_range(typed, MONDAY)
            assert expected is not None
            assert parse_date_range(f"Nissan {expected.label}", MONDAY)[0] == expected, expected.label


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
    date_range, _ = parse_date_range(typed, MONDAY)
    assert date_range is not None
    assert (date_range.first_day.isoformat(), date_range.last_day.isoformat()) == (first, last)


@pytest.mark.parametrize("typed", ["was gibt es Neues zu Nissan?", "¿qué hay de Nissan?", "日産 の 最新 ニュース"])
def test_words_around_a_name_are_no_terms(typed: str) -> None:
    query = parse_query(typed, NAMES, MONDAY)
    assert (query.companies, query.terms, query.facets) == (("Nissan",), (), ())
