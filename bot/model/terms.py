"""The terms of a deal: its figures, each with its bound, claim and sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from itertools import groupby
from typing import TYPE_CHECKING

from bot.languages import format_figure, lazy, lazy_as, render_in_all_languages, say, say_as
from bot.model.dates import PartialDate
from bot.model.vocabulary import Bound, Claim, LabelledEnum

if TYPE_CHECKING:
    from bot.model.story import Source


#: The retraction reason of a term that the desk removed without a word; stored in English.
TERM_REMOVED = lazy("The desk has removed this figure.")


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


_BOUNDED = {
    # Translators: a figure of a deal, such as "about $69 billion"
    Bound.ABOUT: lazy("about {figure}"),
    Bound.UP_TO: lazy("up to {figure}"),
    Bound.AT_LEAST: lazy("at least {figure}"),
}
#: The nouns that are translated, if a unit is exactly one of them.
_UNIT_LABELS = {
    "jobs": lazy_as("unit", "jobs"),
    "shares": lazy_as("unit", "shares"),
    "units": lazy_as("unit", "units"),
    "units/year": lazy_as("unit", "units/year"),
    "vehicles": lazy_as("unit", "vehicles"),
    "vehicles/year": lazy_as("unit", "vehicles/year"),
}


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
    def localized_retraction_reason(self) -> str:
        """Why it was retracted: the editor's words, or ours in the current language; empty while it is valid."""
        return say(TERM_REMOVED) if self.retraction_reason == TERM_REMOVED else self.retraction_reason

    @property
    def figure(self) -> tuple[Decimal, str, Bound | None]:
        """What distinguishes it from another figure of the same name."""
        return (self.amount, self.unit, self.bound)

    @property
    def display(self) -> str:
        """The figure in the current language: ``about $69 billion``, ``51 %``, ``100.000 Fahrzeuge/Jahr``."""
        # The name says that they are jobs.
        unit = "" if self.name is TermName.JOBS and self.unit == "jobs" else self.unit
        unit = say_as("unit", _UNIT_LABELS[unit]) if unit in _UNIT_LABELS else unit
        figure = format_figure(self.amount, unit)
        return say(_BOUNDED[self.bound], figure=figure) if self.bound else figure


def canonicalize_unit(unit: str) -> str:
    """Return the noun that is stored for one in any of our languages (``Fahrzeuge/Jahr``); any other unit as it is.

    A word that has several meanings, such as 台, stays.
    """
    return _get_nouns_by_label().get(unit.casefold(), unit)


@cache
def _get_nouns_by_label() -> dict[str, str]:
    nouns: dict[str, str] = {}
    ambiguous_labels: set[str] = set()
    for noun, label in _UNIT_LABELS.items():
        for name in {text.casefold() for text in render_in_all_languages(partial(say_as, "unit", label))}:
            if nouns.setdefault(name, noun) != noun:
                ambiguous_labels.add(name)
    return {name: noun for name, noun in nouns.items() if name not in ambiguous_labels}


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
        """Whether sources differ: they give two figures in one unit, or deny one that others give."""
        figures, units = {term.figure for term in self.terms}, {term.unit for term in self.terms}
        return len(figures) > len(units) or len({term.claim is Claim.DENIED for term in self.terms}) > 1


def order_terms(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return terms in the order of :class:`TermName`, the newest of a name first; retracted ones come last."""
    names = list(TermName)
    newest_first = sorted(terms, key=_get_date_key, reverse=True)
    return tuple(sorted(newest_first, key=lambda term: (not term.is_valid, names.index(term.name))))


def group_terms(terms: Iterable[Term]) -> tuple[TermGroup, ...]:
    """Return the valid terms by their names, in the order of :class:`TermName`."""
    valid_terms = order_terms(term for term in terms if term.is_valid)
    return tuple(TermGroup(name, tuple(group)) for name, group in groupby(valid_terms, key=lambda term: term.name))


def _get_date_key(term: Term) -> tuple[int, int, int]:
    return term.date.sort_key if term.date else (0, 0, 0)
