"""How articles of a language say what is expected, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.proposals import ExpectedKind


@dataclass(frozen=True, slots=True)
class ExpectationPhrases:
    """The phrases by which one language says what is expected, in the notation of :mod:`bot.query.lexicon.phrases`.

    Attributes:
        nouns: what a word in capitals stands for; MONTH, YEAR, PREFIX and ORDINAL may be used in ``dates`` alone.
        events: by kind the phrases in which something is expected at a date (TARGET) or from it (MARKED).
        others: phrases in which it is not, or is something else. They take precedence.
        dates: patterns of a date or a period, the most specific first. Their groups: ``by`` and ``before`` if it ends there,
            ``since`` if it begins there;
            ``half``, ``quarter``, ``month``, ``day``, ``year``; ``this`` and ``next`` for the period that is meant;
            ``end`` if its last days are; ``vague`` if it is only a part of the period; ``count`` of months from now.
        numbers: the number of each ``half``, ``quarter`` or ``count`` that is not a digit.
        months: the names of the twelve months, each separated by spaces.
        fiscal: a pattern of what makes a period one of a company's own year.
        uncertain: a pattern of what before a date makes it the earliest.
        gap_limits, noun_phrase_limits: see :func:`bot.query.lexicon.phrases.compile_phrases`.
        has_spaces: whether spaces separate the words.
    """

    nouns: Mapping[str, str]
    events: Mapping[ExpectedKind, str]
    others: str
    dates: tuple[str, ...]
    numbers: Mapping[str, int]
    months: tuple[str, ...] = ()
    fiscal: str = ""
    uncertain: str = ""
    gap_limits: str = ""
    noun_phrase_limits: str = ""
    has_spaces: bool = True
