"""Dates, numbers and lists in the current language (CLDR, through Babel)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from babel import dates, lists, numbers

from bot.languages.catalogues import LANGUAGES
from bot.languages.context import get_language


def format_number(value: int) -> str:
    """Format a whole number: ``1,204`` in English, ``1.204`` in German."""
    return str(value) if -1_000 < value < 1_000 else _format_number(get_language().code, value)


def format_list(items: Iterable[str]) -> str:
    """Join items as a sentence lists all of them: ``Nissan, Honda and Foxconn``; empty for none."""
    entries = list(items)
    return lists.format_list(entries, locale=get_language().locale) if len(entries) > 1 else "".join(entries)


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
