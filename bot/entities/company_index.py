"""An in-memory index of company names: exact lookup, prefixes, similar names and typo correction."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import islice
from typing import Concatenate, ParamSpec, TypeVar

from bot.entities.company_spellings import CompanySpellings, list_spellings
from bot.entities.legal_forms import count_form_words, remove_unspaced_forms
from bot.entities.name_indexes import MAX_SCAN, NameIndex, SpellingOwners
from bot.model.company import Company
from bot.model.text_folding import UNSPACED, fold

_MAX_NAME_WORDS = 8
_MAX_UNSPACED_LETTERS = 24
_MAX_RUN_LETTERS = 200
_MIN_COMPOUND_LETTERS = 6


@dataclass(frozen=True, slots=True)
class CompanyMatches:
    """Companies found in a text, by their full names in order, and the words that name none."""

    companies: tuple[str, ...]
    other_words: tuple[str, ...]


_T = TypeVar("_T")
_P = ParamSpec("_P")


def _synchronize(method: Callable[Concatenate[CompanyIndex, _P], _T]) -> Callable[Concatenate[CompanyIndex, _P], _T]:
    """Let only one thread at a time run a method of the index."""

    @wraps(method)
    def wrapper(self: CompanyIndex, /, *arguments: _P.args, **options: _P.kwargs) -> _T:
        with self._lock:
            return method(self, *arguments, **options)

    return wrapper


class CompanyIndex:
    """The folded names, aliases, variants and tickers of all companies; companies can be added, replaced and removed.

    Worker threads parse questions while the event loop applies changes, so each call holds a lock, for about a millisecond.
    """

    def __init__(self, companies: Iterable[Company] = ()) -> None:
        self._name_owners = SpellingOwners()
        self._variant_owners = SpellingOwners()
        self._ticker_owners = SpellingOwners()
        self._spellings: dict[str, CompanySpellings] = {}
        self._built_names: NameIndex | None = None
        self._lock = threading.RLock()
        for company in companies:
            self.put(company)

    def __len__(self) -> int:
        return len(self._spellings)

    @_synchronize
    def put(self, company: Company) -> None:
        """Add a company, or replace its former entry."""
        self.remove(company.name)
        spellings = self._spellings[company.name] = list_spellings(company)
        for variant in spellings.variants:
            self._variant_owners.add(variant, company.name)
        for ticker in spellings.tickers:
            self._ticker_owners.add(ticker, company.name)
        for name in spellings.names:
            if self._name_owners.add(name, company.name):
                self._add_name(name)

    @_synchronize
    def remove(self, company: str) -> None:
        """Remove a company; do nothing if it is not in the index."""
        spellings = self._spellings.pop(company, None)
        if spellings is None:
            return
        for variant in spellings.variants:
            self._variant_owners.remove(variant, company)
        for ticker in spellings.tickers:
            self._ticker_owners.remove(ticker, company)
        for name in spellings.names:
            if self._name_owners.remove(name, company):
                self._remove_name(name)

    @_synchronize
    def prepare(self) -> None:
        """Build what would otherwise be built, for tenths of a second, by the call that first needs it."""
        self._get_names()

    @_synchronize
    def find_exact(self, name: str) -> str | None:
        """Return the company with this name, alias, ticker or variant of a name (after folding), None if there is none."""
        folded_name = fold(name)
        return (
            self._name_owners.find_first(folded_name)
            or self._ticker_owners.find_unique(name.strip())
            or self._variant_owners.find_unique(folded_name)
        )

    @_synchronize
    def find_by_ticker(self, text: str) -> str | None:
        """Return the company with exactly this ticker, with or without its exchange; None if there is none or several."""
        return self._ticker_owners.find_unique(text)

    @_synchronize
    def find(self, words: Sequence[str]) -> CompanyMatches:
        """Find the companies in a sequence of folded words, the longest name first at each position.

        A legal form next to a name is part of it.
        """
        companies: list[str] = []
        other_words: list[str] = []
        index = 0
        while index < len(words):
            form_length = count_form_words(words, index)
            length, company = self._match_at(words, index)
            if company:
                companies.append(company)
                index += length
                while form_length := count_form_words(words, index):
                    index += form_length
            elif form_length and self._match_at(words, index + form_length)[1]:
                index += form_length
            else:
                inner_companies, remaining_words = self._find_inside_word(words[index])
                companies.extend(inner_companies)
                other_words.extend(remaining_words)
                index += 1
        return CompanyMatches(tuple(dict.fromkeys(companies)), tuple(other_words))

    @_synchronize
    def correct(self, word: str) -> str | None:
        """Return the word of a company name that this word is a typo of (:class:`bot.entities.spell_checker.SpellChecker`), None if there is none."""
        return self._get_names().spell_checker.correct(word)

    @_synchronize
    def is_first_word(self, word: str) -> bool:
        """Return whether a folded word is the name of a company, or the first word of one."""
        return self._name_owners.find_first(word) is not None or any(
            self._get_names().prefixes.find_by_prefix(f"{word} ")
        )

    @_synchronize
    def find_by_prefix(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return companies with a name or alias that has a word with this prefix; names that start with it come first."""
        folded_prefix = fold(prefix)
        full_names = islice(self._get_names().prefixes.find_by_prefix(folded_prefix), MAX_SCAN)
        owners = [
            self._name_owners.find_first(name)
            for name in (*full_names, *sorted(self._get_names().inner_words.find_by_prefix(folded_prefix)))
        ]
        return tuple(dict.fromkeys(company for company in owners if company))[:limit]

    @_synchronize
    def find_similar(self, text: str, limit: int) -> tuple[str, ...]:
        """Return the companies with the most similar names, best first, to suggest them."""
        owners = (
            self._name_owners.find_first(name)
            for name in self._get_names().prefixes.find_similar(fold(text), limit * 3)
        )
        return tuple(dict.fromkeys(company for company in owners if company))[:limit]

    def _get_names(self) -> NameIndex:
        if self._built_names is None:
            self._built_names = NameIndex(tuple(self._name_owners))
        return self._built_names

    def _add_name(self, name: str) -> None:
        if self._built_names is not None:
            self._built_names.add(name)

    def _remove_name(self, name: str) -> None:
        if self._built_names is not None:
            self._built_names.remove(name)

    def _match_at(self, words: Sequence[str], index: int) -> tuple[int, str | None]:
        """Return the length in words of the longest name at an index, and its company; (0, None) if there is none."""
        max_length = min(_MAX_NAME_WORDS, len(words) - index)
        for length in range(max_length, 0, -1):
            company = self._find_owner(" ".join(words[index : index + length]))
            if company:
                return length, company
        # "fox conn" for a one-word name.
        for length in (2, 3):
            compound = "".join(words[index : index + length])
            owner = (
                self._name_owners.find_first(compound)
                if length <= max_length and len(compound) >= _MIN_COMPOUND_LETTERS
                else None
            )
            if owner:
                return length, owner
        return 0, None

    def _find_owner(self, spelling: str) -> str | None:
        company = self._name_owners.find_first(spelling) or self._variant_owners.find_unique(spelling)
        if not company and len(spelling) > 3 and spelling.endswith("s"):
            # "nissan's" folds to "nissans".
            company = self._name_owners.find_first(spelling[:-1])
        return company

    def _find_inside_word(self, word: str) -> tuple[list[str], list[str]]:
        """Return the companies named inside one word (unspaced script, Korean particle), and the words that remain of it."""
        if UNSPACED.search(word):
            return self._find_in_unspaced_run(remove_unspaced_forms(word[:_MAX_RUN_LETTERS]))
        return self._find_with_particle(word)

    def _find_in_unspaced_run(self, word: str) -> tuple[list[str], list[str]]:
        companies: list[str] = []
        remaining_letters: list[str] = []
        position = 0
        while position < len(word):
            for length in range(min(_MAX_UNSPACED_LETTERS, len(word) - position), 1, -1):
                company = self._find_unspaced_owner(word[position : position + length])
                if company:
                    companies.append(company)
                    remaining_letters.append(" ")
                    position += length
                    break
            else:
                remaining_letters.append(word[position])
                position += 1
        return companies, "".join(remaining_letters).split()

    def _find_unspaced_owner(self, part: str) -> str | None:
        if not UNSPACED.search(part):
            return None
        return self._name_owners.find_first(part) or self._variant_owners.find_unique(part)

    def _find_with_particle(self, word: str) -> tuple[list[str], list[str]]:
        """Find a Korean name with a particle of at most two letters attached: ``기아의``."""
        if "\uac00" <= word[0] <= "\ud7a3":
            for length in range(len(word) - 1, max(1, len(word) - 3), -1):
                company = self._name_owners.find_first(word[:length])
                if company:
                    return [company], []
        return [], [word]
