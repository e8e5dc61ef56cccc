"""Write the results of polls to the store: the articles, and the feed's new state, in one transaction.

Polls that end during a transaction share the next one, so thousands of unchanged feeds need few commits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from yarl import URL

from bot.errors import DealwireError, FetchGone, HostPaused, ParserBusy, StoreBusy, StoreReplaced, WorkerNotStarted
from bot.languages import lazy
from bot.model.feed import Feed
from bot.model.poll_schedule import mark_gone, postpone_poll, record_failure, record_success
from bot.newsroom.feeds.address_guard import normalize_host
from bot.newsroom.feeds.feed_readings import store_articles
from bot.newsroom.feeds.http_headers import FetchResponse
from bot.newsroom.field_validation import HEADLINE_LIMIT
from bot.newsroom.parsing import ParsedFeed
from bot.store import Store, Transaction

log = logging.getLogger(__name__)

#: The most results in one transaction. Other writers wait no longer than that takes.
MAX_BATCH = 50
#: A feed that could not be parsed because all workers were busy is polled again after this.
READER_BACKOFF = timedelta(minutes=10)
#: The reason if a feed moved to another feed's address.
REASON_MOVED = lazy("It has moved to {address}, which is already one of the feeds.")
#: The reason if some entries of a feed cannot be read.
REASON_FAULT = lazy("One of its entries couldn't be read: {entry}.")
REASON_FAULTS = lazy("{number} of its entries couldn't be read; the first is {entry}.")
#: Returns a random number from 0 to 1.
RandomFraction = Callable[[], float]


@dataclass(frozen=True, slots=True)
class PollResult:
    """The result of one poll: an error, or a response, with the feed's content unless it has not changed.

    ``host_pause_end`` is until when the feed's host gets no requests because it asked for that.
    """

    feed: Feed
    at: datetime
    response: FetchResponse | None = None
    content: ParsedFeed | None = None
    error: DealwireError | None = None
    host_pause_end: datetime | None = None


class PollRecorder:
    """Writes the results of polls. :meth:`record` returns once its result is in the store, and raises the error that
    prevented that.
    """

    def __init__(self, store: Store, random_fraction: RandomFraction) -> None:
        self._store = store
        self._random_fraction = random_fraction
        self._queue: list[tuple[PollResult, asyncio.Future[None]]] = []
        self._writer_task: asyncio.Task[None] | None = None

    async def record(self, result: PollResult) -> None:
        """Write a result, together with the others that are waiting."""
        future = asyncio.get_running_loop().create_future()
        self._queue.append((result, future))
        if self._writer_task is None or self._writer_task.done():
            self._writer_task = asyncio.create_task(self._write_queue(), name="feeds recorder")
        await future

    async def close(self) -> None:
        """Finish the transaction that is being written, and write nothing more. Feeds whose results wait are polled
        again later.
        """
        self._queue.clear()
        if self._writer_task is not None:
            await asyncio.gather(self._writer_task, return_exceptions=True)

    async def _write_queue(self) -> None:
        while self._queue:
            batch, self._queue = self._queue[:MAX_BATCH], self._queue[MAX_BATCH:]
            await self._write_batch(batch)

    async def _write_batch(self, batch: Sequence[tuple[PollResult, asyncio.Future[None]]]) -> None:
        try:
            async with self._store.write() as tx:
                await self._write_results(tx, [polled for polled, _ in batch])
        except Exception as exc:  # noqa: BLE001 - each is raised to whoever waits for its poll
            if len(batch) == 1 or isinstance(exc, StoreBusy | StoreReplaced):
                for _, done in batch:
                    _resolve(done, exc)
                return
            # A result that cannot be written must not prevent the others.
            for item in batch:
                await self._write_batch([item])
        else:
            for _, done in batch:
                _resolve(done, None)

    async def _write_results(self, tx: Transaction, results: Sequence[PollResult]) -> None:
        unchanged: list[Feed] = []
        for polled in results:
            if polled.response is not None and (polled.content is not None or _has_moved(polled)):
                await self._write_response(tx, polled)
            else:
                unchanged.append(self._get_feed_after(polled, 0))
        await tx.feeds.save(unchanged)
        paused_hosts = {polled.feed.host: polled.host_pause_end for polled in results if polled.host_pause_end}
        for host, until in paused_hosts.items():
            await tx.feeds.defer_host(host, until)

    async def _write_response(self, tx: Transaction, result: PollResult) -> None:
        feed = await tx.feeds.find(result.feed.id)
        if feed is None or not (feed.serves_desk or feed.is_followed):
            # It was paused or removed while it was being polled.
            return
        new_count = 0
        if result.content is not None:
            new_count = await store_articles(tx, feed, result.content, result.at)
        new_feed = self._get_feed_after(result, new_count, is_followed=feed.is_followed)
        if _has_moved(result) and result.response is not None:
            new_feed = await self._move(tx, new_feed, result.response.permanent_url, result.at)
        await tx.feeds.save([new_feed])

    async def _move(self, tx: Transaction, feed: Feed, url: URL, now: datetime) -> Feed:
        """Give a feed the address that it has moved to. If another feed has it, that one takes its place."""
        if await tx.feeds.change_url(feed.id, str(url), normalize_host(url.raw_host or "")):
            return feed
        other = await tx.feeds.find_other(feed.id, str(url))
        if other is not None:
            await tx.feeds.save([feed])
            await tx.feeds.merge(feed, other, now)
        return mark_gone(feed, REASON_MOVED.fill(address=url))

    def _get_feed_after(self, result: PollResult, new_count: int, *, is_followed: bool = False) -> Feed:
        """Return the feed as it is after the poll. ``is_followed`` says that its articles were read for those who follow it."""
        if result.error is not None:
            return self._get_feed_after_failure(result, result.error)
        response, feed = result.response, replace(result.feed, followed_read_at=None)
        if response is None:
            raise ValueError("a poll without an error needs an answer")
        freshness = response.fresh_for
        if result.content is not None:
            freshness = max(freshness, result.content.ttl or freshness)
            feed = replace(feed, title=feed.title or result.content.title[:HEADLINE_LIMIT], read_at=result.at)
            feed = replace(feed, followed_read_at=result.at if is_followed else None)
        if response.body is not None or response.etag or response.last_modified:
            # A response “304 Not Modified” need not repeat them.
            feed = replace(feed, etag=response.etag, last_modified=response.last_modified)
        new_feed = record_success(
            feed, result.at, self._random_fraction(), new_count=new_count, cache_lifetime=freshness
        )
        return replace(new_feed, reason=_get_fault_reason(result))

    def _get_feed_after_failure(self, result: PollResult, error: DealwireError) -> Feed:
        if isinstance(error, FetchGone):
            return mark_gone(result.feed, error.message)
        retry_at = result.host_pause_end
        if isinstance(error, HostPaused) and error.retry_at is not None:
            return postpone_poll(result.feed, error.retry_at, result.at, self._random_fraction())
        if isinstance(error, ParserBusy | WorkerNotStarted):
            # Not the feed's fault.
            return postpone_poll(result.feed, result.at + READER_BACKOFF, result.at, self._random_fraction())
        return record_failure(result.feed, result.at, self._random_fraction(), reason=error.message, retry_at=retry_at)


def _get_fault_reason(result: PollResult) -> str:
    """Return which entries of a feed cannot be read, now or when it last changed, although the poll succeeded; empty if
    all can.
    """
    if result.content is None:
        return "" if result.feed.failures else result.feed.reason
    faults = [skipped.entry for skipped in result.content.skipped if skipped.is_fault]
    if not faults:
        return ""
    if len(faults) == 1:
        return REASON_FAULT.fill(entry=faults[0])
    return REASON_FAULTS.fill(number=len(faults), entry=faults[0])


def _has_moved(result: PollResult) -> bool:
    return result.response is not None and str(result.response.permanent_url) != result.feed.url


def _resolve(future: asyncio.Future[None], error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)
