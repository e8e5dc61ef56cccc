"""Variants of a company's name: without its legal form, in one word, with ``and`` for ``&``, as its ticker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.entities.legal_forms import remove_trailing_forms, remove_unspaced_forms
from bot.model.company import Company
from bot.model.text_folding import fold, fold_words

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe", "Ø": "Oe"}
)
_MIN_JOINED_LETTERS = 5
_YEAR = re.compile(r"(?:19|20)\d\d")


def get_names(company: Company) -> tuple[str, ...]:
    """Return the folded name and aliases, without duplicates."""
    return tuple(dict.fromkeys(name for name in map(fold, (company.name, *company.aliases)) if name))


def generate_variants(company: Company) -> Iterator[str]:
    """Yield folded variants of the names; one of them only counts if it is no company's name. May repeat or be empty."""
    for name in (company.name, *company.aliases):
        base_words = remove_trailing_forms(fold_words(remove_unspaced_forms(name)))
        yield " ".join(base_words)
        if len(base_words) <= 3 and len("".join(base_words)) >= _MIN_JOINED_LETTERS:
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
