"""When a feed is polled next. All functions are pure: they take a feed and what happened, and return the new feed.

A feed is polled hourly at most, less often if nothing changes, and no sooner than its publisher asks. Failures are
retried for ever, at growing intervals; only 410 is final.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.feed import Feed, FeedState

#: The shortest and longest time between two successful polls.
MIN_INTERVAL = timedelta(hours=1)
MAX_INTERVAL = timedelta(days=1)
#: The longest wait that a publisher gets who asks for one.
MAX_RETRY_AFTER = timedelta(days=7)
#: The longest time between two polls of a failing feed.
MAX_BACKOFF = timedelta(days=30)
#: An unknown article that is dated longer than this before the last reading is no news: the feed has changed its ids.
MAX_ARTICLE_AGE = timedelta(days=14)
#: A feed that has answered “unchanged” for this long is asked for all of it: some servers say so whatever has changed.
MAX_UNCHANGED_PERIOD = timedelta(days=14)

#: How long ago a feed that is being stored was parsed, at most.
_AHEAD_MARGIN = timedelta(minutes=2)
#: Polls are delayed by up to this share of their interval, so that feeds that were added together drift apart.
_MAX_JITTER = 0.1
_SHRINK_FACTOR = 0.5
_GROWTH_FACTOR = 1.25


def adapt_interval(interval: timedelta, new_count: int) -> timedelta:
    """Return the interval after a poll: shorter if it brought new articles, else longer."""
    return _clamp_interval(interval * (_SHRINK_FACTOR if new_count else _GROWTH_FACTOR))


def get_backoff_interval(failures: int) -> timedelta:
    """Return the wait after a number of failures in a row: it doubles up to a day, then grows by a day each time."""
    doublings = 5
    if failures <= doublings:
        return MIN_INTERVAL * (1 << max(failures, 1) - 1)
    return min(timedelta(days=failures - doublings), MAX_BACKOFF)


def record_success(feed: Feed, now: datetime, jitter: float, *, new_count: int, cache_lifetime: timedelta) -> Feed:
    """Return the feed after its publisher answered.

    Args:
        feed: the feed before, or with the changes that the answer brought.
        now: the time of the answer.
        jitter: a random number from 0 to 1.
        new_count: how many articles were new.
        cache_lifetime: how long the publisher says that the answer stays fresh; respected up to a day.
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
    """Return the feed after a failed poll; ``retry_at`` is when its publisher wants to be asked again."""
    failures = feed.failures + 1
    wait = max(get_backoff_interval(failures), feed.interval) * (1 + _MAX_JITTER * jitter)
    poll_at = _respect_retry_at(now + wait, retry_at, now)
    # Behind the others of its host: a feed that is always refused must not keep them from being polled.
    queue_penalty = MIN_INTERVAL * _MAX_JITTER if retry_at else timedelta(0)
    return replace(feed, failures=failures, reason=reason, next_poll_at=poll_at + queue_penalty)


def postpone_poll(feed: Feed, until: datetime, now: datetime, jitter: float) -> Feed:
    """Return the feed if its host must be left alone until then. That is no failure of the feed."""
    return replace(feed, next_poll_at=_respect_retry_at(now, until, now) + MIN_INTERVAL * _MAX_JITTER * jitter)


def reschedule_after_clock_change(feed: Feed, now: datetime) -> Feed:
    """Return the feed after the clock was put back: its next poll is no later than if it were scheduled now.

    A longer wait that its publisher asked for is forgotten.
    """
    wait = max(get_backoff_interval(feed.failures), feed.interval) if feed.failures else feed.interval
    return replace(feed, next_poll_at=min(feed.next_poll_at, now + wait))


def mark_gone(feed: Feed, reason: str) -> Feed:
    """Return the feed after its publisher took it down for good: it is not polled again unless a person resumes it."""
    return replace(feed, state=FeedState.GONE, reason=reason, failures=0, is_reported=False)


def resume(feed: Feed, now: datetime) -> Feed:
    """Return the feed active again, without failures, due now, and asked for all that it has."""
    return replace(
        feed,
        state=FeedState.ACTIVE,
        failures=0,
        reason="",
        is_reported=False,
        next_poll_at=now,
        etag="",
        last_modified="",
    )


def limit_retry_time(retry_at: datetime, now: datetime) -> datetime:
    """Return until when to leave a host alone that asks for it, at most for ``MAX_RETRY_AFTER``."""
    return min(retry_at, now + MAX_RETRY_AFTER)


def can_request_conditionally(feed: Feed, now: datetime) -> bool:
    """Return whether the publisher may answer “unchanged”.

    Not if it has said nothing else for weeks, or if somebody who gets its articles has not read them yet.
    """
    read_times = [feed.read_at] * feed.serves_desk + [feed.followed_read_at] * feed.is_followed
    return bool(read_times) and all(at is not None and now - at < MAX_UNCHANGED_PERIOD for at in read_times)


def get_new_article_cutoff(feed: Feed) -> datetime | None:
    """Return the date from which on an unknown article is new; None on the first reading, when every article is old.

    An unknown article that is much older than the last reading is no news either: the feed has probably changed its ids.
    """
    return feed.read_at - MAX_ARTICLE_AGE if feed.read_at else None


def may_predate_restore(
    published_at: datetime, now: datetime, *, is_dated: bool, read_at: datetime | None, restored_at: datetime | None
) -> bool:
    """Return whether an unknown article may have been known before a backup was restored, and so is no news.

    That is so if it was published before the restore. If nobody says when it was, it depends on whether its feed, which was
    last read at ``read_at``, has been read since. A date ahead of the clock, which is read as now, says nothing either.
    """
    if restored_at is None:
        return False
    if is_dated and published_at < now - _AHEAD_MARGIN:
        return published_at < restored_at
    return read_at is None or read_at < restored_at


def _respect_retry_at(poll_at: datetime, retry_at: datetime | None, now: datetime) -> datetime:
    return max(poll_at, limit_retry_time(retry_at, now)) if retry_at else poll_at


def _clamp_interval(interval: timedelta) -> timedelta:
    return max(MIN_INTERVAL, min(interval, MAX_INTERVAL))
