"""Find the figures of a question: limits (``over $10bn``), amounts (``$69bn``) and measures (``2nm``), however they are written.

A figure is searched for in all the ways in which a text may write it: ``$69bn`` finds *69 billion*, *69 Milliarden* and *690億*.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from bot.model.figures import NUMBER_WORDS, Quantity, find_quantities, format_amount
from bot.model.terms import FigureFilter, TermName
from bot.model.text_folding import fold, replace_lookalikes
from bot.query.lexicon import LEXICONS, any_of

#: How amounts are written by the power of ten of their scale: words after a blank, and endings of the digits.
_SCALE_SPELLINGS: dict[int, tuple[tuple[str, ...], tuple[str, ...]]] = {
    3: (("thousand", "tausend", "mil"), ("k",)),
    6: (("million", "millions", "millionen", "millones", "mio"), ("m", "mn")),
    9: (("billion", "billions", "milliarden", "milliarde", "mrd", "mil millones"), ("bn", "b")),
    12: (("trillion", "trillions", "billionen", "billones"), ("tn",)),
}
_CJK_SCALES = ((12, "兆"), (8, "億"), (4, "万"))
#: Spellings of units of measurement that mean the same.
_MEASURES = (
    "nm nanometer nanometers nanometre nanometres nanómetro nanómetros ナノ ナノメートル",
    "kw kilowatt kilowatts kilovatios キロワット",
    "mw megawatt megawatts megavatios メガワット",
    "gw gigawatt gigawatts gigavatios ギガワット",
    "kwh kilowatt-hours kilowattstunden",
    "mwh megawatt-hours megawattstunden",
    "gwh gigawatt-hours gigawattstunden ギガワット時",
    "twh terawatt-hours terawattstunden",
    "km kilometer kilometers kilometre kilometres kilómetros キロ",
    "kg kilogram kilograms kilogramm kilogramos",
)
_UNITS_BY_SPELLING = {word: row.split() for row in _MEASURES for word in row.split()}
_NUMBERS_BY_WORD = {fold(word): number for word, number in NUMBER_WORDS.items()}
#: The longest words before a limit, with blanks.
_PREFIX_LENGTH = 40
_NUMBER = rf"(?P<number>\d{{1,6}}(?:[.,]\d{{1,3}})?|{any_of(NUMBER_WORDS)})"
_MEASURE = re.compile(rf"(?<![\w.,$€£¥]){_NUMBER}[\s-]?(?P<unit>{any_of(_UNITS_BY_SPELLING)})(?![a-z])", re.IGNORECASE)


def _end_pattern(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<!\w))(?:{any_of(patterns)})\s{{0,3}}$", re.IGNORECASE)


_OVER = _end_pattern([lexicon.over_words for lexicon in LEXICONS])
_UNDER = _end_pattern([lexicon.under_words for lexicon in LEXICONS])
_BETWEEN = _end_pattern([lexicon.between_words for lexicon in LEXICONS])
_CONJUNCTION = re.compile(
    rf"\s{{0,3}}(?:{any_of(lexicon.conjunctions for lexicon in LEXICONS)}|-|–|to|bis)\s{{0,3}}", re.IGNORECASE
)
_OVER_SUFFIX = re.compile(rf"\s{{0,3}}(?:{any_of(lexicon.over_suffixes for lexicon in LEXICONS)})", re.IGNORECASE)
_UNDER_SUFFIX = re.compile(rf"\s{{0,3}}(?:{any_of(lexicon.under_suffixes for lexicon in LEXICONS)})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class QueryFigures:
    """The figures of a question.

    Attributes:
        text: the question without them, in its compatible form (NFKC).
        limits: what the figures of a deal must be over or under.
        patterns: for each other figure, as it was typed, the full-text patterns of its spellings.
    """

    text: str
    limits: tuple[FigureFilter, ...] = ()
    patterns: tuple[tuple[str, tuple[str, ...]], ...] = ()


def find_figures(text: str, is_name: Callable[[str], bool]) -> QueryFigures:
    """Find the amounts and measures in a question; what ``is_name`` knows as a name (``3M``) is none."""
    text = replace_lookalikes(unicodedata.normalize("NFKC", text))
    quantities = [
        quantity
        for quantity in find_quantities(text)
        if re.search(r"[^\W\d_]|[$€£¥₩₹%]", _get_span(text, quantity)) and not is_name(_get_span(text, quantity))
    ]
    limits, spans, limited = _find_limits(text, quantities)
    patterns: dict[str, tuple[str, ...]] = {}
    for quantity in quantities:
        if quantity not in limited and quantity.amount:
            spans.append((quantity.start, quantity.end))
            patterns[_get_span(text, quantity)] = tuple(_generate_amount_patterns(quantity))
    for match in _MEASURE.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in spans) and not is_name(match[0]):
            spans.append(match.span())
            patterns[match[0]] = tuple(_generate_measure_patterns(match["number"], match["unit"]))
    return QueryFigures(_cut(text, spans), tuple(limits), tuple(patterns.items()))


def build_number_patterns(word: str) -> tuple[str, ...]:
    """Return the full-text patterns of a number from 1 to 12 in digits or words; none for any other folded word."""
    number = _NUMBERS_BY_WORD.get(word, word)
    if number not in NUMBER_WORDS.values():
        return ()
    return (number, *dict.fromkeys(fold(spelling) for spelling, value in NUMBER_WORDS.items() if value == number))


def _get_span(text: str, quantity: Quantity) -> str:
    return text[quantity.start : quantity.end].strip()


def _find_limits(
    text: str, quantities: list[Quantity]
) -> tuple[list[FigureFilter], list[tuple[int, int]], list[Quantity]]:
    """Return the limits, the parts of the text that say them, and the quantities in them."""
    limits: list[FigureFilter] = []
    spans: list[tuple[int, int]] = []
    limited: list[Quantity] = []
    for quantity, following in zip_longest(quantities, quantities[1:]):
        found = None if quantity in limited else (_find_range(text, quantity, following) or _find_limit(text, quantity))
        if found is not None:
            limit, span = found
            limits.append(limit)
            spans.append(span)
            limited += [other for other in quantities if span[0] <= other.start < span[1]]
    return limits, spans, limited


def _find_range(
    text: str, quantity: Quantity, following: Quantity | None
) -> tuple[FigureFilter, tuple[int, int]] | None:
    match = _BETWEEN.search(text, max(0, quantity.start - _PREFIX_LENGTH), quantity.start)
    if match is None or following is None or not _CONJUNCTION.fullmatch(text[quantity.end : following.start]):
        return None
    unit = quantity.unit or following.unit
    return _make_limit(unit, over=quantity.amount, under=following.amount), (match.start(), following.end)


def _find_limit(text: str, quantity: Quantity) -> tuple[FigureFilter, tuple[int, int]] | None:
    for words, suffixes, name in ((_OVER, _OVER_SUFFIX, "over"), (_UNDER, _UNDER_SUFFIX, "under")):
        prefix = words.search(text, max(0, quantity.start - _PREFIX_LENGTH), quantity.start)
        suffix = suffixes.match(text, quantity.end)
        if prefix or suffix:
            span = prefix.start() if prefix else quantity.start, suffix.end() if suffix else quantity.end
            return _make_limit(quantity.unit, **{name: quantity.amount}), span
    return None


def _make_limit(unit: str | None, *, over: Decimal | None = None, under: Decimal | None = None) -> FigureFilter:
    return FigureFilter(TermName.STAKE if unit == "%" else TermName.VALUE, unit, over, under)


def _cut(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = f"{text[:start]} {text[end:]}"
    return text


def _generate_amount_patterns(quantity: Quantity) -> Iterator[str]:
    amount = quantity.amount
    for power, (words, endings) in _SCALE_SPELLINGS.items():
        number = _divide(amount, power)
        if number is not None:
            yield from (f"{number} {word}" for word in words)
            yield from (f"{number}{ending}" for ending in endings)
    for power, scale in _CJK_SCALES:
        number = _divide(amount, power, limit=10_000)
        if number is not None:
            yield from (f"{number}{scale}*", f"約{number}{scale}*")
    if amount == amount.to_integral_value() and amount < 10**15:
        digits = format_amount(amount)
        yield from dict.fromkeys((digits, fold(f"{int(amount):,}")))
    if quantity.unit == "%":
        number = fold(format_amount(amount))
        yield from (number, f"{number} percent", f"{number} prozent", f"{number}パーセント*")


def _divide(amount: Decimal, power: int, limit: int = 1_000) -> str | None:
    """Return an amount in units of a scale, folded as a text of the index is; None if nobody would write it so."""
    number = amount.scaleb(-power)
    exponent = number.normalize().as_tuple().exponent
    if not 1 <= number < limit or not isinstance(exponent, int) or exponent < -3:
        return None
    return fold(format_amount(number))


def _generate_measure_patterns(number: str, unit: str) -> Iterator[str]:
    numbers = build_number_patterns(fold(number)) or (fold(number),)
    for spelling in map(fold, _UNITS_BY_SPELLING[unit.lower()]):
        for digits in numbers:
            yield f"{digits}{spelling}*" if not spelling.isascii() else f"{digits} {spelling}"
            if spelling.isascii() and digits[:1].isdigit():
                yield f"{digits}{spelling}"
