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
from typing import Literal

from bot.model.figures import Quantity, align_number_words, find_bound, find_quantities
from bot.model.proposals import TermProposal
from bot.model.terms import TermName
from bot.model.tracking import TextSpan
from bot.model.vocabulary import Bound
from bot.newsroom.sentences import find_languages, split_sentences
from bot.query.lexicon import LEXICONS, any_of
from bot.query.lexicon.phrases import FILLER, OTHER, TARGET, compile_phrases
from bot.query.lexicon.terms import TermPhrases

#: How many characters of the title are read, and of the text: its lead. What follows also tells of other deals.
TITLE_LIMIT, LEAD_LIMIT = 400, 500
#: A text with more figures than this is a table.
_FIGURE_LIMIT = 24
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
#: A designation such as ``737``, ``A350`` or ``Covid-19`` is no amount.
_DESIGNATION = re.compile(r"(?:[A-Za-z]-?|boeing |airbus |#)$", re.IGNORECASE)
_CONVERSION = re.compile(r"\s?[(\[]\s?")
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
        if (figure.bound is not Bound.UP_TO and self._hedges.search(before)) or self._past.search(sentence):
            return None
        for name in figure.names:
            is_other, is_term = self._others.get(name), self._terms[name]
            if is_other is not None and is_other.search(sentence):
                continue
            if is_term is not None and is_term.search(sentence):
                return name
        return None


def _join(words: Sequence[str]) -> str:
    return any_of(words) or r"(?!)"


_PHRASES = [lexicon.terms for lexicon in LEXICONS if lexicon.terms is not None]
_READERS = {lexicon.code: _TermReader(lexicon.terms) for lexicon in LEXICONS if lexicon.terms is not None}
_UNITS = {noun: unit for phrases in reversed(_PHRASES) for noun, unit in phrases.units.items()}
_SPACED_UNITS = _join([re.escape(noun) for phrases in _PHRASES if phrases.has_spaces for noun in phrases.units])
_OTHER_UNITS = _join([re.escape(noun) for phrases in _PHRASES if not phrases.has_spaces for noun in phrases.units])
#: A noun with at most two words before it: ``electric vans``, ``A350 jets``, ``million tonnes of ore``.
_UNIT = re.compile(
    rf"(?P<spaced>[\s-]?(?:(?!(?:of|in|to|for|and|with|on|de|en|für|und|in|an)\s)[\w.&'’-]{{1,20}}\s){{0,2}}?(?:{_SPACED_UNITS})(?![\w]))"
    rf"|\s?(?:{_OTHER_UNITS})",
    re.IGNORECASE,
)
_PER_SHARE = re.compile(rf"(?:{_join([phrases.per_share for phrases in _PHRASES])})(?!\w)", re.IGNORECASE)
_BEFORE_PER_SHARE = re.compile(rf"(?:{_join([phrases.before_per_share for phrases in _PHRASES])})\s?$", re.IGNORECASE)
_PER_YEAR = {
    phrases.per_year_suffix: re.compile(
        rf"(?:\s(?:of|de|an)\s[\w-]{{1,20}}(?:\s[\w-]{{1,20}})?)?(?:\sworth\sof(?:\s[\w-]{{1,20}}){{1,2}})?(?:{_join([each.per_year for each in _PHRASES if each.per_year_suffix == phrases.per_year_suffix])})(?!\w)",
        re.IGNORECASE,
    )
    for phrases in _PHRASES
}
_BEFORE_PER_YEAR = {
    phrases.per_year_suffix: re.compile(rf"(?<!\d)(?:{phrases.before_per_year})$", re.IGNORECASE)
    for phrases in _PHRASES
    if phrases.before_per_year
}
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
    parts: tuple[tuple[Literal["title", "text"], str], ...] = (("title", title[:TITLE_LIMIT]), ("text", text[:LEAD_LIMIT]))
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
        if any(int(match.group()) < published.year for match in _YEAR.finditer(sentence)):
            continue
        found: dict[TermName, list[TermProposal]] = {}
        readers = [_READERS[code] for code in find_languages(sentence)]
        for figure in figures:
            position = figure.mask_start - start
            if not (figure.names and 0 <= position < len(sentence)):
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


def fold_characters(text: str) -> str:
    """Return a text in its compatible form (NFKC), as far as every character keeps its place."""
    folded = (unicodedata.normalize("NFKC", character) for character in text)
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
            closing = re.compile(r"[^()]{0,12}\)").match(text, quantity.end)
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
    if not quantity.amount:
        names = ()
    return _place(text, names, quantity.amount, quantity.unit, start, end, quantity.start)


def _make_noun_figure(text: str, quantity: Quantity) -> _Figure | None:
    match = _UNIT.match(text, quantity.end)
    if match is None or _DESIGNATION.search(text, max(0, quantity.start - 8), quantity.start) or not quantity.amount:
        return None
    noun = match.group().strip(" -").lower()
    unit = _UNITS.get(noun) or next(unit for name, unit in _SORTED_UNITS if noun.endswith(name))
    if unit == "jobs":
        return _place(text, (TermName.JOBS,), quantity.amount, unit, quantity.start, match.end(), quantity.start)
    start, end = quantity.start, match.end()
    for suffix, pattern in _PER_YEAR.items():
        per_year = pattern.match(text, end)
        before = _BEFORE_PER_YEAR[suffix].search(text, max(0, start - 12), start) if suffix in _BEFORE_PER_YEAR else None
        if per_year or before:
            unit += suffix
            start, end = before.start() if before else start, per_year.end() if per_year else end
            break
    return _place(text, _NOUN_NAMES, quantity.amount, unit, start, end, quantity.start)


_SORTED_UNITS = sorted(_UNITS.items(), key=lambda item: len(item[0]), reverse=True)


def _place(
    text: str, names: tuple[TermName, ...], amount: Decimal, unit: str, start: int, end: int, number_start: int
) -> _Figure:
    bound, bound_start, bound_end = find_bound(text, number_start, end)
    start, end = min(start, bound_start), max(end, bound_end)
    article = _ARTICLE.search(text, max(0, start - 10), start)
    return _Figure(names, amount, unit, bound, start, end, article.start() if article else start, end)


def _mask(text: str, figures: Sequence[_Figure]) -> str:
    """Return the text with each figure as one word of the same length."""
    characters = list(text)
    for figure in figures:
        characters[figure.mask_start : figure.mask_end] = OTHER + FILLER * (figure.mask_end - figure.mask_start - 1)
    return "".join(characters)
