"""What is recorded of a try, whatever came of it."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.port import Blocked, DeliveryError, Gone, Locked, MessageGone, TryAgain, Undeliverable, Unexplained
from bot.errors import StoreError
from bot.languages import noted
from bot.model.follow import Destination, Place
from bot.model.post import REFUSED_LONG, Form, Post, Standing, Task
from bot.store import Store

log = logging.getLogger(__name__)

#: The longest wait between two tries of a post.
LONGEST_WAIT = 300.0
#: The longest wait of a correction or publication that is refused for hours: the message stands, and nothing waits behind it.
STUBBORN_WAIT = 3_600.0
#: How soon, and how seldom, a blocked destination is tried by itself; a mended permission is noticed at once.
BLOCKED_FIRST = timedelta(minutes=15)
BLOCKED_SELDOM = timedelta(hours=6)
OWN_ERROR = noted("an error of the bot's own, see its log")


class Settler:
    """Records outcomes. Each is one transaction: killed before it, the post comes back in doubt."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def sent(self, post: Post, stands: Standing, *, found: bool) -> None:
        """The post stands as this message."""
        now = self._clock()
        try:
            async with self._store.write() as session:
                await session.outbox.mark_sent(post, stands, now, found=found)
                if post.form is Form.CARD:
                    await session.threads.opened(post.number, stands.thread_id)
                await session.destinations.unblock(post.destination.discord_id)
        except StoreError:
            raise
        except Exception:
            log.exception("Post %d was sent, but not all of this can be recorded.", post.number)
            async with self._store.write() as session:
                await session.outbox.mark_sent(post, stands, now, found=found)
                await session.threads.never_opened(post.number, OWN_ERROR, now)

    async def edited(self, post: Post) -> None:
        """The message is up to date with what was leased."""
        async with self._store.write() as session:
            await session.outbox.mark_edited(post)
            # An edit needs fewer permissions than a post: it is no proof while one waits.
            await session.destinations.unblock(post.destination.discord_id, if_none_waits=True)

    async def published(self, post: Post) -> None:
        """Discord has copied the message, or had before."""
        async with self._store.write() as session:
            await session.outbox.mark_published(post.number)

    async def unsettled(self, post: Post) -> None:
        """It is sent again though nobody could look; to be recorded before the send."""
        async with self._store.write() as session:
            await session.outbox.mark_unsettled(post.number)

    async def refused(self, post: Post, error: DeliveryError, *, quiet: bool = False) -> tuple[int, ...]:
        """Record why it did not arrive; who must be told of a destination that has just been blocked or is gone.

        With ``quiet`` the log has no line for it: it is part of something that was reported.
        """
        if isinstance(error, TryAgain):
            await self._put_back(post, error, logging.DEBUG if quiet else logging.INFO)
            return ()
        try:
            must_know = await self._closed(post, error)
        except StoreError:
            raise
        except Exception:
            log.exception("What became of post %d cannot be recorded; it is given up.", post.number)
            await self._closed(post, Undeliverable(OWN_ERROR))
            return ()
        finally:
            log.log(logging.DEBUG if quiet else logging.WARNING, "Post %d: %s.", post.number, error.reason)
        return must_know

    async def _closed(self, post: Post, error: DeliveryError) -> tuple[int, ...]:
        if post.task is Task.PUBLISH and not isinstance(error, Gone):
            # It stands in its own channel; what is not allowed is only to copy it.
            async with self._store.write() as session:
                if isinstance(error, Blocked):
                    due = self._clock() + min(BLOCKED_SELDOM, BLOCKED_FIRST * max(1, min(post.attempts, 100)))
                    await session.outbox.wait_to_publish(post.number, due, error.reason)
                else:
                    await session.outbox.stay_unpublished(post.number, error.reason)
            return ()
        if post.form is Form.CARD and post.task is Task.SEND and isinstance(error, MessageGone):
            async with self._store.write() as session:
                await session.outbox.make_anew(post.number, self._clock())
            return ()
        if isinstance(error, Blocked):
            return await self._block(post, error)
        if isinstance(error, Gone):
            return await self._gone(post.destination, error)
        async with self._store.write() as session:
            if post.is_correction and isinstance(error, MessageGone | Undeliverable):
                await session.outbox.drop_correction(post.number)
            else:
                await session.outbox.mark_failed(post.number, error.reason, self._clock())
                if post.form is Form.CARD:
                    await session.threads.never_opened(post.number, error.reason, self._clock())
        return ()

    async def set_aside(self, post: Post, error: DeliveryError) -> None:
        """Record that the operator decides what becomes of a post."""
        now = self._clock()
        async with self._store.write() as session:
            await session.outbox.put_back(
                post, now, in_doubt=error.in_doubt, reason=error.reason, refused_at=post.refused_at
            )
            await session.aside.set_aside(post.number, error.reason, now)
        log.warning("Post %d is set aside: %s.", post.number, error.reason)

    async def _put_back(self, post: Post, error: TryAgain, level: int) -> None:
        now = self._clock()
        refused_at = post.refused_at or (now if isinstance(error, Unexplained) else None)
        is_stubborn = post.task is not Task.SEND and refused_at is not None and now - refused_at >= REFUSED_LONG
        longest = STUBBORN_WAIT if is_stubborn else LONGEST_WAIT
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing
        growing = min(longest, 2.0 ** min(post.attempts, 30))  # 2.0**1024 is no number any more
        wait = max(error.after, growing * jitter)
        due = now + timedelta(seconds=wait)
        async with self._store.write() as session:
            await session.outbox.put_back(
                post, due, in_doubt=error.in_doubt, reason=error.reason, refused_at=refused_at
            )
        log.log(level, "Post %d is tried again in %.0f s: %s.", post.number, wait, error.reason)

    async def _block(self, post: Post, error: Blocked) -> tuple[int, ...]:
        now, where = self._clock(), place_of(post, error).discord_id
        async with self._store.write() as session:
            retry_at = _next_try(now, await session.destinations.blocked_at(where) or now)
            is_news = await session.destinations.block(where, error.reason, now, retry_at)
            # The post itself was refused, so it is in no doubt, unless it is a card whose thread was; it waits.
            due = now if where == post.destination.discord_id else retry_at
            await session.outbox.put_back(post, due, in_doubt=error.in_doubt, reason=error.reason)
            return await session.destinations.makers(where) if is_news else ()

    async def _gone(self, destination: Destination, error: Gone) -> tuple[int, ...]:
        gone, now = destination.discord_id, self._clock()
        async with self._store.write() as session:
            # A story's thread that is deleted is no news to the channel above; it is to who followed in the thread itself.
            makers = await session.destinations.makers(gone, above=False)
            await session.threads.renew(gone, now)
            await session.outbox.fail_all(gone, error.reason, now)
            await session.follows.stop_at(gone, error.reason)
        return makers


def place_of(post: Post, error: DeliveryError) -> Destination:
    """Where the error is. Of a card whose thread is locked the thread alone: all else of the channel or forum arrives."""
    if post.form is Form.CARD and isinstance(error, Locked):
        return Destination(Place.THREAD, post.thread_id, post.destination.guild_id)
    return post.destination


def _next_try(now: datetime, since: datetime) -> datetime:
    """Soon at first, then ever more seldom: the wait doubles as long as it stays blocked."""
    return now + min(BLOCKED_SELDOM, BLOCKED_FIRST + (now - since))
