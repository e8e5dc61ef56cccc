"""Tickers without parentheses: *TSLA down 8%*, *shares of F, GM and TSLA*, *$F*."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from bot.entities.disambiguation import collect_words, find_list_neighbour
from bot.entities.tokens import Token
from bot.entities.word_frequencies import get_word_frequencies

#: Symbols of so many letters are hardly a word or an abbreviation of something else.
_MIN_CERTAIN_LETTERS = 4
#: Shorter ones count only in lists and after words for shares.
_MIN_MOVING_LETTERS = 3
_PERCENT = re.compile(r"(?:[.,]\d{1,3})? ?%")
_STOCK_WORDS = collect_words("stock_words")


def find_bare_tickers(tokens: Sequence[Token], text: str, tickers: Collection[str]) -> Iterator[int]:
    """Yield the indexes of tickers.

    A ticker has a dollar sign, has four letters and is no word, follows a word for shares or precedes a percentage, or is in a
    list with another. In a text of capitals, only the dollar sign counts.
    """
    is_shouted = text.isupper()
    previous: int | None = None
    for index, token in enumerate(tokens):
        if token.surface not in tickers or not token.surface.isalpha():
            continue
        if text[token.start - 1 : token.start] == "$" or (
            not is_shouted
            and (
                _is_symbol(token)
                or _follows_stock_word(tokens, index)
                or _moves(tokens, index, text)
                or _continues_list(tokens, index, previous, text)
            )
        ):
            yield index
            previous = index


def _is_symbol(token: Token) -> bool:
    return len(token.surface) >= _MIN_CERTAIN_LETTERS and not get_word_frequencies().is_known(token.normal_form)


def _follows_stock_word(tokens: Sequence[Token], index: int) -> bool:
    words = [token.normal_form for token in tokens[max(0, index - 2) : index]]
    if words[-1:] == ["of"]:
        words.pop()
    return bool(words) and words[-1] in _STOCK_WORDS


def _moves(tokens: Sequence[Token], index: int, text: str) -> bool:
    """Return whether a percentage comes two words after a symbol: *CAT falls 4%*."""
    if len(tokens[index].surface) < _MIN_MOVING_LETTERS or index + 2 >= len(tokens):
        return False
    number = tokens[index + 2]
    return number.surface.isdigit() and _PERCENT.match(text, number.end) is not None


def _continues_list(tokens: Sequence[Token], index: int, previous: int | None, text: str) -> bool:
    return previous is not None and find_list_neighbour(tokens, index, -1, text) == previous
