"""The words and patterns by which questions are understood in one language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.vocabulary import Claim, Kind, Stage
from bot.query.lexicon.expectations import ExpectationPhrases
from bot.query.lexicon.statements import Statements
from bot.query.lexicon.terms import TermPhrases


class QuestionKind(StrEnum):
    """What a question wants to know of a deal, if one line can answer it."""

    #: When it closed, or will.
    CLOSING_DATE = "closing date"
    #: Why it fell through.
    REASON = "reason"
    PRICE_PER_SHARE = "price per share"
    #: How much of a company.
    STAKE = "stake"
    #: How much money.
    AMOUNT = "amount"
    #: Who buys.
    BUYER = "buyer"
    #: Whether, or since when, it is off.
    STILL_ON = "still on"
    #: Whether it has closed.
    CLOSED = "closed"

    @property
    def is_about_figures(self) -> bool:
        """Whether it wants to know how much."""
        return self in (QuestionKind.PRICE_PER_SHARE, QuestionKind.STAKE, QuestionKind.AMOUNT)

    @property
    def is_about_end(self) -> bool:
        """Whether it wants to know if, or why, a deal is off."""
        return self in (QuestionKind.STILL_ON, QuestionKind.REASON)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words of one language.

    Words that mean something else in English are left out (``final``, ``fin``): a question is understood in every language,
    whichever language the bot speaks. Patterns are regular expressions on lower-case text.

    Attributes:
        code: the language's code.
        facet_words: phrases that name a kind or a stage, separated by ``|``.
        disputed_words: phrases for disputed stories, separated by ``|``; also ``open_words`` and ``ended_words``.
        claim_words: words that name a claim, separated by spaces.
        deal_words: words for a deal of any kind, separated by spaces.
        news_words: words that ask what is new, separated by spaces.
        several_words: words that ask for several stories, separated by ``|``: plurals of kinds and deals.
        largest_words: patterns of phrases that ask for the largest deals first, separated by ``|``.
        topic_words: for each topic, the words that stand for it, separated by spaces: a text may have any of them, in any
            language.
        stopwords: words that say nothing about a story, separated by spaces.
        request_words: a pattern for the verbs with which a request begins (``show me``).
        over_words, under_words: patterns for what comes before the limit of a figure; ``over_suffixes`` and
            ``under_suffixes`` for what comes after it.
        between_words: a pattern for what comes before two limits.
        conjunctions: a pattern for what is between the items of a list.
        exclusion_words: a pattern for what comes before a word that a story must not have (``except``).
        company_exclusion_words: the same before a company only (``not``).
        exclusion_suffixes: a pattern for what comes after companies that a story must not have.
        months: for each of the twelve months its names, separated by spaces.
        time_units: the unit (day, week, month, year) that each word stands for.
        last_period_patterns: patterns of ``last 3 weeks`` with the groups ``count`` and ``unit``.
        quarter_patterns: patterns of a quarter, with the groups ``part`` and ``year``.
        half_year_patterns: patterns of half a year, with the same groups.
        half_year_numbers: the number of each ``part`` that is not a digit.
        since_words: a pattern for what comes before the start of an open range (``since``).
        since_patterns: patterns of an open range, with the groups ``year`` and ``month``.
        relative_ranges: patterns of ranges relative to today, each with its unit and how many units back it is.
        today, yesterday: patterns of these days.
        month_prepositions: a pattern for what makes a month of an ambiguous word (``in May``).
        date_prepositions: a pattern for what comes before a date and belongs to it.
        question_patterns: patterns of questions that one line can answer, by what they want to know; on folded text
            (:func:`bot.model.text_folding.fold`), as the following are.
        reason_words: a pattern for what says in a sentence that a reason follows or precedes.
        no_reason_words: a pattern for what says that no reason is given, or that it is not the reason.
        per_share_words: a pattern for what makes an amount a price per share.
        statements: the phrases of headlines and sentences that state a stage or a claim; None if they are not known.
        terms: the phrases by which articles name the terms of a deal; None if they are not known.
        expectations: the phrases by which articles say what is expected, and when; None if they are not known.
    """

    code: str
    facet_words: Mapping[Kind | Stage, str] = field(default_factory=dict)
    disputed_words: str = ""
    open_words: str = ""
    ended_words: str = ""
    claim_words: Mapping[Claim, str] = field(default_factory=dict)
    deal_words: str = ""
    news_words: str = ""
    several_words: str = ""
    largest_words: str = ""
    topic_words: Mapping[str, str] = field(default_factory=dict)
    stopwords: str = ""
    request_words: str = ""
    over_words: str = ""
    under_words: str = ""
    over_suffixes: str = ""
    under_suffixes: str = ""
    between_words: str = ""
    conjunctions: str = ""
    exclusion_words: str = ""
    company_exclusion_words: str = ""
    exclusion_suffixes: str = ""
    months: tuple[str, ...] = ()
    time_units: Mapping[str, str] = field(default_factory=dict)
    last_period_patterns: tuple[str, ...] = ()
    quarter_patterns: tuple[str, ...] = ()
    half_year_patterns: tuple[str, ...] = ()
    half_year_numbers: Mapping[str, int] = field(default_factory=dict)
    since_words: str = ""
    since_patterns: tuple[str, ...] = ()
    relative_ranges: tuple[tuple[str, str, int], ...] = ()
    today: str = ""
    yesterday: str = ""
    month_prepositions: str = ""
    date_prepositions: str = ""
    question_patterns: Mapping[QuestionKind, str] = field(default_factory=dict)
    reason_words: str = ""
    no_reason_words: str = ""
    per_share_words: str = ""
    statements: Statements | None = None
    terms: TermPhrases | None = None
    expectations: ExpectationPhrases | None = None


def any_of(patterns: Iterable[str]) -> str:
    """Return a pattern that matches any of these, trying the longest first; empty ones are skipped."""
    return "|".join(sorted(filter(None, patterns), key=len, reverse=True))
