"""Several notices in one post: digests, and waiting posts that are folded so that an outage is not followed by a flood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, delete, func, insert, literal_column, select, update

from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind
from bot.model.post import FOLD_AFTER, FOLD_THRESHOLD, PostState, PostType, fold_posts
from bot.store import tables as t
from bot.store.outbox.post_keys import create_post_key
from bot.store.outbox.post_states import is_pending
from bot.store.subject import StoreSubject
from bot.store.tables.column_types import Instant

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
_FIRST_LINK = (
    select(t.cluster_article.c.url + t.cluster_article.c.publisher)
    .where(t.cluster_article.c.cluster_id == t.cluster.c.id)
    .order_by(t.cluster_article.c.id)
    .limit(1)
    .scalar_subquery()
)
#: A text as long as the line of a digest that shows the notice: its headline and, of a followed feed's news, its link.
_NOTICE_TEXT: ColumnElement[str] = func.coalesce(
    t.development.c.headline,
    t.cluster.c.headline + func.coalesce(_FIRST_LINK, ""),
    t.expected_event.c.headline,
    literal_column("''"),
)


class Digests(StoreSubject):
    """Digests, and the deliveries that wait for them."""

    async def has_due(self, now: datetime) -> bool:
        """Return whether :meth:`create_due` would make anything."""
        return (await self._connection.execute(_ANY_DUE_DELIVERY, {"now": now})).first() is not None

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

    async def drop_due(self, now: datetime, reason: str) -> int:
        """Close what is due, so that it comes in no digest; return how many notices these are."""
        statement = update(t.delivery).where(_is_due(now)).values(gather_at=None, reason=reason)
        return (await self._connection.execute(statement)).rowcount

    async def create_due(self, now: datetime, destination_id: int | None = None) -> int:
        """Make the due digests of up to ``MAX_DESTINATIONS`` destinations, or of one; return how many posts these are.

        A digest is grouped by story, in as many posts as list every headline.
        """
        destination_ids = _select_due_destinations(now) if destination_id is None else [destination_id]
        query = select(t.delivery, _NOTICE_TEXT.label("notice_text"), t.destination.c.place)
        rows = await self._connection.execute(
            _with_notices(query.select_from(t.delivery))
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


def _is_due(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    return t.delivery.c.gather_at <= now


#: Built once, as it is looked for several times a second.
_ANY_DUE_DELIVERY = select(t.delivery.c.id).where(_is_due(bindparam("now", type_=Instant))).limit(1)


def _build_post(rows: Sequence[Row[Any]], now: datetime, *, is_first: bool) -> dict[str, Any]:
    """Return the row for one message of a digest. Only the first notifies: a digest is one interruption."""
    roles = dict.fromkeys(role for row in rows for role in row.roles.split())
    is_forum = rows[0].place == DestinationKind.FORUM.value
    forms = {DeliveryMode.INSTANT.value: PostType.CARD.value if is_forum else PostType.POST.value}
    return {
        "key": create_post_key(now),
        "destination_id": rows[0].destination_id,
        "state": PostState.PENDING.value,
        "form": forms.get(rows[0].mode, rows[0].mode),
        "roles": " ".join(roles) if is_first else "",
        "silent": min(row.silent for row in rows) if is_first else 1,
        "publish": int(rows[0].place == DestinationKind.ANNOUNCEMENT.value),
        "created_at": now,
        "due_at": now,
    }


def _with_notices(query: Select[Any]) -> Select[Any]:
    """Return a query of deliveries with the notice of each joined to it: the columns of the other kinds are NULL."""
    return (
        query.outerjoin(t.development, t.development.c.id == t.delivery.c.development_id)
        .outerjoin(t.cluster, t.cluster.c.id == t.delivery.c.cluster_id)
        .outerjoin(t.expected_event, t.expected_event.c.id == t.delivery.c.expected_event_id)
    )


def is_certainly_unsent() -> ColumnElement[bool]:
    """Return the condition that a post has no message: it was never attempted, or every attempt was certainly refused."""
    return and_(is_pending(), t.post.c.in_doubt == 0)


def _is_foldable() -> ColumnElement[bool]:
    # A refused post would take what is folded into it along, and a reminder is no news after its day.
    return and_(
        is_certainly_unsent(),
        t.post.c.form == PostType.POST.value,
        t.post.c.refused_at.is_(None),
        t.post.c.expires_at.is_(None),
    )


def _select_crowded(now: datetime) -> Select[Any]:
    return (
        select(t.post.c.destination_id)
        .where(_is_foldable())
        .group_by(t.post.c.destination_id)
        .having(func.count() > FOLD_THRESHOLD, func.min(t.post.c.created_at) <= now - FOLD_AFTER)
    )


class Folding(StoreSubject):
    """Folds waiting posts."""

    async def fold_waiting(self, now: datetime) -> int:
        """Fold the posts of every destination where more than ``FOLD_THRESHOLD`` wait, the oldest for ``FOLD_AFTER``.

        A post that may have arrived keeps its own message. The deliveries move to the first of the folded posts, which keeps
        its key. Return how many posts that saves.
        """
        return await self._fold(t.post.c.destination_id.in_(_select_crowded(now)))

    async def find_crowded(self, now: datetime) -> tuple[int, ...]:
        """Return the ids of the destinations that :meth:`fold_waiting` folds."""
        return tuple((await self._connection.execute(_select_crowded(now))).scalars())

    async def fold_destination(self, destination_id: int) -> int:
        """Fold whatever waits in one destination, however few and new; return how many posts that saves."""
        return await self._fold(t.post.c.destination_id == destination_id)

    async def _fold(self, where: ColumnElement[bool]) -> int:
        columns = (t.post.c.destination_id, t.post.c.id, t.post.c.roles, t.post.c.silent)
        query = select(*columns, _NOTICE_TEXT.label("notice_text")).select_from(t.post)
        rows: Iterable[Row[Any]] = await self._connection.execute(
            _with_notices(query.join(t.delivery, t.delivery.c.post_id == t.post.c.id))
            .where(_is_foldable(), where)
            .order_by(t.post.c.id)
        )
        texts: defaultdict[int, dict[int, str]] = defaultdict(dict)
        rows_by_id: dict[int, Row[Any]] = {}
        for row in rows:
            # A post that was folded before has several notices.
            texts[row.destination_id][row.id] = texts[row.destination_id].get(row.id, "") + row.notice_text
            rows_by_id[row.id] = row
        saved_count = 0
        for posts in texts.values():
            for group in fold_posts(posts.items()):
                saved_count += await self._fold_into_first([rows_by_id[post_id] for post_id in group])
        return saved_count

    async def _fold_into_first(self, posts: Sequence[Row[Any]]) -> int:
        first, *rest = [post.id for post in posts]
        if not rest:
            return 0
        await self._connection.execute(update(t.delivery).where(t.delivery.c.post_id.in_(rest)).values(post_id=first))
        await self._connection.execute(delete(t.post).where(t.post.c.id.in_(rest)))
        values = {
            "roles": " ".join(dict.fromkeys(role for post in posts for role in post.roles.split())),
            "silent": min(post.silent for post in posts),
        }
        await self._connection.execute(update(t.post).where(t.post.c.id == first).values(**values))
        return len(rest)
