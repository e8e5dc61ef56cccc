"""A channel that refuses everything: what is owed to it waits, and goes on when it is mended."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.port import DestinationBlocked, DestinationGone
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import EVERYTHING, FollowState
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.looking import backlog, correct, health, is_due, lost_answer, publish, recover
from tests.store.material import HandClock, channel, company, story
from tests.store.publishing import RecordingPublisher


def blocked() -> DestinationBlocked:
    return DestinationBlocked("give it Send Messages")


@pytest.fixture(autouse=True)
async def followed(subscriptions: Subscriptions) -> None:
    """Two channels of two servers follow everything."""
    for place in (1, 2):
        await subscriptions.follow(channel(place, guild=place), EVERYTHING, created_by=10 + place)


def tries(publisher: RecordingPublisher, place: int) -> int:
    return [post.destination.discord_id for post in publisher.tried].count(place)


async def test_posts_for_a_blocked_channel_arrive_later_in_order(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Posts for a blocked channel wait and arrive in order.

    Its follows go on, what comes in meanwhile is owed too, it is tried once, and other channels get everything.
    """
    publisher.refuse(1, blocked())
    await publish(desk, "first", "second")
    await dispatcher.run_until_idle()
    await publish(desk, "third")
    await dispatcher.run_until_idle()
    assert (tries(publisher, 1), publisher.headlines(1)) == (1, [])
    expected = [f"First news of {slug}" for slug in ("first", "second", "third")]
    assert publisher.headlines(2) == expected
    assert [follow.state for follow in await subscriptions.list_in_destination(1)] == [FollowState.ACTIVE]
    figures = await backlog(store)
    assert (figures.waiting_count, figures.failed_count) == (3, 0)
    clock.forward(minutes=15)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == expected
    assert publisher.looked_for == []


