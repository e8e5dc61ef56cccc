"""What is recorded of a try, whatever came of it."""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.delivery.port import (
    DeliveryError,
    DestinationBlocked,
    DestinationGone,
    MessageGone,
    ThreadLocked,
    TryAgain,
    Undeliverable,
    UnexplainedRefusal,
)
from bot.errors import StoreError
from bot.languages import lazy
from bot.model.follow import Destination, DestinationKind
from bot.model.post import SET_ASIDE_AFTER, Post, PostAction, PostType, SentMessage
from bot.store import Store

log = logging.getLogger(__name__)

#: The longest wait between two tries of a post.
MAX_WAIT = 300.0
#: The longest wait of a correction or publication that is refused for hours: the message stands, and nothing waits behind it.
MAX_LONG_REFUSED_WAIT = 3_600.0
#: How soon, and how seldom, a blocked destination is tried by itself; a mended permission is noticed at once.
MIN_BLOCKED_WAIT = timedelta(minutes=15)
MAX_BLOCKED_WAIT = timedelta(hours=6)
OWN_ERROR_REASON = lazy("an error of the bot's own, see its log")


class OutcomeRecorder:
    """Records outcomes. Each is one transaction: killed before it, the post comes back in doubt."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def record_sent(self, post: Post, message: SentMessage, *, was_found: bool) -> None:
        """The post stands as this message."""
        now = self._clock()
        try:
            async with self._store.write() as tx:
                await tx.outbox.mark_sent(post, message, now, was_found=was_found)
                if post.post_type is PostType.CARD:
                    await tx.story_threads.mark_opened(post.id, message.thread_id)
                await tx.destination_health.unblock(post.destination.discord_id)
        except StoreError:
            raise
        except Exception:
            log.exception("Post %d was sent, but not all of this can be recorded.", post.id)
            async with self._store.write() as tx:
                await tx.outbox.mark_sent(post, message, now, was_found=was_found)
                await tx.story_threads.mark_failed(post.id, OWN_ERROR_REASON, now)

    async def record_edited(self, post: Post) -> None:
        """The message is up to date with what was leased."""
        async with self._store.write() as tx:
            await tx.outbox.mark_edited(post)
            # An edit needs fewer permissions than a post: it is no proof while one waits.
            await tx.destination_health.unblock(post.destination.discord_id, only_if_idle=True)

    async def record_published(self, post: Post) -> None:
        """Discord has copied the message, or had before."""
        async with self._store.write() as tx:
            await tx.outbox.mark_published(post.id)

    async def record_doubtful(self, post: Post) -> None:
        """It is sent again though nobody could look; to be recorded before the send."""
        async with self._store.write() as tx:
            await tx.outbox.mark_doubtful(post.id)

    async def record_refusal(self, post: Post, error: DeliveryError, *, log_quietly: bool = False) -> tuple[int, ...]:
        """Record why it did not arrive; who must be told of a destination that has just been blocked or is gone.

        With ``quiet`` the log has no line for it: it is part of something that was reported.
        """
        if isinstance(error, TryAgain):
            await self._put_back(post, error, logging.DEBUG if log_quietly else logging.INFO)
            return ()
        try:
            creator_ids = await self._record_final(post, error)
        except StoreError:
            raise
        except Exception:
            log.exception("What became of post %d cannot be recorded; it is given up.", post.id)
            await self._record_final(post, Undeliverable(OWN_ERROR_REASON))
            return ()
        finally:
            log.log(logging.DEBUG if log_quietly else logging.WARNING, "Post %d: %s.", post.id, error.reason)
        return creator_ids

    async def _record_final(self, post: Post, error: DeliveryError) -> tuple[int, ...]:
        if post.action is PostAction.PUBLISH and not isinstance(error, DestinationGone):
            # It stands in its own channel; what is not allowed is only to copy it.
            async with self._store.write() as tx:
                if isinstance(error, DestinationBlocked):
                    due = self._clock() + min(MAX_BLOCKED_WAIT, MIN_BLOCKED_WAIT * max(1, min(post.attempts, 100)))
                    await tx.outbox.postpone_publishing(post.id, due, error.reason)
                else:
                    await tx.outbox.give_up_publishing(post.id, error.reason)
            return ()
        if post.post_type is PostType.CARD and post.action is PostAction.SEND and isinstance(error, MessageGone):
            async with self._store.write() as tx:
                await tx.outbox.reset_with_new_key(post.id, self._clock())
            return ()
        if isinstance(error, DestinationBlocked):
            return await self._block(post, error)
        if isinstance(error, DestinationGone):
            return await self._record_gone(post.destination, error)
        async with self._store.write() as tx:
            if post.is_correction and isinstance(error, MessageGone | Undeliverable):
                await tx.outbox.drop_correction(post.id)
            else:
                await tx.outbox.mark_failed(post.id, error.reason, self._clock())
                if post.post_type is PostType.CARD:
                    await tx.story_threads.mark_failed(post.id, error.reason, self._clock())
        return ()

    async def set_aside(self, post: Post, error: DeliveryError) -> None:
        """Record that the operator decides what becomes of a post."""
        now = self._clock()
        async with self._store.write() as tx:
            await tx.outbox.put_back(
                post, now, in_doubt=error.in_doubt, reason=error.reason, refused_at=post.refused_at
            )
            await tx.set_aside_posts.set_aside(post.id, error.reason, now)
        log.warning("Post %d is set aside: %s.", post.id, error.reason)

    async def _put_back(self, post: Post, error: TryAgain, level: int) -> None:
        now = self._clock()
        refused_at = post.refused_at or (now if isinstance(error, UnexplainedRefusal) else None)
        is_long_refused = (
            post.action is not PostAction.SEND and refused_at is not None and now - refused_at >= SET_ASIDE_AFTER
        )
        max_wait = MAX_LONG_REFUSED_WAIT if is_long_refused else MAX_WAIT
        jitter = random.uniform(0.5, 1.0)  # noqa: S311 - spreads retries, guards nothing
        backoff = min(max_wait, 2.0 ** min(post.attempts, 30))  # 2.0**1024 is no number any more
        wait = max(error.retry_after, backoff * jitter)
        due = now + timedelta(seconds=wait)
        async with self._store.write() as tx:
            await tx.outbox.put_back(post, due, in_doubt=error.in_doubt, reason=error.reason, refused_at=refused_at)
        log.log(level, "Post %d is tried again in %.0f s: %s.", post.id, wait, error.reason)

    async def _block(self, post: Post, error: DestinationBlocked) -> tuple[int, ...]:
        now, discord_id = self._clock(), find_failed_destination(post, error).discord_id
        async with self._store.write() as tx:
            retry_at = _next_retry_at(now, await tx.destination_health.get_blocked_at(discord_id) or now)
            is_news = await tx.destination_health.block(discord_id, error.reason, now, retry_at)
            # The post itself was refused, so it is in no doubt, unless it is a card whose thread was; it waits.
            due = now if discord_id == post.destination.discord_id else retry_at
            await tx.outbox.put_back(post, due, in_doubt=error.in_doubt, reason=error.reason)
            return await tx.destination_health.find_follow_creators(discord_id) if is_news else ()

    async def _record_gone(self, destination: Destination, error: DestinationGone) -> tuple[int, ...]:
        discord_id, now = destination.discord_id, self._clock()
        async with self._store.write() as tx:
            # A story's thread that is deleted is no news to the channel above; it is to who followed in the thread itself.
            creator_ids = await tx.destination_health.find_follow_creators(discord_id, include_parent=False)
            await tx.story_threads.replace_deleted(discord_id, now)
            await tx.outbox.fail_destination(discord_id, error.reason, now)
            await tx.follows.stop_in_destination(discord_id, error.reason)
        return creator_ids


def find_failed_destination(post: Post, error: DeliveryError) -> Destination:
    """Where the error is. Of a card whose thread is locked the thread alone: all else of the channel or forum arrives."""
    if post.post_type is PostType.CARD and isinstance(error, ThreadLocked):
        return Destination(DestinationKind.THREAD, post.thread_id, post.destination.guild_id)
    return post.destination


def _next_retry_at(now: datetime, since: datetime) -> datetime:
    """Soon at first, then ever more seldom: the wait doubles as long as it stays blocked."""
    return now + min(MAX_BLOCKED_WAIT, MIN_BLOCKED_WAIT + (now - since))
