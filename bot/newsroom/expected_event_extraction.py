"""The events that an article expects, with their dates: a closing, a signing, a decision, a launch.

A date is resolved against the day on which the article was published, and is never more precise than its words: *late 2026*
is 2026, *by year-end* is by 2026. What may happen, and what is expected at the earliest, is not proposed; nor is a period of
a company's own year, because the calendar does not know it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from typing import Literal

from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedDate, YearPart
from bot.model.proposals import ExpectedKind, ExpectedProposal
from bot.model.tracking import TextSpan
from bot.newsroom.sentences import find_languages, split_sentences
from bot.newsroom.term_extraction import LEAD_LIMIT, TITLE_LIMIT, fold_characters
from bot.query.lexicon import LEXICONS
from bot.query.lexicon.expectations import ExpectationPhrases
from bot.query.lexicon.phrases import FILLER, MARKED_FILLER, OTHER, TARGET, compile_phrases

#: Nobody expects anything later.
_YEARS_AHEAD = 15
#: How many characters before a date can make it the earliest.
_CHARACTERS_BEFORE = 24
#: What joins two dates to a range; its preposition may be part of the second date.
_RANGE = re.compile(r"\s?(?:to|or|and|bis|oder|und|o|y|a|-|–|~|から)?\s?")
_JOINT_LIMIT = 10


@dataclass(frozen=True, slots=True)
class _Date:
    """A date of a text, and where it is.

    Attributes:
        is_beginning: whether something begins then: *from 2027*.
    """

    date: ExpectedDate | None
    start: int
    end: int
    is_beginning: bool


class _ExpectationReader:
    """The phrases of one language, compiled when they are first needed; texts are in lower case."""

    def __init__(self, phrases: ExpectationPhrases) -> None:
        self._phrases = phrases
        self._months = {name: number for number, row in enumerate(phrases.months, start=1) for name in row.split()}
        start, end = (r"(?<![\w-])", r"(?![\w-])") if phrases.has_spaces else ("", "")
        self._dates = [re.compile(rf"{start}(?:{pattern}){end}") for pattern in phrases.dates]
        self._fiscal = re.compile(phrases.fiscal)
        self._uncertain = re.compile(rf"{start}(?:{phrases.uncertain})\s?(?:\S{{1,4}}\s)?$")

    @cached_property
    def _events(self) -> dict[ExpectedKind, re.Pattern[str] | None]:
        return {kind: self._compile(lines) for kind, lines in self._phrases.events.items()}

    @cached_property
    def _others(self) -> re.Pattern[str] | None:
        return self._compile(self._phrases.others)

    def _compile(self, lines: str) -> re.Pattern[str] | None:
        return compile_phrases(
            lines,
            tuple(self._phrases.nouns.items()),
            gap_limits=self._phrases.gap_limits,
            noun_phrase_limits=self._phrases.noun_phrase_limits,
            has_spaces=self._phrases.has_spaces,
            crosses_others=False,
        )

    def find_dates(self, text: str, published: date) -> list[_Date]:
        """Return the dates of a text in their order; those that cannot be resolved, or are the ends of a range, have no date."""
        dates: list[_Date] = []
        for pattern in self._dates:
            for match in pattern.finditer(text):
                if all(match.end() <= each.start or each.end <= match.start() for each in dates):
                    is_beginning = bool(match.groupdict().get("since"))
                    dates.append(_Date(self._resolve(text, match, published), *match.span(), is_beginning))
        dates.sort(key=lambda each: each.start)
        joined = {
            index
            for index, (first, second) in enumerate(pairwise(dates))
            if _RANGE.fullmatch(text[first.end : second.start][:_JOINT_LIMIT])
        }
        return [
            replace(each, date=None) if index in joined or index - 1 in joined else each
            for index, each in enumerate(dates)
        ]

    def find_event(self, sentence: str) -> tuple[ExpectedKind, re.Match[str]] | None:
        """Find what a sentence expects at its ``TARGET``."""
        if self._others is not None and self._others.search(sentence):
            return None
        for kind, pattern in self._events.items():
            match = pattern.search(sentence) if pattern is not None else None
            if match is not None:
                return kind, match
        return None

    def is_fiscal(self, sentence: str) -> bool:
        """Return whether the periods of a sentence are those of a company's own year."""
        return self._fiscal.search(sentence) is not None

    def _resolve(self, text: str, match: re.Match[str], published: date) -> ExpectedDate | None:
        if self._uncertain.search(text, max(0, match.start() - _CHARACTERS_BEFORE), match.start()):
            return None
        words = {name.rstrip("0123456789"): group for name, group in match.groupdict().items() if group}
        try:
            expected = self._resolve_words(words, published)
        except ValueError:
            return None
        if expected is None or expected.is_over(published) or expected.partial.year > published.year + _YEARS_AHEAD:
            return None
        return expected

    def _resolve_words(self, words: dict[str, str], published: date) -> ExpectedDate | None:
        if "count" in words:
            return ExpectedDate(_add_months(published, self._get_number(words["count"]), is_bounded=True))
        window = self._find_window(words, published)
        if window is None:
            return None
        if "before" in words and "end" not in words and "vague" not in words and window.day is None:
            if window.partial.month is None and window.part is None:
                return ExpectedDate(PartialDate(window.partial.year - 1, is_bounded=True))
            first = window.partial.first_day
            if window.part is not None:
                first = date(window.partial.year, {"H1": 1, "H2": 7}.get(window.part, window.part.last_month - 2), 1)
            return ExpectedDate(_add_months(first, -1, is_bounded=True))
        if "by" in words or "before" in words:
            last = PartialDate(window.partial.year, window.part.last_month) if window.part else window.partial
            return ExpectedDate(PartialDate(last.year, last.month, last.day, is_bounded=True))
        return window

    def _find_window(self, words: dict[str, str], published: date) -> ExpectedDate | None:
        """Return the day or the period that words name: without a year the first that is not over."""
        if "period" in words:
            return _find_next_period(words, published)
        if "year" in words:
            years = [int(words["year"])]
        elif "next" in words:
            years = [published.year + 1]
        elif "this" in words or not words.keys() & {"half", "quarter", "month"}:
            years = [published.year]
        else:
            years = [published.year, published.year + 1]
        windows = [self._make_window(words, year) for year in years]
        return next((window for window in windows if not window.is_over(published)), None)

    def _make_window(self, words: dict[str, str], year: int) -> ExpectedDate:
        if "half" in words:
            return ExpectedDate(PartialDate(year), YearPart(f"H{self._get_number(words['half'])}"))
        if "quarter" in words:
            return ExpectedDate(PartialDate(year), YearPart(f"Q{self._get_number(words['quarter'])}"))
        if "month" in words:
            month = self._months.get(words["month"]) or int(words["month"])
            return ExpectedDate(PartialDate(year, month, int(words["day"]) if "day" in words else None))
        return ExpectedDate(PartialDate(year))

    def _get_number(self, word: str) -> int:
        return int(word) if word.isdecimal() else self._phrases.numbers[word]


