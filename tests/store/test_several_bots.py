"""Several bots on one PostgreSQL: what each may do, and what becomes of the work of one that dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import CHECK_LEASE
from bot.delivery.subscriptions import Subscriptions
from bot.errors import LeaseLost
from bot.heartbeat import Heartbeat
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import EVERYTHING
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.post import Post, SentMessage
from bot.newsroom.desk import Desk
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.sharing import lead_when_leader, share_limit
from bot.store import Membership, SoleMember, Store, open_store
from tests.postgres import cut_off_bot
from tests.store.material import HandClock, channel, draft, more, news
from tests.store.publishing import RecordingPublisher
from tests.store.waiting import LONG, until
from tests.unit.news import START, article


class CheckingPublisher(RecordingPublisher):
    """Ask before each request whether the bot still has the post, as the client's session does."""

    async def send(self, post: Post) -> SentMessage:
        await CHECK_LEASE.get()()
        return await super().send(post)


@dataclass(frozen=True, slots=True)
class Bot:
    """One of several bots, each with a connection of its own to the store."""

    store: Store
    membership: Membership
    publisher: CheckingPublisher
    dispatcher: Dispatcher
    desk: Desk
    subscriptions: Subscriptions

    async def follow(self, number: int, settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS) -> None:
        await self.subscriptions.follow(channel(number), EVERYTHING, created_by=1, settings=settings)


@pytest.fixture
async def bots(postgres_url: str, clock: HandClock) -> AsyncIterator[tuple[Bot, Bot]]:
    """Return the leader and another bot, which share one Discord."""
    async with AsyncExitStack() as stack:
        made: list[Bot] = []
        for shard in (0, 1):
            store = await stack.enter_async_context(open_store(postgres_url, clock=clock))
            membership = await stack.enter_async_context(store.join([shard]))
            publisher = CheckingPublisher()
            dispatcher = Dispatcher(store, publisher, clock, asyncio.Event(), membership=membership)
            made.append(Bot(store, membership, publisher, dispatcher, Desk(store, clock), Subscriptions(store, clock)))
        # What one has sent, the other finds.
        made[1].publisher.message_ids = made[0].publisher.message_ids
        await until(lambda: all(bot.membership.worker_count == 2 for bot in made))
        leader, other = sorted(made, key=lambda bot: not bot.membership.is_leader)
        yield leader, other


async def take_over(bot: Bot, worker_id: int) -> None:
    """Let a bot take over what another one had."""
    lost: set[int] = set()
    async with asyncio.timeout(LONG):
        while worker_id not in lost:
            lost.update(bot.membership.take_lost())
            await asyncio.sleep(0.01)
    async with bot.store.write() as tx:
        await tx.workers.remove(lost)
        await tx.outbox.end_lost_leases()


async def test_a_post_of_a_bot_that_died_is_searched_and_sent_by_another(
    postgres_url: str, bots: tuple[Bot, Bot]
) -> None:
    leader, other = bots
    await leader.follow(7)
    await leader.desk.publish(draft("alpha-beta"), actor="test")
    worker_id = leader.membership.worker_id
    now = leader.dispatcher._clock()
    async with leader.store.write() as tx:
        (post,) = await tx.outbox.lease_due(now, now + timedelta(minutes=2), 10, leased_by=worker_id)
    await other.dispatcher.run_until_idle()
    assert other.publisher.sent_posts == []
    cut_off_bot(postgres_url, leader.membership.worker_id)
    await take_over(other, worker_id)
    await other.dispatcher.run_until_idle()
    assert [each.key for each in other.publisher.searched_posts] == [post.key]
    (sent_post,) = other.publisher.sent_posts
    assert sent_post.key == post.key
    assert sent_post.attempts == 1, "the interrupted attempt counts as none"


async def test_a_bot_that_was_taken_for_dead_sends_and_records_nothing(
    postgres_url: str, bots: tuple[Bot, Bot]
) -> None:
    """It leased a post, slept, and wakes up when another bot has sent it."""
    leader, other = bots
    await leader.follow(7)
    await leader.desk.publish(draft("alpha-beta"), actor="test")
    worker_id = leader.membership.worker_id
    gate = leader.publisher.close(7)
    sending = asyncio.create_task(leader.dispatcher.run_until_idle())
    await leader.publisher.attempt.wait()
    cut_off_bot(postgres_url, leader.membership.worker_id)
    await take_over(other, worker_id)
    await other.dispatcher.run_until_idle()
    (sent,) = other.publisher.sent_posts
    gate.set()
    await asyncio.wait_for(sending, LONG)
    assert leader.publisher.sent_posts == []
    assert sent.in_doubt
    assert other.publisher.searched_posts == [sent]
    async with other.store.read() as tx:
        stats = await tx.outbox.get_stats()
    assert (stats.sent_count, stats.waiting_count) == (1, 0)


