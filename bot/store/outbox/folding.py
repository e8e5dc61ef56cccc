"""Fold many waiting posts of a destination into few, so that an outage is not followed by a flood."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, select, update

from bot.model.post import FOLD_AFTER, FOLD_THRESHOLD, PostState, PostType, fold_posts
from bot.store import tables as t
from bot.store.outbox.notices import NOTICE_TEXT, with_notices
from bot.store.subject import StoreSubject


def is_certainly_unsent() -> ColumnElement[bool]:
    """Return the condition that a post has no message: it was never attempted, or every attempt was certainly refused."""
    return and_(t.post.c.state == PostState.PENDING.value, t.post.c.in_doubt == 0)


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
        query = select(*columns, NOTICE_TEXT.label("notice_text")).select_from(t.post)
        rows: Iterable[Row[Any]] = await self._connection.execute(
            with_notices(query.join(t.delivery, t.delivery.c.post_id == t.post.c.id))
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
