"""How well terms and expected events are read from our own headlines and leads (benchmarks/terms.py has the figures)."""

from __future__ import annotations

import collections
from datetime import date

import pytest

from bot.newsroom.expected_event_extraction import extract_expected_events
from bot.newsroom.term_extraction import extract_terms
from tests.unit.term_headlines import PUBLISHED, Score, judge, read_labelled_texts

TEXTS = read_labelled_texts()
TUNE = [text for text in TEXTS if not text.is_held_out]
MIN_PRECISION, MIN_RECALL = 0.97, 0.95


def test_the_texts_are_of_every_language_and_many_give_nothing() -> None:
    languages = collections.Counter(text.language for text in TEXTS)
    assert languages.keys() == {"en", "de", "es", "ja"}
    assert min(languages.values()) >= 35
    assert sum(not text.terms and not text.events for text in TEXTS) >= 90


@pytest.mark.parametrize("language", ["en", "de", "es", "ja"])
def test_terms_and_events_are_read_in_each_language(language: str) -> None:
    texts = [text for text in TUNE if text.language == language]
    terms = sum((judge(text.terms, text.read_terms()) for text in texts), Score())
    events = sum((judge(text.events, text.read_events()) for text in texts), Score())
    for score in (terms, events):
        assert score.precision >= MIN_PRECISION
        assert score.recall >= MIN_RECALL


def test_words_are_where_they_are_said_to_be() -> None:
    for text in TUNE:
        parts = {"title": text.headline, "text": text.lead}
        spans = [term.words for term in extract_terms(text.headline, text.lead, PUBLISHED)]
        spans += [event.words for event in extract_expected_events(text.headline, text.lead, PUBLISHED)]
        for span in spans:
            assert parts[span.part][span.start : span.end] == span.words != ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deal to close in the second half", ["2026-H2"]),
        ("Deal to close in the first half of next year", ["2027-H1"]),
        ("Deal to close in January", ["2027-01"]),
        ("Deal to close in March", ["2026-03"]),
        ("Deal to close before 2027", ["by 2026"]),
        ("Deal to close before June", ["by 2026-05"]),
        ("Deal to close by the end of the third quarter", ["by 2026-09"]),
        ("Deal to close in early 2027", ["2027"]),
        ("Deal to close within six months", ["by 2026-09"]),
        ("Deal to close next quarter", ["2026-Q2"]),
        ("Deal to close on April 31", []),
        ("Deal to close in the first half of fiscal 2027", []),
        ("Deal to close in 2025", []),
        ("Deal may close in June", []),
        ("Deal not expected to close in June", []),
    ],
)
def test_a_date_is_no_more_precise_than_its_words(text: str, expected: list[str]) -> None:
    assert [str(event.date) for event in extract_expected_events(text, "", date(2026, 3, 12))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme buys Bolt for about $2bn", ["about $2bn"]),
        ("Acme buys Bolt for up to $2bn", ["up to $2bn"]),
        ("Acme buys Bolt for less than $2bn", []),
        ("Acme buys Bolt for $2bn to $3bn", []),
        ("Acme buys Bolt for $2bn and Nut for $3bn", []),
        ("Acme could buy Bolt for $2bn", []),
        ("Acme buys Bolt for 2 billion euros ($2.2 billion)", ["2 billion euros"]),
        ("In 2019, Bolt was acquired for $2bn", []),
        ("Acme buys Bolt for $20", []),
    ],
)
def test_a_figure_keeps_its_bound_or_is_left_out(text: str, expected: list[str]) -> None:
    assert [term.words.words for term in extract_terms(text, "", PUBLISHED)] == expected
