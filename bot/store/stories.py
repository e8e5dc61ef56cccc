"""Whole stories with their developments: how they are read and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    union,
    update,
)

from bot.errors import NotFound
from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import DescribedState, Development, Source, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import tables as t
from bot.store.engines.json_values import select_ids, select_texts, to_json_array
from bot.store.row_values import (
    build_development_columns,
    build_mention_columns,
    build_party_columns,
    build_source_rows,
    build_story_columns,
    to_date_sort,
)
from bot.store.subject import StoreSubject

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


def is_valid_in(story_id: int) -> ColumnElement[bool]:
    """Return the condition of the valid developments of a story."""
    # The partial index is used only if the condition is repeated literally.
    return (t.development.c.story_id == story_id) & (t.development.c.retracted == literal_column("''"))


def select_essential_developments(story_id: int, newest_count: int, extra_ids: Collection[int]) -> Select[tuple[int]]:
    """Select the ids of the developments from which all that is derived of a story stays the same.

    These are its ``newest_count`` newest valid ones, older ones on which its stage or a dispute depends, and
    ``extra_ids``.
    """
    has_stage_or_denial = or_(t.development.c.stage.is_not(None), t.development.c.claim == literal_column("'denied'"))
    # This keeps SQLite from using the index of claims, which leads through all stories.
    claim = func.coalesce(t.development.c.claim, "")
    essential = union(
        _select_newest(is_valid_in(story_id), newest_count),
        select(t.development.c.id).where(is_valid_in(story_id), has_stage_or_denial),
        _select_newest(is_valid_in(story_id) & (claim == Claim.CONFIRMED.value), 1),
        _select_newest(is_valid_in(story_id) & (claim != Claim.DENIED.value), 1),
        _select_newest(is_valid_in(story_id) & (claim != Claim.DENIED.value) & _is_before_newest_denial(story_id), 1),
        _select_first(is_valid_in(story_id) & (claim != Claim.DENIED.value)),
        select(t.development.c.id).where(t.development.c.id.in_(extra_ids)),
    ).subquery()
    return select(essential.c.id)


def _is_before_newest_denial(story_id: int) -> ColumnElement[bool]:
    """Return the condition of what the newest denial may answer (:attr:`bot.model.story.Story.dispute`)."""
    development = t.development.c
    denial = (
        select(development.date_sort, development.id)
        .where(is_valid_in(story_id), development.claim == literal_column("'denied'"))
        .order_by(development.date_sort.desc(), development.id.desc())
        .limit(1)
        .subquery()
    )
    denial_date, denial_id = select(denial.c.date_sort).scalar_subquery(), select(denial.c.id).scalar_subquery()
    return or_(
        development.date_sort < denial_date, and_(development.date_sort == denial_date, development.id < denial_id)
    )


def _select_first(condition: ColumnElement[bool]) -> Select[tuple[int]]:
    query = select(t.development.c.id).where(condition).order_by(t.development.c.date_sort, t.development.c.id).limit(1)
    return select(query.subquery().c.id)


def _select_newest(condition: ColumnElement[bool], count: int) -> Select[tuple[int]]:
    query = (
        select(t.development.c.id)
        .where(condition)
        .order_by(t.development.c.date_sort.desc(), t.development.c.id.desc())
        .limit(count)
        .subquery()
    )
    return select(query.c.id)


def _select_story() -> Select[Any]:
    count = select(func.count()).where(t.development.c.story_id == t.story.c.id).scalar_subquery()
    return select(t.story, count.label("count"))


# Statements that every answer needs are built once.
_OLDEST_FIRST = (t.development.c.date_sort, t.development.c.id)
_STORY_BY_SLUG = _select_story().where(t.story.c.slug == bindparam("slug"))
_PARTIES = (
    select(t.company.c.name, t.party.c.role)
    .join(t.company, t.company.c.id == t.party.c.company_id)
    .where(t.party.c.story_id == bindparam("story"))
    .order_by(t.party.c.position)
)
_RELATED = select(t.related.c.slug).where(t.related.c.story_id == bindparam("story")).order_by(t.related.c.position)
_DEVELOPMENTS = select(t.development).where(t.development.c.story_id == bindparam("story")).order_by(*_OLDEST_FIRST)
_SOURCES = (
    select(*(t.source.c[name] for name in ("development_id", "publisher", "title", "url", "date")))
    .where(t.source.c.development_id.in_(select_ids("developments")))
    .order_by(t.source.c.development_id, t.source.c.position)
)


_INSERT_PARTIES, _INSERT_RELATED, _INSERT_SOURCES = insert(t.party), insert(t.related), insert(t.source)
_INSERT_DEVELOPMENTS = insert(t.development)
_DEVELOPMENT_IDS = select(t.development.c.id, t.development.c.key).where(
    t.development.c.story_id == bindparam("story"), t.development.c.key.in_(select_texts("keys"))
)


class StoredDescription(NamedTuple):
    """Headline and summary of a deal, with its stage and the one that they were written for."""

    slug: str
    headline: str
    summary: str
    stage: Stage | None
    described_stage: Stage | None


class Stories(StoreSubject):
    """The stories in one transaction."""

    async def count(self) -> int:
        """Count the stories."""
        return (await self._connection.execute(select(func.count()).select_from(t.story))).scalar_one()

    async def list_slugs(self) -> tuple[str, ...]:
        """Return the slugs of all stories in alphabetical order."""
        return tuple((await self._connection.execute(select(t.story.c.slug).order_by(t.story.c.slug))).scalars())

    async def get(self, slug: str, *, newest_count: int = 0, extra_ids: Collection[int] = ()) -> Story:
        """Return the story of a slug as :meth:`find` does. Raises NotFound."""
        story = await self.find(slug, newest_count=newest_count, extra_ids=extra_ids)
        if story is None:
            raise NotFound("story", slug)
        return story

    async def find(self, slug: str, *, newest_count: int = 0, extra_ids: Collection[int] = ()) -> Story | None:
        """Return the whole story of a slug, or the one that a story of this slug was merged into.

        None if there is neither.

        With ``newest_count`` a story that has more developments comes without some of the old ones: see
        :func:`select_essential_developments`. All that is derived of it is the same, and its ``omitted_count`` counts
        the valid developments that are missing.
        """
        row = (await self._connection.execute(_STORY_BY_SLUG, {"slug": slug})).one_or_none()
        if row is None:
            row = (await self._connection.execute(_select_merged([slug], _select_story()))).one_or_none()
        if row is None:
            return None
        is_long = 0 < newest_count < row.count
        developments = await self._get_developments(
            row.id, select_essential_developments(row.id, newest_count, extra_ids) if is_long else None
        )
        return Story(
            slug=row.slug,
            headline=row.headline,
            summary=row.summary,
            kind=Kind(row.kind),
            parties=await self._get_parties(row.id),
            developments=developments,
            related_slugs=await self._get_related(row.id),
            expected_events=await self._tx.expected_events.find_of_story(row.id),
            omitted_count=await self._count_valid(row.id) - sum(development.is_valid for development in developments)
            if is_long
            else 0,
            terms=await self._tx.terms.get_of_story(row.id),
            described_state=_to_described_state(row),
            latest_date=self._tx.latest_date,
        )

    async def locate_development(self, development_id: int) -> tuple[str, str]:
        """Return the slug of the story that a development is in, and the development's key. Raises NotFound."""
        query = select(t.story.c.slug, t.development.c.key).join(t.story, t.story.c.id == t.development.c.story_id)
        row = (await self._connection.execute(query.where(t.development.c.id == development_id))).one_or_none()
        if row is None:
            raise NotFound("development", str(development_id))
        return row.slug, row.key

    async def list_descriptions(self, limit: int | None = None) -> list[StoredDescription]:
        """Return headline and summary of the deals, newest first; of all of them without a limit."""
        columns = (t.story.c[name] for name in ("slug", "headline", "summary", "stage", "described_stage"))
        query = select(*columns).where(t.story.c.is_deal == 1).order_by(t.story.c.as_of_sort.desc(), t.story.c.id)
        return [
            StoredDescription(
                row.slug,
                row.headline,
                row.summary,
                Stage(row.stage) if row.stage else None,
                Stage(row.described_stage) if row.described_stage else None,
            )
            for row in await self._connection.execute(query.limit(limit) if limit else query)
        ]

    async def list_newest_slugs(self, limit: int) -> tuple[str, ...]:
        """Return the slugs of the stories with the newest developments, newest first."""
        query = select(t.story.c.slug).order_by(t.story.c.as_of_sort.desc(), t.story.c.id).limit(limit)
        return tuple((await self._connection.execute(query)).scalars())

    async def list_early_slugs(self) -> tuple[str, ...]:
        """Return the slugs of the stories that count a development which is still to come, as of the last time they were saved."""
        latest_date = self._tx.latest_date
        is_later = t.story.c.as_of_sort > to_date_sort(PartialDate.from_date(latest_date))
        rows = await self._connection.execute(select(t.story.c.slug, t.story.c.as_of).where(is_later))
        return tuple(row.slug for row in rows if PartialDate.parse(row.as_of).is_after(latest_date))

    async def get_ids(self, slugs: Sequence[str]) -> dict[str, int]:
        """Return the ids of these stories. Unknown slugs are absent."""
        rows = await self._connection.execute(select(t.story.c.slug, t.story.c.id).where(t.story.c.slug.in_(slugs)))
        return {row.slug: row.id for row in rows}

    async def resolve_merged_slugs(self, slugs: Sequence[str]) -> dict[str, str]:
        """Return, for slugs of merged stories, the slugs of the stories that they were merged into."""
        rows = await self._connection.execute(_select_merged(slugs))
        return {row.former: row.slug for row in rows}

    async def refresh(self, slug: str, now: datetime, described_state: DescribedState | None = None) -> Story:
        """Derive the columns and search rows of a story again, after its rows were moved. Return the story.

        ``described_state``, if any, is from now on the state that its headline and summary are for.
        """
        story = await self.get(slug)
        story = replace(story, described_state=described_state or story.described_state)
        story_id = await self._save_story_row(story, story, now)
        await self._tx.fulltext.index_story(story_id, story)
        return story

    async def get_last_change(self) -> datetime | None:
        """Return when a story was last changed, or None if there is no story."""
        time: datetime | None = (await self._connection.execute(select(func.max(t.story.c.updated_at)))).scalar_one()
        return time

    async def find_changed_since(self, time: datetime | None) -> tuple[Story, ...]:
        """Return the stories that were changed then or later; without a time, all of them."""
        query = select(t.story.c.slug) if time is None else select(t.story.c.slug).where(t.story.c.updated_at >= time)
        slugs = (await self._connection.execute(query)).scalars().all()
        stories = [await self.find(slug) for slug in slugs]
        return tuple(story for story in stories if story is not None)

    async def get_former_names(self, slug: str) -> dict[tuple[str, str], int]:
        """Return the dates and headlines that the story's developments had before corrections.

        Each comes with the id of its development.
        """
        rows = await self._connection.execute(
            select(t.former_name.c.date, t.former_name.c.headline, t.former_name.c.development_id)
            .join(t.development, t.development.c.id == t.former_name.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.story.c.slug == slug)
        )
        return {(row.date, row.headline): row.development_id for row in rows}

    async def save(self, before: Story | None, after: Story, now: datetime) -> Story:
        """Write a story over what it was, with all that is derived from it.

        Return it with the ids of its developments, expected events and terms.

        Those with id 0 are new; the others are matched by id. Only an expected event is ever removed. The companies of its parties
        must be in the store.
        """
        story_id = await self._save_story_row(before, after, now)
        if before is None or before.parties != after.parties:
            await self._save_parties(story_id, before, after)
        if before is None or before.related_slugs != after.related_slugs:
            await self._save_related(story_id, before, after)
        developments = await self._save_developments(story_id, before, after, now)
        terms = await self._tx.terms.save(story_id, before.terms if before else (), after.terms, now)
        saved_story = replace(after, developments=developments, terms=terms)
        events = await self._tx.expected_events.save(story_id, before, saved_story, now)
        saved_story = replace(saved_story, expected_events=events)
        await self._tx.fulltext.index_story(story_id, saved_story, is_new=before is None)
        return saved_story

    async def _save_story_row(self, before: Story | None, after: Story, now: datetime) -> int:
        values = {**build_story_columns(after), "updated_at": now}
        if before is None:
            statement: Any = insert(t.story).values(slug=after.slug, created_at=now, **values).returning(t.story.c.id)
        else:
            statement = update(t.story).where(t.story.c.slug == after.slug).values(**values).returning(t.story.c.id)
        story_id: int = (await self._connection.execute(statement)).scalar_one()
        if before is not None:
            await self._copy_to_companies(story_id, after)
        self._tx.story_pages.mark_changed(story_id)
        return story_id

    async def _copy_to_companies(self, story_id: int, story: Story) -> None:
        for table, columns in ((t.party, build_party_columns(story)), (t.mention, build_mention_columns(story))):
            await self._connection.execute(update(table).where(table.c.story_id == story_id).values(**columns))

    async def _save_parties(self, story_id: int, before: Story | None, story: Story) -> None:
        if before is not None:
            await self._connection.execute(delete(t.party).where(t.party.c.story_id == story_id))
        ids = await self._tx.companies.get_ids([party.company for party in story.parties])
        story_columns = build_party_columns(story)
        rows = [
            {"story_id": story_id, "company_id": ids[p.company], "role": p.role, "position": position, **story_columns}
            for position, p in enumerate(story.parties)
        ]
        if rows:
            await self._connection.execute(_INSERT_PARTIES, rows)

    async def _save_related(self, story_id: int, before: Story | None, story: Story) -> None:
        if before is not None:
            await self._connection.execute(delete(t.related).where(t.related.c.story_id == story_id))
        rows = [
            {"story_id": story_id, "slug": slug, "position": position}
            for position, slug in enumerate(story.related_slugs)
        ]
        if rows:
            await self._connection.execute(_INSERT_RELATED, rows)

    async def _save_developments(
        self, story_id: int, before: Story | None, after: Story, now: datetime
    ) -> tuple[Development, ...]:
        """Write the developments that are new or different; return all with their ids."""
        old_developments = {development.id: development for development in before.developments} if before else {}
        for development in after.developments:
            if development.id in old_developments:
                await self._update_development(old_developments[development.id], development)
        new_developments = [development for development in after.developments if development.id not in old_developments]
        ids = await self._insert_developments(story_id, new_developments, now)
        return tuple(
            development if development.id in old_developments else replace(development, id=ids[development.key])
            for development in after.developments
        )

    async def _insert_developments(
        self, story_id: int, developments: Sequence[Development], now: datetime
    ) -> dict[str, int]:
        """Insert developments in this order, with their sources; return their ids by key."""
        if not developments:
            return {}
        rows = [{"story_id": story_id, "created_at": now, **build_development_columns(each)} for each in developments]
        await self._connection.execute(_INSERT_DEVELOPMENTS, rows)
        parameters = {"story": story_id, "keys": to_json_array([development.key for development in developments])}
        ids = {row.key: row.id for row in await self._connection.execute(_DEVELOPMENT_IDS, parameters)}
        sources = [row for each in developments for row in build_source_rows(ids[each.key], each.sources)]
        if sources:
            await self._connection.execute(_INSERT_SOURCES, sources)
        return ids

    async def _update_development(self, before: Development, after: Development) -> None:
        if before == after:
            return
        statement = update(t.development).where(t.development.c.id == before.id)
        await self._connection.execute(statement.values(**build_development_columns(after)))
        if (before.date, before.headline) != (after.date, after.headline):
            await self._save_former_name(before.id, before)
        if before.sources != after.sources:
            await self._save_sources(before.id, after.sources)

    async def _save_former_name(self, development_id: int, before: Development) -> None:
        name = {"development_id": development_id, "date": str(before.date), "headline": before.headline}
        conditions = [t.former_name.c[column] == value for column, value in name.items()]
        if (await self._connection.execute(select(t.former_name.c.id).where(*conditions))).first() is None:
            await self._connection.execute(insert(t.former_name).values(**name))

    async def _save_sources(self, development_id: int, sources: Sequence[Source]) -> None:
        await self._connection.execute(delete(t.source).where(t.source.c.development_id == development_id))
        rows = build_source_rows(development_id, sources)
        if rows:
            await self._connection.execute(_INSERT_SOURCES, rows)

    async def _get_parties(self, story_id: int) -> tuple[Party, ...]:
        rows = await self._connection.execute(_PARTIES, {"story": story_id})
        return tuple(Party(name, role) for name, role in rows.all())

    async def _get_related(self, story_id: int) -> tuple[str, ...]:
        return tuple((await self._connection.execute(_RELATED, {"story": story_id})).scalars())

    async def _get_developments(self, story_id: int, id_query: Select[tuple[int]] | None) -> tuple[Development, ...]:
        if id_query is None:
            rows = (await self._connection.execute(_DEVELOPMENTS, {"story": story_id})).all()
        else:
            query = select(t.development).where(t.development.c.id.in_(id_query)).order_by(*_OLDEST_FIRST)
            rows = (await self._connection.execute(query)).all()
        sources = await get_sources(self._connection, [row.id for row in rows])
        return tuple(to_development(row, sources.get(row.id, ())) for row in rows)

    async def _count_valid(self, story_id: int) -> int:
        query = select(func.count()).select_from(t.development).where(is_valid_in(story_id))
        return (await self._connection.execute(query)).scalar_one()


