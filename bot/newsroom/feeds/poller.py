"""Poll the feeds that are due: many hosts at once, but only one feed of a host at a time.

The times of the next polls are in the store, so a restart polls no feed sooner. A feed that fails is retried at growing
intervals. If it has failed for a long time or is gone, the desk is told once.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.clock import Clock, ClockJumpDetector, Pause
from bot.errors import DealwireError, FetchError, StoreBusy, StoreError, StoreReplaced
from bot.heartbeat import Heartbeat
from bot.languages import ENGLISH, lazy, say, use_language
from bot.loops import ErrorLog, is_cancelled, run_forever
from bot.model.feed import Feed
from bot.model.follow import Follow
from bot.model.poll_schedule import can_request_conditionally
from bot.newsroom.feeds.feed_lookup import FeedReader
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.poll_recorder import PollRecorder, PollResult, RandomFraction
from bot.store import Store

log = logging.getLogger(__name__)

#: How often to look for due feeds, in seconds. Whoever adds one in this process sets the event.
CHECK_SECONDS = 5.0
#: How many due feeds are loaded at once.
BATCH_SIZE = 100
#: How many hosts are polled at once.
MAX_PARALLEL = 32
#: The most polls that start per second. Ten thousand feeds take minutes, and commands hardly slow down.
MAX_PER_SECOND = 50.0
#: The longest time of one poll, in seconds. Fetching and parsing have shorter limits of their own: this one ends a poll that hangs
#: all the same, so that its host is polled again and the feed's reason says so.
POLL_TIMEOUT = 300.0
#: How often articles that no feed lists any more are removed.
CLEANUP_INTERVAL = timedelta(days=1)
#: How often to look for broken feeds that the desk has not been told of.
REPORT_INTERVAL = timedelta(minutes=1)
#: After the store has failed, nothing is polled for this long, because it could not be saved.
STORE_BACKOFF = timedelta(minutes=1)
#: The longest wait for a feed whose polls cannot even be recorded as failed.
MAX_FEED_BACKOFF = timedelta(hours=6)
#: Tells the desk that a feed is broken or gone, with its reason. It is called again later if it raises.
BrokenFeedHandler = Callable[[Feed], Awaitable[None]]
#: Tells a destination that a feed which it follows was given up. It is called again later if it raises.
GivenUpFeedHandler = Callable[[Follow], Awaitable[None]]
INTERNAL_ERROR = lazy("The bot had an internal error; see its log.")


#: To how many destinations it is said at once that a feed was given up.
_GIVEN_UP_LIMIT = 20


async def _ignore_given_up(_follow: Follow) -> None:
    """Tell nobody."""


class Poller:
    """Polls feeds.

    ``wake_event`` is set by whoever adds or resumes one; ``on_broken`` tells the desk, ``on_given_up`` whoever follows one. ``per_second`` spaces the polls
    (0: no spacing). ``random_fraction`` gives random numbers from 0 to 1, by which polls are spread.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        reader: FeedReader,
        clock: Clock,
        wake_event: asyncio.Event,
        *,
        on_broken: BrokenFeedHandler,
        on_given_up: GivenUpFeedHandler = _ignore_given_up,
        parallel: int = MAX_PARALLEL,
        per_second: float = MAX_PER_SECOND,
        random_fraction: RandomFraction | None = None,
        heartbeat: Heartbeat | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._wake_event = wake_event
        self._on_broken = on_broken
        self._on_given_up = on_given_up
        self._heartbeat = heartbeat
        self._parallel = parallel
        self._start_interval = 1.0 / per_second if per_second else 0.0
        self._next_start = 0.0
        self._recorder = PollRecorder(store, random_fraction or random.SystemRandom().random)
        self._queue: deque[Feed] = deque()
        self._polls_by_host: dict[str, asyncio.Task[None]] = {}
        self._report_task: asyncio.Task[None] | None = None
        self._report_pause: Pause | None = None
        self._cleanup_pause: Pause | None = None
        self._store_pause: Pause | None = None
        self._jump_watch = ClockJumpDetector()
        self._start_count = 0
        #: Feeds whose polls could not even be recorded as failed: when to try again, and the number of errors in a row.
        self._feed_backoffs: dict[int, tuple[Pause, int]] = {}
        self._read_errors = ErrorLog(log, "Reading feeds")
        self._record_errors = ErrorLog(log, "Recording polls")
        self._report_errors = ErrorLog(log, "Telling the desk about broken feeds")

    async def run(self) -> None:
        """Poll what is due, for ever. Wait for a failing database; leave unfinished polls to the next start."""
        try:
            await run_forever(self._step, ErrorLog(log, "Polling feeds"), heartbeat=self._heartbeat)
        finally:
            await self._cancel_tasks()

    async def run_once(self) -> int:
        """Poll everything that is due now, report broken feeds, and return the number of polls."""
        before = self._start_count
        while True:
            await self._start_due()
            if not self._polls_by_host:
                break
            await asyncio.wait(self._polls_by_host.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._report_broken()
        await self._clean_up()
        return self._start_count - before

    async def _step(self) -> None:
        await self._start_due()
        now = self._clock()
        if (self._report_task is None or self._report_task.done()) and (
            self._report_pause is None or self._report_pause.is_over(now)
        ):
            self._report_pause = Pause(now, REPORT_INTERVAL)
            # Telling the desk may take long; polling goes on meanwhile.
            self._report_task = asyncio.create_task(self._report_broken_safely(), name="broken feeds")
        await self._clean_up()
        await self._wait_for_work()

    async def _start_due(self) -> None:
        if self._store_pause is not None and not self._store_pause.is_over(self._clock()):
            return
        if not self._queue:
            now = self._clock()
            await self._check_times(now)
            async with self._store.read() as tx:
                due_feeds = await tx.feeds.list_due(now, BATCH_SIZE, excluded_hosts=list(self._polls_by_host))
            self._queue.extend(due_feeds)
        while self._queue and len(self._polls_by_host) < self._parallel:
            feed = self._queue.popleft()
            if self._may_poll(feed):
                self._start(feed)

    def _may_poll(self, feed: Feed) -> bool:
        pause, _ = self._feed_backoffs.get(feed.id, (None, 0))
        return pause is None or pause.is_over(self._clock())

    async def _check_times(self, now: datetime) -> None:
        """Recompute the times of polls if the clock was put back, since they would otherwise wait too long."""
        self._jump_watch.observe(now)
        async with self._store.read() as tx:
            self._jump_watch.is_pending |= await tx.feeds.has_future_reads(now)
        if self._jump_watch.is_pending:
            async with self._store.write() as tx:
                await tx.feeds.reschedule_after_clock_jump(now)
            self._jump_watch.is_pending = False

    def _start(self, feed: Feed) -> None:
        self._start_count += 1
        task = asyncio.create_task(self._poll(feed), name=f"feed {feed.id}")
        self._polls_by_host[feed.host] = task
        task.add_done_callback(lambda _: self._polls_by_host.pop(feed.host))

    async def _poll(self, feed: Feed) -> None:
        try:
            await self._wait_for_slot()
            # Reasons are stored in English, for readers of any language.
            with use_language(ENGLISH):
                await self._record(await self._fetch_and_read(feed))
        except StoreError as exc:
            self._record_errors.record_failure(exc)
            self._back_off_store()
        except (Exception, asyncio.CancelledError) as exc:
            if isinstance(exc, asyncio.CancelledError) and is_cancelled():
                raise
            # One feed must not stop the others.
            self._record_errors.record_failure(exc)
            self._back_off_feed(feed)
        else:
            self._record_errors.record_success()
            self._feed_backoffs.pop(feed.id, None)

    def _back_off_feed(self, feed: Feed) -> None:
        _, errors = self._feed_backoffs.get(feed.id, (None, 0))
        wait = min(MAX_FEED_BACKOFF, STORE_BACKOFF * 2.0 ** min(errors, 30))
        self._feed_backoffs[feed.id] = Pause(self._clock(), wait), errors + 1

    async def _wait_for_slot(self) -> None:
        """Wait until the next poll may start."""
        now = asyncio.get_running_loop().time()
        # A timer that fires a little late must not lower the rate; idle time earns no burst.
        start = max(self._next_start, now - self._start_interval)
        self._next_start = start + self._start_interval
        if start > now:
            await asyncio.sleep(start - now)

    async def _record(self, result: PollResult) -> None:
        try:
            await self._recorder.record(result)
        except (StoreBusy, StoreReplaced):
            raise
        except Exception as exc:  # noqa: BLE001 - it is this poll's alone if it can be recorded as a failed one
            await self._recorder.record(PollResult(result.feed, result.at, error=DealwireError(say(INTERNAL_ERROR))))
            self._record_errors.record_failure(exc)

    def _back_off_store(self) -> None:
        self._queue.clear()
        self._store_pause = Pause(self._clock(), STORE_BACKOFF)

    async def _fetch_and_read(self, feed: Feed) -> PollResult:
        """Fetch and read a feed. An error is part of the result."""
        try:
            is_conditional = can_request_conditionally(feed, self._clock())
            async with asyncio.timeout(POLL_TIMEOUT):
                response = await self._fetcher.fetch(
                    feed.url, etag=feed.etag * is_conditional, last_modified=feed.last_modified * is_conditional
                )
                content = None
                if response.body is not None:
                    content = await self._reader.read_feed(
                        response.body, url=str(response.url), content_type=response.content_type
                    )
            self._read_errors.record_success()
            return PollResult(feed, self._clock(), response, content)
        except FetchError as exc:
            return PollResult(
                feed, self._clock(), error=exc, host_pause_end=self._fetcher.get_host_pause_end(feed.host)
            )
        except DealwireError as exc:
            return PollResult(feed, self._clock(), error=exc)
        except Exception as exc:  # noqa: BLE001 - the feed's own trouble, and its list says so
            self._read_errors.record_failure(exc)
            return PollResult(feed, self._clock(), error=DealwireError(say(INTERNAL_ERROR)))

    async def _report_broken_safely(self) -> None:
        try:
            await self._report_broken()
        except Exception as exc:  # noqa: BLE001 - it is done again in a minute
            self._report_errors.record_failure(exc)
        else:
            self._report_errors.record_success()

    async def _report_broken(self) -> None:
        """Tell the desk of each feed that is broken or gone and was not reported yet."""
        async with self._store.read() as tx:
            broken_feeds = await tx.feeds.list_unreported()
        for feed in broken_feeds:
            try:
                await self._on_broken(feed)
            except Exception as exc:  # noqa: BLE001 - one feed must not keep the others unnamed
                self._report_errors.record_failure(exc)
                continue
            async with self._store.write() as tx:
                await tx.feeds.mark_reported(feed.id)
        await self._report_given_up()

    async def _report_given_up(self) -> None:
        """Stop the follows of feeds that will bring nothing any more, and tell their destinations."""
        now = self._clock()
        async with self._store.read() as tx:
            is_due = await tx.follows.has_dead_feeds(now)
        if is_due:
            async with self._store.write() as tx:
                await tx.follows.stop_feeds(now)
        async with self._store.read() as tx:
            follows = await tx.follows.list_given_up(_GIVEN_UP_LIMIT)
        for follow in follows:
            try:
                await self._on_given_up(follow)
            except Exception as exc:  # noqa: BLE001 - one destination must not keep the others untold
                self._report_errors.record_failure(exc)
                continue
            async with self._store.write() as tx:
                await tx.follows.mark_told(follow.id)

    async def _clean_up(self) -> None:
        now = self._clock()
        if self._cleanup_pause is None or self._cleanup_pause.is_over(now):
            self._cleanup_pause = Pause(now, CLEANUP_INTERVAL)
            async with self._store.write() as tx:
                await tx.articles.erase_orphans(now)
                await tx.clusters.erase_old(now)

    async def _wait_for_work(self) -> None:
        waker = asyncio.ensure_future(self._wake_event.wait())
        try:
            await asyncio.wait(
                {waker, *self._polls_by_host.values()}, timeout=CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            waker.cancel()
            self._wake_event.clear()

    async def _cancel_tasks(self) -> None:
        tasks = [*self._polls_by_host.values(), *([self._report_task] if self._report_task else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._recorder.close()
