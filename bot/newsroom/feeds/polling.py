"""Polls the feeds that are due: many hosts at once, one feed of a host at a time, and none holds up another.

When each is due is in the store, so a restart asks nobody sooner. A feed that fails is tried again, ever more slowly; once
it has failed for long, or is gone, the desk is told, once.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections import deque
from datetime import datetime, timedelta

from bot.clock import Clock, JumpWatch, Pause
from bot.errors import DealwireError, FetchError, StoreBusy, StoreError, StoreReplaced
from bot.languages import ENGLISH, noted, say, speaking
from bot.loops import ErrorLog, is_cancelled, run_forever
from bot.model.cadence import asks_conditionally
from bot.model.feed import Feed
from bot.newsroom.feeds.fetching import Fetcher
from bot.newsroom.feeds.ports import FeedReader, Told
from bot.newsroom.feeds.recording import Polled, Recorder, Share
from bot.store import Store

log = logging.getLogger(__name__)

#: How often it is looked whether feeds are due, in seconds; whoever adds one in this process rings.
LOOK = 5.0
#: So many due feeds are taken from the store at once.
AT_ONCE = 100
#: So many hosts are asked at once.
PARALLEL = 32
#: So many polls begin a second at most: ten thousand feeds are done in minutes, and answers hardly notice.
PER_SECOND = 50.0
#: How often what nobody lists any more is looked for.
FORGET_EVERY = timedelta(days=1)
#: How often it is looked whether the desk must be told of a feed.
TELL_EVERY = timedelta(minutes=1)
#: After the store has failed nobody is asked for what could not be kept.
REST = timedelta(minutes=1)
#: The longest time that a feed is left alone whose polls cannot even be recorded as failed.
LONGEST_ALONE = timedelta(hours=6)
OWN_ERROR = noted("An error of the bot's own, see its log.")


class Poller:
    """Polls feeds. ``bell`` is rung by whoever adds or resumes one; ``on_broken`` tells the desk.

    ``per_second`` spaces polls, 0 does not; ``share`` gives random numbers from 0 to 1, by which polls are spread.
    """

    def __init__(
        self,
        store: Store,
        fetcher: Fetcher,
        reader: FeedReader,
        clock: Clock,
        bell: asyncio.Event,
        *,
        on_broken: Told,
        parallel: int = PARALLEL,
        per_second: float = PER_SECOND,
        share: Share | None = None,
    ) -> None:
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._clock = clock
        self._bell = bell
        self._on_broken = on_broken
        self._parallel = parallel
        self._gap = 1.0 / per_second if per_second else 0.0
        self._next_start = 0.0
        self._recorder = Recorder(store, share or random.SystemRandom().random)
        self._queue: deque[Feed] = deque()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._telling: asyncio.Task[None] | None = None
        self._told: Pause | None = None
        self._forgot: Pause | None = None
        self._rests: Pause | None = None
        self._jumps = JumpWatch()
        self._started = 0
        #: Feeds whose polls could not even be recorded as failed, and the errors of each in a row.
        self._put_off: dict[int, tuple[Pause, int]] = {}
        self._unread = ErrorLog(log, "Reading a feed")
        self._unrecorded = ErrorLog(log, "Recording what a feed brought")
        self._untold = ErrorLog(log, "Telling the desk about broken feeds")

    async def run(self) -> None:
        """Poll what is due, for ever. A failing database is waited for; a stop leaves what is under way for the next start."""
        try:
            await run_forever(self._step, ErrorLog(log, "Polling feeds"))
        finally:
            await self._wind_up()

    async def run_once(self) -> int:
        """Poll all that is due now, tell of what is broken, and return how many polls that took."""
        before = self._started
        while True:
            await self._start_due()
            if not self._under_way:
                break
            await asyncio.wait(self._under_way.values(), return_when=asyncio.FIRST_COMPLETED)
        await self._tell()
        await self._forget()
        return self._started - before

    async def _step(self) -> None:
        await self._start_due()
        now = self._clock()
        if (self._telling is None or self._telling.done()) and (self._told is None or self._told.is_over(now)):
            self._told = Pause(now, TELL_EVERY)
            # Whoever is told may be slow to hear; the feeds go on meanwhile.
            self._telling = asyncio.create_task(self._tell_safely(), name="broken feeds")
        await self._forget()
        await self._pause()

    async def _start_due(self) -> None:
        if self._rests is not None and not self._rests.is_over(self._clock()):
            return
        if not self._queue:
            now = self._clock()
            await self._check_times(now)
            async with self._store.read() as session:
                found = await session.feeds.due(now, AT_ONCE, without=list(self._under_way))
            self._queue.extend(found)
        while self._queue and len(self._under_way) < self._parallel:
            feed = self._queue.popleft()
            if self._is_free(feed):
                self._start(feed)

    def _is_free(self, feed: Feed) -> bool:
        pause, _ = self._put_off.get(feed.number, (None, 0))
        return pause is None or pause.is_over(self._clock())

    async def _check_times(self, now: datetime) -> None:
        """If the clock has been put back, time the polls anew: they would wait for too long."""
        self._jumps.look(now)
        async with self._store.read() as session:
            self._jumps.is_pending |= await session.feeds.are_ahead(now)
        if self._jumps.is_pending:
            async with self._store.write() as session:
                await session.feeds.recompute(now)
            self._jumps.is_pending = False

    def _start(self, feed: Feed) -> None:
        self._started += 1
        task = asyncio.create_task(self._poll(feed), name=f"feed {feed.number}")
        self._under_way[feed.host] = task
        task.add_done_callback(lambda _: self._under_way.pop(feed.host))

    async def _poll(self, feed: Feed) -> None:
        try:
            await self._turn()
            # What goes wrong is kept, for readers of any language.
            with speaking(ENGLISH):
                await self._record(await self._asked(feed))
        except StoreError as exc:
            self._unrecorded.failed(exc)
            self._rest()
        except (Exception, asyncio.CancelledError) as exc:
            if isinstance(exc, asyncio.CancelledError) and is_cancelled():
                raise
            # The next feed is polled all the same.
            self._unrecorded.failed(exc)
            self._put_off_alone(feed)
        else:
            self._unrecorded.succeeded()
            self._put_off.pop(feed.number, None)

    def _put_off_alone(self, feed: Feed) -> None:
        _, errors = self._put_off.get(feed.number, (None, 0))
        wait = min(LONGEST_ALONE, REST * 2.0 ** min(errors, 30))
        self._put_off[feed.number] = Pause(self._clock(), wait), errors + 1

    async def _turn(self) -> None:
        """Wait for the next place in the row of polls."""
        now = asyncio.get_running_loop().time()
        # A timer that fires a little late must not slow the row down; a pause earns nothing.
        mine = max(self._next_start, now - self._gap)
        self._next_start = mine + self._gap
        if mine > now:
            await asyncio.sleep(mine - now)

    async def _record(self, polled: Polled) -> None:
        try:
            await self._recorder.record(polled)
        except (StoreBusy, StoreReplaced):
            raise
        except Exception as exc:  # noqa: BLE001 - it is this poll's alone if it can be recorded as a failed one
            await self._recorder.record(Polled(polled.feed, polled.at, error=DealwireError(say(OWN_ERROR))))
            self._unrecorded.failed(exc)

    def _rest(self) -> None:
        self._queue.clear()
        self._rests = Pause(self._clock(), REST)

    async def _asked(self, feed: Feed) -> Polled:
        """Fetch and read a feed; whatever goes wrong is its outcome."""
        try:
            conditional = asks_conditionally(feed, self._clock())
            fetched = await self._fetcher.get(
                feed.url, etag=feed.etag * conditional, last_modified=feed.last_modified * conditional
            )
            read = None
            if fetched.body is not None:
                read = await self._reader.feed(fetched.body, url=str(fetched.url), content_type=fetched.content_type)
            self._unread.succeeded()
            return Polled(feed, self._clock(), fetched, read)
        except FetchError as exc:
            return Polled(feed, self._clock(), error=exc, closed_until=self._fetcher.closed_until(feed.host))
        except DealwireError as exc:
            return Polled(feed, self._clock(), error=exc)
        except Exception as exc:  # noqa: BLE001 - the feed's own trouble, and its list says so
            self._unread.failed(exc)
            return Polled(feed, self._clock(), error=DealwireError(say(OWN_ERROR)))

    async def _tell_safely(self) -> None:
        try:
            await self._tell()
        except Exception as exc:  # noqa: BLE001 - it is done again in a minute
            self._untold.failed(exc)
        else:
            self._untold.succeeded()

    async def _tell(self) -> None:
        """Tell the desk of each feed that is broken or gone and was not named yet."""
        async with self._store.read() as session:
            unnamed = await session.feeds.unnamed()
        for feed in unnamed:
            try:
                await self._on_broken(feed)
            except Exception as exc:  # noqa: BLE001 - one feed must not keep the others unnamed
                self._untold.failed(exc)
                continue
            async with self._store.write() as session:
                await session.feeds.mark_named(feed.number)

    async def _forget(self) -> None:
        now = self._clock()
        if self._forgot is None or self._forgot.is_over(now):
            self._forgot = Pause(now, FORGET_EVERY)
            async with self._store.write() as session:
                await session.articles.forget_orphans(now)

    async def _pause(self) -> None:
        waker = asyncio.ensure_future(self._bell.wait())
        try:
            await asyncio.wait({waker, *self._under_way.values()}, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waker.cancel()
            self._bell.clear()

    async def _wind_up(self) -> None:
        under_way = [*self._under_way.values(), *([self._telling] if self._telling else [])]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        await self._recorder.close()
