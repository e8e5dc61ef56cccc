"""Digests: what has waited for one becomes posts, whose deliveries never change again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, insert, select, update

from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind
from bot.model.post import PostState, PostType, fold_posts
from bot.store import tables as t
from bot.store.outbox.notices import NOTICE_TEXT, with_notices
from bot.store.subject import StoreSubject

#: For how many destinations digests are made in one transaction. Other writers wait for the lock no longer than that takes.
MAX_DESTINATIONS = 100
#: How long a notice waits for its digest at most, and how much longer if the digest cannot be made.
_PERIODS = {
    # News of feeds beyond the hour's posts.
    DeliveryMode.INSTANT: timedelta(hours=1),
    DeliveryMode.DAILY: timedelta(days=1),
    DeliveryMode.WEEKLY: timedelta(days=7),
}
_GRACE_PERIOD = timedelta(days=1)


class Digests(StoreSubject):
    """Digests, and the deliveries that wait for them."""

    async def has_due(self, now: datetime) -> bool:
        """Return whether :meth:`create_due` would make anything."""
        query = select(t.delivery.c.id).where(_is_due(now)).limit(1)
        return (await self._connection.execute(query)).first() is not None

    async def find_due_destinations(self, now: datetime) -> tuple[int, ...]:
        """Return the ids of up to ``MAX_DESTINATIONS`` destinations whose digests are due."""
        return tuple((await self._connection.execute(_select_due_destinations(now))).scalars())

    async def postpone(self, destination_id: int, now: datetime, until: datetime, reason: str) -> None:
        """Postpone the due digests of a destination. Close what has waited for a day longer than its digest's period instead."""
        is_due = _is_due(now) & (t.delivery.c.destination_id == destination_id)
        for mode, period in _PERIODS.items():
            is_expired = (
                is_due & (t.delivery.c.mode == mode.value) & (t.delivery.c.created_at < now - period - _GRACE_PERIOD)
            )
            await self._connection.execute(update(t.delivery).where(is_expired).values(gather_at=None, reason=reason))
        await self._connection.execute(update(t.delivery).where(is_due).values(gather_at=until))

    async def create_due(self, now: datetime, destination_id: int | None = None) -> int:
        """Make the due digests of up to ``MAX_DESTINATIONS`` destinations, or of one; return how many posts these are.

        A digest is grouped by story, in as many posts as list every headline.
        """
        destination_ids = _select_due_destinations(now) if destination_id is None else [destination_id]
        query = select(t.delivery, NOTICE_TEXT.label("notice_text"), t.destination.c.place)
        rows = await self._connection.execute(
            with_notices(query.select_from(t.delivery))
            .join(t.destination, t.destination.c.id == t.delivery.c.destination_id)
            .where(_is_due(now), t.delivery.c.destination_id.in_(destination_ids))
            .order_by(t.delivery.c.destination_id, t.delivery.c.mode, t.development.c.story_id, t.delivery.c.id)
        )
        count = 0
        for _, digest in groupby(rows.all(), key=lambda row: (row.destination_id, row.mode)):
            count += await self._create_posts(list(digest), now)
        return count

    async def _create_posts(self, rows: Sequence[Row[Any]], now: datetime) -> int:
        groups = fold_posts((row.id, row.notice_text) for row in rows)
        for index, delivery_ids in enumerate(groups):
            insert_post = insert(t.post).values(**_build_post(rows, now, is_first=index == 0)).returning(t.post.c.id)
            post_id = (await self._connection.execute(insert_post)).scalar_one()
            update_deliveries = (
                update(t.delivery).where(t.delivery.c.id.in_(delivery_ids)).values(post_id=post_id, gather_at=None)
            )
            await self._connection.execute(update_deliveries)
        return len(groups)


def _select_due_destinations(now: datetime) -> Select[Any]:
    return select(t.delivery.c.destination_id).where(_is_due(now)).distinct().limit(MAX_DESTINATIONS)


def _is_due(now: datetime) -> ColumnElement[bool]:
    return t.delivery.c.gather_at <= now


def _build_post(rows: Sequence[Row[Any]], now: datetime, *, is_first: bool) -> dict[str, Any]:
    """Return the row for one message of a digest. Only the first notifies: a digest is one interruption."""
    roles = dict.fromkeys(role for row in rows for role in row.roles.split())
    is_forum = rows[0].place == DestinationKind.FORUM.value
    forms = {DeliveryMode.INSTANT.value: PostType.CARD.value if is_forum else PostType.POST.value}
    return {
        "key": secrets.token_hex(8),
        "destination_id": rows[0].destination_id,
        "state": PostState.PENDING.value,
        "form": forms.get(rows[0].mode, rows[0].mode),
        "roles": " ".join(roles) if is_first else "",
        "silent": min(row.silent for row in rows) if is_first else 1,
        "publish": int(rows[0].place == DestinationKind.ANNOUNCEMENT.value),
        "created_at": now,
        "due_at": now,
    }
