"""The sentences of a headline or an article as phrases are looked up in them, and the languages that each can be in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model.sentences import find_sentences
from bot.query.lexicon import LEXICONS

_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
_FUNCTION_WORDS = {
    lexicon.code: frozenset(lexicon.statements.function_words.split())
    for lexicon in LEXICONS
    if lexicon.statements is not None and lexicon.statements.has_spaces
}


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text in lower case, without the marks that end them, each with the place where it begins."""
    for start, sentence in find_sentences(text):
        words = sentence.rstrip(".!?…。！？ \n")
        # If lowering changes the length, the positions would be wrong.
        lowercase = words.lower()
        yield start, lowercase if len(lowercase) == len(words) else words


def find_languages(sentence: str) -> tuple[str, ...]:
    """Return the codes of the languages that a sentence can be in, by its script and its most frequent words."""
    if _JAPANESE.search(sentence):
        return ("ja",)
    words = frozenset(sentence.split())
    codes = tuple(code for code, frequent in _FUNCTION_WORDS.items() if not frequent.isdisjoint(words))
    return codes or tuple(_FUNCTION_WORDS)
