"""The stories that a question may mean: their ids, and enough of each to rank it.

Every query is bounded. It returns the newest that fit, and takes no longer in a store of a million developments.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

from sqlalchemy import ColumnElement, and_, bindparam, func, literal_column, or_, select, union

from bot.model.dates import PartialDate
from bot.model.expected_event import ExpectedOutcome
from bot.model.story import StoryListItem
from bot.model.terms import Term, TermName
from bot.model.vocabulary import Kind, Stage
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.json_values import select_ids, select_texts, to_json_array
from bot.store.listing import get_party_names
from bot.store.row_values import KINDS, STAGES, to_date_sort
from bot.store.subject import StoreSubject

_NEWEST_FIRST = (t.story.c.as_of_sort.desc(), t.story.c.id)
#: How many developments of a period, the newest ones, are searched for their stories.
_MAX_DEVELOPMENTS_OF_PERIOD = 3_000


@dataclass(frozen=True, slots=True)
class StoryCriteria:
    """What a story must be; empty fields are not checked.

    ``dates`` are the first and the last ``date_sort`` of a period, in which something happened in the story; with stages,
    in which it reached one of them.
    """

    kinds: frozenset[Kind] = frozenset()
    stages: frozenset[Stage] = frozenset()
    is_open: bool | None = None
    disputed: bool = False
    deals_only: bool = False
    dates: tuple[int, int] | None = None


class StoryCandidate(NamedTuple):
    """A story that a question may mean.

    ``matched_companies`` are those of the question's companies that are parties to it, ``mentioned_companies`` those that
    it only mentions.
    """

    id: int
    slug: str
    headline: str
    kind: Kind
    stage: Stage | None
    is_open: bool
    disputed: bool
    as_of: str
    as_of_sort: int
    current_headline: str = ""
    matched_companies: tuple[str, ...] = ()
    mentioned_companies: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """What heads the story in a list: see :attr:`bot.model.story.Story.title`."""
        return self.current_headline or self.headline


#: A story's row as the driver gives it, with the columns of ``_STORIES``.
CandidateRow: TypeAlias = Sequence[Any]


def get_newness(row: CandidateRow) -> int:
    """Return a number that is higher for newer stories. What happened by August is not newer than what happened in August."""
    as_of, as_of_sort = row[7], row[8]
    return to_date_sort(PartialDate.parse(as_of).without_bound) if as_of.startswith("by ") else as_of_sort


@dataclass(frozen=True, slots=True)
class CandidateRows:
    """Stories as plain rows, newest first. Values are built of the few that are shown.

    Attributes:
        parties: the ids of the companies that are parties to each story.
        mentioned: which of the question's companies each story only mentions, by their ids.
        company_ids: the ids of the question's companies.
    """

    rows: Sequence[CandidateRow]
    parties: Mapping[int, Set[int]]
    mentioned: Mapping[int, Set[int]]
    company_ids: Mapping[str, int]

    def build(self, row: CandidateRow) -> StoryCandidate:
        """Return a row as a value."""
        story_id, slug, headline, kind, stage, is_open, disputed, as_of, as_of_sort, current_headline = row
        parties, mentioned = self.parties[story_id], self.mentioned[story_id]
        return StoryCandidate(
            story_id,
            slug,
            headline,
            KINDS[kind],
            STAGES[stage],
            bool(is_open),
            bool(disputed),
            as_of,
            as_of_sort,
            current_headline,
            tuple([name for name, company_id in self.company_ids.items() if company_id in parties]),
            tuple([name for name, company_id in self.company_ids.items() if company_id in mentioned]),
        )

    def find_ids_with_parties(self) -> set[int]:
        """Return the ids of the stories to which one of the question's companies is a party."""
        company_ids = set(self.company_ids.values())
        return {row[0] for row in self.rows if not company_ids.isdisjoint(self.parties[row[0]])}


