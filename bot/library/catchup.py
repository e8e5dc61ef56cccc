"""What a reader has seen and what is new to them; and the whole stories that pictures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.library.answers import CatchUpPage
from bot.model.last_seen import LastSeen
from bot.model.story import Story, StoryListItem
from bot.store import Store, Transaction

PAGE_SIZE = 10
#: How far back somebody looks who has not looked before, and the furthest that anybody can.
DEFAULT_DAYS = 7
MAX_DAYS = 90
#: How long it is kept when somebody last looked.
LAST_SEEN_RETENTION = timedelta(days=90)


class CatchUpService:
    """Remembers when people looked, by person and place, for nobody but themselves."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def catch_up(self, user_id: int, discord_id: int, days: int = 0) -> CatchUpPage:
        """What the follows of a place brought since this person last looked there, or in the last ``days``.

        Who has not looked before sees the last ``DEFAULT_DAYS`` days. For DMs the place is the person. When they have got it,
        ``mark_seen`` is to be told.
        """
        async with self._store.read() as tx:
            now = await tx.last_seen.capture(self._clock())
            last_seen = await tx.last_seen.find(user_id, discord_id)
            start = LastSeen(now.at - timedelta(days=days or DEFAULT_DAYS))
            since = start if days or last_seen is None else last_seen
            page = await self._load_page(
                tx, discord_id, since, now.delivery_id, 0, is_first=last_seen is None and not days
            )
        # Fewer days than they have not looked for leave out news, which is still new to them then.
        is_complete = not days or days >= (
            DEFAULT_DAYS if last_seen is None else (now.at - last_seen.at) / timedelta(days=1)
        )
        return replace(page, last_seen=now) if is_complete else page

    async def mark_seen(self, user_id: int, discord_id: int, page: CatchUpPage) -> None:
        """Remember that this person has got a page of ``refresh``: the next one begins after it."""
        if page.last_seen is None:
            return
        async with self._store.write() as tx:
            await tx.last_seen.save(user_id, discord_id, page.last_seen)

    async def get_page(self, discord_id: int, since: LastSeen, until: int, page: int) -> CatchUpPage:
        """Another page of the same; that it is turned is no new look. A page past the end is the last one."""
        async with self._store.read() as tx:
            return await self._load_page(tx, discord_id, since, until, page)

    async def find_new_developments(self, user_id: int, discord_id: int, story: Story) -> frozenset[int]:
        """The numbers of a story's developments that came in since this person last caught up here; none if they never did."""
        async with self._store.read() as tx:
            last_seen = await tx.last_seen.find(user_id, discord_id)
        return frozenset(
            development.id
            for development in story.developments
            if last_seen is not None and development.id > last_seen.development_id
        )

    async def count_for_user(self, user_id: int) -> int:
        """Of how many places it is kept when this person looked."""
        async with self._store.read() as tx:
            return await tx.last_seen.count_by_user(user_id)

    async def erase_expired(self) -> int:
        """Erase looks from longer ago than ``LAST_SEEN_RETENTION``; how many."""
        async with self._store.write() as tx:
            return await tx.last_seen.erase_before(self._clock() - LAST_SEEN_RETENTION)

    async def list_company_stories(self, company: str, limit: int) -> tuple[tuple[Story, ...], int]:
        """A company's newest stories, whole, and how many it has."""
        async with self._store.read() as tx:
            lines, total = await tx.listing.list_stories(company=company, limit=limit)
            stories = [await tx.stories.find(line.slug) for line in lines]
        return tuple(story for story in stories if story is not None), total

    async def list_company_deals(self, company: str, limit: int) -> tuple[tuple[StoryListItem, ...], int]:
        """A company's newest deals, and how many it has."""
        async with self._store.read() as tx:
            return await tx.listing.list_stories(company=company, deals_only=True, limit=limit)

    async def get_aliases(self, companies: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The other names of these companies."""
        async with self._store.read() as tx:
            return await tx.companies.get_aliases(companies)

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
