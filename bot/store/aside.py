"""Posts that are set aside: refused for hours without a documented reason, until the operator sends or drops them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.languages import noted
from bot.model.follow import Destination, Place
from bot.model.post import AsidePost, Form, PostState
from bot.store import tables as t
from bot.store.threads import Threads

DROPPED = noted("the desk dropped it")


def is_aside() -> ColumnElement[bool]:
    """A post that is set aside."""
    # Written out, not bound: the index of just these rows is found by these words.
    return t.post.c.state == literal_column(f"'{PostState.SET_ASIDE.value}'")


class Aside:
    """Posts that are set aside, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def set_aside(self, number: int, reason: str, now: datetime) -> None:
        """Close a post for now. What waits behind it goes on; what waits for a card's thread waits on."""
        values = {"state": PostState.SET_ASIDE.value, "reason": reason, "sent_at": now, "lease_until": None}
        await self._connection.execute(update(t.post).where(t.post.c.id == number).values(**values))

    async def count(self) -> int:
        """Return how many posts are set aside."""
        return (await self._connection.execute(select(func.count()).select_from(t.post).where(is_aside()))).scalar_one()

    async def oldest(self, limit: int) -> tuple[AsidePost, ...]:
        """Return the oldest posts that are set aside."""
        rows = await self._connection.execute(
            select(t.post, t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id)
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(is_aside())
            .order_by(t.post.c.id)
            .limit(limit)
        )
        posts = rows.all()
        headlines = await self._headlines([row.id for row in posts])
        return tuple(
            AsidePost(
                row.id,
                Destination(Place(row.place), row.discord_id, row.guild_id),
                tuple(headlines[row.id]),
                row.reason,
                row.sent_at,
            )
            for row in posts
        )

    async def _headlines(self, posts: Sequence[int]) -> dict[int, list[str]]:
        """Return what each post tells; of a story's card, the story's headline."""
        found: dict[int, list[str]] = defaultdict(list)
        carried = (
            select(t.delivery.c.post_id, t.development.c.headline)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .where(t.delivery.c.post_id.in_(posts))
            .order_by(t.delivery.c.id)
        )
        cards = (
            select(t.post.c.id.label("post_id"), t.story.c.headline)
            .join(t.story, t.story.c.id == t.post.c.story_id)
            .where(t.post.c.id.in_(posts), t.post.c.form == Form.CARD.value)
        )
        for statement in (carried, cards):
            for row in await self._connection.execute(statement):
                found[row.post_id].append(row.headline)
        return found

    async def send_again(self, now: datetime, number: int | None = None) -> int:
        """Owe a post again, or all of them; return how many. One that Discord may have taken is looked for first."""
        again = {"state": PostState.PENDING.value, "due_at": now, "attempts": 0, "refused_at": None, "sent_at": None}
        where = is_aside() if number is None else is_aside() & (t.post.c.id == number)
        return (await self._connection.execute(update(t.post).where(where).values(**again))).rowcount

    async def drop(self, number: int, now: datetime) -> bool:
        """Close a post for good, and return whether it was still set aside. What waits for a card's thread goes with it."""
        closed = {"state": PostState.FAILED.value, "reason": DROPPED, "sent_at": now}
        dropped = update(t.post).where(t.post.c.id == number, is_aside()).values(**closed)
        if not (await self._connection.execute(dropped)).rowcount:
            return False
        await Threads(self._connection).never_opened(number, DROPPED, now)
        return True
