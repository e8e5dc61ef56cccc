"""The sentences of a headline or an article, and the languages that each can be in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.query.lexicon import LEXICONS

#: A full stop ends a sentence if a space follows, but not after initials (``U.S. Steel``) or a company's legal form.
_SENTENCE = re.compile(
    r"[^.!?…\n。]+(?:\.(?:(?=\S)|(?<=\.\w\.)|(?<=Inc\.)|(?<=Corp\.)|(?<=Co\.)|(?<=Ltd\.)|(?<=vs\.))[^.!?…\n。]+)*"
)
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
_FUNCTION_WORDS = {
    lexicon.code: frozenset(lexicon.statements.function_words.split())
    for lexicon in LEXICONS
    if lexicon.statements is not None and lexicon.statements.has_spaces
}


def split_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text in lower case, each with the place where it begins."""
    for match in _SENTENCE.finditer(text):
        # If lowering changes the length, the positions would be wrong.
        lowercase = match.group().lower()
        yield match.start(), lowercase if len(lowercase) == len(match.group()) else match.group()


def find_languages(sentence: str) -> tuple[str, ...]:
    """Return the codes of the languages that a sentence can be in, by its script and its most frequent words."""
    if _JAPANESE.search(sentence):
        return ("ja",)
    words = frozenset(sentence.split())
    codes = tuple(code for code, frequent in _FUNCTION_WORDS.items() if not frequent.isdisjoint(words))
    return codes or tuple(_FUNCTION_WORDS)