async def test_no_request_leaves_after_the_lease_was_lost(postgres_url: str, bots: tuple[Bot, Bot]) -> None:
    leader = bots[0]
    await leader.follow(7)
    await leader.desk.publish(draft("alpha-beta"), actor="test")
    now = leader.dispatcher._clock()
    async with leader.store.write() as tx:
        (post,) = await tx.outbox.lease_due(now, now + timedelta(minutes=2), 10, leased_by=leader.membership.worker_id)
    former = leader.membership.worker_id
    await leader.dispatcher._check_lease(post)
    cut_off_bot(postgres_url, leader.membership.worker_id)
    await until(lambda: leader.membership.worker_id != former)
    with pytest.raises(LeaseLost):
        await leader.dispatcher._check_lease(post)


async def test_desks_in_two_bots_write_at_once(bots: tuple[Bot, Bot]) -> None:
    """They read, and then write what depends on it: without turns, most would fail."""
    for bot in bots:
        await bot.follow(bot.membership.worker_id)
    await bots[0].desk.publish(draft("alpha-beta"), actor="test")

    async def publish(bot: Bot, task: int) -> None:
        for number in range(5):
            await bot.desk.publish(more("alpha-beta", news(f"Step {number}", key=f"step-{number}")), actor=f"{task}")

    await asyncio.gather(*(publish(bots[task % 2], task) for task in range(6)))
    async with bots[0].store.read() as tx:
        story = await tx.stories.get("alpha-beta")
        assert len(story.developments) == 6


async def test_only_the_leader_makes_digests(bots: tuple[Bot, Bot], clock: HandClock) -> None:
    leader, other = bots
    await leader.follow(7, FollowSettings(mode=DeliveryMode.DAILY))
    await leader.desk.publish(draft("alpha-beta"), actor="test")
    clock.forward(days=2)
    await other.dispatcher.run_until_idle()
    assert other.publisher.sent_posts == []
    await leader.dispatcher.run_until_idle()
    await other.dispatcher.run_until_idle()
    assert len(leader.publisher.sent_posts) + len(other.publisher.sent_posts) == 1


async def test_a_bot_that_starts_leaves_the_leases_of_the_others(bots: tuple[Bot, Bot]) -> None:
    leader, other = bots
    await leader.follow(7)
    await leader.desk.publish(draft("alpha-beta"), actor="test")
    now = leader.dispatcher._clock()
    async with leader.store.write() as tx:
        await tx.outbox.lease_due(now, now + timedelta(minutes=2), 10, leased_by=leader.membership.worker_id)
    await other.dispatcher._recover()
    async with other.store.write() as tx:
        assert await tx.outbox.end_lost_leases() == 0
        assert not await tx.outbox.has_due(now)


async def test_the_leaders_tracker_learns_what_an_editor_decided_elsewhere(bots: tuple[Bot, Bot]) -> None:
    leader, other = bots

    def make_tracker(bot: Bot) -> PersistentTracker:
        return PersistentTracker(bot.store, lambda: START + timedelta(days=9), lambda: None)

    tracker, elsewhere = make_tracker(leader), make_tracker(other)
    desk = Desk(leader.store, lambda: START)
    await desk.publish(draft("lisbon-floods", news("Storm floods the harbour of Lisbon"), parties=()), actor="test")
    await tracker.judge(article(1, "Ferry to Barreiro stops for the day"))
    await elsewhere.assign("a1", "lisbon-floods")
    judgement = await tracker.judge(article(2, "Ferry to Barreiro stops for a day", hours=1))
    assert judgement.story == "lisbon-floods"


class Work:
    """Work of the leader: whether it runs."""

    def __init__(self) -> None:
        self.is_running = False

    async def run(self) -> None:
        self.is_running = True
        try:
            await asyncio.Event().wait()
        finally:
            self.is_running = False


async def test_the_leaders_work_follows_the_leadership() -> None:
    membership, work, heartbeat = SoleMember(), Work(), Heartbeat(60.0)
    leading = asyncio.create_task(lead_when_leader(membership, [work], [heartbeat]))
    await until(lambda: work.is_running)
    membership.is_leader = False
    await until(lambda: not work.is_running)
    await until(lambda: heartbeat.age is not None)
    membership.is_leader = True
    await until(lambda: work.is_running)
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    assert not work.is_running


async def test_a_share_of_the_limit_shrinks_at_once() -> None:
    """And a bot that joins others begins with little, until they have shrunk theirs."""
    membership, rates = SoleMember(), [45.0]
    membership.worker_count = 3
    sharing = asyncio.create_task(share_limit(membership, rates.append, 45.0))
    await until(lambda: rates[-1] == 1.0)
    sharing.cancel()
    membership.worker_count = 1
    sharing = asyncio.create_task(share_limit(membership, rates.append, 45.0))
    await asyncio.sleep(0)
    membership.worker_count = 3
    await until(lambda: rates[-1] == 15.0)
    membership.worker_count = 5
    await until(lambda: rates[-1] == 9.0)
    sharing.cancel()
    await asyncio.gather(sharing, return_exceptions=True)
    assert rates == [45.0, 1.0, 15.0, 9.0]
