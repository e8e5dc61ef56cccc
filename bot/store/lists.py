"""Lists of stories and developments, newest first, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.dates import PartialDate
from bot.model.story import NewsLine, StoryLine
from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import newest
from bot.store import tables as t
from bot.store.parts import as_list, listed
from bot.store.stories import Stories, development_of, sources_of

_NEWEST = (t.story.c.as_of_sort.desc(), t.story.c.id)
_OF_SLUGS = select(t.story).where(t.story.c.slug.in_(listed("slugs")))
_PARTIES = (
    select(t.party.c.story_id, t.company.c.name)
    .join(t.company, t.company.c.id == t.party.c.company_id)
    .where(t.party.c.story_id.in_(listed("stories")))
    .order_by(t.party.c.story_id, t.party.c.position)
)


class Lists:
    """The stories as lists, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lines(self, slugs: Sequence[str]) -> tuple[StoryLine, ...]:
        """The lines of these stories, in the order in which they were asked for; unknown ones are left out.

        A story that was joined to another is that one.
        """
        rows = (await self._connection.execute(_OF_SLUGS, {"slugs": as_list(slugs)})).all()
        found = {line.slug: line for line in await self._lines(rows)}
        # Every question is looked up as a slug first; only what looks like one is worth a second look.
        missing = [slug for slug in slugs if slug not in found and "-" in slug]
        if missing:
            current = await Stories(self._connection).current(missing)
            known = {line.slug: line for line in await self.lines(list(current.values()))} if current else {}
            found |= {former: known[slug] for former, slug in current.items()}
        return tuple(dict.fromkeys(found[slug] for slug in slugs if slug in found))

    async def stories(
        self,
        *,
        company: str | None = None,
        stage: Stage | None = None,
        kind: Kind | None = None,
        deals_only: bool = False,
        offset: int = 0,
        limit: int = 10,
    ) -> tuple[tuple[StoryLine, ...], int]:
        """A page of the stories that meet every condition given, newest first, and how many there are (see ``COUNTED``)."""
        chosen = newest.stories(company=company, stage=stage, kind=kind, deals_only=deals_only)
        total = (await self._connection.execute(newest.counted(chosen))).scalar_one()
        page = chosen.offset(offset).limit(limit).subquery()
        shown = select(t.story).where(t.story.c.id.in_(select(page.c.id))).order_by(*_NEWEST)
        return await self._lines((await self._connection.execute(shown)).all()), total

    async def latest(
        self,
        *,
        company: str | None = None,
        kind: Kind | None = None,
        stage: Stage | None = None,
        claim: Claim | None = None,
        offset: int = 0,
        limit: int = 10,
    ) -> tuple[tuple[NewsLine, ...], int]:
        """A page of the newest developments that stand and meet every condition given, and how many there are (see
        ``COUNTED``).

        ``company`` and ``kind`` are those of the story, ``stage`` and ``claim`` those of the development itself.
        """
        near, every = newest.developments(company=company, kind=kind, stage=stage, claim=claim, first=offset + limit)
        total = (await self._connection.execute(newest.counted(every))).scalar_one()
        page = near.offset(offset).limit(limit).subquery()
        shown = select(t.development).where(t.development.c.id.in_(select(page.c.id)))
        ordered = shown.order_by(t.development.c.date_sort.desc(), t.development.c.id.desc())
        rows = (await self._connection.execute(ordered)).all()
        sources = await sources_of(self._connection, [row.id for row in rows])
        stories = (
            await self._connection.execute(select(t.story).where(t.story.c.id.in_({row.story_id for row in rows})))
        ).all()
        lines = dict(zip([row.id for row in stories], await self._lines(stories), strict=True))
        return tuple(NewsLine(lines[row.story_id], development_of(row, sources.get(row.id, ()))) for row in rows), total

    async def _lines(self, rows: Sequence[Row[Any]]) -> tuple[StoryLine, ...]:
        parties: defaultdict[int, list[str]] = defaultdict(list)
        named = await self._connection.execute(_PARTIES, {"stories": as_list([row.id for row in rows])})
        for story, name in named.all():
            parties[story].append(name)
        return tuple(_line(row, tuple(dict.fromkeys(parties[row.id]))) for row in rows)


def _line(row: Row[Any], parties: tuple[str, ...]) -> StoryLine:
    return StoryLine(
        slug=row.slug,
        headline=row.headline,
        kind=Kind(row.kind),
        stage=Stage(row.stage) if row.stage else None,
        is_open=bool(row.is_open),
        disputed=bool(row.disputed),
        as_of=PartialDate.parse(row.as_of) if row.as_of else None,
        parties=parties,
    )
