"""Why a development was posted to a channel, or was not: each rule."""

from __future__ import annotations

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.port import DestinationBlocked, Undeliverable
from bot.delivery.retention import Retention
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_report import DeliveryReason, DeliveryReport
from bot.model.follow import EVERYTHING
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.looking import health, publish
from tests.store.material import START, HandClock, channel, company, draft, more, news
from tests.store.material import story as story_target
from tests.store.publishing import RecordingPublisher


async def list_reports(store: Store, channel_id: int = 1, slug: str = "first") -> list[DeliveryReport]:
    """What became of each development of a story in a channel."""
    async with store.read() as tx:
        story = await tx.stories.find(slug)
    assert story is not None
    return list(await DeliveryMonitor(store).get_reports(story, channel_id))


async def get_report(store: Store, channel_id: int = 1) -> DeliveryReport:
    """What became of a story's only development."""
    (report,) = await list_reports(store, channel_id)
    return report


async def test_what_was_posted_gives_its_message_and_time(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Though its follow has ended since."""
    made, _ = await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    await publish(desk, "first")
    clock.forward(minutes=2)
    await dispatcher.run_until_idle()
    await subscriptions.unfollow(made)
    report = await get_report(store)
    assert (report.reason_code, report.at, report.detail) == (DeliveryReason.POSTED, clock(), "")
    assert report.message_id == publisher.stands[publisher.sent[0].key]
    assert report.development.headline == "First news of first"


async def test_what_waits_says_for_what(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """Before it was tried there is nothing to say."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    publisher.refuse(1, DestinationBlocked("give it Send Messages"))
    await publish(desk, "first")
    assert ((await get_report(store)).reason_code, (await get_report(store)).detail) == (
        DeliveryReason.WAITING,
        "",
    )
    await dispatcher.run_until_idle()
    report = await get_report(store)
    assert (report.reason_code, report.message_id, report.detail) == (
        DeliveryReason.WAITING,
        0,
        "give it Send Messages",
    )


async def test_what_failed_says_why(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """Discord refused it, or it was withdrawn."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    publisher.refuse(1, Undeliverable("Discord refuses this message"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    report = await get_report(store)
    assert (report.reason_code, report.detail, report.at) == (
        DeliveryReason.FAILED,
        "Discord refuses this message",
        START,
    )
    await publish(desk, "second")
    await desk.retract("second", "told", "It was not so", actor="test")
    (report,) = await list_reports(store, slug="second")
    assert (report.reason_code, report.detail) == (DeliveryReason.FAILED, "it was retracted before it was posted")
    assert (await health(store, 1)).last_failure_reason == "it was retracted before it was posted"


async def test_what_nothing_here_follows_says_so(store: Store, desk: Desk, subscriptions: Subscriptions) -> None:
    """Whether the channel is known for another follow, or not at all."""
    await publish(desk, "first", "second")
    await subscriptions.follow(channel(1), story_target("second"), created_by=1)
    assert (await get_report(store, 1)).reason_code is DeliveryReason.NO_FOLLOW
    assert (await get_report(store, 99)).reason_code is DeliveryReason.NO_FOLLOW


@pytest.mark.parametrize(
    "target", [EVERYTHING, company("Alpha"), story_target("first")], ids=["all", "company", "story"]
)
async def test_what_was_known_before_the_follow_says_so(
    target: object, store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, clock: HandClock
) -> None:
    """And what came in after it is posted, by whatever target it matches."""
    await publish(desk, "first")
    clock.forward(hours=1)
    await subscriptions.follow(channel(1), target, created_by=1)  # type: ignore[arg-type]  # a Target, as the parameters say
    clock.forward(hours=1)
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    before, after = await list_reports(store)
    assert (before.reason_code, before.at) == (DeliveryReason.BEFORE_FOLLOW, START)
    assert after.reason_code is DeliveryReason.POSTED


async def test_what_came_in_silently_says_so(
    store: Store, desk: Desk, subscriptions: Subscriptions, clock: HandClock
) -> None:
    """It was followed, and the import announced nothing."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    clock.forward(hours=1)
    await desk.publish(draft("first"), actor="test", announce=False)
    assert (await get_report(store)).reason_code is DeliveryReason.NOT_ANNOUNCED


async def test_what_came_while_the_follow_had_stopped_says_why_it_had(
    store: Store, desk: Desk, subscriptions: Subscriptions, retention: Retention, clock: HandClock
) -> None:
    """What came when it was served again is on its way."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    await retention.record_guild_left(1)
    clock.forward(hours=1)
    await publish(desk, "first")
    report = await get_report(store)
    assert (report.reason_code, report.detail) == (
        DeliveryReason.FOLLOW_INACTIVE,
        "the bot was removed from the server",
    )
    await retention.record_guild_returned(1)
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    assert [report.reason_code for report in await list_reports(store)] == [
        DeliveryReason.FOLLOW_INACTIVE,
        DeliveryReason.WAITING,
    ]


async def test_the_fates_of_two_channels_are_their_own(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """One got it, the other refuses it."""
    for place in (1, 2):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)
    publisher.refuse(2, Undeliverable("Discord refuses this message"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert [(await get_report(store, place)).reason_code for place in (1, 2)] == [
        DeliveryReason.POSTED,
        DeliveryReason.FAILED,
    ]


async def test_the_health_of_a_channel_counts_its_own_posts(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """One sent, one refused, one waiting; a channel that is not known has no health."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    await subscriptions.follow(channel(2), EVERYTHING, created_by=1)
    publisher.refuse(1, Undeliverable("Discord refuses this message"))
    await publish(desk, "first", "second")
    await dispatcher.run_until_idle()
    clock.forward(minutes=1)
    await publish(desk, "third")
    there = await health(store, 1)
    assert (there.waiting_count, there.oldest_waiting_at, there.sent_count, there.failed_count) == (1, clock(), 1, 1)
    assert (there.last_sent_at, there.last_failure_reason, there.doubtful_count) == (
        START,
        "Discord refuses this message",
        0,
    )
    assert ((await health(store, 2)).sent_count, (await health(store, 2)).failed_count) == (2, 0)
    async with store.read() as tx:
        assert await tx.destination_health.get_health([99]) == {}
