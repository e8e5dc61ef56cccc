"""Which of two sentences gives the newer figure of the same thing: *rises to 823*, then *reaches 1,042*."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from bot.languages import LANGUAGES, get_calendar_names
from bot.model.figures import find_quantities
from bot.model.text_folding import UNSPACED
from bot.newsroom.tracker.text_features import tokenize
from bot.query.lexicon import LEXICONS

#: Sentences that share this part of the words of the shorter one are about the same thing; more, if their figures seem to
#: count different things.
_MIN_SHARED, _MIN_SHARED_OF_OTHER_NOUNS = 0.5, 0.75
#: So many words are too few to tell.
_MIN_SHARED_WORDS = 2
_STEM_LENGTH = 5
#: In Japanese the counter is one character: 7人.
_NOUN = re.compile(r"[\s-]?(?P<noun>[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]{1,20})")
_YEARS = range(1900, 2101)
_CALENDAR_SUFFIX = re.compile(r"\s?(?:[年月日時分]|(?:st|nd|rd|th)\b)")
_HIRAGANA = re.compile(r"[\u3041-\u309f]")


@dataclass(frozen=True, slots=True)
class CountedThing:
    """A figure of a sentence: its amount, its unit, and the word behind it; None for what it does not have."""

    amount: Decimal
    unit: str | None
    noun: str | None


@dataclass(frozen=True, slots=True)
class SentenceContent:
    """What a sentence says.

    Attributes:
        figures: its figures, without dates.
        words: its words and numbers that say something, stemmed.
        stems: the beginnings of the words only, so that *invertirá* and *inversión* are alike.
    """

    figures: frozenset[CountedThing]
    words: frozenset[str]
    stems: frozenset[str]

    def supersedes(self, older: SentenceContent) -> bool:
        """Return whether an older sentence gives another figure of the same thing."""
        shared = len(self.stems & older.stems)
        if shared < _MIN_SHARED_WORDS:
            return False
        ratio = shared / min(len(self.stems), len(older.stems))
        return ratio >= _MIN_SHARED and any(
            ratio >= (_MIN_SHARED if _may_count_the_same(one, other) else _MIN_SHARED_OF_OTHER_NOUNS)
            for one in self.figures - older.figures
            for other in older.figures
            if one.unit == other.unit and one.amount != other.amount
        )


def read_content(sentence: str) -> SentenceContent:
    """Return what a sentence says. At most as many figures are compared as a sentence can have."""
    text = unicodedata.normalize("NFKC", sentence)
    stopwords = get_stopwords()
    words = frozenset(word for word in tokenize(text).headline_stems if word not in stopwords)
    stems = frozenset(
        word if UNSPACED.search(word) else word[:_STEM_LENGTH]
        for word in words
        if not any(character.isdigit() for character in word) and not _HIRAGANA.search(word)
    )
    return SentenceContent(frozenset(_find_figures(text)), words, stems)


@cache
def get_stopwords() -> frozenset[str]:
    """Return the words of all languages that say nothing about a subject."""
    words: set[str] = set()
    for lexicon in LEXICONS:
        words |= {
            *lexicon.stopwords.split(),
            *(lexicon.statements.function_words.split() if lexicon.statements else ()),
        }
    return frozenset(words)


@cache
def _get_months() -> frozenset[str]:
    return frozenset(name for code in LANGUAGES for name in get_calendar_names(code)[0]) | {"sept"}


def _find_figures(text: str) -> Iterable[CountedThing]:
    for count, quantity in enumerate(find_quantities(text)):
        if count >= 8:
            return
        noun_match = _NOUN.match(text, quantity.end)
        noun = noun_match["noun"].lower() if noun_match else None
        words_before = text[max(0, quantity.start - 16) : quantity.start].lower().replace(".", " ").split()
        is_year = quantity.amount in _YEARS and text[quantity.start : quantity.end].isdigit()
        is_day = noun == "de" or noun in _get_months() or not _get_months().isdisjoint(words_before[-1:])
        if quantity.unit is None and (is_year or is_day or _CALENDAR_SUFFIX.match(text, quantity.end)):
            continue
        yield CountedThing(quantity.amount, quantity.unit, noun if quantity.unit is None else None)


def _may_count_the_same(one: CountedThing, other: CountedThing) -> bool:
    stopwords = get_stopwords()
    nouns = {each.noun for each in (one, other) if each.noun and each.noun not in stopwords}
    return len({noun[:_STEM_LENGTH] for noun in nouns}) < 2
