"""Deliveries: posts for new notices, edits for changed ones, and what waits for a digest."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select, update

from bot.languages import lazy
from bot.model.delivery_schedule import apply_hourly_cap, get_next_digest
from bot.model.delivery_settings import FEED_POSTS_PER_HOUR, DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind
from bot.model.post import DELIVERED_STATES, PostState, PostType
from bot.store import tables as t
from bot.store.outbox.digests import is_certainly_unsent
from bot.store.outbox.post_keys import create_post_key
from bot.store.outbox.post_states import is_set_aside
from bot.store.outbox.subscribers import Followers, Recipient
from bot.store.subject import StoreSubject

WITHDRAWN_REASON = lazy("it was retracted before it was posted")

_HOUR = timedelta(hours=1)
#: What is gathered comes a moment later at the earliest, so that it is gathered.
_LEAST_WAIT = timedelta(seconds=1)


class Deliveries(StoreSubject):
    """Deliveries: one notice to one destination, once."""

    async def enqueue(self, development_id: int, followers: Followers, now: datetime) -> int:
        """Enqueue a development for these followers; return how many destinations did not have it yet."""
        statement = update(t.development).where(t.development.c.id == development_id).values(announced=1)
        await self._connection.execute(statement)
        return await self._tx.fan_out.enqueue(development_id, followers, now)

    async def enqueue_cluster(self, cluster_id: int, recipient: Recipient, now: datetime) -> None:
        """Enqueue news of a followed feed for its destination, unless it was before.

        If it waits for a digest, and the recipient wants it at once, it gets its post now. If the recipient uses threads, the post
        opens one. What is beyond the hour's posts (:data:`FEED_POSTS_PER_HOUR`) waits, and comes together.
        """
        if recipient.mode is not DeliveryMode.INSTANT:
            if not await self._has_cluster(cluster_id, recipient):
                settings = await self._tx.delivery_settings.get(recipient.owner_id)
                await self._insert_waiting(cluster_id, recipient, get_next_digest(settings, recipient.mode, now), now)
            return
        # Nothing refers to a delivery that waits for a digest.
        is_in_digest = (t.delivery.c.cluster_id == cluster_id) & (t.delivery.c.mode != DeliveryMode.INSTANT.value)
        await self._connection.execute(delete(t.delivery).where(is_in_digest, t.delivery.c.gather_at.is_not(None)))
        if await self._has_cluster(cluster_id, recipient):
            return
        free_at = await self._find_free_time(recipient, now)
        if free_at > now:
            await self._insert_waiting(cluster_id, recipient, free_at, now)
        else:
            await self._create_post(cluster_id, recipient, now)

    async def _find_free_time(self, recipient: Recipient, now: datetime) -> datetime:
        """Return when a destination may get the next post with news of feeds: now, or when the hour's posts are no longer used up."""
        is_own = (t.delivery.c.destination_id == recipient.destination_id) & t.delivery.c.cluster_id.is_not(None)
        is_instant = t.delivery.c.mode == DeliveryMode.INSTANT.value
        waiting = select(func.min(t.delivery.c.gather_at)).where(
            is_own, is_instant, t.delivery.c.gather_at.is_not(None)
        )
        gather_at: datetime | None = (await self._connection.execute(waiting)).scalar_one()
        if gather_at is not None:
            return max(gather_at, now + _LEAST_WAIT)
        recent = (
            select(t.post.c.created_at)
            .join(t.delivery, t.delivery.c.post_id == t.post.c.id)
            .where(is_own, is_instant, t.post.c.created_at > now - _HOUR)
            .distinct()
        )
        settings = await self._tx.delivery_settings.get(recipient.owner_id)
        times = list((await self._connection.execute(recent.add_columns(t.post.c.id))).scalars())
        return apply_hourly_cap(times, settings.cap or FEED_POSTS_PER_HOUR, now)

    async def _has_cluster(self, cluster_id: int, recipient: Recipient) -> bool:
        is_same = (t.delivery.c.cluster_id == cluster_id) & (t.delivery.c.destination_id == recipient.destination_id)
        return (await self._connection.execute(select(t.delivery.c.id).where(is_same))).first() is not None

    async def _create_post(self, cluster_id: int, recipient: Recipient, now: datetime) -> None:
        post_values = {
            "key": create_post_key(now),
            "destination_id": recipient.destination_id,
            "state": PostState.PENDING.value,
            "form": PostType.CARD.value if recipient.threads else PostType.POST.value,
            "roles": _format_roles(recipient),
            "silent": int(recipient.silent),
            "publish": int(recipient.kind is DestinationKind.ANNOUNCEMENT),
            "created_at": now,
            "due_at": now,
        }
        statement = insert(t.post).values(**post_values).returning(t.post.c.id)
        values = {
            "cluster_id": cluster_id,
            "destination_id": recipient.destination_id,
            "post_id": (await self._connection.execute(statement)).scalar_one(),
            "created_at": now,
        }
        await self._connection.execute(insert(t.delivery).values(**values))

    async def _insert_waiting(self, cluster_id: int, recipient: Recipient, gather_at: datetime, now: datetime) -> None:
        """Insert a delivery that waits to be gathered."""
        values = {
            "cluster_id": cluster_id,
            "destination_id": recipient.destination_id,
            "created_at": now,
            "mode": recipient.mode.value,
            "gather_at": gather_at,
            "roles": _format_roles(recipient),
            "silent": int(recipient.silent),
        }
        await self._connection.execute(insert(t.delivery).values(**values))

    async def request_edits(self, development_id: int, now: datetime) -> int:
        """Have every post that carries a development corrected; return how many messages must be edited."""
        return await self._request_edits(t.delivery.c.development_id == development_id, now)

    async def request_cluster_edit(self, cluster_id: int, now: datetime) -> int:
        """Have the post that carries news of a followed feed brought up to date; return how many messages must be edited."""
        return await self._request_edits(t.delivery.c.cluster_id == cluster_id, now)

    async def request_reminder_edits(self, event_id: int, now: datetime) -> int:
        """Have every reminder of an expected event corrected; return how many messages must be edited."""
        return await self._request_edits(t.delivery.c.expected_event_id == event_id, now)

    async def _request_edits(self, is_delivery: ColumnElement[bool], now: datetime) -> int:
        post_ids = select(t.delivery.c.post_id).where(is_delivery)
        statement = update(t.post).where(t.post.c.id.in_(post_ids)).values(wanted=t.post.c.wanted + 1)
        await self._connection.execute(statement)
        is_sent = t.post.c.id.in_(post_ids) & t.post.c.state.in_(DELIVERED_STATES)
        make_due = update(t.post).where(is_sent).values(due_at=now, attempts=0)
        return (await self._connection.execute(make_due)).rowcount

    async def withdraw(self, development_id: int, now: datetime) -> int:
        """Close the posts that carry nothing else that is valid, if they certainly have no message yet; return how many.

        A delivery that waits for a digest will be in none.
        """
        is_waiting = (t.delivery.c.development_id == development_id) & t.delivery.c.gather_at.is_not(None)
        await self._connection.execute(
            update(t.delivery).where(is_waiting).values(gather_at=None, reason=WITHDRAWN_REASON)
        )
        other_delivery = t.delivery.alias("other")
        carries_nothing_else = ~exists().where(
            other_delivery.c.post_id == t.post.c.id,
            or_(
                other_delivery.c.development_id.is_(None),
                (other_delivery.c.development_id != development_id)
                & exists().where(
                    t.development.c.id == other_delivery.c.development_id, t.development.c.retracted == ""
                ),
            ),
        )
        post_ids = select(t.delivery.c.post_id).where(t.delivery.c.development_id == development_id)
        values = {"state": PostState.FAILED.value, "reason": WITHDRAWN_REASON, "sent_at": now}
        is_unsent = or_(is_certainly_unsent(), is_set_aside() & (t.post.c.in_doubt == 0))
        statement = update(t.post).where(t.post.c.id.in_(post_ids), is_unsent, carries_nothing_else).values(**values)
        return (await self._connection.execute(statement)).rowcount

    async def reinstate(self, development_id: int, now: datetime) -> int:
        """Enqueue again what was withdrawn of a development, which is valid after all; return for how many destinations."""
        is_delivery = t.delivery.c.development_id == development_id
        post_ids = select(t.delivery.c.post_id).where(is_delivery)
        is_withdrawn = (t.post.c.state == PostState.FAILED.value) & (t.post.c.reason == WITHDRAWN_REASON)
        values = {"state": PostState.PENDING.value, "reason": "", "attempts": 0, "due_at": now}
        result = await self._connection.execute(
            update(t.post)
            .where(t.post.c.id.in_(post_ids), is_withdrawn)
            .values(**values, sent_at=None, refused_at=None)
        )
        return result.rowcount + await self._requeue_for_digest(
            is_delivery & (t.delivery.c.reason == WITHDRAWN_REASON), now
        )

    async def _requeue_for_digest(self, where: ColumnElement[bool], now: datetime) -> int:
        query = (
            select(t.delivery.c.id, t.delivery.c.mode, t.destination.c.guild_id, t.destination.c.discord_id)
            .join(t.destination, t.destination.c.id == t.delivery.c.destination_id)
            .where(where)
        )
        rows = [(row, row.guild_id or row.discord_id) for row in await self._connection.execute(query)]
        settings_by_owner = await self._tx.delivery_settings.get_many([owner_id for _, owner_id in rows])
        for row, owner_id in rows:
            digest_at = get_next_digest(
                settings_by_owner.get(owner_id, DeliverySettings()), DeliveryMode(row.mode), now
            )
            statement = update(t.delivery).where(t.delivery.c.id == row.id).values(gather_at=digest_at, reason="")
            await self._connection.execute(statement)
        return len(rows)


def _format_roles(recipient: Recipient) -> str:
    return " ".join(str(role) for role in recipient.role_ids)
