"""Work that the newsroom set aside after several failed attempts: the desk retries it or drops it."""

from __future__ import annotations

from bot.clock import Clock
from bot.errors import NotAllowed
from bot.languages import say
from bot.model.failure import Failure
from bot.model.review import ReviewState
from bot.newsroom.review_queue import QueueItem, find_item_at
from bot.store import Store, Transaction


class FailureQueue:
    """Articles and reviews that are set aside, and the desk's decisions about them. Each decision is audited."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def count(self) -> int:
        """Return how many failures the desk has to decide about."""
        async with self._store.read() as tx:
            return await tx.failures.count_undecided()

    async def get_at(self, position: int = 0) -> QueueItem[Failure] | None:
        """Return the failure at a position, oldest first, or the last one; None if nothing is set aside."""
        async with self._store.read() as tx:
            return await find_item_at(position, await tx.failures.count_undecided(), tx.failures.list_undecided)

    async def retry(self, failure_id: int, *, actor: str) -> Failure:
        """Retry a failure, with all its attempts again. Raises NotAllowed if somebody has decided already."""
        async with self._store.write() as tx:
            failure = await _get_failure(tx, failure_id)
            await self._retry(tx, failure, actor)
        return failure

    async def retry_all(self, *, actor: str) -> tuple[Failure, ...]:
        """Retry everything that is set aside, and return it."""
        async with self._store.write() as tx:
            failures = await tx.failures.list_undecided(0, await tx.failures.count_undecided())
            for failure in failures:
                await self._retry(tx, failure, actor)
        return failures

    async def drop(self, failure_id: int, *, actor: str) -> Failure:
        """Give up the article: it is not news for this desk. Raises NotAllowed if somebody has decided already."""
        async with self._store.write() as tx:
            failure = await _get_failure(tx, failure_id)
            now = self._clock()
            if failure.review_id is None:
                await tx.articles.mark_done([await tx.articles.get_id(failure.article.id)])
            else:
                state = ReviewState.NOT_NEWS
                await tx.reviews.decide(failure.review_id, state, now, decided_by=actor, is_accepted=False)
            await tx.audit.write(now, actor, "article dropped", failure.article.id, None, {"reason": failure.reason})
        return failure

    async def _retry(self, tx: Transaction, failure: Failure, actor: str) -> None:
        await tx.failures.remove(failure.id)
        if failure.review_id is not None:
            await tx.reviews.request_update(failure.review_id)
        details = {"reason": failure.reason}
        await tx.audit.write(self._clock(), actor, "article tried again", failure.article.id, None, details)


async def _get_failure(tx: Transaction, failure_id: int) -> Failure:
    failure = await tx.failures.find(failure_id)
    if failure is None or failure.set_aside_at is None:
        raise NotAllowed(say("Somebody has already made a decision about this article."))
    return failure
