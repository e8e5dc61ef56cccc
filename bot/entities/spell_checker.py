"""Typo correction against a vocabulary: exact, and fast among hundreds of thousands of words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

_MIN_LENGTH = 4
_MAX_LENGTH = 40
#: A word of so many letters is short: another name may differ from it by one letter.
_MAX_SHORT_LENGTH = 6


class SpellChecker:
    """A multiset of words: a word that was added twice remains until it was removed twice."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._counts: Counter[str] = Counter()
        # By first letter and length: two edits change the length by at most two, and hardly ever the first letter.
        self._buckets: dict[tuple[str, int], set[str]] = {}
        self._first_letters: Counter[str] = Counter()
        self.update(words)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def update(self, words: Iterable[str]) -> None:
        """Add words; skip those of fewer than four letters, which are similar to too many others."""
        for word in words:
            count = self._counts.get(word, 0)
            if count or _MIN_LENGTH <= len(word) <= _MAX_LENGTH:
                self._counts[word] = count + 1
                if not count:
                    self._first_letters[word[0]] += 1
                    self._buckets.setdefault((word[0], len(word)), set()).add(word)

    def remove(self, words: Iterable[str]) -> None:
        """Remove one occurrence of each word; skip words that are not in the vocabulary."""
        for word in words:
            if word not in self._counts:
                continue
            self._counts[word] -= 1
            if not self._counts[word]:
                del self._counts[word]
                self._first_letters[word[0]] -= 1
                self._buckets[word[0], len(word)].discard(word)

    def correct(self, word: str) -> str | None:
        """Return the word that this one is a typo of; itself if it is in the vocabulary; None if there is none.

        Words of four to six letters may have one edit (a letter missing, added, wrong or swapped with the next), longer ones
        two; two edits are accepted only if the first letter is right.
        """
        if word in self._counts:
            return word
        if not _MIN_LENGTH <= len(word) <= _MAX_LENGTH or word.isdigit():
            return None
        max_edits = 1 if len(word) < 7 else 2
        distances = (
            (OSA.distance(word, other, score_cutoff=max_edits), other) for other in self._find_near(word, max_edits)
        )
        candidates = [(distance, other) for distance, other in distances if distance <= max_edits]
        candidates += [(1, other) for other in self._vary_first_letter(word) if other in self._counts]
        return min(candidates)[1] if candidates else None

    def _find_near(self, word: str, max_edits: int) -> Iterator[str]:
        for length in range(len(word) - max_edits, len(word) + max_edits + 1):
            yield from self._buckets.get((word[0], length), ())

    def _vary_first_letter(self, word: str) -> Iterator[str]:
        """Yield what the word was if its first letter is the typo: added, swapped with the second, missing or wrong."""
        yield word[1:]
        yield word[1] + word[0] + word[2:]
        for letter, count in self._first_letters.items():
            if count:
                yield letter + word
                yield letter + word[1:]


def is_probable_typo(word: str, name: str) -> bool:
    """Return whether a word that is not known is more probably a typo of a name than a name by itself.

    A letter that is missing, doubled or swapped with the next is a typo. Another letter in place of one, or one too many,
    makes a different name of a short one: *Micron* is no typo of *Micro*, nor *Bell* of *Dell*.
    """
    if word == name or OSA.distance(word, name) > 1 or len(word) < len(name):
        return True
    position = next(
        (index for index, (mine, its) in enumerate(zip(word, name, strict=False)) if mine != its), len(name)
    )
    if len(word) > len(name):
        is_doubled = position > 0 and word[position] == word[position - 1]
        return is_doubled or len(word) > _MAX_SHORT_LENGTH
    is_swapped = word[position : position + 2] == name[position : position + 2][::-1]
    return is_swapped or (position > 0 and len(word) >= _MAX_SHORT_LENGTH)
