"""Words, and the one that a slip of the fingers has spoilt: exact, and quick among hundreds of thousands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rapidfuzz.distance import OSA

_LEAST = 4
_LONGEST = 40


class Vocabulary:
    """A bag of words. A word that was added twice is in it until it was removed twice."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._count: Counter[str] = Counter()
        # By first letter and length: two slips change a length by two, and hardly ever the first letter.
        self._shelves: dict[tuple[str, int], set[str]] = {}
        self._letters: Counter[str] = Counter()
        self.update(words)

    def __contains__(self, word: str) -> bool:
        return word in self._count

    def update(self, words: Iterable[str]) -> None:
        """Add these; words of fewer than four letters are too close to too much, and are left out."""
        for word in words:
            if _LEAST <= len(word) <= _LONGEST:
                self._count[word] += 1
                if self._count[word] == 1:
                    self._letters[word[0]] += 1
                    self._shelves.setdefault((word[0], len(word)), set()).add(word)

    def remove(self, words: Iterable[str]) -> None:
        """Take these out, each once."""
        for word in words:
            if word not in self._count:
                continue
            self._count[word] -= 1
            if not self._count[word]:
                del self._count[word]
                self._letters[word[0]] -= 1
                self._shelves[word[0], len(word)].discard(word)

    def corrected(self, word: str) -> str | None:
        """The word that this one is a slip of the fingers away from, or None; a word that is known is itself.

        Four to six letters forgive one slip (a letter missing, added, wrong or swapped with the next), longer words two;
        two are forgiven only behind a right first letter.
        """
        if word in self._count:
            return word
        if not _LEAST <= len(word) <= _LONGEST or word.isdigit():
            return None
        slips = 1 if len(word) < 7 else 2
        close = ((OSA.distance(word, other, score_cutoff=slips), other) for other in self._near(word, slips))
        fitting = [(distance, other) for distance, other in close if distance <= slips]
        fitting += [(1, other) for other in self._other_beginnings(word) if other in self._count]
        return min(fitting)[1] if fitting else None

    def _near(self, word: str, slips: int) -> Iterator[str]:
        for length in range(len(word) - slips, len(word) + slips + 1):
            yield from self._shelves.get((word[0], length), ())

    def _other_beginnings(self, word: str) -> Iterator[str]:
        """What it is when the slip was in the first letter: missing, added, swapped with the second, or wrong."""
        yield word[1:]
        yield word[1] + word[0] + word[2:]
        for letter, count in self._letters.items():
            if count:
                yield letter + word
                yield letter + word[1:]
