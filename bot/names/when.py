"""Times that a question names: ``2025``, ``August 2025``, ``Q3 2025``, ``last month``, ``since July``, ``2025年8月``."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from bot.languages import noted, say, say_count
from bot.model.dates import PartialDate
from bot.names import abroad

_FULL = [name.lower() for name in calendar.month_name[1:]]
_MONTHS = {name: number for number, name in enumerate(_FULL, start=1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_MONTHS |= abroad.MONTHS
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
#: Alone, without a year, a month counts when it is written out; "may" only behind such a word, for it is a verb as well.
_ALONE = "|".join(name for name in _FULL if name != "may")
_YEAR = r"(?:19|20)\d\d"
_HALVES = {"上": 1, "下": 2, "第1": 1, "第2": 2}
#: So far back a month is looked for whose year was not said.
_YEARS_BACK = 10
_SPANS = {"day": 1, "week": 7, "month": 30, "year": 365}
#: Times that count from today, this one first, then the one before it.
_RELATIVE = {
    "week": (noted("this week"), noted("last week")),
    "month": (noted("this month"), noted("last month")),
    "quarter": (noted("this quarter"), noted("last quarter")),
    "year": (noted("this year"), noted("last year")),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last of them, and how it is said in the language that was spoken when it was read:
    ``August 2025``, ``last month``. With ``any_year`` the year was not said: it is the last that this can have been.
    """

    first: date
    last: date
    label: str
    any_year: bool = False

    def years(self) -> Iterator[Span]:
        """The time and, where no year was said, the same of earlier years, the latest first."""
        yield self
        year, month = self.first.year, self.first.month
        for earlier in range(year - 1, year - _YEARS_BACK, -1) if self.any_year else ():
            if self.first == self.last:
                if self.first.day <= calendar.monthrange(earlier, month)[1]:
                    yield _of_day(date(earlier, month, self.first.day))
            else:
                yield _of_month(earlier, month)


Reading = Callable[[re.Match[str], date], Span]


