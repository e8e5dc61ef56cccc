"""Figures as people write them: ``$69bn``, ``69 billion dollars``, ``1.2 Mrd. Euro``, ``690億円``, ``up to 100,000 vehicles/year``.

The one parser of amounts, for forms, questions and articles. It knows the scales, currencies and separators of the bot's
languages. It converts no currency and takes no unit for granted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.languages import say
from bot.model.text_folding import replace_lookalikes
from bot.model.vocabulary import Bound

NUMBER_WORDS = {
    word: str(value)
    for row in (
        "one two three four five six seven eight nine ten eleven twelve",
        "eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    )
    for value, word in enumerate(row.split(), start=1)
    if word != "once"  # English has it too, and means another thing
}
_NUMBER_WORD = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)

_SCALES = {
    3: "thousand k tsd tausend mil 千",
    4: "万",
    6: "million millions mn mln mio millionen millones millón m",
    8: "億",
    9: "billion billions bn bln milliarde milliarden mrd b",
    12: "trillion trillions trn tn billionen billones 兆",
}
_POWERS = {word: power for power, words in _SCALES.items() for word in words.split()} | {"mil millones": 9}
#: Scales only if they follow the digits without a blank: *5m*, but not *5 m*.
_ATTACHED_SCALES = r"bn|tn|mn|m|b|k|千|万|億|兆"
_SPACED_SCALES = "|".join(sorted((word for word in _POWERS if len(word) > 1), key=len, reverse=True))
#: Scales of languages that write a decimal comma.
_COMMA_DECIMALS = frozenset(
    "tsd tausend mio millionen millones millón milliarde milliarden mrd billionen billones".split()
)
_CJK_SCALES = frozenset("千万億兆")

#: Currencies by the signs that precede an amount. Those with a letter come first: *HK$5bn* is not in US dollars.
_SIGNS = {
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "r$": "BRL",
    "cn¥": "CNY", "jp¥": "JPY", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW", "₹": "INR",
}  # fmt: skip
#: Codes of ISO 4217 that are read in any case. Those that are words in one of our languages are not here.
_CODES = (
    "usd eur gbp jpy krw cny inr chf sek nok dkk cad aud nzd hkd twd sgd brl mxn pln czk huf zar thb ils idr myr vnd aed sar"
).split()
_WORDS = {
    "%": "%", "percent": "%", "per cent": "%", "pct": "%", "prozent": "%", "por ciento": "%", "パーセント": "%",
    "dollar": "USD", "dollars": "USD", "us dollars": "USD", "us-dollar": "USD", "dólares": "USD", "dólares estadounidenses": "USD",
    "米ドル": "USD", "ドル": "USD",
    "euro": "EUR", "euros": "EUR", "ユーロ": "EUR",
    "pounds": "GBP", "pfund": "GBP", "libras": "GBP", "ポンド": "GBP",
    "yen": "JPY", "yenes": "JPY", "円": "JPY",
    "won": "KRW", "ウォン": "KRW", "rupees": "INR", "rupien": "INR", "rupias": "INR", "ルピー": "INR",
    "yuan": "CNY", "yuanes": "CNY", "renminbi": "CNY", "rmb": "CNY", "人民元": "CNY", "元": "CNY",
    "swiss francs": "CHF", "franken": "CHF", "francos suizos": "CHF",
}  # fmt: skip
_UNITS = {**_WORDS, **_SIGNS, **{code: code.upper() for code in _CODES}}
_LETTERED_SIGNS = "|".join(re.escape(sign) for sign in _SIGNS if len(sign) > 1)
_UNIT_BEFORE = rf"(?:(?<!\w)(?:{_LETTERED_SIGNS}|{'|'.join(_CODES)}|rmb)|[$€£¥₩₹])"
_UNIT_AFTER = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_QUANTITY = re.compile(
    rf"(?P<before>{_UNIT_BEFORE})?\s?(?<![\d.,])(?P<number>\d{{1,3}}(?:\s\d{{3}})+(?!\d)|\d[\d.,']{{0,30}}\d|\d)"
    rf"(?P<scale>(?:{_ATTACHED_SCALES})(?![a-z])|[\s-]?(?:{_SPACED_SCALES})(?![a-z])\.?)?[\s-]?(?:de\s)?(?P<after>(?:{_UNIT_AFTER})(?![a-z]))?",
    re.IGNORECASE,
)

_BOUND_WORDS = {
    Bound.ABOUT: "about around roughly approximately approx some circa ca nearly almost rund etwa ungefähr zirka knapp fast"
    " unos unas alrededor_de aproximadamente cerca_de casi 約 およそ ほぼ ~ ≈",
    Bound.UP_TO: "up_to as_much_as as_many_as at_most no_more_than maximum max bis_zu höchstens maximal hasta como_máximo 最大 最高 <=",
    Bound.AT_LEAST: "at_least more_than over minimum min mindestens mehr_als über al_menos como_mínimo más_de 少なくとも >=",
}
_BOUNDS = {word.replace("_", " "): bound for bound, words in _BOUND_WORDS.items() for word in words.split()}
#: The words for a bound at the end of what precedes a figure, the longest first.
_BOUND_BEFORE = re.compile(
    rf"(?:(?<!\w)(?:{'|'.join(sorted((re.escape(word) for word in _BOUNDS if word.isalpha() or ' ' in word), key=len, reverse=True))})"
    r"|[~≈約]|およそ|ほぼ|最大|最高|少なくとも)\s{0,2}(?:(?:a|an|un|eine[mnr]?|insgesamt)\s)?$",
    re.IGNORECASE,
)
_BOUNDS_AFTER = {"以上": Bound.AT_LEAST, "超": Bound.AT_LEAST, "以下": Bound.UP_TO, "程度": Bound.ABOUT, "前後": Bound.ABOUT,
    "+": Bound.AT_LEAST, "or more": Bound.AT_LEAST, "or less": Bound.UP_TO}  # fmt: skip
#: A price per share is a sum: its name says that it is for a share.
_PER_SHARE = re.compile(r"(?:per|a|an|each|/|je|pro|por|la)\s?(?:ordinary\s)?(?:share|aktie|acción)", re.IGNORECASE)
#: Longer units are sentences.
UNIT_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a text.

    Attributes:
        unit: ``%`` or a currency's ISO 4217 code; None if the text gives neither. A noun behind it is not looked at.
        start, end: where it is in the text.
    """

    amount: Decimal
    unit: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WrittenFigure:
    """A figure that was written by itself: an amount with its bound and its unit, which may be a noun; empty for none."""

    amount: Decimal
    unit: str
    bound: Bound | None


