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


def fold(text: str) -> str:
    """The text in lower case, without accents and punctuation, one blank between words.

    Only the accents of Latin, Greek and Cyrillic letters go: what looks like one in Japanese makes another sound.
    """
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", plain)))
    return _GAP.sub(" ", _APOSTROPHE.sub("", bare)).strip()


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order."""
    return tuple(fold(text).split())
