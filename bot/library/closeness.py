"""What may have been meant by words that no story has: headlines with words that are a slip of the fingers away."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from bot.names.fold import words
from bot.names.vocabulary import Vocabulary

_LEAST = 4


class Closeness:
    """The words of the newest headlines. Told all of them again, it takes in only what has changed.

    Several threads may use it at once.
    """

    def __init__(self) -> None:
        self._headlines: dict[str, str] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._vocabulary = Vocabulary()
        self._turn = threading.Lock()

    def keep(self, headlines: Mapping[str, str]) -> None:
        """These are the headlines now, by slug, the newest first."""
        with self._turn:
            self._take_in(headlines)

    def _take_in(self, headlines: Mapping[str, str]) -> None:
        for slug in [slug for slug, headline in self._headlines.items() if headlines.get(slug) != headline]:
            self._vocabulary.remove(self._words.pop(slug))
        for slug, headline in headlines.items():
            if slug not in self._words:
                self._words[slug] = frozenset(words(headline))
                self._vocabulary.update(self._words[slug])
        self._headlines = dict(headlines)

    def corrected(self, word: str) -> str | None:
        """The word of a headline that this one is a slip of the fingers away from, or None."""
        with self._turn:
            return self._vocabulary.corrected(word)

    def close(self, typed: Sequence[str], limit: int) -> tuple[str, ...]:
        """Slugs of the stories whose headlines have most of these words, as they may have been meant; newest first.

        Words of fewer than four letters are not counted.
        """
        with self._turn:
            return self._close(typed, limit)

    def _close(self, typed: Sequence[str], limit: int) -> tuple[str, ...]:
        meant = {self._vocabulary.corrected(word) or word for word in typed if len(word) >= _LEAST}
        counted = {slug: len(meant & self._words[slug]) for slug in self._headlines}
        enough = [slug for slug, count in counted.items() if 2 * count > len(meant)]
        return tuple(sorted(enough, key=lambda slug: -counted[slug])[:limit])
