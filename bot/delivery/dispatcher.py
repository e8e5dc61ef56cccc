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

from bot.clock import Clock, JumpWatch, Pause
from bot.delivery import pace
from bot.delivery.aside import Evidence
from bot.delivery.incidents import Incidents, Report
from bot.delivery.port import Blocked, CannotLook, DeliveryError, MessageGone, Publisher, TryAgain, Unexplained
from bot.delivery.preparing import Preparing
from bot.delivery.settle import BLOCKED_SELDOM, OWN_ERROR, Settler, place_of
from bot.delivery.tries import TOTAL, YOUNG, Tries
from bot.errors import StoreError
from bot.languages import noted
from bot.loops import ErrorLog, run_forever
from bot.model.post import Form, Post, Standing, Task
from bot.store import Room, Store

log = logging.getLogger(__name__)

#: How often another process's writes are looked for, in seconds. Our own wake us at once.
POLL = 0.2
#: A try is given up before its lease ends, so that no post is ever on two ways at once.
TRY_SECONDS = 45.0
LEASE = timedelta(seconds=120)
#: The least time between two leases, in seconds.
BETWEEN_LEASES = 0.2
#: After so many refusals without a reason, and nothing that arrived between them, one post at a time shows whether Discord takes
#: any: 10,000 requests within ten minutes that it refuses are a ban
#: (https://discord.com/developers/docs/topics/rate-limits#invalid-request-limit-aka-cloudflare-bans).
PROBE_AFTER = 200
BETWEEN_PROBES = 1.0
#: How long a stop waits for tries under way.
CLOSING_SECONDS = 5.0
#: How often people are told of channels that refuse, in seconds.
TELL_EVERY = 5.0
#: How often waiting posts are looked through for those to fold.
FOLD_EVERY = timedelta(seconds=10)
#: How often waits are checked for those that were timed by another process's clock, which was ahead.
CHECK_WAITS_EVERY = timedelta(seconds=10)


_T = TypeVar("_T")


