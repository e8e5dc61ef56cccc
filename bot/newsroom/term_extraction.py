"""The terms of a deal that an article gives: its value, stake, price per share, volume, capacity, investment and jobs.

The one parser of amounts (:mod:`bot.model.figures`) finds the figures, and the phrases of each language
(:mod:`bot.query.lexicon.terms`) say what a figure is. A figure that fits no phrase, or that may be a profit, a loan or the
price of another deal, is not proposed: silence is better than a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Literal

from bot.model.figures import Quantity, align_number_words, find_bound, find_quantities
from bot.model.proposals import TermProposal
from bot.model.terms import TermName
from bot.model.text_folding import replace_lookalikes
from bot.model.tracking import TextSpan
from bot.model.vocabulary import Bound
from bot.newsroom.sentences import find_languages, split_sentences
from bot.query.lexicon import LEXICONS, any_of
from bot.query.lexicon.phrases import FILLER, MARKED_FILLER, OTHER, TARGET, compile_phrases
from bot.query.lexicon.terms import TermPhrases

#: How many characters of the title are read, and of the text: its lead. What follows also tells of other deals.
TITLE_LIMIT, LEAD_LIMIT = 400, 500
#: A text with more figures than this is a table.
_FIGURE_LIMIT = 24
#: Nobody reports a deal for less, in whatever currency.
_LEAST_SUM = 1_000_000
_CLAUSE_ENDS = (", ", "; ", "、")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: A designation such as ``737``, ``A350`` or ``Covid-19`` is no amount.
_DESIGNATION = re.compile(r"(?:[A-Za-z]-?|boeing |airbus |#)$", re.IGNORECASE)
_CONVERSION = re.compile(r"\s?[(\[]\s?")
_CLOSING = re.compile(r"[^()]{0,12}\)")
_MONEY_NAMES = (TermName.INVESTMENT, TermName.VALUE)
_NOUN_NAMES = (TermName.CAPACITY, TermName.VOLUME)


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of a text.

    Attributes:
        names: what it can be, the likeliest first; empty if it is no term.
        start, end: where it is, with the words for its bound and its unit; ``mask_start`` and ``mask_end`` with its article and
            its amount in another currency.
    """

    names: tuple[TermName, ...]
    amount: Decimal
    unit: str
    bound: Bound | None
    start: int
    end: int
    mask_start: int
    mask_end: int


class _TermReader:
    """The phrases of one language, compiled; sentences are in lower case."""

    def __init__(self, phrases: TermPhrases) -> None:
        def compile_all(by_name: Mapping[TermName, str]) -> dict[TermName, re.Pattern[str] | None]:
            return {
                name: compile_phrases(
                    lines,
                    tuple(phrases.nouns.items()),
                    gap_limits=phrases.gap_limits,
                    noun_phrase_limits=phrases.noun_phrase_limits,
                    has_spaces=phrases.has_spaces,
                )
                for name, lines in by_name.items()
            }

        self._terms, self._others = compile_all(phrases.terms), compile_all(phrases.others)
        boundary = r"\b" if phrases.has_spaces else ""
        self._hedges = re.compile(rf"{boundary}(?:{phrases.hedges}){boundary}")
        self._past = re.compile(rf"{boundary}(?:{phrases.past}){boundary}")
        self._has_spaces = phrases.has_spaces

    def find_name(self, figure: _Figure, sentence: str, position: int) -> TermName | None:
        """Return what a figure is, which the sentence has as ``TARGET`` at a position; None if it is no term."""
        before = sentence[:position] if self._has_spaces else sentence
        if figure.bound is not Bound.UP_TO and self._hedges.search(before):
            return None
        clause = _get_clause(sentence, position) if self._has_spaces else sentence
        if self._past.search(clause):
            return None
        for name in figure.names:
            is_other, is_term = self._others.get(name), self._terms[name]
            if is_other is not None and is_other.search(sentence):
                continue
            if is_term is not None and is_term.search(sentence):
                return name
        return None


