"""How delivery is doing: the health of destinations, what became of each development, and the bot in figures."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from bot.model.delivery_report import ArticleDeliveryReport, DeliveryReport, DestinationHealth
from bot.model.follow import Follow
from bot.model.story import Story
from bot.store import OutboxStats, Store, Transaction

#: About how many articles of a feed it is told what became of them.
MAX_ARTICLES = 12
_MIN_LARGE_COUNT = 10_000
_COUNT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SystemStats:
    """The number of stories and active follows, and the outbox in figures."""

    story_count: int
    follow_count: int
    outbox: OutboxStats


class DeliveryMonitor:
    """Reads the state of deliveries; changes nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._story_count = _LargeCount()
        self._follow_count = _LargeCount()
        self._post_count = _LargeCount()

    async def get_health(self, follows: Iterable[Follow]) -> dict[int, DestinationHealth]:
        """Return the health of the destinations of these follows, by channel, thread or user id."""
        async with self._store.read() as tx:
            return await tx.destination_health.get_health([follow.destination.discord_id for follow in follows])

    async def get_reports(self, story: Story, discord_id: int) -> tuple[DeliveryReport, ...]:
        """Return what became of each development of a story in one destination, oldest first, and why."""
        async with self._store.read() as tx:
            return await tx.delivery_reports.build(story, discord_id)

    async def get_feed_reports(self, follow: Follow) -> tuple[ArticleDeliveryReport, ...]:
        """Return what became of the newest articles of a followed feed in its destination, newest first, and why."""
        async with self._store.read() as tx:
            return await tx.delivery_reports.build_for_feed(follow.id, MAX_ARTICLES)

    async def get_stats(self) -> SystemStats:
        """Count the stories, the active follows and the posts of the outbox.

        What is counted by the ten thousand can be a minute old: counting it takes longer with every day.
        """
        return await self._store.read_in_thread(self._collect_stats)

    async def _collect_stats(self, tx: Transaction) -> SystemStats:
        return SystemStats(
            await self._story_count.get(tx.stories.count),
            await self._follow_count.get(tx.follows.count_active),
            await tx.outbox.get_stats(await self._post_count.get(tx.outbox.count)),
        )


class _LargeCount:
    """A number of rows. Once it is large, it is counted again only after a while."""

    def __init__(self) -> None:
        self._value = 0
        self._expires_at = 0.0

    async def get(self, count: Callable[[], Awaitable[int]]) -> int:
        """Return the number, counted now or a short time ago."""
        if self._value < _MIN_LARGE_COUNT or time.monotonic() >= self._expires_at:
            self._value = await count()
            self._expires_at = time.monotonic() + _COUNT_SECONDS
        return self._value
