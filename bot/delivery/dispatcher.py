"""Takes what is owed out of the outbox, sends it, and records that it stands.

Discord and the database share no transaction. So a post is leased before it is sent and closed after; whenever an
earlier try may have reached Discord, the channel's history is read for the post's key first, and every try has the
same nonce, which Discord knows for some minutes.
"""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import timedelta

from bot.clock import Clock
from bot.delivery.port import Publisher, TryAgain, Undeliverable
from bot.errors import StoreError
from bot.model.post import Post
from bot.store import Store

log = logging.getLogger(__name__)

#: How often another process's writes are looked for, in seconds. Our own wake us at once.
POLL = 0.5
#: A try is given up before its lease ends, so that no post is ever on two ways at once.
TRY_SECONDS = 90.0
LEASE = timedelta(seconds=120)
#: How long a stop waits for tries under way.
CLOSING_SECONDS = 5.0
#: The longest wait between two tries of a post.
LONGEST_WAIT = 300.0


class Dispatcher:
    """Sends posts, many destinations at once, one post of a destination at a time.

    ``bell`` is rung by whoever owes something in this process; what others owe is found within ``POLL`` seconds.
    """

    def __init__(
        self, store: Store, publisher: Publisher, clock: Clock, bell: asyncio.Event, *, parallel: int = 32
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._clock = clock
        self._parallel = parallel
        self._bell = bell
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Send what is due, for ever. A failing database is waited for; cancelling lets no try finish unrecorded."""
        await self._recover()
        try:
            while True:
                try:
                    await self._lease_and_start()
                except StoreError as exc:
                    log.error("Posts wait: %s", exc)
                await self._pause()
        finally:
            await self._wind_up()

    async def run_until_idle(self) -> None:
        """Send all that is due now, and return when it is done; what must wait for a later time is left."""
        while await self._lease_and_start() or self._under_way:
            if self._under_way:
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def _recover(self) -> None:
        try:
            async with self._store.write() as session:
                taken = await session.outbox.recover()
        except StoreError as exc:
            log.error("Leases of the last run end by themselves: %s", exc)
            return
        if taken:
            log.info("%d posts of the last run are in doubt and are looked for.", taken)

    async def _wind_up(self) -> None:
        """Let tries under way end and be recorded; one that takes too long is taken up in doubt by the next start."""
        under_way = set(self._under_way)
        if under_way:
            await asyncio.wait(under_way, timeout=CLOSING_SECONDS)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _pause(self) -> None:
        waker = asyncio.ensure_future(self._bell.wait())
        try:
            await asyncio.wait({waker, *self._under_way}, timeout=POLL, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waker.cancel()
            self._bell.clear()

    async def _lease_and_start(self) -> int:
        room = self._parallel - len(self._under_way)
        if room <= 0:
            return 0
        now = self._clock()
        async with self._store.read() as session:
            due = await session.outbox.next_due()
        if due is None or due > now:
            return 0
        async with self._store.write() as session:
            posts = await session.outbox.lease_due(now, now + LEASE, room)
        for post in posts:
            task = asyncio.create_task(self._deliver(post), name=f"post {post.number}")
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(posts)

    async def _deliver(self, post: Post) -> None:
        try:
            await self._try(post)
        except StoreError as exc:
            # Sent or not, nothing was recorded: the lease runs out, and the post comes back in doubt.
            log.error("Post %d is settled later: %s", post.number, exc)
        self._bell.set()

    async def _try(self, post: Post) -> None:
        try:
            async with asyncio.timeout(TRY_SECONDS):
                message = await self._publisher.find(post) if post.in_doubt else None
                if message is None:
                    message = await self._publisher.send(post)
        except Undeliverable as exc:
            await self._give_up(post, exc)
        except TryAgain as exc:
            await self._put_back(post, exc)
        except TimeoutError:
            await self._put_back(post, TryAgain("Discord did not answer in time", in_doubt=True))
        except Exception:
            log.exception("Post %d could not be made; it is tried again.", post.number)
            await self._put_back(post, TryAgain("an error of the bot's own, see its log", in_doubt=True))
        else:
            async with self._store.write() as session:
                await session.outbox.mark_sent(post.number, message, self._clock())

    async def _give_up(self, post: Post, refusal: Undeliverable) -> None:
        async with self._store.write() as session:
            await session.outbox.mark_failed(post.number, refusal.reason, self._clock())
            if refusal.here:
                await session.follows.stop_at(post.destination.discord_id, refusal.reason)
        log.warning("Post %d cannot be delivered: %s", post.number, refusal.reason)

    async def _put_back(self, post: Post, refusal: TryAgain) -> None:
        growing = min(LONGEST_WAIT, 2.0 ** min(post.attempts, 30))  # 2.0**1024 is no number any more
        wait = max(refusal.after, growing * random.uniform(0.5, 1.0))  # noqa: S311 - jitter
        log.info("Post %d is tried again in %.0f s: %s", post.number, wait, refusal.reason)
        async with self._store.write() as session:
            await session.outbox.put_back(
                post.number, self._clock() + timedelta(seconds=wait), in_doubt=refusal.in_doubt, reason=refusal.reason
            )
