"""Parse the date range of a question: ``2025``, ``August 2025``, ``Q3 2025``, ``last month``, ``since July``, ``2025年8月``."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial

from bot.languages import lazy, say, say_count
from bot.model.dates import PartialDate, format_half
from bot.query.lexicon import LEXICONS, any_of

_MONTHS = {
    name: month for lexicon in LEXICONS for month, names in enumerate(lexicon.months, start=1) for name in names.split()
}
_MONTH = any_of(_MONTHS)
_WORD = re.compile(r"\d+|[^\W\d_]+")
#: Months that count without a year or preposition: the full English names except "may", which is also a verb.
_UNAMBIGUOUS_MONTH = "|".join(name.lower() for name in calendar.month_name[1:] if name != "May")
_YEAR = r"(?:19|20)\d\d"
_HALVES = {name: half for lexicon in LEXICONS for name, half in lexicon.half_year_numbers.items()}
_TIME_UNITS = {word: unit for lexicon in LEXICONS for word, unit in lexicon.time_units.items()}
_SINCE = any_of(lexicon.since_words for lexicon in LEXICONS)
#: One pattern for each unit and how many units back it is.
_RELATIVE_PATTERNS = {
    (unit, units_back): "|".join(
        pattern for lexicon in LEXICONS for pattern, *span in lexicon.relative_ranges if span == [unit, units_back]
    )
    for unit in ("week", "month", "quarter", "year")
    for units_back in (0, 1)
}
#: How many years a month without a year may be ago.
_MAX_YEARS_BACK = 10
_UNIT_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
#: Labels of ranges relative to today: the current one, and the one before it.
_RELATIVE_LABELS = {
    "week": (lazy("this week"), lazy("last week")),
    "month": (lazy("this month"), lazy("last month")),
    "quarter": (lazy("this quarter"), lazy("last quarter")),
    "year": (lazy("this year"), lazy("last year")),
}


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from ``first_day`` to ``last_day``, both included, and their label: ``August 2025``, ``last month``.

    The label is in the language of the reader at the time of parsing. With ``any_year`` the question gave no year: the range is
    the latest one that has begun. With ``is_open_ended`` it gave only a start.
    """

    first_day: date
    last_day: date
    label: str
    any_year: bool = False
    is_open_ended: bool = False

    def iter_years(self) -> Iterator[DateRange]:
        """Yield the range and, if the question gave no year, the same range of earlier years, the latest first."""
        yield self
        year, month = self.first_day.year, self.first_day.month
        for earlier_year in range(year - 1, year - _MAX_YEARS_BACK, -1) if self.any_year else ():
            if self.first_day == self.last_day:
                if self.first_day.day <= calendar.monthrange(earlier_year, month)[1]:
                    yield _make_day(date(earlier_year, month, self.first_day.day))
            else:
                yield _make_month(earlier_year, month)


RangeParser = Callable[[re.Match[str], date], DateRange]


def parse_date_range(text: str, today: date) -> tuple[DateRange | None, str]:
    """Return the first date range that a text names, and the text without it; (None, text) if there is none.

    Relative ranges count from ``today``. A month without a year is the last one that has begun, or of any year
    (``DateRange.any_year``). Impossible dates are ignored.
    """
    lower_text = unicodedata.normalize("NFKC", text).lower()
    may_have_month = any(word in _MONTHS or word.isdigit() for word in _WORD.findall(lower_text))
    for pattern, parse in _PARSERS:
        if _MONTH in pattern and not may_have_month:
            continue
        match = _compile(pattern).search(lower_text)
        if match is None:
            continue
        try:
            date_range = parse(match, today)
        except (ValueError, OverflowError):
            continue
        return date_range, f"{lower_text[: match.start()]} {lower_text[match.end() :]}"
    return None, text


def _make_day(day: date, label: str = "") -> DateRange:
    return DateRange(day, day, label or PartialDate.from_date(day).display)


def _make_month(year: int, month: int, label: str = "") -> DateRange:
    first_day = date(year, month, 1)
    last_day = date(year, month, calendar.monthrange(year, month)[1])
    return DateRange(first_day, last_day, label or PartialDate(year, month).display)


def _make_year(year: int, label: str = "") -> DateRange:
    return DateRange(date(year, 1, 1), date(year, 12, 31), label or PartialDate(year).display)


