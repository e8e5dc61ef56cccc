"""A destination that asks for reminders gets one on an expected event's day, at its digest hour, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.delivery.port import DestinationBlocked
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_settings import DeliverySettings
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import EVERYTHING, Destination, DestinationKind, Follow
from bot.model.follow_settings import FollowFilter, FollowSettings, PingPolicy
from bot.model.vocabulary import Kind, Stage
from bot.newsroom.desk import Desk
from bot.newsroom.expected_event_desk import ExpectedEventDesk
from bot.newsroom.page_builder import StoryPageBuilder
from bot.store import open_store
from tests.store.checker import find_inconsistencies
from tests.store.delivery import LEASE, Delivery, lost_answer
from tests.store.material import HandClock, channel, draft, event, expecting, more, news, story, url_of
from tests.store.older import rebuild_at_revision
from tests.store.publishing import headlines_of

#: The day of the events, and times on it; the digest hour is 8 unless a test changes it.
DAY = "2026-02-10"
REMINDING = FollowSettings(reminders=True)


def at(hour: int, minute: int = 0, *, day: int = 10) -> datetime:
    """Return a time of February 2026, in UTC."""
    return datetime(2026, 2, day, hour, minute, tzinfo=UTC)


async def expect(delivery: Delivery, *events: ExpectedEvent, slug: str = "alpha-beta") -> None:
    """Publish a story with these expected events."""
    await delivery.publish(expecting(draft(slug, news(f"First news of {slug}", key="told")), *events))


async def follow_all(
    delivery: Delivery, number: int = 1, settings: FollowSettings = REMINDING, *, guild: int = 1
) -> Follow:
    """Let a channel follow everything, with reminders unless other settings are given."""
    return await delivery.follow_channel(number, guild=guild, settings=settings)


async def send_at(delivery: Delivery, time: datetime) -> list[str]:
    """Send what is due at that time; return all that channel 1 has got so far."""
    delivery.clock.now = time
    await delivery.send_due()
    return delivery.publisher.headlines(1)


async def test_a_reminder_comes_at_the_digest_hour_of_the_day(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    assert await send_at(delivery, at(23, 59, day=9)) == []
    assert await send_at(delivery, at(7, 59)) == []
    assert await send_at(delivery, at(8)) == ["The closing"]
    assert await send_at(delivery, at(12)) == ["The closing"]
    assert await send_at(delivery, at(12, day=11)) == ["The closing"]


@pytest.mark.parametrize(
    ("zone", "due"),
    [("Asia/Tokyo", at(23, day=9)), ("America/Los_Angeles", at(16)), ("Pacific/Kiritimati", at(18, day=9))],
)
async def test_the_day_is_that_of_the_destination(delivery: Delivery, zone: str, due: datetime) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await delivery.settings.save(1, DeliverySettings(zone=zone, digest_hour=8))
    assert await send_at(delivery, due.replace(minute=0) - LEASE) == []
    assert await send_at(delivery, due) == ["The closing"]


async def test_only_a_follow_that_asks_gets_reminders(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery, 1, FollowSettings())
    await follow_all(delivery, 2)
    assert await send_at(delivery, at(9)) == []
    assert delivery.publisher.headlines(2) == ["The closing"]


async def test_a_window_has_no_reminder(delivery: Delivery) -> None:
    """Only a known day has: not its month, nor a day by which it is expected."""
    await expect(delivery, event("closing", "2026-02"), event("launch", f"by {DAY}"), event("vote", "2026-Q1"))
    await follow_all(delivery)
    assert await send_at(delivery, at(9)) == []
    assert await send_at(delivery, datetime(2026, 3, 31, 9, tzinfo=UTC)) == []


async def test_several_follows_of_a_destination_make_one_reminder(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery, settings=replace(REMINDING, role_id=7))
    await delivery.subscriptions.follow(
        channel(1), story("alpha-beta"), created_by=1, settings=replace(REMINDING, role_id=8)
    )
    assert await send_at(delivery, at(9)) == ["The closing"]
    assert delivery.publisher.sent_to(1)[0].role_ids == (7, 8)


async def test_the_reminders_of_a_day_come_in_one_post(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY), event("vote", DAY))
    await expect(delivery, event("launch", DAY), slug="other")
    await follow_all(delivery)
    await send_at(delivery, at(9))
    (post,) = delivery.publisher.sent_to(1)
    assert headlines_of(post) == ["The closing", "The vote", "The launch"]


async def test_an_event_that_is_entered_on_its_day_is_announced_then(delivery: Delivery) -> None:
    await follow_all(delivery)
    assert await send_at(delivery, at(9)) == []
    await expect(delivery, event("closing", DAY))
    assert await send_at(delivery, at(15)) == ["First news of alpha-beta", "The closing"]


async def test_a_moved_event_is_announced_on_its_new_day_only(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    delivery.clock.now = at(12, day=9)
    await delivery.publish_events(event("closing", "2026-02-12"))
    assert await send_at(delivery, at(9)) == []
    assert await send_at(delivery, at(9, day=12)) == ["The closing"]


async def test_an_event_that_is_moved_after_its_reminder_has_another(delivery: Delivery) -> None:
    """The first message is edited, so that it says so."""
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await send_at(delivery, at(9))
    await delivery.publish_events(event("closing", "2026-02-12"))
    assert await send_at(delivery, at(10)) == ["The closing"]
    (edited,) = delivery.publisher.edited_posts
    assert [(str(r.event.date), r.is_due) for r in edited.reminders] == [("2026-02-12", False)]
    assert await send_at(delivery, at(9, day=12)) == ["The closing"] * 2


@pytest.mark.parametrize("outcome", ["happened", "dropped"])
async def test_what_has_an_outcome_is_not_announced(delivery: Delivery, outcome: str) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await delivery.publish_events(event("closing", DAY, outcome=outcome))
    assert await send_at(delivery, at(9)) == []


async def test_a_deal_that_has_ended_has_no_reminders(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await delivery.desk.publish(
        more("alpha-beta", news("It is off", date="2026-01", stage=Stage.TERMINATED)), actor="test", announce=False
    )
    assert await send_at(delivery, at(9)) == []


async def test_a_bot_that_was_down_catches_up_on_the_same_day(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    assert await send_at(delivery, at(23, 55)) == ["The closing"]


async def test_a_bot_that_was_down_all_day_posts_no_reminder(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    assert await send_at(delivery, at(0, 5, day=11)) == []


async def test_a_reminder_that_may_have_arrived_is_searched_for(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    delivery.publisher.accepts_refused_posts = True
    delivery.refuse(1, lost_answer())
    await send_at(delivery, at(9))
    assert await send_at(delivery, at(9, 30)) == ["The closing"]
    assert len(delivery.publisher.attempted_posts) == len(delivery.publisher.searched_posts) == 1


async def test_a_reminder_in_doubt_is_not_sent_after_its_day(delivery: Delivery) -> None:
    """Discord is searched for it all the same, and it is known not to have arrived."""
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    delivery.refuse(1, lost_answer())
    await send_at(delivery, at(23, 59))
    assert await send_at(delivery, at(9, day=11)) == []
    assert len(delivery.publisher.searched_posts) == 1
    assert (await delivery.get_backlog()).failed_count == 1


async def test_a_blocked_channel_gets_no_reminder_later(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    delivery.refuse(1, DestinationBlocked("the bot can't post here"))
    await send_at(delivery, at(9))
    await delivery.publish(more("alpha-beta", news("Later news", date="2026-02-11")))
    assert await send_at(delivery, at(9, day=11)) == ["Later news"]
    health = await delivery.get_health(1)
    assert health.last_failure_reason == "it was no longer news by the time it could be posted"


async def test_a_restart_repeats_no_reminder(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await send_at(delivery, at(9))
    await delivery.recover()
    assert await send_at(delivery, at(10)) == ["The closing"]


async def test_quiet_hours_hold_a_reminder_within_its_day(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await delivery.settings.save(1, DeliverySettings(digest_hour=8, quiet_from=7 * 60, quiet_until=10 * 60))
    assert await send_at(delivery, at(9)) == []
    assert await send_at(delivery, at(10)) == ["The closing"]


async def test_a_reminder_comes_before_quiet_hours_that_last_all_night(delivery: Delivery) -> None:
    """At the digest hour it would be held until the next day."""
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await delivery.settings.save(1, DeliverySettings(digest_hour=21, quiet_from=20 * 60, quiet_until=6 * 60))
    assert await send_at(delivery, at(5, 59)) == []
    assert await send_at(delivery, at(6)) == ["The closing"]


async def test_a_reminder_that_waited_is_not_sent_if_the_event_was_moved(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    delivery.refuse(1, DestinationBlocked("the bot can't post here"))
    await send_at(delivery, at(9))
    await delivery.publish_events(event("closing", "2026-02-12"))
    assert await send_at(delivery, at(15)) == []
    assert await send_at(delivery, at(9, day=12)) == ["The closing"]


async def test_filters_of_a_follow_hold_for_reminders_too(delivery: Delivery) -> None:
    """Those that an expected event can meet or fail: the kind of its story, and words."""
    await expect(delivery, event("closing", DAY))
    await delivery.publish(expecting(draft("fair", kind=Kind.EVENT), event("fair", DAY)))
    await follow_all(
        delivery, 1, replace(REMINDING, filters=frozenset({FollowFilter.DEALS, FollowFilter.STAGE_CHANGES}))
    )
    await follow_all(delivery, 2, replace(REMINDING, keywords=("fair",)))
    await follow_all(delivery, 3, replace(REMINDING, excluded_keywords=("closing", "fair")))
    assert await send_at(delivery, at(9)) == ["The closing"]
    assert delivery.publisher.headlines(2) == ["The fair"]
    assert delivery.publisher.headlines(3) == []


async def test_a_reminder_pings_only_the_role_of_every_post(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery, 1, replace(REMINDING, role_id=7, ping=PingPolicy.STAGE_CHANGES))
    await follow_all(delivery, 2, replace(REMINDING, role_id=7, silent=True))
    await send_at(delivery, at(9))
    assert [(post.role_ids, post.silent) for post in delivery.publisher.sent_posts] == [((), False), ((7,), True)]


async def test_a_follow_with_threads_gets_the_reminder_in_the_thread(delivery: Delivery) -> None:
    """The story's thread, which follows it too, gets no second one."""
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery, settings=replace(REMINDING, threads=True))
    assert await send_at(delivery, at(9)) == []
    (thread_id,) = delivery.publisher.threads
    assert delivery.publisher.headlines(thread_id) == ["The closing"]
    thread = Destination(DestinationKind.THREAD, thread_id, 1)
    await delivery.subscriptions.follow(thread, story("alpha-beta"), created_by=1, settings=REMINDING)
    await delivery.publish_events(event("closing", "2026-02-12"))
    await send_at(delivery, at(9, day=12))
    assert delivery.publisher.headlines(thread_id) == ["The closing"] * 2


