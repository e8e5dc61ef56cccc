"""An expected event: something that a source says will happen in a story, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import total_ordering
from typing import TYPE_CHECKING, Self

from bot.languages import format_quarter, lazy, lazy_as, say
from bot.model.dates import PartialDate, format_half
from bot.model.vocabulary import LabelledEnum

if TYPE_CHECKING:
    from bot.model.story import Source

#: The expected form of an expected event's date, as an error says it.
EXPECTED_DATE_FORMAT_HINT = lazy("expected a date as YYYY, YYYY-MM, YYYY-MM-DD, YYYY-Q2, YYYY-H1 or by YYYY-MM")

_YEAR_PART = re.compile(r"(\d{4})-([QqHh]\d)", re.ASCII)


class YearPart(StrEnum):
    """A quarter or a half of a year.

    Attributes:
        last_month: its last month.
    """

    Q1 = "Q1", 3
    Q2 = "Q2", 6
    Q3 = "Q3", 9
    Q4 = "Q4", 12
    H1 = "H1", 6
    H2 = "H2", 12

    last_month: int

    def __new__(cls, value: str, last_month: int = 0) -> Self:
        """Make a member that equals its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.last_month = last_month
        return member


@total_ordering
@dataclass(frozen=True, slots=True)
class ExpectedDate:
    """When an event is expected: a day, or a window such as a month, a quarter or a half of a year.

    Dates sort by their last day, a day before a window that ends with it.

    Attributes:
        partial: the date; of a quarter or a half, its year.
        part: the quarter or the half; None for any other date.
    """

    partial: PartialDate
    part: YearPart | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse what :meth:`PartialDate.parse` does, ``YYYY-Q2`` or ``YYYY-H1``. Raises ValueError for anything else."""
        return cls._parse_part(text) or cls(PartialDate.parse(text))

    @classmethod
    def parse_input(cls, text: str) -> Self:
        """Parse a date as :meth:`parse` does, with ``by`` in English or in the current language."""
        return cls._parse_part(text.strip()) or cls(PartialDate.parse_input(text))

    @classmethod
    def _parse_part(cls, text: str) -> Self | None:
        match = _YEAR_PART.fullmatch(text)
        if match is None:
            return None
        try:
            return cls(PartialDate(int(match[1])), YearPart(match[2].upper()))
        except ValueError as exc:
            raise ValueError(say(EXPECTED_DATE_FORMAT_HINT)) from exc

    @property
    def day(self) -> date | None:
        """The day, if it is known; None for a window."""
        is_day = self.partial.day is not None and not self.partial.is_bounded
        return self.partial.last_day if is_day else None

    @property
    def last_day(self) -> date:
        """The last day on which the event can happen as expected."""
        return PartialDate(self.partial.year, self.part.last_month).last_day if self.part else self.partial.last_day

    def is_over(self, today: date) -> bool:
        """Return whether the day or the window is over."""
        return self.last_day < today

    @property
    def display(self) -> str:
        """The date in the current language: ``16 Feb 2025``, ``by Aug 2025``, ``Q2 2025``, ``H1 2025``."""
        year = self.partial.year
        match self.part:
            case None:
                return self.partial.display
            case YearPart.H1 | YearPart.H2:
                return format_half(int(self.part[1]), year)
            case _:
                return format_quarter(year, int(self.part[1]))

    @property
    def input_text(self) -> str:
        """The form that :meth:`parse_input` reads, in the current language."""
        return str(self) if self.part else self.partial.input_text

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, ExpectedDate):
            return NotImplemented
        return (self.last_day, self.day is None) < (other.last_day, other.day is None)

    def __str__(self) -> str:
        """Return the form that :meth:`parse` reads."""
        return f"{self.partial}-{self.part}" if self.part else str(self.partial)


class ExpectedOutcome(LabelledEnum, label_context="outcome of an expected event"):
    """What became of an expected event."""

    # Translators: what became of an event that a source expected
    HAPPENED = "happened", lazy_as("outcome of an expected event", "Happened")
    # Translators: what became of an event that a source expected: it will not take place
    DROPPED = "dropped", lazy_as("outcome of an expected event", "Dropped")


@dataclass(frozen=True, slots=True)
class ExpectedEvent:
    """Something that a source says will happen in a story: a closing, a decision, a launch.

    Attributes:
        key: its id within the story, as the story file writes it.
        outcome: what became of it; None while that is not known, however long ago it was expected.
        development_key: the id of the development that resulted, if it happened; empty if there is none.
        reason: why it was dropped; empty if nobody has said so.
        id: its id in the store; 0 before it is stored.
    """

    key: str
    headline: str
    date: ExpectedDate
    outcome: ExpectedOutcome | None = None
    development_key: str = ""
    sources: tuple[Source, ...] = ()
    reason: str = ""
    id: int = 0
