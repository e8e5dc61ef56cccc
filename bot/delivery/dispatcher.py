"""Takes what is owed out of the outbox, sends it, and records that it stands.

Discord and the database share no transaction. So a post is leased before it is sent and closed after; whenever an
earlier try may have reached Discord, the channel's history is read for the post's key first, and every try has the
same nonce, which Discord knows for some minutes. A correction is an edit, and an edit can be repeated.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.clock import Clock, ClockJumpDetector, Pause
from bot.delivery.incidents import IncidentReport, Incidents
from bot.delivery.operator_queue import RecentArrivals
from bot.delivery.outcomes import MAX_BLOCKED_WAIT, OWN_ERROR_REASON, OutcomeRecorder, find_failed_destination
from bot.delivery.port import (
    IN_DELIVERY,
    CannotSearch,
    DeliveryError,
    DestinationBlocked,
    MessageGone,
    Publisher,
    TryAgain,
    UnexplainedRefusal,
)
from bot.delivery.preparation import PostPreparer
from bot.delivery.task_pool import MAX_FAST, MAX_TOTAL, TaskPool
from bot.errors import StoreError
from bot.languages import lazy
from bot.loops import ErrorLog, run_forever
from bot.model.post import Post, PostAction, PostType, SentMessage
from bot.store import LeaseQuota, Store

log = logging.getLogger(__name__)

#: How often another process's writes are looked for, in seconds. Our own wake us at once.
POLL_SECONDS = 0.2
#: A try is given up before its lease ends, so that no post is ever on two ways at once.
ATTEMPT_SECONDS = 45.0
LEASE_DURATION = timedelta(seconds=120)
#: The least time between two leases, in seconds.
LEASE_INTERVAL = 0.2
#: After so many refusals without a reason, and nothing that arrived between them, one post at a time shows whether Discord takes
#: any: 10,000 requests within ten minutes that it refuses are a ban
#: (https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans).
PROBE_AFTER = 200
PROBE_INTERVAL = 1.0
#: How long a stop waits for tries under way.
CLOSING_SECONDS = 5.0
#: How often people are told of channels that refuse, in seconds.
NOTIFY_INTERVAL = 5.0
#: How often waiting posts are looked through for those to fold.
FOLD_INTERVAL = timedelta(seconds=10)
#: How often waits are checked for those that were timed by another process's clock, which was ahead.
CLOCK_CHECK_INTERVAL = timedelta(seconds=10)


_T = TypeVar("_T")


class Dispatcher:
    """Sends posts, many destinations at once, one post of a destination at a time.

    ``bell`` is rung by whoever owes something in this process; what others owe is found within ``POLL_SECONDS`` seconds. ``report``
    tells the desk of what concerns many channels, and returns whether that could be done.
    """

    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        clock: Clock,
        bell: asyncio.Event,
        *,
        parallel: int = MAX_FAST,
        report: Callable[[IncidentReport], Awaitable[bool]] | None = None,
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._bell = bell
        self._outcomes = OutcomeRecorder(store, clock)
        self._tasks = TaskPool(parallel)
        self._fold_pause: Pause | None = None
        self._clock_check_pause: Pause | None = None
        self._jump_watch = ClockJumpDetector()
        self._report = report
        self._incidents = Incidents()
        self._arrivals = RecentArrivals()
        self._notify_task: asyncio.Task[None] | None = None
        self._notify_at = 0.0
        self._lease_at = 0.0
        self._preparer = PostPreparer(store, self._incidents.report_set_aside)
        self._refusals_in_a_row = 0
        self._attempt_errors = ErrorLog(log, "Making a post")
        self._record_errors = ErrorLog(log, "Recording what became of a post")

    async def run(self) -> None:
        """Send what is due, for ever. A failing database is waited for; cancelling lets tries under way be recorded."""
        await self._recover()
        try:
            await run_forever(self._step, ErrorLog(log, "Sending posts"))
        finally:
            await self._shut_down()

    async def _step(self) -> None:
        await self._lease_when_due()
        self._notify_when_due()
        await self._wait_for_bell()

    async def _lease_when_due(self) -> None:
        """Lease, but not for every post that is done: a batch costs hardly more than one."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._lease_at - loop.time()))
        is_probe = self._refusals_in_a_row >= PROBE_AFTER
        if await self._lease_and_start(1 if is_probe else MAX_TOTAL):
            self._lease_at = loop.time() + (PROBE_INTERVAL if is_probe else LEASE_INTERVAL)

    async def run_until_idle(self) -> None:
        """Send all that is due now, and return when it is done; what must wait for a later time is left."""
        were_busy = True
        while were_busy:
            # What ends while we look may make more due: idle is only who had nothing under way before.
            were_busy = bool(self._tasks.tasks)
            were_busy |= bool(await self._lease_and_start())
            if self._tasks.tasks:
                await asyncio.wait(self._tasks.tasks, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.create_task(self._notify())

    async def _recover(self) -> None:
        try:
            async with self._store.write() as tx:
                now = self._clock()
                count = await tx.outbox.recover(now)
                # The clock may have been put back since the last run.
                await tx.rescheduling.reschedule(now, LEASE_DURATION)
        except StoreError as exc:
            log.error("Leases of the last run end by themselves: %s", exc)
            return
        except Exception:
            log.exception("Leases of the last run end by themselves, because of an error of the bot's own.")
            return
        if count:
            log.info("%d posts of the last run are in doubt and are looked for.", count)

    async def _shut_down(self) -> None:
        """Let tries under way end and be recorded; one that takes too long is taken up in doubt by the next start."""
        tasks = set(self._tasks.tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSING_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await asyncio.gather(*([self._notify_task] if self._notify_task else []))
                await self._notify()

    async def _wait_for_bell(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._bell.wait()
        self._bell.clear()

    async def _lease_and_start(self, limit: int = MAX_TOTAL) -> int:
        quota = self._tasks.get_quota(limit)
        if quota.total <= 0:
            return 0
        now = self._clock()
        await self._check_clock(now)
        async with self._store.read() as tx:
            has_digests = await tx.digests.has_due(now)
            if not has_digests and not await tx.outbox.has_due(now, quota):
                return 0
        if has_digests:
            await self._preparer.make_digests(now)
        if self._fold_pause is None or self._fold_pause.is_over(now):
            self._fold_pause = Pause(now, FOLD_INTERVAL)
            await self._preparer.fold(now)
        posts = await self._preparer.lease(partial(self._lease, now, quota), now)
        for post in posts:
            self._tasks.start(post, self._deliver(post))
        return len(posts)

    async def _lease(self, now: datetime, quota: LeaseQuota) -> tuple[Post, ...]:
        async with self._store.write() as tx:
            # A clock that is put on, or a machine that slept, ends leases whose posts are still on their way here.
            posts = await tx.outbox.lease_due(now, now + LEASE_DURATION, quota, self._tasks.get_post_ids())
            new_posts = [post for post in posts if post.action is PostAction.SEND and not post.in_doubt]
            await tx.outbox.record_search_start(
                {post.id: self._publisher.newest_id(post.destination) for post in new_posts}
            )
        return posts

    async def _check_clock(self, now: datetime) -> None:
        """If the clock has been put back, or another process's clock was, time anew what waits: it would wait for too long."""
        self._jump_watch.observe(now)
        if self._clock_check_pause is None or self._clock_check_pause.is_over(now):
            self._clock_check_pause = Pause(now, CLOCK_CHECK_INTERVAL)
            async with self._store.read() as tx:
                self._jump_watch.is_pending |= await tx.rescheduling.is_needed(now)
        if self._jump_watch.is_pending:
            async with self._store.write() as tx:
                await tx.rescheduling.reschedule(now, LEASE_DURATION)
            self._jump_watch.is_pending = False
            log.warning("The clock has been put back; whatever waits is timed anew.")

    async def _deliver(self, post: Post) -> None:
        IN_DELIVERY.set(True)
        try:
            await self._attempt(post)
        except Exception as exc:  # noqa: BLE001 - one post must not stop the next
            # Sent or not, nothing was recorded: the lease runs out, and the post comes back in doubt.
            self._record_errors.record_failure(exc)
        else:
            self._record_errors.record_success()
        self._bell.set()

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
        """Do what is to be done about a post; what comes back is to be awaited, and records it."""
        if post.action is PostAction.EDIT:
            await self._publisher.edit(post)
            return self._outcomes.record_edited(post)
        if post.action is PostAction.PUBLISH:
            await self._publisher.publish(post)
            return self._outcomes.record_published(post)
        message, was_found = await self._find_or_send(post)
        if post.post_type is PostType.CARD and not message.thread_id:
            message = replace(message, thread_id=await self._open_thread(post, message.message_id))
        return self._outcomes.record_sent(post, message, was_found=was_found)

    async def _open_thread(self, post: Post, message_id: int) -> int:
        try:
            return await self._publisher.open_thread(post, message_id)
        except DeliveryError as exc:
            # Whatever was refused, the card stands, and must not be sent again.
            exc.in_doubt = True
            raise

    async def _find_or_send(self, post: Post) -> tuple[SentMessage, bool]:
        """What stands, and whether it may have stood already: a nonce that Discord knows gives the old message."""
        if post.in_doubt:
            try:
                message = await self._publisher.find(post)
            except CannotSearch:
                # Only the nonce guards against a repetition now; that is counted.
                await self._outcomes.record_doubtful(post)
            else:
                if message is not None:
                    return message, True
        return await self._publisher.send(post), post.in_doubt

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

    def _notify_when_due(self) -> None:
        """Tell what is to be told now and then, beside the posts: a DM can take its time."""
        now = asyncio.get_running_loop().time()
        if now >= self._notify_at and (self._notify_task is None or self._notify_task.done()):
            self._notify_at = now + NOTIFY_INTERVAL
            self._notify_task = asyncio.create_task(self._notify(self._clock()), name="telling")

    async def _notify(self, now: datetime | None = None) -> None:
        """Tell people of channels that refuse, if these are alone with it, and report incidents; without a time, at once."""
        IN_DELIVERY.set(True)
        for warning in self._incidents.take_warnings(now):
            await self._call_safely(self._publisher.warn(warning.destination, warning.creator_ids, warning.reason))
        for report in self._incidents.take_reports():
            if self._report and not await self._call_safely(self._report(report)):
                self._incidents.put_back(report)

    async def _call_safely(self, call: Awaitable[_T]) -> _T | None:
        """Wait for something to be said, but not for ever; None if it could not be said."""
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await call
        except TimeoutError:
            log.warning("Discord did not answer in time, and somebody was not told of a channel that refuses.")
        except Exception:
            log.exception("Somebody could not be told of a channel that refuses.")
        return None
