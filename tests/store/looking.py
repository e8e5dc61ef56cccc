"""What the tests of the outbox ask of it, and how they move it on."""

from __future__ import annotations

from datetime import timedelta

from bot.delivery.port import TryAgain
from bot.model.delivery_report import DestinationHealth
from bot.model.post import Post
from bot.newsroom.desk import Desk
from bot.store import OutboxStats, Store
from tests.store.material import HandClock, draft, news

LEASED_FOR = timedelta(seconds=120)


def lost_answer() -> TryAgain:
    """Return an error after which Discord may have taken the post."""
    return TryAgain("the connection to Discord broke", in_doubt=True)


def not_taken(after: float = 0.0) -> TryAgain:
    """Return an error after which Discord has certainly not taken the post."""
    return TryAgain("Discord asks to wait", in_doubt=False, retry_after=after)


async def publish(desk: Desk, *slugs: str) -> None:
    """Publish a story for each slug, with one development, whose key is "told"."""
    for slug in slugs:
        await desk.publish(draft(slug, news(f"First news of {slug}", key="told")), actor="test")


async def correct(desk: Desk, slug: str, headline: str) -> int:
    """Correct the headline of the story's development; return how many messages must be edited."""
    return (await desk.correct(slug, "told", {"headline": headline}, actor="test")).edits


async def lease(store: Store, clock: HandClock) -> tuple[Post, ...]:
    """Lease what is due now, as a process that then does nothing with it."""
    async with store.write() as tx:
        return await tx.outbox.lease_due(clock(), clock() + LEASED_FOR, 100)


async def recover(store: Store, clock: HandClock) -> int:
    """Resume as a new process does at its start."""
    async with store.write() as tx:
        return await tx.outbox.recover(clock())


async def is_due(store: Store, clock: HandClock) -> bool:
    """Return whether anything is due now."""
    async with store.read() as tx:
        return await tx.outbox.has_due(clock())


async def backlog(store: Store) -> OutboxStats:
    """Return the figures of the outbox."""
    async with store.read() as tx:
        return await tx.outbox.get_stats()


async def health(store: Store, place: int) -> DestinationHealth:
    """Return the delivery health of a channel."""
    async with store.read() as tx:
        return (await tx.destination_health.get_health([place]))[place]
