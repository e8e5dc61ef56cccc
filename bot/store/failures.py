"""The newsroom's work that fails, with its attempts: articles that cannot be settled, reviews that cannot be shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Join, Row, Select, and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.article import Article
from bot.model.failure import RETRY_AFTER, Failure, retry_after
from bot.model.review import ReviewState
from bot.store import tables as t


class Work(Enum):
    """What fails, with the column that has its number."""

    ARTICLE = t.failure.c.article_id
    REVIEW = t.failure.c.review_id


class Failures:
    """The failures, seen through one connection. Work that has no row here never failed, or has succeeded since."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, work: Work, numbers: Collection[int], now: datetime) -> None:
        """Count an attempt that begins now. If the process ends before it is over, the next one waits as after an error."""
        column = work.value
        known = await self.attempts(work, numbers)
        for number, attempts in known.items():
            wait = retry_after(attempts + 1) or RETRY_AFTER[-1]
            begun = update(t.failure).where(column == number).values(attempts=attempts + 1, retry_at=now + wait)
            await self._connection.execute(begun)
        first = {"attempts": 1, "retry_at": now + RETRY_AFTER[0]}
        rows = [{column.name: number, **first} for number in numbers if number not in known]
        if rows:
            await self._connection.execute(insert(t.failure), rows)

    async def end(self, work: Work, number: int, reason: str, now: datetime) -> bool:
        """Keep why an attempt that has begun failed; return whether the work is set aside by that."""
        attempts = (await self.attempts(work, [number])).get(number, 1)
        wait = retry_after(attempts)
        values = {"retry_at": now + wait} if wait else {"retry_at": None, "set_aside_at": now}
        ended = update(t.failure).where(work.value == number).values(reason=reason, **values)
        await self._connection.execute(ended)
        return wait is None

    async def clear(self, work: Work, numbers: Collection[int]) -> None:
        """Forget the failures of work that succeeded, or that the desk has decided about."""
        await self._connection.execute(delete(t.failure).where(work.value.in_(list(numbers))))

    async def attempts(self, work: Work, numbers: Collection[int]) -> dict[int, int]:
        """Return how many attempts have begun, by number; work that never failed is absent."""
        known = select(work.value, t.failure.c.attempts).where(work.value.in_(list(numbers)))
        return {row[0]: row[1] for row in await self._connection.execute(known)}

    async def get(self, number: int) -> Failure | None:
        """Return the failure of that number."""
        row = (await self._connection.execute(_failures().where(t.failure.c.id == number))).first()
        return None if row is None else _value(row)

    async def of_review(self, review: int) -> Failure | None:
        """Return why a review cannot be shown; None if it can, as far as is known."""
        row = (await self._connection.execute(_failures().where(t.failure.c.review_id == review))).first()
        return None if row is None else _value(row)

    async def set_aside(self, offset: int = 0, limit: int = 1) -> tuple[Failure, ...]:
        """Return what the desk has to decide about, the oldest first: what is set aside, but no review that is decided."""
        listed = _failures().where(_wants_decision()).order_by(t.failure.c.id).offset(offset).limit(limit)
        return tuple(_value(row) for row in await self._connection.execute(listed))

    async def count(self) -> int:
        """Return how much the desk has to decide about."""
        counted = select(func.count()).select_from(_with_review()).where(_wants_decision())
        return (await self._connection.execute(counted)).scalar_one()

    async def count_shown(self) -> int:
        """Return how many articles that are set aside have a message in the desk's channel."""
        shown = select(func.count()).select_from(t.failure).where(_is_set_aside(), t.failure.c.message_id != 0)
        return (await self._connection.execute(shown)).scalar_one()

    async def to_show(self, limit: int, without: Collection[int] = ()) -> tuple[Failure, ...]:
        """Return articles that are set aside and have no message in the desk's channel yet, the oldest first.

        A review that is set aside has its own message.
        """
        new = _failures().where(_is_set_aside(), t.failure.c.article_id.is_not(None), t.failure.c.message_id == 0)
        listed = new.where(t.failure.c.id.not_in(list(without))).order_by(t.failure.c.id).limit(limit)
        return tuple(_value(row) for row in await self._connection.execute(listed))

    async def mark_shown(self, number: int, channel_id: int, message_id: int) -> None:
        """Note the message in the desk's channel that shows it."""
        shown = update(t.failure).where(t.failure.c.id == number)
        await self._connection.execute(shown.values(channel_id=channel_id, message_id=message_id))

    async def remove(self, number: int) -> bool:
        """Forget a failure that is set aside; False if it is not any more."""
        gone = delete(t.failure).where(t.failure.c.id == number, _is_set_aside())
        return (await self._connection.execute(gone)).rowcount == 1


def is_held(work: Work, number: ColumnElement[int], now: datetime) -> ColumnElement[bool]:
    """Return the condition that the work of this number is set aside, or waits for its next attempt."""
    return exists().where(work.value == number, or_(_is_set_aside(), _waits(now)))


def waits_for_retry(work: Work, number: ColumnElement[int], now: datetime) -> ColumnElement[bool]:
    """Return the condition that the work of this number waits for its next attempt."""
    return exists().where(work.value == number, _waits(now))


def _waits(now: datetime) -> ColumnElement[bool]:
    # A time that is later than any wait was set by a clock that has been put right since.
    return and_(t.failure.c.retry_at > now, t.failure.c.retry_at <= now + RETRY_AFTER[-1])


def _is_set_aside() -> ColumnElement[bool]:
    return t.failure.c.set_aside_at.is_not(None)


def _with_review() -> Join:
    return t.failure.outerjoin(t.review, t.review.c.id == t.failure.c.review_id)


def _wants_decision() -> ColumnElement[bool]:
    undecided = or_(t.review.c.id.is_(None), t.review.c.state == ReviewState.WAITING.value)
    return and_(_is_set_aside(), undecided)


def _failures() -> Select[Any]:
    """Failures with their articles, whether these fail themselves or their reviews do."""
    named = [column.label(f"failure_{column.name}") for column in t.failure.c]
    return (
        select(*named, t.article)
        .select_from(_with_review())
        .join(t.article, t.article.c.id == func.coalesce(t.failure.c.article_id, t.review.c.article_id))
    )


def _value(row: Row[Any]) -> Failure:
    return Failure(
        number=row.failure_id,
        article=Article(row.key, row.title, row.published, row.text, row.url, row.publisher),
        review=row.failure_review_id,
        attempts=row.failure_attempts,
        reason=row.failure_reason,
        set_aside_at=row.failure_set_aside_at,
        channel_id=row.failure_channel_id,
        message_id=row.failure_message_id,
    )
