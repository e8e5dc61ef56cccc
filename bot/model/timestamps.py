"""Times as whole microseconds since 1970, for what stores or sends a number: exact, unlike :meth:`datetime.timestamp`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Return an aware time as a number."""
    return (moment - _EPOCH) // _MICROSECOND


def from_microseconds(count: int) -> datetime:
    """Return the time of a number, in UTC. Raises OverflowError for one beyond the year 9999."""
    return _EPOCH + count * _MICROSECOND
