"""When an article was published, from what its feed says about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

#: Clocks and time zones of publishers are wrong by up to this; what lies further ahead is no time of publishing.
AHEAD = timedelta(hours=26)
#: Older than feeds are: a clock that was never set.
_OLDEST = datetime(1990, 1, 1, tzinfo=UTC)


def published_at(dates: Iterable[str], now: datetime) -> tuple[datetime, bool]:
    """The first date that can be true, never later than ``now``; whether there was one, or it is just ``now``."""
    for told in dates:
        moment = read_time(told)
        if moment is not None and _OLDEST <= moment <= now + AHEAD:
            return min(moment, now), True
    return now, False


def read_time(text: str) -> datetime | None:
    """The time in UTC, of ISO 8601 or a mail's date; one without a zone is meant as UTC. None: it is neither."""
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError, AttributeError):
            continue
    return None