async def test_a_paused_or_ended_follow_gets_no_reminder(delivery: Delivery) -> None:
    await expect(delivery, event("closing", DAY))
    await delivery.subscriptions.pause((await follow_all(delivery, 1)).id, "somebody")
    await delivery.subscriptions.unfollow(await follow_all(delivery, 2))
    assert await send_at(delivery, at(9)) == delivery.publisher.headlines(2) == []


async def test_a_removed_event_leaves_an_empty_reminder(delivery: Delivery) -> None:
    """Its message is edited, and one that was not sent yet never is."""
    await expect(delivery, event("closing", DAY))
    await follow_all(delivery)
    await send_at(delivery, at(9))
    await ExpectedEventDesk(delivery.desk).remove("alpha-beta", "closing", actor="test")
    await send_at(delivery, at(10))
    assert [post.reminders for post in delivery.publisher.edited_posts] == [()]
    await delivery.store.check()


async def test_an_older_store_takes_reminders(file: Path, clock: HandClock) -> None:
    """Its deliveries stay, so that nothing is posted again, and its follows ask for no reminders."""
    async with open_store(url_of(file)) as store:
        await Subscriptions(store, clock).follow(channel(1), EVERYTHING, created_by=1)
        await Desk(store, clock).publish(draft("alpha-beta", news("First news", key="told")), actor="test")
    rebuild_at_revision(file, "0022")
    async with open_store(url_of(file)) as store:
        (follow,) = await Subscriptions(store, clock).list_in_destination(1)
        assert not follow.settings.reminders
        async with store.read() as tx:
            assert (await tx.outbox.get_stats()).waiting_count == 1
        await store.check()
        assert await StoryPageBuilder(store).build_batch() == 1
    assert await find_inconsistencies(file) == []


async def test_many_events_of_a_day_come_in_few_posts_that_ping_once(delivery: Delivery) -> None:
    await expect(delivery, *(event(f"event-{number}", DAY, f"{number}: " + "x" * 150) for number in range(30)))
    await follow_all(delivery, settings=replace(REMINDING, role_id=7))
    assert len(await send_at(delivery, at(9))) == 30
    assert [post.role_ids for post in delivery.publisher.sent_to(1)] == [(7,), (), (), ()]
