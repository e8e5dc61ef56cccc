"""A post on its way: tried until it stands, once, whatever fails meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.delivery import dispatcher as dispatching
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import DestinationGone, TryAgain, Undeliverable
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import EVERYTHING, FollowState
from bot.model.post import Post
from bot.newsroom.desk import Desk
from bot.platforms.discord import history_search
from bot.store import Store
from tests.store.material import HandClock, channel, draft
from tests.store.publishing import RecordingPublisher


def lost_answer() -> TryAgain:
    return TryAgain("the connection to Discord broke", in_doubt=True)


def not_taken() -> TryAgain:
    return TryAgain("Discord asks to wait", in_doubt=False)


@pytest.fixture(autouse=True)
async def followed(subscriptions: Subscriptions) -> None:
    """Two channels follow everything."""
    for place in (1, 2):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)


async def publish(desk: Desk, *slugs: str) -> None:
    for slug in slugs:
        await desk.publish(draft(slug), actor="test")


async def due_in(store: Store, clock: HandClock) -> float:
    """The seconds until the next post may be tried; not a moment before is anything due."""
    with contextlib.closing(sqlite3.connect(store.path)) as rows:
        (found,) = rows.execute("SELECT min(due_at) FROM post WHERE state = 'pending'").fetchone()
    due = datetime.fromisoformat(found)
    async with store.read() as tx:
        assert not await tx.outbox.has_due(due - timedelta(microseconds=1))
        assert await tx.outbox.has_due(due)
    return (due - clock()).total_seconds()


def slugs(posts: Iterable[Post], place: int) -> list[str]:
    """The stories of what these posts carry to a channel."""
    return [c.story.slug for post in posts if post.destination.discord_id == place for c in post.items]


async def figures(store: Store) -> tuple[int, int, int]:
    """Posts that wait, are sent, have failed."""
    async with store.read() as tx:
        backlog = await tx.outbox.get_stats()
    return backlog.waiting_count, backlog.sent_count, backlog.failed_count


async def test_posts_of_a_channel_are_sent_oldest_first(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """All that is due is sent by one run, and each post is recorded with its message."""
    await publish(desk, "first", "second", "third")
    await dispatcher.run_until_idle()
    expected = [f"First news of {slug}" for slug in ("first", "second", "third")]
    assert publisher.headlines(1) == publisher.headlines(2) == expected
    assert await figures(store) == (0, 6, 0)


async def test_a_channels_second_post_waits_for_the_first(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """No second post of a channel leaves before the first is closed.

    Neither while it is under way, nor while it waits for its next try, however long.
    """
    publisher.refuse(1, not_taken(), lost_answer(), not_taken())
    await publish(desk, "first", "second")
    for _ in range(3):
        await dispatcher.run_until_idle()
        assert publisher.headlines(1) == []
        assert set(slugs(publisher.tried, 1)) == {"first"}
        clock.forward(seconds=400)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of first", "First news of second"]


async def test_a_channel_under_way_is_not_leased_again(
    store: Store, desk: Desk, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Of two posts of a channel and two of another, a lease gives the oldest of each, and a second lease none."""
    await publish(desk, "first", "second")
    async with store.write() as tx:
        leased = await tx.outbox.lease_due(clock(), clock() + timedelta(seconds=60), 10)
        again = await tx.outbox.lease_due(clock(), clock() + timedelta(seconds=60), 10)
    assert (slugs(leased, 1), slugs(leased, 2)) == (["first"], ["first"])
    assert again == ()


async def test_a_channel_that_fails_or_hangs_holds_up_no_other(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """The others get everything while one has not even answered to its first post."""
    gate = publisher.close(1)
    await publish(desk, "first", "second", "third")
    sending = asyncio.create_task(dispatcher.run_until_idle())
    async with asyncio.timeout(5):
        while len(publisher.headlines(2)) < 3:
            publisher.arrived.clear()
            await publisher.arrived.wait()
        assert publisher.headlines(1) == []
        gate.set()
        await sending
    assert publisher.headlines(1) == publisher.headlines(2)


async def test_more_channels_than_go_at_once_are_all_served(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
) -> None:
    """Two at a time, ten channels, two posts each."""
    for place in range(3, 11):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)
    await publish(desk, "first", "second")
    await Dispatcher(store, publisher, clock, bell, parallel=2).run_until_idle()
    for place in range(1, 11):
        assert publisher.headlines(place) == ["First news of first", "First news of second"]


