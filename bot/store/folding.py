"""Waiting posts of a destination, folded into few: after an outage everything comes, but not as a flood."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.post import FOLD_ABOVE, FOLD_AFTER, PostState, folded
from bot.store import tables as t


def untouched() -> ColumnElement[bool]:
    """A post of which nothing can stand in Discord: it was never tried, or every try was refused for certain."""
    return and_(t.post.c.state == PostState.PENDING.value, t.post.c.in_doubt == 0)


class Folding:
    """Folds, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def fold_waiting(self, now: datetime) -> int:
        """Fold the posts of every destination where more than ``FOLD_ABOVE`` wait, the oldest for ``FOLD_AFTER``.

        What may stand in Discord already keeps its own message. The deliveries move to the first of the folded posts,
        whose key stays; how many posts that saves is returned.
        """
        untried = untouched()
        crowded = (
            select(t.post.c.destination_id)
            .where(untried)
            .group_by(t.post.c.destination_id)
            .having(func.count() > FOLD_ABOVE, func.min(t.post.c.created_at) <= now - FOLD_AFTER)
        )
        rows = await self._connection.execute(
            select(t.post.c.destination_id, t.post.c.id, t.post.c.roles, t.development.c.headline)
            .join(t.delivery, t.delivery.c.post_id == t.post.c.id)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .where(untried, t.post.c.destination_id.in_(crowded))
            .order_by(t.post.c.id)
        )
        waiting: defaultdict[int, dict[int, str]] = defaultdict(dict)
        roles: dict[int, str] = {}
        for row in rows:
            # A post that was folded before shows several headlines.
            waiting[row.destination_id][row.id] = waiting[row.destination_id].get(row.id, "") + row.headline
            roles[row.id] = row.roles
        saved = 0
        for posts in waiting.values():
            for message in folded(posts.items()):
                saved += await self._join(message, roles)
        return saved

    async def _join(self, posts: list[int], roles: dict[int, str]) -> int:
        first, *rest = posts
        if not rest:
            return 0
        await self._connection.execute(update(t.delivery).where(t.delivery.c.post_id.in_(rest)).values(post_id=first))
        await self._connection.execute(delete(t.post).where(t.post.c.id.in_(rest)))
        joined = " ".join(dict.fromkeys(role for post in posts for role in roles[post].split()))
        await self._connection.execute(update(t.post).where(t.post.c.id == first).values(roles=joined))
        return len(rest)
