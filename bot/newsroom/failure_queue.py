"""What the newsroom has set aside after several failed attempts: the desk tries it again, or drops it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import NotAllowed
from bot.languages import say
from bot.model.failure import Failure
from bot.model.review import ReviewState
from bot.store import Store, Transaction


@dataclass(frozen=True, slots=True)
class QueuedFailure:
    """One failure of those that are set aside: its place among them, counted from 0, and how many there are."""

    failure: Failure
    position: int
    count: int


class FailureQueue:
    """The desk's decisions about what is set aside. Each is audited."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def count(self) -> int:
        """Return how much is set aside."""
        async with self._store.read() as tx:
            return await tx.failures.count_undecided()

    async def get_at(self, position: int = 0) -> QueuedFailure | None:
        """Return what is set aside at this place, or at the last one if there are fewer; None if nothing is."""
        async with self._store.read() as tx:
            count = await tx.failures.count_undecided()
            index = max(0, min(position, count - 1))
            failures = await tx.failures.list_undecided(index)
        return QueuedFailure(failures[0], index, count) if failures else None

    async def retry(self, failure_id: int, *, actor: str) -> Failure:
        """Try it again from the beginning. Raises Refused if somebody has decided already."""
        async with self._store.write() as tx:
            failure = await _get_failure(tx, failure_id)
            await self._retry(tx, failure, actor)
        return failure

    async def retry_all(self, *, actor: str) -> tuple[Failure, ...]:
        """Try everything again that is set aside; return what that is."""
        async with self._store.write() as tx:
            failures = await tx.failures.list_undecided(0, await tx.failures.count_undecided())
            for failure in failures:
                await self._retry(tx, failure, actor)
        return failures

    async def drop(self, failure_id: int, *, actor: str) -> Failure:
        """Give it up: it is no news for this desk. Raises Refused if somebody has decided already."""
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
        facts = {"reason": failure.reason}
        await tx.audit.write(self._clock(), actor, "article tried again", failure.article.id, None, facts)


async def _get_failure(tx: Transaction, failure_id: int) -> Failure:
    failure = await tx.failures.get(failure_id)
    if failure is None or failure.set_aside_at is None:
        raise NotAllowed(say("Somebody has decided about this article already."))
    return failure
