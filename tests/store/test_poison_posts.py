"""One destination whose posts cannot be prepared keeps no other from getting its posts."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import LEASE_DURATION, Dispatcher
from bot.delivery.outcomes import OWN_ERROR_REASON
from bot.delivery.preparation import DIGEST_RETRY_INTERVAL, READ_ATTEMPTS
from bot.delivery.subscriptions import Subscriptions
from bot.languages import encode_message
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import EVERYTHING
from bot.model.follow_settings import FollowSettings
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.looking import backlog, publish
from tests.store.material import HandClock, channel
from tests.store.publishing import RecordingPublisher, headlines_of

NO_DIGEST = """CREATE TRIGGER poison BEFORE INSERT ON post
WHEN NEW.form = 'daily' AND NEW.destination_id = (SELECT id FROM destination WHERE discord_id = 1)
BEGIN SELECT RAISE(ABORT, 'poison'); END"""
NO_FOLDING = """CREATE TRIGGER poison BEFORE UPDATE OF post_id ON delivery
WHEN NEW.destination_id = (SELECT id FROM destination WHERE discord_id = 1)
BEGIN SELECT RAISE(ABORT, 'poison'); END"""
NO_READING = (
    "UPDATE post SET roles = 'no number' WHERE destination_id = (SELECT id FROM destination WHERE discord_id = 1)"
)


def do(file: Path, *statements: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        return [row for statement in statements for row in rows.execute(statement)]


def arrived(publisher: RecordingPublisher, place: int) -> list[list[str]]:
    return [headlines_of(post) for post in publisher.sent_to(place)]


def said(*slugs: str) -> list[str]:
    return [f"First news of {slug}" for slug in slugs]


async def test_a_digest_that_cannot_be_made_stops_no_post(
    desk: Desk,
    dispatcher: Dispatcher,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    clock: HandClock,
    file: Path,
) -> None:
    """Neither other digests nor posts; it is tried again every hour, and comes when it can be made."""
    for place in (1, 2):
        await subscriptions.follow(
            channel(place), EVERYTHING, created_by=1, settings=FollowSettings(mode=DeliveryMode.DAILY)
        )
    await subscriptions.follow(channel(3), EVERYTHING, created_by=1)
    await publish(desk, "first", "second")
    do(file, NO_DIGEST)
    clock.forward(days=1)
    await publish(desk, "third")
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == []
    assert arrived(publisher, 2) == [said("first", "second")]
    assert [headline for post in arrived(publisher, 3) for headline in post] == said("first", "second", "third")
    do(file, "DROP TRIGGER poison")
    clock.now += DIGEST_RETRY_INTERVAL - timedelta(seconds=1)
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == []
    clock.forward(seconds=1)
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == [said("first", "second")]


async def test_a_digest_that_cannot_be_made_for_days_is_closed(
    desk: Desk,
    dispatcher: Dispatcher,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    clock: HandClock,
    file: Path,
) -> None:
    """With its reason, and the next one is made."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await publish(desk, "first")
    do(file, NO_DIGEST)
    for _ in range(50):
        clock.forward(hours=1)
        await dispatcher.run_until_idle()
    assert do(file, "SELECT gather_at, reason FROM delivery") == [(None, encode_message(OWN_ERROR_REASON))]
    do(file, "DROP TRIGGER poison")
    await publish(desk, "second")
    clock.forward(days=1)
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == [said("second")]


async def test_posts_that_cannot_be_folded_arrive_one_by_one(
    desk: Desk,
    dispatcher: Dispatcher,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    clock: HandClock,
    file: Path,
) -> None:
    for place in (1, 2):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)
    slugs = [f"story-{number}" for number in range(6)]
    await publish(desk, *slugs)
    do(file, NO_FOLDING)
    clock.forward(minutes=2)
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == [said(slug) for slug in slugs]
    assert arrived(publisher, 2) == [said(*slugs)]


@pytest.mark.parametrize("setting", ["zone = 'Mars/Olympus'", "language = 'tlh'", "cap = -1"])
async def test_settings_that_cannot_be_read_stop_nothing(
    setting: str,
    desk: Desk,
    dispatcher: Dispatcher,
    subscriptions: Subscriptions,
    delivery_settings: DeliverySettingsService,
    publisher: RecordingPublisher,
    clock: HandClock,
    file: Path,
) -> None:
    """A time zone may be gone with another version of its data: no publication, post, digest or start ends by that."""
    await subscriptions.follow(channel(1, guild=1), EVERYTHING, created_by=1)
    await subscriptions.follow(
        channel(2, guild=1), EVERYTHING, created_by=1, settings=FollowSettings(mode=DeliveryMode.DAILY)
    )
    await subscriptions.follow(channel(3, guild=2), EVERYTHING, created_by=1)
    await delivery_settings.save(1, DeliverySettings("Europe/Berlin"))
    await publish(desk, "first")
    do(file, f"UPDATE preference SET {setting}")  # noqa: S608 - ours
    await publish(desk, "second")
    running = asyncio.create_task(dispatcher.run())
    while len(publisher.sent) < 4:
        publisher.arrived.clear()
        await asyncio.wait(
            {running, asyncio.ensure_future(publisher.arrived.wait())}, return_when=asyncio.FIRST_COMPLETED
        )
        assert not running.done()
    running.cancel()
    await asyncio.wait({running})
    clock.forward(days=1)
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == arrived(publisher, 3) == [said("first"), said("second")]
    assert arrived(publisher, 2) == [said("first", "second")]


@pytest.mark.parametrize("lapsed", [False, True], ids=["never leased", "whose lease ran out"])
async def test_a_post_that_cannot_be_read_is_set_aside(
    store: Store,
    desk: Desk,
    dispatcher: Dispatcher,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    clock: HandClock,
    file: Path,
    lapsed: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After ever longer waits. No other channel waits for it, and what is behind it in its own comes after it."""
    for place in (1, 2):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)
    await publish(desk, "first")
    do(file, NO_READING)
    if lapsed:
        do(file, "UPDATE post SET state = 'leased', lease_until = '2026-01-01T12:00:00.000000Z'")
        clock.now += LEASE_DURATION
    await dispatcher.run_until_idle()
    assert arrived(publisher, 2) == [said("first")]
    await publish(desk, "second")
    tries = 0
    while not (await backlog(store)).set_aside_count:
        clock.forward(hours=1)
        await dispatcher.run_until_idle()
        tries += 1
        assert tries < 2 * READ_ATTEMPTS
    assert arrived(publisher, 2) == [said("first"), said("second")]
    await dispatcher.run_until_idle()
    assert arrived(publisher, 1) == [said("second")]
    assert "could not put them together: an error of the bot's own" in caplog.text
    async with store.read() as tx:
        (aside,) = await tx.set_aside_posts.list_oldest(5)
    assert (aside.headlines, aside.reason) == (tuple(said("first")), OWN_ERROR_REASON)


async def test_one_bug_for_many_channels_is_logged_once(
    desk: Desk,
    dispatcher: Dispatcher,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A card that cannot be drawn fails in every channel that follows; each of these tries is one of a kind."""
    for place in range(1, 41):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)
        publisher.refuse(place, IndexError("list index out of range"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert len(publisher.tried) == 40
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == [
        "Making a post failed because of an unexpected error and is tried again."
    ]