class Dispatcher:
    """Sends posts, many destinations at once, one post of a destination at a time.

    ``bell`` is rung by whoever owes something in this process; what others owe is found within ``POLL`` seconds. ``report``
    tells the desk of what concerns many channels, and returns whether that could be done.
    """

    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        clock: Clock,
        bell: asyncio.Event,
        *,
        parallel: int = YOUNG,
        report: Callable[[Report], Awaitable[bool]] | None = None,
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._bell = bell
        self._settler = Settler(store, clock)
        self._tries = Tries(parallel)
        self._folded: Pause | None = None
        self._checked: Pause | None = None
        self._jumps = JumpWatch()
        self._report = report
        self._incidents = Incidents()
        self._evidence = Evidence()
        self._telling: asyncio.Task[None] | None = None
        self._tell_at = 0.0
        self._lease_at = 0.0
        self._preparing = Preparing(store, self._incidents.set_aside)
        self._refused_in_a_row = 0
        self._unmade = ErrorLog(log, "Making a post")
        self._unrecorded = ErrorLog(log, "Recording what became of a post")

    async def run(self) -> None:
        """Send what is due, for ever. A failing database is waited for; cancelling lets tries under way be recorded."""
        await self._recover()
        try:
            await run_forever(self._step, ErrorLog(log, "Sending posts"))
        finally:
            await self._wind_up()

    async def _step(self) -> None:
        await self._lease_in_turn()
        self._tell_in_turn()
        await self._pause()

    async def _lease_in_turn(self) -> None:
        """Lease, but not for every post that is done: a batch costs hardly more than one."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, self._lease_at - loop.time()))
        is_probe = self._refused_in_a_row >= PROBE_AFTER
        if await self._lease_and_start(1 if is_probe else TOTAL):
            self._lease_at = loop.time() + (BETWEEN_PROBES if is_probe else BETWEEN_LEASES)

    async def run_until_idle(self) -> None:
        """Send all that is due now, and return when it is done; what must wait for a later time is left."""
        were_busy = True
        while were_busy:
            # What ends while we look may make more due: idle is only who had nothing under way before.
            were_busy = bool(self._tries.tasks)
            were_busy |= bool(await self._lease_and_start())
            if self._tries.tasks:
                await asyncio.wait(self._tries.tasks, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.create_task(self._tell())

    async def _recover(self) -> None:
        try:
            async with self._store.write() as session:
                now = self._clock()
                taken = await session.outbox.recover(now)
                # The clock may have been put back since the last run.
                await session.waits.recompute(now, LEASE)
        except StoreError as exc:
            log.error("Leases of the last run end by themselves: %s", exc)
            return
        except Exception:
            log.exception("Leases of the last run end by themselves, because of an error of the bot's own.")
            return
        if taken:
            log.info("%d posts of the last run are in doubt and are looked for.", taken)

    async def _wind_up(self) -> None:
        """Let tries under way end and be recorded; one that takes too long is taken up in doubt by the next start."""
        under_way = set(self._tries.tasks)
        if under_way:
            await asyncio.wait(under_way, timeout=CLOSING_SECONDS)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await asyncio.gather(*([self._telling] if self._telling else []))
                await self._tell()

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._bell.wait()
        self._bell.clear()

    async def _lease_and_start(self, most: int = TOTAL) -> int:
        room = self._tries.room(most)
        if room.total <= 0:
            return 0
        now = self._clock()
        await self._check_waits(now)
        async with self._store.read() as session:
            has_digests = await session.gathering.is_due(now)
            if not has_digests and not await session.outbox.is_due(now, room):
                return 0
        if has_digests:
            await self._preparing.make_digests(now)
        if self._folded is None or self._folded.is_over(now):
            self._folded = Pause(now, FOLD_EVERY)
            await self._preparing.fold(now)
        posts = await self._preparing.lease(partial(self._lease, now, room), now)
        for post in posts:
            self._tries.start(post, self._deliver(post))
        return len(posts)

    async def _lease(self, now: datetime, room: Room) -> tuple[Post, ...]:
        async with self._store.write() as session:
            # A clock that is put on, or a machine that slept, ends leases whose posts are still on their way here.
            posts = await session.outbox.lease_due(now, now + LEASE, room, self._tries.numbers())
            fresh = [post for post in posts if post.task is Task.SEND and not post.in_doubt]
            await session.outbox.search_after({post.number: self._publisher.newest(post.destination) for post in fresh})
        return posts

    async def _check_waits(self, now: datetime) -> None:
        """If the clock has been put back, or another process's clock was, time anew what waits: it would wait for too long."""
        self._jumps.look(now)
        if self._checked is None or self._checked.is_over(now):
            self._checked = Pause(now, CHECK_WAITS_EVERY)
            async with self._store.read() as session:
                self._jumps.is_pending |= await session.waits.are_ahead(now)
        if self._jumps.is_pending:
            async with self._store.write() as session:
                await session.waits.recompute(now, LEASE)
            self._jumps.is_pending = False
            log.warning("The clock has been put back; whatever waits is timed anew.")

    async def _deliver(self, post: Post) -> None:
        pace.IS_POST.set(True)
        try:
            await self._try(post)
        except Exception as exc:  # noqa: BLE001 - one post must not stop the next
            # Sent or not, nothing was recorded: the lease runs out, and the post comes back in doubt.
            self._unrecorded.failed(exc)
        else:
            self._unrecorded.succeeded()
        self._bell.set()

    async def _try(self, post: Post) -> None:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                record = await self._do(post)
        except DeliveryError as exc:
            await self._refused(post, exc)
        except TimeoutError:
            await self._refused(post, Unexplained(noted("Discord did not answer in time"), in_doubt=True))
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - the post is tried again, and set aside in the end
            self._unmade.failed(exc)
            await self._refused(post, Unexplained(OWN_ERROR, in_doubt=True))
        else:
            await record
            self._unmade.succeeded()
            self._refused_in_a_row = 0
            self._evidence.arrived(self._clock())

    async def _do(self, post: Post) -> Coroutine[None, None, None]:
        """Do what is to be done about a post; what comes back is to be awaited, and records it."""
        if post.task is Task.EDIT:
            await self._publisher.edit(post)
            return self._settler.edited(post)
        if post.task is Task.PUBLISH:
            await self._publisher.publish(post)
            return self._settler.published(post)
        stands, found = await self._find_or_send(post)
        if post.form is Form.CARD and not stands.thread_id:
            stands = replace(stands, thread_id=await self._open_thread(post, stands.message_id))
        return self._settler.sent(post, stands, found=found)

    async def _open_thread(self, post: Post, message_id: int) -> int:
        try:
            return await self._publisher.open_thread(post, message_id)
        except DeliveryError as exc:
            # Whatever was refused, the card stands, and must not be sent again.
            exc.in_doubt = True
            raise

    async def _find_or_send(self, post: Post) -> tuple[Standing, bool]:
        """What stands, and whether it may have stood already: a nonce that Discord knows gives the old message."""
        if post.in_doubt:
            try:
                stands = await self._publisher.find(post)
            except CannotLook:
                # Only the nonce guards against a repetition now; that is counted.
                await self._settler.unsettled(post)
            else:
                if stands is not None:
                    return stands, True
        return await self._publisher.send(post), post.in_doubt

    async def _refused(self, post: Post, error: DeliveryError) -> None:
        now, place = self._clock(), place_of(post, error)
        is_waiting = isinstance(error, TryAgain) and not isinstance(error, Unexplained)
        self._refused_in_a_row += isinstance(error, Unexplained)
        quiet = (
            not is_waiting and not isinstance(error, MessageGone) and self._is_incident(place.discord_id, error, now)
        )
        if self._evidence.is_alone(post, error, now):
            await self._settler.set_aside(post, error)
            self._incidents.set_aside(error.reason, now)
            return
        makers = await self._settler.refused(post, error, quiet=quiet)
        if makers:
            self._incidents.warn(place, makers, error.reason, now)

    def _is_incident(self, channel: int, error: DeliveryError, now: datetime) -> bool:
        again_within = BLOCKED_SELDOM if isinstance(error, Blocked) else timedelta()
        return self._incidents.refused(channel, error.reason, now, again_within)

    def _tell_in_turn(self) -> None:
        """Tell what is to be told now and then, beside the posts: a DM can take its time."""
        now = asyncio.get_running_loop().time()
        if now >= self._tell_at and (self._telling is None or self._telling.done()):
            self._tell_at = now + TELL_EVERY
            self._telling = asyncio.create_task(self._tell(self._clock()), name="telling")

    async def _tell(self, now: datetime | None = None) -> None:
        """Tell people of channels that refuse, if these are alone with it, and report incidents; without a time, at once."""
        pace.IS_POST.set(True)
        for each in self._incidents.warnings(now):
            await self._say(self._publisher.warn(each.destination, each.makers, each.reason))
        for report in self._incidents.reports():
            if self._report and not await self._say(self._report(report)):
                self._incidents.put_back(report)

    async def _say(self, saying: Awaitable[_T]) -> _T | None:
        """Wait for something to be said, but not for ever; None if it could not be said."""
        try:
            async with asyncio.timeout(TRY_SECONDS):
                return await saying
        except TimeoutError:
            log.warning("Discord did not answer in time, and somebody was not told of a channel that refuses.")
        except Exception:
            log.exception("Somebody could not be told of a channel that refuses.")
        return None
