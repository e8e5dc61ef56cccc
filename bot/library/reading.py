"""What a reader has seen and what is new to them; and the whole stories that pictures are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.clock import Clock
from bot.library.answers import CatchUp
from bot.model.look import Look
from bot.model.story import Story, StoryLine
from bot.store import Session, Store

PAGE = 10
#: How far back somebody looks who has not looked before, and the furthest that anybody can.
FIRST_DAYS = 7
MOST_DAYS = 90
#: How long it is kept when somebody last looked.
KEPT_AFTER_LOOKING = timedelta(days=90)


class Reading:
    """Remembers when people looked, by person and place, for nobody but themselves."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def catch_up(self, user_id: int, discord_id: int, days: int = 0) -> CatchUp:
        """What the follows of a place brought since this person last looked there, or in the last ``days``.

        Who has not looked before sees the last ``FIRST_DAYS`` days. For DMs the place is the person. When they have got it,
        ``have_looked`` is to be told.
        """
        async with self._store.read() as session:
            now = await session.looking.now(self._clock())
            last = await session.looking.last(user_id, discord_id)
            back = Look(now.at - timedelta(days=days or FIRST_DAYS))
            after = back if days or last is None else last
            page = await self._page(session, discord_id, after, now.delivery, 0, is_first=last is None and not days)
        # Fewer days than they have not looked for leave out news, which is still new to them then.
        is_whole = not days or days >= (FIRST_DAYS if last is None else (now.at - last.at) / timedelta(days=1))
        return replace(page, look=now) if is_whole else page

    async def have_looked(self, user_id: int, discord_id: int, page: CatchUp) -> None:
        """Remember that this person has got a page of ``catch_up``: the next one begins after it."""
        if page.look is None:
            return
        async with self._store.write() as session:
            await session.looking.look(user_id, discord_id, page.look)

    async def catch_up_page(self, discord_id: int, after: Look, until: int, page: int) -> CatchUp:
        """Another page of the same; that it is turned is no new look. A page past the end is the last one."""
        async with self._store.read() as session:
            return await self._page(session, discord_id, after, until, page)

    async def new_to(self, user_id: int, discord_id: int, story: Story) -> frozenset[int]:
        """The numbers of a story's developments that came in since this person last caught up here; none if they never did."""
        async with self._store.read() as session:
            last = await session.looking.last(user_id, discord_id)
        return frozenset(d.number for d in story.developments if last is not None and d.number > last.development)

    async def count_of(self, user_id: int) -> int:
        """Of how many places it is kept when this person looked."""
        async with self._store.read() as session:
            return await session.looking.count_of(user_id)

    async def erase_old(self) -> int:
        """Erase looks from longer ago than ``KEPT_AFTER_LOOKING``; how many."""
        async with self._store.write() as session:
            return await session.looking.erase_before(self._clock() - KEPT_AFTER_LOOKING)

    async def stories_of(self, company: str, limit: int) -> tuple[tuple[Story, ...], int]:
        """A company's newest stories, whole, and how many it has."""
        async with self._store.read() as session:
            lines, total = await session.lists.stories(company=company, limit=limit)
            found = [await session.stories.get(line.slug) for line in lines]
        return tuple(story for story in found if story is not None), total

    async def deals_of(self, company: str, limit: int) -> tuple[tuple[StoryLine, ...], int]:
        """A company's newest deals, and how many it has."""
        async with self._store.read() as session:
            return await session.lists.stories(company=company, deals_only=True, limit=limit)

    async def aliases(self, companies: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The other names of these companies."""
        async with self._store.read() as session:
            return await session.companies.aliases(companies)

    async def _page(
        self, session: Session, discord_id: int, after: Look, until: int, page: int, *, is_first: bool = False
    ) -> CatchUp:
        _, total = await session.looking.brought(discord_id, after, until, limit=0)
        pages = max(1, -(-total // PAGE))
        page = min(page, pages - 1)
        news, _ = await session.looking.brought(discord_id, after, until, offset=page * PAGE, limit=PAGE)
        followed = bool(total) or bool(await session.follows.at(discord_id))
        return CatchUp(after, until, news, page, pages, total, is_first, followed)
