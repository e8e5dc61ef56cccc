"""The current time, as a value that is passed in: nothing else in the project asks the machine.

The machine's clock can be wrong and be corrected, so whoever waits by it must notice when it is put back.
If it is put forward, nothing needs to be done: what waits is only due sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Returns the current time, aware, in UTC.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time of the machine's clock."""
    return datetime.now(UTC)


class Pause:
    """A wait of a fixed duration by a clock that may be put back.

    If the clock is put back to before the start, the wait starts anew with the next call.
    """

    def __init__(self, now: datetime, duration: timedelta) -> None:
        self._started_at = now
        self._duration = duration

    def get_end(self, now: datetime) -> datetime:
        """Return when the wait ends, as of ``now``."""
        self._started_at = min(self._started_at, now)
        return self._started_at + self._duration

    def is_over(self, now: datetime) -> bool:
        """Return whether the wait has ended."""
        return now >= self.get_end(now)


class ClockJumpDetector:
    """Notices that a clock was put back; ``is_pending`` stays set until the one who waits by it has reacted."""

    #: A clock that is corrected by small steps does not count as put back.
    TOLERANCE = timedelta(seconds=1)

    def __init__(self) -> None:
        self.is_pending = False
        self._latest: datetime | None = None

    def observe(self, now: datetime) -> None:
        """Compare the time with that of the last call."""
        if self._latest is not None and now < self._latest - self.TOLERANCE:
            self.is_pending = True
        self._latest = now


def format_duration(seconds: float) -> str:
    """Return a duration in its largest unit of which there are at least two: ``90 seconds``, ``3 hours``."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.0f} seconds"
