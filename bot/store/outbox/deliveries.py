"""Deliveries: posts for new notices, edits for changed ones, and what waits for a digest."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from bot.languages import lazy
from bot.model.delivery_schedule import apply_hourly_cap, get_next_digest
from bot.model.delivery_settings import FEED_POSTS_PER_HOUR, DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind
from bot.model.post import DELIVERED_STATES, PostState, PostType
from bot.store import tables as t
from bot.store.engines.json_values import JsonRows
from bot.store.engines.sql_batches import iter_batches
from bot.store.outbox.digests import is_certainly_unsent
from bot.store.outbox.set_aside_posts import is_set_aside
from bot.store.outbox.subscribers import Recipient
from bot.store.subject import StoreSubject
from bot.store.tables.column_types import Instant

WITHDRAWN_REASON = lazy("it was retracted before it was posted")

# Rows of JSON, which the engine unpacks outside the event loop: as one statement each, ten thousand posts would block it longer.
_ROWS = JsonRows("rows")
_KEY, _POST_DESTINATION, _FORM, _ROLES = _ROWS.text(0), _ROWS.integer(1), _ROWS.text(2), _ROWS.text(3)
_SILENT, _PUBLISH, _FOLLOW_DESTINATION, _MENTIONS = _ROWS.integer(4), _ROWS.integer(5), _ROWS.integer(6), _ROWS.text(7)
_NOW = bindparam("now", type_=Instant)
_INSERT_POSTS = insert(t.post).from_select(
    ["key", "destination_id", "state", "form", "roles", "silent", "publish", "created_at", "due_at"],
    select(
        _KEY,
        _POST_DESTINATION,
        literal_column(f"'{PostState.PENDING.value}'"),
        _FORM,
        _ROLES,
        _SILENT,
        _PUBLISH,
        _NOW,
        _NOW,
    ),
)
# Ids are looked up by key: RETURNING gives no order, so it would need a statement for each row.
_POST_ID = select(t.post.c.id).where(t.post.c.key == _KEY).correlate(_ROWS.source).scalar_subquery()
_HOUR = timedelta(hours=1)
#: What is gathered comes a moment later at the earliest, so that it is gathered.
_LEAST_WAIT = timedelta(seconds=1)
_DEVELOPMENT, _CLUSTER = t.delivery.c.development_id, t.delivery.c.cluster_id
#: By the column that refers to the notice.
_INSERT_DELIVERIES = {
    column: insert(t.delivery).from_select(
        [column.name, "destination_id", "post_id", "created_at", "mentions"],
        select(bindparam("notice"), _FOLLOW_DESTINATION, _POST_ID, _NOW, _MENTIONS),
    )
    for column in (_DEVELOPMENT, _CLUSTER)
}


class Deliveries(StoreSubject):
    """Deliveries: one notice to one destination, once."""

    async def enqueue(self, development_id: int, recipients: Sequence[Recipient], now: datetime) -> int:
        """Enqueue a development for these recipients; return how many did not have it yet.

        An instant delivery gets its post at once, in the story's thread if the recipient uses threads; others wait for a digest.
        """
        statement = update(t.development).where(t.development.c.id == development_id).values(announced=1)
        await self._connection.execute(statement)
        new_recipients = await self._without_delivery(_DEVELOPMENT, development_id, recipients)
        instant_recipients = [recipient for recipient in new_recipients if recipient.mode is DeliveryMode.INSTANT]
        thread_ids = await self._find_threads(development_id, instant_recipients, now)
        # A recipient that is the story's own thread gets no second post there.
        rows = [
            _build_row(recipient, thread_ids.get(recipient.destination_id))
            for recipient in instant_recipients
            if recipient.destination_id not in thread_ids.values()
        ]
        await self._create_posts(_DEVELOPMENT, development_id, rows, now)
        return len(rows) + await self._queue_for_digest(_DEVELOPMENT, development_id, new_recipients, now)

    async def enqueue_cluster(self, cluster_id: int, recipient: Recipient, now: datetime) -> None:
        """Enqueue news of a followed feed for its destination, unless it was before.

        If it waits for a digest, and the recipient wants it at once, it gets its post now. If the recipient uses threads, the post
        opens one. What is beyond the hour's posts (:data:`FEED_POSTS_PER_HOUR`) waits, and comes together.
        """
        if recipient.mode is not DeliveryMode.INSTANT:
            new_recipients = await self._without_delivery(_CLUSTER, cluster_id, [recipient])
            await self._queue_for_digest(_CLUSTER, cluster_id, new_recipients, now)
            return
        # Nothing refers to a delivery that waits for a digest.
        is_in_digest = (t.delivery.c.cluster_id == cluster_id) & (t.delivery.c.mode != DeliveryMode.INSTANT.value)
        await self._connection.execute(delete(t.delivery).where(is_in_digest, t.delivery.c.gather_at.is_not(None)))
        if not await self._without_delivery(_CLUSTER, cluster_id, [recipient]):
            return
        free_at = await self._find_free_time(recipient, now)
        if free_at > now:
            await self._insert_waiting([_build_waiting_row(_CLUSTER, cluster_id, recipient, free_at, now)])
        else:
            form = PostType.CARD if recipient.threads else PostType.POST
            await self._create_posts(_CLUSTER, cluster_id, [_build_row(recipient, form=form)], now)

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

    async def _without_delivery(
        self, column: Column[int], notice_id: int, recipients: Sequence[Recipient]
    ) -> list[Recipient]:
        """Return the recipients that do not have this notice yet."""
        rows = await self._connection.execute(select(t.delivery.c.destination_id).where(column == notice_id))
        existing_ids = set(rows.scalars())
        return [recipient for recipient in recipients if recipient.destination_id not in existing_ids]

    async def _create_posts(
        self, column: Column[int], notice_id: int, rows: Sequence[Sequence[Any]], now: datetime
    ) -> None:
        for batch in iter_batches(rows):
            values = {"rows": json.dumps(batch), "now": now}
            await self._connection.execute(_INSERT_POSTS, values)
            await self._connection.execute(_INSERT_DELIVERIES[column], {**values, "notice": notice_id})

    async def _find_threads(
        self, development_id: int, recipients: Sequence[Recipient], now: datetime
    ) -> Mapping[int, int]:
        parent_ids = [recipient.destination_id for recipient in recipients if recipient.threads]
        if not parent_ids:
            return {}
        query = select(t.development.c.story_id).where(t.development.c.id == development_id)
        return await self._tx.story_threads.find_or_create(
            parent_ids, (await self._connection.execute(query)).scalar_one(), now
        )

    async def _queue_for_digest(
        self, column: Column[int], notice_id: int, recipients: Sequence[Recipient], now: datetime
    ) -> int:
        """Enqueue a notice for the digests of those recipients that want any; return how many these are."""
        recipients = [recipient for recipient in recipients if recipient.mode is not DeliveryMode.INSTANT]
        if not recipients:
            return 0
        settings_by_owner = await self._tx.delivery_settings.get_many([recipient.owner_id for recipient in recipients])
        rows = [
            _build_waiting_row(
                column,
                notice_id,
                recipient,
                get_next_digest(settings_by_owner.get(recipient.owner_id, DeliverySettings()), recipient.mode, now),
                now,
            )
            for recipient in recipients
        ]
        await self._insert_waiting(rows)
        return len(recipients)

    async def _insert_waiting(self, rows: Sequence[Mapping[str, Any]]) -> None:
        for batch in iter_batches(rows):
            await self._connection.execute(insert(t.delivery), batch)

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


def _build_row(recipient: Recipient, thread_id: int | None = None, *, form: PostType = PostType.POST) -> list[Any]:
    """Return a row for ``_INSERT_POSTS`` and ``_INSERT_DELIVERIES``."""
    is_public = recipient.kind is DestinationKind.ANNOUNCEMENT and thread_id is None
    return [
        secrets.token_hex(8),
        thread_id or recipient.destination_id,
        form.value,
        _format_roles(recipient),
        int(recipient.silent),
        int(is_public),
        recipient.destination_id,
        "\n".join(recipient.mentioned_companies),
    ]


def _build_waiting_row(
    column: Column[int], notice_id: int, recipient: Recipient, gather_at: datetime, now: datetime
) -> dict[str, Any]:
    """Return the row of a delivery that waits for a digest."""
    return {
        column.name: notice_id,
        "destination_id": recipient.destination_id,
        "created_at": now,
        "mode": recipient.mode.value,
        "gather_at": gather_at,
        "roles": _format_roles(recipient),
        "silent": int(recipient.silent),
        "mentions": "\n".join(recipient.mentioned_companies),
    }


def _format_roles(recipient: Recipient) -> str:
    return " ".join(str(role) for role in recipient.role_ids)
