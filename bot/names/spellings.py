"""How else a company is written: without its legal form, in one word, with ``and`` for ``&``, by its ticker."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model.company import Company
from bot.names.fold import fold, words
from bot.names.legal import without_form, without_unspaced

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe", "Ø": "Oe"}
)
_LEAST_JOINED = 5
_YEAR = re.compile(r"(?:19|20)\d\d")


def names_of(company: Company) -> tuple[str, ...]:
    """The name and the aliases, folded, each once."""
    return tuple(dict.fromkeys(folded for folded in map(fold, (company.name, *company.aliases)) if folded))


def spellings_of(company: Company) -> Iterator[str]:
    """Folded spellings beside the names themselves: they count where they are nobody's name."""
    for name in (company.name, *company.aliases):
        bare = without_form(words(without_unspaced(name)))
        yield " ".join(bare)
        if len(bare) <= 3 and len("".join(bare)) >= _LEAST_JOINED:
            yield "".join(bare)
        if "&" in name:
            yield fold(name.replace("&", " and "))
        other = name if name.isascii() else name.translate(_UMLAUTS)
        if other != name:
            yield " ".join(without_form(words(other)))
    if len(fold(company.ticker)) >= 4:
        # A ticker as short as "F" or "GM" is too often a word of something else.
        yield fold(company.ticker)
        yield from _without_exchange(company.ticker)


def tickers_of(company: Company) -> Iterator[str]:
    """The ticker as it is written, with and without its exchange: ``VOW3.DE``, ``VOW3``."""
    if company.ticker:
        yield company.ticker
        yield company.ticker.split(".")[0]


def _without_exchange(ticker: str) -> Iterator[str]:
    bare = fold(ticker.split(".")[0])
    if len(bare) >= 4 and not _YEAR.fullmatch(bare):
        yield bare
