"""Parse a question: companies, facets, a date range, figures, exclusions and search terms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bot.entities.company_index import CompanyIndex
from bot.entities.tokens import tokenize
from bot.model.terms import FigureFilter
from bot.model.text_folding import UNSPACED, fold, fold_words
from bot.model.vocabulary import Stage
from bot.query.date_ranges import DateRange, parse_date_range
from bot.query.exclusions import extract_exclusions
from bot.query.facets import DEAL_WORDS, Facet, find_facets
from bot.query.figures import build_number_patterns, find_figures
from bot.query.lexicon import LEXICONS, any_of


def _collect_words(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold_words(text))


#: Words that say nothing about a story. They count only if nothing else was typed.
STOPWORDS = _collect_words([lexicon.stopwords for lexicon in LEXICONS])
#: Words that ask for the newest stories if nothing else was typed.
NEWS_WORDS = _collect_words([lexicon.news_words for lexicon in LEXICONS])
_WORDS_BY_TOPIC = {
    topic: tuple(dict.fromkeys(word for lexicon in LEXICONS for word in fold_words(lexicon.topic_words.get(topic, ""))))
    for lexicon in LEXICONS
    for topic in lexicon.topic_words
}
_TOPICS_BY_WORD = {word: topic for topic, words in _WORDS_BY_TOPIC.items() for word in words}
_MAX_WORDS = 40
#: Characters of a question that are read; more than forty words need.
_MAX_LENGTH = 1_000
_CASHTAG = re.compile(r"\$([A-Za-z][A-Za-z0-9.\-]{0,11})\b")
_EXCHANGE_TICKER = re.compile(
    r"\b(?:NYSE|NASDAQ|AMEX|LSE|LON|TYO|TSE|TPE|TWSE|HKG|HKEX|SHA|SHE|SSE|KRX|ETR|FRA|XETRA|EPA|STO|OSL|ASX|NSE|BSE|TSX|BME|SWX)"
    r"\s?:\s?([A-Za-z0-9.\-]{1,12})\b",
    re.IGNORECASE,
)
#: ``EX-30`` becomes one word, which also finds texts that have it as two.
_MODEL_NAME = re.compile(r"\b([A-Za-z]{1,4})-(\d{1,3})\b")
_UPPERCASE_WORD = re.compile(r"(?<![\w.])[A-Z][A-Z0-9\-]{2,9}(?![\w])")
_CONTRACTION = re.compile(r"(?<!\w)(?P<word>\w{1,60})['’ʼ`´](?:s|re|ve|ll|d|m)\b", re.IGNORECASE)
_REQUEST = re.compile(rf"^\W*(?:{any_of(lexicon.request_words for lexicon in LEXICONS)})\b(?=.*\w)", re.IGNORECASE)


def _compile_phrases(texts: Sequence[str]) -> re.Pattern[str]:
    """Compile a pattern for any of the phrases, separated by ``|``; those of unspaced scripts may be within a word."""
    phrases = [phrase for text in texts for phrase in text.split("|") if phrase]
    return re.compile(
        any_of(phrase if UNSPACED.search(phrase) else rf"(?<!\w){phrase}(?!\w)" for phrase in phrases), re.IGNORECASE
    )


_SEVERAL = _compile_phrases([lexicon.several_words for lexicon in LEXICONS])
_LARGEST = _compile_phrases([lexicon.largest_words for lexicon in LEXICONS])


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """A parsed question.

    Attributes:
        companies: the full names of the companies, in order.
        facets: the kinds, stages and states that a story should have.
        date_range: when something should have happened in the story.
        terms: the other words, without stopwords, folded; and the figures as they were typed.
        excluded_companies: the full names of companies that must not be parties (``-foxconn``).
        excluded_words: folded words that a story must not have.
        deals_only: whether the question has a word for deals.
        stopwords: the stopwords, if there is nothing else.
        folded_text: the whole question, folded.
        limits: what the figures of a deal must be over or under.
        largest_first: whether the largest deals are asked for.
        asks_for_several: whether the question has a plural (``deals``), or asks for a list.
        asks_for_news: whether the question has a word for news.
        term_patterns: the full-text patterns of terms that a text may write in other ways, such as figures.
        spellings: how the folded words were typed.
    """

    companies: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    date_range: DateRange | None = None
    terms: tuple[str, ...] = ()
    excluded_companies: tuple[str, ...] = ()
    excluded_words: tuple[str, ...] = ()
    deals_only: bool = False
    stopwords: tuple[str, ...] = ()
    folded_text: str = ""
    limits: tuple[FigureFilter, ...] = ()
    largest_first: bool = False
    asks_for_several: bool = False
    asks_for_news: bool = False
    term_patterns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Everything that is excluded, as it is shown."""
        return (*self.excluded_companies, *map(self.spell, self.excluded_words))

    @property
    def is_empty(self) -> bool:
        """Whether the question has nothing but words that say nothing, and does not ask for deals or news."""
        return bool(self.stopwords) and not (self.deals_only or self.asks_for_news)

    @property
    def stages(self) -> frozenset[Stage]:
        """The stages that the facets name."""
        return frozenset(stage for facet in self.facets for stage in facet.stages)

    def spell(self, word: str) -> str:
        """Return a folded word as it was typed."""
        return self.spellings.get(word, word)


