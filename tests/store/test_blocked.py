"""A channel that refuses everything: what is owed to it waits, and goes on when it is mended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.port import DestinationBlocked, DestinationGone
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import FollowState
from tests.store.delivery import Delivery, lost_answer
from tests.store.material import channel, company, story
from tests.store.publishing import RecordingPublisher


def blocked() -> DestinationBlocked:
    return DestinationBlocked("give it Send Messages")


@pytest.fixture(autouse=True)
async def follow_channels(delivery: Delivery) -> None:
    """Two channels of two servers follow everything."""
    for place in (1, 2):
        await delivery.follow_channel(place, guild=place, created_by=10 + place)


def tries(publisher: RecordingPublisher, place: int) -> int:
    return [post.destination.discord_id for post in publisher.attempted_posts].count(place)


async def test_posts_for_a_blocked_channel_arrive_later_in_order(delivery: Delivery) -> None:
    """Posts for a blocked channel wait and arrive in order.

    Its follows go on, what comes in meanwhile is owed too, it is tried once, and other channels get everything.
    """
    delivery.refuse(1, blocked())
    await delivery.publish_news("first", "second")
    await delivery.send_due()
    await delivery.publish_news("third")
    await delivery.send_due()
    assert (tries(delivery.publisher, 1), delivery.publisher.headlines(1)) == (1, [])
    expected = [f"First news of {slug}" for slug in ("first", "second", "third")]
    assert delivery.publisher.headlines(2) == expected
    assert [follow.state for follow in await delivery.subscriptions.list_in_destination(1)] == [FollowState.ACTIVE]
    figures = await delivery.get_backlog()
    assert (figures.waiting_count, figures.failed_count) == (3, 0)
    delivery.clock.forward(minutes=15)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == expected
    assert delivery.publisher.searched_posts == []


async def test_the_health_of_a_blocked_channel_recovers(delivery: Delivery) -> None:
    """A blocked channel shows why and since when it waits; after a success it is healthy."""
    delivery.refuse(1, blocked())
    began = delivery.clock()
    await delivery.publish_news("first")
    await delivery.send_due()
    ill = await delivery.get_health(1)
    assert (ill.block_reason, ill.retry_at) == ("give it Send Messages", began + timedelta(minutes=15))
    assert (ill.waiting_count, ill.oldest_waiting_at, ill.sent_count, ill.last_sent_at, ill.failed_count) == (
        1,
        began,
        0,
        None,
        0,
    )
    delivery.clock.forward(minutes=15)
    await delivery.send_due()
    well = await delivery.get_health(1)
    assert (well.block_reason, well.retry_at, well.waiting_count, well.oldest_waiting_at) == ("", None, 0, None)
    assert (well.sent_count, well.last_sent_at) == (1, delivery.clock())


async def test_those_who_made_the_follows_are_told_once(delivery: Delivery) -> None:
    """Each of them once, however often it is tried; a channel that was well in between is news again."""
    await delivery.publish_news("first")
    await delivery.send_due()
    for by, target in ((11, company("Alpha")), (12, company("Beta"))):
        await delivery.subscriptions.follow(channel(1, guild=1), target, created_by=by)
    delivery.refuse(1, blocked(), blocked(), blocked())
    await delivery.publish_news("second")
    for _ in range(3):
        await delivery.send_due()
        delivery.clock.forward(hours=6)
    ((where, makers, reason),) = delivery.publisher.warnings
    assert (where, sorted(makers), reason) == (1, [11, 12], "give it Send Messages")
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first", "First news of second"]
    delivery.refuse(1, blocked())
    await delivery.publish_news("third")
    await delivery.send_due()
    assert [where for where, _, _ in delivery.publisher.warnings] == [1, 1]


async def test_a_blocked_channel_is_tried_ever_more_seldom(delivery: Delivery) -> None:
    """After 15 minutes, then twice as long each time, up to six hours; not a moment before."""
    delivery.refuse(1, *(blocked() for _ in range(9)))
    await delivery.publish_news("first")
    waits = []
    for number in range(1, 10):
        await delivery.send_due()
        assert tries(delivery.publisher, 1) == number
        retry_at = (await delivery.get_health(1)).retry_at
        assert retry_at is not None
        waits.append((retry_at - delivery.clock()).total_seconds() / 60)
        delivery.clock.now = retry_at - timedelta(microseconds=1)
        assert not await delivery.is_due()
        delivery.clock.now = retry_at
    assert waits == [15, 30, 60, 120, 240, 360, 360, 360, 360]


@pytest.mark.parametrize("how", ["its server", "the channel", "a follow made there", "a new start"])
async def test_a_blocked_channel_that_may_be_mended_is_tried_at_once(how: str, delivery: Delivery) -> None:
    """Whoever changes its permissions, or asks, need not wait; what is told of another changes nothing."""
    subscriptions = Subscriptions(delivery.store, delivery.clock, on_enqueue=delivery.bell.set)
    delivery.refuse(1, blocked())
    await delivery.publish_news("first", "second")
    await delivery.send_due()
    await subscriptions.retry_blocked(guild_id=2)
    await subscriptions.retry_blocked(discord_id=2)
    assert not await delivery.is_due()
    delivery.bell.clear()
    if how == "its server":
        await subscriptions.retry_blocked(guild_id=1)
    elif how == "the channel":
        await subscriptions.retry_blocked(discord_id=1)
    elif how == "a follow made there":
        await subscriptions.follow(channel(1, guild=1), story("first"), created_by=5)
    else:
        assert await delivery.recover() == 0
        delivery.bell.set()
    assert delivery.bell.is_set()
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first", "First news of second"]
    assert (await delivery.get_health(1)).block_reason == ""


async def test_a_channel_that_is_blocked_again_at_once_is_no_news(
    delivery: Delivery, delivery_monitor: DeliveryMonitor
) -> None:
    """A permission was changed, and it was not the right one."""
    delivery.refuse(1, blocked(), DestinationBlocked("give it View Channel"))
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.subscriptions.retry_blocked(guild_id=1)
    await delivery.send_due()
    assert (tries(delivery.publisher, 1), len(delivery.publisher.warnings)) == (2, 1)
    assert (await delivery_monitor.get_health(await delivery.subscriptions.list_in_destination(1)))[
        1
    ].block_reason == "give it View Channel"


async def test_a_doubtful_post_is_searched_for_after_a_block(delivery: Delivery) -> None:
    """A post that was in doubt before its channel was blocked is searched for afterwards.

    The refusal of its second try says nothing of the first.
    """
    delivery.refuse(1, lost_answer(), blocked())
    await delivery.publish_news("first")
    for _ in range(3):
        await delivery.send_due()
        delivery.clock.forward(hours=1)
    assert [post.in_doubt for post in delivery.publisher.attempted_posts if post.destination.discord_id == 1] == [
        False,
        True,
        True,
    ]
    assert len(delivery.publisher.searched_posts) == 2
    assert delivery.publisher.headlines(1) == ["First news of first"]


async def test_a_correction_that_is_refused_waits_for_its_channel_too(delivery: Delivery) -> None:
    """Nothing else waits there: the edit that is let through at last shows that the channel is well."""
    await delivery.publish_news("first")
    await delivery.send_due()
    delivery.publisher.refuse_edits(1, blocked(), blocked())
    await delivery.correct("first", "Better")
    await delivery.send_due()
    assert not await delivery.is_due()
    assert ((await delivery.get_health(1)).block_reason, len(delivery.publisher.warnings)) == (
        "give it Send Messages",
        1,
    )
    for minutes in (15, 30):
        delivery.clock.forward(minutes=minutes)
        await delivery.send_due()
    assert (await delivery.get_backlog()).correction_count == 0
    assert list(delivery.publisher.message_headlines.values()) == [["Better"]] * 2
    assert ((await delivery.get_health(1)).block_reason, len(delivery.publisher.warnings)) == ("", 1)


async def test_a_successful_edit_does_not_unblock_a_channel(delivery: Delivery) -> None:
    """An edit that Discord accepts does not unblock a channel that can't post in.

    An edit needs fewer permissions: those who were told are not told again.
    """
    await delivery.publish_news("first")
    await delivery.send_due()
    delivery.refuse(1, blocked(), blocked(), blocked())
    await delivery.publish_news("second")
    for number in range(3):
        await delivery.correct("first", f"Better {number}")
        await delivery.send_due()
        delivery.clock.forward(hours=6)
    assert ((await delivery.get_health(1)).block_reason, len(delivery.publisher.warnings)) == (
        "give it Send Messages",
        1,
    )


async def test_a_channel_that_is_gone_is_closed_for_good(delivery: Delivery) -> None:
    """All its posts and corrections, with the reason; its follows stop, those who made them are told, others go on."""
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.publish_news("second", "third")
    delivery.refuse(1, DestinationGone("the channel no longer exists"))
    delivery.publisher.refuse_edits(1, lost_answer())
    await delivery.correct("first", "Better")
    await delivery.send_due()
    delivery.clock.forward(hours=6)
    await delivery.send_due()
    await delivery.publish_news("fourth")
    await delivery.send_due()
    assert (tries(delivery.publisher, 1), tries(delivery.publisher, 2)) == (2, 4)
    figures = await delivery.get_backlog()
    assert (figures.waiting_count, figures.correction_count, figures.failed_count) == (0, 0, 2)
    assert [(f.state, f.reason) for f in await delivery.subscriptions.list_in_destination(1)] == [
        (FollowState.STOPPED, "the channel no longer exists")
    ]
    assert delivery.publisher.warnings == [(1, (11,), "the channel no longer exists")]
    there = await delivery.get_health(1)
    assert (there.sent_count, there.failed_count, there.last_failure_reason) == (1, 2, "the channel no longer exists")