@cache
def _get_reader(code: str) -> _TermReader:
    # Compiled on first use: all languages at once would delay every start.
    return _TermReader(_PHRASES_BY_LANGUAGE[code])


def _join(words: Sequence[str]) -> str:
    return any_of(words) or r"(?!)"


def _compile_end(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{_join(patterns)})\s?$", re.IGNORECASE)


def _compile_rate(patterns: Sequence[str]) -> re.Pattern[str]:
    """Return a pattern of what follows a noun, perhaps after what it is of: *tonnes of ore a year*."""
    content = r"(?:(?:\sworth)?\s(?:of|de|an)\s[\w-]{1,20}(?:\s[\w-]{1,20})?)?"
    return re.compile(rf"{content}(?:{_join(patterns)})(?!\w)", re.IGNORECASE)


_PHRASES_BY_LANGUAGE = {lexicon.code: lexicon.terms for lexicon in LEXICONS if lexicon.terms is not None}
_PHRASES = tuple(_PHRASES_BY_LANGUAGE.values())
_UNITS = {noun: unit for phrases in reversed(_PHRASES) for noun, unit in phrases.units.items()}
_SPACED_UNITS = _join([re.escape(noun) for phrases in _PHRASES if phrases.has_spaces for noun in phrases.units])
_OTHER_UNITS = _join([re.escape(noun) for phrases in _PHRASES if not phrases.has_spaces for noun in phrases.units])
#: A noun with at most two words before it: ``electric vans``, ``A350 jets``, ``million tonnes of ore``.
_UNIT = re.compile(
    rf"(?P<spaced>[\s-]?(?:de\s)?(?:(?!(?:of|in|to|for|and|with|on|de|en|für|und|in|an)\s)[\w.&'’-]{{1,20}}\s){{0,2}}?(?:{_SPACED_UNITS})(?![\w]))"
    rf"|\s?(?:{_OTHER_UNITS})",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(rf"(?:{_join([phrases.per_share for phrases in _PHRASES])})(?!\w)", re.IGNORECASE)
_BEFORE_PER_SHARE = _compile_end([phrases.before_per_share for phrases in _PHRASES])
#: What a volume per year or per day has behind its noun, and before its number.
_RATES = {
    "/year": (
        _compile_rate([phrases.per_year for phrases in _PHRASES]),
        _compile_end([phrases.before_per_year for phrases in _PHRASES]),
    ),
    "/day": (
        _compile_rate([phrases.per_day for phrases in _PHRASES]),
        _compile_end([phrases.before_per_day for phrases in _PHRASES]),
    ),
}
_JAPANESE_UNITS = frozenset(
    unit for phrases in _PHRASES if not phrases.has_spaces for unit in phrases.units.values() if not unit.isascii()
)
_JAPANESE_RATES = {"/year": "/年", "/day": "/日"}
_NO_BOUND = _compile_end([phrases.before_figure for phrases in _PHRASES])
_RANGE_WORDS = re.compile(
    rf"(?:(?<!\w)(?:{_join([phrases.ranges for phrases in _PHRASES])}))\s?(?:(?:{_join([phrases.articles for phrases in _PHRASES])})\s)?$",
    re.IGNORECASE,
)
_RANGE_AFTER = re.compile("未満|以内|弱|強")
_RANGE_CONJUNCTION = re.compile(
    rf"\s?(?:{_join([phrases.range_conjunctions for phrases in _PHRASES])})\s?", re.IGNORECASE
)
_FROM = re.compile(r"(?<!\w)(?:from|von|desde)\s$", re.IGNORECASE)
_ARTICLE = re.compile(rf"(?<!\w)(?:{_join([phrases.articles for phrases in _PHRASES])})\s$", re.IGNORECASE)


def extract_terms(title: str, text: str, published: date) -> tuple[TermProposal, ...]:
    """Return the terms that the title and the lead of an article give, at most one of each name.

    The first sentence that gives one decides; if it gives two, none is proposed.
    """
    by_name: dict[TermName, TermProposal | None] = {}
    parts: tuple[tuple[Literal["title", "text"], str], ...] = (
        ("title", title[:TITLE_LIMIT]),
        ("text", text[:LEAD_LIMIT]),
    )
    for part, words in parts:
        for proposals in _read_sentences(part, words, published):
            by_name = {**proposals, **by_name}
    return tuple(proposal for name in TermName if (proposal := by_name.get(name)) is not None)


def _read_sentences(
    part: Literal["title", "text"], words: str, published: date
) -> Iterator[dict[TermName, TermProposal | None]]:
    """Yield what each sentence gives by name; None for a name of which it gives two figures."""
    folded = fold_characters(words)
    figures = _find_figures(folded)
    masked = _mask(folded, figures)
    for start, sentence in split_sentences(masked):
        found: dict[TermName, list[TermProposal]] = {}
        readers = [_get_reader(code) for code in find_languages(sentence)]
        for figure in figures:
            position = figure.mask_start - start
            if not (figure.names and 0 <= position < len(sentence)):
                continue
            if _tells_of_past(sentence, position, published):
                continue
            focused = sentence[:position] + TARGET + sentence[position + 1 :]
            name = next((name for reader in readers if (name := reader.find_name(figure, focused, position))), None)
            if name is not None:
                span = TextSpan(part, figure.start, figure.end, words[figure.start : figure.end])
                found.setdefault(name, []).append(TermProposal(name, figure.amount, figure.unit, figure.bound, span))
        yield {
            name: proposals[0] if len({proposal.figure for proposal in proposals}) == 1 else None
            for name, proposals in found.items()
        }


def _tells_of_past(sentence: str, position: int, published: date) -> bool:
    """Return whether a figure's clause, or the one that begins the sentence, names a former year."""
    clauses = (_get_clause(sentence, position), _get_clause(sentence, 0))
    return any(int(match.group()) < published.year for clause in clauses for match in _YEAR.finditer(clause))


def _get_clause(sentence: str, position: int) -> str:
    """Return the part of a sentence around a position that no comma divides."""
    start = max(sentence.rfind(mark, 0, position) for mark in _CLAUSE_ENDS) + 1
    ends = [end for mark in _CLAUSE_ENDS if (end := sentence.find(mark, position)) >= 0]
    return sentence[start : min(ends, default=len(sentence))]


def fold_characters(text: str) -> str:
    """Return a text in its compatible form (NFKC), as far as every character keeps its place."""
    folded = (unicodedata.normalize("NFKC", character) for character in replace_lookalikes(text))
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def _find_figures(text: str) -> list[_Figure]:
    """Return the figures of a text in their order, also those that are no terms."""
    aligned = align_number_words(text)
    quantities = []
    for quantity in find_quantities(aligned):
        # The blanks before the digit of a number word are the word itself.
        start = quantity.start
        while start and text[start].isalpha() and text[start - 1].isalpha() and aligned[start].isdigit():
            start -= 1
        quantities.append(replace(quantity, start=start))
    figures: list[_Figure] = []
    for index, quantity in enumerate(quantities[:_FIGURE_LIMIT]):
        if figures and quantity.start < figures[-1].mask_end:
            continue
        previous = figures[-1] if figures else None
        is_conversion = (
            previous is not None
            and previous.names[:1] == (TermName.INVESTMENT,)
            and quantity.unit is not None
            and _CONVERSION.match(text, previous.end) is not None
            and quantity.start - previous.end < 16
        )
        if previous is not None and is_conversion:
            closing = _CLOSING.match(text, quantity.end)
            figures[-1] = replace(previous, mask_end=closing.end() if closing else quantity.end)
            continue
        following = quantities[index + 1] if index + 1 < len(quantities) else None
        figure = _make_figure(text, quantity)
        if figure is not None:
            is_limit = _is_limit(text, quantity, quantities[index - 1] if index else None, following)
            figures.append(replace(figure, names=()) if is_limit else figure)
    return figures


def _is_limit(text: str, quantity: Quantity, previous: Quantity | None, following: Quantity | None) -> bool:
    """Return whether a quantity is a limit that no :class:`Bound` can say, such as one end of a range."""
    if _RANGE_WORDS.search(text, max(0, quantity.start - 30), quantity.start) or _RANGE_AFTER.match(text, quantity.end):
        return True
    for first, second in ((previous, quantity), (quantity, following)):
        if first is None or second is None or second.start - first.end > 12:
            continue
        is_joined = _RANGE_CONJUNCTION.fullmatch(text[first.end : second.start])
        is_move = _FROM.search(text, max(0, first.start - 8), first.start)
        is_same_kind = first.unit == second.unit or first.unit is None
        if is_joined and is_same_kind and not is_move:
            return True
    return False


def _make_figure(text: str, quantity: Quantity) -> _Figure | None:
    """Return a quantity with its unit and its bound; None for a bare number and a designation."""
    start, end = quantity.start, quantity.end
    if quantity.unit is None:
        return _make_noun_figure(text, quantity)
    names: tuple[TermName, ...] = (TermName.STAKE,) if quantity.unit == "%" else _MONEY_NAMES
    if names is _MONEY_NAMES:
        per_share = _PER_SHARE.match(text, end)
        before = _BEFORE_PER_SHARE.search(text, max(0, start - 12), start)
        if per_share or before:
            names = (TermName.PRICE_PER_SHARE,)
            start, end = before.start() if before else start, per_share.end() if per_share else end
    elif quantity.amount > 100:
        names = ()
    if not quantity.amount or (names is _MONEY_NAMES and quantity.amount < _LEAST_SUM):
        names = ()
    return _place(text, names, quantity.amount, quantity.unit, start, end, quantity.start)


def _make_noun_figure(text: str, quantity: Quantity) -> _Figure | None:
    match = _UNIT.match(text, quantity.end)
    if match is None or _DESIGNATION.search(text, max(0, quantity.start - 8), quantity.start) or not quantity.amount:
        return None
    noun = match.group().strip(" -").lower().removeprefix("de ")
    unit = _UNITS.get(noun) or next(unit for name, unit in _SORTED_UNITS if noun.endswith(name))
    if unit == "jobs":
        return _place(text, (TermName.JOBS,), quantity.amount, unit, quantity.start, match.end(), quantity.start)
    start, end = quantity.start, match.end()
    for rate, (after_noun, before_number) in _RATES.items():
        after, before = after_noun.match(text, end), before_number.search(text, max(0, start - 12), start)
        if after or before:
            unit += _JAPANESE_RATES[rate] if unit in _JAPANESE_UNITS else rate
            start, end = before.start() if before else start, after.end() if after else end
            break
    return _place(text, _NOUN_NAMES, quantity.amount, unit, start, end, quantity.start)


_SORTED_UNITS = sorted(_UNITS.items(), key=lambda item: len(item[0]), reverse=True)


def _place(
    text: str, names: tuple[TermName, ...], amount: Decimal, unit: str, start: int, end: int, number_start: int
) -> _Figure:
    """Return a figure with the words for its bound. Its mask leaves what precedes its number, but not its article."""
    bound, bound_start, bound_end = find_bound(text, number_start, end)
    if bound_start < number_start and _NO_BOUND.search(text, max(0, bound_start - 60), bound_start):
        bound, bound_start, bound_end = None, number_start, end
    article = _ARTICLE.search(text, max(0, bound_start - 10), bound_start)
    mask_start = article.start() if article else bound_start
    return _Figure(
        names, amount, unit, bound, min(start, bound_start), max(end, bound_end), mask_start, max(end, bound_end)
    )


def _mask(text: str, figures: Sequence[_Figure]) -> str:
    """Return the text with each figure as one word of the same length; a volume per year is marked."""
    characters = list(text)
    for figure in figures:
        filler = MARKED_FILLER if "/" in figure.unit else FILLER
        characters[figure.mask_start : figure.mask_end] = OTHER + filler * (figure.mask_end - figure.mask_start - 1)
    return "".join(characters)
