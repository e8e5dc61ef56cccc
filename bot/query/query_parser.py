"""What a question says: companies, kinds and stages, a time, and other words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.entities.company_index import CompanyIndex
from bot.model.text_folding import fold_words
from bot.query import lexicon
from bot.query.date_ranges import DateRange, parse_date_range
from bot.query.facets import DEAL_WORDS, Facet, find_facets

#: Words that people put around what they mean. They count only when nothing else was typed.
STOPWORDS = frozenset(
    "a an the of and or vs versus with without between about on in for to from by at as into out up is are was were be been"
    " am being do does did doing done has have had having will would can could should may might must shall if then than that"
    " this these those there here it its they them their we us our you your i im ive me my he she his her who whom whose what"
    " whats which when where why how any anyone anything some all more most much many far still yet now lately recently recent ever"
    " again also just only not no nor so too very really please tell show give find get got know heard hear hey hi hello ok"
    " thanks thank want wants wanted going go goes went gonna happened happening happens happen new news latest last update"
    " updates status state story stories thing things stuff info information company companies announce announced announces"
    " say says said x plus deal deals start started begin began stand stands bring brings bringing come comes up after before"
    " ago whos hows wheres whens whys thats theres und mit von der die das et avec de la le y con".split()
) | frozenset(fold_words(lexicon.STOPWORDS))
#: Of these, what asks for the newest when nothing else was said.
NEWS_WORDS = frozenset("new news latest update updates story stories".split())
_MAX_WORDS = 40
_CASHTAG = re.compile(r"\$([A-Za-z][A-Za-z0-9.\-]{0,11})\b")
_EXCHANGE_TICKER = re.compile(
    r"\b(?:NYSE|NASDAQ|AMEX|LSE|LON|TYO|TSE|TPE|TWSE|HKG|HKEX|SHA|SHE|SSE|KRX|ETR|FRA|XETRA|EPA|STO|OSL|ASX|NSE|BSE|TSX|BME|SWX)"
    r"\s?:\s?([A-Za-z0-9.\-]{1,12})\b",
    re.IGNORECASE,
)
_EXCLUSION = re.compile(
    r"(?<!\S)(?:-(?=\w)|(?:except|excluding|but\s+not|außer|ausser|excepto)\s+)(?P<word>\S{1,60})", re.IGNORECASE
)
#: Before a company these say it too; before other words they are what people say around what they mean.
_COMPANY_EXCLUSION = re.compile(r"(?<!\S)(?:without|not|ohne|sin)\s+(?P<word>\S{1,60}(?:\s+\S{1,60})?)", re.IGNORECASE)
#: ``EX-30`` as one word: where a text has it as two it is found as such too.
_MODEL_NAME = re.compile(r"\b([A-Za-z]{1,4})-(\d{1,3})\b")
_UPPERCASE_WORD = re.compile(r"(?<![\w.])[A-Z][A-Z0-9\-]{2,9}(?![\w])")


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """What was understood: companies by their full names, in order; ``rest`` are the words that say none of it.

    ``without`` are companies and words that a story must not have (``-foxconn``); ``deals`` tells that the word was there; ``fillers`` are what is left when nothing else was said; ``typed`` is the whole,
    folded.
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
    """Read a question, as it was typed. The exact name of a company is that, whatever else it could say."""
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
    """A question without what must not be in a story, and that: companies by their full names, and other words.

    Where it says nothing else, it is a question for what it names.
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
    """Read the folded words of a question."""
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
    """The text with a company's name for each ticker that is written as one: ``$F``, ``NYSE: F``, ``VOW3``."""

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
