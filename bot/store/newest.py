"""Which stories and developments a list holds, newest first: statements that read an index, and no more of it than a page.

A page far behind the first passes over index entries only, and no list is counted further than to ``COUNTED``: what a
list costs does not grow with the store.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, literal_column, select

from bot.model.vocabulary import Claim, Kind, Stage
from bot.store import tables as t

#: How far a list is counted: one with more says so, and has no page beyond.
COUNTED = 10_000


def counted(chosen: Select[Any]) -> Select[int]:
    """How many rows that are, counted to ``COUNTED`` + 1."""
    return select(func.count()).select_from(chosen.order_by(None).limit(COUNTED + 1).subquery())


def stories(*, company: str | None, stage: Stage | None, kind: Kind | None, deals_only: bool) -> Select[Any]:
    """The numbers of the stories that meet every condition given, as ``id``."""
    if company is not None:
        return _stories_of_company(company, _story_conditions(stage, kind, deals_only=False), deals_only=deals_only)
    chosen = select(t.story.c.id).where(*_story_conditions(stage, kind, deals_only=deals_only))
    return chosen.order_by(t.story.c.as_of_sort.desc(), t.story.c.id)


def developments(
    *, company: str | None, kind: Kind | None, stage: Stage | None, claim: Claim | None, first: int
) -> tuple[Select[Any], Select[Any]]:
    """The numbers of the developments that stand and meet every condition given: those among which the ``first`` newest
    are, in their order; and all, to be counted.
    """
    own = _own_conditions(stage, claim, by_index=company is None and kind is None)
    every = near = select(t.development.c.id).where(_stands(), *own)
    if company is not None or kind is not None:
        every = near = every.where(t.development.c.story_id.in_(_inside(company, kind)))
        if not own:
            # A story whose newest development is older than the newest of that many other stories adds nothing to them.
            near = select(t.development.c.id).where(
                _stands(), t.development.c.story_id.in_(_newest_of(company, kind, first))
            )
    return near.order_by(t.development.c.date_sort.desc(), t.development.c.id.desc()), every


def _stands() -> ColumnElement[bool]:
    # In these words, for the indexes of just these rows are found by them.
    return t.development.c.retracted == literal_column("''")


def _number_of(company: str) -> ScalarSelect[Any]:
    return select(t.company.c.id).where(t.company.c.name == company).scalar_subquery()


def _story_conditions(stage: Stage | None, kind: Kind | None, *, deals_only: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if stage is not None:
        conditions.append(t.story.c.stage == stage.value)
    if kind is not None:
        conditions.append(t.story.c.kind == kind.value)
    # Whatever has a stage, or is of such a kind, is a deal.
    if deals_only and stage is None and not (kind is not None and kind.is_deal):
        conditions.append(t.story.c.is_deal == 1)
    return conditions


def _stories_of_company(company: str, conditions: list[ColumnElement[bool]], *, deals_only: bool) -> Select[Any]:
    party = t.party.c
    chosen = select(party.as_of_sort, party.story_id.label("id")).where(party.company_id == _number_of(company))
    if deals_only:
        chosen = chosen.where(party.is_deal == 1)
    if conditions:
        chosen = chosen.join(t.story, t.story.c.id == party.story_id).where(*conditions)
    # A company may be in a story twice, in two roles.
    return chosen.distinct().order_by(party.as_of_sort.desc(), party.story_id)


def _own_conditions(stage: Stage | None, claim: Claim | None, *, by_index: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    for column, word in ((t.development.c.stage, stage), (t.development.c.claim, claim)):
        if word is not None:
            # Within a company or a kind its stories lead to the rows; the index of all that say so would lead astray.
            conditions.append((column if by_index else func.coalesce(column, "")) == word.value)
    return conditions


def _inside(company: str | None, kind: Kind | None) -> Select[Any]:
    if company is None:
        return select(t.story.c.id).where(*_story_conditions(None, kind, deals_only=False))
    chosen = select(t.party.c.story_id).where(t.party.c.company_id == _number_of(company))
    if kind is not None:
        chosen = chosen.join(t.story, t.story.c.id == t.party.c.story_id).where(t.story.c.kind == kind.value)
    return chosen


def _newest_of(company: str | None, kind: Kind | None, first: int) -> Select[Any]:
    """The stories that are as new as the last of the ``first`` newest, or newer."""
    if company is None:
        newest = stories(company=None, stage=None, kind=kind, deals_only=False).limit(first)
        newest = newest.with_only_columns(t.story.c.as_of_sort)
        place = newest.subquery()
        as_new = t.story.c.as_of_sort >= select(func.min(place.c.as_of_sort)).scalar_subquery()
        return select(t.story.c.id).where(*_story_conditions(None, kind, deals_only=False), as_new)
    place = stories(company=company, stage=None, kind=kind, deals_only=False).limit(first).subquery()
    oldest = select(func.min(place.c.as_of_sort)).scalar_subquery()
    return _inside(company, kind).where(t.party.c.as_of_sort >= oldest)
