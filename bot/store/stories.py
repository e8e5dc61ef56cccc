"""Stories and their developments, whole: how they are read and written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.company import Party
from bot.model.dates import PartialDate
from bot.model.story import Development, Source, Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import tables as t
from bot.store.columns import development_columns, party_columns, source_rows, story_columns
from bot.store.companies import Companies
from bot.store.parts import as_list, listed
from bot.store.search import Search
from bot.store.telling import standing, telling


def _story_of() -> Select[Any]:
    count = select(func.count()).where(t.development.c.story_id == t.story.c.id).scalar_subquery()
    return select(t.story, count.label("count"))


# What is asked for every answer is built once.
_OLDEST = (t.development.c.date_sort, t.development.c.id)
_OF_SLUG = _story_of().where(t.story.c.slug == bindparam("slug"))
_PARTIES = (
    select(t.company.c.name, t.party.c.role)
    .join(t.company, t.company.c.id == t.party.c.company_id)
    .where(t.party.c.story_id == bindparam("story"))
    .order_by(t.party.c.position)
)
_RELATED = select(t.related.c.slug).where(t.related.c.story_id == bindparam("story")).order_by(t.related.c.position)
_DEVELOPMENTS = select(t.development).where(t.development.c.story_id == bindparam("story")).order_by(*_OLDEST)
_SOURCES = (
    select(*(t.source.c[name] for name in ("development_id", "publisher", "title", "url", "date")))
    .where(t.source.c.development_id.in_(listed("developments")))
    .order_by(t.source.c.development_id, t.source.c.position)
)


class Stories:
    """The stories, seen through one connection."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def count(self) -> int:
        """How many stories there are."""
        return (await self._connection.execute(select(func.count()).select_from(t.story))).scalar_one()

    async def slugs(self) -> tuple[str, ...]:
        """The slugs of all stories, in alphabetical order."""
        return tuple((await self._connection.execute(select(t.story.c.slug).order_by(t.story.c.slug))).scalars())

    async def get(self, slug: str, *, newest: int = 0, also: Collection[int] = ()) -> Story | None:
        """The whole story of that slug, or the one that a story of that slug was joined to; None when there is neither.

        With ``newest`` a story that has more developments comes with so many, with those on which its stage or a dispute
        depends, and ``also`` with those of these numbers: all that is derived of it is the same, and its ``left_out``
        counts the others that stand.
        """
        row = (await self._connection.execute(_OF_SLUG, {"slug": slug})).one_or_none()
        if row is None:
            row = (await self._connection.execute(_joined_as([slug], _story_of()))).one_or_none()
        if row is None:
            return None
        is_long = 0 < newest < row.count
        developments = await self._developments(row.id, telling(row.id, newest, also) if is_long else None)
        return Story(
            slug=row.slug,
            headline=row.headline,
            summary=row.summary,
            kind=Kind(row.kind),
            parties=await self._parties(row.id),
            developments=developments,
            related=await self._related(row.id),
            left_out=await self._count_standing(row.id) - sum(d.stands for d in developments) if is_long else 0,
        )

    async def newest(self, limit: int) -> tuple[str, ...]:
        """The slugs of so many stories, those with the newest developments first."""
        ordered = select(t.story.c.slug).order_by(t.story.c.as_of_sort.desc(), t.story.c.id).limit(limit)
        return tuple((await self._connection.execute(ordered)).scalars())

    async def numbers(self, slugs: Sequence[str]) -> dict[str, int]:
        """The store's numbers of these stories; a slug that is not known is absent."""
        rows = await self._connection.execute(select(t.story.c.slug, t.story.c.id).where(t.story.c.slug.in_(slugs)))
        return {row.slug: row.id for row in rows}

    async def current(self, slugs: Sequence[str]) -> dict[str, str]:
        """For slugs of stories that were joined to others: the slugs of those."""
        rows = await self._connection.execute(_joined_as(slugs))
        return {row.former: row.slug for row in rows}

    async def refresh(self, slug: str, now: datetime) -> Story:
        """Derive anew what is derived of a story whose rows were moved, and give it back."""
        story = await self.get(slug)
        if story is None:
            raise LookupError(f"story {slug} is gone within one transaction")
        number = await self._save_face(story, story, now)
        await Search(self._connection).write(number, story)
        return story

    async def last_change(self) -> datetime | None:
        """When a story was last changed; None where there is none."""
        when: datetime | None = (await self._connection.execute(select(func.max(t.story.c.updated_at)))).scalar_one()
        return when

    async def changed_since(self, when: datetime | None) -> tuple[Story, ...]:
        """The stories that were changed then or later; all of them for None."""
        changed = select(t.story.c.slug) if when is None else select(t.story.c.slug).where(t.story.c.updated_at >= when)
        slugs = (await self._connection.execute(changed)).scalars().all()
        found = [await self.get(slug) for slug in slugs]
        return tuple(story for story in found if story is not None)

    async def former_names(self, slug: str) -> dict[tuple[str, str], int]:
        """The dates and headlines that developments of the story had before they were corrected, by number."""
        rows = await self._connection.execute(
            select(t.former_name.c.date, t.former_name.c.headline, t.former_name.c.development_id)
            .join(t.development, t.development.c.id == t.former_name.c.development_id)
            .join(t.story, t.story.c.id == t.development.c.story_id)
            .where(t.story.c.slug == slug)
        )
        return {(row.date, row.headline): row.development_id for row in rows}

    async def save(self, before: Story | None, after: Story, now: datetime) -> Story:
        """Write a story over what it was, with all that is derived from it, and give it back with its numbers.

        Developments with number 0 are new; the others are told by their number. None is ever removed.
        The companies of its parties must be in the store.
        """
        number = await self._save_face(before, after, now)
        if before is None or before.parties != after.parties:
            await self._save_parties(number, after)
        if before is None or before.related != after.related:
            await self._save_related(number, after.related)
        known = {d.number: d for d in before.developments} if before else {}
        written = [await self._save_development(number, known.get(d.number), d, now) for d in after.developments]
        saved = replace(after, developments=tuple(written))
        await Search(self._connection).write(number, saved)
        return saved

    async def _save_face(self, before: Story | None, after: Story, now: datetime) -> int:
        values = {**story_columns(after), "updated_at": now}
        if before is None:
            written: Any = insert(t.story).values(slug=after.slug, created_at=now, **values).returning(t.story.c.id)
        else:
            written = update(t.story).where(t.story.c.slug == after.slug).values(**values).returning(t.story.c.id)
        number: int = (await self._connection.execute(written)).scalar_one()
        await self._copy_to_parties(number, after)
        return number

    async def _copy_to_parties(self, number: int, story: Story) -> None:
        copied = update(t.party).where(t.party.c.story_id == number)
        await self._connection.execute(copied.values(**party_columns(story)))

    async def _save_parties(self, number: int, story: Story) -> None:
        await self._connection.execute(delete(t.party).where(t.party.c.story_id == number))
        ids = await Companies(self._connection).numbers([p.company for p in story.parties])
        also = party_columns(story)
        rows = [
            {"story_id": number, "company_id": ids[p.company], "role": p.role, "position": place, **also}
            for place, p in enumerate(story.parties)
        ]
        if rows:
            await self._connection.execute(insert(t.party), rows)

    async def _save_related(self, number: int, related: Sequence[str]) -> None:
        await self._connection.execute(delete(t.related).where(t.related.c.story_id == number))
        rows = [{"story_id": number, "slug": slug, "position": place} for place, slug in enumerate(related)]
        if rows:
            await self._connection.execute(insert(t.related), rows)

    async def _save_development(
        self, story: int, before: Development | None, after: Development, now: datetime
    ) -> Development:
        if before == after:
            return after
        values = development_columns(after)
        if before is None:
            added = insert(t.development).values(story_id=story, created_at=now, **values).returning(t.development.c.id)
            number = (await self._connection.execute(added)).scalar_one()
        else:
            number = before.number
            await self._connection.execute(update(t.development).where(t.development.c.id == number).values(**values))
            if (before.date, before.headline) != (after.date, after.headline):
                await self._remember_name(number, before)
        if before is None or before.sources != after.sources:
            await self._save_sources(number, after.sources)
        return replace(after, number=number)

    async def _remember_name(self, number: int, before: Development) -> None:
        name = {"development_id": number, "date": str(before.date), "headline": before.headline}
        same = [t.former_name.c[column] == value for column, value in name.items()]
        if (await self._connection.execute(select(t.former_name.c.id).where(*same))).first() is None:
            await self._connection.execute(insert(t.former_name).values(**name))

    async def _save_sources(self, development: int, sources: Sequence[Source]) -> None:
        await self._connection.execute(delete(t.source).where(t.source.c.development_id == development))
        rows = source_rows(development, sources)
        if rows:
            await self._connection.execute(insert(t.source), rows)

    async def _parties(self, number: int) -> tuple[Party, ...]:
        rows = await self._connection.execute(_PARTIES, {"story": number})
        return tuple(Party(name, role) for name, role in rows.all())

    async def _related(self, number: int) -> tuple[str, ...]:
        return tuple((await self._connection.execute(_RELATED, {"story": number})).scalars())

    async def _developments(self, number: int, chosen: Select[tuple[int]] | None) -> tuple[Development, ...]:
        if chosen is None:
            found = (await self._connection.execute(_DEVELOPMENTS, {"story": number})).all()
        else:
            these = select(t.development).where(t.development.c.id.in_(chosen)).order_by(*_OLDEST)
            found = (await self._connection.execute(these)).all()
        sources = await sources_of(self._connection, [row.id for row in found])
        return tuple(development_of(row, sources.get(row.id, ())) for row in found)

    async def _count_standing(self, number: int) -> int:
        standing_ones = select(func.count()).select_from(t.development).where(standing(number))
        return (await self._connection.execute(standing_ones)).scalar_one()


def _joined_as(slugs: Sequence[str], what: Select[Any] | None = None) -> Select[Any]:
    chosen = select(t.story) if what is None else what
    joined = chosen.add_columns(t.joined.c.slug.label("former")).join(t.joined, t.joined.c.into_id == t.story.c.id)
    return joined.where(t.joined.c.slug.in_(slugs))


def development_of(row: Row[Any], sources: tuple[Source, ...]) -> Development:
    """The value of a row of the development table."""
    return Development(
        key=row.key,
        date=PartialDate.parse(row.date),
        headline=row.headline,
        claim=Claim(row.claim),
        text=row.text,
        stage=Stage(row.stage) if row.stage else None,
        sources=sources,
        retracted=row.retracted,
        number=row.id,
    )


async def sources_of(connection: AsyncConnection, developments: Sequence[int]) -> dict[int, tuple[Source, ...]]:
    """The sources of these developments, in their order."""
    grouped: defaultdict[int, list[Source]] = defaultdict(list)
    rows = await connection.execute(_SOURCES, {"developments": as_list(developments)})
    for number, publisher, title, url, date in rows.all():
        grouped[number].append(Source(publisher, title, url, PartialDate.parse(date) if date else None))
    return {number: tuple(sources) for number, sources in grouped.items()}
