"""What polls brought, into the store: articles, and what changes in the feed, in one transaction.

Polls that end while another transaction is being written share the next one: thousands of feeds that have not changed
cost few commits.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.errors import DealwireError, FetchGone, HostClosed, ParserBusy, StoreBusy, StoreReplaced, WorkerNotStarted
from bot.languages import noted
from bot.model.cadence import after_failure, after_success, after_the_end, fresh_since, put_off
from bot.model.feed import Feed, FeedState
from bot.newsroom.feeds.addresses import plain_host
from bot.newsroom.feeds.answers import Fetched
from bot.newsroom.feeds.ports import ReadableFeed
from bot.newsroom.limits import HEADLINE_LIMIT
from bot.store import Session, Store

log = logging.getLogger(__name__)

#: So many polls share a transaction at most: whoever else wants to write waits no longer than that takes.
TOGETHER = 50
#: A feed that nobody had the time to read is asked for again after this.
READER_REST = timedelta(minutes=10)
#: Why a feed is gone whose new address is another feed's; as all reasons, kept in English.
MOVED = noted("It has moved to {address}, which is among the feeds already.")
#: What is wrong with a feed of which some entries cannot be read.
FAULT = noted("One of its entries could not be read: {entry}.")
FAULTS = noted("{number} of its entries could not be read; the first is {entry}.")
#: Gives a random number from 0 to 1.
Share = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll brought: an error, or an answer, with the feed in it unless it was unchanged.

    ``closed_until`` is how long the feed's host is to be left alone because it asked for that.
    """

    feed: Feed
    at: datetime
    fetched: Fetched | None = None
    read: ReadableFeed | None = None
    error: DealwireError | None = None
    closed_until: datetime | None = None


class Recorder:
    """Writes polls. :meth:`record` returns when its poll is in the store, and raises what kept it from getting there."""

    def __init__(self, store: Store, share: Share) -> None:
        self._store = store
        self._share = share
        self._waiting: list[tuple[Polled, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def record(self, polled: Polled) -> None:
        """Write a poll, with whatever others are waiting."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((polled, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_waiting(), name="feeds recorder")
        await done

    async def close(self) -> None:
        """Write no more: what is under way is finished, what waits is polled again another time."""
        self._waiting.clear()
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write_waiting(self) -> None:
        while self._waiting:
            together, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
            await self._write(together)

    async def _write(self, together: Sequence[tuple[Polled, asyncio.Future[None]]]) -> None:
        try:
            async with self._store.write() as session:
                await self._write_in(session, [polled for polled, _ in together])
        except Exception as exc:  # noqa: BLE001 - each is raised to whoever waits for its poll
            if len(together) == 1 or isinstance(exc, StoreBusy | StoreReplaced):
                for _, done in together:
                    _settle(done, exc)
                return
            # One that cannot be written takes no other along.
            for one in together:
                await self._write([one])
        else:
            for _, done in together:
                _settle(done, None)

    async def _write_in(self, session: Session, polls: Sequence[Polled]) -> None:
        short: list[Feed] = []
        for polled in polls:
            if polled.fetched is not None and (polled.read is not None or _has_moved(polled)):
                await self._write_answer(session, polled)
            else:
                short.append(self._stands(polled, 0))
        await session.feeds.save(short)
        closed = {polled.feed.host: polled.closed_until for polled in polls if polled.closed_until}
        for host, until in closed.items():
            await session.feeds.put_off_host(host, until)

    async def _write_answer(self, session: Session, polled: Polled) -> None:
        feed = await session.feeds.get(polled.feed.number)
        if feed is None or feed.state is not FeedState.ACTIVE:
            # Paused or removed while it was being asked.
            return
        arrived = 0
        if polled.read is not None:
            arrived = await session.articles.take_in(
                feed.number, polled.read.articles, polled.at, fresh_since=fresh_since(feed)
            )
            await session.articles.forget(feed.number, polled.at)
        stands = self._stands(polled, arrived)
        if _has_moved(polled) and polled.fetched is not None:
            kept = polled.fetched.kept_url
            if not await session.feeds.move(feed.number, str(kept), plain_host(kept.raw_host or "")):
                stands = after_the_end(stands, MOVED.format(address=kept))
        await session.feeds.save([stands])

    def _stands(self, polled: Polled, arrived: int) -> Feed:
        """The feed as it stands after the poll."""
        if polled.error is not None:
            return self._failed(polled, polled.error)
        fetched, feed = polled.fetched, polled.feed
        if fetched is None:
            raise ValueError("a poll without an error needs an answer")
        wish = fetched.good_for
        if polled.read is not None:
            wish = max(wish, polled.read.ttl or wish)
            feed = replace(feed, title=feed.title or polled.read.title[:HEADLINE_LIMIT], read_at=polled.at)
        if fetched.body is not None or fetched.etag or fetched.last_modified:
            # An answer of “unchanged” need not repeat them.
            feed = replace(feed, etag=fetched.etag, last_modified=fetched.last_modified)
        succeeded = after_success(feed, polled.at, self._share(), arrived=arrived, wish=wish)
        return replace(succeeded, reason=_reason(polled))

    def _failed(self, polled: Polled, error: DealwireError) -> Feed:
        if isinstance(error, FetchGone):
            return after_the_end(polled.feed, str(error))
        until = polled.closed_until
        if isinstance(error, HostClosed) and error.retry_at is not None:
            return put_off(polled.feed, error.retry_at, polled.at, self._share())
        if isinstance(error, ParserBusy | WorkerNotStarted):
            # Not the feed's fault.
            return put_off(polled.feed, polled.at + READER_REST, polled.at, self._share())
        return after_failure(polled.feed, polled.at, self._share(), reason=str(error), retry_at=until)


def _reason(polled: Polled) -> str:
    """What is wrong with a feed that was polled without an error: entries that cannot be read, now or when it last changed."""
    if polled.read is None:
        return "" if polled.feed.failures else polled.feed.reason
    faults = [skipped.entry for skipped in polled.read.skipped if skipped.is_fault]
    if not faults:
        return ""
    if len(faults) == 1:
        return FAULT.format(entry=faults[0])
    return FAULTS.format(number=len(faults), entry=faults[0])


def _has_moved(polled: Polled) -> bool:
    return polled.fetched is not None and str(polled.fetched.kept_url) != polled.feed.url


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