def read_span(text: str, today: date) -> tuple[Span | None, str]:
    """The first time that a text names, and the text without it. ``today`` is what the relative ones count from.

    Of two months of one name the last that has begun is meant, or any (``Span.any_year``). What is no day of the calendar is
    no time.
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    for pattern, reading in _READINGS:
        match = pattern.search(plain)
        if match is None:
            continue
        try:
            span = reading(match, today)
        except (ValueError, OverflowError):
            continue
        return span, f"{plain[: match.start()]} {plain[match.end() :]}"
    return None, text


def _of_day(day: date, label: str = "") -> Span:
    return Span(day, day, label or PartialDate.of(day).display)


def _of_month(year: int, month: int, label: str = "") -> Span:
    first = date(year, month, 1)
    last = date(year, month, calendar.monthrange(year, month)[1])
    return Span(first, last, label or PartialDate(year, month).display)


def _of_year(year: int, label: str = "") -> Span:
    return Span(date(year, 1, 1), date(year, 12, 31), label or PartialDate(year).display)


def _of_months(year: int, first: int, count: int, label: str) -> Span:
    return Span(date(year, first, 1), _of_month(year, first + count - 1).last, label)


def _last_begun(month: int, today: date) -> Span:
    return _of_month(today.year if month <= today.month else today.year - 1, month)


def _any_month(match: re.Match[str], today: date) -> Span:
    return replace(_last_begun(_MONTHS[match["month"]], today), any_year=True)


def _month_by_number(match: re.Match[str], today: date) -> Span:
    month = int(match["month"])
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is no month")
    return replace(_last_begun(month, today), any_year=True)


def _any_day(match: re.Match[str], today: date) -> Span:
    month, day = _MONTHS[match["month"]], int(match["day"])
    year = today.year if (month, day) <= (today.month, today.day) else today.year - 1
    if (month, day) == (2, 29):
        while not calendar.isleap(year):
            year -= 1
    return replace(_of_day(date(year, month, day)), any_year=True)


def _relative(match: re.Match[str], today: date) -> Span:
    return _back(match["unit"], 0 if match["which"] in ("this", "current") else 1, today)


def _back(unit: str, back: int, today: date) -> Span:
    label = say(_RELATIVE[unit][back])
    if unit == "year":
        return _of_year(today.year - back, label)
    if unit == "month":
        months = today.year * 12 + today.month - 1 - back
        return _of_month(months // 12, months % 12 + 1, label)
    if unit == "quarter":
        quarters = today.year * 4 + (today.month - 1) // 3 - back
        return _of_months(quarters // 4, quarters % 4 * 3 + 1, 3, label)
    monday = today - timedelta(days=today.weekday() + 7 * back)
    return Span(monday, monday + timedelta(days=6), label)


def _abroad(unit: str, back: int, _match: re.Match[str], today: date) -> Span:
    return _back(unit, back, today)


def _recent(match: re.Match[str], today: date) -> Span:
    count = int(match["count"])
    unit = abroad.UNITS.get(match["unit"], match["unit"])
    first = today - timedelta(days=count * _SPANS[unit])
    return Span(first, today, _last(count, unit))


def _last(count: int, unit: str) -> str:
    match unit:
        case "day":
            return say_count("last {count} day", "last {count} days", count)
        case "week":
            return say_count("last {count} week", "last {count} weeks", count)
        case "month":
            return say_count("last {count} month", "last {count} months", count)
        case _:
            return say_count("last {count} year", "last {count} years", count)


def _since(match: re.Match[str], today: date) -> Span:
    month = _MONTHS.get(match["month"]) or int(match["month"]) if match["month"] else 0
    year = int(match["year"]) if match["year"] else _last_begun(month, today).first.year
    begins = _of_month(year, month) if month else _of_year(year)
    return Span(begins.first, max(today, begins.first), say("since {time}", time=begins.label))


def _day_of(match: re.Match[str], _today: date) -> Span:
    return _of_day(date(int(match["year"]), _MONTHS[match["month"]], int(match["day"])))


def _numbers(match: re.Match[str], _today: date) -> Span:
    year, month = int(match["year"]), int(match["month"])
    day = match.groupdict().get("day")
    return _of_day(date(year, month, int(day))) if day else _of_month(year, month)


def _quarter(match: re.Match[str], today: date) -> Span:
    return _part_of_year(3 if match["unit"] == "q" else 6, match, today)


def _part_of_year(months: int, match: re.Match[str], today: date) -> Span:
    part = _HALVES.get(match["part"]) or int(match["part"])
    year = int(match["year"] or today.year)
    if months == 3:
        # Said: a quarter of a year
        return _of_months(year, part * 3 - 2, 3, say("Q{quarter} {year}", quarter=part, year=year))
    # Said: a half of a year
    return _of_months(year, part * 6 - 5, 6, say("H{half} {year}", half=part, year=year))


def _pattern(text: str) -> re.Pattern[str]:
    lead = rf"(?:\b(?:in|from|of|during|on|for|the|{abroad.BEFORE})\s+){{0,4}}"
    return re.compile(lead + text)


_READINGS: tuple[tuple[re.Pattern[str], Reading], ...] = (
    (_pattern(rf"\b(?:since|after|{abroad.SINCE})\s+(?:(?P<month>{_MONTH})\b\.?\s*)?(?P<year>{_YEAR})\b"), _since),
    (_pattern(rf"\b(?:since|after|{abroad.SINCE})\s+(?P<month>{_MONTH})\b(?P<year>)"), _since),
    (_pattern(abroad.FROM_THEN), _since),
    *((_pattern(typed), partial(_part_of_year, 3)) for typed in abroad.QUARTERS),
    *((_pattern(typed), partial(_part_of_year, 6)) for typed in abroad.HALVES),
    *((_pattern(typed), _recent) for typed in abroad.LAST),
    (_pattern(rf"\b(?P<year>{_YEAR})[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)\b"), _numbers),
    (_pattern(rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b\.?,?\s*(?:de\s+)?(?P<year>{_YEAR})\b"), _day_of),
    (_pattern(rf"\b(?P<month>{_MONTH})\b\.?\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<year>{_YEAR})\b"), _day_of),
    (_pattern(rf"(?P<year>{_YEAR})\s*年\s*(?P<month>\d\d?)\s*月(?:\s*(?P<day>\d\d?)\s*日)?"), _numbers),
    (_pattern(rf"\b(?P<month>{_MONTH})\b\.?,?\s*(?:of\s+|de\s+|del\s+)?(?P<year>{_YEAR})\b"), lambda m, _: _of_month(int(m["year"]), _MONTHS[m["month"]])),
    (_pattern(rf"\b(?P<year>{_YEAR})\s+(?P<month>{_MONTH})\b"), lambda m, _: _of_month(int(m["year"]), _MONTHS[m["month"]])),
    (_pattern(rf"\b(?P<year>{_YEAR})[-/](?P<month>\d\d?)\b"), _numbers),
    (_pattern(rf"\b(?P<month>\d\d?)[/.](?P<year>{_YEAR})\b"), _numbers),
    (_pattern(rf"\b(?P<unit>q)(?P<part>[1-4])(?:[\s/-]*(?P<year>{_YEAR}))?\b"), _quarter),
    (_pattern(rf"\b(?P<unit>h)(?P<part>[12])[\s/-]*(?P<year>{_YEAR})\b"), _quarter),
    (_pattern(r"\b(?:last|past|previous)\s+(?P<count>\d{1,3})\s+(?P<unit>day|week|month|year)s?\b"), _recent),
    (_pattern(r"\b(?P<count>\d{1,3})\s+(?P<unit>day|week|month|year)s?\s+ago\b"), _recent),
    (_pattern(r"\b(?P<which>this|current|last|past|previous)\s+(?P<unit>week|month|quarter|year)\b"), _relative),
    *((_pattern(rf"(?:{typed})"), partial(_abroad, unit, back)) for typed, unit, back in abroad.RELATIVE),
    (_pattern(rf"(?:\btoday\b|{abroad.TODAY})"), lambda _, today: _of_day(today, say("today"))),
    (_pattern(rf"(?:\byesterday\b|{abroad.YESTERDAY})"), lambda _, today: _of_day(today - timedelta(days=1), say("yesterday"))),
    (_pattern(r"(?<!\d)(?P<month>\d\d?)\s*月(?!\d)"), _month_by_number),
    (_pattern(rf"(?P<year>{_YEAR})\s*年"), lambda m, _: _of_year(int(m["year"]))),
    (_pattern(rf"\b(?:last|this|since|{abroad.SINCE})\s+(?P<month>{_MONTH})\b"), lambda m, today: _last_begun(_MONTHS[m["month"]], today)),
    (_pattern(rf"\b(?P<day>\d\d?)(?:st|nd|rd|th)?\.?\s+(?:of\s+|de\s+)?(?P<month>{_MONTH})\b"), _any_day),
    (_pattern(rf"\b(?P<month>{_ALONE})\s+(?P<day>\d\d?)(?:st|nd|rd|th)?\b"), _any_day),
    (_pattern(rf"\b(?:in|im|en)\s+(?P<month>{_MONTH})\b"), _any_month),
    (_pattern(rf"\b(?P<month>{_ALONE})\b"), _any_month),
    (_pattern(rf"(?<![\w.-])(?P<year>{_YEAR})(?![\w-]|\.\w)"), lambda m, _: _of_year(int(m["year"]))),
)  # fmt: skip
