"""Record what became of a post: sent, edited, published, failed or put back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update

from bot.errors import LeaseLost
from bot.model.post import OPEN_STATES, Post, PostAction, PostState, SentMessage
from bot.store import tables as t
from bot.store.outbox.due_posts import SQL_TRUE, needs_edit
from bot.store.outbox.post_keys import create_post_key
from bot.store.subject import StoreSubject


class PostOutcomes(StoreSubject):
    """The outcomes of attempts. Each ends the post's lease."""

    async def check_lease(self, post: Post) -> None:
        """Raise LeaseLost if another bot has taken over the post. If not, none can until the end of the transaction."""
        query = select(t.post.c.leased_by).where(t.post.c.id == post.id).with_for_update()
        row = (await self._connection.execute(query)).first()
        if row is not None and row.leased_by != post.leased_by:
            raise LeaseLost(post.id)

    async def mark_sent(self, post: Post, message: SentMessage, now: datetime, *, was_found: bool = False) -> None:
        """Record that the post is closed, with this message.

        A message that ``was_found`` may be older than the last corrections, so it is edited next.
        """
        values = {"state": PostState.SENT.value, "message_id": message.message_id, "sent_at": now}
        await self._end_lease(
            post.id,
            shown=0 if was_found else post.content_version,
            due_at=now,
            attempts=0,
            in_doubt=0,
            reason="",
            refused_at=None,
            opened_thread=message.thread_id,
            **values,
        )

    async def mark_published(self, post_id: int) -> None:
        """Record that the message was published to the channels that follow its announcement channel."""
        await self._end_lease(
            post_id, state=PostState.PUBLISHED.value, publish=0, unpublished="", attempts=0, refused_at=None
        )

    async def postpone_publishing(self, post_id: int, due_at: datetime, reason: str) -> None:
        """Record that the message may not be published yet; it is retried then."""
        await self._end_lease(post_id, unpublished=reason, due_at=due_at)

    async def retry_publishing(
        self, now: datetime, *, guild_id: int | None = None, discord_id: int | None = None
    ) -> int:
        """Retry at once what could not be published in a server or destination; return how many posts."""
        where = t.destination.c.guild_id == guild_id if guild_id else t.destination.c.discord_id == discord_id
        is_refused = (t.post.c.publish == SQL_TRUE) & (t.post.c.unpublished != "")
        is_in_destination = t.post.c.destination_id.in_(select(t.destination.c.id).where(where))
        return (
            await self._connection.execute(update(t.post).where(is_refused, is_in_destination).values(due_at=now))
        ).rowcount

    async def give_up_publishing(self, post_id: int, reason: str) -> None:
        """Record that the message can never be published."""
        await self._end_lease(post_id, publish=0, unpublished=reason, attempts=0)

    async def mark_doubtful(self, post_id: int) -> None:
        """Record that the post is sent again although nobody could search for the message of an earlier attempt."""
        await self._connection.execute(update(t.post).where(t.post.c.id == post_id).values(unsettled=1))

    async def mark_edited(self, post: Post) -> None:
        """Record that the message shows what the post carried when it was leased. A later correction is still to be made."""
        await self._end_lease(post.id, shown=post.content_version, attempts=0, refused_at=None)

    async def drop_correction(self, post_id: int) -> None:
        """Record that the message is gone or can never be edited, so that no correction waits for it."""
        await self._end_lease(post_id, shown=t.post.c.wanted, refused_at=None)

    async def mark_failed(self, post_id: int, reason: str, now: datetime) -> None:
        """Close a post that can never arrive, with the reason."""
        await self._end_lease(post_id, state=PostState.FAILED.value, reason=reason, sent_at=now)

    async def reset_with_new_key(self, post_id: int, now: datetime) -> None:
        """Send the post again with a new key: its message was deleted before its purpose was fulfilled."""
        values = {"key": create_post_key(now), "state": PostState.PENDING.value, "in_doubt": 0, "due_at": now}
        await self._end_lease(post_id, **values)

    async def fail_destination(self, discord_id: int, reason: str, now: datetime) -> None:
        """Close everything for a destination in which nothing can arrive any more, and for stories' threads in it.

        Open posts fail, corrections and publications are dropped, and nothing waits for a digest.
        """
        parent = t.destination.alias("above")
        destination_ids = (
            select(t.destination.c.id)
            .outerjoin(parent, parent.c.id == t.destination.c.parent_id)
            .where(or_(t.destination.c.discord_id == discord_id, parent.c.discord_id == discord_id))
        )
        is_in_destination = t.post.c.destination_id.in_(destination_ids)
        values = {"state": PostState.FAILED.value, "reason": reason, "sent_at": now, "lease_until": None}
        is_unsent = t.post.c.state.in_((*OPEN_STATES, PostState.SET_ASIDE))
        await self._connection.execute(update(t.post).where(is_in_destination, is_unsent).values(**values))
        await self._connection.execute(
            update(t.post).where(is_in_destination, needs_edit()).values(shown=t.post.c.wanted, lease_until=None)
        )
        statement = update(t.post).where(is_in_destination, t.post.c.publish == 1)
        await self._connection.execute(statement.values(publish=0, unpublished=reason, lease_until=None))
        is_waiting = t.delivery.c.destination_id.in_(destination_ids) & t.delivery.c.gather_at.is_not(None)
        await self._connection.execute(update(t.delivery).where(is_waiting).values(gather_at=None, reason=reason))

    async def put_back(
        self, post: Post, due_at: datetime, *, in_doubt: bool, reason: str, refused_at: datetime | None = None
    ) -> None:
        """Record that an attempt failed: the post is due again then, and in doubt if it may have arrived.

        ``refused_at`` is since when it has been refused without a documented reason.
        """
        values: dict[str, Any] = {"due_at": due_at, "lease_until": None, "reason": reason, "refused_at": refused_at}
        if post.action is PostAction.SEND:
            values["state"] = PostState.PENDING.value
            if in_doubt:
                values["in_doubt"] = 1
        await self._connection.execute(update(t.post).where(t.post.c.id == post.id).values(**values))

    async def _end_lease(self, post_id: int, **values: Any) -> None:
        await self._connection.execute(update(t.post).where(t.post.c.id == post_id).values(lease_until=None, **values))
