"""Which companies a text names."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import islice
from typing import Concatenate, ParamSpec, TypeVar

from bot.model.company import Company
from bot.names.beginnings import Beginnings
from bot.names.fold import UNSPACED, fold
from bot.names.legal import form_at, without_unspaced
from bot.names.owners import Owners
from bot.names.spellings import names_of, spellings_of, tickers_of
from bot.names.vocabulary import Vocabulary

_LONGEST = 8
_LONGEST_UNSPACED = 24
_LONGEST_RUN = 200
_LEAST_JOINED = 6
#: So many names that begin as a text does are looked at, and no more.
_WINDOW = 200


@dataclass(frozen=True, slots=True)
class Found:
    """What a text names: companies by their full names, in order, and the words that name none."""

    companies: tuple[str, ...]
    rest: tuple[str, ...]


_T = TypeVar("_T")
_P = ParamSpec("_P")


def _in_turn(method: Callable[Concatenate[NameIndex, _P], _T]) -> Callable[Concatenate[NameIndex, _P], _T]:
    """One thread at a time."""

    @wraps(method)
    def waiting(self: NameIndex, /, *arguments: _P.args, **options: _P.kwargs) -> _T:
        with self._turn:
            return method(self, *arguments, **options)

    return waiting


class NameIndex:
    """The names and aliases of all companies, folded, for looking up; a company can be put in, changed or taken out.

    Questions are read in threads while the event loop takes in what has changed, so each call has the index to itself, for
    a millisecond or so.
    """

    def __init__(self, companies: Iterable[Company] = ()) -> None:
        self._names = Owners()
        self._spelled = Owners()
        self._by_ticker = Owners()
        self._kept: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {}
        self._beginnings = Beginnings()
        self._inside_names: dict[str, set[str]] = {}
        self._words_inside = Beginnings()
        self._vocabulary = Vocabulary()
        self._turn = threading.RLock()
        for company in companies:
            self.put(company)

    def __len__(self) -> int:
        return len(self._kept)

    @_in_turn
    def put(self, company: Company) -> None:
        """Put a company in, in place of what it was."""
        self.remove(company.name)
        names = names_of(company)
        spelled = tuple({spelling for spelling in spellings_of(company) if spelling} - set(names))
        tickers = tuple(dict.fromkeys(tickers_of(company)))
        self._kept[company.name] = (names, spelled, tickers)
        for owners, listed in ((self._spelled, spelled), (self._by_ticker, tickers)):
            for spelling in listed:
                owners.add(spelling, company.name)
        for name in names:
            if self._names.add(name, company.name):
                self._remember(name)

    @_in_turn
    def remove(self, company: str) -> None:
        """Take a company out; one that is not in it is none."""
        names, spelled, tickers = self._kept.pop(company, ((), (), ()))
        for owners, listed in ((self._spelled, spelled), (self._by_ticker, tickers)):
            for spelling in listed:
                owners.remove(spelling, company)
        for name in names:
            if self._names.remove(name, company):
                self._forget(name)

    @_in_turn
    def exact(self, name: str) -> str | None:
        """The company of exactly this name, alias or ticker, however it is spelled; None when there is none."""
        folded = fold(name)
        return self._names.first(folded) or self._by_ticker.only(name.strip()) or self._spelled.only(folded)

    @_in_turn
    def ticker(self, text: str) -> str | None:
        """The company of this ticker, as it is written, with or without its exchange; None when there is none, or several."""
        return self._by_ticker.only(text)

    @_in_turn
    def find(self, text: Sequence[str]) -> Found:
        """The companies in a row of folded words: at each place the longest name that begins there.

        A legal form beside a name belongs to it.
        """
        companies: list[str] = []
        rest: list[str] = []
        place = 0
        while place < len(text):
            form = form_at(text, place)
            length, company = self._name_at(text, place)
            if company:
                companies.append(company)
                place += length
                while form := form_at(text, place):
                    place += form
            elif form and self._name_at(text, place + form)[1]:
                place += form
            else:
                inside, left = self._inside(text[place])
                companies.extend(inside)
                rest.extend(left)
                place += 1
        return Found(tuple(dict.fromkeys(companies)), tuple(rest))

    @_in_turn
    def corrected(self, word: str) -> str | None:
        """The word of a known name that this one is a slip of the fingers away from (:class:`Vocabulary`), or None."""
        return self._vocabulary.corrected(word)

    @_in_turn
    def beginning(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Companies that have a name or an alias with a word that begins so, full names first."""
        start = fold(prefix)
        whole = islice(self._beginnings.starting(start), _WINDOW)
        found = [self._names.first(name) for name in (*whole, *sorted(self._within(start)))]
        return tuple(dict.fromkeys(company for company in found if company))[:limit]

    @_in_turn
    def close(self, text: str, limit: int) -> tuple[str, ...]:
        """Companies whose names are most like this text, for asking whether one of them was meant."""
        found = (self._names.first(name) for name in self._beginnings.like(fold(text), limit * 3))
        return tuple(dict.fromkeys(company for company in found if company))[:limit]

    def _remember(self, name: str) -> None:
        self._beginnings.add(name)
        first, *others = name.split()
        self._vocabulary.update((first, *others))
        for word in others:
            if word not in self._inside_names:
                self._inside_names[word] = set()
                self._words_inside.add(word)
            self._inside_names[word].add(name)

    def _forget(self, name: str) -> None:
        self._beginnings.remove(name)
        self._vocabulary.remove(name.split())
        for word in name.split()[1:]:
            self._inside_names[word].discard(name)

    def _within(self, start: str) -> Iterator[str]:
        """Names that have a word, not their first, from which on they begin so."""
        first = start.split(" ", 1)[0]
        if first:
            for word in islice(self._words_inside.starting(first), _WINDOW):
                yield from (name for name in islice(self._inside_names[word], _WINDOW) if f" {start}" in name)

    def _name_at(self, text: Sequence[str], place: int) -> tuple[int, str]:
        longest = min(_LONGEST, len(text) - place)
        for length in range(longest, 0, -1):
            company = self._named(" ".join(text[place : place + length]))
            if company:
                return length, company
        # "fox conn" for a name in one word.
        for length in (2, 3):
            joined = "".join(text[place : place + length])
            owner = self._names.first(joined) if length <= longest and len(joined) >= _LEAST_JOINED else None
            if owner:
                return length, owner
        return 0, ""

    def _named(self, spelling: str) -> str:
        company: str | None = self._names.first(spelling) or self._spelled.only(spelling)
        if not company and len(spelling) > 3 and spelling.endswith("s"):
            # "nissan's" folds to "nissans".
            company = self._names.first(spelling[:-1])
        return company or ""

    def _inside(self, word: str) -> tuple[list[str], list[str]]:
        """The names in a word of a script without blanks, longest first, and what is left of it."""
        if UNSPACED.search(word):
            return self._in_run(without_unspaced(word[:_LONGEST_RUN]))
        return self._with_particle(word)

    def _in_run(self, word: str) -> tuple[list[str], list[str]]:
        companies: list[str] = []
        left: list[str] = []
        place = 0
        while place < len(word):
            for length in range(min(_LONGEST_UNSPACED, len(word) - place), 1, -1):
                named = self._unspaced(word[place : place + length])
                if named:
                    companies.append(named)
                    left.append(" ")
                    place += length
                    break
            else:
                left.append(word[place])
                place += 1
        return companies, "".join(left).split()

    def _unspaced(self, part: str) -> str:
        if not UNSPACED.search(part):
            return ""
        return self._names.first(part) or self._spelled.only(part) or ""

    def _with_particle(self, word: str) -> tuple[list[str], list[str]]:
        """Korean hangs its particles onto the name: ``기아의``."""
        if "\uac00" <= word[0] <= "\ud7a3":
            for length in range(len(word) - 1, max(1, len(word) - 3), -1):
                company = self._names.first(word[:length])
                if company:
                    return [company], []
        return [], [word]
