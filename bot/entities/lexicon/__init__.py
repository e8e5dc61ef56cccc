"""The words by which companies are recognised in headlines, one module per language; all languages are read at once.

A new language is a module with a :class:`HeadlineLexicon`, and an entry in :data:`LEXICONS`.
"""

from __future__ import annotations

from bot.entities.lexicon.base import HeadlineLexicon
from bot.entities.lexicon.english import ENGLISH
from bot.entities.lexicon.german import GERMAN
from bot.entities.lexicon.japanese import JAPANESE
from bot.entities.lexicon.partial import CHINESE, FRENCH, ITALIAN, KOREAN
from bot.entities.lexicon.spanish import SPANISH

__all__ = ["GERMAN", "JAPANESE", "LEXICONS", "HeadlineLexicon"]

LEXICONS = (ENGLISH, GERMAN, SPANISH, JAPANESE, CHINESE, KOREAN, FRENCH, ITALIAN)
