"""Articles of followed feeds: which are known, which are still to be given to whom, and which report the same news."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, exists, func, insert, literal_column, select, update

from bot.model.article import Article
from bot.model.follow import DestinationKind, FollowState
from bot.model.follow_settings import FollowSettings
from bot.model.poll_schedule import MAX_ARTICLE_AGE
from bot.model.post import DELIVERED_STATES, FeedReport, PostState
from bot.store import tables as t
from bot.store.articles import RETENTION
from bot.store.engines.sql_batches import iter_batches
from bot.store.follows import settings_from_row
from bot.store.subject import StoreSubject

log = logging.getLogger(__name__)

#: The most articles that are news in one reading of a feed, the newest ones: more are a feed that has changed its addresses.
MAX_NEW = 50
#: How much of a text is kept, and how long: filters look into it, and ``why`` says what they found.
_LEAD_LIMIT = 500
_LEAD_RETENTION = timedelta(days=14)
#: ``last_seen`` has this precision, so that a poll that brings nothing new writes nothing here.
_LAST_SEEN_PRECISION = timedelta(days=1)
#: Literal SQL: SQLite only uses a partial index if the query's text implies its condition.
_IS_PENDING = t.followed_article.c.pending == literal_column("1")
#: A cluster is erased so long after its last article, with its post in the store. The message stays in Discord.
CLUSTER_RETENTION = timedelta(days=90)
#: How many are erased in one transaction.
_ERASE_LIMIT = 500


@dataclass(frozen=True, slots=True)
class FollowedArticle:
    """An article of a followed feed. Its text is only the beginning, and empty after some days.

    Attributes:
        id: grows in the order in which articles come.
        is_pending: whether it is still to be given to those who follow the feed.
    """

    id: int
    feed_id: int
    report: FeedReport
    first_seen_at: datetime
    is_pending: bool
    attempts: int


@dataclass(frozen=True, slots=True)
class FeedFollower:
    """A destination with an active follow of a feed.

    Attributes:
        known_article: the newest article that was known when it began to follow, by its id.
    """

    destination_id: int
    kind: DestinationKind
    owner_id: int
    settings: FollowSettings
    known_article: int


class FollowedArticles(StoreSubject):
    """The articles in one transaction."""

    async def ingest(
        self,
        feed_id: int,
        articles: Sequence[Article],
        undated_ids: Collection[str],
        now: datetime,
        *,
        is_first: bool,
        known_ids: Collection[str] = (),
    ) -> int:
        """Store what a feed lists, and return how many articles are news. At the first reading none is.

        An article of ``known_ids`` or one that is dated long ago is no news either. Articles that the feed has not listed for long are erased.
        """
        by_key = {article.id: article for article in reversed(articles)}
        last_seen = await self._find_last_seen(feed_id, list(by_key))
        await self._touch(feed_id, [key for key, at in last_seen.items() if now - at >= _LAST_SEEN_PRECISION], now)
        new_articles = sorted(
            (article for key, article in by_key.items() if key not in last_seen), key=lambda each: each.published_at
        )
        fresh_articles = (
            []
            if is_first
            else [
                each for each in new_articles if each.published_at >= now - MAX_ARTICLE_AGE and each.id not in known_ids
            ]
        )
        news_ids = {article.id for article in fresh_articles[-MAX_NEW:]}
        rows = [
            _to_row(article, feed_id, now, is_dated=article.id not in undated_ids, is_pending=article.id in news_ids)
            for article in new_articles
        ]
        if rows:
            await self._connection.execute(insert(t.followed_article), rows)
        await self._erase_old(feed_id, now)
        return len(news_ids)

    async def get_newest_id(self, feed_id: int) -> int:
        """Return the id of the newest article of a feed; 0 if it has none."""
        query = select(func.max(t.followed_article.c.id)).where(t.followed_article.c.feed_id == feed_id)
        return (await self._connection.execute(query)).scalar_one() or 0

    async def list_newest(self, feed_id: int, limit: int) -> tuple[FollowedArticle, ...]:
        """Return the newest articles of a feed, newest first."""
        table = t.followed_article
        query = select(table).where(table.c.feed_id == feed_id).order_by(table.c.id.desc()).limit(limit)
        return tuple(_to_article(row) for row in await self._connection.execute(query))

    async def list_pending(self, limit: int) -> tuple[FollowedArticle, ...]:
        """Return articles that are still to be given to those who follow their feeds, in the order in which they came."""
        query = select(t.followed_article).where(_IS_PENDING).order_by(t.followed_article.c.id).limit(limit)
        return tuple(_to_article(row) for row in await self._connection.execute(query))

    async def begin_attempt(self, article_ids: Collection[int]) -> None:
        """Count an attempt to process these articles, before it can end the process."""
        await self._update(article_ids, attempts=t.followed_article.c.attempts + 1)

    async def drop_pending(self) -> int:
        """Give out nothing of what waits; return how many articles these are."""
        statement = update(t.followed_article).where(_IS_PENDING).values(pending=0)
        return (await self._connection.execute(statement)).rowcount

    async def mark_done(self, article_ids: Collection[int]) -> None:
        """Record that everybody has got these articles who wants them."""
        await self._update(article_ids, pending=0)

    async def find_followers(self, feed_id: int) -> tuple[FeedFollower, ...]:
        """Return the destinations with an active follow of a feed, by their ids."""
        rows = await self._connection.execute(
            select(t.follow, t.destination.c.place, t.destination.c.guild_id, t.destination.c.discord_id)
            .join(t.destination, t.destination.c.id == t.follow.c.destination_id)
            .where(t.follow.c.feed_id == feed_id, t.follow.c.state == FollowState.ACTIVE.value)
            .order_by(t.follow.c.destination_id)
        )
        return tuple(follower for row in rows if (follower := _to_follower(row)))

    async def _find_last_seen(self, feed_id: int, keys: Sequence[str]) -> dict[str, datetime]:
        table, times = t.followed_article, dict[str, datetime]()
        for batch in iter_batches(keys):
            query = select(table.c.key, table.c.last_seen).where(table.c.feed_id == feed_id, table.c.key.in_(batch))
            times.update((row.key, row.last_seen) for row in await self._connection.execute(query))
        return times

    async def _touch(self, feed_id: int, keys: Sequence[str], now: datetime) -> None:
        table = t.followed_article
        for batch in iter_batches(keys):
            is_listed = (table.c.feed_id == feed_id) & table.c.key.in_(batch)
            await self._connection.execute(update(table).where(is_listed).values(last_seen=now))

    async def _erase_old(self, feed_id: int, now: datetime) -> None:
        """Erase the articles that the feed has not listed for long, and the texts of those that nobody asks about any more."""
        table = t.followed_article
        is_done = (table.c.feed_id == feed_id) & (table.c.pending == 0)
        await self._connection.execute(delete(table).where(is_done, table.c.last_seen < now - RETENTION))
        is_expired = (table.c.first_seen < now - _LEAD_RETENTION) & (table.c.lead != "")
        await self._connection.execute(update(table).where(is_done, is_expired).values(lead=""))

    async def _update(self, article_ids: Collection[int], **values: Any) -> None:
        for batch in iter_batches(list(article_ids)):
            statement = update(t.followed_article).where(t.followed_article.c.id.in_(batch)).values(**values)
            await self._connection.execute(statement)


def _to_follower(row: Row[Any]) -> FeedFollower | None:
    """Return a follower; None if its settings cannot be read, which excludes only itself."""
    try:
        settings = settings_from_row(row)
    except Exception:
        log.exception("A follow of destination %d has unreadable settings and gets no posts.", row.destination_id)
        return None
    owner_id = row.guild_id or row.discord_id
    return FeedFollower(row.destination_id, DestinationKind(row.place), owner_id, settings, row.known_article)


def _to_row(article: Article, feed_id: int, now: datetime, *, is_dated: bool, is_pending: bool) -> Mapping[str, Any]:
    return {
        "feed_id": feed_id,
        "key": article.id,
        "title": article.title,
        "url": article.url,
        "publisher": article.publisher,
        "lead": article.text[:_LEAD_LIMIT] if is_pending else "",
        "published": article.published_at,
        "dated": int(is_dated),
        "first_seen": now,
        "last_seen": now,
        "pending": int(is_pending),
    }


def _to_article(row: Row[Any]) -> FollowedArticle:
    article = Article(row.key, row.title, row.published, row.lead, row.url, row.publisher)
    return FollowedArticle(
        row.id, row.feed_id, FeedReport(article, bool(row.dated)), row.first_seen, bool(row.pending), row.attempts
    )


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
        """Erase some clusters that got their last article :data:`CLUSTER_RETENTION` ago, if their posts are done; return how many."""
        is_done = t.post.c.state.in_((*DELIVERED_STATES, PostState.FAILED.value)) & (t.post.c.publish == 0)
        is_pending = exists().where(
            t.delivery.c.cluster_id == t.cluster.c.id,
            t.delivery.c.gather_at.is_not(None)
            | exists().where(t.post.c.id == t.delivery.c.post_id, ~is_done | (t.post.c.shown < t.post.c.wanted)),
        )
        old_ids = (
            select(t.cluster.c.id)
            .where(t.cluster.c.updated_at < now - CLUSTER_RETENTION, ~is_pending)
            .limit(_ERASE_LIMIT)
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
