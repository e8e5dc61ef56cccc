"""Lists of stories and developments, newest first, a page at a time.

The queries read an index, and no more of it than a page. A page far behind the first passes over index entries only,
and no list is counted beyond :data:`COUNT_LIMIT`, so the cost of a list does not grow with the store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, literal_column, or_, select

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import DevelopmentListItem, StoryListItem
from bot.model.terms import FigureFilter, Term, TermName
from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.json_values import select_ids, select_texts, to_json_array
from bot.store.row_values import to_date_sort
from bot.store.stories import get_sources, to_development
from bot.store.subject import StoreSubject
from bot.store.terms import build_figures_query

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

#: How far a list is counted. A longer list says so, and has no page beyond it.
COUNT_LIMIT = 10_000


def build_count_query(query: Select[Any]) -> Select[int]:
    """Build a query that counts these rows up to ``COUNT_LIMIT`` + 1."""
    return select(func.count()).select_from(query.order_by(None).limit(COUNT_LIMIT + 1).subquery())


def build_stories_query(
    *,
    company: str | None,
    stage: Stage | None,
    kind: Kind | None,
    deals_only: bool,
    figures: FigureFilter | None = None,
) -> Select[Any]:
    """Select the ids of the stories that meet every given condition, as ``id``; with figures, the largest first."""
    if figures is not None:
        ranked = build_figures_query(figures).subquery()
        is_of_company = [] if company is None else [t.story.c.id.in_(_build_story_ids_query(company, None))]
        return (
            select(t.story.c.id)
            .join(ranked, ranked.c.story_id == t.story.c.id)
            .where(*_build_story_conditions(stage, kind, deals_only=deals_only), *is_of_company)
            .order_by(ranked.c.largest.desc(), t.story.c.as_of_sort.desc(), t.story.c.id)
        )
    if company is not None:
        return _build_company_stories_query(
            company, _build_story_conditions(stage, kind, deals_only=False), deals_only=deals_only
        )
    query = select(t.story.c.id).where(*_build_story_conditions(stage, kind, deals_only=deals_only))
    return query.order_by(t.story.c.as_of_sort.desc(), t.story.c.id)


def build_development_queries(
    *,
    company: str | None,
    kind: Kind | None,
    stage: Stage | None,
    claim: Claim | None,
    newest_count: int,
    latest_date: date,
) -> tuple[Select[Any], Select[Any]]:
    """Select the ids of the valid developments up to a day that meet every given condition.

    The first query has the ``newest_count`` newest in their order, the second has all, to be counted.
    """
    conditions = _build_development_conditions(stage, claim, by_index=company is None and kind is None)
    full_query = newest_query = select(t.development.c.id).where(is_valid_development(), *conditions)
    if company is not None or kind is not None:
        full_query = newest_query = full_query.where(
            t.development.c.story_id.in_(_build_story_ids_query(company, kind))
        )
        if not conditions:
            # A story whose newest development is older than those of so many other stories adds nothing.
            newest_query = select(t.development.c.id).where(
                is_valid_development(),
                t.development.c.story_id.in_(_build_newest_stories_query(company, kind, newest_count)),
            )
    newest_query = newest_query.where(has_begun(latest_date))
    ordered_query = newest_query.order_by(t.development.c.date_sort.desc(), t.development.c.id.desc())
    return ordered_query, full_query.where(has_begun(latest_date))


def is_valid_development() -> ColumnElement[bool]:
    """Return the condition of the developments that are not retracted."""
    # The partial indexes are used only if the condition is repeated literally.
    return t.development.c.retracted == literal_column("''")


def has_begun(latest_date: date) -> ColumnElement[bool]:
    """Return the condition of the developments that are not dated after a day (:meth:`bot.model.dates.PartialDate.is_after`)."""
    development = t.development.c
    # Of a bounded date, the period up to whose end it can be must have begun; ISO dates compare as texts.
    is_bounded_and_begun = and_(
        development.date.startswith("by "), func.substr(development.date, 4) <= latest_date.isoformat()
    )
    return or_(development.date_sort <= to_date_sort(PartialDate.from_date(latest_date)), is_bounded_and_begun)


def _select_company_id(company: str) -> ScalarSelect[Any]:
    return select(t.company.c.id).where(t.company.c.name == company).scalar_subquery()


def _build_story_conditions(stage: Stage | None, kind: Kind | None, *, deals_only: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if stage is not None:
        conditions.append(t.story.c.stage == stage.value)
    if kind is not None:
        conditions.append(t.story.c.kind == kind.value)
    # A story with a stage, or of a deal's kind, is a deal anyway.
    if deals_only and stage is None and not (kind is not None and kind.is_deal):
        conditions.append(t.story.c.is_deal == 1)
    return conditions


def _build_company_stories_query(
    company: str, conditions: list[ColumnElement[bool]], *, deals_only: bool
) -> Select[Any]:
    party = t.party.c
    query = select(party.as_of_sort, party.story_id.label("id")).where(party.company_id == _select_company_id(company))
    if deals_only:
        query = query.where(party.is_deal == 1)
    if conditions:
        query = query.join(t.story, t.story.c.id == party.story_id).where(*conditions)
    # A company may have two roles in a story.
    return query.distinct().order_by(party.as_of_sort.desc(), party.story_id)


def _build_development_conditions(
    stage: Stage | None, claim: Claim | None, *, by_index: bool
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, value in ((t.development.c.stage, stage), (t.development.c.claim, claim)):
        if value is not None:
            # Within a company or a kind the rows are found by its stories; the index of the column would be slower.
            conditions.append((column if by_index else func.coalesce(column, "")) == value.value)
    return conditions


def _build_story_ids_query(company: str | None, kind: Kind | None) -> Select[Any]:
    if company is None:
        return select(t.story.c.id).where(*_build_story_conditions(None, kind, deals_only=False))
    query = select(t.party.c.story_id).where(t.party.c.company_id == _select_company_id(company))
    if kind is not None:
        query = query.join(t.story, t.story.c.id == t.party.c.story_id).where(t.story.c.kind == kind.value)
    return query


def _build_newest_stories_query(company: str | None, kind: Kind | None, newest_count: int) -> Select[Any]:
    """Select the stories that are at least as new as the last of the ``newest_count`` newest."""
    if company is None:
        query = build_stories_query(company=None, stage=None, kind=kind, deals_only=False).limit(newest_count)
        query = query.with_only_columns(t.story.c.as_of_sort)
        page = query.subquery()
        as_new = t.story.c.as_of_sort >= select(func.min(page.c.as_of_sort)).scalar_subquery()
        return select(t.story.c.id).where(*_build_story_conditions(None, kind, deals_only=False), as_new)
    page = build_stories_query(company=company, stage=None, kind=kind, deals_only=False).limit(newest_count).subquery()
    oldest = select(func.min(page.c.as_of_sort)).scalar_subquery()
    return _build_story_ids_query(company, kind).where(t.party.c.as_of_sort >= oldest)


_ITEM_COLUMNS = tuple(
    t.story.c[name]
    for name in ("id", "slug", "headline", "kind", "stage", "is_open", "disputed", "as_of", "current_headline")
)
_STORIES_BY_SLUG = HotStatement(select(*_ITEM_COLUMNS).where(t.story.c.slug.in_(select_texts("slugs"))))
_STORIES_BY_ID = HotStatement(select(*_ITEM_COLUMNS).where(t.story.c.id.in_(select_ids("ids"))))
_PARTIES = HotStatement(
    select(t.party.c.story_id, t.company.c.name)
    .join(t.company, t.company.c.id == t.party.c.company_id)
    .where(t.party.c.story_id.in_(select_ids("stories")))
    .order_by(t.party.c.story_id, t.party.c.position)
)


class StoryLists(StoreSubject):
    """Lists of stories and developments in one transaction."""

    async def get_items(self, slugs: Sequence[str]) -> tuple[StoryListItem, ...]:
        """Return these stories as items of a list, in the order of the slugs. Unknown slugs are left out.

        The slug of a merged story stands for the story that it was merged into.
        """
        rows = await _STORIES_BY_SLUG.fetch_all(self._connection, {"slugs": to_json_array(slugs)})
        items_by_slug = {item.slug: item for item in await self._to_items(rows)}
        # Every question is looked up as a slug first, but only what looks like a slug is worth a second query.
        missing = [slug for slug in slugs if slug not in items_by_slug and "-" in slug]
        if missing:
            current = await self._tx.stories.resolve_merged_slugs(missing)
            current_items = (
                {item.slug: item for item in await self.get_items(list(current.values()))} if current else {}
            )
            items_by_slug |= {former: current_items[slug] for former, slug in current.items()}
        return tuple(dict.fromkeys(items_by_slug[slug] for slug in slugs if slug in items_by_slug))

    async def list_stories(
        self,
        *,
        company: str | None = None,
        stage: Stage | None = None,
        kind: Kind | None = None,
        deals_only: bool = False,
        figures: FigureFilter | None = None,
        offset: int = 0,
        limit: int = 10,
    ) -> tuple[tuple[StoryListItem, ...], int]:
        """Return a page of the stories that meet every given condition, newest first, and their count.

        With ``figures`` those with the largest come first, and each has its figures of that name; otherwise its value. The
        count goes up to ``COUNT_LIMIT`` + 1.
        """
        query = build_stories_query(company=company, stage=stage, kind=kind, deals_only=deals_only, figures=figures)
        return await self.load_stories(query, figures.name if figures else TermName.VALUE, offset, limit)

    async def load_stories(
        self, query: Select[Any], term_name: TermName, offset: int, limit: int
    ) -> tuple[tuple[StoryListItem, ...], int]:
        """Return a page of the stories that a query selects by their ids, in its order, and their count."""
        total = (await self._connection.execute(build_count_query(query))).scalar_one()
        story_ids = [row.id for row in (await self._connection.execute(query.offset(offset).limit(limit))).all()]
        items = await self._get_items_by_id(story_ids, term_name)
        return tuple(items[story_id] for story_id in story_ids), total

    async def get_parties(self, slugs: Sequence[str]) -> dict[str, tuple[Party, ...]]:
        """Return the parties of these stories with their roles, in their order. A story without parties is absent."""
        query = (
            select(t.story.c.slug, t.company.c.name, t.party.c.role)
            .join(t.party, t.party.c.story_id == t.story.c.id)
            .join(t.company, t.company.c.id == t.party.c.company_id)
            .where(t.story.c.slug.in_(select_texts("slugs")))
            .order_by(t.story.c.id, t.party.c.position)
        )
        parties: defaultdict[str, list[Party]] = defaultdict(list)
        for slug, name, role in await self._connection.execute(query, {"slugs": to_json_array(slugs)}):
            parties[slug].append(Party(name, role))
        return {slug: tuple(of_story) for slug, of_story in parties.items()}

    async def list_mentioning(self, company: str, *, limit: int = 10) -> tuple[tuple[StoryListItem, ...], int]:
        """Return the newest stories that mention a company without being about it, and their count up to the limit of counts."""
        query = (
            select(t.mention.c.as_of_sort, t.mention.c.story_id.label("id"))
            .where(t.mention.c.company_id == _select_company_id(company))
            .distinct()
            .order_by(t.mention.c.as_of_sort.desc(), t.mention.c.story_id)
        )
        total = (await self._connection.execute(build_count_query(query))).scalar_one()
        story_ids = [row.id for row in (await self._connection.execute(query.limit(limit))).all()]
        items = await self._get_items_by_id(story_ids)
        return tuple(items[story_id] for story_id in story_ids), total

    async def list_developments(
        self,
        *,
        company: str | None = None,
        kind: Kind | None = None,
        stage: Stage | None = None,
        claim: Claim | None = None,
        offset: int = 0,
        limit: int = 10,
    ) -> tuple[tuple[DevelopmentListItem, ...], int]:
        """Return a page of the newest valid developments that meet every given condition, and their count.

        The count goes up to ``COUNT_LIMIT`` + 1. ``company`` and ``kind`` are those of the story, ``stage`` and
        ``claim`` those of the development itself.
        """
        newest_query, full_query = build_development_queries(
            company=company,
            kind=kind,
            stage=stage,
            claim=claim,
            newest_count=offset + limit,
            latest_date=self._tx.latest_date,
        )
        return await self.load_developments(newest_query, full_query, offset, limit)

    async def load_developments(
        self, newest_query: Select[Any], full_query: Select[Any], offset: int, limit: int
    ) -> tuple[tuple[DevelopmentListItem, ...], int]:
        """Return a page of the developments that a query selects by their ids, newest first, and the count of all of them."""
        total = (await self._connection.execute(build_count_query(full_query))).scalar_one()
        page = newest_query.offset(offset).limit(limit).subquery()
        page_query = select(t.development).where(t.development.c.id.in_(select(page.c.id)))
        ordered_query = page_query.order_by(t.development.c.date_sort.desc(), t.development.c.id.desc())
        rows = (await self._connection.execute(ordered_query)).all()
        sources = await get_sources(self._connection, [row.id for row in rows])
        items = await self._get_items_by_id([*dict.fromkeys(row.story_id for row in rows)])
        return tuple(
            DevelopmentListItem(items[row.story_id], to_development(row, sources.get(row.id, ()))) for row in rows
        ), total

    async def _get_items_by_id(
        self, story_ids: Sequence[int], term_name: TermName = TermName.VALUE
    ) -> dict[int, StoryListItem]:
        rows = await _STORIES_BY_ID.fetch_all(self._connection, {"ids": to_json_array(story_ids)}) if story_ids else ()
        items = await self._to_items(rows, term_name)
        return {row[0]: item for row, item in zip(rows, items, strict=True)}

    async def _to_items(
        self, rows: Sequence[Sequence[Any]], term_name: TermName = TermName.VALUE
    ) -> tuple[StoryListItem, ...]:
        if not rows:
            return ()
        story_ids = [row[0] for row in rows]
        parties, terms = await self._tx.read_together(
            get_party_names(self._connection, story_ids),
            self._tx.terms.get_asserted(story_ids, term_name),
        )
        return tuple([_to_item(row, parties[row[0]], terms[row[0]]) for row in rows])


async def get_party_names(connection: AsyncConnection, story_ids: Sequence[int]) -> defaultdict[int, tuple[str, ...]]:
    """Return the names of the parties of these stories in their order, each once, by the story's id."""
    names: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for story_id, name in await _PARTIES.fetch_all(connection, {"stories": to_json_array(story_ids)}):
        names[story_id][name] = None
    return defaultdict(tuple, {story_id: tuple(of_story) for story_id, of_story in names.items()})


def _to_item(row: Sequence[Any], parties: tuple[str, ...], terms: tuple[Term, ...]) -> StoryListItem:
    _, slug, headline, kind, stage, is_open, disputed, as_of, current_headline = row
    return StoryListItem(
        slug=slug,
        headline=headline,
        kind=Kind(kind),
        stage=Stage(stage) if stage else None,
        is_open=bool(is_open),
        is_disputed=bool(disputed),
        as_of=PartialDate.parse(as_of) if as_of else None,
        parties=parties,
        terms=terms,
        current_headline=current_headline,
    )
