"""The terms of a deal: its figures, each with its bound, claim and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.languages import lazy_as
from bot.model.dates import PartialDate
from bot.model.labelled_enum import LabelledEnum
from bot.model.vocabulary import Bound, Claim

if TYPE_CHECKING:
    from bot.model.story import Source


class TermName(LabelledEnum, label_context="term"):
    """What a figure says of a deal.

    Attributes:
        is_money: whether its unit is a currency.
    """

    VALUE = "value", lazy_as("term", "Value"), True
    STAKE = "stake", lazy_as("term", "Stake"), False
    PRICE_PER_SHARE = "price-per-share", lazy_as("term", "Price per share"), True
    VOLUME = "volume", lazy_as("term", "Volume"), False
    CAPACITY = "capacity", lazy_as("term", "Capacity"), False
    INVESTMENT = "investment", lazy_as("term", "Investment"), True
    JOBS = "jobs", lazy_as("term", "Jobs"), False

    def __init__(self, _value: str, _label: str = "", is_money: bool = False) -> None:
        self.is_money = is_money


@dataclass(frozen=True, slots=True)
class Term:
    """A figure of a deal.

    Attributes:
        key: its id within the story, as the story file writes it.
        amount: the exact number; ``51`` for 51 %.
        unit: the ISO 4217 code of a currency, ``%``, or a noun such as ``vehicles/year``.
        bound: how the amount limits the figure; None if the source gives it exactly.
        retraction_reason: why it was retracted; empty while it is valid.
        id: its id in the store; 0 before it is stored.
    """

    key: str
    name: TermName
    amount: Decimal
    unit: str
    claim: Claim
    bound: Bound | None = None
    date: PartialDate | None = None
    sources: tuple[Source, ...] = ()
    retraction_reason: str = ""
    id: int = 0

    @property
    def is_valid(self) -> bool:
        """Whether it has not been retracted."""
        return not self.retraction_reason

    @property
    def figure(self) -> tuple[Decimal, str, Bound | None]:
        """What distinguishes it from another figure of the same name."""
        return (self.amount, self.unit, self.bound)


@dataclass(frozen=True, slots=True)
class FigureFilter:
    """Which stories a list has, by their figures of one name: valid ones that nobody denies.

    Attributes:
        unit: the unit that a figure must have; None for any. A figure in another unit is never compared with the limits.
        over, under: what a figure must exceed, and what it must be below.
    """

    name: TermName = TermName.VALUE
    unit: str | None = None
    over: Decimal | None = None
    under: Decimal | None = None


@dataclass(frozen=True, slots=True)
class TermGroup:
    """The valid terms of one name, newest first."""

    name: TermName
    terms: tuple[Term, ...]

    @property
    def is_disputed(self) -> bool:
        """Whether sources differ: they give two figures, or deny one."""
        return len({term.figure for term in self.terms}) > 1 or len({t.claim is Claim.DENIED for t in self.terms}) > 1


def group_terms(terms: Iterable[Term]) -> tuple[TermGroup, ...]:
    """Return the valid terms by their names, in the order of :class:`TermName`."""
    valid_terms = sorted((term for term in terms if term.is_valid), key=_get_date_key, reverse=True)
    groups = (TermGroup(name, tuple(term for term in valid_terms if term.name is name)) for name in TermName)
    return tuple(group for group in groups if group.terms)


def _get_date_key(term: Term) -> tuple[int, int, int]:
    return term.date.sort_key if term.date else (0, 0, 0)
