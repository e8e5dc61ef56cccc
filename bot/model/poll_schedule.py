"""When a feed is polled next. Pure: what happened and a random share in, the feed as it then stands out.

Polite first: never more often than hourly, less often where nothing changes, and no sooner than the publisher asks.
What fails is tried again for ever, ever more slowly; only 410 is final.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.feed import Feed, FeedState

#: The least and the most time between two polls that succeed.
MIN_INTERVAL = timedelta(hours=1)
MAX_INTERVAL = timedelta(days=1)
#: A publisher who asks for more patience than this gets this much.
MAX_RETRY_AFTER = timedelta(days=7)
#: The most time between two polls of a feed that fails.
MAX_BACKOFF = timedelta(days=30)
#: An article that is not known and is dated this long before the feed was last read is no news: the feed has new ids.
MAX_ARTICLE_AGE = timedelta(days=14)
#: A feed that has answered “unchanged” for so long is asked for all that it has: some servers say so whatever has changed.
MAX_UNCHANGED_PERIOD = timedelta(days=14)

#: Polls are spread by up to this share of their interval, so that feeds added together do not stay together.
_MAX_JITTER = 0.1
_SHRINK_FACTOR = 0.5
_GROWTH_FACTOR = 1.25


def adapt_interval(interval: timedelta, new_count: int) -> timedelta:
    """The interval after a poll that brought so many new articles: shorter for some, longer for none."""
    return _clamp_interval(interval * (_SHRINK_FACTOR if new_count else _GROWTH_FACTOR))


def get_backoff_interval(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: doubling up to a day, then a day longer each time."""
    doublings = 5
    if failures <= doublings:
        return MIN_INTERVAL * (1 << max(failures, 1) - 1)
    return min(timedelta(days=failures - doublings), MAX_BACKOFF)


def record_success(feed: Feed, now: datetime, jitter: float, *, new_count: int, cache_lifetime: timedelta) -> Feed:
    """The feed after its publisher answered.

    Args:
        feed: as it stood before, or with what the answer changes in it already.
        now: the time of the answer.
        jitter: a random number from 0 to 1.
        new_count: how many articles were new.
        cache_lifetime: how long the publisher says that the answer stays good; respected up to a day.
    """
    interval = adapt_interval(feed.interval, new_count)
    wait = max(interval, min(cache_lifetime, MAX_INTERVAL))
    return replace(
        feed,
        interval=interval,
        next_poll_at=now + wait * (1 + _MAX_JITTER * jitter),
        failures=0,
        reason="",
        is_reported=False,
        succeeded_at=now,
    )


def record_failure(feed: Feed, now: datetime, jitter: float, *, reason: str, retry_at: datetime | None = None) -> Feed:
    """The feed after a poll that failed; ``retry_at`` is when its publisher asks to be asked again."""
    failures = feed.failures + 1
    wait = max(get_backoff_interval(failures), feed.interval) * (1 + _MAX_JITTER * jitter)
    poll_at = _respect_retry_at(now + wait, retry_at, now)
    # Behind the others of its host: a feed that is always refused must not be all that is ever asked for.
    queue_penalty = MIN_INTERVAL * _MAX_JITTER if retry_at else timedelta(0)
    return replace(feed, failures=failures, reason=reason, next_poll_at=poll_at + queue_penalty)


def postpone_poll(feed: Feed, until: datetime, now: datetime, jitter: float) -> Feed:
    """The feed when its host is to be left alone until then; that is no failure of the feed."""
    return replace(feed, next_poll_at=_respect_retry_at(now, until, now) + MIN_INTERVAL * _MAX_JITTER * jitter)


def reschedule_after_clock_change(feed: Feed, now: datetime) -> Feed:
    """Return the feed after the clock was put back: its next poll is no later than one that is timed now by the rules above.

    What its publisher asked for beyond that is not known any more.
    """
    wait = max(get_backoff_interval(feed.failures), feed.interval) if feed.failures else feed.interval
    return replace(feed, next_poll_at=min(feed.next_poll_at, now + wait))


def mark_gone(feed: Feed, reason: str) -> Feed:
    """The feed when its publisher has taken it down for good: nothing polls it again unless a person says so."""
    return replace(feed, state=FeedState.GONE, reason=reason, failures=0, is_reported=False)


def resume(feed: Feed, now: datetime) -> Feed:
    """The feed polled again, from now on, with a clean record."""
    return replace(feed, state=FeedState.ACTIVE, failures=0, reason="", is_reported=False, next_poll_at=now)


def limit_retry_time(retry_at: datetime, now: datetime) -> datetime:
    """Until when a host is left alone that asks for it; not longer than we have patience."""
    return min(retry_at, now + MAX_RETRY_AFTER)


def can_request_conditionally(feed: Feed, now: datetime) -> bool:
    """Return whether the publisher may answer “unchanged”: not if that is all that it has said for weeks."""
    return feed.read_at is not None and now - feed.read_at < MAX_UNCHANGED_PERIOD


def get_new_article_cutoff(feed: Feed) -> datetime | None:
    """From which date on an article that is not known is new; None on the first reading, when all are old."""
    return feed.read_at - MAX_ARTICLE_AGE if feed.read_at else None


def _respect_retry_at(poll_at: datetime, retry_at: datetime | None, now: datetime) -> datetime:
    return max(poll_at, limit_retry_time(retry_at, now)) if retry_at else poll_at


def _clamp_interval(interval: timedelta) -> timedelta:
    return max(MIN_INTERVAL, min(interval, MAX_INTERVAL))
