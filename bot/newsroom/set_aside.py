"""What the newsroom has set aside after several failed attempts: the desk tries it again, or drops it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import Refused
from bot.languages import say
from bot.model.failure import Failure
from bot.model.review import ReviewState
from bot.store import Session, Store


@dataclass(frozen=True, slots=True)
class SetAside:
    """One failure of those that are set aside: its place among them, counted from 0, and how many there are."""

    failure: Failure
    at: int
    count: int


class FailedWork:
    """The desk's decisions about what is set aside. Each is audited."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def count(self) -> int:
        """Return how much is set aside."""
        async with self._store.read() as session:
            return await session.failures.count()

    async def waiting(self, at: int = 0) -> SetAside | None:
        """Return what is set aside at this place, or at the last one if there are fewer; None if nothing is."""
        async with self._store.read() as session:
            count = await session.failures.count()
            place = max(0, min(at, count - 1))
            listed = await session.failures.set_aside(place)
        return SetAside(listed[0], place, count) if listed else None

    async def retry(self, number: int, *, actor: str) -> Failure:
        """Try it again from the beginning. Raises Refused if somebody has decided already."""
        async with self._store.write() as session:
            failure = await _get(session, number)
            await self._retry(session, failure, actor)
        return failure

    async def retry_all(self, *, actor: str) -> tuple[Failure, ...]:
        """Try everything again that is set aside; return what that is."""
        async with self._store.write() as session:
            failures = await session.failures.set_aside(0, await session.failures.count())
            for failure in failures:
                await self._retry(session, failure, actor)
        return failures

    async def drop(self, number: int, *, actor: str) -> Failure:
        """Give it up: it is no news for this desk. Raises Refused if somebody has decided already."""
        async with self._store.write() as session:
            failure = await _get(session, number)
            now = self._clock()
            if failure.review is None:
                await session.articles.mark_done([await session.articles.number(failure.article.id)])
            else:
                state = ReviewState.NOT_NEWS
                await session.reviews.decide(failure.review, state, now, by=actor, taken=False)
            await session.audit.write(
                now, actor, "article dropped", failure.article.id, None, {"reason": failure.reason}
            )
        return failure

    async def _retry(self, session: Session, failure: Failure, actor: str) -> None:
        await session.failures.remove(failure.number)
        if failure.review is not None:
            await session.reviews.change(failure.review)
        facts = {"reason": failure.reason}
        await session.audit.write(self._clock(), actor, "article tried again", failure.article.id, None, facts)


async def _get(session: Session, number: int) -> Failure:
    failure = await session.failures.get(number)
    if failure is None or failure.set_aside_at is None:
        raise Refused(say("Somebody has decided about this article already."))
    return failure
