"""When a feed is polled next. Pure: what happened and a random share in, the feed as it then stands out.

Polite first: never more often than hourly, less often where nothing changes, and no sooner than the publisher asks.
What fails is tried again for ever, ever more slowly; only 410 is final.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.feed import Feed, FeedState

#: The least and the most time between two polls that succeed.
FLOOR = timedelta(hours=1)
CEILING = timedelta(days=1)
#: A publisher who asks for more patience than this gets this much.
PATIENCE = timedelta(days=7)
#: The most time between two polls of a feed that fails.
SLOWEST = timedelta(days=30)
#: An article that is not known and is dated this long before the feed was last read is no news: the feed has new ids.
LATE = timedelta(days=14)
#: A feed that has answered “unchanged” for so long is asked for all that it has: some servers say so whatever has changed.
UNCHANGED_FOR = timedelta(days=14)

#: Polls are spread by up to this share of their interval, so that feeds added together do not stay together.
_SPREAD = 0.1
_SHORTER = 0.5
_LONGER = 1.25


def adapted(interval: timedelta, arrived: int) -> timedelta:
    """The interval after a poll that brought so many new articles: shorter for some, longer for none."""
    return _within(interval * (_SHORTER if arrived else _LONGER))


def back_off(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: doubling up to a day, then a day longer each time."""
    doublings = 5
    if failures <= doublings:
        return FLOOR * (1 << max(failures, 1) - 1)
    return min(timedelta(days=failures - doublings), SLOWEST)


def after_success(feed: Feed, now: datetime, share: float, *, arrived: int, wish: timedelta) -> Feed:
    """The feed after its publisher answered.

    Args:
        feed: as it stood before, or with what the answer changes in it already.
        now: the time of the answer.
        share: a random number from 0 to 1.
        arrived: how many articles were new.
        wish: how long the publisher says that the answer stays good; respected up to a day.
    """
    interval = adapted(feed.interval, arrived)
    wait = max(interval, min(wish, CEILING))
    return replace(
        feed,
        interval=interval,
        next_poll=now + wait * (1 + _SPREAD * share),
        failures=0,
        reason="",
        named=False,
        succeeded_at=now,
    )


def after_failure(feed: Feed, now: datetime, share: float, *, reason: str, retry_at: datetime | None = None) -> Feed:
    """The feed after a poll that failed; ``retry_at`` is when its publisher asks to be asked again."""
    failures = feed.failures + 1
    wait = max(back_off(failures), feed.interval) * (1 + _SPREAD * share)
    when = _no_sooner(now + wait, retry_at, now)
    # Behind the others of its host: a feed that is always refused must not be all that is ever asked for.
    behind = FLOOR * _SPREAD if retry_at else timedelta(0)
    return replace(feed, failures=failures, reason=reason, next_poll=when + behind)


def put_off(feed: Feed, until: datetime, now: datetime, share: float) -> Feed:
    """The feed when its host is to be left alone until then; that is no failure of the feed."""
    return replace(feed, next_poll=_no_sooner(now, until, now) + FLOOR * _SPREAD * share)


def after_jump(feed: Feed, now: datetime) -> Feed:
    """Return the feed after the clock was put back: its next poll is no later than one that is timed now by the rules above.

    What its publisher asked for beyond that is not known any more.
    """
    wait = max(back_off(feed.failures), feed.interval) if feed.failures else feed.interval
    return replace(feed, next_poll=min(feed.next_poll, now + wait))


def after_the_end(feed: Feed, reason: str) -> Feed:
    """The feed when its publisher has taken it down for good: nothing polls it again unless a person says so."""
    return replace(feed, state=FeedState.GONE, reason=reason, failures=0, named=False)


def resumed(feed: Feed, now: datetime) -> Feed:
    """The feed polled again, from now on, with a clean record."""
    return replace(feed, state=FeedState.ACTIVE, failures=0, reason="", named=False, next_poll=now)


def patience(until: datetime, now: datetime) -> datetime:
    """Until when a host is left alone that asks for it; not longer than we have patience."""
    return min(until, now + PATIENCE)


def asks_conditionally(feed: Feed, now: datetime) -> bool:
    """Return whether the publisher may answer “unchanged”: not if that is all that it has said for weeks."""
    return feed.read_at is not None and now - feed.read_at < UNCHANGED_FOR


def fresh_since(feed: Feed) -> datetime | None:
    """From which date on an article that is not known is new; None on the first reading, when all are old."""
    return feed.read_at - LATE if feed.read_at else None


def _no_sooner(when: datetime, asked: datetime | None, now: datetime) -> datetime:
    return max(when, patience(asked, now)) if asked else when


def _within(interval: timedelta) -> timedelta:
    return max(FLOOR, min(interval, CEILING))