def _select_merged(slugs: Sequence[str], base_query: Select[Any] | None = None) -> Select[Any]:
    query = select(t.story) if base_query is None else base_query
    merged_query = query.add_columns(t.story_merge.c.slug.label("former")).join(
        t.story_merge, t.story_merge.c.into_id == t.story.c.id
    )
    return merged_query.where(t.story_merge.c.slug.in_(slugs))


def _to_described_state(row: Row[Any]) -> DescribedState:
    return DescribedState(
        Stage(row.described_stage) if row.described_stage else None,
        PartialDate.parse(row.described_as_of) if row.described_as_of else None,
    )


def to_development(row: Row[Any], sources: tuple[Source, ...]) -> Development:
    """Build a development from its row and its sources."""
    return Development(
        key=row.key,
        date=PartialDate.parse(row.date),
        headline=row.headline,
        claim=Claim(row.claim),
        text=row.text,
        stage=Stage(row.stage) if row.stage else None,
        sources=sources,
        retraction_reason=row.retracted,
        id=row.id,
    )


async def get_sources(connection: AsyncConnection, development_ids: Sequence[int]) -> dict[int, tuple[Source, ...]]:
    """Return the sources of these developments in their order, by the development's id."""
    sources_by_id: defaultdict[int, list[Source]] = defaultdict(list)
    rows = await connection.execute(_SOURCES, {"developments": to_json_array(development_ids)})
    for development_id, publisher, title, url, date in rows.all():
        sources_by_id[development_id].append(Source(publisher, title, url, PartialDate.parse(date) if date else None))
    return {development_id: tuple(sources) for development_id, sources in sources_by_id.items()}
