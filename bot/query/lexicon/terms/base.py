"""How articles of a language name the terms of a deal, and what else their figures are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.model.terms import TermName


@dataclass(frozen=True, slots=True)
class TermPhrases:
    """The phrases by which one language says what a figure is, in the notation of :mod:`bot.query.lexicon.phrases`.

    Attributes:
        nouns: what a word in capitals stands for.
        terms: by name the phrases in which a figure (TARGET, or MARKED if it is per year or per day) is a term
            of the deal in question.
        others: by name the phrases in which it is none: a profit, a loan, a fine, another deal. They take precedence.
        hedges: words, separated by ``|``, before a figure that is merely possible. Only an upper limit says so itself.
        past: a pattern of what makes a sentence one on former deals.
        ranges: words, separated by ``|``, before two limits or before a limit that no :class:`~bot.model.vocabulary.Bound` can say.
        range_conjunctions: a pattern of what joins two limits.
        articles: words, separated by ``|``, that may precede a figure.
        per_share: a pattern of what follows a price per share; ``before_per_share`` of what precedes it.
        per_year: a pattern of what follows a volume per year; ``before_per_year`` of what precedes it.
        units: the unit that each noun stands for; it follows a number, after at most two other words.
        per_day, before_per_day: the same of a volume per day.
        before_figure: a pattern after which a word for a bound is none: *Auftrag über* says of how much, not more than how much.
        gap_limits, noun_phrase_limits: see :func:`bot.query.lexicon.phrases.compile_phrases`.
        has_spaces: whether spaces separate the words.
    """

    nouns: Mapping[str, str]
    terms: Mapping[TermName, str]
    others: Mapping[TermName, str]
    units: Mapping[str, str]
    hedges: str = ""
    past: str = ""
    ranges: str = ""
    range_conjunctions: str = ""
    articles: str = ""
    per_share: str = ""
    before_per_share: str = ""
    per_year: str = ""
    before_per_year: str = ""
    per_day: str = ""
    before_per_day: str = ""
    before_figure: str = ""
    gap_limits: str = ""
    noun_phrase_limits: str = ""
    has_spaces: bool = True
