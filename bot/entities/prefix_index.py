"""A set of texts that is searched by prefix and by similarity, and cheap to change."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from rapidfuzz import fuzz, process

_BUCKET_LETTERS = 2
_MIN_SIMILARITY = 60
_MAX_LENGTH = 80


class PrefixIndex:
    """A set of texts in buckets by their first two letters; a bucket is sorted when it is read after a change."""

    def __init__(self) -> None:
        self._buckets: dict[str, list[str]] = {}
        self._dirty_buckets: set[str] = set()

    def add(self, text: str) -> None:
        """Add a text that is not in the set."""
        bucket = text[:_BUCKET_LETTERS]
        self._buckets.setdefault(bucket, []).append(text)
        self._dirty_buckets.add(bucket)

    def remove(self, text: str) -> None:
        """Remove a text that is in the set."""
        self._buckets[text[:_BUCKET_LETTERS]].remove(text)

    def find_by_prefix(self, prefix: str) -> Iterator[str]:
        """Yield the texts with this prefix, sorted."""
        if len(prefix) >= _BUCKET_LETTERS:
            buckets = [prefix[:_BUCKET_LETTERS]] if prefix[:_BUCKET_LETTERS] in self._buckets else []
        else:
            buckets = sorted(bucket for bucket in self._buckets if bucket.startswith(prefix))
        for bucket in buckets:
            texts = self._get_sorted(bucket)
            for index in range(bisect_left(texts, prefix), len(texts)):
                if not texts[index].startswith(prefix):
                    break
                yield texts[index]

    def find_similar(self, text: str, limit: int) -> list[str]:
        """Return the most similar texts, best first: with the same first letter, and at least 60 % similar."""
        # A text of thousands of letters is similar to no name, and slow to compare.
        if not text or len(text) > _MAX_LENGTH:
            return []
        min_length, max_length = len(text) * _MIN_SIMILARITY // 140, len(text) * 140 // _MIN_SIMILARITY + 1
        matches: list[tuple[str, float, int]] = []
        for bucket, texts in self._buckets.items():
            if bucket[0] == text[0]:
                candidates = [candidate for candidate in texts if min_length <= len(candidate) <= max_length]
                matches += process.extract(
                    text, candidates, scorer=fuzz.ratio, score_cutoff=_MIN_SIMILARITY, limit=limit
                )
        return [candidate for candidate, _, _ in sorted(matches, key=lambda match: -match[1])[:limit]]

    def _get_sorted(self, bucket: str) -> list[str]:
        if bucket in self._dirty_buckets:
            self._buckets[bucket].sort()
            self._dirty_buckets.discard(bucket)
        return self._buckets[bucket]
