"""Keywords as people mean them: whole words in any case and spelling, and in scripts that put no blanks between words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Only the accents of Latin, Greek and Cyrillic letters go: what looks like one in Japanese makes another sound.
_ACCENT = re.compile("[\u0300-\u036f]")
# Thai to Lao, Burmese, Khmer, then what East Asia writes with: no blanks between words, or endings that attach to them.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")
#: A letter or digit that goes on with a word that is written with blanks around it.
_LETTER = rf"[^\W{_UNSPACED}]"


@lru_cache(maxsize=64)
def plain(text: str) -> str:
    """The text in lower case, without accents, one blank between words."""
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFC", _ACCENT.sub("", letters)).split())


def is_in(word: str, text: str) -> bool:
    """Whether a keyword is in a text as a whole word; in scripts without blanks it may stand within others."""
    wanted, said = plain(word), plain(text)
    if not wanted or _IS_UNSPACED.search(wanted):
        return bool(wanted) and wanted in said
    return re.search(rf"(?<!{_LETTER}){re.escape(wanted)}(?!{_LETTER})", said) is not None
