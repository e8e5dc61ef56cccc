"""News of the feeds that servers and people follow themselves: from the articles that a poll brought to posts.

Each destination is served alone: its articles are compared with nothing but its own, and what it gets depends on nobody else.
An article is done when everybody has got it. If the process ends before that, it is given out again, and whoever has it
already gets nothing twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from bot.clock import Clock
from bot.entities.company_matcher import CompanyMatcher
from bot.errors import StoreError
from bot.heartbeat import Heartbeat
from bot.loops import ErrorLog, run_forever
from bot.model.article import Article
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind
from bot.model.post import FeedReport
from bot.newsroom.tracker.news_clusters import CLUSTER_HOURS, NewsClusters
from bot.newsroom.tracker.text_features import extract_lead
from bot.store import Store, Transaction
from bot.store.followed_articles import FeedFollower, FollowedArticle
from bot.store.outbox.subscribers import Recipient

log = logging.getLogger(__name__)

#: How many articles are given out in a batch.
BATCH_SIZE = 50
#: The pause in seconds before new articles are looked for again.
POLL_SECONDS = 2.0
#: After so many attempts an article is given up: one that ends the process must not do so for ever.
MAX_ATTEMPTS = 3
#: How many of its recent articles a destination's news is compared with.
COMPARED_LIMIT = 200


class StoryFinder(Protocol):
    """Knows the newsroom's stories and companies, and remembers nothing of what it is asked."""

    async def find_story(self, article: Article) -> str:
        """Return the slug of the story that an article surely belongs to; empty if there is none."""
        ...

    async def get_company_matcher(self) -> CompanyMatcher:
        """Return the matcher of the known companies."""
        ...


@dataclass(frozen=True, slots=True)
class _News:
    """An article that a destination wants, how it wants it, and the story that it belongs to."""

    report: FeedReport
    recipient: Recipient
    story_slug: str


