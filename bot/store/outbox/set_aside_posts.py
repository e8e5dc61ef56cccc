"""Posts that are set aside: refused for hours without a documented reason, until the operator sends or drops them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update

from bot.languages import lazy
from bot.model.follow import Destination, DestinationKind
from bot.model.post import PostState, PostType, SetAsidePost
from bot.store import tables as t
from bot.store.outbox.post_states import is_set_aside
from bot.store.subject import StoreSubject

DROPPED_REASON = lazy("the desk dropped it")


class SetAsidePosts(StoreSubject):
    """Posts that are set aside."""

    async def set_aside(self, post_id: int, reason: str, now: datetime) -> None:
        """Set a post aside. Later posts of its destination go on, but those that wait for a card's thread keep waiting."""
        values = {"state": PostState.SET_ASIDE.value, "reason": reason, "sent_at": now, "lease_until": None}
        await self._connection.execute(update(t.post).where(t.post.c.id == post_id).values(**values))

    async def count(self) -> int:
        """Return how many posts are set aside."""
        return (
            await self._connection.execute(select(func.count()).select_from(t.post).where(is_set_aside()))
        ).scalar_one()

    async def list_oldest(self, limit: int) -> tuple[SetAsidePost, ...]:
        """Return the oldest posts that are set aside."""
        result = await self._connection.execute(
            select(t.post, t.destination.c.place, t.destination.c.discord_id, t.destination.c.guild_id)
            .join(t.destination, t.destination.c.id == t.post.c.destination_id)
            .where(is_set_aside())
            .order_by(t.post.c.id)
            .limit(limit)
        )
        rows = result.all()
        headlines = await self._find_headlines([row.id for row in rows])
        return tuple(
            SetAsidePost(
                row.id,
                Destination(DestinationKind(row.place), row.discord_id, row.guild_id),
                tuple(headlines[row.id]),
                row.reason,
                row.sent_at,
            )
            for row in rows
        )

    async def _find_headlines(self, post_ids: Sequence[int]) -> dict[int, list[str]]:
        """Return the headlines of the developments and expected events that each post carries, or of a card's story.

        What a server's own feeds bring is nobody else's business: it has none.
        """
        headlines: dict[int, list[str]] = defaultdict(list)
        development_headlines = (
            select(t.delivery.c.post_id, t.development.c.headline)
            .join(t.development, t.development.c.id == t.delivery.c.development_id)
            .where(t.delivery.c.post_id.in_(post_ids))
            .order_by(t.delivery.c.id)
        )
        card_headlines = (
            select(t.post.c.id.label("post_id"), t.story_title.label("headline"))
            .join(t.story, t.story.c.id == t.post.c.story_id)
            .where(t.post.c.id.in_(post_ids), t.post.c.form == PostType.CARD.value)
        )
        event_headlines = (
            select(t.delivery.c.post_id, t.expected_event.c.headline)
            .join(t.expected_event, t.expected_event.c.id == t.delivery.c.expected_event_id)
            .where(t.delivery.c.post_id.in_(post_ids))
            .order_by(t.delivery.c.id)
        )
        for statement in (development_headlines, card_headlines, event_headlines):
            for row in await self._connection.execute(statement):
                headlines[row.post_id].append(row.headline)
        return headlines

    async def send_again(self, now: datetime, post_id: int | None = None) -> int:
        """Enqueue a post again, or all; return how many. If one may have arrived, Discord is searched for it first."""
        values = {"state": PostState.PENDING.value, "due_at": now, "attempts": 0, "refused_at": None, "sent_at": None}
        where = is_set_aside() if post_id is None else is_set_aside() & (t.post.c.id == post_id)
        return (await self._connection.execute(update(t.post).where(where).values(**values))).rowcount

    async def drop(self, post_id: int, now: datetime) -> bool:
        """Close a post for good; return whether it was still set aside. Posts that wait for a card's thread fail with it."""
        values = {"state": PostState.FAILED.value, "reason": DROPPED_REASON, "sent_at": now}
        statement = update(t.post).where(t.post.c.id == post_id, is_set_aside()).values(**values)
        if not (await self._connection.execute(statement)).rowcount:
            return False
        await self._tx.story_threads.mark_failed(post_id, DROPPED_REASON, now)
        return True
