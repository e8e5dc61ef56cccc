"""Parts of the index of company names: who owns a spelling, names by prefix, and names by a word inside them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rapidfuzz import fuzz, process

from bot.entities.spell_checker import SpellChecker

_BUCKET_LETTERS = 2
_MIN_SIMILARITY = 60
_MAX_LENGTH = 80
#: The most names that are scanned for one prefix.
MAX_SCAN = 200


class PrefixIndex:
    """A set of texts in buckets by their first two letters; a bucket is sorted when it is read after a change."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._buckets: dict[str, list[str]] = {}
        self._dirty_buckets: set[str] = set()
        for text in texts:
            self.add(text)

    def add(self, text: str) -> None:
        """Add a text. It must not be in the set yet."""
        bucket = text[:_BUCKET_LETTERS]
        texts = self._buckets.get(bucket)
        if texts is None:
            self._buckets[bucket] = [text]
        else:
            texts.append(text)
            self._dirty_buckets.add(bucket)

    def remove(self, text: str) -> None:
        """Remove a text. It must be in the set."""
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


class InnerWordIndex:
    """Names by each of their words but the first."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names_by_word: dict[str, set[str]] = {}
        self._word_prefixes = PrefixIndex()
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Add a folded name."""
        for word in name.split()[1:]:
            names = self._names_by_word.get(word)
            if names is None:
                self._names_by_word[word] = {name}
                self._word_prefixes.add(word)
            else:
                names.add(name)

    def remove(self, name: str) -> None:
        """Remove a name. It must be in the index."""
        for word in name.split()[1:]:
            self._names_by_word[word].discard(name)

    def find_by_prefix(self, prefix: str) -> Iterator[str]:
        """Yield names that contain the prefix at the start of a word other than the first."""
        first_word = prefix.split(" ", 1)[0]
        if first_word:
            for word in islice(self._word_prefixes.find_by_prefix(first_word), MAX_SCAN):
                yield from (name for name in islice(self._names_by_word[word], MAX_SCAN) if f" {prefix}" in name)


class NameIndex:
    """Names by their words: by prefix, by a word inside them, and for typo correction.

    Built of all names at once, which takes half as long as name by name, and kept in step from then on.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.prefixes = PrefixIndex(names)
        self.inner_words = InnerWordIndex(names)
        self.spell_checker = SpellChecker(word for name in names for word in name.split())

    def add(self, name: str) -> None:
        """Add a folded name that is not in the index yet."""
        self.prefixes.add(name)
        self.inner_words.add(name)
        self.spell_checker.update(name.split())

    def remove(self, name: str) -> None:
        """Remove a name. It must be in the index."""
        self.prefixes.remove(name)
        self.inner_words.remove(name)
        self.spell_checker.remove(name.split())


class SpellingOwners:
    """Map spellings to the companies that own them, in insertion order."""

    def __init__(self) -> None:
        # A single owner (nearly always) is stored without a tuple around it: there are hundreds of thousands.
        self._owners: dict[str, str | tuple[str, ...]] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._owners)

    def add(self, spelling: str, company: str) -> bool:
        """Add a company that does not own the spelling yet; return whether the spelling is new."""
        if spelling in self._owners:
            self._owners[spelling] = (*self.find_all(spelling), company)
            return False
        self._owners[spelling] = company
        return True

    def remove(self, spelling: str, company: str) -> bool:
        """Remove an owner; return whether it was the last one."""
        remaining_owners = tuple(owner for owner in self.find_all(spelling) if owner != company)
        if remaining_owners:
            self._owners[spelling] = remaining_owners[0] if len(remaining_owners) == 1 else remaining_owners
            return False
        return self._owners.pop(spelling, None) is not None

    def find_all(self, spelling: str) -> tuple[str, ...]:
        """Return all owners, in insertion order."""
        owners = self._owners.get(spelling, ())
        return (owners,) if isinstance(owners, str) else owners

    def find_first(self, spelling: str) -> str | None:
        """Return the first owner, None if there is none: a name that two companies share belongs to the first."""
        owners = self._owners.get(spelling)
        return owners if owners is None or isinstance(owners, str) else owners[0]

    def find_unique(self, spelling: str) -> str | None:
        """Return the owner if there is exactly one, else None: a variant that fits two companies identifies neither."""
        owners = self._owners.get(spelling)
        return owners if isinstance(owners, str) else None
