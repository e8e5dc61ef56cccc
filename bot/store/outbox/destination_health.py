"""The health of destinations: what keeps posts from arriving, and how many wait, arrived or failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select, update

from bot.model.delivery_report import DestinationHealth
from bot.model.follow import FollowState
from bot.model.post import DELIVERED_STATES, OPEN_STATES, PostState, PostType
from bot.store import tables as t
from bot.store.outbox.due_posts import SQL_TRUE
from bot.store.outbox.post_states import is_set_aside
from bot.store.subject import StoreSubject


class Destinations(StoreSubject):
    """Destinations, and whether posts arrive in them."""

    async def get_blocked_at(self, discord_id: int) -> datetime | None:
        """Return since when nothing can arrive there; None if posts can."""
        is_destination = t.destination.c.discord_id == discord_id
        return (
            await self._connection.execute(select(t.destination.c.blocked_at).where(is_destination))
        ).scalar_one_or_none()

    async def block(self, discord_id: int, reason: str, now: datetime, retry_at: datetime) -> bool:
        """Block a destination until somebody changes something there; posts wait. Return whether it was not blocked before."""
        is_destination = t.destination.c.discord_id == discord_id
        blocked_at = await self.get_blocked_at(discord_id)
        await self._connection.execute(
            update(t.destination)
            .where(is_destination)
            .values(blocked=reason, retry_at=retry_at, blocked_at=blocked_at or now)
        )
        return blocked_at is None

    async def unblock(self, discord_id: int, *, only_if_idle: bool = False) -> None:
        """Record that something has arrived there; with ``only_if_idle``, not while a post waits, which will show it."""
        is_destination = (t.destination.c.discord_id == discord_id) & (t.destination.c.blocked != "")
        if only_if_idle:
            is_destination &= ~exists().where(
                t.post.c.destination_id == t.destination.c.id, t.post.c.state.in_(OPEN_STATES)
            )
        await self._connection.execute(
            update(t.destination).where(is_destination).values(blocked="", blocked_at=None, retry_at=None)
        )

    async def retry_now(self, *, guild_id: int | None = None, discord_id: int | None = None) -> int:
        """Retry at once what is blocked in a server or destination; return how many destinations that are."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        statement = update(t.destination).where(where, t.destination.c.retry_at.is_not(None)).values(retry_at=None)
        return (await self._connection.execute(statement)).rowcount

    async def has_blocked(self, *, guild_id: int | None = None, discord_id: int | None = None) -> bool:
        """Return whether anything there waits for a later attempt, even if only to be published."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        blocked_destinations = select(t.destination.c.id).where(where, t.destination.c.retry_at.is_not(None)).limit(1)
        unpublished_posts = (
            select(t.post.c.id)
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(where, t.post.c.publish == SQL_TRUE, t.post.c.unpublished != "")
            .limit(1)
        )
        for query in (blocked_destinations, unpublished_posts):
            if (await self._connection.execute(query)).first() is not None:
                return True
        return False

    async def find_follow_creators(self, discord_id: int, *, include_parent: bool = True) -> tuple[int, ...]:
        """Return who made the active follows of a destination, by user id; with ``include_parent`` those of its channel too."""
        query = select(t.destination.c.id, t.destination.c.parent_id).where(t.destination.c.discord_id == discord_id)
        destination = query.subquery()
        is_served = t.follow.c.destination_id == destination.c.id
        if include_parent:
            is_served |= t.follow.c.destination_id == destination.c.parent_id
        rows = await self._connection.execute(
            select(t.follow.c.created_by).where(is_served, t.follow.c.state == FollowState.ACTIVE.value).distinct()
        )
        return tuple(rows.scalars())

    async def get_health(self, discord_ids: Sequence[int]) -> dict[int, DestinationHealth]:
        """Return the health of destinations, with the threads of stories in them. Unknown destinations are absent."""
        result = await self._connection.execute(_health_query().where(t.destination.c.discord_id.in_(discord_ids)))
        rows = result.all()
        destination_ids = [row.id for row in rows]
        last_failures = await self._find_last_values(
            destination_ids, t.post.c.reason, t.post.c.state == PostState.FAILED.value
        )
        last_unpublished = await self._find_last_values(
            destination_ids, t.post.c.unpublished, t.post.c.unpublished != ""
        )
        blocked_threads = await self._count_blocked_threads(destination_ids)
        pending_digests = await self._count_pending_digests(destination_ids)
        return {
            row.discord_id: DestinationHealth(
                block_reason=row.blocked,
                retry_at=row.retry_at,
                waiting_count=row.waiting or 0,
                oldest_waiting_at=row.oldest,
                sent_count=row.sent or 0,
                last_sent_at=row.last_sent,
                failed_count=row.failed or 0,
                set_aside_count=row.set_aside or 0,
                last_failure_reason=last_failures.get(row.id, ""),
                doubtful_count=row.unsettled or 0,
                digest_item_count=pending_digests[row.id].number if row.id in pending_digests else 0,
                digest_at=pending_digests[row.id].digest_at if row.id in pending_digests else None,
                blocked_thread_count=blocked_threads[row.id].number if row.id in blocked_threads else 0,
                thread_block_reason=blocked_threads[row.id].reason if row.id in blocked_threads else "",
                blocked_thread_id=blocked_threads[row.id].thread_id if row.id in blocked_threads else None,
                published_count=row.published or 0,
                unpublished_count=row.unpublished or 0,
                publish_failure_reason=last_unpublished.get(row.id, ""),
            )
            for row in rows
        }

    async def _find_last_values(self, destination_ids: Sequence[int], column: Any, where: Any) -> dict[int, str]:
        """Return the newest value of a column among the posts that fulfil a condition, by destination."""
        channel_id = func.coalesce(t.destination.c.parent_id, t.destination.c.id)
        rows = await self._connection.execute(
            select(channel_id.label("channel_id"), column.label("value"))
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(_is_within(destination_ids), where)
            .order_by(t.post.c.id)
        )
        return {row.channel_id: row.value for row in rows}

    async def _count_blocked_threads(self, destination_ids: Sequence[int]) -> dict[int, Any]:
        rows = await self._connection.execute(
            select(
                t.destination.c.parent_id,
                func.count().label("number"),
                func.max(t.destination.c.blocked).label("reason"),
                func.max(t.destination.c.discord_id).label("thread_id"),
            )
            .where(t.destination.c.parent_id.in_(destination_ids), t.destination.c.blocked != "")
            .group_by(t.destination.c.parent_id)
        )
        return {row.parent_id: row for row in rows}

    async def _count_pending_digests(self, destination_ids: Sequence[int]) -> dict[int, Any]:
        rows = await self._connection.execute(
            select(
                t.delivery.c.destination_id,
                func.count().label("number"),
                func.min(t.delivery.c.gather_at).label("digest_at"),
            )
            .where(t.delivery.c.destination_id.in_(destination_ids), t.delivery.c.gather_at.is_not(None))
            .group_by(t.delivery.c.destination_id)
        )
        return {row.destination_id: row for row in rows}


def _is_within(destination_ids: Sequence[int]) -> Any:
    """Return the condition that a post is in one of these destinations or in their threads."""
    return or_(t.destination.c.id.in_(destination_ids), t.destination.c.parent_id.in_(destination_ids))


def _health_query() -> Any:
    """Select the figures of destinations. Stories' cards, which open threads, do not count as posts."""
    channel_or_thread = t.destination.alias("channel_or_thread")
    is_post = or_(t.post.c.form != PostType.CARD.value, t.post.c.story_id.is_(None))
    is_waiting = is_post & t.post.c.state.in_(OPEN_STATES)
    is_sent = is_post & t.post.c.state.in_(DELIVERED_STATES)
    is_failed = is_post & (t.post.c.state == PostState.FAILED.value)
    return (
        select(
            t.destination,
            func.count(t.post.c.id).filter(is_waiting).label("waiting"),
            func.min(t.post.c.created_at).filter(is_waiting).label("oldest"),
            func.count(t.post.c.id).filter(is_sent).label("sent"),
            func.max(t.post.c.sent_at).filter(is_sent).label("last_sent"),
            func.count(t.post.c.id).filter(is_failed).label("failed"),
            func.count(t.post.c.id).filter(is_post & is_set_aside()).label("set_aside"),
            func.sum(t.post.c.unsettled).label("unsettled"),
            func.count(t.post.c.id).filter(t.post.c.state == PostState.PUBLISHED.value).label("published"),
            func.count(t.post.c.id).filter(t.post.c.unpublished != "").label("unpublished"),
        )
        .join(
            channel_or_thread,
            or_(channel_or_thread.c.id == t.destination.c.id, channel_or_thread.c.parent_id == t.destination.c.id),
        )
        .outerjoin(t.post, t.post.c.destination_id == channel_or_thread.c.id)
        .group_by(t.destination.c.id)
    )
