"""What time it is, as a value that is handed in: nothing else in the project asks the machine.

The machine's clock can be wrong and be put right. So whoever waits by it must notice when it is put back.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: Gives the present as an aware UTC time.
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


class Pause:
    """A wait of a fixed span, by a clock that may be put back.

    If the clock is put back to before the beginning, the wait begins anew with the next question about it.
    """

    def __init__(self, now: datetime, duration: timedelta) -> None:
        self._started_at = now
        self._duration = duration

    def get_end(self, now: datetime) -> datetime:
        """Return when the wait is over, as of now."""
        self._started_at = min(self._started_at, now)
        return self._started_at + self._duration

    def is_over(self, now: datetime) -> bool:
        """Return whether nothing is left of the wait."""
        return now >= self.get_end(now)


class ClockJumpDetector:
    """Notices that a clock has been put back; ``is_pending`` until whoever waits by it has seen to that."""

    #: A clock that is kept right by small steps is not put back.
    TOLERANCE = timedelta(seconds=1)

    def __init__(self) -> None:
        self.is_pending = False
        self._latest: datetime | None = None

    def observe(self, now: datetime) -> None:
        """Compare the time with that of the last look."""
        if self._latest is not None and now < self._latest - self.TOLERANCE:
            self.is_pending = True
        self._latest = now
