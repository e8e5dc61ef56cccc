"""A post on its way: tried until it stands, once, whatever fails meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest

from bot.delivery import dispatcher as dispatching
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import DestinationGone, TryAgain, Undeliverable
from bot.model.follow import FollowState
from bot.model.post import Post
from bot.platforms.discord import history_search
from tests.store.delivery import Delivery, lost_answer, not_taken


@pytest.fixture(autouse=True)
async def follow_channels(delivery: Delivery) -> None:
    """Two channels follow everything."""
    for place in (1, 2):
        await delivery.follow_channel(place)


async def due_in(delivery: Delivery) -> float:
    """Return the seconds until the next post may be tried; not a moment before is anything due."""
    ((found,),) = delivery.database.query("SELECT min(due_at) FROM post WHERE state = 'pending'")
    due = datetime.fromisoformat(found)
    async with delivery.store.read() as tx:
        assert not await tx.outbox.has_due(due - timedelta(microseconds=1))
        assert await tx.outbox.has_due(due)
    return (due - delivery.clock()).total_seconds()


def slugs(posts: Iterable[Post], place: int) -> list[str]:
    """Return the stories of what these posts carry to a channel."""
    return [c.story.slug for post in posts if post.destination.discord_id == place for c in post.items]


async def figures(delivery: Delivery) -> tuple[int, int, int]:
    """Return posts that wait, are sent, have failed."""
    backlog = await delivery.get_backlog()
    return backlog.waiting_count, backlog.sent_count, backlog.failed_count


async def test_posts_of_a_channel_are_sent_oldest_first(delivery: Delivery) -> None:
    """All that is due is sent by one run, and each post is recorded with its message."""
    await delivery.publish_news("first", "second", "third")
    await delivery.send_due()
    expected = [f"First news of {slug}" for slug in ("first", "second", "third")]
    assert delivery.publisher.headlines(1) == delivery.publisher.headlines(2) == expected
    assert await figures(delivery) == (0, 6, 0)


async def test_a_channels_second_post_waits_for_the_first(delivery: Delivery) -> None:
    """No second post of a channel leaves before the first is closed.

    Neither while it is under way, nor while it waits for its next try, however long.
    """
    delivery.refuse(1, not_taken(), lost_answer(), not_taken())
    await delivery.publish_news("first", "second")
    for _ in range(3):
        await delivery.send_due()
        assert delivery.publisher.headlines(1) == []
        assert set(slugs(delivery.publisher.attempted_posts, 1)) == {"first"}
        delivery.clock.forward(seconds=400)
    await delivery.send_due()
    assert delivery.publisher.headlines(1) == ["First news of first", "First news of second"]


async def test_a_channel_under_way_is_not_leased_again(delivery: Delivery) -> None:
    """Of two posts of a channel and two of another, a lease gives the oldest of each, and a second lease none."""
    await delivery.publish_news("first", "second")
    async with delivery.store.write() as tx:
        leased = await tx.outbox.lease_due(delivery.clock(), delivery.clock() + timedelta(seconds=60), 10)
        again = await tx.outbox.lease_due(delivery.clock(), delivery.clock() + timedelta(seconds=60), 10)
    assert (slugs(leased, 1), slugs(leased, 2)) == (["first"], ["first"])
    assert again == ()


async def test_a_channel_that_fails_or_hangs_holds_up_no_other(delivery: Delivery) -> None:
    """The others get everything while one has not even answered to its first post."""
    gate = delivery.publisher.close(1)
    await delivery.publish_news("first", "second", "third")
    sending = asyncio.create_task(delivery.send_due())
    async with asyncio.timeout(60):
        while len(delivery.publisher.headlines(2)) < 3:
            delivery.publisher.arrival.clear()
            await delivery.publisher.arrival.wait()
        assert delivery.publisher.headlines(1) == []
        gate.set()
        await sending
    assert delivery.publisher.headlines(1) == delivery.publisher.headlines(2)


async def test_more_channels_than_go_at_once_are_all_served(delivery: Delivery) -> None:
    """Two at a time, ten channels, two posts each."""
    for place in range(3, 11):
        await delivery.follow_channel(place)
    await delivery.publish_news("first", "second")
    await Dispatcher(delivery.store, delivery.publisher, delivery.clock, delivery.bell, parallel=2).run_until_idle()
    for place in range(1, 11):
        assert delivery.publisher.headlines(place) == ["First news of first", "First news of second"]


async def test_an_unsent_post_is_retried_with_the_same_nonce(delivery: Delivery) -> None:
    """A post that Discord did not take is retried later with the same nonce.

    Not before its time; and nobody looks for what was surely not sent.
    """
    delivery.refuse(1, not_taken(), not_taken())
    await delivery.publish_news("first")
    await delivery.send_due()
    await delivery.send_due()
    assert len(delivery.publisher.attempted_posts) == 2
    for _ in range(2):
        delivery.clock.forward(seconds=60)
        await delivery.send_due()
    tries = [post for post in delivery.publisher.attempted_posts if post.destination.discord_id == 1]
    assert [post.attempts for post in tries] == [1, 2, 3]
    assert len({(post.key, post.nonce) for post in tries}) == 1
    assert delivery.publisher.searched_posts == []
    assert await figures(delivery) == (0, 2, 0)


async def test_the_wait_between_tries_grows_to_a_limit(delivery: Delivery) -> None:
    """Twice as long each time, give or take, up to five minutes."""
    delivery.refuse(1, *(not_taken() for _ in range(14)))
    await delivery.publish_news("first")
    waits = []
    for _ in range(14):
        await delivery.send_due()
        waits.append(await due_in(delivery))
        delivery.clock.forward(seconds=waits[-1])
    assert all(2.0**n / 2 <= wait <= 2.0**n for n, wait in enumerate(waits[:8], start=1))
    assert all(150 <= wait <= 300 for wait in waits[8:])


async def test_a_post_that_was_tried_for_weeks_is_still_tried(delivery: Delivery) -> None:
    """After 5,000 tries the wait is no longer than before, and the post arrives when it can."""
    delivery.refuse(1, not_taken())
    await delivery.publish_news("first")
    delivery.database.execute("UPDATE post SET attempts = 5000")
    await delivery.send_due()
    assert 150 <= await due_in(delivery) <= 300
    delivery.clock.forward(seconds=300)
    await delivery.send_due()
    assert await figures(delivery) == (0, 2, 0)


async def test_discords_own_wait_is_kept(delivery: Delivery) -> None:
    """When it asks for longer than we would have waited."""
    delivery.refuse(1, TryAgain("Discord asked the bot to wait", in_doubt=False, retry_after=1_000))
    await delivery.publish_news("first")
    await delivery.send_due()
    assert await due_in(delivery) == 1_000


async def test_a_doubtful_post_that_exists_is_not_sent_again(delivery: Delivery) -> None:
    """A post in doubt is searched for, and not sent again if it exists.

    Discord had taken it and its answer was lost: the message that is found is recorded as the post's.
    """
    delivery.publisher.accepts_refused_posts = True
    delivery.refuse(1, lost_answer())
    await delivery.publish_news("first")
    await delivery.send_due()
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert [post.in_doubt for post in delivery.publisher.searched_posts] == [True]
    assert len(delivery.publisher.attempted_posts) == 2
    assert delivery.publisher.headlines(1) == ["First news of first"]
    recorded = delivery.database.query("SELECT key, message_id FROM post WHERE state = 'sent'")
    assert {row.key: row.message_id for row in recorded} == delivery.publisher.message_ids


async def test_a_doubtful_post_that_is_missing_is_sent_again(delivery: Delivery) -> None:
    """A post in doubt that does not exist is sent again and stays in doubt.

    A later try that was surely not taken does not clear the first one's doubt: it is looked for before every try.
    """
    delivery.refuse(1, lost_answer(), not_taken())
    await delivery.publish_news("first")
    for _ in range(3):
        await delivery.send_due()
        delivery.clock.forward(seconds=60)
    tries = [post for post in delivery.publisher.attempted_posts if post.destination.discord_id == 1]
    assert [post.in_doubt for post in tries] == [False, True, True]
    assert len(delivery.publisher.searched_posts) == 2
    assert len({post.nonce for post in tries}) == 1
    assert delivery.publisher.headlines(1) == ["First news of first"]


async def test_a_deleted_channel_stops_its_follows(delivery: Delivery) -> None:
    """A channel that is gone closes the post and stops the channel's follows with the reason.

    The other channel goes on; the post is not tried again, and nothing new is owed.
    """
    delivery.refuse(1, DestinationGone("the channel no longer exists"))
    await delivery.publish_news("first")
    await delivery.send_due()
    assert await figures(delivery) == (0, 1, 1)
    follows = {follow.destination.discord_id: follow for follow in await delivery.subscriptions.list_in_guild(1)}
    assert (follows[1].state, follows[1].reason) == (FollowState.STOPPED, "the channel no longer exists")
    assert (follows[2].state, follows[2].reason) == (FollowState.ACTIVE, "")
    await delivery.publish_news("second")
    await delivery.send_due()
    assert len(delivery.publisher.attempted_posts) == 3


async def test_a_refused_post_is_closed_and_its_follows_go_on(delivery: Delivery) -> None:
    """A post that Discord refuses is closed, and its follows go on.

    It was this message that was wrong, not the place: the next one is sent.
    """
    delivery.refuse(1, Undeliverable("Discord refused this message"))
    await delivery.publish_news("first", "second")
    await delivery.send_due()
    assert await figures(delivery) == (0, 3, 1)
    assert delivery.publisher.headlines(1) == ["First news of second"]
    assert {follow.state for follow in await delivery.subscriptions.list_in_guild(1)} == {FollowState.ACTIVE}


async def test_an_error_of_our_own_is_tried_again_in_doubt(delivery: Delivery) -> None:
    """It may have come before the post was sent or after; it costs no other channel anything."""
    delivery.refuse(1, LookupError("a bug"))
    await delivery.publish_news("first")
    await delivery.send_due()
    assert delivery.publisher.headlines(2) == ["First news of first"]
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert len(delivery.publisher.searched_posts) == 1
    assert await figures(delivery) == (0, 2, 0)


async def test_a_try_that_takes_too_long_is_given_up_in_doubt(
    delivery: Delivery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before its lease ends, so that no post is ever on two ways at once."""
    assert timedelta(seconds=dispatching.ATTEMPT_SECONDS) < dispatching.LEASE_DURATION
    # A search that ends only with its try would be repeated for ever.
    assert history_search.MAX_SECONDS + 10 < dispatching.ATTEMPT_SECONDS
    monkeypatch.setattr(dispatching, "ATTEMPT_SECONDS", 0.05)
    gate = delivery.publisher.close(1)
    await delivery.publish_news("first")
    async with asyncio.timeout(60):
        await delivery.send_due()
    gate.set()
    delivery.clock.forward(seconds=60)
    await delivery.send_due()
    assert [post.in_doubt for post in delivery.publisher.searched_posts] == [True]
    assert delivery.publisher.headlines(1) == ["First news of first"]
