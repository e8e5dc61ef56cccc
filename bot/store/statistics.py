"""The state of the store in figures, for the metrics."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import case, func, select

from bot.model.feed import BROKEN_AFTER_FAILURES, FeedState
from bot.store import tables as t
from bot.store.outbox.due_posts import needs_edit
from bot.store.outbox.post_states import is_open
from bot.store.subject import StoreSubject


class FeedHealth(StrEnum):
    """Whether a feed works. An active feed whose last polls have failed is ``failing``, and ``broken`` after many failures."""

    ACTIVE = "active"
    FAILING = "failing"
    BROKEN = "broken"
    PAUSED = "paused"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StoreStatistics:
    """Counts of what the store holds and of what waits in it.

    Attributes:
        open_post_count: posts that are on their way, also those that wait for the end of quiet hours.
        correction_count: posts whose message must be edited.
        set_aside_article_count: articles and reviews that failed again and again.
        review_count: articles that wait for the desk.
    """

    open_post_count: int
    oldest_open_post_at: datetime | None
    correction_count: int
    set_aside_post_count: int
    set_aside_article_count: int
    review_count: int
    reader_report_count: int
    feed_counts: dict[FeedHealth, int]
    story_count: int
    follow_count: int


class Statistics(StoreSubject):
    """Figures that are cheap to read: each comes from an index or from a small table."""

    async def read(self) -> StoreStatistics:
        """Count everything."""
        tx, post = self._tx, t.post
        open_posts = select(func.count(), func.min(post.c.created_at)).where(is_open())
        open_count, oldest_at = (await self._connection.execute(open_posts)).one()
        corrections = select(func.count()).select_from(post).where(needs_edit())
        return StoreStatistics(
            open_post_count=open_count,
            oldest_open_post_at=oldest_at,
            correction_count=(await self._connection.execute(corrections)).scalar_one(),
            set_aside_post_count=await tx.set_aside_posts.count(),
            set_aside_article_count=await tx.failures.count_undecided(),
            review_count=await tx.reviews.count_waiting(),
            reader_report_count=await tx.reader_reports.count_open(),
            feed_counts=await self._count_feeds(),
            story_count=await tx.stories.count(),
            follow_count=await tx.follows.count_active(),
        )

    async def _count_feeds(self) -> dict[FeedHealth, int]:
        feed = t.feed
        health = case(
            (feed.c.state == FeedState.PAUSED.value, FeedHealth.PAUSED.value),
            (feed.c.state == FeedState.GONE.value, FeedHealth.GONE.value),
            (feed.c.failures >= BROKEN_AFTER_FAILURES, FeedHealth.BROKEN.value),
            (feed.c.failures > 0, FeedHealth.FAILING.value),
            else_=FeedHealth.ACTIVE.value,
        ).label("health")
        rows = await self._connection.execute(select(health, func.count()).group_by(health))
        counts = {FeedHealth(row[0]): row[1] for row in rows}
        return {each: counts.get(each, 0) for each in FeedHealth}
