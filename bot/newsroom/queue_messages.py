"""Which messages of the queue are due in the desk's channel, and which have been sent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from bot.clock import Clock
from bot.model.failure import Failure
from bot.model.review import Review
from bot.store import Store, Transaction
from bot.store.failures import WorkKind

#: How many undecided reviews are shown at once. The others follow when some of these are decided, so the channel is not flooded.
MAX_OPEN_REVIEWS = 20
#: How many of these may be of articles that name no known company and fit no story: a general feed brings a hundred a day, and
#: they must not keep news of the stories from being shown.
MAX_UNRELATED_REVIEWS = 10
#: How many messages of a kind are due at once.
BATCH_SIZE = 5
#: How many articles that are set aside are shown at once.
MAX_SET_ASIDE = 5


class QueueMessages:
    """The messages that show reviews and failures. Each method is one transaction."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def find_due(
        self, excluded_reviews: Collection[int], excluded_failures: Collection[int]
    ) -> tuple[list[int], tuple[Failure, ...]]:
        """Return the ids of the reviews to show or edit, and the failures to show; leave out the excluded ids."""
        now = self._clock()
        async with self._store.read() as tx:
            new_reviews = await _find_new(tx, now, excluded_reviews)
            resolved_reviews = await tx.reviews.list_to_announce(BATCH_SIZE, now, excluded_reviews)
            changed_reviews = await tx.reviews.list_to_update(BATCH_SIZE, now, excluded_reviews)
            limit = max(0, MAX_SET_ASIDE - await tx.failures.count_shown())
            failures = await tx.failures.list_unshown(limit, excluded_failures)
        return [*new_reviews, *resolved_reviews, *changed_reviews], failures

    async def get_review(self, review_id: int) -> tuple[Review | None, Failure | None]:
        """Return a review, if it is there, and why it could not be shown, if it could not."""
        async with self._store.read() as tx:
            return await tx.reviews.find(review_id), await tx.failures.find_for_review(review_id)

    async def begin_showing(self, review: Review, newest_message_id: int | None) -> None:
        """Record that a review's message is sent now. Until :meth:`mark_review_shown`, it is in doubt.

        ``newest_message_id`` is known to be older: a search for the message ends there.
        """
        async with self._store.write() as tx:
            await tx.reviews.begin_showing(review.id, newest_message_id)

    async def mark_review_shown(self, review: Review, channel_id: int | None, message_id: int | None) -> None:
        """Record the message that shows the review as it is; without ids if that was deleted and is not replaced."""
        async with self._store.write() as tx:
            await tx.reviews.mark_shown(review, channel_id, message_id)

    async def mark_failure_shown(self, failure: Failure, channel_id: int | None, message_id: int | None) -> None:
        """Record the message that shows a failure."""
        async with self._store.write() as tx:
            await tx.failures.mark_shown(failure.id, channel_id, message_id)

    async def record_failed_attempt(self, review_id: int, reason: str) -> bool:
        """Record that a review could not be shown; return False if it is set aside already, and nothing was recorded."""
        now = self._clock()
        async with self._store.write() as tx:
            failure = await tx.failures.find_for_review(review_id)
            if failure is not None and failure.set_aside_at is not None:
                return False
            await tx.failures.begin_attempt(WorkKind.REVIEW, [review_id], now)
            await tx.failures.record_failure(WorkKind.REVIEW, review_id, reason, now)
        return True

    async def clear_attempts(self, review_id: int) -> None:
        """Forget earlier attempts to show a review: one has succeeded."""
        async with self._store.write() as tx:
            await tx.failures.clear(WorkKind.REVIEW, [review_id])


async def _find_new(tx: Transaction, now: datetime, excluded_ids: Collection[int]) -> tuple[int, ...]:
    """Return the ids of the reviews that are shown next: those that are related to the newsroom, then the oldest others."""
    limit = min(BATCH_SIZE, max(0, MAX_OPEN_REVIEWS - await tx.reviews.count_shown()))
    related_ids = await tx.reviews.list_related_to_show(limit, now, excluded_ids)
    free_slots = MAX_UNRELATED_REVIEWS - await tx.reviews.count_shown(only_unrelated=True)
    other_limit = min(limit - len(related_ids), max(0, free_slots))
    return (*related_ids, *await tx.reviews.list_to_show(other_limit, now, [*excluded_ids, *related_ids]))
