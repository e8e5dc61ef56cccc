"""Catch-up: what a destination's follows brought since a reader last looked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.library.answers import CatchUpPage
from bot.model.follow import LastSeen
from bot.model.story import Story
from bot.store import Store, Transaction

PAGE_SIZE = 10
#: How many days a reader sees who has not looked before.
DEFAULT_DAYS = 7
MAX_DAYS = 90
#: How long the time is stored at which somebody last looked.
LAST_SEEN_RETENTION = timedelta(days=90)


class CatchUpService:
    """Catch-up pages, and when each user last looked at each destination; nobody else sees that."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def catch_up(self, user_id: int, discord_id: int, days: int = 0) -> CatchUpPage:
        """Return the first page of developments since this user last looked at a destination, or of the last ``days``.

        Without ``days``, a user who has not looked before gets the last ``DEFAULT_DAYS`` days. The destination of DMs is the
        user. The caller must call :meth:`mark_seen` once the user has received the page.
        """
        async with self._store.read() as tx:
            now = await tx.last_seen.capture(self._clock())
            last_seen = await tx.last_seen.find(user_id, discord_id)
            start = LastSeen(now.at - timedelta(days=days or DEFAULT_DAYS))
            since = start if days or last_seen is None else last_seen
            page = await self._load_page(
                tx, discord_id, since, now.delivery_id, 0, is_first=last_seen is None and not days
            )
        # If the days asked for do not reach back to the last look, the older developments are still new to the user.
        is_complete = not days or days >= (
            DEFAULT_DAYS if last_seen is None else (now.at - last_seen.at) / timedelta(days=1)
        )
        return replace(page, last_seen=now) if is_complete else page

    async def mark_seen(self, user_id: int, discord_id: int, page: CatchUpPage) -> None:
        """Record that a user has received a page of :meth:`catch_up`: the next one begins after it."""
        if page.last_seen is None:
            return
        async with self._store.write() as tx:
            await tx.last_seen.save(user_id, discord_id, page.last_seen)

    async def get_page(self, discord_id: int, since: LastSeen, until: int, page: int) -> CatchUpPage:
        """Return another page, the last one for one past the end; turning pages does not count as a new look."""
        async with self._store.read() as tx:
            return await self._load_page(tx, discord_id, since, until, page)

    async def find_new_developments(self, user_id: int, discord_id: int, story: Story) -> frozenset[int]:
        """Return the ids of a story's developments that arrived since this user last caught up here; none if they never did.

        Mark them only on cards that nobody else sees: a public answer is the same for everybody.
        """
        async with self._store.read() as tx:
            last_seen = await tx.last_seen.find(user_id, discord_id)
        return frozenset(
            development.id
            for development in story.developments
            if last_seen is not None and development.id > last_seen.development_id
        )

    async def count_for_user(self, user_id: int) -> int:
        """Count the destinations for which it is stored when this user last looked."""
        async with self._store.read() as tx:
            return await tx.last_seen.count_by_user(user_id)

    async def erase_expired(self) -> int:
        """Erase what is older than ``LAST_SEEN_RETENTION``; return how many entries."""
        async with self._store.write() as tx:
            return await tx.last_seen.erase_before(self._clock() - LAST_SEEN_RETENTION)

    async def _load_page(
        self, tx: Transaction, discord_id: int, since: LastSeen, until: int, page: int, *, is_first: bool = False
    ) -> CatchUpPage:
        _, total = await tx.last_seen.list_developments_since(discord_id, since, until, limit=0)
        page_count = max(1, -(-total // PAGE_SIZE))
        page = min(page, page_count - 1)
        news, _ = await tx.last_seen.list_developments_since(
            discord_id, since, until, offset=page * PAGE_SIZE, limit=PAGE_SIZE
        )
        has_follows = bool(total) or bool(await tx.follows.list_in_destination(discord_id))
        return CatchUpPage(since, until, news, page, page_count, total, is_first, has_follows)
