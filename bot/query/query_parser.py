"""Parse a question: companies, facets, a date range, exclusions and search terms."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.entities.company_index import CompanyIndex
from bot.model.text_folding import fold_words
from bot.query.date_ranges import DateRange, parse_date_range
from bot.query.facets import DEAL_WORDS, Facet, find_facets
from bot.query.lexicon import LEXICONS, any_of

#: Words that say nothing about a story. They count only if nothing else was typed.
STOPWORDS = frozenset(word for lexicon in LEXICONS for word in fold_words(lexicon.stopwords))
#: Stopwords that ask for the newest stories if nothing else was typed.
NEWS_WORDS = frozenset("new news latest update updates story stories".split())
_MAX_WORDS = 40
_CASHTAG = re.compile(r"\$([A-Za-z][A-Za-z0-9.\-]{0,11})\b")
_EXCHANGE_TICKER = re.compile(
    r"\b(?:NYSE|NASDAQ|AMEX|LSE|LON|TYO|TSE|TPE|TWSE|HKG|HKEX|SHA|SHE|SSE|KRX|ETR|FRA|XETRA|EPA|STO|OSL|ASX|NSE|BSE|TSX|BME|SWX)"
    r"\s?:\s?([A-Za-z0-9.\-]{1,12})\b",
    re.IGNORECASE,
)
_EXCLUSION = re.compile(
    rf"(?<!\S)(?:-(?=\w)|(?:{any_of(lexicon.exclusion_words for lexicon in LEXICONS)})\s+)(?P<word>\S{{1,60}})",
    re.IGNORECASE,
)
#: These words exclude a company; before other words they are stopwords.
_COMPANY_EXCLUSION = re.compile(
    rf"(?<!\S)(?:{any_of(lexicon.company_exclusion_words for lexicon in LEXICONS)})\s+(?P<word>\S{{1,60}}(?:\s+\S{{1,60}})?)",
    re.IGNORECASE,
)
#: ``EX-30`` becomes one word, which also finds texts that have it as two.
_MODEL_NAME = re.compile(r"\b([A-Za-z]{1,4})-(\d{1,3})\b")
_UPPERCASE_WORD = re.compile(r"(?<![\w.])[A-Z][A-Z0-9\-]{2,9}(?![\w])")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A parsed question.

    Attributes:
        companies: the full names of the companies, in order.
        facets: the kinds, stages and states that a story should have.
        date_range: when something should have happened in the story.
        terms: the other words, without stopwords.
        exclusions: companies and words that a story must not have (``-foxconn``).
        deals_only: whether the question has a word for deals.
        stopwords: the stopwords, if there is nothing else.
        folded_text: the whole question, folded.
    """

    companies: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    date_range: DateRange | None = None
    terms: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    deals_only: bool = False
    stopwords: tuple[str, ...] = ()
    folded_text: str = ""


def parse_query(text: str, company_index: CompanyIndex, today: date) -> ParsedQuery:
    """Parse a question as it was typed. The exact name of a company means that company, whatever else it could mean."""
    folded_text = " ".join(fold_words(text)[:_MAX_WORDS])
    company = company_index.find_exact(text)
    if company:
        return ParsedQuery(companies=(company,), folded_text=folded_text)
    included_text, exclusions = _extract_exclusions(text, company_index)
    date_range, undated_text = parse_date_range(expand_tickers(included_text, company_index), today)
    undated_text = _MODEL_NAME.sub(r"\1\2", undated_text)
    return replace(
        parse_words(fold_words(undated_text)[:_MAX_WORDS], company_index, date_range),
        exclusions=exclusions,
        folded_text=folded_text,
    )


def _extract_exclusions(text: str, company_index: CompanyIndex) -> tuple[str, tuple[str, ...]]:
    """Return a question without its exclusions, and these: full names of companies, and words.

    A question that has nothing but exclusions is returned as it is, without any.
    """
    exclusions: list[str] = []

    def exclude_word(match: re.Match[str]) -> str:
        matches = company_index.find(fold_words(match["word"]))
        exclusions.extend(matches.companies or matches.other_words)
        return " "

    def exclude_company(match: re.Match[str]) -> str:
        for length in (2, 1):
            phrase = match["word"].split()[:length]
            matches = company_index.find(fold_words(" ".join(phrase)))
            if matches.companies and not matches.other_words:
                exclusions.extend(matches.companies)
                return " " + " ".join(match["word"].split()[length:])
        return match[0]

    included_text = _COMPANY_EXCLUSION.sub(exclude_company, _EXCLUSION.sub(exclude_word, text))
    return (included_text, tuple(dict.fromkeys(exclusions))) if fold_words(included_text) else (text, ())


def parse_words(
    query_words: Sequence[str], company_index: CompanyIndex, date_range: DateRange | None = None
) -> ParsedQuery:
    """Parse the folded words of a question, without exclusions and dates."""
    matches = company_index.find(query_words)
    facets, other_words = find_facets(matches.other_words)
    terms = tuple(word for word in other_words if word not in STOPWORDS)
    has_criteria = bool(matches.companies or facets or terms or date_range)
    return ParsedQuery(
        companies=matches.companies,
        facets=facets,
        date_range=date_range,
        terms=terms,
        deals_only=any(word in DEAL_WORDS for word in other_words),
        stopwords=() if has_criteria else tuple(other_words),
    )


def expand_tickers(text: str, company_index: CompanyIndex) -> str:
    """Replace everything that is written like a ticker (``$F``, ``NYSE: F``, ``VOW3``) with the company's name."""

    def replace_ticker(match: re.Match[str]) -> str:
        symbol = match[match.lastindex or 0]
        company = (
            company_index.find_by_ticker(symbol)
            or company_index.find_by_ticker(symbol.upper())
            or company_index.find_exact(symbol)
        )
        return f" {company} " if company else match[0]

    for pattern in (_CASHTAG, _EXCHANGE_TICKER, _UPPERCASE_WORD):
        text = pattern.sub(replace_ticker, text)
    return text