_PHRASES_BY_LANGUAGE = {lexicon.code: lexicon.expectations for lexicon in LEXICONS if lexicon.expectations is not None}


@cache
def _get_reader(code: str) -> _ExpectationReader:
    # Compiled on first use: all languages at once would delay every start.
    return _ExpectationReader(_PHRASES_BY_LANGUAGE[code])


def extract_expected_events(title: str, text: str, published: date) -> tuple[ExpectedProposal, ...]:
    """Return the events that the title and the lead of an article expect, at most one of each kind.

    The first sentence that gives one decides; if it gives two dates, none is proposed.
    """
    by_kind: dict[ExpectedKind, ExpectedProposal | None] = {}
    parts: tuple[tuple[Literal["title", "text"], str], ...] = (
        ("title", title[:TITLE_LIMIT]),
        ("text", text[:LEAD_LIMIT]),
    )
    for part, words in parts:
        for code in _PHRASES_BY_LANGUAGE:
            for proposals in _read_sentences(code, part, words, published):
                by_kind = {**proposals, **by_kind}
    return tuple(proposal for kind in ExpectedKind if (proposal := by_kind.get(kind)) is not None)


def _read_sentences(
    code: str, part: Literal["title", "text"], words: str, published: date
) -> Iterator[dict[ExpectedKind, ExpectedProposal | None]]:
    """Yield what each sentence of a language expects by kind; None for a kind for which it gives two dates."""
    reader = _get_reader(code)
    folded = fold_characters(words).lower()
    dates = reader.find_dates(folded, published) if len(folded) == len(words) else []
    for start, sentence in split_sentences(_mask(folded, dates)):
        unmasked = folded[start : start + len(sentence)]
        if code not in find_languages(unmasked) or reader.is_fiscal(unmasked):
            continue
        found: dict[ExpectedKind, list[ExpectedProposal]] = {}
        for each in dates:
            position = each.start - start
            if each.date is None or not 0 <= position < len(sentence):
                continue
            event = reader.find_event(sentence[:position] + TARGET + sentence[position + 1 :])
            if event is not None:
                kind, match = event
                first, last = start + match.start(), start + match.end()
                span = TextSpan(part, first, last, words[first:last])
                found.setdefault(kind, []).append(ExpectedProposal(kind, each.date, span))
        yield {
            kind: proposals[0] if len({proposal.date for proposal in proposals}) == 1 else None
            for kind, proposals in found.items()
        }


def _mask(text: str, dates: list[_Date]) -> str:
    """Return the text with each date as one word of the same length; the beginning of a period is marked."""
    characters = list(text)
    for each in dates:
        filler = MARKED_FILLER if each.is_beginning else FILLER
        characters[each.start : each.end] = OTHER + filler * (each.end - each.start - 1)
    return "".join(characters)


def _find_next_period(words: dict[str, str], published: date) -> ExpectedDate:
    """Return this month or quarter, or the next."""
    is_next = "next" in words
    if "month" in words["period"] or not words["period"].startswith(("quarter", "quartal", "trimestre")):
        month = _add_months(published, 1 if is_next else 0)
        return ExpectedDate(month)
    month = _add_months(published, 3 if is_next else 0)
    return ExpectedDate(PartialDate(month.year), YearPart(f"Q{((month.month or 1) + 2) // 3}"))


def _add_months(day: date, count: int, *, is_bounded: bool = False) -> PartialDate:
    """Return the month a number of months after that of a day."""
    index = day.year * 12 + day.month - 1 + count
    return PartialDate(index // 12, index % 12 + 1, is_bounded=is_bounded)
