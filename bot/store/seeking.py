"""What may be meant by a question: the numbers of stories, and enough of each to rank it.

Every look is bounded: it gives the newest that fit, and takes no longer in a store of a million developments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.vocabulary import Kind, Stage
from bot.store import tables as t

_NEWEST = (t.story.c.as_of_sort.desc(), t.story.c.id)
#: So many developments of a time are looked through for their stories, the newest of it.
_OF_A_TIME = 3_000


@dataclass(frozen=True, slots=True)
class Sought:
    """What a story must be; what is left empty is not asked for. ``dates`` are the first and the last ``date_sort``."""

    kinds: frozenset[Kind] = frozenset()
    stages: frozenset[Stage] = frozenset()
    is_open: bool | None = None
    disputed: bool = False
    deals_only: bool = False
    dates: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story that may be meant, with its number in the store."""

    number: int
    slug: str
    headline: str
    kind: Kind
    stage: Stage | None
    is_open: bool
    disputed: bool
    as_of_sort: int
    parties: frozenset[str] = field(default_factory=frozenset)


class Seeking:
    """The stories as candidates, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_companies(self, names: Sequence[str], sought: Sought, *, limit: int = 100) -> tuple[int, ...]:
        """Stories with any of these companies as a party: those with most of them first, then open ones, then the newest."""
        named = func.count(t.party.c.company_id.distinct())
        chosen = (
            select(t.party.c.story_id)
            .join(t.company, t.company.c.id == t.party.c.company_id)
            .join(t.story, t.story.c.id == t.party.c.story_id)
            .where(t.company.c.name.in_(names), *_conditions(sought))
            .group_by(t.party.c.story_id)
            .order_by(named.desc(), t.story.c.is_open.desc(), *_NEWEST)
        )
        return tuple((await self._connection.execute(chosen.limit(limit))).scalars())

    async def such(self, sought: Sought, *, limit: int = 100) -> tuple[int, ...]:
        """The newest stories of that nature."""
        chosen = select(t.story.c.id).where(*_conditions(sought, dated=False))
        if sought.dates is not None:
            news = select(t.development.c.story_id).where(_standing_within(sought.dates))
            news = news.order_by(t.development.c.date_sort.desc()).limit(_OF_A_TIME)
            chosen = chosen.where(t.story.c.id.in_(select(news.subquery().c.story_id)))
        return tuple((await self._connection.execute(chosen.order_by(*_NEWEST).limit(limit))).scalars())

    async def within(self, numbers: Collection[int], dates: tuple[int, int]) -> frozenset[int]:
        """Those of these stories that have a development of that time."""
        chosen = select(t.development.c.story_id).where(t.development.c.story_id.in_(numbers), _standing_within(dates))
        return frozenset((await self._connection.execute(chosen.distinct())).scalars())

    async def candidates(self, numbers: Collection[int]) -> tuple[Candidate, ...]:
        """These stories, newest first."""
        parties: defaultdict[int, set[str]] = defaultdict(set)
        named = select(t.party.c.story_id, t.company.c.name).join(t.company, t.company.c.id == t.party.c.company_id)
        for row in await self._connection.execute(named.where(t.party.c.story_id.in_(numbers))):
            parties[row.story_id].add(row.name)
        s = t.story.c
        face = select(s.id, s.slug, s.headline, s.kind, s.stage, s.is_open, s.disputed, s.as_of_sort)
        rows = await self._connection.execute(face.where(s.id.in_(numbers)).order_by(*_NEWEST))
        return tuple(_candidate(row, parties[row.id]) for row in rows)

    async def headlines(self, limit: int) -> dict[str, str]:
        """The headlines of the newest stories, by slug."""
        rows = await self._connection.execute(
            select(t.story.c.slug, t.story.c.headline).order_by(*_NEWEST).limit(limit)
        )
        return {row.slug: row.headline for row in rows}


def _candidate(row: Any, parties: Collection[str]) -> Candidate:
    return Candidate(
        number=row.id,
        slug=row.slug,
        headline=row.headline,
        kind=Kind(row.kind),
        stage=Stage(row.stage) if row.stage else None,
        is_open=bool(row.is_open),
        disputed=bool(row.disputed),
        as_of_sort=row.as_of_sort,
        parties=frozenset(parties),
    )


def _conditions(sought: Sought, *, dated: bool = True) -> list[ColumnElement[bool]]:
    story = t.story.c
    conditions: list[ColumnElement[bool]] = []
    if sought.kinds:
        conditions.append(story.kind.in_([kind.value for kind in sought.kinds]))
    if sought.stages:
        conditions.append(story.stage.in_([stage.value for stage in sought.stages]))
    if sought.is_open is not None:
        conditions.append(story.is_open == int(sought.is_open))
    if sought.disputed:
        conditions.append(story.disputed == 1)
    if sought.deals_only:
        conditions.append(story.is_deal == 1)
    if sought.dates is not None and dated:
        same = select(t.development.c.id).where(t.development.c.story_id == story.id, _standing_within(sought.dates))
        conditions.append(same.exists())
    return conditions


def _standing_within(dates: tuple[int, int]) -> ColumnElement[bool]:
    development = t.development.c
    return and_(development.retracted == "", development.date_sort.between(*dates))
