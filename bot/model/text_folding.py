"""Spellings that mean the same made equal: case, width, accents, punctuation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Only the accents of Latin, Greek and Cyrillic letters go: what looks like one in Japanese makes another sound.
_KEYWORD_ACCENT = re.compile("[\u0300-\u036f]")
# Thai to Lao, Burmese, Khmer, then what East Asia writes with: no blanks between words, or endings that attach to them.
_UNSPACED_RANGES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED_RANGES}]")
#: A letter or digit that goes on with a word that is written with blanks around it.
_SPACED_LETTER = rf"[^\W{_UNSPACED_RANGES}]"


@lru_cache(maxsize=64)
def fold_keyword(text: str) -> str:
    """The text in lower case, without accents, one blank between words."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFC", _KEYWORD_ACCENT.sub("", letters)).split())


def contains_keyword(keyword: str, text: str) -> bool:
    """Whether a keyword is in a text as a whole word; in scripts without blanks it may stand within others."""
    folded_keyword, folded_text = fold_keyword(keyword), fold_keyword(text)
    if not folded_keyword or _UNSPACED_CHARACTER.search(folded_keyword):
        return bool(folded_keyword) and folded_keyword in folded_text
    return re.search(rf"(?<!{_SPACED_LETTER}){re.escape(folded_keyword)}(?!{_SPACED_LETTER})", folded_text) is not None


# Arabic and Syriac, then the scripts of India and Sri Lanka, Myanmar, Khmer, Mongolian.
_JOINING_SCRIPTS = "\u0620-\u065f\u066e-\u06d3\u06d5-\u06ef\u06fa-\u074f\u0750-\u08ff\u0900-\u0df4\u1000-\u109f\u1780-\u17d3\u1820-\u18aa"
_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2"
_EMOJI = "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"

#: One character that is needed where it is: a joiner between letters or emoji, the mark that makes a symbol an emoji.
NEEDED_JOINER = re.compile(
    f"(?<=[{_JOINING_SCRIPTS}])[\u200c\u200d](?=[{_JOINING_SCRIPTS}])"
    f"|(?<=[{_VIRAMAS}])[\u200c\u200d]"
    f"|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    f"|(?<=[{_EMOJI}])\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
JOINERS = "\u200c\u200d\ufe0f"
_ANY_JOINER = re.compile(f"[{JOINERS}]")
_JOINER = re.compile(f"(?P<needed>{NEEDED_JOINER.pattern})|{_ANY_JOINER.pattern}")


def drop_needless_joiners(text: str) -> str:
    """Return the text with only those joiners that its scripts and emoji need."""
    return _JOINER.sub(lambda joiner: joiner["needed"] or "", text) if _ANY_JOINER.search(text) else text


def strip_joiners(text: str) -> str:
    """Return the text as it is compared with others: nobody types these characters the same way twice."""
    return _ANY_JOINER.sub("", text)


_LETTER_REPLACEMENTS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_ACCENT = re.compile("[\u0300-\u036f]")
_APOSTROPHE = re.compile("['’ʼ`´]")
_SEPARATOR = re.compile(r"[\W_]+")
#: Scripts that are written without blanks between words.
UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")


class _NeedsFullFolding(Exception):
    """A letter that what stands beside it may change."""


class _FoldTable(dict[int, str]):
    """What becomes of letters and marks, each by itself: those of Latin, and the signs that print uses. Filled as they come."""

    def __missing__(self, code: int) -> str:
        if code >= _LATIN_LIMIT and code not in _PUNCTUATION_RANGE:
            raise _NeedsFullFolding
        self[code] = replacement = _SEPARATOR.sub(" ", _fold_fully(chr(code)))
        return replacement


_LATIN_LIMIT = 0x0300
_PUNCTUATION_RANGE = range(0x2010, 0x2045)
_FOLD_TABLE = _FoldTable()


def fold(text: str) -> str:
    """The text in lower case, without accents and punctuation, one blank between words.

    Only the accents of Latin, Greek and Cyrillic letters go: what looks like one in Japanese makes another sound.
    """
    try:
        return " ".join(text.translate(_FOLD_TABLE).split())
    except _NeedsFullFolding:
        return _SEPARATOR.sub(" ", _fold_fully(text)).strip()


def _fold_fully(text: str) -> str:
    lowercase_text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTER_REPLACEMENTS)
    unaccented_text = unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFD", lowercase_text)))
    return _APOSTROPHE.sub("", unaccented_text)


def fold_words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in order."""
    return tuple(fold(text).split())