async def test_the_health_of_a_blocked_channel_recovers(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A blocked channel shows why and since when it waits; after a success it is healthy."""
    publisher.refuse(1, blocked())
    began = clock()
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    ill = await health(store, 1)
    assert (ill.block_reason, ill.retry_at) == ("give it Send Messages", began + timedelta(minutes=15))
    assert (ill.waiting_count, ill.oldest_waiting_at, ill.sent_count, ill.last_sent_at, ill.failed_count) == (
        1,
        began,
        0,
        None,
        0,
    )
    clock.forward(minutes=15)
    await dispatcher.run_until_idle()
    well = await health(store, 1)
    assert (well.block_reason, well.retry_at, well.waiting_count, well.oldest_waiting_at) == ("", None, 0, None)
    assert (well.sent_count, well.last_sent_at) == (1, clock())


async def test_those_who_made_the_follows_are_told_once(
    desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Each of them once, however often it is tried; a channel that was well in between is news again."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    for by, target in ((11, company("Alpha")), (12, company("Beta"))):
        await subscriptions.follow(channel(1, guild=1), target, created_by=by)
    publisher.refuse(1, blocked(), blocked(), blocked())
    await publish(desk, "second")
    for _ in range(3):
        await dispatcher.run_until_idle()
        clock.forward(hours=6)
    ((where, makers, reason),) = publisher.warned
    assert (where, sorted(makers), reason) == (1, [11, 12], "give it Send Messages")
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first", "First news of second"]
    publisher.refuse(1, blocked())
    await publish(desk, "third")
    await dispatcher.run_until_idle()
    assert [where for where, _, _ in publisher.warned] == [1, 1]


async def test_a_blocked_channel_is_tried_ever_more_seldom(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """After 15 minutes, then twice as long each time, up to six hours; not a moment before."""
    publisher.refuse(1, *(blocked() for _ in range(9)))
    await publish(desk, "first")
    waits = []
    for number in range(1, 10):
        await dispatcher.run_until_idle()
        assert tries(publisher, 1) == number
        retry_at = (await health(store, 1)).retry_at
        assert retry_at is not None
        waits.append((retry_at - clock()).total_seconds() / 60)
        clock.now = retry_at - timedelta(microseconds=1)
        assert not await is_due(store, clock)
        clock.now = retry_at
    assert waits == [15, 30, 60, 120, 240, 360, 360, 360, 360]


@pytest.mark.parametrize("how", ["its server", "the channel", "a follow made there", "a new start"])
async def test_a_blocked_channel_that_may_be_mended_is_tried_at_once(
    how: str,
    store: Store,
    desk: Desk,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
) -> None:
    """Whoever changes its permissions, or asks, need not wait; what is told of another changes nothing."""
    subscriptions = Subscriptions(store, clock, on_enqueue=bell.set)
    publisher.refuse(1, blocked())
    await publish(desk, "first", "second")
    await dispatcher.run_until_idle()
    await subscriptions.retry_blocked(guild_id=2)
    await subscriptions.retry_blocked(discord_id=2)
    assert not await is_due(store, clock)
    bell.clear()
    if how == "its server":
        await subscriptions.retry_blocked(guild_id=1)
    elif how == "the channel":
        await subscriptions.retry_blocked(discord_id=1)
    elif how == "a follow made there":
        await subscriptions.follow(channel(1, guild=1), story("first"), created_by=5)
    else:
        assert await recover(store, clock) == 0
        bell.set()
    assert bell.is_set()
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first", "First news of second"]
    assert (await health(store, 1)).block_reason == ""


async def test_a_channel_that_is_blocked_again_at_once_is_no_news(
    desk: Desk,
    subscriptions: Subscriptions,
    delivery_monitor: DeliveryMonitor,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
) -> None:
    """A permission was changed, and it was not the right one."""
    publisher.refuse(1, blocked(), DestinationBlocked("give it View Channel"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await subscriptions.retry_blocked(guild_id=1)
    await dispatcher.run_until_idle()
    assert (tries(publisher, 1), len(publisher.warned)) == (2, 1)
    assert (await delivery_monitor.get_health(await subscriptions.list_in_destination(1)))[
        1
    ].block_reason == "give it View Channel"


async def test_a_doubtful_post_is_searched_for_after_a_block(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A post that was in doubt before its channel was blocked is searched for afterwards.

    The refusal of its second try says nothing of the first.
    """
    publisher.refuse(1, lost_answer(), blocked())
    await publish(desk, "first")
    for _ in range(3):
        await dispatcher.run_until_idle()
        clock.forward(hours=1)
    assert [post.in_doubt for post in publisher.tried if post.destination.discord_id == 1] == [False, True, True]
    assert len(publisher.looked_for) == 2
    assert publisher.headlines(1) == ["First news of first"]


async def test_a_correction_that_is_refused_waits_for_its_channel_too(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Nothing else waits there: the edit that is let through at last shows that the channel is well."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    publisher.refuse_edits(1, blocked(), blocked())
    await correct(desk, "first", "Better")
    await dispatcher.run_until_idle()
    assert not await is_due(store, clock)
    assert ((await health(store, 1)).block_reason, len(publisher.warned)) == ("give it Send Messages", 1)
    for minutes in (15, 30):
        clock.forward(minutes=minutes)
        await dispatcher.run_until_idle()
    assert (await backlog(store)).correction_count == 0
    assert list(publisher.shown.values()) == [["Better"]] * 2
    assert ((await health(store, 1)).block_reason, len(publisher.warned)) == ("", 1)


async def test_a_successful_edit_does_not_unblock_a_channel(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """An edit that Discord accepts does not unblock a channel that takes no posts.

    An edit needs fewer permissions: those who were told are not told again.
    """
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    publisher.refuse(1, blocked(), blocked(), blocked())
    await publish(desk, "second")
    for number in range(3):
        await correct(desk, "first", f"Better {number}")
        await dispatcher.run_until_idle()
        clock.forward(hours=6)
    assert ((await health(store, 1)).block_reason, len(publisher.warned)) == ("give it Send Messages", 1)


async def test_a_channel_that_is_gone_is_closed_for_good(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """All its posts and corrections, with the reason; its follows stop, those who made them are told, others go on."""
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await publish(desk, "second", "third")
    publisher.refuse(1, DestinationGone("the channel is gone"))
    publisher.refuse_edits(1, lost_answer())
    await correct(desk, "first", "Better")
    await dispatcher.run_until_idle()
    clock.forward(hours=6)
    await dispatcher.run_until_idle()
    await publish(desk, "fourth")
    await dispatcher.run_until_idle()
    assert (tries(publisher, 1), tries(publisher, 2)) == (2, 4)
    figures = await backlog(store)
    assert (figures.waiting_count, figures.correction_count, figures.failed_count) == (0, 0, 2)
    assert [(f.state, f.reason) for f in await subscriptions.list_in_destination(1)] == [
        (FollowState.STOPPED, "the channel is gone")
    ]
    assert publisher.warned == [(1, (11,), "the channel is gone")]
    there = await health(store, 1)
    assert (there.sent_count, there.failed_count, there.last_failure_reason) == (1, 2, "the channel is gone")
