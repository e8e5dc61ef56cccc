"""Days as places on the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.languages import shown_date, shown_month

_YEAR = 12
_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 12_000)


class Scale:
    """Days from ``first`` to ``last``, over a stretch of the page."""

    def __init__(self, first: int, last: int, left: float, right: float) -> None:
        self.left, self.right = left, right
        self._first, self._last = first, last
        self._size = (right - left) / max(last - first, 1)

    def at(self, day: int) -> float:
        """Where a day is."""
        return self.left + (min(max(day, self._first), self._last) - self._first) * self._size

    def ticks(self, most: int) -> Iterator[tuple[float, str]]:
        """The first days of some months or years, at most so many, with what they are called in the language that is spoken."""
        begin, end = date.fromordinal(self._first), date.fromordinal(self._last)
        months = (end.year - begin.year) * 12 + end.month - begin.month
        step = next(step for step in _STEPS if months <= step * most)
        for month in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month):
            if month % step == 0:
                year, place = divmod(month, 12)
                day = date(max(year, 1), place + 1, 1).toordinal()
                if self._first <= day <= self._last:
                    yield self.at(day), shown_date(year) if step >= _YEAR else shown_month(year, place + 1)