_story, _party = t.story.c, t.party.c
_IDS = "story_ids"
_STORIES = HotStatement(
    select(
        _story.id,
        _story.slug,
        _story.headline,
        _story.kind,
        _story.stage,
        _story.is_open,
        _story.disputed,
        _story.as_of,
        _story.as_of_sort,
        _story.current_headline,
    )
    .where(_story.id.in_(select_ids(_IDS)))
    .order_by(*_NEWEST_FIRST)
)
# For a hundred stories this reads the index alone; names are looked up only for those that are shown.
_PARTY_IDS = HotStatement(select(_party.story_id, _party.company_id).where(_party.story_id.in_(select_ids(_IDS))))
_ASKED_IDS = select(t.company.c.id).where(t.company.c.name.in_(select_texts("names")))
_MENTIONED_IDS = HotStatement(
    select(t.mention.c.story_id, t.mention.c.company_id)
    .where(
        t.mention.c.story_id.in_(select_ids(_IDS)),
        t.mention.c.company_id.in_(_ASKED_IDS),
    )
    .distinct()
)
_COMPANY_NAMES = HotStatement(
    select(t.company.c.id, t.company.c.name).where(t.company.c.name.in_(select_texts("names")))
)
_REACHED_STAGES = HotStatement(
    select(t.development.c.story_id, t.development.c.stage)
    .where(t.development.c.story_id.in_(select_ids(_IDS)), t.development.c.retracted == "")
    .where(t.development.c.stage.is_not(None), t.development.c.stage.in_(select_texts("stages")))
    .distinct()
)
# This reads the index of parties alone, which has the columns that stories are sorted by.
_STORIES_OF_ONE_COMPANY = HotStatement(
    select(_party.story_id, _party.is_open, _party.as_of_sort)
    .where(_party.company_id == select(t.company.c.id).where(t.company.c.name == bindparam("name")).scalar_subquery())
    .distinct()
    .order_by(_party.is_open.desc(), _party.as_of_sort.desc(), _party.story_id)
    .limit(bindparam("most"))
)
_COPIED_COLUMNS = ("story_id", "company_id", "is_open", "as_of_sort")
_NAMING = union(
    *(
        select(*(table.c[name] for name in _COPIED_COLUMNS)).where(table.c.company_id.in_(_ASKED_IDS))
        for table in (t.party, t.mention)
    )
).subquery()
_STORIES_OF_COMPANIES = HotStatement(
    select(_NAMING.c.story_id)
    .group_by(_NAMING.c.story_id)
    .order_by(
        func.count(_NAMING.c.company_id.distinct()).desc(),
        func.max(_NAMING.c.is_open).desc(),
        func.max(_NAMING.c.as_of_sort).desc(),
        _NAMING.c.story_id,
    )
    .limit(bindparam("most"))
)
_STORIES_THAT_MENTION = HotStatement(
    select(t.mention.c.story_id, t.mention.c.as_of_sort)
    .where(t.mention.c.company_id.in_(_ASKED_IDS))
    .distinct()
    .order_by(t.mention.c.as_of_sort.desc(), t.mention.c.story_id)
    .limit(bindparam("most"))
)


