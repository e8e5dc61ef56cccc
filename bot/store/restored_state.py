"""What a restored backup does not know: everything that happened after it. Nothing of that may be posted again.

What waits in the backup may have been posted since. A post has a key, by which Discord can be searched for it. A digest, a
reminder or an article that has no post yet would get a new key, so it is dropped: silence is better than posting twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from bot.languages import lazy
from bot.model.post import PostState
from bot.model.review import ReviewState
from bot.store import tables as t
from bot.store.outbox.digests import is_certainly_unsent
from bot.store.outbox.post_states import is_leased, is_open, is_set_aside
from bot.store.subject import StoreSubject

#: Discord's ids begin with the milliseconds since then (https://discord.com/developers/docs/reference#snowflakes).
_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
#: Why something that was due is not posted after a restore.
RESTORED_REASON = lazy("it may already have been posted before a backup was restored")


@dataclass(frozen=True, slots=True)
class RestoredCounts:
    """What a restore changed.

    Attributes:
        open_posts: posts that may have been sent since the backup; Discord is searched for them.
        dropped_notices: what was due for a digest, and reminders.
        dropped_articles: articles that waited to be judged or given out.
    """

    open_posts: int
    dropped_notices: int
    dropped_articles: int


class RestoredState(StoreSubject):
    """The changes of a restored backup, in one transaction."""

    async def apply(self, made_at: datetime | None, now: datetime) -> RestoredCounts:
        """Change a backup that was made at ``made_at`` (None: nobody knows) so that it can continue now.

        ``now`` is not trusted if the backup knows messages that Discord dates later.
        """
        await self._fold(made_at)
        newest_id = await self._find_newest_id()
        now = max(now, _DISCORD_EPOCH + timedelta(milliseconds=newest_id >> 22))
        open_count = await self._put_posts_in_doubt(newest_id)
        await self._put_reviews_in_doubt(newest_id)
        notices = await self._tx.digests.drop_due(now, RESTORED_REASON)
        notices += await self._tx.reminders.drop_due(now, RESTORED_REASON)
        articles = await self._tx.articles.drop_pending() + await self._tx.followed_articles.drop_pending()
        await self._tx.feeds.request_full_readings(now)
        # A backup may come from somebody else, and nobody would see that a page differs from its story.
        await self._tx.story_pages.remove_all()
        await self._tx.metadata.forget_command_digests()
        await self._tx.metadata.set_restored_at(now)
        return RestoredCounts(open_count, notices, articles)

    async def _fold(self, made_at: datetime | None) -> None:
        """Fold what the bot was about to fold when the backup was made: the first post's key is then that of all.

        If only that one was sent, its message is edited to show the others too.
        """
        if made_at is None or not await self._tx.folding.fold_waiting(made_at):
            return
        counts = select(t.delivery.c.post_id).group_by(t.delivery.c.post_id).having(func.count() > 1)
        is_folded = is_certainly_unsent() & t.post.c.id.in_(counts)
        await self._connection.execute(update(t.post).where(is_folded).values(wanted=t.post.c.wanted + 1))

    async def _find_newest_id(self) -> int:
        """Return the newest id of Discord's that the backup knows; 0 if none. What was sent since is newer, by Discord's clock."""
        columns = (t.post.c.message_id, t.post.c.opened_thread, t.review.c.message_id, t.failure.c.message_id)
        ids = [(await self._connection.execute(select(func.max(column)))).scalar_one() for column in columns]
        return max(each or 0 for each in ids)

    async def _put_posts_in_doubt(self, newest_id: int) -> int:
        is_unsent = is_open() | is_set_aside()
        count = (await self._connection.execute(select(func.count()).select_from(t.post).where(is_unsent))).scalar_one()
        # The search for an attempt that had begun starts where that began.
        is_new = (t.post.c.state != PostState.LEASED.value) & (t.post.c.in_doubt == 0)
        await self._connection.execute(update(t.post).where(is_unsent, is_new).values(search_after=newest_id))
        await self._connection.execute(update(t.post).where(is_unsent).values(in_doubt=1))
        await self._connection.execute(
            update(t.post).where(is_leased()).values(state=PostState.PENDING.value, lease_until=None)
        )
        return count

    async def _put_reviews_in_doubt(self, newest_id: int) -> None:
        """Let the desk's channel be searched for the articles that were not shown there yet.

        They wait for the desk, or were published automatically and are to be announced.
        """
        is_automatic = (t.review.c.state == ReviewState.PUBLISHED.value) & t.review.c.taken.is_(None)
        is_due = is_automatic | (t.review.c.state == ReviewState.WAITING.value)
        statement = update(t.review).where(is_due, t.review.c.message_id == 0, t.review.c.in_doubt == 0)
        await self._connection.execute(statement.values(in_doubt=1, search_after=newest_id))
