"""Why a development was posted to a channel, or was not: each rule."""

from __future__ import annotations

import pytest

from bot.delivery.monitor import DeliveryMonitor
from bot.delivery.port import DestinationBlocked, Undeliverable
from bot.delivery.retention import Retention
from bot.model.delivery_report import DeliveryReason, DeliveryReport
from bot.model.follow import EVERYTHING
from bot.store import Store
from tests.store.delivery import Delivery
from tests.store.material import START, channel, company, draft, more, news
from tests.store.material import story as story_target


async def list_reports(store: Store, channel_id: int = 1, slug: str = "first") -> list[DeliveryReport]:
    """Return what became of each development of a story in a channel."""
    async with store.read() as tx:
        story = await tx.stories.find(slug)
    assert story is not None
    return list(await DeliveryMonitor(store).get_reports(story, channel_id))


async def get_report(store: Store, channel_id: int = 1) -> DeliveryReport:
    """Return what became of a story's only development."""
    (report,) = await list_reports(store, channel_id)
    return report


async def test_what_was_posted_gives_its_message_and_time(delivery: Delivery) -> None:
    """Though its follow has ended since."""
    follow = await delivery.follow_channel(1)
    await delivery.publish_news("first")
    delivery.clock.forward(minutes=2)
    await delivery.send_due()
    await delivery.subscriptions.unfollow(follow)
    report = await get_report(delivery.store)
    assert (report.reason_code, report.at, report.detail) == (DeliveryReason.POSTED, delivery.clock(), "")
    assert report.message_id == delivery.publisher.message_ids[delivery.publisher.sent_posts[0].key]
    assert report.development.headline == "First news of first"


async def test_what_waits_says_for_what(delivery: Delivery) -> None:
    """Before it was tried there is nothing to say."""
    await delivery.follow_channel(1)
    delivery.refuse(1, DestinationBlocked("give it Send Messages"))
    await delivery.publish_news("first")
    assert ((await get_report(delivery.store)).reason_code, (await get_report(delivery.store)).detail) == (
        DeliveryReason.WAITING,
        "",
    )
    await delivery.send_due()
    report = await get_report(delivery.store)
    assert (report.reason_code, report.message_id, report.detail) == (
        DeliveryReason.WAITING,
        None,
        "give it Send Messages",
    )


async def test_what_failed_says_why(delivery: Delivery) -> None:
    """Discord refused it, or it was withdrawn."""
    await delivery.follow_channel(1)
    delivery.refuse(1, Undeliverable("Discord refused this message"))
    await delivery.publish_news("first")
    await delivery.send_due()
    report = await get_report(delivery.store)
    assert (report.reason_code, report.detail, report.at) == (
        DeliveryReason.FAILED,
        "Discord refused this message",
        START,
    )
    await delivery.publish_news("second")
    await delivery.retract("second")
    (report,) = await list_reports(delivery.store, slug="second")
    assert (report.reason_code, report.detail) == (DeliveryReason.FAILED, "it was retracted before it was posted")
    assert (await delivery.get_health(1)).last_failure_reason == "it was retracted before it was posted"


async def test_what_nothing_here_follows_says_so(delivery: Delivery) -> None:
    """Whether the channel is known for another follow, or not at all."""
    await delivery.publish_news("first", "second")
    await delivery.subscriptions.follow(channel(1), story_target("second"), created_by=1)
    assert (await get_report(delivery.store, 1)).reason_code is DeliveryReason.NO_FOLLOW
    assert (await get_report(delivery.store, 99)).reason_code is DeliveryReason.NO_FOLLOW


@pytest.mark.parametrize(
    "target", [EVERYTHING, company("Alpha"), story_target("first")], ids=["all", "company", "story"]
)
async def test_what_was_known_before_the_follow_says_so(target: object, delivery: Delivery) -> None:
    """And what came in after it is posted, by whatever target it matches."""
    await delivery.publish_news("first")
    delivery.clock.forward(hours=1)
    await delivery.subscriptions.follow(channel(1), target, created_by=1)  # type: ignore[arg-type]  # a Target, as the parameters say
    delivery.clock.forward(hours=1)
    await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.send_due()
    before, after = await list_reports(delivery.store)
    assert (before.reason_code, before.at) == (DeliveryReason.BEFORE_FOLLOW, START)
    assert after.reason_code is DeliveryReason.POSTED


async def test_what_came_in_silently_says_so(delivery: Delivery) -> None:
    """It was followed, and the import announced nothing."""
    await delivery.follow_channel(1)
    delivery.clock.forward(hours=1)
    await delivery.desk.publish(draft("first"), actor="test", announce=False)
    assert (await get_report(delivery.store)).reason_code is DeliveryReason.NOT_ANNOUNCED


async def test_what_came_while_the_follow_had_stopped_says_why_it_had(delivery: Delivery, retention: Retention) -> None:
    """What came when it was served again is on its way."""
    await delivery.follow_channel(1)
    await retention.record_guild_left(1)
    delivery.clock.forward(hours=1)
    await delivery.publish_news("first")
    report = await get_report(delivery.store)
    assert (report.reason_code, report.detail) == (
        DeliveryReason.FOLLOW_INACTIVE,
        "the bot was removed from the server",
    )
    await retention.record_guild_returned(1)
    await delivery.publish(more("first", news("Second news", date="2025-09")))
    assert [report.reason_code for report in await list_reports(delivery.store)] == [
        DeliveryReason.FOLLOW_INACTIVE,
        DeliveryReason.WAITING,
    ]


async def test_the_fates_of_two_channels_are_their_own(delivery: Delivery) -> None:
    """One got it, the other refuses it."""
    for place in (1, 2):
        await delivery.follow_channel(place)
    delivery.refuse(2, Undeliverable("Discord refused this message"))
    await delivery.publish_news("first")
    await delivery.send_due()
    assert [(await get_report(delivery.store, place)).reason_code for place in (1, 2)] == [
        DeliveryReason.POSTED,
        DeliveryReason.FAILED,
    ]


async def test_the_health_of_a_channel_counts_its_own_posts(delivery: Delivery) -> None:
    """One sent, one refused, one waiting; a channel that is not known has no health."""
    await delivery.follow_channel(1)
    await delivery.follow_channel(2)
    delivery.refuse(1, Undeliverable("Discord refused this message"))
    await delivery.publish_news("first", "second")
    await delivery.send_due()
    delivery.clock.forward(minutes=1)
    await delivery.publish_news("third")
    there = await delivery.get_health(1)
    assert (there.waiting_count, there.oldest_waiting_at, there.sent_count, there.failed_count) == (
        1,
        delivery.clock(),
        1,
        1,
    )
    assert (there.last_sent_at, there.last_failure_reason, there.doubtful_count) == (
        START,
        "Discord refused this message",
        0,
    )
    assert ((await delivery.get_health(2)).sent_count, (await delivery.get_health(2)).failed_count) == (2, 0)
    async with delivery.store.read() as tx:
        assert await tx.destination_health.get_health([99]) == {}
