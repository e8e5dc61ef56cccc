"""Take due posts out of the outbox, send them, and record the outcome.

Discord and the database share no transaction, so a post is leased before it is sent and closed afterwards. If an earlier
attempt may have reached Discord, the channel's history is searched for the post's key first. Every attempt has the same nonce,
which Discord remembers for a few minutes. A correction is an edit, and an edit can be repeated.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Collection, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.clock import Clock, ClockJumpDetector, Pause
from bot.delivery.incidents import IncidentReport, Incidents, Notifier
from bot.delivery.operator_queue import RecentArrivals
from bot.delivery.outcomes import MAX_BLOCKED_WAIT, OWN_ERROR_REASON, OutcomeRecorder, find_failed_destination
from bot.delivery.port import (
    CHECK_LEASE,
    IN_DELIVERY,
    CannotSearch,
    DeliveryError,
    DestinationBlocked,
    MessageGone,
    Publisher,
    TryAgain,
    Undeliverable,
    UnexplainedRefusal,
)
from bot.delivery.preparation import PostPreparer
from bot.errors import LeaseLost, StoreError
from bot.heartbeat import Heartbeat
from bot.languages import lazy
from bot.loops import ErrorLog, run_forever
from bot.model.post import Post, PostAction, PostType, SentMessage
from bot.recorder import DeliveryOutcome, Recorder
from bot.store import LeaseQuota, Membership, SoleMember, Store, Transaction

log = logging.getLogger(__name__)

#: How often the store is polled for what is due, and for deliveries that another process has enqueued, in seconds. Our own set the
#: bell, and so do those of others where the store tells: then only what becomes due by itself is waited for.
POLL_SECONDS, SLOW_POLL_SECONDS = 0.2, 1.0
#: An attempt is given up before its lease ends, so that a post is never sent by two at once, in seconds.
ATTEMPT_SECONDS = 45.0
LEASE_DURATION = timedelta(seconds=120)
#: The least time between two batches of leases, in seconds.
LEASE_INTERVAL = 0.2
#: After this many unexplained refusals in a row, posts are sent one at a time to probe whether Discord accepts any: 10,000
#: refused requests within ten minutes lead to a ban
#: (https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans).
PROBE_AFTER = 200
PROBE_INTERVAL = 1.0
#: How long a stop waits for attempts in flight, and then for notifications, in seconds.
CLOSING_SECONDS = 5.0
#: Why a reminder is not sent after its day, or after its event was moved, has happened or was dropped.
OBSOLETE_REASON = lazy("it was no longer news by the time it could be posted")
#: How often waiting posts are folded.
FOLD_INTERVAL = timedelta(seconds=10)
#: How often the store is searched for expected events whose day has come somewhere.
REMINDER_INTERVAL = timedelta(seconds=10)
#: How often the store is checked for times that another process's clock, which was ahead, has set.
CLOCK_CHECK_INTERVAL = timedelta(seconds=10)
#: How many attempts may be fast at once: about as many as the rate limiter releases before the first of them is slow.
_MAX_FAST = 128
#: After this many seconds an attempt is slow, and another one may start in its place.
_SLOW_AFTER = 3.0
#: How many attempts may be in flight in total. Each takes memory and a connection, and many systems allow a process 1,024 files.
_MAX_TOTAL = 600
#: How many of these may be retries. Posts to channels that never answer are retried again and again, and new posts must not wait
#: for them.
_MAX_RETRIES = 300


class Dispatcher:
    """Sends the posts of many destinations at once, those of one destination one after the other.

    ``bell`` is set by whoever enqueues something in this process; what other processes enqueue is found within ``POLL_SECONDS``.
    ``report`` tells the desk about an incident, and returns whether that was possible. ``recorder`` counts the outcomes.
    ``membership`` says what this bot may do if several share the store: each sends, and the leader prepares.
    """

    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        clock: Clock,
        bell: asyncio.Event,
        *,
        parallel: int = _MAX_FAST,
        report: Callable[[IncidentReport], Awaitable[bool]] | None = None,
        recorder: Recorder | None = None,
        heartbeat: Heartbeat | None = None,
        membership: Membership | None = None,
    ) -> None:
        self._store = store
        self._membership = membership or SoleMember()
        self._publisher = publisher
        self._clock = clock
        self._bell = bell
        self._heartbeat = heartbeat
        self._outcomes = OutcomeRecorder(store, clock, recorder)
        self._tasks = TaskPool(parallel)
        self._fold_pause: Pause | None = None
        self._reminder_pause: Pause | None = None
        self._clock_check_pause: Pause | None = None
        self._clock_jumps = ClockJumpDetector()
        self._incidents = Incidents()
        self._notifier = Notifier(publisher, self._incidents, clock, report)
        self._arrivals = RecentArrivals()
        self._lease_at = 0.0
        self._preparer = PostPreparer(store, self._incidents.report_set_aside, recorder or Recorder())
        self._refusals_in_a_row = 0
        self._attempt_errors = ErrorLog(log, "Making a post")
        self._record_errors = ErrorLog(log, "Recording what became of a post")

    async def run(self) -> None:
        """Send what is due, for ever. Wait if the database fails. When cancelled, let attempts in flight be recorded."""
        await self._recover()
        try:
            await run_forever(self._step, ErrorLog(log, "Sending posts"), heartbeat=self._heartbeat)
        finally:
            await self._shut_down()

    async def _step(self) -> None:
        await self._take_over_lost()
        await self._lease_when_due()
        self._notifier.notify_when_due()
        await self._wait_for_bell()

    async def _lease_when_due(self) -> None:
        """Lease a batch of posts at most every ``LEASE_INTERVAL``: a batch costs hardly more than one."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._lease_at - loop.time()))
        is_probe = self._refusals_in_a_row >= PROBE_AFTER
        if await self._lease_and_start(1 if is_probe else _MAX_TOTAL):
            self._lease_at = loop.time() + (PROBE_INTERVAL if is_probe else LEASE_INTERVAL)

    async def run_until_idle(self) -> None:
        """Send all that is due now, and return when it is done. What is due later is left."""
        were_busy = True
        while were_busy:
            # An attempt that ends meanwhile may make more posts due, so check again unless nothing was in flight before.
            were_busy = bool(self._tasks.tasks)
            were_busy |= bool(await self._lease_and_start())
            if self._tasks.tasks:
                await asyncio.wait(self._tasks.tasks, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await self._notifier.notify_all()

    async def _recover(self) -> None:
        if self._membership.worker_count > 1:
            # What others have leased is theirs, and what waits is theirs too.
            return
        try:
            async with self._store.write() as tx:
                now = self._clock()
                await tx.workers.remove(self._membership.take_lost())
                count = await tx.outbox.recover(now)
                # The clock may have been put back since the last run.
                await tx.rescheduling.reschedule(now, LEASE_DURATION)
        except StoreError as exc:
            log.error("The leases of the last run could not be released; they will expire: %s", exc)
            return
        except Exception:
            log.exception("The leases of the last run could not be released because of a bug; they will expire.")
            return
        if count:
            log.info("%d posts of the last run may or may not have arrived; searching Discord for them.", count)

    async def _take_over_lost(self) -> None:
        """Take over what bots that have died had leased: it is in doubt, since it may have been sent."""
        lost_workers = self._membership.take_lost()
        if not lost_workers:
            return
        async with self._store.write() as tx:
            await tx.workers.remove(lost_workers)
            count = await tx.outbox.end_lost_leases()
        log.warning("Other bots on this store that have ended: %d; posts taken over: %d.", len(lost_workers), count)

    async def _shut_down(self) -> None:
        """Let attempts in flight end and be recorded. If one takes too long, the next start retries it, in doubt."""
        tasks = set(self._tasks.tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSING_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._notifier.close(CLOSING_SECONDS)

    async def _wait_for_bell(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SLOW_POLL_SECONDS if self._membership.hears_posts else POLL_SECONDS):
                await self._bell.wait()
        self._bell.clear()

    async def _lease_and_start(self, limit: int = _MAX_TOTAL) -> int:
        quota = self._tasks.get_quota(limit)
        if quota.total <= 0:
            return 0
        now, is_leader = self._clock(), self._membership.is_leader
        if is_leader:
            await self._check_clock(now)
            if self._reminder_pause is None or self._reminder_pause.is_over(now):
                self._reminder_pause = Pause(now, REMINDER_INTERVAL)
                await self._preparer.make_reminders(now)
        has_digests, has_posts = await self._store.read_in_thread(
            lambda tx: _find_due(tx, now, quota, is_leader=is_leader)
        )
        if not has_digests and not has_posts:
            return 0
        if has_digests:
            await self._preparer.make_digests(now)
        if is_leader and (self._fold_pause is None or self._fold_pause.is_over(now)):
            self._fold_pause = Pause(now, FOLD_INTERVAL)
            await self._preparer.fold(now)
        posts = await self._preparer.lease(partial(self._lease, now, quota), now)
        for post in posts:
            self._tasks.start(post, self._deliver(post))
        return len(posts)

    async def _lease(self, now: datetime, quota: LeaseQuota) -> tuple[Post, ...]:
        async with self._store.write() as tx:
            # A clock that is set forward, or a machine that slept, ends leases of attempts that are still in flight here.
            posts = await tx.outbox.lease_due(
                now,
                now + LEASE_DURATION,
                quota,
                self._tasks.get_post_ids(),
                leased_by=self._membership.worker_id,
            )
            new_posts = [post for post in posts if post.action is PostAction.SEND and not post.in_doubt]
            await tx.outbox.record_search_start(
                {post.id: self._publisher.newest_id(post.destination) for post in new_posts}
            )
        return posts

    async def _check_clock(self, now: datetime) -> None:
        """Reschedule what waits if the clock of this process or another one has been set back: it would wait for too long."""
        self._clock_jumps.observe(now)
        if self._clock_check_pause is None or self._clock_check_pause.is_over(now):
            self._clock_check_pause = Pause(now, CLOCK_CHECK_INTERVAL)
            async with self._store.read() as tx:
                self._clock_jumps.is_pending |= await tx.rescheduling.is_needed(now)
        if self._clock_jumps.is_pending:
            async with self._store.write() as tx:
                await tx.rescheduling.reschedule(now, LEASE_DURATION)
            self._clock_jumps.is_pending = False
            log.warning("The clock was set back; everything that was waiting has been rescheduled.")

    async def _deliver(self, post: Post) -> None:
        IN_DELIVERY.set(True)
        CHECK_LEASE.set(partial(self._check_lease, post))
        try:
            await self._attempt(post)
        except LeaseLost as exc:
            log.info("%s", exc)
        except Exception as exc:  # noqa: BLE001 - one post must not stop the next
            # Nothing was recorded, whether it was sent or not: the lease expires, and the post comes back in doubt.
            self._record_errors.record_failure(exc)
        else:
            self._record_errors.record_success()
        self._bell.set()

    async def _check_lease(self, post: Post) -> None:
        """Raise LeaseLost unless the post is certainly still leased to this bot."""
        if post.leased_by != self._membership.worker_id or not await self._membership.is_current():
            raise LeaseLost(post.id)

    async def _attempt(self, post: Post) -> None:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                record = await self._perform(post)
        except DeliveryError as exc:
            await self._handle_refusal(post, exc)
        except TimeoutError:
            await self._handle_refusal(post, UnexplainedRefusal(lazy("Discord did not answer in time"), in_doubt=True))
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - the post is tried again, and set aside in the end
            self._attempt_errors.record_failure(exc)
            await self._handle_refusal(post, UnexplainedRefusal(OWN_ERROR_REASON, in_doubt=True))
        else:
            await record
            self._attempt_errors.record_success()
            self._refusals_in_a_row = 0
            self._arrivals.record(self._clock())

    async def _perform(self, post: Post) -> Coroutine[None, None, None]:
        """Do what the post needs, and return a coroutine that records it."""
        if post.action is PostAction.EDIT:
            await self._publisher.edit(post)
            return self._outcomes.record_edited(post)
        if post.action is PostAction.PUBLISH:
            await self._publisher.publish(post)
            return self._outcomes.record_published(post)
        message, outcome = await self._find_or_send(post)
        if post.post_type is PostType.CARD and not message.thread_id:
            message = replace(message, thread_id=await self._open_thread(post, message.message_id))
        return self._outcomes.record_sent(post, message, outcome)

    async def _open_thread(self, post: Post, message_id: int) -> int:
        try:
            return await self._publisher.open_thread(post, message_id)
        except DeliveryError as exc:
            # The card was sent, and must not be sent again.
            exc.in_doubt = True
            raise

    async def _find_or_send(self, post: Post) -> tuple[SentMessage, DeliveryOutcome]:
        """Return the message, and whether it was found, sent, or sent without a search for it."""
        outcome = DeliveryOutcome.SENT
        if post.in_doubt:
            try:
                message = await self._publisher.find(post)
            except CannotSearch:
                self._check_still_news(post)
                # Only the nonce prevents a repetition now; such posts are counted.
                await self._outcomes.record_doubtful(post)
                outcome = DeliveryOutcome.UNSEARCHABLE
            else:
                if message is not None:
                    return message, DeliveryOutcome.FOUND
        self._check_still_news(post)
        return await self._publisher.send(post), outcome

    def _check_still_news(self, post: Post) -> None:
        if post.is_obsolete(self._clock()):
            raise Undeliverable(OBSOLETE_REASON)

    async def _handle_refusal(self, post: Post, error: DeliveryError) -> None:
        now, destination = self._clock(), find_failed_destination(post, error)
        is_waiting = isinstance(error, TryAgain) and not isinstance(error, UnexplainedRefusal)
        self._refusals_in_a_row += isinstance(error, UnexplainedRefusal)
        is_incident = (
            not is_waiting
            and not isinstance(error, MessageGone)
            and self._is_incident(destination.discord_id, error, now)
        )
        if self._arrivals.is_refused_alone(post, error, now):
            await self._outcomes.set_aside(post, error)
            self._incidents.report_set_aside(error.reason, now)
            return
        creator_ids = await self._outcomes.record_refusal(post, error, log_quietly=is_incident)
        if creator_ids:
            self._incidents.add_warning(destination, creator_ids, error.reason, now)

    def _is_incident(self, channel_id: int, error: DeliveryError, now: datetime) -> bool:
        retry_within = MAX_BLOCKED_WAIT if isinstance(error, DestinationBlocked) else timedelta()
        return self._incidents.record_refusal(channel_id, error.reason, now, retry_within)


async def _find_due(tx: Transaction, now: datetime, quota: LeaseQuota, *, is_leader: bool) -> tuple[bool, bool]:
    """Return whether digests are due, which the leader makes, and whether posts are."""
    return is_leader and await tx.digests.has_due(now), await tx.outbox.has_due(now, quota)


@dataclass(frozen=True, slots=True)
class _Attempt:
    post_id: int
    is_retry: bool
    started_at: float


class TaskPool:
    """Runs attempts as tasks, and counts them. At most ``max_fast`` of them are younger than ``_SLOW_AFTER``."""

    def __init__(self, max_fast: int = _MAX_FAST) -> None:
        self._max_fast = max_fast
        self._attempts: dict[asyncio.Task[None], _Attempt] = {}

    @property
    def tasks(self) -> Collection[asyncio.Task[None]]:
        """The tasks of the attempts in flight."""
        return self._attempts.keys()

    def get_post_ids(self) -> list[int]:
        """Return the ids of the posts that are being attempted."""
        return [attempt.post_id for attempt in self._attempts.values()]

    def get_quota(self, limit: int = _MAX_TOTAL) -> LeaseQuota:
        """Return how many more attempts may start now, at most ``limit``."""
        slow_since = asyncio.get_running_loop().time() - _SLOW_AFTER
        fast_count = sum(attempt.started_at > slow_since for attempt in self._attempts.values())
        retry_count = sum(attempt.is_retry for attempt in self._attempts.values())
        total = min(limit, self._max_fast - fast_count, _MAX_TOTAL - len(self._attempts))
        return LeaseQuota(total, min(total, _MAX_RETRIES - retry_count))

    def start(self, post: Post, work: Coroutine[None, None, None]) -> None:
        """Run an attempt in a task of its own."""
        task = asyncio.create_task(work, name=f"post {post.id}")
        # The lease has counted this attempt already.
        self._attempts[task] = _Attempt(post.id, post.attempts > 1, asyncio.get_running_loop().time())
        task.add_done_callback(self._attempts.pop)
