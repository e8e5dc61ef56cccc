"""The scene of the delivery tests: a store, the services above it, and a Discord in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import TryAgain
from bot.delivery.subscriptions import Subscriptions
from bot.model.delivery_report import DestinationHealth
from bot.model.expected_event import ExpectedEvent
from bot.model.follow import EVERYTHING, Follow
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.model.post import Post
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft
from bot.newsroom.story_writer import PublishOutcome
from bot.store import OutboxStats, Store
from tests.engines import StoreDatabase
from tests.store.material import HandClock, channel, draft, expecting, more, news
from tests.store.publishing import RecordingPublisher

LEASE = timedelta(seconds=120)


def lost_answer() -> TryAgain:
    """Return an error after which Discord may have taken the post."""
    return TryAgain("the connection to Discord was lost", in_doubt=True)


def not_taken(after: float = 0.0) -> TryAgain:
    """Return an error after which Discord has surely not taken the post."""
    return TryAgain("Discord asked the bot to wait", in_doubt=False, retry_after=after)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Hold what a test of delivery acts with, and the steps that most of them take."""

    database: StoreDatabase
    store: Store
    desk: Desk
    subscriptions: Subscriptions
    settings: DeliverySettingsService
    dispatcher: Dispatcher
    publisher: RecordingPublisher
    clock: HandClock
    bell: asyncio.Event

    async def follow_channel(
        self, number: int, *, guild: int = 1, created_by: int = 1, settings: FollowSettings = DEFAULT_FOLLOW_SETTINGS
    ) -> Follow:
        """Let a channel follow everything."""
        follow, _ = await self.subscriptions.follow(
            channel(number, guild), EVERYTHING, created_by=created_by, settings=settings
        )
        return follow

    async def publish(self, story: StoryDraft) -> PublishOutcome:
        """Publish a story, or more of one."""
        return await self.desk.publish(story, actor="test")

    async def publish_events(self, *events: ExpectedEvent, slug: str = "alpha-beta") -> PublishOutcome:
        """Publish expected events of a story that is there, or changes of them."""
        return await self.publish(expecting(more(slug), *events))

    async def publish_news(self, *slugs: str) -> None:
        """Publish a story for each slug, with one development, whose key is "told"."""
        for slug in slugs:
            await self.publish(draft(slug, news(f"First news of {slug}", key="told")))

    async def correct(self, slug: str, headline: str, *, key: str = "told") -> int:
        """Change the headline of a development. Return how many messages must be edited."""
        return (await self.desk.correct(slug, key, {"headline": headline}, actor="test")).edits

    async def retract(self, slug: str) -> PublishOutcome:
        """Retract the development of a story that `publish_news` published."""
        return await self.desk.retract(slug, "told", "It was not so", actor="test")

    def refuse(self, number: int, *refusals: Exception) -> None:
        """Let the next attempts to post in a channel fail with these errors, one after the other."""
        self.publisher.refuse(number, *refusals)

    async def send_due(self) -> None:
        """Send and edit all that is due."""
        await self.dispatcher.run_until_idle()

    async def lease(self) -> tuple[Post, ...]:
        """Lease what is due, as a process would that then does nothing with it."""
        async with self.store.write() as tx:
            return await tx.outbox.lease_due(self.clock(), self.clock() + LEASE, 100)

    async def recover(self) -> int:
        """Do what a new process begins with. Return how many posts came to be in doubt."""
        async with self.store.write() as tx:
            return await tx.outbox.recover(self.clock())

    async def is_due(self) -> bool:
        """Return whether there is anything to send or edit now."""
        async with self.store.read() as tx:
            return await tx.outbox.has_due(self.clock())

    async def get_backlog(self) -> OutboxStats:
        """Return the outbox in figures."""
        async with self.store.read() as tx:
            return await tx.outbox.get_stats()

    async def get_health(self, number: int) -> DestinationHealth:
        """Return how one channel fares."""
        async with self.store.read() as tx:
            return (await tx.destination_health.get_health([number]))[number]
