"""A story's thread that somebody also follows in is one destination, whenever the follow is made."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import DestinationGone, TryAgain
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import EVERYTHING, Destination, DestinationKind, FollowState
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostType
from bot.newsroom.desk import Desk
from bot.store import OutboxStats, Store
from bot.store.outbox.story_threads import StoryThreads
from tests.store.material import HandClock, channel, draft, more, news, story
from tests.store.publishing import RecordingPublisher

UNANSWERED = TryAgain("the connection to Discord broke", in_doubt=True)


def thread(number: int) -> Destination:
    """A thread of the test server."""
    return Destination(DestinationKind.THREAD, number, 1)


async def backlog(store: Store) -> OutboxStats:
    async with store.read() as tx:
        return await tx.outbox.get_stats()


@pytest.fixture
async def opened(
    desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> Destination:
    """The thread of the story "first", which Discord has opened under its card; its answer was lost."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    publisher.refused_threads.append(UNANSWERED)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    (card,) = publisher.sent_to(1)
    return thread(publisher.stands[card.key])


@pytest.mark.parametrize("ended", [False, True], ids=["it stays", "it is ended at once"])
async def test_a_follow_in_an_unrecorded_thread_blocks_nothing(
    ended: bool,
    opened: Destination,
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """A follow in a thread that is not recorded yet blocks nothing.

    The news arrives in the thread once, and the channel goes on with other stories.
    """
    follow, _ = await subscriptions.follow(opened, story("first"), created_by=2)
    if ended:
        await subscriptions.unfollow(follow)
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    for slug in ("second", "third"):
        await desk.publish(draft(slug), actor="test")
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    assert publisher.headlines(opened.discord_id) == ["First news of first", "Second news"]
    assert [post.post_type for post in publisher.sent_to(1)] == [PostType.CARD] * 3
    assert (await backlog(store)).waiting_count == 0
    assert [kept.id for kept in await subscriptions.list_in_destination(opened.discord_id)] == (
        [] if ended else [follow.id]
    )
    await store.check()


@pytest.mark.parametrize("sent", [False, True], ids=["both wait", "one was sent"])
async def test_what_both_follows_were_owed_meanwhile_is_posted_once(
    sent: bool,
    opened: Destination,
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """The thread's own follow has its post in the thread before the bot knows that the card's posts go there too."""
    await subscriptions.follow(opened, EVERYTHING, created_by=2)
    told = await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await desk.publish(draft("second"), actor="test")
    if sent:
        await dispatcher.run_until_idle()
        assert "Second news" in publisher.headlines(opened.discord_id)
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    arrived = publisher.headlines(opened.discord_id)
    assert sorted(arrived) == ["First news of first", "First news of second", "Second news"]
    await desk.correct("first", told.new_developments[0].key, {"headline": "Better news"}, actor="test")
    await dispatcher.run_until_idle()
    (shown,) = [lines for lines in publisher.shown.values() if any("Better" in line for line in lines)]
    assert shown.count("Better news") == 1
    assert (await backlog(store)).waiting_count == 0
    await store.check()


async def test_a_digest_of_the_thread_is_still_made(
    opened: Destination,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    await subscriptions.follow(opened, EVERYTHING, created_by=2, settings=FollowSettings(mode=DeliveryMode.DAILY))
    await desk.publish(draft("second"), actor="test")
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    assert publisher.headlines(opened.discord_id) == ["First news of first"]
    clock.forward(hours=24)
    await dispatcher.run_until_idle()
    assert [post.post_type for post in publisher.sent_to(opened.discord_id)] == [PostType.POST, PostType.DAILY]


async def test_a_followed_forum_post_is_one_destination(
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """A forum post that somebody follows in is one destination."""
    await subscriptions.follow(Destination(DestinationKind.FORUM, 7, 1), EVERYTHING, created_by=1)
    publisher.takes_all_the_same = True
    publisher.refuse(7, UNANSWERED)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    (card,) = publisher.sent_to(7)
    where = thread(publisher.stands[card.key])
    await subscriptions.follow(where, story("first"), created_by=2)
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    await desk.publish(draft("second"), actor="test")
    await dispatcher.run_until_idle()
    assert publisher.headlines(where.discord_id) == ["First news of first"]
    assert len(publisher.sent_to(7)) == 2


async def test_a_deleted_thread_ends_the_follows_in_it(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Who made these is told. What the channel is owed goes into a new thread; what the thread's own follow is owed, nowhere."""
    for slug in ("first", "other"):
        await desk.publish(draft(slug), actor="test")
    await subscriptions.follow(channel(1), story("first"), created_by=1, settings=FollowSettings(threads=True))
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    (number,) = publisher.threads
    await subscriptions.follow(thread(number), story("other"), created_by=2)
    publisher.refuse(number, TryAgain("Discord answered 503", in_doubt=False), DestinationGone("the channel is gone"))
    await desk.publish(more("other", news("Other news", date="2025-10")), actor="test")
    await desk.publish(more("first", news("Third news", date="2025-10")), actor="test")
    await dispatcher.run_until_idle()
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    assert publisher.warned == [(number, (2,), "the channel is gone")]
    (follow,) = await subscriptions.list_in_destination(number)
    assert (follow.state, follow.reason) == (FollowState.STOPPED, "the channel is gone")
    (renewed,) = publisher.threads.keys() - {number}
    assert (publisher.headlines(number), publisher.headlines(renewed)) == (["Second news"], ["Third news"])
    assert ((await backlog(store)).waiting_count, (await backlog(store)).failed_count) == (0, 1)
    (served,) = await subscriptions.list_in_destination(1)
    assert served.state is FollowState.ACTIVE


async def test_a_partly_recorded_outcome_settles_its_post(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An outcome that cannot be recorded as a whole still settles its post.

    Whatever conflict is met: the card counts as sent, and the channel goes on.
    """

    async def conflict(*_: object) -> None:
        raise IntegrityError("UPDATE destination", {}, ValueError("UNIQUE constraint failed"))

    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    with monkeypatch.context() as broken:
        broken.setattr(StoryThreads, "mark_opened", conflict)
        await desk.publish(draft("first"), actor="test")
        await dispatcher.run_until_idle()
    await desk.publish(draft("second"), actor="test")
    await dispatcher.run_until_idle()
    assert [post.post_type for post in publisher.sent_to(1)] == [PostType.CARD, PostType.CARD]
    assert publisher.headlines(list(publisher.threads)[-1]) == ["First news of second"]
    left = await backlog(store)
    assert (left.waiting_count, left.failed_count) == (0, 1)


async def test_an_unrecorded_refusal_settles_its_post(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refusal that cannot be recorded still settles its post."""

    async def conflict(*_: object) -> None:
        raise IntegrityError("INSERT INTO destination", {}, ValueError("UNIQUE constraint failed"))

    await subscriptions.follow(channel(1), EVERYTHING, created_by=1)
    publisher.refuse(1, DestinationGone("the channel is gone"))
    with monkeypatch.context() as broken:
        broken.setattr(StoryThreads, "replace_deleted", conflict)
        await desk.publish(draft("first"), actor="test")
        await dispatcher.run_until_idle()
    await desk.publish(draft("second"), actor="test")
    await dispatcher.run_until_idle()
    assert publisher.headlines(1) == ["First news of second"]
    left = await backlog(store)
    assert (left.waiting_count, left.failed_count) == (0, 1)