def replace_number_words(text: str) -> str:
    """Replace *six*, *sechs* and *seis* by 6; from one to twelve."""
    return _NUMBER_WORD.sub(lambda match: NUMBER_WORDS[match.group().lower()], replace_lookalikes(text))


def align_number_words(text: str) -> str:
    """Replace number words as :func:`replace_number_words` does, padded with blanks: every other character keeps its place."""
    return _NUMBER_WORD.sub(
        lambda match: NUMBER_WORDS[match.group().lower()].rjust(len(match.group())), replace_lookalikes(text)
    )


def find_bound(text: str, start: int, end: int) -> tuple[Bound | None, int, int]:
    """Return the bound that the words around a figure give it, and where the figure begins and ends with them."""
    before = _BOUND_BEFORE.search(text, max(0, start - 30), start)
    if before is not None:
        words = re.sub(r"\s(?:an?|un|eine[mnr]?|insgesamt)$", "", before.group().strip().lower())
        return _BOUNDS.get(words), before.start(), end
    for word, bound in _BOUNDS_AFTER.items():
        if text.startswith(word, end):
            return bound, start, end + len(word)
    return None, start, end


def find_quantities(text: str) -> Iterator[Quantity]:
    """Yield the amounts of a text in their order, years and other bare numbers included.

    Letters and digits must be in their compatible forms (NFKC). ``1兆2000億円`` is one amount.
    """
    previous: Quantity | None = None
    previous_power = 0
    for match in _QUANTITY.finditer(replace_lookalikes(text)):
        quantity, power, is_cjk = _parse_quantity(match)
        if previous is not None:
            if previous.end == quantity.start and previous.unit is None and power < previous_power:
                quantity = replace(quantity, amount=previous.amount + quantity.amount, start=previous.start)
            else:
                yield previous
        previous, previous_power = quantity, power if is_cjk else 0
    if previous is not None:
        yield previous


