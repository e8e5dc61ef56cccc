"""The terms of stories: how they are read, written, moved and compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, delete, func, insert, literal_column, select, update

from bot.errors import NotFound
from bot.model.dates import PartialDate
from bot.model.story import Source, Story
from bot.model.terms import FigureFilter, Term, TermName
from bot.model.vocabulary import Bound, Claim
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.json_values import select_ids, to_json_array
from bot.store.row_values import build_source_columns
from bot.store.subject import StoreSubject

#: What one unit of a currency is worth in US dollars, roughly. It only sorts figures of different currencies into one list; no
#: figure is converted, and none is compared with a limit in another currency.
_ROUGH_DOLLARS = {
    "USD": 1.0, "EUR": 1.1, "GBP": 1.3, "CHF": 1.15, "CAD": 0.72, "AUD": 0.65, "NZD": 0.6, "SGD": 0.75, "HKD": 0.13, "CNY": 0.14,
    "TWD": 0.031, "JPY": 0.0067, "KRW": 0.00072, "INR": 0.012, "SEK": 0.095, "NOK": 0.093, "DKK": 0.147, "PLN": 0.25, "CZK": 0.043,
    "HUF": 0.0027, "BRL": 0.18, "MXN": 0.054, "ZAR": 0.055, "THB": 0.029, "ILS": 0.27, "IDR": 0.00006, "MYR": 0.22, "VND": 0.00004,
    "AED": 0.27, "SAR": 0.27, "TRY": 0.03,
}  # fmt: skip

_COLUMNS = ("story_id", "key", "name", "amount", "unit", "claim", "bound", "date", "retracted", "id")
_TERMS_BY_STORY = (
    select(*(t.term.c[name] for name in _COLUMNS))
    .where(t.term.c.story_id.in_(select_ids("stories")))
    .order_by(t.term.c.story_id, t.term.c.id)
)
_TERMS_OF_STORIES = HotStatement(_TERMS_BY_STORY)
_ASSERTED_TERMS = HotStatement(
    _TERMS_BY_STORY.where(t.term.c.name == bindparam("name")).where(
        t.term.c.retracted == "", t.term.c.claim != Claim.DENIED.value
    )
)
_SOURCES = HotStatement(
    select(*(t.term_source.c[name] for name in ("term_id", "publisher", "title", "url", "date")))
    .where(t.term_source.c.term_id.in_(select_ids("terms")))
    .order_by(t.term_source.c.term_id, t.term_source.c.position)
)


def build_figures_query(figures: FigureFilter) -> Select[Any]:
    """Select the stories that have such a figure as ``story_id``, each with its largest one as ``largest``, to sort by."""
    term = t.term.c
    # The partial index is used only if the condition is repeated literally.
    conditions: list[ColumnElement[bool]] = [
        term.retracted == literal_column("''"),
        term.claim != literal_column("'denied'"),
        term.name == figures.name.value,
    ]
    if figures.unit is not None:
        conditions.append(term.unit == figures.unit)
    if figures.over is not None:
        # What is *up to* so much may be less.
        conditions += [term.amount_sort > float(figures.over), func.coalesce(term.bound, "") != Bound.UP_TO.value]
    if figures.under is not None:
        conditions += [term.amount_sort < float(figures.under), func.coalesce(term.bound, "") != Bound.AT_LEAST.value]
    is_mixed = figures.unit is None and figures.name.is_money
    size: ColumnElement[float] = term.amount_sort
    if is_mixed:
        size = term.amount_sort * case(_ROUGH_DOLLARS, value=term.unit, else_=0.0)
    return select(term.story_id, func.max(size).label("largest")).where(*conditions).group_by(term.story_id)


class Terms(StoreSubject):
    """The terms in one transaction."""

    async def get_of_story(self, story_id: int) -> tuple[Term, ...]:
        """Return the terms of a story with their sources, in the order in which they were added."""
        rows = await _TERMS_OF_STORIES.fetch_all(self._connection, {"stories": to_json_array([story_id])})
        sources = await self._get_sources([row[-1] for row in rows])
        return tuple(_to_term(row, sources.get(row[-1], ())) for row in rows)

    async def get_with_story(self, term_id: int) -> tuple[Story, Term]:
        """Return a term and the story that has it now. Raises NotFound."""
        query = select(t.story.c.slug).join(t.term, t.term.c.story_id == t.story.c.id).where(t.term.c.id == term_id)
        slug = (await self._connection.execute(query)).scalar_one_or_none()
        story = await self._tx.stories.get(slug) if slug else None
        term = next((term for term in story.terms if term.id == term_id), None) if story else None
        if story is None or term is None:
            raise NotFound("figure", str(term_id))
        return story, term

    async def get_asserted(self, story_ids: Collection[int], name: TermName) -> defaultdict[int, tuple[Term, ...]]:
        """Return the valid terms of this name that nobody denies, without sources, by the story's id."""
        parameters = {"stories": to_json_array(story_ids), "name": name.value}
        terms: defaultdict[int, tuple[Term, ...]] = defaultdict(tuple)
        for row in await _ASSERTED_TERMS.fetch_all(self._connection, parameters):
            terms[row[0]] += (_to_term(row, ()),)
        return terms

    async def save(
        self, story_id: int, before: Iterable[Term], after: Iterable[Term], now: datetime
    ) -> tuple[Term, ...]:
        """Write the terms of a story over what they were; return them with their ids. None is ever removed."""
        old_terms = {term.id: term for term in before}
        return tuple([await self._save_term(story_id, old_terms.get(term.id), term, now) for term in after])

    async def _save_term(self, story_id: int, before: Term | None, after: Term, now: datetime) -> Term:
        if before == after:
            return after
        values = _build_columns(after)
        if before is None:
            statement = insert(t.term).values(story_id=story_id, created_at=now, **values).returning(t.term.c.id)
            term_id: int = (await self._connection.execute(statement)).scalar_one()
        else:
            term_id = before.id
            await self._connection.execute(update(t.term).where(t.term.c.id == term_id).values(**values))
        if before is None or before.sources != after.sources:
            await self._save_sources(term_id, after.sources)
        return replace(after, id=term_id)

    async def _save_sources(self, term_id: int, sources: Sequence[Source]) -> None:
        await self._connection.execute(delete(t.term_source).where(t.term_source.c.term_id == term_id))
        rows = [
            {"term_id": term_id, "position": position, **build_source_columns(source)}
            for position, source in enumerate(sources)
        ]
        if rows:
            await self._connection.execute(insert(t.term_source), rows)

    async def _get_sources(self, term_ids: Sequence[int]) -> dict[int, tuple[Source, ...]]:
        if not term_ids:
            return {}
        sources: defaultdict[int, tuple[Source, ...]] = defaultdict(tuple)
        rows = await _SOURCES.fetch_all(self._connection, {"terms": to_json_array(term_ids)})
        for term_id, publisher, title, url, date in rows:
            sources[term_id] += (Source(publisher, title, url, PartialDate.parse(date) if date else None),)
        return sources


def _build_columns(term: Term) -> dict[str, Any]:
    return {
        "key": term.key,
        "name": term.name.value,
        "amount": f"{term.amount:f}",
        "amount_sort": float(term.amount),
        "bound": term.bound.value if term.bound else None,
        "unit": term.unit,
        "claim": term.claim.value,
        "date": str(term.date or ""),
        "retracted": term.retraction_reason,
    }


def _to_term(row: Sequence[Any], sources: tuple[Source, ...]) -> Term:
    _, key, name, amount, unit, claim, bound, date, retraction_reason, term_id = row
    return Term(
        key=key,
        name=TermName(name),
        amount=Decimal(amount),
        unit=unit,
        claim=Claim(claim),
        bound=Bound(bound) if bound else None,
        date=PartialDate.parse(date) if date else None,
        sources=sources,
        retraction_reason=retraction_reason,
        id=term_id,
    )