def _make_months(year: int, first_month: int, count: int, label: str) -> DateRange:
    return DateRange(date(year, first_month, 1), _make_month(year, first_month + count - 1).last_day, label)


def _make_latest_month(month: int, today: date) -> DateRange:
    return _make_month(today.year if month <= today.month else today.year - 1, month)


def _parse_month(match: re.Match[str], today: date) -> DateRange:
    return replace(_make_latest_month(_MONTHS[match["month"]], today), any_year=True)


def _parse_numeric_month(match: re.Match[str], today: date) -> DateRange:
    month = int(match["month"])
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is no month")
    return replace(_make_latest_month(month, today), any_year=True)


def _parse_day(match: re.Match[str], today: date) -> DateRange:
    month, day = _MONTHS[match["month"]], int(match["day"])
    year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    if (month, day) == (2, 29):
        while not calendar.isleap(year):
            year -= 1
    return replace(_make_day(date(year, month, day)), any_year=True)


def _parse_relative(match: re.Match[str], today: date) -> DateRange:
    return _make_relative(match["unit"], 0 if match["which"] in ("this", "current") else 1, today)


def _make_relative(unit: str, units_back: int, today: date) -> DateRange:
    label = say(_RELATIVE_LABELS[unit][units_back])
    if unit == "year":
        return _make_year(today.year - units_back, label)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - units_back
        return _make_month(months // 12, months % 12 + 1, label)
    if unit == "quarter":
        quarters = today.year * 4 + (today.month - 1) // 3 - units_back
        return _make_months(quarters // 4, quarters % 4 * 3 + 1, 3, label)
    monday = today - timedelta(days=today.weekday() + 7 * units_back)
    return DateRange(monday, monday + timedelta(days=6), label)


def _parse_named_relative(unit: str, units_back: int, _match: re.Match[str], today: date) -> DateRange:
    return _make_relative(unit, units_back, today)


def _parse_recent(match: re.Match[str], today: date) -> DateRange:
    count = int(match["count"])
    unit = _TIME_UNITS.get(match["unit"], match["unit"])
    first_day = today - timedelta(days=count * _UNIT_DAYS[unit])
    return DateRange(first_day, today, _format_last(count, unit))


def _format_last(count: int, unit: str) -> str:
    match unit:
        case "day":
            return say_count("last {count} day", "last {count} days", count)
        case "week":
            return say_count("last {count} week", "last {count} weeks", count)
        case "month":
            return say_count("last {count} month", "last {count} months", count)
        case _:
            return say_count("last {count} year", "last {count} years", count)


def _parse_since(match: re.Match[str], today: date) -> DateRange:
    month = _MONTHS.get(match["month"]) or int(match["month"]) if match["month"] else 0
    year = int(match["year"]) if match["year"] else _make_latest_month(month, today).first_day.year
    start_range = _make_month(year, month) if month else _make_year(year)
    return DateRange(
        start_range.first_day,
        max(today, start_range.first_day),
        say("since {time}", time=start_range.label),
        is_open_ended=True,
    )


def _parse_full_date(match: re.Match[str], _today: date) -> DateRange:
    return _make_day(date(int(match["year"]), _MONTHS[match["month"]], int(match["day"])))


def _parse_numeric_date(match: re.Match[str], _today: date) -> DateRange:
    year, month = int(match["year"]), int(match["month"])
    day = match.groupdict().get("day")
    return _make_day(date(year, month, int(day))) if day else _make_month(year, month)


def _parse_quarter_or_half(match: re.Match[str], today: date) -> DateRange:
    return _parse_part_of_year(3 if match["unit"] == "q" else 6, match, today)


def _parse_part_of_year(months: int, match: re.Match[str], today: date) -> DateRange:
    part = _HALVES.get(match["part"]) or int(match["part"])
    year = int(match["year"] or today.year)
    if months == 3:
        # Translators: a quarter of a year
        return _make_months(year, part * 3 - 2, 3, say("Q{quarter} {year}", quarter=part, year=year))
    return _make_months(year, part * 6 - 5, 6, format_half(part, year))


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    """Compile a pattern with the prepositions before it; when it is first needed, since all together take 0.1 s."""
    return re.compile(rf"(?:\b(?:{any_of(lexicon.date_prepositions for lexicon in LEXICONS)})\s+){{0,4}}" + pattern)


_PARSERS: tuple[tuple[str, RangeParser], ...] = (
    (rf"\b(?:{_SINCE})\s+(?:(?P<month>{_MONTH})\b\.?\s*)?(?P<year>{_YEAR})\b", _parse_since),
    (rf"\b(?:{_SINCE})\s+(?P<month>{_MONTH})\b(?P<year>)", _parse_since),
    *((pattern, _parse_since) for lexicon in LEXICONS for pattern in lexicon.since_patterns),
    *((pattern, partial(_parse_part_of_year, 3)) for lexicon in LEXICONS for pattern in lexicon.quarter_patterns),
    *((pattern, partial(_parse_part_of_year, 6)) for lexicon in LEXICONS for pattern in lexicon.half_year_patterns),
    *((pattern, _parse_recent) for lexicon in LEXICONS for pattern in lexicon.last_period_patterns),
    (rf"\b(?P<year>{_YEAR})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)\b", _parse_numeric_date),
    (rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b\.?,?\s*(?:de\s+)?(?P<year>{_YEAR})\b", _parse_full_date),
    (rf"\b(?P<month>{_MONTH})\b\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>{_YEAR})\b", _parse_full_date),
    (rf"(?P<year>{_YEAR})\s*年\s*(?P<month>\d\d?)\s*月(?:\s*(?P<day>\d\d?)\s*日)?", _parse_numeric_date),
    (rf"\b(?P<month>{_MONTH})\b\.?,?\s*(?:of\s+|de\s+|del\s+)?(?P<year>{_YEAR})\b", lambda m, _: _make_month(int(m["year"]), _MONTHS[m["month"]])),
    (rf"\b(?P<year>{_YEAR})\s+(?P<month>{_MONTH})\b", lambda m, _: _make_month(int(m["year"]), _MONTHS[m["month"]])),
    (rf"\b(?P<year>{_YEAR})[-/](?P<month>\d\d?)\b", _parse_numeric_date),
    (rf"\b(?P<month>\d\d?)[/.](?P<year>{_YEAR})\b", _parse_numeric_date),
    (rf"\b(?P<unit>q)(?P<part>[1-4])(?:[\s/-]*(?P<year>{_YEAR}))?\b", _parse_quarter_or_half),
    (rf"\b(?P<unit>h)(?P<part>[12])[\s/-]*(?P<year>{_YEAR})\b", _parse_quarter_or_half),
    (r"\b(?:last|past|previous)\s+(?P<count>\d{1,3})\s+(?P<unit>day|week|month|year)s?\b", _parse_recent),
    (r"\b(?P<count>\d{1,3})\s+(?P<unit>day|week|month|year)s?\s+ago\b", _parse_recent),
    (r"\b(?P<which>this|current|last|past|previous)\s+(?P<unit>week|month|quarter|year)\b", _parse_relative),
    *((f"(?:{pattern})", partial(_parse_named_relative, unit, units_back)) for (unit, units_back), pattern in _RELATIVE_PATTERNS.items()),
    (rf"(?:{any_of(lexicon.today for lexicon in LEXICONS)})", lambda _, today: _make_day(today, say("today"))),
    (rf"(?:{any_of(lexicon.yesterday for lexicon in LEXICONS)})", lambda _, today: _make_day(today - timedelta(days=1), say("yesterday"))),
    (r"(?<!\d)(?P<month>\d\d?)\s*月(?!\d)", _parse_numeric_month),
    (rf"(?P<year>{_YEAR})\s*年", lambda m, _: _make_year(int(m["year"]))),
    (rf"\b(?:last|this|{_SINCE})\s+(?P<month>{_MONTH})\b", lambda m, today: _make_latest_month(_MONTHS[m["month"]], today)),
    (rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b", _parse_day),
    (rf"\b(?P<month>{_UNAMBIGUOUS_MONTH})\s+(?P<day>\d\d?)(?:st|nd|rd|th)?\b", _parse_day),
    (rf"\b(?:{any_of(lexicon.month_prepositions for lexicon in LEXICONS)})\s+(?P<month>{_MONTH})\b", _parse_month),
    (rf"\b(?P<month>{_UNAMBIGUOUS_MONTH})\b", _parse_month),
    (rf"(?<![\w.-])(?P<year>{_YEAR})(?![\w-]|\.\w)", lambda m, _: _make_year(int(m["year"]))),
)  # fmt: skip
