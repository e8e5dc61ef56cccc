"""A story's thread that somebody also follows in is one destination, whenever the follow is made."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from bot.delivery.port import DestinationGone, TryAgain
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import EVERYTHING, Destination, DestinationKind, FollowState
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostType
from bot.store.outbox.story_threads import StoryThreads
from tests.store.delivery import Delivery
from tests.store.material import channel, draft, more, news, story

UNANSWERED = TryAgain("the connection to Discord was lost", in_doubt=True)


def thread(number: int) -> Destination:
    """Return a thread of the test server."""
    return Destination(DestinationKind.THREAD, number, 1)


@pytest.fixture
async def opened(delivery: Delivery) -> Destination:
    """Return the thread of the story "first", which Discord has opened under its card; its answer was lost."""
    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    delivery.publisher.thread_refusals.append(UNANSWERED)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    (card,) = delivery.publisher.sent_to(1)
    return thread(delivery.publisher.message_ids[card.key])


@pytest.mark.parametrize("ended", [False, True], ids=["it stays", "it is ended at once"])
async def test_a_follow_in_an_unrecorded_thread_blocks_nothing(
    ended: bool, opened: Destination, delivery: Delivery
) -> None:
    """A follow in a thread that is not recorded yet blocks nothing.

    The news arrives in the thread once, and the channel goes on with other stories.
    """
    follow, _ = await delivery.subscriptions.follow(opened, story("first"), created_by=2)
    if ended:
        await delivery.subscriptions.unfollow(follow)
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    for slug in ("second", "third"):
        await delivery.publish(draft(slug))
    await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.send_due()
    assert delivery.publisher.headlines(opened.discord_id) == ["First news of first", "Second news"]
    assert [post.post_type for post in delivery.publisher.sent_to(1)] == [PostType.CARD] * 3
    assert (await delivery.get_backlog()).waiting_count == 0
    assert [kept.id for kept in await delivery.subscriptions.list_in_destination(opened.discord_id)] == (
        [] if ended else [follow.id]
    )
    await delivery.store.check()


@pytest.mark.parametrize("sent", [False, True], ids=["both wait", "one was sent"])
async def test_what_both_follows_were_owed_meanwhile_is_posted_once(
    sent: bool, opened: Destination, delivery: Delivery
) -> None:
    """The thread's own follow has its post in the thread before the bot knows that the card's posts go there too."""
    await delivery.subscriptions.follow(opened, EVERYTHING, created_by=2)
    told = await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.publish(draft("second"))
    if sent:
        await delivery.send_due()
        assert "Second news" in delivery.publisher.headlines(opened.discord_id)
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    arrived = delivery.publisher.headlines(opened.discord_id)
    assert sorted(arrived) == ["First news of first", "First news of second", "Second news"]
    await delivery.correct("first", "Better news", key=told.new_developments[0].key)
    await delivery.send_due()
    (shown,) = [
        lines for lines in delivery.publisher.message_headlines.values() if any("Better" in line for line in lines)
    ]
    assert shown.count("Better news") == 1
    assert (await delivery.get_backlog()).waiting_count == 0
    await delivery.store.check()


async def test_a_digest_of_the_thread_is_still_made(opened: Destination, delivery: Delivery) -> None:
    await delivery.subscriptions.follow(
        opened, EVERYTHING, created_by=2, settings=FollowSettings(mode=DeliveryMode.DAILY)
    )
    await delivery.publish(draft("second"))
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    assert delivery.publisher.headlines(opened.discord_id) == ["First news of first"]
    delivery.clock.forward(hours=24)
    await delivery.send_due()
    assert [post.post_type for post in delivery.publisher.sent_to(opened.discord_id)] == [PostType.POST, PostType.DAILY]


async def test_a_followed_forum_post_is_one_destination(delivery: Delivery) -> None:
    """A forum post that somebody follows in is one destination."""
    await delivery.subscriptions.follow(Destination(DestinationKind.FORUM, 7, 1), EVERYTHING, created_by=1)
    delivery.publisher.accepts_refused_posts = True
    delivery.refuse(7, UNANSWERED)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    (card,) = delivery.publisher.sent_to(7)
    where = thread(delivery.publisher.message_ids[card.key])
    await delivery.subscriptions.follow(where, story("first"), created_by=2)
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    await delivery.publish(draft("second"))
    await delivery.send_due()
    assert delivery.publisher.headlines(where.discord_id) == ["First news of first"]
    assert len(delivery.publisher.sent_to(7)) == 2


async def test_a_deleted_thread_ends_the_follows_in_it(delivery: Delivery) -> None:
    """Who made these is told. What the channel is owed goes into a new thread; what the thread's own follow is owed, nowhere."""
    for slug in ("first", "other"):
        await delivery.publish(draft(slug))
    await delivery.subscriptions.follow(channel(1), story("first"), created_by=1, settings=FollowSettings(threads=True))
    await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.send_due()
    (number,) = delivery.publisher.threads
    await delivery.subscriptions.follow(thread(number), story("other"), created_by=2)
    delivery.refuse(
        number, TryAgain("Discord answered 503", in_doubt=False), DestinationGone("the channel no longer exists")
    )
    await delivery.publish(more("other", news("Other news", date="2025-10")))
    await delivery.publish(more("first", news("Third news", date="2025-10")))
    await delivery.send_due()
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    assert delivery.publisher.warnings == [(number, (2,), "the channel no longer exists")]
    (follow,) = await delivery.subscriptions.list_in_destination(number)
    assert (follow.state, follow.reason) == (FollowState.STOPPED, "the channel no longer exists")
    (renewed,) = delivery.publisher.threads.keys() - {number}
    assert (delivery.publisher.headlines(number), delivery.publisher.headlines(renewed)) == (
        ["Second news"],
        ["Third news"],
    )
    assert ((await delivery.get_backlog()).waiting_count, (await delivery.get_backlog()).failed_count) == (0, 1)
    (served,) = await delivery.subscriptions.list_in_destination(1)
    assert served.state is FollowState.ACTIVE


async def test_a_partly_recorded_outcome_settles_its_post(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """An outcome that cannot be recorded as a whole still settles its post.

    Whatever conflict is met: the card counts as sent, and the channel goes on.
    """

    async def conflict(*_: object) -> None:
        raise IntegrityError("UPDATE destination", {}, ValueError("UNIQUE constraint failed"))

    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    with monkeypatch.context() as broken:
        broken.setattr(StoryThreads, "mark_opened", conflict)
        await delivery.publish(draft("first"))
        await delivery.send_due()
    await delivery.publish(draft("second"))
    await delivery.send_due()
    assert [post.post_type for post in delivery.publisher.sent_to(1)] == [PostType.CARD, PostType.CARD]
    assert delivery.publisher.headlines(list(delivery.publisher.threads)[-1]) == ["First news of second"]
    left = await delivery.get_backlog()
    assert (left.waiting_count, left.failed_count) == (0, 1)


async def test_an_unrecorded_refusal_settles_its_post(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refusal that cannot be recorded still settles its post."""

    async def conflict(*_: object) -> None:
        raise IntegrityError("INSERT INTO destination", {}, ValueError("UNIQUE constraint failed"))

    await delivery.follow_channel(1)
    delivery.refuse(1, DestinationGone("the channel no longer exists"))
    with monkeypatch.context() as broken:
        broken.setattr(StoryThreads, "replace_deleted", conflict)
        await delivery.publish(draft("first"))
        await delivery.send_due()
    await delivery.publish(draft("second"))
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of second"]
    left = await delivery.get_backlog()
    assert (left.waiting_count, left.failed_count) == (0, 1)
