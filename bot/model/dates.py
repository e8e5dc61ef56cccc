"""Dates as news gives them: a year, a month or a day, or only the latest that it can have been; never more precise than is known."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, total_ordering
from typing import Self

from bot.languages import format_date, format_month, lazy, lazy_as, say, say_as

_PATTERN = re.compile(r"(by )?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

#: The expected form of a date, as an error says it.
DATE_FORMAT_HINT = lazy("expected a date as YYYY, YYYY-MM, YYYY-MM-DD or by YYYY-MM")
# Translators: a date that is the latest possible: something had happened by then, or will have. "by Aug 2025", also as a form is filled in: "by 2025-08"
_BOUNDED = lazy_as("date", "by {date}")
#: Other ways to type a bounded date, in Japanese and Spanish.
_OTHER_BOUNDS = ("|まで", "|までに", "no después de |")


def get_latest_date(now: datetime) -> date:
    """Return the latest day that something which has happened can be dated: tomorrow by UTC, which is today in some time zones."""
    return (now.astimezone(UTC) + timedelta(days=1)).date()


@lru_cache(maxsize=4_096)
def _parse_parts(text: str) -> tuple[int, int | None, int | None, bool]:
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(say(DATE_FORMAT_HINT))
    by, year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None, by is not None


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class PartialDate:
    """A year, a month of a year, or a day; or, if ``is_bounded``, any time up to the end of it.

    Dates sort by the first day that they can mean, the less precise first: 2025 < 2025-01 < 2025-01-01. A bounded one sorts
    by the last day that it can mean: 2025-08-30 < by 2025-08 < 2025-09.
    Raises ValueError for a date that is not in the calendar (2025-13, 2025-02-30, a day without its month).
    """

    year: int
    month: int | None = None
    day: int | None = None
    is_bounded: bool = False

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError(say("a day needs its month"))
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, or one of them after ``by``. Raises ValueError for anything else."""
        return cls(*_parse_parts(text))

    @classmethod
    def parse_input(cls, text: str) -> Self:
        """Parse a date as :meth:`parse` does, with ``by`` in English or in the current language (``bis 2025-08``)."""
        words = " ".join(text.split())
        for template in (_say_bounded("|"), _BOUNDED.format(date="|"), *_OTHER_BOUNDS):
            before, after = template.casefold().split("|")
            end = len(words) - len(after)
            if words[: len(before)].casefold() == before and words[end:].casefold() == after:
                return cls.parse(f"by {words[len(before) : end].strip()}")
        return cls.parse(words)

    @classmethod
    def from_date(cls, day: date) -> Self:
        """Return the full date of a calendar day."""
        return cls(day.year, day.month, day.day)

    @property
    def first_day(self) -> date:
        """The first day of the year, the month or the day; nothing says that a bounded date cannot mean an earlier one."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last_day(self) -> date:
        """The last day that the date can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def is_after(self, day: date) -> bool:
        """Return whether the date is after a day, whatever it means; a bounded one if the period up to whose end it can be is."""
        return self.first_day > day

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """A key that sorts as the dates do. Unknown parts count as 0, those of a bounded date as the last.

        Different dates can share a key: by 2025-08 and 2025-08-31.
        """
        if self.is_bounded:
            last_day = self.last_day
            return (last_day.year, last_day.month, last_day.day)
        return (self.year, self.month or 0, self.day or 0)

    @property
    def without_bound(self) -> Self:
        """The year, the month or the day up to which a bounded date can be; any other date as it is."""
        return replace(self, is_bounded=False) if self.is_bounded else self

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self._full_sort_key < other._full_sort_key

    @property
    def _full_sort_key(self) -> tuple[tuple[int, int, int], bool, int, int]:
        return (self.sort_key, self.is_bounded, self.month or 0, self.day or 0)

    def __str__(self) -> str:
        """Return the form that :meth:`parse` reads."""
        text = f"by {self.year:04d}" if self.is_bounded else f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    @property
    def input_text(self) -> str:
        """The form that :meth:`parse_input` reads, in the current language."""
        return _say_bounded(str(self.without_bound)) if self.is_bounded else str(self)

    @property
    def display(self) -> str:
        """The date in the current language: ``2026``, ``August 2025``, ``16 Feb 2025``, ``by Aug 2025``."""
        if not self.is_bounded:
            return format_date(self.year, self.month, self.day)
        if self.month is not None and self.day is None:
            return _say_bounded(format_month(self.year, self.month))
        return _say_bounded(format_date(self.year, self.month, self.day))


def format_half(half: int, year: int) -> str:
    """Return the first or second half of a year in the current language: ``H1 2026``."""
    if half == 1:
        # Translators: the first half of a year, as short as possible; {year} is its number
        return say("H1 {year}", year=str(year))
    # Translators: the second half of a year, as short as possible; {year} is its number
    return say("H2 {year}", year=str(year))


def _say_bounded(date_text: str) -> str:
    return say_as("date", _BOUNDED, date=date_text)
