"""Record the outcome of an attempt to deliver a post."""

from __future__ import annotations

import contextlib
import logging
import random
from collections.abc import AsyncIterator
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
from bot.recorder import DeliveryOutcome, Recorder
from bot.store import Store, Transaction

log = logging.getLogger(__name__)

#: The longest wait between two attempts, in seconds.
MAX_WAIT = 300.0
#: The longest wait if a correction or publication is refused for hours: no other post waits behind it.
MAX_LONG_REFUSED_WAIT = 3_600.0
#: How soon, and how seldom, a blocked destination is retried by itself; a changed permission is noticed at once.
MIN_BLOCKED_WAIT = timedelta(minutes=15)
MAX_BLOCKED_WAIT = timedelta(hours=6)
OWN_ERROR_REASON = lazy("an internal error of the bot; see its log")


class OutcomeRecorder:
    """Records outcomes, each in one transaction. If the process is killed before it, the post comes back in doubt.

    ``recorder`` counts an outcome once it is stored.
    """

    def __init__(self, store: Store, clock: Clock, recorder: Recorder | None = None) -> None:
        self._store = store
        self._clock = clock
        self._recorder = recorder or Recorder()

    async def record_sent(self, post: Post, message: SentMessage, outcome: DeliveryOutcome) -> None:
        """Record that the post was sent as this message, or found. ``outcome`` is what is counted."""
        # Discord may have answered a known nonce with the message of an attempt in doubt.
        now, was_found = self._clock(), post.in_doubt
        try:
            async with self._begin(post, is_serialized=post.post_type is PostType.CARD) as tx:
                await tx.post_outcomes.mark_sent(post, message, now, was_found=was_found)
                if message.thread_id is not None:
                    await tx.story_threads.mark_opened(post.id, message.thread_id)
                await tx.destination_health.unblock(post.destination.discord_id)
        except StoreError:
            raise
        except Exception:
            log.exception("Post %d was sent, but its outcome was recorded only in part.", post.id)
            async with self._begin(post) as tx:
                await tx.post_outcomes.mark_sent(post, message, now, was_found=was_found)
                await tx.story_threads.mark_failed(post.id, OWN_ERROR_REASON, now)
        self._count(post, outcome)

    async def record_edited(self, post: Post) -> None:
        """Record that the message shows what was leased."""
        async with self._begin(post, is_serialized=False) as tx:
            await tx.post_outcomes.mark_edited(post)
            # An edit needs fewer permissions than a post, so it proves nothing while a post waits.
            await tx.destination_health.unblock(post.destination.discord_id, only_if_idle=True)
        self._count(post, DeliveryOutcome.EDITED)

    async def record_published(self, post: Post) -> None:
        """Record that Discord has published the message, now or before."""
        async with self._begin(post, is_serialized=False) as tx:
            await tx.post_outcomes.mark_published(post.id)
        self._count(post, DeliveryOutcome.PUBLISHED)

    async def record_doubtful(self, post: Post) -> None:
        """Record that the post is sent again although it could not be searched for. Call this before the send."""
        async with self._begin(post, is_serialized=False) as tx:
            await tx.post_outcomes.mark_doubtful(post.id)

    async def record_refusal(self, post: Post, error: DeliveryError, *, log_quietly: bool = False) -> tuple[int, ...]:
        """Record why the post did not arrive; return who must be told that its destination is newly blocked or gone, by user id.

        With ``log_quietly`` the log has no line for it, because an incident was reported that it is part of.
        """
        if isinstance(error, TryAgain):
            await self._put_back(post, error, logging.DEBUG if log_quietly else logging.INFO)
            self._count(post, DeliveryOutcome.RETRIED)
            return ()
        try:
            creator_ids = await self._record_final(post, error)
        except StoreError:
            raise
        except Exception:
            log.exception("The outcome of post %d cannot be recorded; giving up on it.", post.id)
            await self._record_final(post, Undeliverable(OWN_ERROR_REASON))
            self._count(post, DeliveryOutcome.FAILED)
            return ()
        finally:
            log.log(logging.DEBUG if log_quietly else logging.WARNING, "Post %d: %s.", post.id, error.reason)
        self._count(post, _get_outcome(post, error))
        return creator_ids

    async def _record_final(self, post: Post, error: DeliveryError) -> tuple[int, ...]:
        if post.action is PostAction.PUBLISH and not isinstance(error, DestinationGone):
            # The message is in its own channel; only publishing it is refused.
            async with self._begin(post) as tx:
                if isinstance(error, DestinationBlocked):
                    due = self._clock() + min(MAX_BLOCKED_WAIT, MIN_BLOCKED_WAIT * max(1, min(post.attempts, 100)))
                    await tx.post_outcomes.postpone_publishing(post.id, due, error.reason)
                else:
                    await tx.post_outcomes.give_up_publishing(post.id, error.reason)
            return ()
        if post.post_type is PostType.CARD and post.action is PostAction.SEND and isinstance(error, MessageGone):
            async with self._begin(post) as tx:
                await tx.post_outcomes.reset_with_new_key(post.id, self._clock())
            return ()
        if isinstance(error, DestinationBlocked):
            return await self._block(post, error)
        if isinstance(error, DestinationGone):
            return await self._record_gone(post, error)
        async with self._begin(post) as tx:
            if post.is_correction and isinstance(error, MessageGone | Undeliverable):
                await tx.post_outcomes.drop_correction(post.id)
            else:
                await tx.post_outcomes.mark_failed(post.id, error.reason, self._clock())
                if post.post_type is PostType.CARD:
                    await tx.story_threads.mark_failed(post.id, error.reason, self._clock())
        return ()

    async def set_aside(self, post: Post, error: DeliveryError) -> None:
        """Record that the operator decides what becomes of the post."""
        now = self._clock()
        async with self._begin(post) as tx:
            await tx.post_outcomes.put_back(
                post, now, in_doubt=error.in_doubt, reason=error.reason, refused_at=post.refused_at
            )
            await tx.set_aside_posts.set_aside(post.id, error.reason, now)
        self._count(post, DeliveryOutcome.SET_ASIDE)
        log.warning("Post %d was set aside: %s.", post.id, error.reason)

    @contextlib.asynccontextmanager
    async def _begin(self, post: Post, *, is_serialized: bool = True) -> AsyncIterator[Transaction]:
        """Begin a transaction that records an outcome. Raises LeaseLost if another bot has taken over the post."""
        async with self._store.write(is_serialized=is_serialized) as tx:
            await tx.post_outcomes.check_lease(post)
            yield tx

    def _count(self, post: Post, outcome: DeliveryOutcome) -> None:
        """Count the outcome for each delivery that the post carries; a story's card counts as one."""
        delivery_count = len(post.items) + len(post.feed_notices) + len(post.reminders)
        self._recorder.record_deliveries(outcome, max(1, delivery_count))

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
        async with self._begin(post, is_serialized=False) as tx:
            await tx.post_outcomes.put_back(
                post, due, in_doubt=error.in_doubt, reason=error.reason, refused_at=refused_at
            )
        log.log(level, "Post %d will be retried in %.0f s: %s.", post.id, wait, error.reason)

    async def _block(self, post: Post, error: DestinationBlocked) -> tuple[int, ...]:
        now, discord_id = self._clock(), find_failed_destination(post, error).discord_id
        async with self._begin(post) as tx:
            retry_at = _next_retry_at(now, await tx.destination_health.get_blocked_at(discord_id) or now)
            is_news = await tx.destination_health.block(discord_id, error.reason, now, retry_at)
            # The post itself was refused, so it is not in doubt, unless it is a card whose thread was refused.
            due = now if discord_id == post.destination.discord_id else retry_at
            await tx.post_outcomes.put_back(post, due, in_doubt=error.in_doubt, reason=error.reason)
            return await tx.destination_health.find_follow_creators(discord_id) if is_news else ()

    async def _record_gone(self, post: Post, error: DestinationGone) -> tuple[int, ...]:
        discord_id, now = post.destination.discord_id, self._clock()
        async with self._begin(post) as tx:
            # Of a deleted story thread, those who follow in the thread itself are told, not those of the channel above.
            creator_ids = await tx.destination_health.find_follow_creators(discord_id, include_parent=False)
            await tx.story_threads.replace_deleted(discord_id, now)
            await tx.post_outcomes.fail_destination(discord_id, error.reason, now)
            await tx.follows.stop_in_destination(discord_id, error.reason)
        return creator_ids


def _get_outcome(post: Post, error: DeliveryError) -> DeliveryOutcome:
    """Return how a refusal that is not simply retried is counted."""
    if isinstance(error, DestinationBlocked):
        return DeliveryOutcome.BLOCKED
    if isinstance(error, DestinationGone):
        return DeliveryOutcome.GONE
    is_new_card = post.post_type is PostType.CARD and post.action is PostAction.SEND and isinstance(error, MessageGone)
    return DeliveryOutcome.RETRIED if is_new_card else DeliveryOutcome.FAILED


def find_failed_destination(post: Post, error: DeliveryError) -> Destination:
    """Return where the error is: if a card's thread is locked, the thread alone; the rest of its channel or forum works."""
    if post.thread_id is not None and isinstance(error, ThreadLocked):
        return Destination(DestinationKind.THREAD, post.thread_id, post.destination.guild_id)
    return post.destination


def _next_retry_at(now: datetime, since: datetime) -> datetime:
    """Return when to retry: soon at first, then after waits that double as long as the destination stays blocked."""
    return now + min(MAX_BLOCKED_WAIT, MIN_BLOCKED_WAIT + (now - since))
