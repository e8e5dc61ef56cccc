"""How common words are in news, and how often they are lower case; the counts are in ``frequent.tsv``.

``benchmarks/learn_words.py`` creates the file from a plain text with one sentence per line.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from bot.model.text_folding import fold

FREQUENCIES_FILE = Path(__file__).parent / "frequent.tsv"
_WORD = re.compile(r"\w+(?:['’]\w+)*")
_POSSESSIVE = re.compile(r"['’][sS]?$")


@dataclass(frozen=True, slots=True)
class WordFrequencies:
    """How many of ``total`` sentences have a folded word, and what percentage of its occurrences is lower case."""

    total: int
    sentence_counts: dict[str, int]
    lowercase_percents: dict[str, int]

    def is_common(self, word: str) -> bool:
        """Return whether a folded word is lower case often enough not to be a name by itself."""
        return self.lowercase_percents.get(word, 0) >= 34

    def is_sometimes_lowercase(self, word: str) -> bool:
        """Return whether a folded word is a word besides being a name: names of companies are hardly ever lower case."""
        return self.lowercase_percents.get(word, 0) >= 10

    def is_known(self, word: str) -> bool:
        """Return whether a folded word was counted at all, as a name or as a word."""
        return word in self.sentence_counts


@cache
def get_word_frequencies() -> WordFrequencies:
    """Return the counts of the file, which is read once."""
    rows = [line.split("\t") for line in FREQUENCIES_FILE.read_text(encoding="utf-8").splitlines()]
    return WordFrequencies(
        total=int(rows[0][1]),
        sentence_counts={word: int(documents) for word, documents, _ in rows[1:]},
        lowercase_percents={word: int(lower) for word, _, lower in rows[1:]},
    )


def is_known_word(word: str) -> bool:
    """Return whether news uses a folded word often, as a name or as a word: then it is not a typo of another."""
    return word in get_word_frequencies().sentence_counts


def is_common_word(word: str) -> bool:
    """Return whether news uses a folded word often, and not as a name: ``jobs``, but not ``turkey``."""
    return get_word_frequencies().is_common(word)


def split_without_possessives(text: str) -> list[str]:
    """Return the words of a text as they are spelled, without possessive endings."""
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


@lru_cache(maxsize=20_000)
def is_name(word: str) -> bool:
    """Return whether a spelled word is probably a name: capitalised, and rarely lower case elsewhere.

    In a headline with a capital on every word, this distinguishes ``Nissan`` from ``Talks``.
    """
    return word[:1].isupper() and not get_word_frequencies().is_common(fold(word))
