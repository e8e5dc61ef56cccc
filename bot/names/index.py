"""Which companies a text names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from bot.model.company import Company
from bot.names.fold import UNSPACED, fold, words


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names: companies by their full names, in order, and the words that name none."""

    companies: tuple[str, ...]
    rest: tuple[str, ...]


class NameIndex:
    """The names and aliases of all companies, folded, for looking up."""

    def __init__(self, companies: Iterable[Company]) -> None:
        self._by_words: dict[tuple[str, ...], str] = {}
        self._unspaced: dict[str, str] = {}
        self._by_ticker: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        for company in companies:
            self._add(company)
        self._longest = max(map(len, self._by_words), default=0)
        self._vocabulary = sorted({word for name in self._by_words for word in name if len(word) >= 4})

    def _add(self, company: Company) -> None:
        for name in (company.name, *company.aliases):
            folded = fold(name)
            self._shown.setdefault(folded, company.name)
            self._by_words.setdefault(words(name), company.name)
            if UNSPACED.search(folded):
                self._unspaced.setdefault(folded, company.name)
        if company.ticker:
            self._by_ticker.setdefault(company.ticker, company.name)
            if len(fold(company.ticker)) >= 4:
                # A ticker as short as "F" or "GM" is too often a word of something else.
                self._by_words.setdefault(words(company.ticker), company.name)

    def exact(self, name: str) -> str | None:
        """The company of exactly this name, alias or ticker, however it is spelled; None when there is none."""
        return self._shown.get(fold(name)) or self._by_ticker.get(name.strip())

    def find(self, text: Sequence[str]) -> Found:
        """The companies in a row of folded words: at each place the longest name that begins there."""
        companies: list[str] = []
        rest: list[str] = []
        place = 0
        while place < len(text):
            length = self._name_at(text, place)
            if length:
                companies.append(self._by_words[tuple(text[place : place + length])])
                place += length
                continue
            inside, left = self._inside(text[place])
            companies.extend(inside)
            rest.extend(left)
            place += 1
        return Found(tuple(dict.fromkeys(companies)), tuple(rest))

    def corrected(self, word: str) -> str | None:
        """The word of a known name that this one is a slip of the fingers away from, or None.

        Four to six letters forgive one slip (a letter missing, added, wrong or swapped with the next), longer words two;
        two are forgiven only behind a right first letter.
        """
        if len(word) < 4 or word.isdigit():
            return None
        slips = 1 if len(word) < 7 else 2
        close = process.extract(word, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=5)
        fitting = [(distance, name) for name, distance, _ in close if distance < 2 or name[0] == word[0]]
        return min(fitting)[1] if fitting else None

    def beginning(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Companies that have a name or an alias with a word that begins so, full names first."""
        start = fold(prefix)
        whole = [company for name, company in self._shown.items() if name.startswith(start)]
        inner = [company for name, company in self._shown.items() if f" {start}" in name]
        return tuple(dict.fromkeys(whole + inner))[:limit]

    def close(self, text: str, limit: int) -> tuple[str, ...]:
        """Companies whose names are most like this text, for asking whether one of them was meant."""
        found = process.extract(fold(text), list(self._shown), scorer=fuzz.ratio, score_cutoff=60, limit=limit * 3)
        return tuple(dict.fromkeys(self._shown[name] for name, _, _ in found))[:limit]

    def _name_at(self, text: Sequence[str], place: int) -> int:
        for length in range(min(self._longest, len(text) - place), 0, -1):
            if tuple(text[place : place + length]) in self._by_words:
                return length
        return 0

    def _inside(self, word: str) -> tuple[list[str], list[str]]:
        if not UNSPACED.search(word):
            return [], [word]
        hits = sorted((name for name in self._unspaced if name in word), key=len, reverse=True)
        companies = []
        for name in hits:
            if name in word:
                companies.append(self._unspaced[name])
                word = word.replace(name, " ")
        return companies, word.split()
