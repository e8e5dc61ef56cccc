"""Headlines and leads with the terms and the expected events that they give, and how a reading of them is judged."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from bot.model.proposals import ExpectedProposal, TermProposal
from bot.newsroom.expected_event_extraction import extract_expected_events
from bot.newsroom.term_extraction import extract_terms

OWN_HEADLINES = Path(__file__).with_name("term_headlines.tsv")
#: The day on which all of them were published.
PUBLISHED = date(2026, 3, 12)

#: A term (name, amount, unit, bound) or an expected event (kind, date).
Fact = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """How many facts are read right and wrong, and how many are not read."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)


@dataclass(frozen=True, slots=True)
class Label:
    """A fact that a text gives, in each form that counts as right; an optional one may be left out."""

    facts: frozenset[Fact]
    is_optional: bool


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A headline with its lead, and what they give."""

    language: str
    headline: str
    lead: str
    terms: tuple[Label, ...]
    events: tuple[Label, ...]

    @property
    def is_held_out(self) -> bool:
        """Whether it only judges: nobody looks at how it is read while tuning."""
        return hashlib.sha256(self.headline.encode()).digest()[0] % 2 == 1

    def read_terms(self) -> list[Fact]:
        return list(map(describe_term, extract_terms(self.headline, self.lead, PUBLISHED)))

    def read_events(self) -> list[Fact]:
        return list(map(describe_event, extract_expected_events(self.headline, self.lead, PUBLISHED)))


def describe_term(term: TermProposal) -> Fact:
    return (term.name.value, str(term.amount.normalize()), term.unit, term.bound.value if term.bound else "")


def describe_event(event: ExpectedProposal) -> Fact:
    return (event.kind.value, str(event.date))


def judge(labels: Collection[Label], facts: Iterable[Fact]) -> Score:
    """Return how facts count: one that no label has is wrong."""
    right = wrong = 0
    read_labels: list[Label] = []
    for fact in facts:
        label = next((label for label in labels if fact in label.facts and label not in read_labels), None)
        if label is None:
            wrong += 1
            continue
        read_labels.append(label)
        right += not label.is_optional
    return Score(right, wrong, sum(not label.is_optional and label not in read_labels for label in labels))


def read_labelled_texts(path: Path = OWN_HEADLINES) -> list[LabelledText]:
    """Return the rows of a table with the columns language, headline, lead, terms and expected; ``#`` is a comment."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        LabelledText(
            row["language"],
            row["headline"],
            row["lead"],
            tuple(_parse_labels(row["terms"], _parse_term)),
            tuple(_parse_labels(row["expected"], _parse_event)),
        )
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]


def _parse_labels(cell: str, parse: Callable[[str], Fact]) -> Iterator[Label]:
    for item in filter(None, map(str.strip, cell.split(";"))):
        yield Label(
            frozenset(parse(form.strip()) for form in item.removeprefix("?").split(" or ")), item.startswith("?")
        )


def _parse_term(text: str) -> Fact:
    """Parse ``value 2.1e9 EUR about``; a unit may have several words."""
    name, amount, *unit = text.split()
    bound = unit.pop() if unit[-1] in ("about", "up-to", "at-least") else ""
    return (name, str(Decimal(amount).normalize()), " ".join(unit), bound)


def _parse_event(text: str) -> Fact:
    kind, _, day = text.partition(" ")
    return (kind, day)
