"""Fold texts for comparing, so that spellings that mean the same are equal: case, width, accents, punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTER_REPLACEMENTS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
#: What ``re.IGNORECASE`` takes for an ASCII letter, but ``str.lower`` does not turn into one.
#: https://docs.python.org/3/library/re.html#re.IGNORECASE
_ASCII_LOOKALIKES = str.maketrans({"ı": "i", "İ": "I", "ſ": "s", "\u212a": "K"})
# Only the accents of Latin, Greek and Cyrillic letters go: what looks like one in Japanese makes another sound.
_ACCENT = re.compile("[\u0300-\u036f]")
_APOSTROPHE = re.compile("['’ʼ`´]")
_SEPARATOR = re.compile(r"[\W_]+")
#: Scripts without blanks between words: Japanese and Chinese.
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")
# For keywords also Thai to Lao, Burmese, Khmer, and Korean, whose endings attach to a word.
_UNSPACED_RANGES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED_RANGES}]")
#: A letter or digit of a script that puts blanks between words.
_SPACED_LETTER = rf"[^\W{_UNSPACED_RANGES}]"
_LATIN_LIMIT = 0x0300
_PUNCTUATION_RANGE = range(0x2010, 0x2045)


class _NeedsFullFolding(Exception):
    """A letter that its neighbours may change."""


class _FoldTable(dict[int, str]):
    """For ``str.translate``: the folded form of each Latin letter and printed sign by itself; filled when first needed."""

    def __missing__(self, code: int) -> str:
        if code >= _LATIN_LIMIT and code not in _PUNCTUATION_RANGE:
            raise _NeedsFullFolding
        self[code] = replacement = _SEPARATOR.sub(" ", _fold_fully(chr(code)))
        return replacement


_FOLD_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Return a text in lower case, without accents, apostrophes and punctuation, with one space between words.

    Special Latin letters are spelled plainly (``ø`` as ``o``).
    """
    try:
        return " ".join(text.translate(_FOLD_TABLE).split())
    except _NeedsFullFolding:
        return _SEPARATOR.sub(" ", _fold_fully(text)).strip()


def replace_lookalikes(text: str) -> str:
    """Return a text of which each word that a pattern matches in any case can be looked up in lower case.

    Every character keeps its place.
    """
    return text.translate(_ASCII_LOOKALIKES)


def fold_words(text: str) -> tuple[str, ...]:
    """Return the folded words of a text, in order."""
    return tuple(fold(text).split())


@lru_cache(maxsize=64)
def fold_keyword(text: str) -> str:
    """Return a text in lower case, without accents, with one space between words. Punctuation stays: ``C++``."""
    return " ".join(_remove_accents(_fold_case(text)).split())


def contains_keyword(keyword: str, text: str) -> bool:
    """Return whether a keyword is in a text as a whole word; in scripts without blanks it may be within a word."""
    folded_keyword, folded_text = fold_keyword(keyword), fold_keyword(text)
    if not folded_keyword or _UNSPACED_CHARACTER.search(folded_keyword):
        return bool(folded_keyword) and folded_keyword in folded_text
    return re.search(rf"(?<!{_SPACED_LETTER}){re.escape(folded_keyword)}(?!{_SPACED_LETTER})", folded_text) is not None


def _fold_fully(text: str) -> str:
    return _APOSTROPHE.sub("", _remove_accents(_fold_case(text).translate(_LETTER_REPLACEMENTS)))


def _fold_case(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _remove_accents(text: str) -> str:
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", text)))
