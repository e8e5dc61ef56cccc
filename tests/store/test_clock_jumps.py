"""A clock that was ahead and is put right stalls nothing, and repeats nothing, without a restart."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import pytest

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import LEASE_DURATION, Dispatcher
from bot.delivery.port import DestinationBlocked, TryAgain
from bot.delivery.retention import GUILD_RETENTION, Retention
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostType
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.material import START, HandClock, channel, draft
from tests.store.publishing import RecordingPublisher

#: So far the clock is ahead for a while.
SPANS = [timedelta(minutes=40), timedelta(days=1), timedelta(days=400)]
LATER = TryAgain("Discord answered 503", in_doubt=False)

pytestmark = pytest.mark.parametrize("ahead", SPANS, ids=str)


@pytest.fixture(autouse=True)
async def followed(subscriptions: Subscriptions) -> None:
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)


async def test_a_post_that_is_tried_again(
    ahead: timedelta, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """And the newer ones behind it."""
    clock.now += ahead
    publisher.refuse(1, LATER)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    clock.now = START
    await desk.publish(draft("second"), actor="test")
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first", "First news of second"]


async def test_news_of_another_process_while_the_clock_was_ahead(
    ahead: timedelta, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """News that another process published while the clock was ahead arrives.

    The bot did not look at the clock meanwhile.
    """
    await dispatcher.run_until_idle()
    clock.now += ahead
    await desk.publish(draft("first"), actor="test")
    clock.now = START + timedelta(seconds=20)
    await desk.publish(draft("second"), actor="test")
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first", "First news of second"]


@pytest.mark.parametrize("mode", [DeliveryMode.DAILY, DeliveryMode.WEEKLY])
@pytest.mark.parametrize("restarted", [False, True], ids=["the bot runs on", "the bot is restarted"])
async def test_a_digest(
    restarted: bool,
    mode: DeliveryMode,
    ahead: timedelta,
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
) -> None:
    """It comes when it would have come without all that, and once."""
    await subscriptions.follow(channel(2), EVERYTHING, created_by=1, settings=FollowSettings(mode=mode))
    dispatcher = Dispatcher(store, publisher, clock, bell)
    await dispatcher.run_until_idle()
    clock.now += ahead
    await desk.publish(draft("first"), actor="test")
    clock.now = START + timedelta(minutes=1)
    if restarted:
        dispatcher = Dispatcher(store, publisher, clock, bell)
        await started(dispatcher, publisher)
    await dispatcher.run_until_idle()
    assert publisher.headlines(2) == []
    clock.now = START + (timedelta(days=1) if mode is DeliveryMode.DAILY else timedelta(days=7))
    await dispatcher.run_until_idle()
    assert publisher.headlines(2) == ["First news of first"]
    clock.now += timedelta(days=7)
    await dispatcher.run_until_idle()
    assert publisher.headlines(2) == ["First news of first"]


async def started(dispatcher: Dispatcher, publisher: RecordingPublisher) -> None:
    """Run it as a new process does, until what waits for channel 1 has been sent."""
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(10):
        await publisher.arrived.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_what_quiet_hours_hold(
    ahead: timedelta,
    desk: Desk,
    delivery_settings: DeliverySettingsService,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """By the wrong clock it is quiet, by the right one it is not."""
    wrong = START + ahead
    minute = wrong.hour * 60 + wrong.minute
    quiet = DeliverySettings(quiet_from=(minute - 5) % 1440, quiet_until=(minute + 5) % 1440)
    clock.now = wrong
    await delivery_settings.save(1, quiet)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == []
    clock.now = START + timedelta(minutes=10)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first"]


async def test_what_a_cap_holds(
    ahead: timedelta,
    desk: Desk,
    delivery_settings: DeliverySettingsService,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """The hour's post is used up, but not for longer than an hour."""
    await delivery_settings.save(1, DeliverySettings(cap=1))
    clock.now += ahead
    for slug in ("first", "second"):
        await desk.publish(draft(slug), actor="test")
        await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first"]
    clock.forward(minutes=61)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first", "First news of second"]


async def test_a_blocked_channel(
    ahead: timedelta, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Tried ever more seldom, and from the right time on."""
    clock.now += ahead
    publisher.refuse(1, *[DestinationBlocked("the bot may not post there")] * 2)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    assert len(publisher.tried) == 2
    clock.forward(minutes=1)
    await dispatcher.run_until_idle()
    assert len(publisher.tried) == 2
    clock.forward(minutes=15)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first"]


async def test_a_correction(
    ahead: timedelta, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    told = await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    clock.now += ahead
    publisher.refuse_edits(1, LATER)
    await desk.correct("first", told.new_developments[0].key, {"headline": "Better"}, actor="test")
    await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    assert list(publisher.shown.values()) == [["Better"]]


async def test_a_publication(
    ahead: timedelta,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    await subscriptions.follow(Destination(DestinationKind.ANNOUNCEMENT, 3, 1), EVERYTHING, created_by=1)
    clock.now += ahead
    publisher.refused_publishing.append(LATER)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    assert len(publisher.published) == 1


async def test_a_lease_whose_outcome_was_not_recorded(
    ahead: timedelta,
    store: Store,
    desk: Desk,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """It ends as soon as one that is given now."""
    await dispatcher.run_until_idle()
    clock.now += ahead
    await desk.publish(draft("first"), actor="test")
    async with store.write() as tx:
        await tx.outbox.lease_due(clock.now, clock.now + LEASE_DURATION, 10)
    await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    clock.now += LEASE_DURATION
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first"]
    assert len(publisher.looked_for) == 1


async def test_many_waiting_posts_are_folded(
    ahead: timedelta, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """What has waited for over a minute comes as one message, as it would without all that."""
    clock.now += ahead
    publisher.refuse(1, *[DestinationBlocked("the bot may not post there")] * 2)
    for number in range(8):
        await desk.publish(draft(f"story-{number}"), actor="test")
    await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    clock.forward(minutes=16)
    await dispatcher.run_until_idle()
    assert [len(post.items) for post in publisher.sent_to(1)] == [8]


async def test_nothing_is_repeated_when_it_jumps_to_and_fro(
    ahead: timedelta,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Digests that are made by the wrong clock are made once."""
    await subscriptions.follow(channel(2), EVERYTHING, created_by=1, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await desk.publish(draft("first"), actor="test")
    for _ in range(3):
        clock.now += ahead
        await dispatcher.run_until_idle()
        clock.now = START
        await dispatcher.run_until_idle()
    clock.forward(days=2)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first"]
    assert [post.post_type for post in publisher.sent_to(2)] == [PostType.DAILY]


async def test_what_is_kept_of_a_server_that_the_bot_has_left(
    ahead: timedelta, retention: Retention, dispatcher: Dispatcher, clock: HandClock
) -> None:
    """It is kept no longer than is promised."""
    await dispatcher.run_until_idle()
    clock.now += ahead
    await retention.record_guild_left(1)
    await dispatcher.run_until_idle()
    clock.now = START
    await dispatcher.run_until_idle()
    clock.now += GUILD_RETENTION - timedelta(seconds=1)
    assert await retention.erase_expired_guilds() == 0
    clock.forward(seconds=1)
    assert await retention.erase_expired_guilds() == 1
