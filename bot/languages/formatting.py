"""Dates, numbers and lists in the current language (CLDR, through Babel)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Literal

from babel import Locale, dates, lists, numbers

from bot.languages.catalogues import LANGUAGES, Language
from bot.languages.context import get_language


def format_number(value: int) -> str:
    """Format a whole number: ``1,204`` in English, ``1.204`` in German."""
    return str(value) if -1_000 < value < 1_000 else _format_number(get_language().code, value)


def format_figure(amount: Decimal, unit: str) -> str:
    """Format an exact amount: ``$69 billion``, ``51 %``, ``100.000 Fahrzeuge/Jahr``. Nothing is rounded.

    The unit is an ISO 4217 code, ``%``, or a noun in the current language; empty for a bare number. Amounts from a million on
    are compact if that loses nothing.
    """
    return _format_figure(get_language().code, amount, unit)


def format_list(items: Iterable[str]) -> str:
    """Join items as a sentence lists all of them: ``Nissan, Honda and Foxconn``; empty for none."""
    entries = list(items)
    return lists.format_list(entries, locale=get_language().locale) if len(entries) > 1 else "".join(entries)


def format_series(items: Iterable[str]) -> str:
    """Join items as in an open list, with no word before the last: ``Nissan, Honda``, in Japanese ``Nissan、Honda``."""
    pattern: str = get_language().locale.list_patterns["standard"]["start"]
    return pattern.removeprefix("{0}").removesuffix("{1}").join(items)


def format_alternatives(items: Iterable[str]) -> str:
    """Join items as a sentence lists one of them: ``confirmed, reported or denied``; empty for none."""
    entries = list(items)
    return (
        lists.format_list(entries, style="or", locale=get_language().locale) if len(entries) > 1 else "".join(entries)
    )


def format_date(year: int, month: int | None = None, day: int | None = None) -> str:
    """Format a date with the parts that are known: ``2025``, ``August 2025``, ``16 Feb 2025``."""
    return _format_date(get_language().code, year, month, day)


def format_month(year: int, month: int) -> str:
    """Format a month of a year for small places: ``Aug 2025``."""
    return _format_month(get_language().code, year, month)


def format_quarter(year: int, quarter: int) -> str:
    """Format a quarter of a year: ``Q2 2025``."""
    return str(dates.format_skeleton("yQQQ", date(year, quarter * 3, 1), locale=get_language().locale))


def get_weekday_name(day: int) -> str:
    """Return the name of a day of the week, from Monday (0) to Sunday (6), in its stand-alone form."""
    return str(dates.get_day_names("wide", "stand-alone", locale=get_language().locale)[day])


def get_month_name(month_number: int) -> str:
    """Return the name of a month, from January (1) to December (12), in its stand-alone form."""
    return str(dates.get_month_names("wide", "stand-alone", locale=get_language().locale)[month_number])


def get_calendar_names(code: str) -> tuple[dict[str, int], dict[str, int]]:
    """Return the months (1 to 12) and weekdays (0 to 6, Monday first) of a language by every name, in lower case."""
    locale = LANGUAGES[code].locale
    months, weekdays = dict[str, int](), dict[str, int]()
    for names, get_names in ((months, dates.get_month_names), (weekdays, dates.get_day_names)):
        for babel_names in (
            get_names("wide", "format", locale),
            get_names("wide", "stand-alone", locale),
            get_names("abbreviated", "format", locale),
            get_names("abbreviated", "stand-alone", locale),
        ):
            names |= {str(name).rstrip(".").lower(): number for number, name in babel_names.items()}
    return months, weekdays


def is_currency(code: str) -> bool:
    """Return whether this is a currency's code of ISO 4217, in capital letters."""
    return code in numbers.list_currencies()


@lru_cache(maxsize=1_024)
def _format_number(code: str, value: int) -> str:
    return numbers.format_decimal(value, locale=LANGUAGES[code].locale)


@lru_cache(maxsize=1_024)
def _format_month(code: str, year: int, month: int) -> str:
    return dates.format_skeleton("yMMM", date(year, month, 1), locale=LANGUAGES[code].locale)


#: Amounts below are short enough in full.
_MIN_COMPACT = 1_000_000
#: A compact amount has at most so many decimal places; one that needs more is in full.
_COMPACT_DECIMALS = 3
_NUMBER_PATTERN = re.compile(r"[#0][#0.,]*")


@lru_cache(maxsize=2_048)
def _format_figure(code: str, amount: Decimal, unit: str) -> str:
    # The default of 28 digits is too few for what Babel does with long amounts.
    with localcontext() as context:
        context.prec = 60
        return _format_with_unit(LANGUAGES[code], amount, unit)


def _format_with_unit(language: Language, amount: Decimal, unit: str) -> str:
    locale = language.locale
    number = _format_compact(locale, amount) or _format_exact(locale, amount)
    if unit == "%":
        return _NUMBER_PATTERN.sub(number, locale.percent_formats[None].pattern)
    if not is_currency(unit):
        return f"{number} {unit}".strip()
    if amount < _MIN_COMPACT and amount != amount.to_integral_value():
        number = _format_exact(locale, amount, min_decimals=numbers.get_currency_precision(unit))
    if language.has_currency_names:
        return f"{number}{numbers.get_currency_name(unit, count=2, locale=locale)}"
    # The language's own signs: "$" in English, where British usage has "US$" and American "£".
    symbol = numbers.get_currency_symbol(unit, locale=Locale(locale.language))
    pattern = locale.currency_formats["standard"].pattern
    separator = "\u00a0" if pattern.startswith("¤") and symbol[-1].isalpha() else ""
    return _NUMBER_PATTERN.sub(number, pattern.split(";")[0]).replace("¤", symbol + separator)


def _format_compact(locale: Locale, amount: Decimal) -> str:
    """Return ``69 billion``; empty for a small amount, and for one that would be rounded."""
    patterns = locale.compact_decimal_formats
    style: Literal["short", "long"] = "long" if "long" in patterns else "short"
    magnitudes = [int(power) for power in patterns[style]["other"] if int(power) <= amount]
    if amount < _MIN_COMPACT or not magnitudes:
        return ""
    zeros = patterns[style]["other"][str(max(magnitudes))].pattern.count("0")
    shown = amount / (max(magnitudes) // 10 ** (zeros - 1))
    if shown != round(shown, _COMPACT_DECIMALS):
        return ""
    compact = numbers.format_compact_decimal(
        amount, format_type=style, locale=locale, fraction_digits=_COMPACT_DECIMALS
    )
    return str(compact)


def _format_exact(locale: Locale, amount: Decimal, *, min_decimals: int = 0) -> str:
    pattern = f"#,##0.{'0' * min_decimals}{'#' * 12}"
    return numbers.format_decimal(amount, format=pattern, locale=locale, decimal_quantization=False)


# Babel parses its pattern anew for every date, which takes longer than everything else about a story in a list.
@lru_cache(maxsize=4_096)
def _format_date(code: str, year: int, month: int | None, day: int | None) -> str:
    locale = LANGUAGES[code].locale
    day_in_period = date(year, month or 1, day or 1)
    if month is None:
        return dates.format_skeleton("y", day_in_period, locale=locale)
    if day is None:
        return dates.format_skeleton("yMMMM", day_in_period, locale=locale)
    return dates.format_skeleton("yMMMd", day_in_period, locale=locale)