class FeedNews:
    """Gives out the articles of followed feeds. ``on_deliveries`` is called when something is to be posted."""

    def __init__(
        self,
        store: Store,
        stories: StoryFinder,
        clock: Clock,
        on_deliveries: Callable[[], None] = lambda: None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self._store = store
        self._stories = stories
        self._clock = clock
        self._on_deliveries = on_deliveries
        self._heartbeat = heartbeat
        self._errors = ErrorLog(log, "Giving out news of followed feeds")
        self._story_errors = ErrorLog(log, "Finding the story of an article")

    async def run(self) -> None:
        """Give out articles for ever."""
        await run_forever(self._step, ErrorLog(log, "Reading news of followed feeds"), heartbeat=self._heartbeat)

    async def _step(self) -> None:
        if not await self.run_once():
            await asyncio.sleep(POLL_SECONDS)

    async def run_once(self) -> int:
        """Give out a batch of articles; return how many they were. Raises StoreError if the database fails."""
        async with self._store.read() as tx:
            articles = await tx.followed_articles.list_pending(BATCH_SIZE)
            feed_ids = dict.fromkeys(article.feed_id for article in articles)
            followers = {feed_id: await tx.followed_articles.find_followers(feed_id) for feed_id in feed_ids}
        if not articles:
            return 0
        async with self._store.write() as tx:
            await tx.followed_articles.begin_attempt([article.id for article in articles])
        is_exhausted = [article.attempts >= MAX_ATTEMPTS for article in articles]
        failed_feeds = await self._give_out(
            [article for article, is_last in zip(articles, is_exhausted, strict=True) if not is_last], followers
        )
        done_ids = [
            article.id
            for article, is_last in zip(articles, is_exhausted, strict=True)
            if is_last or article.feed_id not in failed_feeds
        ]
        for _ in filter(None, is_exhausted):
            log.warning("An article of a followed feed could not be distributed and was dropped.")
        async with self._store.write() as tx:
            await tx.followed_articles.mark_done(done_ids)
        self._on_deliveries()
        return len(articles)

    async def _give_out(
        self, articles: Sequence[FollowedArticle], followers: dict[int, tuple[FeedFollower, ...]]
    ) -> set[int]:
        """Give articles to those who want them; return the feeds of which a destination could not be served."""
        news_by_destination: defaultdict[int, list[_News]] = defaultdict(list)
        feeds_by_destination: defaultdict[int, set[int]] = defaultdict(set)
        for article in sorted(articles, key=lambda each: (each.report.article.published_at, each.id)):
            wanting = [each for each in followers[article.feed_id] if _wants(each, article)]
            story_slug = await self._find_story(article.report.article) if wanting else ""
            for follower in wanting:
                news = _News(article.report, _make_recipient(follower), story_slug)
                news_by_destination[follower.destination_id].append(news)
                feeds_by_destination[follower.destination_id].add(article.feed_id)
        failed_feeds: set[int] = set()
        for destination_id, news_items in news_by_destination.items():
            try:
                await self._serve(destination_id, news_items)
            except StoreError:
                raise
            except Exception as exc:  # noqa: BLE001 - one destination must not stop the next
                self._errors.record_failure(exc)
                failed_feeds |= feeds_by_destination[destination_id]
            else:
                self._errors.record_success()
        return failed_feeds

    async def _serve(self, destination_id: int, news_items: Sequence[_News]) -> None:
        """Put articles into the clusters of one destination, in one transaction."""
        since = self._clock() - timedelta(hours=CLUSTER_HOURS)
        async with self._store.read() as tx:
            recent = await tx.clusters.list_recent(destination_id, since, COMPARED_LIMIT)
        matcher = await self._stories.get_company_matcher()
        clusters = await asyncio.to_thread(_assign_clusters, recent, [news.report for news in news_items], matcher)
        async with self._store.write() as tx:
            ids_by_cluster: dict[str, int] = {}
            for news, cluster in zip(news_items, clusters, strict=True):
                await self._enqueue(tx, destination_id, news, cluster, ids_by_cluster)

    async def _enqueue(
        self, tx: Transaction, destination_id: int, news: _News, cluster: str, ids_by_cluster: dict[str, int]
    ) -> None:
        now = self._clock()
        report = _shorten(news.report)
        cluster_id = await tx.clusters.find_by_article(destination_id, report.article.id)
        if cluster_id is None:
            cluster_id = ids_by_cluster.get(cluster) or (int(cluster) if cluster.isdigit() else None)
            if cluster_id is None:
                cluster_id = await tx.clusters.add(destination_id, report, now, story_slug=news.story_slug)
            else:
                await tx.clusters.attach(cluster_id, report, now)
                await tx.deliveries.request_cluster_edit(cluster_id, now)
        ids_by_cluster[cluster] = cluster_id
        await tx.deliveries.enqueue_cluster(cluster_id, news.recipient, now)

    async def _find_story(self, article: Article) -> str:
        try:
            story_slug = await self._stories.find_story(article)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - the article is posted without its story
            self._story_errors.record_failure(exc)
            return ""
        self._story_errors.record_success()
        return story_slug


def _wants(follower: FeedFollower, article: FollowedArticle) -> bool:
    is_new = article.id > follower.known_article
    return is_new and not follower.settings.explain_article_exclusion(article.report.article)


def _make_recipient(follower: FeedFollower) -> Recipient:
    settings = follower.settings
    role_id = settings.stageless_role_id
    is_forum = follower.kind is DestinationKind.FORUM
    return Recipient(
        follower.destination_id,
        (role_id,) if role_id else (),
        follower.kind,
        follower.owner_id,
        DeliveryMode.INSTANT if is_forum else settings.mode,
        settings.silent,
        is_forum or (settings.threads and follower.kind in (DestinationKind.CHANNEL, DestinationKind.ANNOUNCEMENT)),
    )


def _assign_clusters(
    recent: Sequence[tuple[int, FeedReport]], reports: Sequence[FeedReport], matcher: CompanyMatcher
) -> list[str]:
    """Return the cluster of each article: the id of one that is there, or a new name. Articles of a new one share its name."""
    clusters = NewsClusters(matcher)
    clusters.add_all((str(cluster_id), report.article) for cluster_id, report in recent)
    names: list[str] = []
    for index, report in enumerate(reports):
        name = clusters.find(report.article) or f"new {index}"
        clusters.add(name, report.article)
        names.append(name)
    return names


def _shorten(report: FeedReport) -> FeedReport:
    """Return an article with the part of its text by which later ones are compared with it."""
    article = report.article
    lead = extract_lead(article)
    shortened = Article(article.id, article.title, article.published_at, lead, article.url, article.publisher)
    return FeedReport(shortened, report.is_dated)
