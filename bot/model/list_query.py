"""A list that was asked for: of what, and by which filters, each of which can be removed."""

from __future__ import annotations

import calendar
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.languages import format_date, format_figure, lazy_as, say
from bot.model.dates import format_half
from bot.model.terms import FigureFilter, TermName
from bot.model.vocabulary import Claim, Kind, LabelledEnum, Stage

_KEY_LENGTH = 16
_MONTH_DAYS, _YEAR_DAYS = 28, 365
_MAX_DATE = 99_991_231


class ListSubject(StrEnum):
    """What a list has."""

    STORIES = "stories"
    DEALS = "deals"
    DEVELOPMENTS = "developments"
    EXPECTED_EVENTS = "expected events"


class StoryState(LabelledEnum, label_context="asked"):
    """What else than its stage a story can be."""

    OPEN = "open", lazy_as("asked", "open")
    DISPUTED = "disputed", lazy_as("asked", "disputed")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first_day`` to ``last_day``, both included. ``is_open_ended`` says that it was asked for as a start."""

    first_day: date
    last_day: date
    is_open_ended: bool = False

    @property
    def sort_bounds(self) -> tuple[int, int]:
        """The first and last date as the store sorts dates: ``YYYYMMDD``, with 00 for unknown parts.

        A date of which only the month is known matches a period of 28 days or more that reaches into the month; one of which
        only the year is known matches a period of a year or more that reaches into the year.
        """
        days = (self.last_day - self.first_day).days + 1
        month = 0 if days >= _YEAR_DAYS else self.first_day.month
        day = 0 if days >= _MONTH_DAYS else self.first_day.day
        first_date = self.first_day.year * 10_000 + month * 100 + day
        if self.is_open_ended:
            return first_date, _MAX_DATE
        return first_date, self.last_day.year * 10_000 + self.last_day.month * 100 + self.last_day.day

    @property
    def label(self) -> str:
        """The period in the current language: ``2025``, ``August 2025``, ``Q3 2025``, ``since July 2025``."""
        first, last = self.first_day, self.last_day
        whole = _describe_whole_months(first, last)
        if self.is_open_ended:
            # A start is a year, a month or a day.
            month = None if (first.month, first.day) == (1, 1) else first.month
            return say("since {time}", time=format_date(first.year, month, first.day if first.day > 1 else None))
        if whole:
            return whole
        if first == last:
            return format_date(first.year, first.month, first.day)
        # Translators: a period, from one date to another
        return say(
            "{first} to {last}",
            first=format_date(first.year, first.month, first.day),
            last=format_date(last.year, last.month, last.day),
        )


def _describe_whole_months(first: date, last: date) -> str:
    """Return the label of a month, a quarter, a half or whole years; empty for any other period."""
    if first.day != 1 or last.day != calendar.monthrange(last.year, last.month)[1]:
        return ""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        return format_date(first.year, first.month)
    if months == 12 and first.month == 1:
        return format_date(first.year)
    if months == 3 and first.month % 3 == 1:
        # Translators: a quarter of a year
        return say("Q{quarter} {year}", quarter=last.month // 3, year=first.year)
    if months == 6 and first.month % 6 == 1:
        return format_half(last.month // 6, first.year)
    return ""


@dataclass(frozen=True, slots=True)
class SearchWord:
    """A word as it was typed, and the full-text patterns by which it is searched for."""

    text: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a list has, and its filters.

    Of each field a story has one of the values, and all of the fields; but all of ``companies`` are its parties, and its text
    has all of ``words``. In a list of developments, ``stages``, ``claims`` and ``period`` are those of the development. In a
    list of deals, ``stages`` with a ``period`` are those that it reached in that time. Of expected events, ``period`` is when
    they are expected.

    Attributes:
        figures: the limits of a figure of the deal.
        largest_first: whether the deals with the largest value come first, instead of the newest.
        excluded_companies: no party of the story is one of these.
        excluded_words: the story's text has none of these.
        excluded_kinds, excluded_stages: the story has none of these.
    """

    subject: ListSubject = ListSubject.DEALS
    companies: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    stages: tuple[Stage, ...] = ()
    claims: tuple[Claim, ...] = ()
    states: tuple[StoryState, ...] = ()
    period: Period | None = None
    figures: FigureFilter | None = None
    words: tuple[SearchWord, ...] = ()
    excluded_companies: tuple[str, ...] = ()
    excluded_words: tuple[SearchWord, ...] = ()
    excluded_kinds: tuple[Kind, ...] = ()
    excluded_stages: tuple[Stage, ...] = ()
    largest_first: bool = False

    @property
    def filters(self) -> tuple[tuple[str, ListQuery], ...]:
        """The filters, each with its label in the current language and the list without it."""
        return tuple(self._generate_filters())

    def without_filter(self, index: int) -> ListQuery:
        """Return the list without one of its filters; the list itself if there is no such filter."""
        filters = self.filters
        return filters[index][1] if 0 <= index < len(filters) else self

    @property
    def key(self) -> str:
        """A short id that only equal lists share."""
        return hashlib.sha256(self.encode().encode()).hexdigest()[:_KEY_LENGTH]

    def encode(self) -> str:
        """Return the list as JSON: only the fields that say something."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return json.dumps({name: value for name, value in values.items() if value}, default=_encode, ensure_ascii=False)

    @classmethod
    def decode(cls, encoded: str) -> ListQuery:
        """Return the list that :meth:`encode` encoded. Raises ValueError if this version has no such list."""
        try:
            values = json.loads(encoded)
            return cls(**{name: _DECODERS[name](value) for name, value in values.items()})
        except (KeyError, TypeError, AttributeError, ArithmeticError) as exc:
            raise ValueError("no list of this version") from exc

    def _generate_filters(self) -> Iterator[tuple[str, ListQuery]]:
        for name, describe in _DESCRIPTIONS.items():
            value = getattr(self, name)
            for item in value if isinstance(value, tuple) else filter(None, [value]):
                rest: dict[str, Any] = {name: _remove(value, item)}
                yield describe(item), replace(self, **rest)


def _remove(value: Any, item: object) -> Any:
    """Return the value of a field without an item; a field of one item then says nothing."""
    if isinstance(value, tuple):
        return tuple(other for other in value if other != item)
    return False if value is True else None


def _describe_word(word: SearchWord) -> str:
    # Translators: a word that the stories of a list have
    return say("“{word}”", word=word.text)


def _describe_exclusion(word: str) -> str:
    # Translators: of a question, as in "nissan -foxconn": a story without Foxconn
    return say("without {word}", word=word)


def _describe_figures(figures: FigureFilter) -> str:
    over, under = (
        None if limit is None else format_figure(limit, figures.unit or "") for limit in (figures.over, figures.under)
    )
    if over is not None and under is not None:
        # Translators: figures between two limits, such as "$1 billion to $10 billion"
        return say("{low} to {high}", low=over, high=under)
    if under is not None:
        # Translators: figures below a limit
        return say("under {figure}", figure=under)
    # Translators: figures above a limit
    return say("over {figure}", figure=over or "")


#: How the filters are described, in the order in which they are shown.
_DESCRIPTIONS: dict[str, Callable[[Any], str]] = {
    "companies": str,
    "kinds": lambda kind: str(kind.label),
    "stages": lambda stage: str(stage.label),
    "claims": lambda claim: str(claim.label),
    "states": lambda state: str(state.label),
    "period": lambda period: str(period.label),
    "figures": _describe_figures,
    "words": _describe_word,
    "excluded_companies": _describe_exclusion,
    "excluded_kinds": lambda kind: _describe_exclusion(kind.label),
    "excluded_stages": lambda stage: _describe_exclusion(stage.label),
    "excluded_words": lambda word: _describe_exclusion(word.text),
    # Translators: how a list of deals is sorted
    "largest_first": lambda _: say("largest first"),
}


def _encode(value: Any) -> Any:
    match value:
        case Period():
            return [value.first_day, value.last_day, value.is_open_ended]
        case FigureFilter():
            return [value.name, value.unit, value.over, value.under]
        case SearchWord():
            return [value.text, value.patterns]
        case date() | Decimal():
            return str(value)
    raise TypeError(f"{value!r} is not a part of a list")


def _decode_period(value: Any) -> Period:
    first_day, last_day, is_open_ended = value
    return Period(date.fromisoformat(first_day), date.fromisoformat(last_day), bool(is_open_ended))


def _decode_figures(value: Any) -> FigureFilter:
    name, unit, over, under = value
    limits = (None if limit is None else Decimal(limit) for limit in (over, under))
    return FigureFilter(TermName(name), unit, *limits)


def _decode_words(value: Any) -> tuple[SearchWord, ...]:
    return tuple(SearchWord(str(text), tuple(map(str, patterns))) for text, patterns in value)


def _decode_names(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value))


_DECODERS: dict[str, Callable[[Any], Any]] = {
    "subject": ListSubject,
    "companies": _decode_names,
    "kinds": lambda value: tuple(map(Kind, value)),
    "stages": lambda value: tuple(map(Stage, value)),
    "claims": lambda value: tuple(map(Claim, value)),
    "states": lambda value: tuple(map(StoryState, value)),
    "period": _decode_period,
    "figures": _decode_figures,
    "words": _decode_words,
    "excluded_companies": _decode_names,
    "excluded_words": _decode_words,
    "excluded_kinds": lambda value: tuple(map(Kind, value)),
    "excluded_stages": lambda value: tuple(map(Stage, value)),
    "largest_first": bool,
}
