"""A clock that was ahead and is put right stalls nothing, and repeats nothing, without a restart."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import LEASE_DURATION, Dispatcher
from bot.delivery.port import DestinationBlocked, TryAgain
from bot.delivery.retention import GUILD_RETENTION, Retention
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostType
from tests.store.delivery import Delivery
from tests.store.material import START, draft
from tests.store.publishing import RecordingPublisher

#: So far the clock is ahead for a while.
SPANS = [timedelta(minutes=40), timedelta(days=1), timedelta(days=400)]
LATER = TryAgain("Discord answered 503", in_doubt=False)

pytestmark = pytest.mark.parametrize("ahead", SPANS, ids=str)


@pytest.fixture(autouse=True)
async def follow_a_channel(delivery: Delivery) -> None:
    await delivery.follow_channel(1)


async def test_a_post_that_is_tried_again(ahead: timedelta, delivery: Delivery) -> None:
    """And the newer ones behind it."""
    delivery.clock.now += ahead
    delivery.refuse(1, LATER)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.publish(draft("second"))
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first", "First news of second"]


async def test_news_of_another_process_while_the_clock_was_ahead(ahead: timedelta, delivery: Delivery) -> None:
    """News that another process published while the clock was ahead arrives.

    The bot did not look at the clock meanwhile.
    """
    await delivery.send_due()
    delivery.clock.now += ahead
    await delivery.publish(draft("first"))
    delivery.clock.now = START + timedelta(seconds=20)
    await delivery.publish(draft("second"))
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first", "First news of second"]


@pytest.mark.parametrize("mode", [DeliveryMode.DAILY, DeliveryMode.WEEKLY])
@pytest.mark.parametrize("restarted", [False, True], ids=["the bot runs on", "the bot is restarted"])
async def test_a_digest(restarted: bool, mode: DeliveryMode, ahead: timedelta, delivery: Delivery) -> None:
    """It comes when it would have come without all that, and once."""
    await delivery.follow_channel(2, settings=FollowSettings(mode=mode))
    dispatcher = Dispatcher(delivery.store, delivery.publisher, delivery.clock, delivery.bell)
    await dispatcher.run_until_idle()
    delivery.clock.now += ahead
    await delivery.publish(draft("first"))
    delivery.clock.now = START + timedelta(minutes=1)
    if restarted:
        dispatcher = Dispatcher(delivery.store, delivery.publisher, delivery.clock, delivery.bell)
        await started(dispatcher, delivery.publisher)
    await dispatcher.run_until_idle()
    assert delivery.publisher.headlines(2) == []
    delivery.clock.now = START + (timedelta(days=1) if mode is DeliveryMode.DAILY else timedelta(days=7))
    await dispatcher.run_until_idle()
    assert delivery.publisher.headlines(2) == ["First news of first"]
    delivery.clock.now += timedelta(days=7)
    await dispatcher.run_until_idle()
    assert delivery.publisher.headlines(2) == ["First news of first"]


async def started(dispatcher: Dispatcher, publisher: RecordingPublisher) -> None:
    """Run it as a new process does, until what waits for channel 1 has been sent."""
    running = asyncio.create_task(dispatcher.run())
    async with asyncio.timeout(10):
        await publisher.arrival.wait()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_what_quiet_hours_hold(ahead: timedelta, delivery: Delivery) -> None:
    """By the wrong clock it is quiet, by the right one it is not."""
    wrong = START + ahead
    minute = wrong.hour * 60 + wrong.minute
    quiet = DeliverySettings(quiet_from=(minute - 5) % 1440, quiet_until=(minute + 5) % 1440)
    delivery.clock.now = wrong
    await delivery.settings.save(1, quiet)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == []
    delivery.clock.now = START + timedelta(minutes=10)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first"]


async def test_what_a_cap_holds(ahead: timedelta, delivery: Delivery) -> None:
    """The hour's post is used up, but not for longer than an hour."""
    await delivery.settings.save(1, DeliverySettings(cap=1))
    delivery.clock.now += ahead
    for slug in ("first", "second"):
        await delivery.publish(draft(slug))
        await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first"]
    delivery.clock.forward(minutes=61)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first", "First news of second"]


async def test_a_blocked_channel(ahead: timedelta, delivery: Delivery) -> None:
    """Tried ever more seldom, and from the right time on."""
    delivery.clock.now += ahead
    delivery.refuse(1, *[DestinationBlocked("the bot can't post there")] * 2)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    assert len(delivery.publisher.attempted_posts) == 2
    delivery.clock.forward(minutes=1)
    await delivery.send_due()
    assert len(delivery.publisher.attempted_posts) == 2
    delivery.clock.forward(minutes=15)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first"]


async def test_a_correction(ahead: timedelta, delivery: Delivery) -> None:
    told = await delivery.publish(draft("first"))
    await delivery.send_due()
    delivery.clock.now += ahead
    delivery.publisher.refuse_edits(1, LATER)
    await delivery.correct("first", "Better", key=told.new_developments[0].key)
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    assert list(delivery.publisher.message_headlines.values()) == [["Better"]]


async def test_a_publication(ahead: timedelta, delivery: Delivery) -> None:
    await delivery.subscriptions.follow(Destination(DestinationKind.ANNOUNCEMENT, 3, 1), EVERYTHING, created_by=1)
    delivery.clock.now += ahead
    delivery.publisher.publishing_refusals.append(LATER)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    assert len(delivery.publisher.published_posts) == 1


async def test_a_lease_whose_outcome_was_not_recorded(ahead: timedelta, delivery: Delivery) -> None:
    """It ends as soon as one that is given now."""
    await delivery.send_due()
    delivery.clock.now += ahead
    await delivery.publish(draft("first"))
    async with delivery.store.write() as tx:
        await tx.outbox.lease_due(delivery.clock.now, delivery.clock.now + LEASE_DURATION, 10)
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    delivery.clock.now += LEASE_DURATION
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first"]
    assert len(delivery.publisher.searched_posts) == 1


async def test_many_waiting_posts_are_folded(ahead: timedelta, delivery: Delivery) -> None:
    """What has waited for over a minute comes as one message, as it would without all that."""
    delivery.clock.now += ahead
    delivery.refuse(1, *[DestinationBlocked("the bot can't post there")] * 2)
    for number in range(8):
        await delivery.publish(draft(f"story-{number}"))
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    delivery.clock.forward(minutes=16)
    await delivery.send_due()
    assert [len(post.items) for post in delivery.publisher.sent_to(1)] == [8]


async def test_nothing_is_repeated_when_it_jumps_to_and_fro(ahead: timedelta, delivery: Delivery) -> None:
    """Digests that are made by the wrong clock are made once."""
    await delivery.follow_channel(2, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await delivery.publish(draft("first"))
    for _ in range(3):
        delivery.clock.now += ahead
        await delivery.send_due()
        delivery.clock.now = START
        await delivery.send_due()
    delivery.clock.forward(days=2)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first"]
    assert [post.post_type for post in delivery.publisher.sent_to(2)] == [PostType.DAILY]


async def test_what_is_kept_of_a_server_that_the_bot_has_left(
    ahead: timedelta, retention: Retention, delivery: Delivery
) -> None:
    """It is kept no longer than is promised."""
    await delivery.send_due()
    delivery.clock.now += ahead
    await retention.record_guild_left(1)
    await delivery.send_due()
    delivery.clock.now = START
    await delivery.send_due()
    delivery.clock.now += GUILD_RETENTION - timedelta(seconds=1)
    assert await retention.erase_expired_guilds() == 0
    delivery.clock.forward(seconds=1)
    assert await retention.erase_expired_guilds() == 1
