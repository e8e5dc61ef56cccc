"""Names and terms that have a company's name in them but mean something else: *Daimler Truck*, *GM crops*, *日産量*."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from bot.entities.lexicon import JAPANESE, LEXICONS
from bot.model.text_folding import UNSPACED, fold, fold_words


class SpacedTerms:
    """Terms of folded words, and how many words the longest has that begins with a word."""

    def __init__(self, terms: Iterable[tuple[str, ...]]) -> None:
        self.terms = frozenset(terms)
        self.max_words: dict[str, int] = {}
        for term in self.terms:
            self.max_words[term[0]] = max(self.max_words.get(term[0], 0), len(term))


def measure_longest(run: str, position: int, terms: Container[str], sizes: Iterable[int]) -> int:
    """Return the length of the longest of some terms at a position of a run; 0 if there is none. Sizes are longest first."""
    fitting_sizes = (size for size in sizes if position + size <= len(run))
    return next((size for size in fitting_sizes if run[position : position + size] in terms), 0)


class UnspacedTerms:
    """Folded terms of scripts without blanks."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._terms = frozenset(terms)
        self._sizes = sorted({len(term) for term in self._terms}, reverse=True)

    def __contains__(self, term: object) -> bool:
        return term in self._terms

    def measure(self, run: str, position: int) -> int:
        """Return the length of the longest term at a position of a folded run; 0 if there is none."""
        return measure_longest(run, position, self._terms, self._sizes)


_TERMS = [fold_words(term) for lexicon in LEXICONS for term in lexicon.other_terms.split("|") if term.strip()]
OTHER_TERMS = SpacedTerms(words for words in _TERMS if not UNSPACED.search(words[0]))
UNSPACED_OTHER_TERMS = UnspacedTerms("".join(words) for words in _TERMS if UNSPACED.search(words[0]))

_NAME_SUFFIXES = tuple(JAPANESE.name_suffixes.split())
_SURNAMES = frozenset(JAPANESE.surnames.split())
_COMPANY_NOUNS = tuple(JAPANESE.company_nouns.split())
_PERSON_TITLES = tuple(JAPANESE.person_titles.split())
_COUNTED_NAMES = frozenset(JAPANESE.counted_names.split())
_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc\uff66-\uff9f]")
_HIRAGANA = re.compile("[\u3041-\u309f]")
_QUANTITY = re.compile(r"約?[数\d]")
_HAN = re.compile("[\u3400-\u9fff々]")
_GIVEN_NAME = re.compile("[\u3400-\u9fff々]{1,3}")


def is_whole_unspaced_name(text: str, start: int, end: int, *, follows_name: bool, is_word: bool) -> bool:
    """Return whether a company's name at a position is not a part of a longer word or of a person's name.

    A word of katakana begins with the katakana (*フォード* is not in *スタンフォード*), and a name that is a word too (``is_word``) ends
    with them (*アップルパイ*); a Japanese surname has a given name or a title after it (*本田圭佑*), and *日産* before a number is what
    is produced in a day.
    """
    name = fold(text[start:end])
    if _KATAKANA.match(text[start]) and start > 0 and _KATAKANA.match(text[start - 1]) and not follows_name:
        return False
    rest = text[end : end + 20]
    if (
        is_word
        and _KATAKANA.match(text[end - 1])
        and _KATAKANA.match(rest)
        and not fold(rest).startswith(_NAME_SUFFIXES)
    ):
        return False
    if name in _COUNTED_NAMES and _QUANTITY.match(rest):
        return False
    return name not in _SURNAMES or not (
        _HIRAGANA.search(text, max(0, start - 60), end + 60) and _is_rest_of_person(rest)
    )


def _is_rest_of_person(rest: str) -> bool:
    """Return whether what follows a Japanese surname is a given name or a title."""
    given_name = _GIVEN_NAME.match(rest)
    length = given_name.end() if given_name else 0
    if rest.startswith(_PERSON_TITLES) or rest[length:].startswith(_PERSON_TITLES):
        return True
    return length > 1 and not _HAN.match(rest, length) and not rest.startswith(_COMPANY_NOUNS)
