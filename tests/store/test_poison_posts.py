"""One destination whose posts cannot be prepared keeps no other from getting its posts."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import LEASE_DURATION
from bot.delivery.outcomes import OWN_ERROR_REASON
from bot.delivery.preparation import DIGEST_RETRY_INTERVAL, READ_ATTEMPTS
from bot.languages import encode_message
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow_settings import FollowSettings
from tests.store.delivery import Delivery
from tests.store.publishing import RecordingPublisher, headlines_of

NO_DIGEST = (
    "INSERT ON post",
    "NEW.form = 'daily' AND NEW.destination_id = (SELECT id FROM destination WHERE discord_id = 1)",
)
NO_FOLDING = (
    "UPDATE OF post_id ON delivery",
    "NEW.destination_id = (SELECT id FROM destination WHERE discord_id = 1)",
)
NO_READING = (
    "UPDATE post SET roles = 'no number' WHERE destination_id = (SELECT id FROM destination WHERE discord_id = 1)"
)


def arrived(publisher: RecordingPublisher, place: int) -> list[list[str]]:
    return [headlines_of(post) for post in publisher.sent_to(place)]


def said(*slugs: str) -> list[str]:
    return [f"First news of {slug}" for slug in slugs]


async def test_a_digest_that_cannot_be_made_stops_no_post(delivery: Delivery) -> None:
    """Neither other digests nor posts; it is tried again every hour, and comes when it can be made."""
    for place in (1, 2):
        await delivery.follow_channel(place, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await delivery.follow_channel(3)
    await delivery.publish_news("first", "second")
    delivery.database.refuse(*NO_DIGEST)
    delivery.clock.forward(days=1)
    await delivery.publish_news("third")
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == []
    assert arrived(delivery.publisher, 2) == [said("first", "second")]
    assert [headline for post in arrived(delivery.publisher, 3) for headline in post] == said(
        "first", "second", "third"
    )
    delivery.database.accept()
    delivery.clock.now += DIGEST_RETRY_INTERVAL - timedelta(seconds=1)
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == []
    delivery.clock.forward(seconds=1)
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == [said("first", "second")]


async def test_a_digest_that_cannot_be_made_for_days_is_closed(delivery: Delivery) -> None:
    """With its reason, and the next one is made."""
    await delivery.follow_channel(1, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await delivery.publish_news("first")
    delivery.database.refuse(*NO_DIGEST)
    for _ in range(50):
        delivery.clock.forward(hours=1)
        await delivery.send_due()
    assert delivery.database.query("SELECT gather_at, reason FROM delivery") == [
        (None, encode_message(OWN_ERROR_REASON))
    ]
    delivery.database.accept()
    await delivery.publish_news("second")
    delivery.clock.forward(days=1)
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == [said("second")]


async def test_posts_that_cannot_be_folded_arrive_one_by_one(delivery: Delivery) -> None:
    for place in (1, 2):
        await delivery.follow_channel(place)
    slugs = [f"story-{number}" for number in range(6)]
    await delivery.publish_news(*slugs)
    delivery.database.refuse(*NO_FOLDING)
    delivery.clock.forward(minutes=2)
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == [said(slug) for slug in slugs]
    assert arrived(delivery.publisher, 2) == [said(*slugs)]


@pytest.mark.parametrize("setting", ["zone = 'Mars/Olympus'", "language = 'tlh'", "cap = -1"])
async def test_settings_that_cannot_be_read_stop_nothing(setting: str, delivery: Delivery) -> None:
    """A time zone may be gone with another version of its data: no publication, post, digest or start ends by that."""
    await delivery.follow_channel(1, guild=1)
    await delivery.follow_channel(2, guild=1, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await delivery.follow_channel(3, guild=2)
    await delivery.settings.save(1, DeliverySettings("Europe/Berlin"))
    await delivery.publish_news("first")
    delivery.database.execute(f"UPDATE preference SET {setting}")  # noqa: S608 - ours
    await delivery.publish_news("second")
    running = asyncio.create_task(delivery.dispatcher.run())
    while len(delivery.publisher.sent_posts) < 4:
        delivery.publisher.arrival.clear()
        await asyncio.wait(
            {running, asyncio.ensure_future(delivery.publisher.arrival.wait())}, return_when=asyncio.FIRST_COMPLETED
        )
        assert not running.done()
    running.cancel()
    await asyncio.wait({running})
    delivery.clock.forward(days=1)
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == arrived(delivery.publisher, 3) == [said("first"), said("second")]
    assert arrived(delivery.publisher, 2) == [said("first", "second")]


@pytest.mark.parametrize("lapsed", [False, True], ids=["never leased", "whose lease ran out"])
async def test_a_post_that_cannot_be_read_is_set_aside(
    delivery: Delivery, lapsed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """After ever longer waits. No other channel waits for it, and what is behind it in its own comes after it."""
    for place in (1, 2):
        await delivery.follow_channel(place)
    await delivery.publish_news("first")
    delivery.database.execute(NO_READING)
    if lapsed:
        delivery.database.execute("UPDATE post SET state = 'leased', lease_until = '2026-01-01T12:00:00.000000Z'")
        delivery.clock.now += LEASE_DURATION
    await delivery.send_due()
    assert arrived(delivery.publisher, 2) == [said("first")]
    await delivery.publish_news("second")
    tries = 0
    while not (await delivery.get_backlog()).set_aside_count:
        delivery.clock.forward(hours=1)
        await delivery.send_due()
        tries += 1
        assert tries < 2 * READ_ATTEMPTS
    assert arrived(delivery.publisher, 2) == [said("first"), said("second")]
    await delivery.send_due()
    assert arrived(delivery.publisher, 1) == [said("second")]
    assert "couldn't build them: an internal error of the bot" in caplog.text
    async with delivery.store.read() as tx:
        (aside,) = await tx.set_aside_posts.list_oldest(5)
    assert (aside.headlines, aside.reason) == (tuple(said("first")), OWN_ERROR_REASON)


async def test_one_bug_for_many_channels_is_logged_once(delivery: Delivery, caplog: pytest.LogCaptureFixture) -> None:
    """A card that cannot be drawn fails in every channel that follows; each of these tries is one of a kind."""
    for place in range(1, 41):
        await delivery.follow_channel(place)
        delivery.refuse(place, IndexError("list index out of range"))
    await delivery.publish_news("first")
    await delivery.send_due()
    assert len(delivery.publisher.attempted_posts) == 40
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "Making a post failed with an unexpected error and will be retried."
    ]
