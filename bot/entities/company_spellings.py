"""How a company may be written: its names without accents and legal forms, joined, with *and* for *&*, and its ticker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.entities.legal_forms import remove_trailing_forms, remove_unspaced_forms
from bot.model.company import Company
from bot.model.text_folding import fold, fold_words

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe", "Ø": "Oe"}
)
_UMLAUT = re.compile("[" + "".join(map(chr, _UMLAUTS)) + "]")
_MIN_VARIANT_LETTERS = 5
_MAX_JOINED_WORDS = 3
#: A shorter ticker, such as "F" or "GM", is too often another word.
_MIN_TICKER_LETTERS = 4
_YEAR = re.compile(r"(?:19|20)\d\d")


class CompanySpellings(NamedTuple):
    """All spellings of one company, each without duplicates.

    ``names`` are the folded name and aliases, ``variants`` folded spellings besides them, and ``tickers`` are as written,
    with and without the exchange: ``VOW3.DE``, ``VOW3``.
    """

    names: tuple[str, ...]
    variants: tuple[str, ...]
    tickers: tuple[str, ...]


def list_spellings(company: Company) -> CompanySpellings:
    """Return the spellings of a company."""
    names: dict[str, None] = {}
    variants: list[str] = []
    for name in (company.name, *company.aliases):
        folded_name = fold(name)
        if folded_name:
            names[folded_name] = None
        _add_variants(variants, name, folded_name)
    tickers = tuple(filter(None, dict.fromkeys((company.ticker, company.ticker.split(".")[0]))))
    _add_ticker_variants(variants, tickers)
    other_variants = {variant: None for variant in variants if variant and variant not in names}
    return CompanySpellings(tuple(names), tuple(other_variants), tickers)


def _add_variants(variants: list[str], name: str, folded_name: str) -> None:
    """Add variants of a name, perhaps with duplicates, empty strings and the folded name itself.

    Tens of thousands of names are read at the start, so nothing is folded twice, and plain names pass by what cannot change them.
    """
    bare_name = name if name.isascii() else remove_unspaced_forms(name)
    all_words = folded_name.split() if bare_name == name else fold_words(bare_name)
    words = remove_trailing_forms(all_words)
    if bare_name != name or len(words) < len(all_words):
        variants.append(" ".join(words))
    if 1 < len(words) <= _MAX_JOINED_WORDS and len(one_word := "".join(words)) >= _MIN_VARIANT_LETTERS:
        variants.append(one_word)
    if "&" in name:
        variants.append(fold(name.replace("&", " and ")))
    if _UMLAUT.search(name):
        variants.append(" ".join(remove_trailing_forms(fold_words(name.translate(_UMLAUTS)))))


def _add_ticker_variants(variants: list[str], tickers: Sequence[str]) -> None:
    for ticker in tickers:
        folded_ticker = fold(ticker)
        # What looks like a year is one: "deals of 2015".
        if len(folded_ticker) >= _MIN_TICKER_LETTERS and not _YEAR.fullmatch(folded_ticker):
            variants.append(folded_ticker)
