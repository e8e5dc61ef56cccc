"""The phrases by which articles name the terms of a deal, one module per language; each is part of that language's lexicon."""

from __future__ import annotations

from bot.query.lexicon.terms.base import TermPhrases
from bot.query.lexicon.terms.english import ENGLISH_TERMS
from bot.query.lexicon.terms.german import GERMAN_TERMS
from bot.query.lexicon.terms.japanese import JAPANESE_TERMS
from bot.query.lexicon.terms.spanish import SPANISH_TERMS

__all__ = ["ENGLISH_TERMS", "GERMAN_TERMS", "JAPANESE_TERMS", "SPANISH_TERMS", "TermPhrases"]
