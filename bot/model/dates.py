"""Dates as news gives them: a year, a month or a day, never more precise than is known."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, total_ordering
from typing import Self

from bot.languages import format_date, lazy, say

_PATTERN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)

#: The expected form of a date, as an error says it.
DATE_FORMAT_HINT = lazy("expected a date as YYYY, YYYY-MM or YYYY-MM-DD")


@lru_cache(maxsize=4_096)
def _parse_parts(text: str) -> tuple[int, int | None, int | None]:
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(say(DATE_FORMAT_HINT))
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


@total_ordering
@dataclass(frozen=True, slots=True, eq=True)
class PartialDate:
    """A year, a month of a year, or a day.

    Dates sort by the first day that they can mean, the less precise first: 2025 < 2025-01 < 2025-01-01.
    Raises ValueError for a date that is not in the calendar (2025-13, 2025-02-30, a day without its month).
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        if self.month is None and self.day is not None:
            raise ValueError(say("a day needs its month"))
        date(self.year, 1 if self.month is None else self.month, 1 if self.day is None else self.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``. Raises ValueError for anything else."""
        return cls(*_parse_parts(text))

    @classmethod
    def from_date(cls, day: date) -> Self:
        """Return the full date of a calendar day."""
        return cls(day.year, day.month, day.day)

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """A key that sorts as the dates do; unknown parts count as 0."""
        return (self.year, self.month or 0, self.day or 0)

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, PartialDate):
            return NotImplemented
        return self.sort_key < other.sort_key

    def __str__(self) -> str:
        """Return the form that :meth:`parse` reads."""
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
        if self.day is not None:
            text += f"-{self.day:02d}"
        return text

    @property
    def display(self) -> str:
        """The date in the current language: ``2026``, ``August 2025``, ``16 Feb 2025``."""
        return format_date(self.year, self.month, self.day)