class StoryCandidates(StoreSubject):
    """The stories as candidates in one transaction."""

    async def find_by_companies(
        self, names: Sequence[str], criteria: StoryCriteria, *, limit: int = 100
    ) -> tuple[int, ...]:
        """Return stories with any of these companies as a party; of several companies without criteria, also as a mention.

        First those with most of them, then open ones, then the newest.
        """
        if criteria == StoryCriteria():
            return await self._find_by_companies_alone(names, limit)
        statement = _select_of_companies(_Shape.of(criteria), len(names))
        parameters = {**_number("name", names), **_build_parameters(criteria), "most": limit}
        return tuple(await statement.fetch_column(self._connection, parameters))

    async def _find_by_companies_alone(self, names: Sequence[str], limit: int) -> tuple[int, ...]:
        if len(names) == 1:
            parameters = {"name": names[0], "most": limit}
            return tuple(await _STORIES_OF_ONE_COMPANY.fetch_column(self._connection, parameters))
        parameters = {"names": to_json_array(names), "most": limit}
        return tuple(await _STORIES_OF_COMPANIES.fetch_column(self._connection, parameters))

    async def find_mentioning(self, names: Sequence[str], *, limit: int = 100) -> tuple[int, ...]:
        """Return the newest stories that mention any of these companies."""
        parameters = {"names": to_json_array(names), "most": limit}
        return tuple(await _STORIES_THAT_MENTION.fetch_column(self._connection, parameters))

    async def find_matching(self, criteria: StoryCriteria, *, limit: int = 100) -> tuple[int, ...]:
        """Return the newest stories that match the criteria."""
        statement, parameters = _select_matching(_Shape.of(criteria)), _build_parameters(criteria)
        return tuple(await statement.fetch_column(self._connection, {**parameters, "most": limit}))

    async def filter_by_dates(
        self, story_ids: Collection[int], dates: tuple[int, int], stages: Collection[Stage] = ()
    ) -> frozenset[int]:
        """Return those of these stories that have a development in the period, or expect something in it.

        With stages, only those that reached one of them in the period.
        """
        parameters = {**_number("stage", [stage.value for stage in stages]), "first": dates[0], "last": dates[1]}
        parameters[_IDS] = to_json_array(story_ids)
        return frozenset(await _select_dated(len(stages)).fetch_column(self._connection, parameters))

    async def get_reached_stages(
        self, story_ids: Collection[int], stages: Collection[Stage]
    ) -> dict[int, frozenset[Stage]]:
        """Return which of these stages each story is at or has been at."""
        parameters = {_IDS: to_json_array(story_ids), "stages": to_json_array(list(stages))}
        stages_by_story: defaultdict[int, set[Stage]] = defaultdict(set)
        for story, stage in await _REACHED_STAGES.fetch_all(self._connection, parameters):
            stages_by_story[story].add(Stage(stage))
        return {story: frozenset(of_story) for story, of_story in stages_by_story.items()}

    async def get_candidates(self, story_ids: Collection[int], companies: Collection[str]) -> CandidateRows:
        """Return these stories, newest first, with those of the companies that are parties to them or mentioned."""
        parties: defaultdict[int, set[int]] = defaultdict(set)
        mentioned: defaultdict[int, set[int]] = defaultdict(set)
        if not story_ids:
            return CandidateRows((), parties, mentioned, {})
        of_stories, of_companies = {_IDS: to_json_array(story_ids)}, {"names": to_json_array(companies)}
        statements = [(_STORIES, of_stories), (_PARTY_IDS, of_stories)]
        if companies:
            statements += [(_COMPANY_NAMES, of_companies), (_MENTIONED_IDS, of_stories | of_companies)]
        reads = [statement.fetch_all(self._connection, parameters) for statement, parameters in statements]
        rows, party_rows, *rows_of_companies = await self._tx.read_together(*reads)
        for story, company in party_rows:
            parties[story].add(company)
        if not rows_of_companies:
            return CandidateRows(rows, parties, mentioned, {})
        named_rows, mentioned_rows = rows_of_companies
        for story, company in mentioned_rows:
            mentioned[story].add(company)
        return CandidateRows(rows, parties, mentioned, {name: company_id for company_id, name in named_rows})

    async def get_list_items(self, rows: Sequence[CandidateRow]) -> tuple[StoryListItem, ...]:
        """Return candidates as items of a list, in the same order."""
        if not rows:
            return ()
        story_ids = [row[0] for row in rows]
        parties, terms = await self._tx.read_together(
            get_party_names(self._connection, story_ids),
            self._tx.terms.get_asserted(story_ids, TermName.VALUE),
        )
        return tuple([_to_list_item(row, parties[row[0]], terms[row[0]]) for row in rows])

    async def get_headlines(self, limit: int) -> dict[str, str]:
        """Return the headlines of the newest stories, by slug."""
        rows = await self._connection.execute(
            select(t.story.c.slug, t.story.c.headline).order_by(*_NEWEST_FIRST).limit(limit)
        )
        return {row.slug: row.headline for row in rows}


def _to_list_item(row: CandidateRow, parties: tuple[str, ...], terms: tuple[Term, ...]) -> StoryListItem:
    _, slug, headline, kind, stage, is_open, disputed, as_of, _, current_headline = row
    return StoryListItem(
        slug,
        headline,
        KINDS[kind],
        STAGES[stage],
        bool(is_open),
        bool(disputed),
        PartialDate.parse(as_of) if as_of else None,
        parties,
        terms,
        current_headline,
    )


class _Shape(NamedTuple):
    """What the statement for some criteria depends on. Values are parameters, so there is one statement for each shape."""

    kind_count: int
    stage_count: int
    is_open: bool | None
    disputed: bool
    deals_only: bool
    has_dates: bool

    @classmethod
    def of(cls, criteria: StoryCriteria) -> _Shape:
        """Return the shape of criteria."""
        flags = (criteria.is_open, criteria.disputed, criteria.deals_only, criteria.dates is not None)
        return cls(len(criteria.kinds), len(criteria.stages), *flags)

    def build_conditions(self, *, with_dates: bool) -> list[ColumnElement[bool]]:
        """Return the conditions of a story."""
        stages = _bind("stage", self.stage_count)
        dates = _DATES if self.has_dates else None
        conditions = _build_own_conditions(self, _bind("kind", self.kind_count), () if self.has_dates else stages)
        return [*conditions, *([_has_date(dates, stages)] if dates and with_dates else [])]


_DATES: tuple[Any, Any] = (bindparam("first"), bindparam("last"))


def _bind(name: str, count: int) -> list[Any]:
    # Single parameters and not a list in JSON: for one value the planner then reads the newest from an index.
    return [bindparam(f"{name}_{number}") for number in range(count)]


def _number(name: str, values: Sequence[str]) -> dict[str, Any]:
    return {f"{name}_{number}": value for number, value in enumerate(values)}


