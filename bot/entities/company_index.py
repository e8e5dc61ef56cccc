"""An in-memory index of company names: exact lookup, prefixes, similar names and typo correction."""

from __future__ import annotations

import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import wraps
from itertools import islice
from typing import Concatenate, ParamSpec, TypeVar

from rapidfuzz import fuzz, process

from bot.entities.legal_forms import count_form_words, remove_trailing_forms, remove_unspaced_forms
from bot.entities.spell_checker import SpellChecker
from bot.model.company import Company
from bot.model.text_folding import UNSPACED, fold, fold_words

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe", "Ø": "Oe"}
)
_MIN_VARIANT_LETTERS = 5
_YEAR = re.compile(r"(?:19|20)\d\d")


def get_names(company: Company) -> tuple[str, ...]:
    """Return the folded name and aliases, without duplicates."""
    return tuple(dict.fromkeys(name for name in map(fold, (company.name, *company.aliases)) if name))


def generate_variants(company: Company) -> Iterator[str]:
    """Yield folded variants of the names; may yield duplicates and empty strings.

    A variant only counts if it is not the name of a company.
    """
    for name in (company.name, *company.aliases):
        base_words = remove_trailing_forms(fold_words(remove_unspaced_forms(name)))
        yield " ".join(base_words)
        if len(base_words) <= 3 and len("".join(base_words)) >= _MIN_VARIANT_LETTERS:
            yield "".join(base_words)
        if "&" in name:
            yield fold(name.replace("&", " and "))
        transliteration = name if name.isascii() else name.translate(_UMLAUTS)
        if transliteration != name:
            yield " ".join(remove_trailing_forms(fold_words(transliteration)))
    if len(fold(company.ticker)) >= 4:
        # A shorter ticker, such as "F" or "GM", is too often another word.
        yield fold(company.ticker)
        yield from _strip_exchange(company.ticker)


def generate_tickers(company: Company) -> Iterator[str]:
    """Yield the ticker as written, with and without its exchange: ``VOW3.DE``, ``VOW3``."""
    if company.ticker:
        yield company.ticker
        yield company.ticker.split(".")[0]


def _strip_exchange(ticker: str) -> Iterator[str]:
    symbol = fold(ticker.split(".")[0])
    if len(symbol) >= 4 and not _YEAR.fullmatch(symbol):
        yield symbol


_BUCKET_LETTERS = 2
_MIN_SIMILARITY = 60
_MAX_LENGTH = 80


class PrefixIndex:
    """A set of texts in buckets by their first two letters; a bucket is sorted when it is read after a change."""

    def __init__(self) -> None:
        self._buckets: dict[str, list[str]] = {}
        self._dirty_buckets: set[str] = set()

    def add(self, text: str) -> None:
        """Add a text. It must not be in the set yet."""
        bucket = text[:_BUCKET_LETTERS]
        self._buckets.setdefault(bucket, []).append(text)
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


class SpellingOwners:
    """Map spellings to the companies that own them, in insertion order."""

    def __init__(self) -> None:
        # A single owner (nearly always) is stored without a tuple around it: there are hundreds of thousands.
        self._owners: dict[str, str | tuple[str, ...]] = {}

    def add(self, spelling: str, company: str) -> bool:
        """Add an owner; return whether the spelling is new."""
        owners = self.find_all(spelling)
        self._owners[spelling] = (*owners, company) if owners else company
        return not owners

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


_MAX_NAME_WORDS = 8
_MAX_UNSPACED_LETTERS = 24
_MAX_RUN_LETTERS = 200
_MIN_COMPOUND_LETTERS = 6
#: The most names that are scanned for one prefix.
_MAX_SCAN = 200


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
        self._entries: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {}
        self._name_prefixes = PrefixIndex()
        self._names_by_inner_word: dict[str, set[str]] = {}
        self._inner_word_prefixes = PrefixIndex()
        self._spell_checker = SpellChecker()
        self._lock = threading.RLock()
        for company in companies:
            self.put(company)

    def __len__(self) -> int:
        return len(self._entries)

    @_synchronize
    def put(self, company: Company) -> None:
        """Add a company, or replace its former entry."""
        self.remove(company.name)
        names = get_names(company)
        variants = tuple({spelling for spelling in generate_variants(company) if spelling} - set(names))
        tickers = tuple(dict.fromkeys(generate_tickers(company)))
        self._entries[company.name] = (names, variants, tickers)
        for owners, spellings in ((self._variant_owners, variants), (self._ticker_owners, tickers)):
            for spelling in spellings:
                owners.add(spelling, company.name)
        for name in names:
            if self._name_owners.add(name, company.name):
                self._add_name(name)

    @_synchronize
    def remove(self, company: str) -> None:
        """Remove a company; do nothing if it is not in the index."""
        names, variants, tickers = self._entries.pop(company, ((), (), ()))
        for owners, spellings in ((self._variant_owners, variants), (self._ticker_owners, tickers)):
            for spelling in spellings:
                owners.remove(spelling, company)
        for name in names:
            if self._name_owners.remove(name, company):
                self._remove_name(name)

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
        """Return the word of a company name that this word is a typo of (:class:`SpellChecker`), None if there is none."""
        return self._spell_checker.correct(word)

    @_synchronize
    def is_first_word(self, word: str) -> bool:
        """Return whether a folded word is the name of a company, or the first word of one."""
        return self._name_owners.find_first(word) is not None or any(self._name_prefixes.find_by_prefix(f"{word} "))

    @_synchronize
    def find_by_prefix(self, prefix: str, limit: int) -> tuple[str, ...]:
        """Return companies with a name or alias that has a word with this prefix; names that start with it come first."""
        folded_prefix = fold(prefix)
        full_names = islice(self._name_prefixes.find_by_prefix(folded_prefix), _MAX_SCAN)
        owners = [
            self._name_owners.find_first(name)
            for name in (*full_names, *sorted(self._find_by_inner_word(folded_prefix)))
        ]
        return tuple(dict.fromkeys(company for company in owners if company))[:limit]

    @_synchronize
    def find_similar(self, text: str, limit: int) -> tuple[str, ...]:
        """Return the companies with the most similar names, best first, to suggest them."""
        owners = (
            self._name_owners.find_first(name) for name in self._name_prefixes.find_similar(fold(text), limit * 3)
        )
        return tuple(dict.fromkeys(company for company in owners if company))[:limit]

    def _add_name(self, name: str) -> None:
        self._name_prefixes.add(name)
        first, *others = name.split()
        self._spell_checker.update((first, *others))
        for word in others:
            if word not in self._names_by_inner_word:
                self._names_by_inner_word[word] = set()
                self._inner_word_prefixes.add(word)
            self._names_by_inner_word[word].add(name)

    def _remove_name(self, name: str) -> None:
        self._name_prefixes.remove(name)
        self._spell_checker.remove(name.split())
        for word in name.split()[1:]:
            self._names_by_inner_word[word].discard(name)

    def _find_by_inner_word(self, prefix: str) -> Iterator[str]:
        """Yield names that contain the prefix at the start of a word other than the first."""
        first_word = prefix.split(" ", 1)[0]
        if first_word:
            for word in islice(self._inner_word_prefixes.find_by_prefix(first_word), _MAX_SCAN):
                yield from (name for name in islice(self._names_by_inner_word[word], _MAX_SCAN) if f" {prefix}" in name)

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
