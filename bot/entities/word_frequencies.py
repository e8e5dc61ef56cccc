"""How common words are in news, and which are rather names: counts, kept in ``frequent.tsv``.

``benchmarks/learn_words.py`` makes the file anew from any plain text with a sentence a line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.entities.fold import fold

FREQUENCIES_FILE = Path(__file__).parent / "frequent.tsv"
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_POSSESSIVE = re.compile(r"['’][sS]?$")


@dataclass(frozen=True, slots=True)
class WordFrequencies:
    """How many of ``total`` sentences a folded word stands in, and how many in a hundred of its places are lower case."""

    total: int
    sentence_counts: dict[str, int]
    lowercase_percents: dict[str, int]

    def is_common(self, word: str) -> bool:
        """Whether a folded word is seen in lower case often enough to be no name by itself."""
        return self.lowercase_percents.get(word, 0) >= 34

    def is_known(self, word: str) -> bool:
        """Whether a folded word has been counted at all, as a name or as a word."""
        return word in self.sentence_counts


@cache
def get_word_frequencies() -> WordFrequencies:
    """The counts of the file, read once."""
    rows = [line.split("\t") for line in FREQUENCIES_FILE.read_text(encoding="utf-8").splitlines()]
    return WordFrequencies(
        total=int(rows[0][1]),
        sentence_counts={word: int(documents) for word, documents, _ in rows[1:]},
        lowercase_percents={word: int(lower) for word, _, lower in rows[1:]},
    )


def is_known_word(word: str) -> bool:
    """Whether a folded word is one that news uses often: it is meant as it stands, and is no slip for another."""
    return word in get_word_frequencies().sentence_counts


def is_common_word(word: str) -> bool:
    """Whether a folded word is one that news uses often, and no name by itself: ``jobs``, but not ``turkey``."""
    return get_word_frequencies().is_common(word)


def split_without_possessives(text: str) -> list[str]:
    """The words of a text as they are spelled, without a possessive ending."""
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


@lru_cache(maxsize=20_000)
def is_name(word: str) -> bool:
    """Whether a word, as it is spelled, is rather a name: a capital first, and not seen in lower case elsewhere.

    In a headline that has a capital on every word this tells ``Nissan`` from ``Talks``.
    """
    return word[:1].isupper() and not get_word_frequencies().is_common(fold(word))
