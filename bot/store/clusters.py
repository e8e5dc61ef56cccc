"""Clusters: the articles of followed feeds that report the same news, for each destination alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, insert, select, update

from bot.model.article import Article
from bot.model.post import DELIVERED_STATES, FeedReport, PostState
from bot.store import tables as t
from bot.store.subject import StoreSubject

#: A cluster is erased so long after its last article, with its post in the store. The message stays in Discord.
RETENTION = timedelta(days=90)
#: How many are erased in one transaction.
_ERASE_LIMIT = 500


class Clusters(StoreSubject):
    """The clusters in one transaction."""

    async def add(self, destination_id: int, report: FeedReport, now: datetime, *, story_slug: str = "") -> int:
        """Make a cluster of a destination with its first article; return its id. The article's text is its lead."""
        story_id = select(t.story.c.id).where(t.story.c.slug == story_slug).scalar_subquery() if story_slug else None
        values = {
            "destination_id": destination_id,
            "headline": report.article.title,
            "story_id": story_id,
            "created_at": now,
            "updated_at": now,
        }
        statement = insert(t.cluster).values(**values).returning(t.cluster.c.id)
        cluster_id: int = (await self._connection.execute(statement)).scalar_one()
        await self._insert_article(cluster_id, report, now)
        return cluster_id

    async def attach(self, cluster_id: int, report: FeedReport, now: datetime) -> None:
        """Add an article that reports the same."""
        await self._insert_article(cluster_id, report, now)
        await self._connection.execute(update(t.cluster).where(t.cluster.c.id == cluster_id).values(updated_at=now))

    async def list_recent(self, destination_id: int, since: datetime, limit: int) -> tuple[tuple[int, FeedReport], ...]:
        """Return the newest articles that a destination got since a time, each with its cluster's id; the oldest first."""
        rows = await self._connection.execute(
            select(t.cluster_article)
            .join(t.cluster, t.cluster.c.id == t.cluster_article.c.cluster_id)
            .where(t.cluster.c.destination_id == destination_id, t.cluster.c.updated_at >= since)
            .order_by(t.cluster_article.c.id.desc())
            .limit(limit)
        )
        return tuple(
            (
                row.cluster_id,
                FeedReport(
                    Article(row.key, row.title, row.published, row.lead, row.url, row.publisher), bool(row.dated)
                ),
            )
            for row in reversed(rows.all())
        )

    async def find_by_article(self, destination_id: int, key: str) -> int | None:
        """Return the cluster in which a destination has got the article with this id; None if it has not."""
        query = (
            select(t.cluster_article.c.cluster_id)
            .join(t.cluster, t.cluster.c.id == t.cluster_article.c.cluster_id)
            .where(t.cluster.c.destination_id == destination_id, t.cluster_article.c.key == key)
        )
        return (await self._connection.execute(query.limit(1))).scalar_one_or_none()

    async def erase_old(self, now: datetime) -> int:
        """Erase some clusters that got their last article :data:`RETENTION` ago, if their posts are done; return how many."""
        is_done = t.post.c.state.in_((*DELIVERED_STATES, PostState.FAILED.value)) & (t.post.c.publish == 0)
        is_pending = exists().where(
            t.delivery.c.cluster_id == t.cluster.c.id,
            t.delivery.c.gather_at.is_not(None)
            | exists().where(t.post.c.id == t.delivery.c.post_id, ~is_done | (t.post.c.shown < t.post.c.wanted)),
        )
        old_ids = (
            select(t.cluster.c.id).where(t.cluster.c.updated_at < now - RETENTION, ~is_pending).limit(_ERASE_LIMIT)
        )
        cluster_ids = list((await self._connection.execute(old_ids)).scalars())
        post_ids = select(t.delivery.c.post_id).where(
            t.delivery.c.cluster_id.in_(cluster_ids), t.delivery.c.post_id.is_not(None)
        )
        done_ids = list((await self._connection.execute(post_ids)).scalars())
        await self._connection.execute(delete(t.cluster).where(t.cluster.c.id.in_(cluster_ids)))
        is_empty = ~exists().where(t.delivery.c.post_id == t.post.c.id)
        await self._connection.execute(delete(t.post).where(t.post.c.id.in_(done_ids), is_empty))
        return len(cluster_ids)

    async def _insert_article(self, cluster_id: int, report: FeedReport, now: datetime) -> None:
        article = report.article
        statement = insert(t.cluster_article).values(
            cluster_id=cluster_id,
            key=article.id,
            title=article.title,
            url=article.url,
            publisher=article.publisher,
            lead=article.text,
            published=article.published_at,
            dated=int(report.is_dated),
            added_at=now,
        )
        await self._connection.execute(statement)
