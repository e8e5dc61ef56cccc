"""Failed work of the newsroom, with its attempts: articles that cannot be processed, reviews that cannot be shown."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Join, Row, Select, and_, delete, exists, func, insert, or_, select, update

from bot.model.article import Article
from bot.model.failure import RETRY_DELAYS, Failure, get_retry_delay
from bot.model.review import ReviewState
from bot.store import tables as t
from bot.store.subject import StoreSubject


class WorkKind(Enum):
    """What fails, with the column that has its id."""

    ARTICLE = t.failure.c.article_id
    REVIEW = t.failure.c.review_id


class Failures(StoreSubject):
    """Failed work. Work without a row here never failed, or has succeeded since."""

    async def begin_attempt(self, kind: WorkKind, work_ids: Collection[int], now: datetime) -> None:
        """Count an attempt that begins now. If the process ends before it is over, the next attempt waits as after an error."""
        column = kind.value
        attempts_by_id = await self.count_attempts(kind, work_ids)
        for work_id, attempts in attempts_by_id.items():
            wait = get_retry_delay(attempts + 1) or RETRY_DELAYS[-1]
            statement = update(t.failure).where(column == work_id).values(attempts=attempts + 1, retry_at=now + wait)
            await self._connection.execute(statement)
        values = {"attempts": 1, "retry_at": now + RETRY_DELAYS[0]}
        rows = [{column.name: work_id, **values} for work_id in work_ids if work_id not in attempts_by_id]
        if rows:
            await self._connection.execute(insert(t.failure), rows)

    async def record_failure(self, kind: WorkKind, work_id: int, reason: str, now: datetime) -> bool:
        """Record why an attempt that was begun failed; return whether the work is set aside by that."""
        attempts = (await self.count_attempts(kind, [work_id])).get(work_id, 1)
        wait = get_retry_delay(attempts)
        values = {"retry_at": now + wait} if wait else {"retry_at": None, "set_aside_at": now}
        statement = update(t.failure).where(kind.value == work_id).values(reason=reason, **values)
        await self._connection.execute(statement)
        return wait is None

    async def clear(self, kind: WorkKind, work_ids: Collection[int]) -> None:
        """Forget the failures of work that succeeded, or that the desk has decided about."""
        await self._connection.execute(delete(t.failure).where(kind.value.in_(list(work_ids))))

    async def count_attempts(self, kind: WorkKind, work_ids: Collection[int]) -> dict[int, int]:
        """Return how many attempts have begun, by id; work that never failed is absent."""
        query = select(kind.value, t.failure.c.attempts).where(kind.value.in_(list(work_ids)))
        return {row[0]: row[1] for row in await self._connection.execute(query)}

    async def find(self, failure_id: int) -> Failure | None:
        """Return the failure with this id; None if there is none."""
        row = (await self._connection.execute(_failure_query().where(t.failure.c.id == failure_id))).first()
        return None if row is None else _to_failure(row)

    async def find_for_review(self, review_id: int) -> Failure | None:
        """Return why a review cannot be shown; None if it can, as far as is known."""
        row = (await self._connection.execute(_failure_query().where(t.failure.c.review_id == review_id))).first()
        return None if row is None else _to_failure(row)

    async def list_undecided(self, offset: int = 0, limit: int = 1) -> tuple[Failure, ...]:
        """Return what the desk has to decide about, the oldest first: what is set aside, without reviews that are decided."""
        query = _failure_query().where(_needs_decision()).order_by(t.failure.c.id).offset(offset).limit(limit)
        return tuple(_to_failure(row) for row in await self._connection.execute(query))

    async def count_undecided(self) -> int:
        """Return how much the desk has to decide about."""
        query = select(func.count()).select_from(_join_review()).where(_needs_decision())
        return (await self._connection.execute(query)).scalar_one()

    async def count_shown(self) -> int:
        """Return how many articles that are set aside have a message in the desk's channel."""
        query = select(func.count()).select_from(t.failure).where(_is_set_aside(), t.failure.c.message_id != 0)
        return (await self._connection.execute(query)).scalar_one()

    async def list_unshown(self, limit: int, excluded_ids: Collection[int] = ()) -> tuple[Failure, ...]:
        """Return articles that are set aside and have no message in the desk's channel yet, the oldest first.

        A review that is set aside has its own message.
        """
        unshown_query = _failure_query().where(
            _is_set_aside(), t.failure.c.article_id.is_not(None), t.failure.c.message_id == 0
        )
        query = unshown_query.where(t.failure.c.id.not_in(list(excluded_ids))).order_by(t.failure.c.id).limit(limit)
        return tuple(_to_failure(row) for row in await self._connection.execute(query))

    async def mark_shown(self, failure_id: int, channel_id: int | None, message_id: int | None) -> None:
        """Record the message in the desk's channel that shows a failure."""
        statement = update(t.failure).where(t.failure.c.id == failure_id)
        await self._connection.execute(statement.values(channel_id=channel_id, message_id=message_id))

    async def remove(self, failure_id: int) -> bool:
        """Forget a failure that is set aside; return False if it no longer is."""
        statement = delete(t.failure).where(t.failure.c.id == failure_id, _is_set_aside())
        return (await self._connection.execute(statement)).rowcount == 1


def is_postponed(kind: WorkKind, work_id: ColumnElement[int], now: datetime) -> ColumnElement[bool]:
    """Return the condition that the work with this id is set aside, or waits for its next attempt."""
    return exists().where(kind.value == work_id, or_(_is_set_aside(), _is_waiting(now)))


def waits_for_retry(kind: WorkKind, work_id: ColumnElement[int], now: datetime) -> ColumnElement[bool]:
    """Return the condition that the work with this id waits for its next attempt."""
    return exists().where(kind.value == work_id, _is_waiting(now))


def _is_waiting(now: datetime) -> ColumnElement[bool]:
    # A time later than any wait was set by a clock that has been corrected since.
    return and_(t.failure.c.retry_at > now, t.failure.c.retry_at <= now + RETRY_DELAYS[-1])


def _is_set_aside() -> ColumnElement[bool]:
    return t.failure.c.set_aside_at.is_not(None)


def _join_review() -> Join:
    return t.failure.outerjoin(t.review, t.review.c.id == t.failure.c.review_id)


def _needs_decision() -> ColumnElement[bool]:
    is_undecided = or_(t.review.c.id.is_(None), t.review.c.state == ReviewState.WAITING.value)
    return and_(_is_set_aside(), is_undecided)


def _failure_query() -> Select[Any]:
    """Select failures with their articles, whether these fail themselves or their reviews do."""
    columns = [column.label(f"failure_{column.name}") for column in t.failure.c]
    return (
        select(*columns, t.article)
        .select_from(_join_review())
        .join(t.article, t.article.c.id == func.coalesce(t.failure.c.article_id, t.review.c.article_id))
    )


def _to_failure(row: Row[Any]) -> Failure:
    return Failure(
        id=row.failure_id,
        article=Article(row.key, row.title, row.published, row.text, row.url, row.publisher),
        review_id=row.failure_review_id,
        attempts=row.failure_attempts,
        reason=row.failure_reason,
        set_aside_at=row.failure_set_aside_at,
        channel_id=row.failure_channel_id,
        message_id=row.failure_message_id,
    )
