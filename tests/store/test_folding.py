"""Waiting posts, folded: after an outage everything comes, in few messages."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import DestinationBlocked
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import EVERYTHING
from bot.model.follow_settings import FollowSettings
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.checker import find_inconsistencies
from tests.store.looking import backlog, correct, is_due, lost_answer, not_taken, publish
from tests.store.material import HandClock, channel, company, draft, news
from tests.store.publishing import RecordingPublisher, headlines_of

SLUGS = [f"story-{number:02}" for number in range(12)]


@pytest.fixture(autouse=True)
async def followed(subscriptions: Subscriptions) -> None:
    """Two channels follow everything."""
    for place in (1, 2):
        await subscriptions.follow(channel(place), EVERYTHING, created_by=1)


def said(*slugs: str) -> list[str]:
    return [f"First news of {slug}" for slug in slugs]


def messages(publisher: RecordingPublisher, place: int) -> list[list[str]]:
    """What arrived in a channel, message by message."""
    return [headlines_of(post) for post in publisher.sent_to(place)]


async def fold(store: Store, clock: HandClock) -> int:
    async with store.write() as tx:
        return await tx.folding.fold_waiting(clock())


async def test_more_than_five_waiting_posts_become_one_message(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock, file: Path
) -> None:
    """More than five posts that wait for a minute become one message.

    In the order in which they were owed; folded again, nothing changes; nothing of them is lost in the store.
    """
    await publish(desk, *SLUGS[:6])
    clock.forward(minutes=1)
    assert await fold(store, clock) == 10
    assert await fold(store, clock) == 0
    await dispatcher.run_until_idle()
    assert messages(publisher, 1) == messages(publisher, 2) == [said(*SLUGS[:6])]
    assert ((await backlog(store)).sent_count, (await backlog(store)).waiting_count) == (2, 0)
    with contextlib.closing(sqlite3.connect(file)) as rows:
        owed = rows.execute("SELECT count(*), count(DISTINCT post_id), count(DISTINCT development_id) FROM delivery")
        assert owed.fetchone() == (12, 2, 6)
    await store.check()


@pytest.mark.parametrize(("count", "seconds"), [(5, 3_600), (6, 59.999), (12, 0)], ids=["five", "not yet", "a burst"])
async def test_few_or_new_ones_keep_their_own_messages(
    count: int, seconds: float, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Five however old, and a burst however large."""
    await publish(desk, *SLUGS[:count])
    clock.forward(seconds=seconds)
    await dispatcher.run_until_idle()
    assert messages(publisher, 1) == [[headline] for headline in said(*SLUGS[:count])]


