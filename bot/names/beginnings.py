"""Texts by how they begin, in order; quick to add to, and no look at it takes long."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from rapidfuzz import fuzz, process

_LETTERS = 2
_LEAST_ALIKE = 60
_LONGEST = 80


class Beginnings:
    """A set of texts on shelves by their first two letters; a shelf is put in order when it is looked at."""

    def __init__(self) -> None:
        self._shelves: dict[str, list[str]] = {}
        self._unordered: set[str] = set()

    def add(self, text: str) -> None:
        """Add a text that is not there yet."""
        shelf = text[:_LETTERS]
        self._shelves.setdefault(shelf, []).append(text)
        self._unordered.add(shelf)

    def remove(self, text: str) -> None:
        """Take out a text that is there."""
        self._shelves[text[:_LETTERS]].remove(text)

    def starting(self, start: str) -> Iterator[str]:
        """The texts that begin so, in order."""
        if len(start) >= _LETTERS:
            shelves = [start[:_LETTERS]] if start[:_LETTERS] in self._shelves else []
        else:
            shelves = sorted(shelf for shelf in self._shelves if shelf.startswith(start))
        for shelf in shelves:
            listed = self._in_order(shelf)
            for place in range(bisect_left(listed, start), len(listed)):
                if not listed[place].startswith(start):
                    break
                yield listed[place]

    def like(self, text: str, limit: int) -> list[str]:
        """Those most like a text, best first: of its first letter, near its length, and alike by 60 % at least."""
        # A text of thousands of letters is like no name, and takes long to compare.
        if not text or len(text) > _LONGEST:
            return []
        shortest, longest = len(text) * _LEAST_ALIKE // 140, len(text) * 140 // _LEAST_ALIKE + 1
        found: list[tuple[str, float, int]] = []
        for shelf, listed in self._shelves.items():
            if shelf[0] == text[0]:
                near = [other for other in listed if shortest <= len(other) <= longest]
                found += process.extract(text, near, scorer=fuzz.ratio, score_cutoff=_LEAST_ALIKE, limit=limit)
        return [other for other, _, _ in sorted(found, key=lambda one: -one[1])[:limit]]

    def _in_order(self, shelf: str) -> list[str]:
        if shelf in self._unordered:
            self._shelves[shelf].sort()
            self._unordered.discard(shelf)
        return self._shelves[shelf]
