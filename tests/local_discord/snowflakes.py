"""Discord's ids: a time in milliseconds, shifted left by 22 bits, and a counter."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
YEAR_MS = 365 * 24 * 3600 * 1000


class Snowflakes:
    """Hands out ids that never repeat.

    What a test arranges is as old as a year, so that ten thousand servers made in a second do not carry ids from the
    future; servers have a series of their own, one millisecond apart, so that they spread evenly over shards.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._aged = self._milliseconds() - YEAR_MS
        self._guild = self._aged
        self._last = (0, 0)

    def aged(self) -> int:
        """Return the id of something that has existed for long."""
        self._aged += 1
        return self._aged << 22

    def guild(self) -> int:
        """Return the id of a server that has existed for long: consecutive ones fall on consecutive shards."""
        self._guild += 1
        return self._guild << 22 | 1 << 17

    def now(self) -> int:
        """Return the id of something made at this moment: always greater than the one before."""
        moment, count = self._last
        present = self._milliseconds()
        if present > moment:
            moment, count = present, 0
        elif count == 0xFFF:
            moment, count = moment + 1, 0
        else:
            count += 1
        self._last = moment, count
        return moment << 22 | count

    def _milliseconds(self) -> int:
        return int(self._wall() * 1000) - EPOCH_MS


def timestamp_of(snowflake: int) -> str:
    """When the thing with this id was made, as Discord writes it."""
    return iso(((snowflake >> 22) + EPOCH_MS) / 1000)


def iso(seconds: float) -> str:
    """Seconds since 1970 as Discord writes times."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds")
