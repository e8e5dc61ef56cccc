"""When a feed is polled next: polite whatever its publisher says and however it has gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model.feed import BROKEN_AFTER_FAILURES, Feed, FeedState
from bot.model.poll_schedule import (
    MAX_BACKOFF,
    MAX_INTERVAL,
    MAX_RETRY_AFTER,
    MIN_INTERVAL,
    adapt_interval,
    get_backoff_interval,
    postpone_poll,
    record_failure,
    record_success,
    resume,
)
from tests.store.material import START

SPANS = st.timedeltas(timedelta(0), timedelta(days=4_000))
SHARES = st.floats(0, 1)


def feed(interval: timedelta = MIN_INTERVAL, failures: int = 0, state: FeedState = FeedState.ACTIVE) -> Feed:
    return Feed(1, "https://a.example/", "a.example", START, interval, START, failures=failures, state=state)


@given(st.timedeltas(MIN_INTERVAL, MAX_INTERVAL), SHARES, st.integers(0, 50), SPANS)
def test_a_working_feed_is_polled_hourly_to_daily(
    interval: timedelta, share: float, arrived: int, wish: timedelta
) -> None:
    """Whatever it wishes: a feed that says that it stays good for ten years is a mistake."""
    stands = record_success(feed(interval), START, share, new_count=arrived, cache_lifetime=wish)
    wait = stands.next_poll_at - START
    assert MIN_INTERVAL <= wait <= MAX_INTERVAL * 1.1
    assert wait >= min(wish, MAX_INTERVAL)
    assert MIN_INTERVAL <= stands.interval <= MAX_INTERVAL


@given(st.timedeltas(MIN_INTERVAL, MAX_INTERVAL))
def test_news_shortens_and_silence_lengthens(interval: timedelta) -> None:
    assert adapt_interval(interval, 1) <= interval <= adapt_interval(interval, 0)
    assert adapt_interval(interval, 1) < interval or interval == MIN_INTERVAL
    assert adapt_interval(interval, 0) > interval or interval == MAX_INTERVAL


@given(st.timedeltas(MIN_INTERVAL, MAX_INTERVAL), st.integers(0, 1_000), SHARES, st.none() | SPANS)
def test_a_feed_that_fails_waits_as_asked_and_never_for_ever(
    interval: timedelta, failures: int, share: float, request: timedelta | None
) -> None:
    retry_at = None if request is None else START + request
    stands = record_failure(feed(interval, failures), START, share, reason="It fails.", retry_at=retry_at)
    wait = stands.next_poll_at - START
    assert get_backoff_interval(failures + 1) <= wait <= MAX_BACKOFF * 1.1 + MIN_INTERVAL
    assert wait >= min(request or timedelta(0), MAX_RETRY_AFTER)
    assert (stands.failures, stands.reason) == (failures + 1, "It fails.")


@given(st.integers(1, 10_000))
def test_each_failure_makes_it_wait_at_least_as_long_as_the_last(failures: int) -> None:
    assert MIN_INTERVAL <= get_backoff_interval(failures) <= get_backoff_interval(failures + 1) <= MAX_BACKOFF


@given(SHARES, st.timedeltas(timedelta(days=-1), timedelta(days=4_000)))
def test_a_host_that_is_left_alone_does_its_feeds_no_harm(share: float, until: timedelta) -> None:
    """No failure is counted, and it comes to an end."""
    stands = postpone_poll(feed(failures=2), START + until, START, share)
    assert stands.failures == 2
    assert START <= stands.next_poll_at <= START + MAX_RETRY_AFTER + MIN_INTERVAL


def test_a_feed_is_broken_after_many_failures_unless_paused() -> None:
    assert not feed(failures=BROKEN_AFTER_FAILURES - 1).is_broken
    assert feed(failures=BROKEN_AFTER_FAILURES).is_broken
    assert feed(state=FeedState.GONE).is_broken
    assert not feed(failures=BROKEN_AFTER_FAILURES, state=FeedState.PAUSED).is_broken


def test_what_is_resumed_begins_anew() -> None:
    later = datetime.max.replace(tzinfo=START.tzinfo)
    stands = resume(feed(failures=9, state=FeedState.GONE), later)
    assert (stands.state, stands.failures, stands.next_poll_at) == (FeedState.ACTIVE, 0, later)
