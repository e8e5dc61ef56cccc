"""Converts days to positions on the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bot.languages import format_date, format_month

_MONTHS_PER_YEAR = 12
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1_200, 12_000)


class Scale:
    """The days from ``first`` to ``last``, over a part of the page."""

    def __init__(self, first: int, last: int, x_min: float, x_max: float) -> None:
        self.x_min, self.x_max = x_min, x_max
        self._first, self._last = first, last
        self._pixels_per_day = (x_max - x_min) / max(last - first, 1)

    def get_x(self, day: int) -> float:
        """Return the position of a day."""
        return self.x_min + (min(max(day, self._first), self._last) - self._first) * self._pixels_per_day

    def generate_ticks(self, max_ticks: int) -> Iterator[tuple[float, str]]:
        """Yield the first days of some months or years, at most ``max_ticks``, with their names in the current
        language.
        """
        begin, end = date.fromordinal(self._first), date.fromordinal(self._last)
        months = (end.year - begin.year) * 12 + end.month - begin.month
        step = next(step for step in _MONTH_STEPS if months <= step * max_ticks)
        for month in range(begin.year * 12 + begin.month - 1, end.year * 12 + end.month):
            if month % step == 0:
                year, month_index = divmod(month, 12)
                day = date(max(year, 1), month_index + 1, 1).toordinal()
                if self._first <= day <= self._last:
                    yield (
                        self.get_x(day),
                        format_date(year) if step >= _MONTHS_PER_YEAR else format_month(year, month_index + 1),
                    )