def parse_query(text: str, company_index: CompanyIndex, today: date) -> ParsedQuery:
    """Parse a question as it was typed. The exact name of a company means that company, whatever else it could mean."""
    folded_text = " ".join(fold_words(text)[:_MAX_WORDS])
    company = company_index.find_exact(text)
    if company:
        return ParsedQuery(companies=(company,), folded_text=folded_text)
    text = text[:_MAX_LENGTH]
    included_text, exclusions = extract_exclusions(_expand_contractions(text, company_index), company_index)
    figures = find_figures(included_text, lambda span: company_index.find_exact(span) is not None)
    plain_text = _LARGEST.sub(" ", _REQUEST.sub(" ", figures.text))
    date_range, undated_text = parse_date_range(expand_tickers(plain_text, company_index), today)
    undated_text = _MODEL_NAME.sub(r"\1\2", undated_text)
    words_query = parse_words(fold_words(undated_text)[:_MAX_WORDS], company_index, date_range)
    figure_patterns = dict(figures.patterns)
    word_patterns = {
        word: patterns
        for word in words_query.terms
        if (patterns := build_number_patterns(word) or _build_topic_patterns(word))
    }
    return replace(
        words_query,
        terms=(*figure_patterns, *words_query.terms),
        stopwords=() if figures.limits or figure_patterns else words_query.stopwords,
        excluded_companies=tuple(dict.fromkeys(exclusions.companies)),
        excluded_words=tuple(dict.fromkeys(exclusions.words)),
        folded_text=folded_text,
        limits=figures.limits,
        largest_first=_LARGEST.search(figures.text) is not None,
        asks_for_several=_SEVERAL.search(figures.text) is not None,
        term_patterns=figure_patterns | word_patterns,
        spellings=_get_spellings(text),
    )


def parse_words(
    query_words: Sequence[str], company_index: CompanyIndex, date_range: DateRange | None = None
) -> ParsedQuery:
    """Parse the folded words of a question, without exclusions, figures and dates."""
    matches = company_index.find(query_words)
    facets, other_words = find_facets(matches.other_words)
    terms = tuple(word for word in other_words if word not in STOPWORDS and word not in DEAL_WORDS)
    has_criteria = bool(matches.companies or facets or terms or date_range)
    return ParsedQuery(
        companies=matches.companies,
        facets=facets,
        date_range=date_range,
        terms=terms,
        deals_only=any(word in DEAL_WORDS for word in other_words),
        stopwords=() if has_criteria else tuple(other_words),
        asks_for_news=not NEWS_WORDS.isdisjoint(other_words),
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


def _build_topic_patterns(word: str) -> tuple[str, ...]:
    """Return the full-text patterns of a topic that a folded word stands for, in all languages; none for any other word."""
    words = _WORDS_BY_TOPIC[_TOPICS_BY_WORD[word]] if word in _TOPICS_BY_WORD else ()
    return tuple(f"{each}*" if UNSPACED.search(each) else each for each in words)


def _expand_contractions(text: str, company_index: CompanyIndex) -> str:
    """Remove what is contracted after an apostrophe (``last year's``), unless it belongs to a name (``McDonald's``)."""
    return _CONTRACTION.sub(
        lambda match: (
            match[0]
            if company_index.find_exact(match[0]) and not company_index.find_exact(match["word"])
            else match["word"]
        ),
        text,
    )


def _get_spellings(text: str) -> dict[str, str]:
    """Return the words of a text by their folded forms, with and without possessive endings."""
    spellings: dict[str, str] = {}
    for token in tokenize(text):
        spellings.setdefault(token.normal_form, token.surface)
        stem = text[token.start : token.base_form_end]
        spellings.setdefault(fold(stem), stem)
    spellings |= {fold(match[1] + match[2]): match[0] for match in _MODEL_NAME.finditer(text)}
    return spellings
