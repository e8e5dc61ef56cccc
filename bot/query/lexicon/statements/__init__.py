"""The phrases by which headlines state the stage of a deal, one module per language; each is part of that language's lexicon."""

from __future__ import annotations

from bot.query.lexicon.statements.base import Modifier, Statements
from bot.query.lexicon.statements.english import ENGLISH_STATEMENTS
from bot.query.lexicon.statements.german import GERMAN_STATEMENTS
from bot.query.lexicon.statements.japanese import JAPANESE_STATEMENTS
from bot.query.lexicon.statements.spanish import SPANISH_STATEMENTS

__all__ = [
    "ENGLISH_STATEMENTS",
    "GERMAN_STATEMENTS",
    "JAPANESE_STATEMENTS",
    "SPANISH_STATEMENTS",
    "Modifier",
    "Statements",
]
