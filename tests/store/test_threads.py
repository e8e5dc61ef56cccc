"""A story's thread and the card over it: what is deleted or locked there keeps nothing else from arriving."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.outcomes import MIN_BLOCKED_WAIT
from bot.delivery.port import DestinationGone, MessageGone, ThreadLocked, TryAgain
from bot.delivery.subscriptions import Subscriptions
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostType
from bot.newsroom.desk import Desk
from bot.store import Store
from tests.store.material import START, HandClock, channel, draft, more, news
from tests.store.publishing import RecordingPublisher

FORUM = Destination(DestinationKind.FORUM, 7, 1)


async def test_a_card_deleted_before_its_thread_opens_is_resent(
    desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """A card that is deleted before its thread is opened is sent again.

    With a key of its own, for Discord would answer the old nonce with the deleted message; the news arrives.
    """
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    publisher.refused_threads.append(MessageGone("the message was deleted"))
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    cards = publisher.sent_to(1)
    assert [card.post_type for card in cards] == [PostType.CARD] * 2
    assert len({card.key for card in cards}) == 2
    (thread,) = publisher.threads
    assert publisher.headlines(thread) == ["First news of first"]


async def test_a_deleted_thread_is_no_news_to_those_who_follow(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """However often what stood in it is corrected; the follow goes on, and the next news opens another thread."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    told = await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    (thread,) = publisher.threads
    publisher.refuse_edits(thread, DestinationGone("the channel is gone"), DestinationGone("the channel is gone"))
    for said in ("Better", "Best"):
        await desk.correct("first", told.new_developments[0].key, {"headline": said}, actor="test")
        await dispatcher.run_until_idle()
    assert publisher.warned == []
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    assert [publisher.headlines(opened) for opened in publisher.threads if opened != thread] == [["Second news"]]
    async with store.read() as tx:
        backlog = await tx.outbox.get_stats()
    assert (backlog.waiting_count, backlog.correction_count, backlog.failed_count) == (0, 0, 0)


async def test_posts_set_aside_in_a_deleted_thread_move_on(
    store: Store, desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher
) -> None:
    """A post that was set aside in a deleted thread arrives in the next one, as do the posts that wait."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    told = await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    (thread,) = publisher.threads
    publisher.refuse(thread, TryAgain("Discord refuses it", in_doubt=False))
    await desk.publish(more("first", news("Second news", date="2025-09")), actor="test")
    await dispatcher.run_until_idle()
    async with store.write() as tx:
        await tx.set_aside_posts.set_aside(publisher.tried[-1].id, "Discord refuses it", START)
    publisher.refuse_edits(thread, DestinationGone("the channel is gone"))
    await desk.correct("first", told.new_developments[0].key, {"headline": "Better"}, actor="test")
    await dispatcher.run_until_idle()
    assert [publisher.headlines(opened) for opened in publisher.threads if opened != thread] == [["Second news"]]
    async with store.read() as tx:
        backlog = await tx.outbox.get_stats()
    assert (backlog.waiting_count, backlog.set_aside_count, backlog.failed_count) == (0, 0, 0)


async def test_a_merged_storys_posts_move_to_the_other_thread(
    desk: Desk, subscriptions: Subscriptions, dispatcher: Dispatcher, publisher: RecordingPublisher, clock: HandClock
) -> None:
    """Posts that wait for the thread of a merged story arrive in the other thread if theirs is deleted."""
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    for slug in ("first", "second"):
        await desk.publish(draft(slug), actor="test")
        await dispatcher.run_until_idle()
    gone, stays = publisher.threads
    publisher.refuse(gone, TryAgain("Discord answered 503", in_doubt=False), DestinationGone("the channel is gone"))
    await desk.publish(more("first", news("More of the first")), actor="test")
    await dispatcher.run_until_idle()
    await desk.merge("first", "second", actor="test")
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    assert publisher.headlines(stays) == ["First news of second", "More of the first"]


@pytest.mark.parametrize("takes", [True, False])
async def test_a_card_without_its_thread_is_not_sent_again(
    takes: bool,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """A card whose thread could not be opened is not sent again.

    Whatever Discord answered: the card stands, and the next try finds it.
    """
    await subscriptions.follow(channel(1), EVERYTHING, created_by=1, settings=FollowSettings(threads=True))
    publisher.refused_threads.append(TryAgain("Discord answered 500", in_doubt=takes))
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    clock.forward(minutes=10)
    await dispatcher.run_until_idle()
    assert [card.post_type for card in publisher.sent_to(1)] == [PostType.CARD]
    (thread,) = publisher.threads
    assert publisher.headlines(thread) == ["First news of first"]


async def test_a_locked_thread_of_one_story_does_not_block_the_forum(
    store: Store,
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
) -> None:
    """Its card waits; another story opens its own thread meanwhile, and the card is brought up to date once it may be."""
    await subscriptions.follow(FORUM, EVERYTHING, created_by=1)
    await desk.publish(draft("first"), actor="test")
    await dispatcher.run_until_idle()
    thread = next(iter(publisher.stands.values()))
    publisher.refuse_edits(FORUM.discord_id, ThreadLocked("the thread is locked"))
    await desk.edit_story("first", lambda face: replace(face, headline="Renamed"), actor="test")
    await dispatcher.run_until_idle()
    async with store.read() as tx:
        health = await tx.destination_health.get_health([FORUM.discord_id])
    assert (health[FORUM.discord_id].block_reason, health[FORUM.discord_id].blocked_thread_count) == ("", 1)
    assert publisher.warned == [(thread, (1,), "the thread is locked")]
    await desk.publish(draft("second"), actor="test")
    await dispatcher.run_until_idle()
    assert len(publisher.sent_to(FORUM.discord_id)) == 2
    edits = len(publisher.edited)
    clock.now += MIN_BLOCKED_WAIT + timedelta(seconds=1)
    await dispatcher.run_until_idle()
    assert len(publisher.edited) > edits
    assert publisher.headlines(thread) == ["First news of first"]


async def test_a_clock_jump_repeats_no_post_on_its_way(
    desk: Desk,
    subscriptions: Subscriptions,
    dispatcher: Dispatcher,
    publisher: RecordingPublisher,
    clock: HandClock,
    bell: asyncio.Event,
) -> None:
    """A post on its way is not sent twice if the clock is put forward.

    A forum's post has no nonce that would guard it: a machine that slept for an hour has ended every lease.
    """
    await subscriptions.follow(FORUM, EVERYTHING, created_by=1)
    gate = publisher.close(FORUM.discord_id)
    await desk.publish(draft("first"), actor="test")
    sending = asyncio.create_task(dispatcher.run_until_idle())
    async with asyncio.timeout(5):
        await publisher.trying.wait()
    clock.forward(hours=1)
    looking = asyncio.create_task(dispatcher.run_until_idle())
    for _ in range(200):
        await asyncio.sleep(0)
    assert len(publisher.tried) == 1
    gate.set()
    await asyncio.gather(sending, looking)
    assert [post.post_type for post in publisher.tried if post.destination == FORUM] == [PostType.CARD]
    assert publisher.looked_for == []
