"""Two destinations that turn out to be one thread become one destination.

Somebody can follow in a story's new thread before the bot has recorded that thread: the store then has a destination for the
follow, and another one for the thread of the card.
"""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Column, Table, delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.post import OPEN, STANDING, Form
from bot.store import tables as t
from bot.store.folding import untouched

#: What goes with a destination, and by which column a destination has each at most once.
_UNIQUE: tuple[tuple[Table, Column[int] | Column[str]], ...] = (
    (t.follow, t.follow.c.target_key),
    (t.looked, t.looked.c.user_id),
    (t.delivery, t.delivery.c.development_id),
)


async def merge_destinations(connection: AsyncConnection, gone: int, into: int) -> None:
    """Move everything of one destination to another, by the store's numbers, and delete the first.

    A development that both were owed is posted once, unless two posts of it have already been tried.
    """
    for table, key in _UNIQUE:
        twins = select(key).where(table.c.destination_id == into)
        await connection.execute(delete(table).where(table.c.destination_id == gone, key.in_(twins)))
        await connection.execute(update(table).where(table.c.destination_id == gone).values(destination_id=into))
    await connection.execute(update(t.post).where(t.post.c.destination_id == gone).values(destination_id=into))
    await connection.execute(delete(t.destination).where(t.destination.c.id == gone))
    await _post_once(connection, into)


async def _post_once(connection: AsyncConnection, destination: int) -> None:
    """Keep one post for each development: one that may stand in Discord already, else the oldest."""
    is_untouched = untouched().label("is_untouched")
    rows = await connection.execute(
        select(t.delivery, is_untouched)
        .join(t.post, t.post.c.id == t.delivery.c.post_id)
        .where(t.post.c.destination_id == destination, t.post.c.state.in_((*OPEN, *STANDING)))
        .order_by(is_untouched, t.post.c.id)
    )
    by_development = defaultdict(list)
    for row in rows:
        by_development[row.development_id].append(row)
    for first, *repeats in by_development.values():
        for repeat in repeats:
            if repeat.is_untouched:
                # The channel's delivery outlives the one of the thread's own follow: both places can then say what became of it.
                ended, kept = (repeat, first) if repeat.destination_id == destination else (first, repeat)
                await connection.execute(delete(t.delivery).where(t.delivery.c.id == ended.id))
                moved = update(t.delivery).where(t.delivery.c.id == kept.id)
                await connection.execute(moved.values(post_id=first.post_id))
    carries = exists().where(t.delivery.c.post_id == t.post.c.id)
    empty = (t.post.c.destination_id == destination) & untouched() & (t.post.c.form != Form.CARD.value) & ~carries
    await connection.execute(delete(t.post).where(empty))
