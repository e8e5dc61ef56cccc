"""What may be meant by a question: the numbers of stories, and enough of each to rank it.

Every look is bounded: it gives the newest that fit, and takes no longer in a store of a million developments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.dates import PartialDate
from bot.model.story import StoryLine
from bot.model.vocabulary import Kind, Stage
from bot.store import tables as t
from bot.store.parts import as_list, listed

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


class Candidate(NamedTuple):
    """A story that may be meant, with its number in the store; which of the companies asked for are parties to it, and how
    many parties there are, each counted once.
    """

    number: int
    slug: str
    headline: str
    kind: Kind
    stage: Stage | None
    is_open: bool
    disputed: bool
    as_of: str
    as_of_sort: int
    named: tuple[str, ...] = ()
    parties: int = 0

    def line(self, parties: tuple[str, ...]) -> StoryLine:
        """The story as a line of a list."""
        return StoryLine(
            slug=self.slug,
            headline=self.headline,
            kind=self.kind,
            stage=self.stage,
            is_open=self.is_open,
            disputed=self.disputed,
            as_of=PartialDate.parse(self.as_of) if self.as_of else None,
            parties=parties,
        )


_s, _p = t.story.c, t.party.c
_THESE = "numbers"
_FACES = (
    select(_s.id, _s.slug, _s.headline, _s.kind, _s.stage, _s.is_open, _s.disputed, _s.as_of, _s.as_of_sort)
    .where(_s.id.in_(listed(_THESE)))
    .order_by(*_NEWEST)
)
_PARTIES = (
    select(_p.story_id, t.company.c.name)
    .join(t.company, t.company.c.id == _p.company_id)
    .where(_p.story_id.in_(listed(_THESE)))
    .order_by(_p.story_id, _p.position)
)
# Of a hundred stories, by the index alone; names are looked up of those that are shown.
_PARTY_NUMBERS = select(_p.story_id, _p.company_id).where(_p.story_id.in_(listed(_THESE)))
_NAMES = select(t.company.c.id, t.company.c.name).where(t.company.c.name.in_(listed("names")))
_PASSED = (
    select(t.development.c.story_id, t.development.c.stage)
    .where(t.development.c.story_id.in_(listed(_THESE)), t.development.c.retracted == "")
    .where(t.development.c.stage.is_not(None), t.development.c.stage.in_(listed("stages")))
    .distinct()
)
# By the index of parties alone, which has of each story what it is sorted by.
_OF_ONE = (
    select(_p.story_id, _p.is_open, _p.as_of_sort)
    .where(_p.company_id == select(t.company.c.id).where(t.company.c.name == bindparam("name")).scalar_subquery())
    .distinct()
    .order_by(_p.is_open.desc(), _p.as_of_sort.desc(), _p.story_id)
    .limit(bindparam("most"))
)
_OF_SEVERAL = (
    select(_p.story_id)
    .where(_p.company_id.in_(select(t.company.c.id).where(t.company.c.name.in_(listed("names")))))
    .group_by(_p.story_id)
    .order_by(func.count(_p.company_id.distinct()).desc(), _p.is_open.desc(), _p.as_of_sort.desc(), _p.story_id)
    .limit(bindparam("most"))
)


class Seeking:
    """The stories as candidates, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_companies(self, names: Sequence[str], sought: Sought, *, limit: int = 100) -> tuple[int, ...]:
        """Stories with any of these companies as a party: those with most of them first, then open ones, then the newest."""
        if sought == Sought():
            return await self._of_companies(names, limit)
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

    async def _of_companies(self, names: Sequence[str], limit: int) -> tuple[int, ...]:
        if len(names) == 1:
            found = await self._connection.execute(_OF_ONE, {"name": names[0], "most": limit})
        else:
            found = await self._connection.execute(_OF_SEVERAL, {"names": as_list(names), "most": limit})
        return tuple(found.scalars())

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

    async def stages_of(self, numbers: Collection[int], stages: Collection[Stage]) -> dict[int, frozenset[Stage]]:
        """Which of these stages these stories are at, or once were."""
        found = await self._connection.execute(_PASSED, {_THESE: as_list(numbers), "stages": as_list(list(stages))})
        passed: defaultdict[int, set[Stage]] = defaultdict(set)
        for story, stage in found.all():
            passed[story].add(Stage(stage))
        return {story: frozenset(of_story) for story, of_story in passed.items()}

    async def candidates(self, numbers: Collection[int], companies: Collection[str]) -> tuple[Candidate, ...]:
        """These stories, newest first, each with those of the companies that are parties to it."""
        rows = (await self._connection.execute(_FACES, {_THESE: as_list(numbers)})).all()
        parties: defaultdict[int, set[int]] = defaultdict(set)
        named: dict[int, str] = {}
        if companies:
            found = await self._connection.execute(_PARTY_NUMBERS, {_THESE: as_list(numbers)})
            for story, company in found.all():
                parties[story].add(company)
            known = await self._connection.execute(_NAMES, {"names": as_list(companies)})
            named = {row.id: row.name for row in known.all()}
        return tuple(_candidate(row, parties[row[0]], named) for row in rows)

    async def lines(self, candidates: Sequence[Candidate]) -> tuple[StoryLine, ...]:
        """Candidates as lines of a list, in their order."""
        parties: defaultdict[int, dict[str, None]] = defaultdict(dict)
        these = {_THESE: as_list([candidate.number for candidate in candidates])}
        for story, name in (await self._connection.execute(_PARTIES, these)).all():
            parties[story][name] = None
        return tuple(candidate.line(tuple(parties[candidate.number])) for candidate in candidates)

    async def headlines(self, limit: int) -> dict[str, str]:
        """The headlines of the newest stories, by slug."""
        rows = await self._connection.execute(
            select(t.story.c.slug, t.story.c.headline).order_by(*_NEWEST).limit(limit)
        )
        return {row.slug: row.headline for row in rows}


_KINDS = {kind.value: kind for kind in Kind}
_STAGES: dict[str | None, Stage | None] = {None: None, **{stage.value: stage for stage in Stage}}


def _candidate(row: Any, parties: Collection[int], names: Mapping[int, str]) -> Candidate:
    number, slug, headline, kind, stage, is_open, disputed, as_of, as_of_sort = row
    state = (_KINDS[kind], _STAGES[stage], bool(is_open), bool(disputed))
    named = tuple(name for company, name in names.items() if company in parties)
    return Candidate(number, slug, headline, *state, as_of, as_of_sort, named, len(parties))


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
