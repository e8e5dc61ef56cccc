"""The words by which questions are understood, one module per language; all languages are understood at once.

A new language is a module with a :class:`Lexicon`, and an entry in :data:`LEXICONS`.
"""

from __future__ import annotations

from bot.query.lexicon.base import Lexicon, QuestionKind, any_of
from bot.query.lexicon.english import ENGLISH
from bot.query.lexicon.german import GERMAN
from bot.query.lexicon.japanese import JAPANESE, PARTICLES
from bot.query.lexicon.partial import CHINESE, FRENCH, KOREAN
from bot.query.lexicon.spanish import SPANISH

__all__ = ["ENGLISH", "LEXICONS", "PARTICLES", "Lexicon", "QuestionKind", "any_of"]

#: In order of precedence: a word that two languages have is the first one's.
LEXICONS = (ENGLISH, GERMAN, SPANISH, JAPANESE, CHINESE, KOREAN, FRENCH)
