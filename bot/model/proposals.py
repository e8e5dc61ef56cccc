"""What an article says of the terms of a deal and of the events to come: proposals for the desk, none of which is published."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.languages import lazy_as
from bot.model.expected_event import ExpectedDate
from bot.model.terms import Term, TermName
from bot.model.tracking import TextSpan
from bot.model.vocabulary import Bound, Claim, LabelledEnum

if TYPE_CHECKING:
    from bot.model.story import Story


class ExpectedKind(LabelledEnum, label_context="expected event"):
    """What an article expects to happen."""

    # Translators: an expected event: a deal is completed
    CLOSING = "closing", lazy_as("expected event", "Closing")
    # Translators: an expected event: a contract is signed
    SIGNING = "signing", lazy_as("expected event", "Signing")
    # Translators: an expected event: a regulator, a court or the shareholders decide
    DECISION = "decision", lazy_as("expected event", "Decision")
    # Translators: an expected event: a product comes to market, or a plant, production or deliveries begin
    LAUNCH = "launch", lazy_as("expected event", "Launch")


@dataclass(frozen=True, slots=True)
class TermProposal:
    """A figure that an article gives as a term of its deal, with the words for it.

    Attributes:
        unit: as of :class:`~bot.model.terms.Term`.
        bound: None if the article gives the figure exactly.
    """

    name: TermName
    amount: Decimal
    unit: str
    bound: Bound | None
    words: TextSpan

    @property
    def figure(self) -> tuple[Decimal, str, Bound | None]:
        """What distinguishes it from another figure of the same name."""
        return (self.amount, self.unit, self.bound)

    def to_term(self, claim: Claim) -> Term:
        """Return it as a term without a key or sources."""
        return Term("", self.name, self.amount, self.unit, claim, self.bound)

    def is_known(self, story: Story) -> bool:
        """Return whether a story has the figure already."""
        return any(term.is_valid and (term.name, term.figure) == (self.name, self.figure) for term in story.terms)


@dataclass(frozen=True, slots=True)
class ExpectedProposal:
    """An event that an article expects, with the words for it; the date is no more precise than they are."""

    kind: ExpectedKind
    date: ExpectedDate
    words: TextSpan

    def is_known(self, story: Story) -> bool:
        """Return whether a story has an open event with this date already."""
        return any(event.date == self.date for event in story.open_events)
