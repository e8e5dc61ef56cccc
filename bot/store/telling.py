"""Of a story with very many developments, those that tell where it stands."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, or_, select, union

from bot.model.vocabulary import Claim
from bot.store import tables as t


def standing(story: int) -> ColumnElement[bool]:
    """The developments of the story of that number that stand."""
    # In these words, for the index of just these rows is found by them.
    return (t.development.c.story_id == story) & (t.development.c.retracted == literal_column("''"))


def telling(story: int, newest: int, also: Collection[int]) -> Select[tuple[int]]:
    """The numbers of its ``newest`` developments that stand, of older ones on which its stage or a dispute depends, and
    ``also`` of these.
    """
    of_stage_or_denied = or_(t.development.c.stage.is_not(None), t.development.c.claim == literal_column("'denied'"))
    # Not by the index of claims, which leads through all stories.
    claim = func.coalesce(t.development.c.claim, "")
    chosen = union(
        _newest(standing(story), newest),
        select(t.development.c.id).where(standing(story), of_stage_or_denied),
        _newest(standing(story) & (claim == Claim.CONFIRMED.value), 1),
        _newest(standing(story) & (claim != Claim.DENIED.value), 1),
        _newest(standing(story) & (claim != Claim.DENIED.value) & _before_the_newest_denial(story), 1),
        _first(standing(story) & (claim != Claim.DENIED.value)),
        select(t.development.c.id).where(t.development.c.id.in_(also)),
    ).subquery()
    return select(chosen.c.id)


def _before_the_newest_denial(story: int) -> ColumnElement[bool]:
    """What it may answer: :attr:`bot.model.story.Story.dispute`."""
    development = t.development.c
    denial = (
        select(development.date_sort, development.id)
        .where(standing(story), development.claim == literal_column("'denied'"))
        .order_by(development.date_sort.desc(), development.id.desc())
        .limit(1)
        .subquery()
    )
    date, number = select(denial.c.date_sort).scalar_subquery(), select(denial.c.id).scalar_subquery()
    return or_(development.date_sort < date, and_(development.date_sort == date, development.id < number))


def _first(where: ColumnElement[bool]) -> Select[tuple[int]]:
    found = select(t.development.c.id).where(where).order_by(t.development.c.date_sort, t.development.c.id).limit(1)
    return select(found.subquery().c.id)


def _newest(where: ColumnElement[bool], count: int) -> Select[tuple[int]]:
    found = (
        select(t.development.c.id)
        .where(where)
        .order_by(t.development.c.date_sort.desc(), t.development.c.id.desc())
        .limit(count)
        .subquery()
    )
    return select(found.c.id)
