"""What a question asks of the nature and the time of stories, as the store is asked for it: pure."""

from __future__ import annotations

from bot.names.question import Question
from bot.names.when import Span
from bot.names.wishes import Wish
from bot.store.seeking import Sought

_WISHES = 4
_MONTH, _YEAR = 28, 365


def each_sought(said: Question) -> list[Sought]:
    """One after the other what was asked for."""
    dates = [Sought(dates=dates_of(span)) for span in spans(said) if span]
    return [*(_of_wish(wish) for wish in said.wishes[:_WISHES]), *dates]


def spans(said: Question) -> list[Span | None]:
    """The times that may be meant, the likeliest first; none alone where no time was named."""
    return list(said.span.years()) if said.span else [None]


def all_sought(said: Question, span: Span | None) -> Sought:
    """Everything that was asked for at once, at one of the times that may be meant."""
    each = [_of_wish(wish) for wish in said.wishes]
    return Sought(
        kinds=frozenset(kind for sought in each for kind in sought.kinds),
        stages=frozenset(stage for sought in each for stage in sought.stages),
        is_open=next((sought.is_open for sought in each if sought.is_open is not None), None),
        disputed=any(sought.disputed for sought in each),
        deals_only=said.deals,
        dates=dates_of(span) if span else None,
    )


def _of_wish(wish: Wish) -> Sought:
    return Sought(frozenset(wish.kinds), frozenset(wish.stages), wish.is_open, wish.disputed)


def dates_of(span: Span) -> tuple[int, int]:
    """The first and the last date that lie in a time. A month that is all that is known of a date counts for any month
    that the time reaches into, a year for a time of a year.
    """
    days = (span.last - span.first).days + 1
    month = 0 if days >= _YEAR else span.first.month
    day = 0 if days >= _MONTH else span.first.day
    first = span.first.year * 10_000 + month * 100 + day
    return first, span.last.year * 10_000 + span.last.month * 100 + span.last.day
