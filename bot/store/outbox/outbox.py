"""The outbox: leases posts that are due.

A post is closed when it was sent or has failed; until then it is open, and only the oldest open post of a
destination is ever leased. A sent post whose developments were corrected since is leased once more, to be edited.
Quiet hours and the cap on the posts of an hour make a post wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Row, Select, Table, and_, bindparam, case, func, or_, select, update

from bot.languages import lazy
from bot.model.delivery_schedule import apply_hourly_cap, skip_quiet_hours
from bot.model.delivery_settings import DeliverySettings
from bot.model.post import DELIVERED_STATES, OPEN_STATES, Post, PostState
from bot.store import tables as t
from bot.store.outbox.due_posts import (
    ANY_FIRST_ATTEMPT,
    ANY_POST,
    POSTS_TO_EDIT,
    POSTS_TO_PUBLISH,
    POSTS_TO_SEND,
    SQL_TRUE,
    bind_time,
    is_delivered,
    is_first_attempt,
    needs_edit,
)
from bot.store.outbox.post_loader import PostLoader
from bot.store.outbox.post_states import is_failed, is_leased, is_open, is_set_aside
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from bot.store.transaction import Transaction

_QUIET_HOURS_REASON = lazy("waiting for the end of quiet hours")
_CAP_REASON = lazy("this hour's limit is reached")
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LeaseQuota:
    """How many posts may be leased in all, and how many of them may have been attempted before."""

    total: int
    retries: int


ONE_POST = LeaseQuota(1, 1)


@dataclass(frozen=True, slots=True)
class OutboxStats:
    """The outbox in figures.

    ``doubtful_count`` counts posts that were sent again although nobody could search for an earlier message.
    ``digest_item_count`` developments wait for a digest, ``unpublished_count`` posts of announcement channels to be published,
    and ``set_aside_count`` posts for the operator.
    """

    waiting_count: int
    oldest_waiting_at: datetime | None
    sent_count: int
    failed_count: int
    correction_count: int
    doubtful_count: int
    digest_item_count: int = 0
    unpublished_count: int = 0
    set_aside_count: int = 0


class Outbox(StoreSubject):
    """Posts, from their lease to its end."""

    async def has_due(self, now: datetime, quota: LeaseQuota = ONE_POST) -> bool:
        """Return whether :meth:`lease_due` would lease anything. Cheap, as it is called five times a second."""
        query = ANY_POST if quota.retries > 0 else ANY_FIRST_ATTEMPT
        return bool((await self._connection.execute(query, bind_time(now))).scalar_one())

    async def lease_due(
        self,
        now: datetime,
        lease_until: datetime,
        limit: int | LeaseQuota,
        in_flight_ids: Collection[int] = (),
        *,
        leased_by: int = 0,
    ) -> tuple[Post, ...]:
        """Lease what is due: each destination's oldest open post, edits, and publications. Nobody else gets it before ``lease_until``.

        A post whose lease has expired may have been sent by its holder, so it comes back in doubt. One that quiet hours or a cap
        hold is deferred, and what waits behind the last place of a cap is folded into it. Posts of ``in_flight_ids`` stay with the
        caller, whatever the clock says of their leases.

        ``leased_by`` is the number of the bot (:attr:`bot.store.Membership.worker_id`).

        First attempts go before retries, so that channels which do not answer cannot take every place again.

        Raises UnreadablePost for the first post that cannot be read; then nothing is leased.
        """
        quota = limit if isinstance(limit, LeaseQuota) else LeaseQuota(limit, limit)
        throttling = _Throttling(self._tx)
        post_ids = await self._find_due(now, quota.total, is_first_attempt(), in_flight_ids, throttling)
        retry_limit = min(quota.retries, quota.total - len(post_ids))
        post_ids += await self._find_due(now, retry_limit, ~is_first_attempt(), [*in_flight_ids, *post_ids], throttling)
        if not post_ids:
            return ()
        await self._connection.execute(update(t.post).where(t.post.c.id.in_(post_ids), is_leased()).values(in_doubt=1))
        statement = update(t.post).where(t.post.c.id.in_(post_ids))
        lease = {"lease_until": lease_until, "leased_by": leased_by, "attempts": t.post.c.attempts + 1}
        await self._connection.execute(statement.values(**lease))
        await self._connection.execute(
            statement.where(t.post.c.state.in_(OPEN_STATES)).values(state=PostState.LEASED.value)
        )
        return await PostLoader(self._tx).load(post_ids)

    async def postpone(self, post_id: int, due_at: datetime, reason: str) -> None:
        """Count an attempt that could not begin, and let the post wait."""
        values = {"attempts": t.post.c.attempts + 1, "due_at": due_at, "reason": reason, "lease_until": None}
        statement = update(t.post).where(t.post.c.id == post_id)
        expired_lease = statement.where(t.post.c.state == PostState.LEASED.value)
        await self._connection.execute(expired_lease.values(state=PostState.PENDING.value, in_doubt=1))
        await self._connection.execute(statement.values(**values))

    async def record_search_start(self, newest_ids: Mapping[int, int | None]) -> None:
        """Record the newest known message id of the destinations of posts that are attempted now and are not in doubt yet.

        A message of an earlier post in the same destination counts too.
        """
        if not newest_ids:
            return
        earlier_post = t.post.alias("earlier")
        last_message_id = (
            select(earlier_post.c.message_id)
            .where(earlier_post.c.destination_id == t.post.c.destination_id, earlier_post.c.message_id.is_not(None))
            .order_by(earlier_post.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        search_start = case((last_message_id > bindparam("newest"), last_message_id), else_=bindparam("newest"))
        statement = update(t.post).where(t.post.c.id == bindparam("number")).values(search_after=search_start)
        await self._connection.execute(
            statement, [{"number": post_id, "newest": message_id or 0} for post_id, message_id in newest_ids.items()]
        )

    async def _find_due(
        self,
        now: datetime,
        limit: int,
        condition: ColumnElement[bool],
        in_flight_ids: Collection[int],
        throttling: _Throttling,
    ) -> list[int]:
        post_ids = await self._find_sendable(POSTS_TO_SEND.where(condition), now, limit, in_flight_ids, throttling)
        for query in (POSTS_TO_EDIT, POSTS_TO_PUBLISH):
            remaining = max(0, limit - len(post_ids))
            statement = query.where(condition, t.post.c.id.not_in([*in_flight_ids])).limit(remaining)
            post_ids += (await self._connection.execute(statement, bind_time(now))).scalars() if remaining else ()
        return post_ids

    async def _find_sendable(
        self,
        base_query: Select[Any],
        now: datetime,
        limit: int,
        in_flight_ids: Collection[int],
        throttling: _Throttling,
    ) -> list[int]:
        """Return the ids of the posts to send, without those that are deferred."""
        post_ids: list[int] = []
        while len(post_ids) < limit:
            query = base_query.where(t.post.c.id.not_in([*post_ids, *in_flight_ids])).limit(limit - len(post_ids))
            due_ids = list((await self._connection.execute(query, bind_time(now))).scalars())
            deferred_ids = await throttling.defer(due_ids, now)
            post_ids += [post_id for post_id in due_ids if post_id not in deferred_ids]
            if not deferred_ids:
                break
        return post_ids

    async def end_lost_leases(self) -> int:
        """End the leases of bots that are gone, with their posts in doubt; return how many posts may have been sent.

        A bot is there as long as its row is; where only one can run it has none, and this ends all leases.
        """
        is_lost = or_(t.post.c.leased_by.is_(None), t.post.c.leased_by.not_in(select(t.worker.c.id)))
        # Discord has refused nothing, so that the next attempt does not wait longer for it.
        attempts = case((t.post.c.attempts > 0, t.post.c.attempts - 1), else_=0)
        ended = {"lease_until": None, "leased_by": None, "attempts": attempts}
        statement = (
            update(t.post).where(is_leased(), is_lost).values(state=PostState.PENDING.value, in_doubt=1, **ended)
        )
        count = (await self._connection.execute(statement)).rowcount
        is_repeatable = or_(needs_edit(), t.post.c.publish == SQL_TRUE)
        was_leased = t.post.c.lease_until.is_not(None)
        await self._connection.execute(update(t.post).where(is_repeatable, was_leased, is_lost).values(**ended))
        return count

    async def recover(self, now: datetime) -> int:
        """End every lease of an earlier process, with its post in doubt; return how many. Call it where no other bot runs.

        Everything that waits to be sent, edited or published is due at once.
        """
        count = await self.end_lost_leases()
        is_waiting = or_(is_open(), needs_edit(), t.post.c.publish == SQL_TRUE)
        await self._connection.execute(
            update(t.post).where(is_waiting).values(lease_until=None, due_at=now, attempts=0)
        )
        await self._connection.execute(
            update(t.destination).where(t.destination.c.retry_at.is_not(None)).values(retry_at=None)
        )
        return count

    async def count(self) -> int:
        """Count the posts."""
        # Counting hundreds of thousands of rows is only quick without a condition.
        return (await self._connection.execute(select(func.count()).select_from(t.post))).scalar_one()

    async def get_stats(self, total: int | None = None) -> OutboxStats:
        """Count the posts and deliveries by state; ``total`` is :meth:`count`, if that is known."""
        open_count = await self._count(t.post, is_open())
        failed_count = await self._count(t.post, is_failed())
        set_aside_count = await self._count(t.post, is_set_aside())
        total = await self.count() if total is None else total
        oldest = await self._connection.execute(select(func.min(t.post.c.created_at)).where(is_open()))
        awaits_digest = t.delivery.c.gather_at.is_not(None)
        return OutboxStats(
            waiting_count=open_count,
            oldest_waiting_at=oldest.scalar_one(),
            # The rest was sent.
            sent_count=max(0, total - open_count - failed_count - set_aside_count),
            failed_count=failed_count,
            correction_count=await self._count(t.post, needs_edit()),
            doubtful_count=await self._count(t.post, t.post.c.unsettled == SQL_TRUE),
            digest_item_count=await self._count(t.delivery, awaits_digest),
            unpublished_count=await self._count(t.post, (t.post.c.publish == SQL_TRUE) & is_delivered()),
            set_aside_count=set_aside_count,
        )

    async def _count(self, table: Table, where: ColumnElement[bool]) -> int:
        return (await self._connection.execute(select(func.count()).select_from(table).where(where))).scalar_one()


class _Throttling(StoreSubject):
    """Posts that are due, but must wait for their hour."""

    def __init__(self, tx: Transaction) -> None:
        super().__init__(tx)
        # By channel with its threads, how many posts have passed the cap in this transaction.
        self._release_counts: Counter[int] = Counter()

    async def defer(self, post_ids: Sequence[int], now: datetime) -> set[int]:
        """Defer those of these posts, each its destination's oldest, that must wait; return their ids.

        A post that takes the last place of a cap takes along what waits behind it, so that nothing is dropped and nothing floods.
        """
        channel_id = func.coalesce(t.destination.c.parent_id, t.destination.c.id).label("place")
        rows: Iterable[Row[Any]] = await self._connection.execute(
            select(
                t.post.c.id, t.post.c.destination_id, channel_id, t.destination.c.guild_id, t.destination.c.discord_id
            )
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(t.post.c.id.in_(post_ids))
            .order_by(t.post.c.id)
        )
        rows_with_owners = [(row, row.guild_id or row.discord_id) for row in rows]
        settings_by_owner = await self._tx.delivery_settings.get_many([owner_id for _, owner_id in rows_with_owners])
        return {
            row.id
            for row, owner_id in rows_with_owners
            if owner_id in settings_by_owner and await self._defer_if_held(row, settings_by_owner[owner_id], now)
        }

    async def _defer_if_held(self, row: Row[Any], settings: DeliverySettings, now: datetime) -> bool:
        quiet_until = skip_quiet_hours(settings, now)
        if quiet_until > now:
            return await self._defer_until(row.id, quiet_until, _QUIET_HOURS_REASON)
        if not settings.cap:
            return False
        sent_times = [
            *await self._find_sent_times(row.place, now - _HOUR),
            *[now] * await self._count_in_flight(row.place, now),
        ]
        free_at = apply_hourly_cap(sent_times, settings.cap, now)
        if free_at > now:
            return await self._defer_until(row.id, free_at, _CAP_REASON)
        self._release_counts[row.place] += 1
        if len(sent_times) == settings.cap - 1:
            await self._tx.folding.fold_destination(row.destination_id)
        return False

    async def _defer_until(self, post_id: int, due_at: datetime, reason: str) -> bool:
        await self._connection.execute(
            update(t.post).where(t.post.c.id == post_id).values(due_at=due_at, reason=reason)
        )
        # An expired lease would make it due by itself.
        is_lapsed = (t.post.c.id == post_id) & (t.post.c.state == PostState.LEASED.value)
        values = {"state": PostState.PENDING.value, "in_doubt": 1, "lease_until": None}
        await self._connection.execute(update(t.post).where(is_lapsed).values(**values))
        return True

    async def _find_sent_times(self, channel_id: int, since: datetime) -> list[datetime]:
        """Return when posts were sent to a channel and its threads, which are one place to its readers."""
        rows = await self._connection.execute(
            select(t.post.c.sent_at).where(
                _is_in_channel(channel_id), t.post.c.state.in_(DELIVERED_STATES), t.post.c.sent_at > since
            )
        )
        return list(rows.scalars())

    async def _count_in_flight(self, channel_id: int, now: datetime) -> int:
        is_in_flight = and_(is_leased(), t.post.c.lease_until > now)
        query = select(func.count()).select_from(t.post).where(_is_in_channel(channel_id), is_in_flight)
        return self._release_counts[channel_id] + (await self._connection.execute(query)).scalar_one()


def _is_in_channel(channel_id: int) -> ColumnElement[bool]:
    destination_ids = select(t.destination.c.id).where(
        or_(t.destination.c.id == channel_id, t.destination.c.parent_id == channel_id)
    )
    return t.post.c.destination_id.in_(destination_ids)
