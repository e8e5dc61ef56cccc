"""Spellings that mean the same made equal: case, width, accents, punctuation."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_ACCENT = re.compile("[\u0300-\u036f]")
_APOSTROPHE = re.compile("['’ʼ`´]")
_GAP = re.compile(r"[\W_]+")
#: Scripts that are written without blanks between words.
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")


class _Entangled(Exception):
    """A letter that what stands beside it may change."""


class _Folds(dict[int, str]):
    """What becomes of letters and marks, each by itself: those of Latin, and the signs that print uses. Filled as they come."""

    def __missing__(self, code: int) -> str:
        if code >= _LATIN_END and code not in _SIGNS:
            raise _Entangled
        self[code] = folded = _GAP.sub(" ", _folded(chr(code)))
        return folded


_LATIN_END = 0x0300
_SIGNS = range(0x2010, 0x2045)
_FOLDS = _Folds()


def fold(text: str) -> str:
    """The text in lower case, without accents and punctuation, one blank between words.

    Only the accents of Latin, Greek and Cyrillic letters go: what looks like one in Japanese makes another sound.
    """
    try:
        return " ".join(text.translate(_FOLDS).split())
    except _Entangled:
        return _GAP.sub(" ", _folded(text)).strip()


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", plain)))
    return _APOSTROPHE.sub("", bare)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order."""
    return tuple(fold(text).split())
