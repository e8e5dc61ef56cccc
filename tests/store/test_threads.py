"""A story's thread and the card over it: what is deleted or locked there keeps nothing else from arriving."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.outcomes import MIN_BLOCKED_WAIT
from bot.delivery.port import DestinationGone, MessageGone, ThreadLocked, TryAgain
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostType
from tests.store.delivery import Delivery
from tests.store.material import START, draft, more, news

FORUM = Destination(DestinationKind.FORUM, 7, 1)


async def test_a_card_deleted_before_its_thread_opens_is_resent(delivery: Delivery) -> None:
    """A card that is deleted before its thread is opened is sent again.

    With a key of its own, for Discord would answer the old nonce with the deleted message; the news arrives.
    """
    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    delivery.publisher.thread_refusals.append(MessageGone("the message was deleted"))
    await delivery.publish(draft("first"))
    await delivery.send_due()
    cards = delivery.publisher.sent_to(1)
    assert [card.post_type for card in cards] == [PostType.CARD] * 2
    assert len({card.key for card in cards}) == 2
    (thread,) = delivery.publisher.threads
    assert delivery.publisher.headlines(thread) == ["First news of first"]


async def test_a_deleted_thread_is_no_news_to_those_who_follow(delivery: Delivery) -> None:
    """However often what stood in it is corrected; the follow goes on, and the next news opens another thread."""
    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    told = await delivery.publish(draft("first"))
    await delivery.send_due()
    (thread,) = delivery.publisher.threads
    delivery.publisher.refuse_edits(
        thread, DestinationGone("the channel no longer exists"), DestinationGone("the channel no longer exists")
    )
    for said in ("Better", "Best"):
        await delivery.correct("first", said, key=told.new_developments[0].key)
        await delivery.send_due()
    assert delivery.publisher.warnings == []
    await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.send_due()
    assert [delivery.publisher.headlines(opened) for opened in delivery.publisher.threads if opened != thread] == [
        ["Second news"]
    ]
    backlog = await delivery.get_backlog()
    assert (backlog.waiting_count, backlog.correction_count, backlog.failed_count) == (0, 0, 0)


async def test_posts_set_aside_in_a_deleted_thread_move_on(delivery: Delivery) -> None:
    """A post that was set aside in a deleted thread arrives in the next one, as do the posts that wait."""
    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    told = await delivery.publish(draft("first"))
    await delivery.send_due()
    (thread,) = delivery.publisher.threads
    delivery.refuse(thread, TryAgain("Discord refused it", in_doubt=False))
    await delivery.publish(more("first", news("Second news", date="2025-09")))
    await delivery.send_due()
    async with delivery.store.write() as tx:
        await tx.set_aside_posts.set_aside(delivery.publisher.attempted_posts[-1].id, "Discord refused it", START)
    delivery.publisher.refuse_edits(thread, DestinationGone("the channel no longer exists"))
    await delivery.correct("first", "Better", key=told.new_developments[0].key)
    await delivery.send_due()
    assert [delivery.publisher.headlines(opened) for opened in delivery.publisher.threads if opened != thread] == [
        ["Second news"]
    ]
    backlog = await delivery.get_backlog()
    assert (backlog.waiting_count, backlog.set_aside_count, backlog.failed_count) == (0, 0, 0)


async def test_a_merged_storys_posts_move_to_the_other_thread(delivery: Delivery) -> None:
    """Posts that wait for the thread of a merged story arrive in the other thread if theirs is deleted."""
    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    for slug in ("first", "second"):
        await delivery.publish(draft(slug))
        await delivery.send_due()
    gone, stays = delivery.publisher.threads
    delivery.refuse(
        gone, TryAgain("Discord answered 503", in_doubt=False), DestinationGone("the channel no longer exists")
    )
    await delivery.publish(more("first", news("More of the first")))
    await delivery.send_due()
    await delivery.desk.merge("first", "second", actor="test")
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    assert delivery.publisher.headlines(stays) == ["First news of second", "More of the first"]


@pytest.mark.parametrize("takes", [True, False])
async def test_a_card_without_its_thread_is_not_sent_again(takes: bool, delivery: Delivery) -> None:
    """A card whose thread could not be opened is not sent again.

    Whatever Discord answered: the card stands, and the next try finds it.
    """
    await delivery.follow_channel(1, settings=FollowSettings(threads=True))
    delivery.publisher.thread_refusals.append(TryAgain("Discord answered 500", in_doubt=takes))
    await delivery.publish(draft("first"))
    await delivery.send_due()
    delivery.clock.forward(minutes=10)
    await delivery.send_due()
    assert [card.post_type for card in delivery.publisher.sent_to(1)] == [PostType.CARD]
    (thread,) = delivery.publisher.threads
    assert delivery.publisher.headlines(thread) == ["First news of first"]


async def test_a_locked_thread_of_one_story_does_not_block_the_forum(delivery: Delivery) -> None:
    """Its card waits; another story opens its own thread meanwhile, and the card is brought up to date once it may be."""
    await delivery.subscriptions.follow(FORUM, EVERYTHING, created_by=1)
    await delivery.publish(draft("first"))
    await delivery.send_due()
    thread = next(iter(delivery.publisher.message_ids.values()))
    delivery.publisher.refuse_edits(FORUM.discord_id, ThreadLocked("the thread is locked"))
    await delivery.desk.edit_story("first", lambda face: replace(face, headline="Renamed"), actor="test")
    await delivery.send_due()
    async with delivery.store.read() as tx:
        health = await tx.destination_health.get_health([FORUM.discord_id])
    assert (health[FORUM.discord_id].block_reason, health[FORUM.discord_id].blocked_thread_count) == ("", 1)
    assert delivery.publisher.warnings == [(thread, (1,), "the thread is locked")]
    await delivery.publish(draft("second"))
    await delivery.send_due()
    assert len(delivery.publisher.sent_to(FORUM.discord_id)) == 2
    edits = len(delivery.publisher.edited_posts)
    delivery.clock.now += MIN_BLOCKED_WAIT + timedelta(seconds=1)
    await delivery.send_due()
    assert len(delivery.publisher.edited_posts) > edits
    assert delivery.publisher.headlines(thread) == ["First news of first"]


async def test_a_clock_jump_repeats_no_post_on_its_way(delivery: Delivery) -> None:
    """A post on its way is not sent twice if the clock is put forward.

    A forum's post has no nonce that would guard it: a machine that slept for an hour has ended every lease.
    """
    await delivery.subscriptions.follow(FORUM, EVERYTHING, created_by=1)
    gate = delivery.publisher.close(FORUM.discord_id)
    await delivery.publish(draft("first"))
    sending = asyncio.create_task(delivery.send_due())
    async with asyncio.timeout(60):
        await delivery.publisher.attempt.wait()
    delivery.clock.forward(hours=1)
    looking = asyncio.create_task(delivery.send_due())
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(delivery.publisher.attempted_posts) == 1
    gate.set()
    await asyncio.gather(sending, looking)
    assert [post.post_type for post in delivery.publisher.attempted_posts if post.destination == FORUM] == [
        PostType.CARD
    ]
    assert delivery.publisher.searched_posts == []
