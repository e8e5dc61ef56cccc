"""The words of the newest headlines: for correcting typos and for suggesting stories."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from bot.entities.spell_checker import SpellChecker
from bot.model.text_folding import fold_words

_MIN_LETTERS = 4


class HeadlineIndex:
    """The words of the newest headlines; safe for use by several threads at once."""

    def __init__(self) -> None:
        self._headlines: dict[str, str] = {}
        self._words_by_slug: dict[str, frozenset[str]] = {}
        self._spell_checker = SpellChecker()
        self._lock = threading.Lock()

    def update(self, headlines: Mapping[str, str]) -> None:
        """Replace the headlines, given by slug with the newest first; only changed ones are indexed."""
        with self._lock:
            self._update(headlines)

    def _update(self, headlines: Mapping[str, str]) -> None:
        for slug in [slug for slug, headline in self._headlines.items() if headlines.get(slug) != headline]:
            self._spell_checker.remove(self._words_by_slug.pop(slug))
        for slug, headline in headlines.items():
            if slug not in self._words_by_slug:
                self._words_by_slug[slug] = frozenset(fold_words(headline))
                self._spell_checker.update(self._words_by_slug[slug])
        self._headlines = dict(headlines)

    def correct(self, word: str) -> str | None:
        """Return the word of a headline that this word is a typo of, None if there is none."""
        with self._lock:
            return self._spell_checker.correct(word)

    def find_similar(self, query_words: Sequence[str], limit: int) -> tuple[str, ...]:
        """Return the slugs of stories whose headlines have more than half of the words, after correction; the best first.

        Newer stories come first among equals. Words of fewer than four letters are ignored.
        """
        with self._lock:
            return self._find_similar(query_words, limit)

    def _find_similar(self, query_words: Sequence[str], limit: int) -> tuple[str, ...]:
        corrected_words = {
            self._spell_checker.correct(word) or word for word in query_words if len(word) >= _MIN_LETTERS
        }
        counts = {slug: len(corrected_words & self._words_by_slug[slug]) for slug in self._headlines}
        matches = [slug for slug, count in counts.items() if 2 * count > len(corrected_words)]
        return tuple(sorted(matches, key=lambda slug: -counts[slug])[:limit])
