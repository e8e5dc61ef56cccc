"""What the metrics say of the store: the outcomes of attempts, counted once each, and the figures of what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import CannotSearch, DeliveryError, DestinationBlocked, DestinationGone, Undeliverable
from bot.recorder import DeliveryOutcome
from bot.store.statistics import FeedHealth, StoreStatistics
from bot.web.counts import Counts
from tests.store.delivery import Delivery, lost_answer, not_taken


@pytest.fixture
def counts() -> Counts:
    return Counts()


@pytest.fixture
def counted(delivery: Delivery, counts: Counts) -> Delivery:
    """Return the scene of delivery with a dispatcher that counts."""
    dispatcher = Dispatcher(delivery.store, delivery.publisher, delivery.clock, delivery.bell, recorder=counts)
    return replace(delivery, dispatcher=dispatcher)


def list_counted(counts: Counts) -> dict[str, int]:
    return {outcome.value: count for outcome, count in counts.deliveries.items() if count}


async def get_statistics(delivery: Delivery) -> StoreStatistics:
    async with delivery.store.read() as tx:
        return await tx.statistics.read()


async def test_sent_and_edited_posts_are_counted(counted: Delivery, counts: Counts) -> None:
    await counted.follow_channel(1)
    await counted.follow_channel(2)
    await counted.publish_news("first")
    await counted.send_due()
    await counted.correct("first", "Corrected news")
    await counted.send_due()
    assert list_counted(counts) == {"sent": 2, "edited": 2}


@pytest.mark.parametrize(
    ("make_error", "expected"),
    [
        (not_taken, {"retried": 1, "sent": 1}),
        (lost_answer, {"retried": 1, "sent": 1}),
        (lambda: Undeliverable("refused"), {"failed": 1}),
        (lambda: DestinationBlocked("a permission is missing"), {"blocked": 1, "sent": 1}),
        (lambda: DestinationGone("the channel was deleted"), {"gone": 1}),
    ],
    ids=["put back", "in doubt", "failed", "blocked", "gone"],
)
async def test_each_refusal_is_counted_once(
    make_error: Callable[[], DeliveryError], expected: dict[str, int], counted: Delivery, counts: Counts
) -> None:
    await counted.follow_channel(1)
    counted.refuse(1, make_error())
    await counted.publish_news("first")
    await counted.send_due()
    counted.clock.now += timedelta(hours=7)
    await counted.send_due()
    assert list_counted(counts) == expected


@pytest.mark.parametrize(
    ("has_arrived", "search_error", "expected"),
    [
        (True, None, {"retried": 1, "found": 1}),
        (False, None, {"retried": 1, "sent": 1}),
        (True, CannotSearch("no history"), {"retried": 1, "unsearchable": 1}),
        (False, CannotSearch("no history"), {"retried": 1, "unsearchable": 1}),
    ],
)
async def test_a_doubtful_post_is_counted_once(
    *,
    has_arrived: bool,
    search_error: Exception | None,
    expected: dict[str, int],
    counted: Delivery,
    counts: Counts,
) -> None:
    """As found only if the search has found it, and as sent without a search only once it is sent."""
    await counted.follow_channel(1)
    counted.publisher.accepts_refused_posts = has_arrived
    counted.publisher.search_error = search_error
    counted.refuse(1, lost_answer())
    await counted.publish_news("first")
    await counted.send_due()
    counted.clock.now += timedelta(hours=1)
    await counted.send_due()
    assert len(counted.publisher.sent_to(1)) == 1
    assert list_counted(counts) == expected


async def test_what_waits_is_in_the_statistics(counted: Delivery) -> None:
    """The oldest open post is as old as the first of those that still wait."""
    empty = await get_statistics(counted)
    assert (empty.open_post_count, empty.oldest_open_post_at, empty.story_count) == (0, None, 0)
    assert empty.feed_counts == dict.fromkeys(FeedHealth, 0)
    await counted.follow_channel(1)
    await counted.publish_news("first")
    first_at = counted.clock()
    counted.clock.now += timedelta(minutes=5)
    await counted.publish_news("second")
    waiting = await get_statistics(counted)
    assert (waiting.open_post_count, waiting.oldest_open_post_at) == (2, first_at)
    assert (waiting.story_count, waiting.follow_count) == (2, 1)
    await counted.send_due()
    await counted.correct("first", "Corrected news")
    after = await get_statistics(counted)
    assert (after.open_post_count, after.correction_count) == (0, 1)


def test_every_outcome_begins_with_zero(counts: Counts) -> None:
    assert set(counts.deliveries) == set(DeliveryOutcome)
    assert set(counts.deliveries.values()) == {0}