async def test_a_channel_is_folded_for_itself(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """One was blocked for an hour, the other got everything as it came; only the first has anything folded."""
    publisher.refuse(1, DestinationBlocked("give it Send Messages"))
    for slug in SLUGS[:7]:
        await publish(desk, slug)
        await dispatcher.run_until_idle()
    clock.forward(hours=1)
    await publish(desk, SLUGS[7])
    await dispatcher.run_until_idle()
    assert messages(publisher, 1) == [said(*SLUGS[:8])]
    assert messages(publisher, 2) == [[headline] for headline in said(*SLUGS[:8])]


async def test_what_is_in_doubt_keeps_its_own_message(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """It may stand already; that which only was not taken is folded with the others."""
    publisher.refuse(1, lost_answer())
    publisher.refuse(2, not_taken())
    await publish(desk, *SLUGS[:8])
    for _ in range(2):
        await dispatcher.run_until_idle()
        clock.forward(minutes=1)
    assert messages(publisher, 1) == [said(SLUGS[0]), said(*SLUGS[1:8])]
    assert messages(publisher, 2) == [said(*SLUGS[:8])]
    assert [headlines_of(post) for post in publisher.looked_for] == [said(SLUGS[0])]


async def test_what_is_under_way_keeps_its_own_message(
    store: Store, desk: Desk, clock: HandClock, publisher: RecordingPublisher, dispatcher: Dispatcher
) -> None:
    """Folded is only what waits behind it."""
    await publish(desk, *SLUGS[:7])
    clock.forward(minutes=1)
    async with store.write() as tx:
        leased = await tx.outbox.lease_due(clock(), clock(), 2)
        assert await tx.folding.fold_waiting(clock()) == 10
    assert [headlines_of(post) for post in leased] == [said(SLUGS[0])] * 2
    await dispatcher.run_until_idle()
    assert messages(publisher, 1) == [said(SLUGS[0]), said(*SLUGS[1:7])]


async def test_what_comes_while_a_folded_post_waits_is_folded_with_it(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """As soon as it is more than five again."""
    await publish(desk, *SLUGS[:6])
    clock.forward(minutes=1)
    assert await fold(store, clock) == 10
    await publish(desk, *SLUGS[6:11])
    assert await fold(store, clock) == 10
    await dispatcher.run_until_idle()
    assert messages(publisher, 1) == [said(*SLUGS[:11])]


async def test_a_folded_message_pings_all_their_roles_once(
    desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """In the order in which the posts would have."""
    names = ("Alpha", "Beta", "Gamma")
    await desk.publish(draft("old", parties=names), actor="test", announce=False)
    for number, name in enumerate(names):
        await subscriptions.follow(
            channel(1), company(name), created_by=1, settings=FollowSettings(role_id=70 + number)
        )
    for number in range(6):
        await desk.publish(draft(f"s-{number}", parties=(names[2 - number % 3], "Other")), actor="test")
    clock.forward(minutes=1)
    await dispatcher.run_until_idle()
    assert [post.role_ids for post in publisher.sent_to(1)] == [(72, 71, 70)]
    assert [post.role_ids for post in publisher.sent_to(2)] == [()]


@pytest.mark.parametrize(("count", "length", "expected"), [(60, 20, 3), (30, 200, 5)], ids=["many", "long"])
async def test_headlines_that_do_not_fit_one_message_make_several(
    count: int,
    length: int,
    expected: int,
    desk: Desk,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Each headline is there, once, in its order."""
    headlines = [f"{number:02} ".ljust(length, "x") for number in range(count)]
    await desk.publish(draft("long", *(news(headline) for headline in headlines)), actor="test")
    clock.forward(minutes=1)
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == publisher.headlines(2) == headlines
    assert len(messages(publisher, 1)) == expected
    assert max(sum(map(len, message)) for message in messages(publisher, 1)) <= 1_400


async def test_a_folded_message_is_corrected(
    desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """By one edit, which shows all that it carries; what was corrected before it was sent needs none."""
    await publish(desk, *SLUGS[:6])
    await correct(desk, SLUGS[4], "Corrected before")
    clock.forward(minutes=1)
    await dispatcher.run_until_idle()
    assert publisher.edited == []
    assert await correct(desk, SLUGS[2], "Corrected after") == 2
    await dispatcher.run_until_idle()
    first = said(*SLUGS[:6])
    expected = [*first[:2], "Corrected after", first[3], "Corrected before", first[5]]
    assert list(publisher.shown.values()) == [expected] * 2
    assert len(publisher.edited) == len(publisher.sent) == 2


async def test_a_folded_post_is_withdrawn_if_all_is_retracted(
    store: Store, desk: Desk, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """A folded post is withdrawn only if everything in it is retracted.

    While one development stands, the post is sent with all.
    """
    await publish(desk, *SLUGS[:6])
    clock.forward(minutes=1)
    await fold(store, clock)
    for slug in SLUGS[:5]:
        await desk.retract(slug, "told", "It was not so", actor="test")
    assert (await backlog(store)).waiting_count == 2
    assert await is_due(store, clock)
    await desk.retract(SLUGS[5], "told", "It was not so", actor="test")
    assert (await backlog(store)).waiting_count == 0
    await dispatcher.run_until_idle()
    assert publisher.tried == []


async def test_a_store_with_folded_posts_is_whole(store: Store, desk: Desk, clock: HandClock, file: Path) -> None:
    """Every development is owed to every channel, by one post."""
    await publish(desk, *SLUGS)
    clock.forward(minutes=1)
    await fold(store, clock)
    assert await find_inconsistencies(file, folds=True) == []
