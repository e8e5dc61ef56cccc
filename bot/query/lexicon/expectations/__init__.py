"""The phrases by which articles say what is expected, one module per language; each is part of that language's lexicon."""

from __future__ import annotations

from bot.query.lexicon.expectations.base import ExpectationPhrases
from bot.query.lexicon.expectations.english import ENGLISH_EXPECTATIONS
from bot.query.lexicon.expectations.german import GERMAN_EXPECTATIONS
from bot.query.lexicon.expectations.japanese import JAPANESE_EXPECTATIONS
from bot.query.lexicon.expectations.spanish import SPANISH_EXPECTATIONS

__all__ = [
    "ENGLISH_EXPECTATIONS",
    "GERMAN_EXPECTATIONS",
    "JAPANESE_EXPECTATIONS",
    "SPANISH_EXPECTATIONS",
    "ExpectationPhrases",
]
