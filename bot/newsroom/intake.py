"""The intake: articles that the feeds brought get their leads and are filed one by one; one that fails is retried, then set aside."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import FetchError, ParsingError, StoreBusy, StoreReplaced, describe_error
from bot.heartbeat import Heartbeat
from bot.languages import lazy
from bot.loops import ErrorLog, is_cancelled, run_forever
from bot.model.article import TEXT_LIMIT, Article
from bot.model.failure import MAX_ATTEMPTS
from bot.model.feed import StoredArticle
from bot.newsroom.article_filer import ArticleFiler, Judge
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.feed_tools import FeedTools
from bot.recorder import Recorder
from bot.store import Store
from bot.store.failures import WorkKind

log = logging.getLogger(__name__)

#: How many articles are processed in a batch.
BATCH_SIZE = 20
#: The pause in seconds before waiting articles are looked for again: feeds are polled hours apart.
POLL_SECONDS = 2.0
#: The reason of an article whose attempts all ended with the process instead of an error.
PROCESS_ENDED = lazy("The bot stopped every time it worked on this article.")
#: A shorter text is not a lead.
_MIN_LEAD_CHARACTERS = 80
#: How long to wait for a page: news does not wait long for a lead.
_LEAD_TIMEOUT_SECONDS = 15.0


class Intake:
    """Processes what the feeds bring. ``on_queue_change`` is called after every change of the review queue."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        judge: Judge,
        clock: Clock,
        zone: ZoneInfo,
        lead_fetcher: LeadFetcher | None = None,
        on_queue_change: Callable[[], None] | None = None,
        recorder: Recorder | None = None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self._store = store
        self._filer = ArticleFiler(store, desk, judge, clock, zone, on_queue_change, recorder)
        self._heartbeat = heartbeat
        self._clock = clock
        self._lead_fetcher = lead_fetcher
        self._on_queue_change = on_queue_change
        #: Articles with an attempt that has begun and could not be ended because the database failed. It is not counted twice.
        self._unfinished_ids: set[int] = set()
        self._errors = ErrorLog(log, "Filing an article")
        self._lead_errors = ErrorLog(log, "Fetching the lead of an article")

    async def run(self) -> None:
        """Process articles for ever."""
        await run_forever(self._step, ErrorLog(log, "Filing articles"), heartbeat=self._heartbeat)

    async def _step(self) -> None:
        if not await self.run_once():
            await asyncio.sleep(POLL_SECONDS)

    async def run_once(self) -> int:
        """Process a batch of waiting articles; return how many they were.

        An article that fails is retried later, then set aside. Raises StoreError if the database fails, which counts as no
        attempt of an article.
        """
        batch = await self._begin_batch()
        for stored_article in await asyncio.gather(*map(self._add_lead, batch)):
            await self._attempt(stored_article)
            self._unfinished_ids.discard(stored_article.id)
        return len(batch)

    async def _begin_batch(self) -> list[StoredArticle]:
        """Choose what is attempted next, and count the attempts before they can end the process.

        An article whose attempt has begun before is attempted alone, so that it cannot take others down with it.
        """
        now = self._clock()
        async with self._store.read() as tx:
            stored_articles = await tx.articles.list_due(now, BATCH_SIZE, self._unfinished_ids)
            attempts = await tx.failures.count_attempts(WorkKind.ARTICLE, [each.id for each in stored_articles])
        suspects = [each for each in stored_articles if each.id in attempts and each.id not in self._unfinished_ids]
        exhausted_articles = [each for each in suspects if attempts[each.id] >= MAX_ATTEMPTS]
        for stored_article in exhausted_articles:
            await self._record_failure(stored_article, PROCESS_ENDED)
        first_attempts = [each for each in stored_articles if each not in suspects]
        batch = first_attempts or [each for each in suspects if each not in exhausted_articles][:1]
        started_ids = [each.id for each in batch if each.id not in self._unfinished_ids]
        if started_ids:
            async with self._store.write() as tx:
                await tx.failures.begin_attempt(WorkKind.ARTICLE, started_ids, now)
        self._unfinished_ids.update(started_ids)
        return batch

    async def _attempt(self, stored_article: StoredArticle) -> None:
        try:
            await self._filer.file(stored_article)
        except (StoreBusy, StoreReplaced):
            raise
        except (Exception, asyncio.CancelledError) as exc:
            if isinstance(exc, asyncio.CancelledError) and is_cancelled():
                raise
            self._errors.record_failure(exc)
            await self._record_failure(stored_article, describe_error(exc))
        else:
            self._errors.record_success()

    async def _record_failure(self, stored_article: StoredArticle, reason: str) -> None:
        # If the database failed and not the article, this fails too, and the loop waits for the database.
        async with self._store.write() as tx:
            is_last = await tx.failures.record_failure(WorkKind.ARTICLE, stored_article.id, reason, self._clock())
        if is_last:
            log.warning("Article %d was set aside for the desk: %s", stored_article.id, reason)
            self._notify_queue_change()

    async def _add_lead(self, stored_article: StoredArticle) -> StoredArticle:
        """Return the article with a lead, and store that: judged again after a restart, it is judged the same."""
        if self._lead_fetcher is None:
            return stored_article
        try:
            article = await self._lead_fetcher.add_lead(stored_article.article)
        except Exception as exc:  # noqa: BLE001 - its title is there, and can be judged
            self._lead_errors.record_failure(exc)
            return stored_article
        if article.text != stored_article.article.text:
            async with self._store.write() as tx:
                await tx.articles.set_text(stored_article.id, article.text)
        return replace(stored_article, article=article)

    def _notify_queue_change(self) -> None:
        if self._on_queue_change is not None:
            self._on_queue_change()


class LeadFetcher:
    """Fetches leads by the tools of the feeds: within their limits, and parsed in the worker."""

    def __init__(self, feed_tools: FeedTools) -> None:
        self._feed_tools = feed_tools

    async def add_lead(self, article: Article) -> Article:
        """Return the article with its page's lead if it has none of its own.

        If the page cannot be fetched or parsed, the article is returned as it was: it can be judged by its title.
        """
        if len(article.text) >= _MIN_LEAD_CHARACTERS or not article.url:
            return article
        fetcher, parser = await self._feed_tools.open_tools()
        try:
            async with asyncio.timeout(_LEAD_TIMEOUT_SECONDS):
                response = await fetcher.fetch(article.url)
                lead = await parser.read_page(
                    response.body or b"", url=str(response.url), content_type=response.content_type
                )
        except (FetchError, ParsingError, TimeoutError) as exc:
            log.info("No first paragraph of %s: %s", article.url, str(exc) or "it did not come in time")
            return article
        return replace(article, text=lead.text[:TEXT_LIMIT]) if len(lead.text) > len(article.text) else article