def _build_parameters(criteria: StoryCriteria) -> dict[str, Any]:
    return {
        **_number("kind", [kind.value for kind in criteria.kinds]),
        **_number("stage", [stage.value for stage in criteria.stages]),
        **(dict(zip(("first", "last"), criteria.dates, strict=True)) if criteria.dates else {}),
    }


@lru_cache(maxsize=256)
def _select_of_companies(shape: _Shape, name_count: int) -> HotStatement:
    story = t.story.c
    return HotStatement(
        select(story.id)
        .join(t.party, t.party.c.story_id == story.id)
        .join(t.company, t.company.c.id == t.party.c.company_id)
        .where(t.company.c.name.in_(_bind("name", name_count)), *shape.build_conditions(with_dates=True))
        .group_by(story.id, story.is_open, story.as_of_sort)
        .order_by(func.count(t.party.c.company_id.distinct()).desc(), story.is_open.desc(), *_NEWEST_FIRST)
        .limit(bindparam("most"))
    )


@lru_cache(maxsize=256)
def _select_matching(shape: _Shape) -> HotStatement:
    query = select(t.story.c.id).where(*shape.build_conditions(with_dates=False))
    if shape.has_dates:
        stages = _bind("stage", shape.stage_count)
        period_query = select(t.development.c.story_id).where(_is_valid_within(_DATES, stages))
        period_query = period_query.order_by(t.development.c.date_sort.desc()).limit(_MAX_DEVELOPMENTS_OF_PERIOD)
        event_query = select(t.expected_event.c.story_id).where(_is_expected_within(_DATES))
        event_query = event_query.order_by(t.expected_event.c.last_day.desc()).limit(_MAX_DEVELOPMENTS_OF_PERIOD)
        queries = (period_query,) if stages else (period_query, event_query)
        ids = [select(each.subquery().c.story_id) for each in queries]
        query = query.where(t.story.c.id.in_(union(*ids) if len(ids) > 1 else ids[0]))
    return HotStatement(query.order_by(*_NEWEST_FIRST).limit(bindparam("most")))


@lru_cache(maxsize=64)
def _select_dated(stage_count: int) -> HotStatement:
    stages, story_ids = _bind("stage", stage_count), select_ids(_IDS)
    development_id, event_id = t.development.c.story_id, t.expected_event.c.story_id
    developments = select(development_id).where(development_id.in_(story_ids), _is_valid_within(_DATES, stages))
    events = select(event_id).where(event_id.in_(story_ids), _is_expected_within(_DATES))
    return HotStatement(developments.distinct() if stages else union(developments, events))


def build_conditions(criteria: StoryCriteria) -> list[ColumnElement[bool]]:
    """Return the conditions of a story."""
    stages = [stage.value for stage in criteria.stages]
    kinds = [kind.value for kind in criteria.kinds]
    conditions = _build_own_conditions(criteria, kinds, stages if criteria.dates is None else ())
    return [*conditions, *([_has_date(criteria.dates, stages)] if criteria.dates is not None else [])]


def _build_own_conditions(
    criteria: StoryCriteria | _Shape, kinds: Sequence[Any], stages: Sequence[Any]
) -> list[ColumnElement[bool]]:
    """Return the conditions that the story's own row must meet. Kinds and stages are values or parameters."""
    story = t.story.c
    conditions: list[ColumnElement[bool]] = []
    if kinds:
        conditions.append(story.kind.in_(kinds))
    if stages:
        conditions.append(story.stage.in_(stages))
    if criteria.is_open is not None:
        conditions.append(story.is_open == int(criteria.is_open))
    if criteria.disputed:
        conditions.append(story.disputed == 1)
    if criteria.deals_only:
        conditions.append(story.is_deal == 1)
    return conditions


def _has_date(dates: tuple[Any, Any], stages: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that something happened in a period, or is expected in it; what is only expected has reached no stage."""
    story_id = t.story.c.id
    development_of_period = select(t.development.c.id).where(
        t.development.c.story_id == story_id, _is_valid_within(dates, stages)
    )
    event_of_period = select(t.expected_event.c.id).where(
        t.expected_event.c.story_id == story_id, _is_expected_within(dates)
    )
    return or_(development_of_period.exists(), *([] if stages else [event_of_period.exists()]))


def _is_expected_within(dates: tuple[Any, Any]) -> ColumnElement[bool]:
    event = t.expected_event.c
    return and_(
        event.last_day.between(*dates),
        func.coalesce(event.outcome, "") != literal_column(f"'{ExpectedOutcome.DROPPED}'"),
    )


def _is_valid_within(dates: tuple[Any, Any], stages: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition that a valid development is of a period and, with stages, has reached one of them."""
    development = t.development.c
    reached = [development.stage.in_(stages)] if stages else []
    return and_(development.retracted == "", development.date_sort.between(*dates), *reached)