def parse_figure(text: str) -> WrittenFigure:
    """Parse one figure that was written by itself. Raises ValueError if there is none, or more than one."""
    folded = " ".join(replace_number_words(unicodedata.normalize("NFKC", text)).split())
    quantities = list(find_quantities(folded))
    if not quantities:
        raise ValueError(say("expected a figure such as $69bn or 100,000 vehicles/year"))
    quantity = quantities[0]
    before, after = folded[: quantity.start].strip(" .").lower().removesuffix(" un"), folded[quantity.end :].strip()
    bound = _BOUNDS.get(before)
    if before and bound is None:
        raise ValueError(
            say("expected a figure, perhaps after “about”, “up to” or “at least”, not {typed!r}", typed=text)
        )
    for word, bound_after in _BOUNDS_AFTER.items():
        if bound is None and after.endswith(word):
            bound, after = bound_after, after.removesuffix(word).strip()
    if quantity.unit and (not after or _PER_SHARE.fullmatch(after)):
        return WrittenFigure(quantity.amount, quantity.unit, bound)
    if quantity.unit or len(quantities) > 1 or len(after) > UNIT_LIMIT or not re.match(r"[^\W\d_]|$", after):
        raise ValueError(say("expected one figure with its unit, not {typed!r}", typed=text))
    return WrittenFigure(quantity.amount, after, bound)


def format_amount(amount: Decimal) -> str:
    """Return an amount in full, exactly and without an exponent: ``69000000000``, ``0.5``."""
    return f"{amount.normalize():f}"


def _parse_quantity(match: re.Match[str]) -> tuple[Quantity, int, bool]:
    """Return an amount, the power of its scale, and whether a smaller amount may complete it as in 3万5000."""
    scale = (match["scale"] or "").strip(" -.").lower()
    power = _POWERS.get(scale, 0)
    unit = match["before"] or match["after"]
    amount = _parse_number(match["number"], scale) * Decimal(10) ** power
    start = match.start("before") if match["before"] else match.start("number")
    end = max(match.end(group) for group in ("number", "scale", "after"))
    return Quantity(amount, _UNITS[unit.lower()] if unit else None, start, end), power, scale in _CJK_SCALES


def _parse_number(number: str, scale: str) -> Decimal:
    """Parse a number by the separators of the scale's language: 1,500 and 1.500 are 1500, but 1.5 and 1,5 are not."""
    number = re.sub(r"[\s']", "", number)
    whole, decimals = number, ""
    separator_index = max(number.rfind(","), number.rfind("."))
    if separator_index >= 0 and _is_decimal(number, separator_index, scale):
        whole, decimals = number[:separator_index], number[separator_index + 1 :]
    return Decimal(re.sub(r"[.,]", "", whole) + (f".{decimals}" if decimals else ""))


def _is_decimal(number: str, index: int, scale: str) -> bool:
    separator, digits_after = number[index], len(number) - index - 1
    if number.count(separator) > 1:
        return False
    if len(set(number) & {".", ","}) == 2 or digits_after != 3 or number[:index] == "0":
        return True
    if not scale:
        return False
    return separator == ("," if scale in _COMMA_DECIMALS else ".")
