"""The stories, developments and expected events of a list by all its filters, and the lists that were asked for.

Lists with at most one company, kind, stage and claim are read from the indexes made for them (:mod:`bot.store.listing`).
Buttons carry a short key instead of a list's filters, which are stored here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, delete, func, insert, or_, select, update

from bot.model.dates import PartialDate
from bot.model.list_query import ListQuery, ListSubject, SearchWord, StoryState
from bot.model.story import DevelopmentListItem, ExpectedListItem, StoryListItem
from bot.model.terms import FigureFilter, TermName
from bot.store import tables as t
from bot.store.candidates import StoryCriteria, build_conditions
from bot.store.listing import (
    COUNT_LIMIT,
    build_count_query,
    build_development_queries,
    build_stories_query,
    has_begun,
    is_valid_development,
)
from bot.store.row_values import to_date_sort
from bot.store.subject import StoreSubject
from bot.store.terms import build_figures_query

_T = TypeVar("_T")
#: A use is recorded if the last one was longer ago: not every click writes.
_USE_INTERVAL = timedelta(days=1)


class FilteredLists(StoreSubject):
    """Lists by all their filters, in one transaction."""

    async def list_stories(
        self, query: ListQuery, *, offset: int = 0, limit: int = 10
    ) -> tuple[tuple[StoryListItem, ...], int]:
        """Return a page of stories and their count, as :meth:`bot.store.listing.StoryLists.list_stories` does."""
        term_name = query.figures.name if query.figures else TermName.VALUE
        statement = (
            build_stories_query(
                company=_get_only(query.companies),
                stage=_get_only(query.stages),
                kind=_get_only(query.kinds),
                deals_only=query.subject is ListSubject.DEALS,
                figures=query.figures,
            )
            if _is_simple(query)
            else await self._build_stories_query(query)
        )
        return await self._tx.listing.load_stories(statement, term_name, offset, limit)

    async def list_developments(
        self, query: ListQuery, *, offset: int = 0, limit: int = 10
    ) -> tuple[tuple[DevelopmentListItem, ...], int]:
        """Return a page of developments and their count, as :meth:`bot.store.listing.StoryLists.list_developments` does."""
        if _is_simple(query):
            newest_query, full_query = build_development_queries(
                company=_get_only(query.companies),
                kind=_get_only(query.kinds),
                stage=_get_only(query.stages),
                claim=_get_only(query.claims),
                newest_count=offset + limit,
                latest_date=self._tx.latest_date,
            )
        else:
            newest_query = full_query = await self._build_developments_query(query)
        return await self._tx.listing.load_developments(newest_query, full_query, offset, limit)

    async def list_expected_events(
        self, query: ListQuery, *, today: date, offset: int = 0, limit: int = 10
    ) -> tuple[tuple[ExpectedListItem, ...], int]:
        """Return a page of the expected events whose outcome is not known, soonest first, and their count.

        Those whose day or window is over come last, the latest of them first. The count goes up to ``COUNT_LIMIT`` + 1.
        """
        event = t.expected_event.c
        events, day = await self._build_events_query(query), to_date_sort(PartialDate.from_date(today))
        coming = events.where(event.last_day >= day).order_by(event.last_day, event.is_day.desc(), event.id)
        overdue = events.where(event.last_day < day).order_by(event.last_day.desc(), event.is_day, event.id.desc())
        coming_count, overdue_count = [
            (await self._connection.execute(build_count_query(part))).scalar_one() for part in (coming, overdue)
        ]
        event_ids = list((await self._connection.execute(coming.offset(offset).limit(limit))).scalars())
        rest = overdue.offset(max(0, offset - coming_count)).limit(limit - len(event_ids))
        event_ids += (await self._connection.execute(rest)).scalars()
        events_with_slugs = await self._tx.expected_events.list_with_slugs(event_ids)
        stories = {
            item.slug: item for item in await self._tx.listing.get_items([slug for slug, _ in events_with_slugs])
        }
        items = tuple(ExpectedListItem(stories[slug], event) for slug, event in events_with_slugs)
        return items, min(coming_count + overdue_count, COUNT_LIMIT + 1)

    async def _build_events_query(self, query: ListQuery) -> Select[Any]:
        """Select the ids of the expected events whose outcome is not known (:attr:`bot.model.story.Story.open_events`)."""
        event = t.expected_event.c
        of_stories = replace(query, period=None, words=(), excluded_words=())
        conditions = [
            t.story.c.is_open == 1,
            # An outcome that only a retracted development shows does not count.
            or_(event.outcome.is_(None), t.development.c.retracted != ""),
            *await self._build_story_conditions(of_stories, with_development=True),
            *[await self._build_word_condition(word) for word in query.words],
            *[~await self._build_word_condition(word) for word in query.excluded_words],
        ]
        if query.period:
            conditions.append(event.last_day.between(*query.period.sort_bounds))
        return (
            select(event.id)
            .join(t.story, t.story.c.id == event.story_id)
            .outerjoin(t.development, t.development.c.id == event.development_id)
            .where(*conditions)
        )

    async def _build_word_condition(self, word: SearchWord) -> ColumnElement[bool]:
        """Return the condition that an expected event, or its story, has a word."""
        in_story = await self._tx.fulltext.build_condition(t.story.c.id, word.patterns)
        return or_(in_story, func.lower(t.expected_event.c.headline).contains(word.text.lower(), autoescape=True))

    async def _build_stories_query(self, query: ListQuery) -> Select[Any]:
        """Select the ids of the stories, newest first, or those with the largest figures first."""
        newest_first = (t.story.c.as_of_sort.desc(), t.story.c.id)
        statement = select(t.story.c.id).where(*await self._build_story_conditions(query, with_development=True))
        if query.figures is None and not query.largest_first:
            return statement.order_by(*newest_first)
        ranked = build_figures_query(query.figures or FigureFilter()).subquery()
        # Without limits, deals of unknown value belong to the list too, at its end.
        joined = statement.join(ranked, ranked.c.story_id == t.story.c.id, isouter=query.figures is None)
        return joined.order_by(ranked.c.largest.desc().nulls_last(), *newest_first)

    async def _build_developments_query(self, query: ListQuery) -> Select[Any]:
        """Select the ids of the developments, newest first."""
        development = t.development.c
        conditions = [is_valid_development(), has_begun(self._tx.latest_date)]
        if query.stages:
            conditions.append(development.stage.in_([stage.value for stage in query.stages]))
        if query.claims:
            conditions.append(development.claim.in_([claim.value for claim in query.claims]))
        if query.period:
            conditions.append(development.date_sort.between(*query.period.sort_bounds))
        story_conditions = await self._build_story_conditions(query, with_development=False)
        if story_conditions:
            conditions.append(development.story_id.in_(select(t.story.c.id).where(*story_conditions)))
        return select(development.id).where(*conditions).order_by(development.date_sort.desc(), development.id.desc())

    async def _build_story_conditions(self, query: ListQuery, *, with_development: bool) -> list[ColumnElement[bool]]:
        """Return the conditions of a story; ``with_development`` also those on what happened in it."""
        criteria = StoryCriteria(
            kinds=frozenset(query.kinds),
            stages=frozenset(query.stages) if with_development else frozenset(),
            is_open=True if StoryState.OPEN in query.states else None,
            disputed=StoryState.DISPUTED in query.states,
            deals_only=query.subject is ListSubject.DEALS,
            dates=query.period.sort_bounds if query.period and with_development else None,
        )
        story_id = t.story.c.id
        fulltext = self._tx.fulltext
        stage = func.coalesce(t.story.c.stage, "")
        return [
            *build_conditions(criteria),
            *(t.story.c.kind != kind.value for kind in query.excluded_kinds),
            *(stage != excluded.value for excluded in query.excluded_stages),
            *(story_id.in_(_select_stories_of(company)) for company in query.companies),
            *(story_id.not_in(_select_stories_of(company)) for company in query.excluded_companies),
            *[await fulltext.build_condition(story_id, word.patterns) for word in query.words],
            *[~await fulltext.build_condition(story_id, word.patterns) for word in query.excluded_words],
        ]


def _is_simple(query: ListQuery) -> bool:
    """Return whether a list has at most one company, kind, stage and claim, and no other filter."""
    simple = replace(query, companies=(), kinds=(), stages=(), claims=())
    if query.subject is not ListSubject.DEVELOPMENTS:
        simple = replace(simple, figures=None)
    values = (query.companies, query.kinds, query.stages, query.claims)
    return simple == ListQuery(query.subject) and all(len(of_field) <= 1 for of_field in values)


def _get_only(values: tuple[_T, ...]) -> _T | None:
    return values[0] if values else None


def _select_stories_of(company: str) -> Select[Any]:
    company_id = select(t.company.c.id).where(t.company.c.name == company).scalar_subquery()
    return select(t.party.c.story_id).where(t.party.c.company_id == company_id)


class ListQueries(StoreSubject):
    """The stored lists in one transaction."""

    async def find(self, key: str) -> ListQuery | None:
        """Return the list with a key; None if it was erased, or stored by another version."""
        query = select(t.list_query.c.query).where(t.list_query.c.key == key)
        encoded = (await self._connection.execute(query)).scalar_one_or_none()
        try:
            return None if encoded is None else ListQuery.decode(encoded)
        except ValueError:
            return None

    async def is_recorded(self, key: str, now: datetime) -> bool:
        """Return whether a list is stored, and its last use recorded not long ago."""
        query = select(t.list_query.c.used_at).where(t.list_query.c.key == key)
        used_at = (await self._connection.execute(query)).scalar_one_or_none()
        return used_at is not None and used_at > now - _USE_INTERVAL

    async def record(self, query: ListQuery, now: datetime) -> None:
        """Store a list, or that it is still in use."""
        key = query.key
        statement = update(t.list_query).where(t.list_query.c.key == key).values(used_at=now)
        if (await self._connection.execute(statement)).rowcount == 0:
            values = {"key": key, "query": query.encode(), "used_at": now}
            await self._connection.execute(insert(t.list_query).values(**values))

    async def erase_before(self, limit: datetime) -> int:
        """Erase the lists that were used last before a time; return how many."""
        return (await self._connection.execute(delete(t.list_query).where(t.list_query.c.used_at < limit))).rowcount