async def test_an_unsent_post_is_retried_with_the_same_nonce(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A post that Discord did not take is retried later with the same nonce.

    Not before its time; and nobody looks for what was surely not sent.
    """
    publisher.refuse(1, not_taken(), not_taken())
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    await dispatcher.run_until_idle()
    assert len(publisher.tried) == 2
    for _ in range(2):
        clock.forward(seconds=60)
        await dispatcher.run_until_idle()
    tries = [post for post in publisher.tried if post.destination.discord_id == 1]
    assert [post.attempts for post in tries] == [1, 2, 3]
    assert len({(post.key, post.nonce) for post in tries}) == 1
    assert publisher.looked_for == []
    assert await figures(store) == (0, 2, 0)


async def test_the_wait_between_tries_grows_to_a_limit(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Twice as long each time, give or take, up to five minutes."""
    publisher.refuse(1, *(not_taken() for _ in range(14)))
    await publish(desk, "first")
    waits = []
    for _ in range(14):
        await dispatcher.run_until_idle()
        waits.append(await due_in(store, clock))
        clock.forward(seconds=waits[-1])
    assert all(2.0**n / 2 <= wait <= 2.0**n for n, wait in enumerate(waits[:8], start=1))
    assert all(150 <= wait <= 300 for wait in waits[8:])


async def test_a_post_that_was_tried_for_weeks_is_still_tried(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock, file: Path
) -> None:
    """After 5,000 tries the wait is no longer than before, and the post arrives when it can."""
    publisher.refuse(1, not_taken())
    await publish(desk, "first")
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.execute("UPDATE post SET attempts = 5000")
    await dispatcher.run_until_idle()
    assert 150 <= await due_in(store, clock) <= 300
    clock.forward(seconds=300)
    await dispatcher.run_until_idle()
    assert await figures(store) == (0, 2, 0)


async def test_discords_own_wait_is_kept(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """When it asks for longer than we would have waited."""
    publisher.refuse(1, TryAgain("Discord asks to wait", in_doubt=False, retry_after=1_000))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert await due_in(store, clock) == 1_000


async def test_a_doubtful_post_that_exists_is_not_sent_again(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock, file: Path
) -> None:
    """A post in doubt is searched for, and not sent again if it exists.

    Discord had taken it and its answer was lost: the message that is found is recorded as the post's.
    """
    publisher.takes_all_the_same = True
    publisher.refuse(1, lost_answer())
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert [post.in_doubt for post in publisher.looked_for] == [True]
    assert len(publisher.tried) == 2
    assert publisher.headlines(1) == ["First news of first"]
    with contextlib.closing(sqlite3.connect(file)) as rows:
        recorded = rows.execute("SELECT key, message_id FROM post WHERE state = 'sent'").fetchall()
    assert dict(recorded) == publisher.stands


async def test_a_doubtful_post_that_is_missing_is_sent_again(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A post in doubt that does not exist is sent again and stays in doubt.

    A later try that was surely not taken does not clear the first one's doubt: it is looked for before every try.
    """
    publisher.refuse(1, lost_answer(), not_taken())
    await publish(desk, "first")
    for _ in range(3):
        await dispatcher.run_until_idle()
        clock.forward(seconds=60)
    tries = [post for post in publisher.tried if post.destination.discord_id == 1]
    assert [post.in_doubt for post in tries] == [False, True, True]
    assert len(publisher.looked_for) == 2
    assert len({post.nonce for post in tries}) == 1
    assert publisher.headlines(1) == ["First news of first"]


async def test_a_deleted_channel_stops_its_follows(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """A channel that is gone closes the post and stops the channel's follows with the reason.

    The other channel goes on; the post is not tried again, and nothing new is owed.
    """
    publisher.refuse(1, DestinationGone("the channel is gone"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert await figures(store) == (0, 1, 1)
    follows = {follow.destination.discord_id: follow for follow in await subscriptions.list_in_guild(1)}
    assert (follows[1].state, follows[1].reason) == (FollowState.STOPPED, "the channel is gone")
    assert (follows[2].state, follows[2].reason) == (FollowState.ACTIVE, "")
    await publish(desk, "second")
    await dispatcher.run_until_idle()
    assert len(publisher.tried) == 3


async def test_a_refused_post_is_closed_and_its_follows_go_on(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """A post that Discord refuses is closed, and its follows go on.

    It was this message that was wrong, not the place: the next one is sent.
    """
    publisher.refuse(1, Undeliverable("Discord refuses this message"))
    await publish(desk, "first", "second")
    await dispatcher.run_until_idle()
    assert await figures(store) == (0, 3, 1)
    assert publisher.headlines(1) == ["First news of second"]
    assert {follow.state for follow in await subscriptions.list_in_guild(1)} == {FollowState.ACTIVE}


async def test_an_error_of_our_own_is_tried_again_in_doubt(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """It may have come before the post was sent or after; it costs no other channel anything."""
    publisher.refuse(1, LookupError("a bug"))
    await publish(desk, "first")
    await dispatcher.run_until_idle()
    assert publisher.headlines(2) == ["First news of first"]
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert len(publisher.looked_for) == 1
    assert await figures(store) == (0, 2, 0)


async def test_a_try_that_takes_too_long_is_given_up_in_doubt(
    desk: Desk,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before its lease ends, so that no post is ever on two ways at once."""
    assert timedelta(seconds=dispatching.ATTEMPT_SECONDS) < dispatching.LEASE_DURATION
    # A search that ends only with its try would be repeated for ever.
    assert history_search.MAX_SECONDS + 10 < dispatching.ATTEMPT_SECONDS
    monkeypatch.setattr(dispatching, "ATTEMPT_SECONDS", 0.05)
    gate = publisher.close(1)
    await publish(desk, "first")
    async with asyncio.timeout(5):
        await dispatcher.run_until_idle()
    gate.set()
    clock.forward(seconds=60)
    await dispatcher.run_until_idle()
    assert [post.in_doubt for post in publisher.looked_for] == [True]
    assert publisher.headlines(1) == ["First news of first"]
