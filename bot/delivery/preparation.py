"""Prepare posts for sending: make digests and reminders, fold waiting posts, and lease due posts.

Each step is one transaction for all destinations. If it fails, it is repeated for each destination separately.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime, timedelta

from bot.delivery.outcomes import OWN_ERROR_REASON
from bot.errors import StoreError
from bot.loops import ErrorLog
from bot.model.post import Post
from bot.recorder import DeliveryOutcome, Recorder
from bot.store import Store, Transaction
from bot.store.outbox.post_loader import UnreadablePost

log = logging.getLogger(__name__)

#: A digest that cannot be made is retried after this.
DIGEST_RETRY_INTERVAL = timedelta(hours=1)
#: A post that cannot be read is set aside after this many attempts.
READ_ATTEMPTS = 8
#: How many of these are postponed in a row before anything else is done.
_MAX_UNREADABLE = 20
_MAX_WAIT = timedelta(hours=1)


class PostPreparer:
    """Prepares posts. A destination whose posts cannot be prepared does not keep the others from getting theirs.

    ``on_set_aside`` is called with the reason and the time when a post is set aside.
    """

    def __init__(self, store: Store, on_set_aside: Callable[[str, datetime], None], recorder: Recorder) -> None:
        self._store = store
        self._on_set_aside = on_set_aside
        self._recorder = recorder
        self._digest_errors = ErrorLog(log, "Making digests")
        self._reminder_errors = ErrorLog(log, "Making reminders")
        self._folding_errors = ErrorLog(log, "Folding waiting posts")
        self._reading_errors = ErrorLog(log, "Reading a post that is due")

    async def make_digests(self, now: datetime) -> None:
        """Make the digests that are due. Retry one that fails every hour, and close it after a day."""
        await self._run_for_all_or_each(
            self._digest_errors,
            lambda tx: tx.digests.create_due(now),
            lambda tx: tx.digests.find_due_destinations(now),
            lambda destination_id: self._make_digest(destination_id, now),
        )

    async def _make_digest(self, destination_id: int, now: datetime) -> None:
        try:
            async with self._store.write() as tx:
                await tx.digests.create_due(now, destination_id)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - one digest must not stop the next
            self._digest_errors.record_failure(exc)
            async with self._store.write() as tx:
                await tx.digests.postpone(destination_id, now, now + DIGEST_RETRY_INTERVAL, OWN_ERROR_REASON)

    async def make_reminders(self, now: datetime) -> None:
        """Make the reminders that are due. One that fails is made later on the same day, or not at all."""
        async with self._store.read() as tx:
            if not await tx.reminders.has_due(now):
                return
        await self._run_for_all_or_each(
            self._reminder_errors,
            lambda tx: tx.reminders.create_due(now),
            lambda tx: tx.reminders.find_due_destinations(now),
            lambda destination_id: self._make_reminders_of_one(destination_id, now),
        )

    async def _make_reminders_of_one(self, destination_id: int, now: datetime) -> None:
        try:
            async with self._store.write() as tx:
                await tx.reminders.create_due(now, destination_id)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - one destination must not stop the next
            self._reminder_errors.record_failure(exc)

    async def fold(self, now: datetime) -> None:
        """Fold waiting posts. Where that fails, they are sent one by one."""
        await self._run_for_all_or_each(
            self._folding_errors,
            lambda tx: tx.folding.fold_waiting(now),
            lambda tx: tx.folding.find_crowded(now),
            self._fold_destination,
        )

    async def _fold_destination(self, destination_id: int) -> None:
        try:
            async with self._store.write() as tx:
                await tx.folding.fold_destination(destination_id)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - one destination must not stop the next
            self._folding_errors.record_failure(exc)

    async def _run_for_all_or_each(
        self,
        errors: ErrorLog,
        run_for_all: Callable[[Transaction], Awaitable[object]],
        find_destinations: Callable[[Transaction], Awaitable[Iterable[int]]],
        run_for_one: Callable[[int], Awaitable[None]],
    ) -> None:
        """Do the work for all destinations in one transaction. If that fails, do it for each in one of its own."""
        try:
            async with self._store.write() as tx:
                await run_for_all(tx)
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - it is done one by one
            errors.record_failure(exc)
            async with self._store.read() as tx:
                destination_ids = await find_destinations(tx)
            for destination_id in destination_ids:
                await run_for_one(destination_id)
        else:
            errors.record_success()

    async def lease(self, lease_posts: Callable[[], Awaitable[tuple[Post, ...]]], now: datetime) -> tuple[Post, ...]:
        """Call ``lease_posts``, and return the posts. Postpone one that cannot be read; set it aside after several attempts."""
        for _ in range(_MAX_UNREADABLE):
            try:
                posts = await lease_posts()
            except UnreadablePost as exc:
                self._reading_errors.record_failure(exc.__cause__ or exc)
                await self._postpone(exc, now)
            else:
                self._reading_errors.record_success()
                return posts
        return ()

    async def _postpone(self, unreadable: UnreadablePost, now: datetime) -> None:
        attempts = unreadable.attempts
        is_last = unreadable.is_open and attempts >= READ_ATTEMPTS
        async with self._store.write() as tx:
            if is_last:
                await tx.set_aside_posts.set_aside(unreadable.post_id, OWN_ERROR_REASON, now)
            else:
                wait = min(_MAX_WAIT, timedelta(minutes=2 ** min(attempts, 30)))
                await tx.outbox.postpone(unreadable.post_id, now + wait, OWN_ERROR_REASON)
        if is_last:
            # What it carries cannot be read, so it counts as one delivery.
            self._recorder.record_deliveries(DeliveryOutcome.SET_ASIDE, 1)
            self._on_set_aside(OWN_ERROR_REASON, now)
