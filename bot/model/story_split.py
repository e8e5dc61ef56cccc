"""A split of a story: what an editor moves to a new story or to another one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.model.expected_event import ExpectedEvent
from bot.model.story import Development, Story
from bot.model.terms import Term


class SplitState(StrEnum):
    """How far a split is: an editor still chooses, or it is done, or it was undone."""

    CHOOSING = "choosing"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class SplitParts:
    """The parts of a story that a split moves, by their ids in the store.

    An expected event with a resulting development always moves with that development, chosen or not.
    """

    developments: frozenset[int] = frozenset()
    expected_events: frozenset[int] = frozenset()
    terms: frozenset[int] = frozenset()

    def select_developments(self, story: Story) -> tuple[Development, ...]:
        """Return the chosen developments that the story has, in its order."""
        return tuple(d for d in story.developments if d.id in self.developments)

    def select_events(self, story: Story) -> tuple[ExpectedEvent, ...]:
        """Return the expected events that move: those chosen, and those that resulted in a chosen development."""
        keys = {d.key for d in self.select_developments(story)}
        return tuple(
            e
            for e in story.expected_events
            if (e.development_key in keys if e.development_key else e.id in self.expected_events)
        )

    def select_terms(self, story: Story) -> tuple[Term, ...]:
        """Return the chosen figures that the story has."""
        return tuple(term for term in story.terms if term.id in self.terms)

    def exist_in(self, story: Story) -> bool:
        """Return whether the story still has everything that was chosen."""
        return (
            self.developments <= {d.id for d in story.developments}
            and self.expected_events <= {e.id for e in story.expected_events}
            and self.terms <= {term.id for term in story.terms}
        )

    def limit_to(self, story: Story) -> SplitParts:
        """Return those of the parts that the story still has."""
        return SplitParts(
            self.developments & {d.id for d in story.developments},
            self.expected_events & {e.id for e in story.expected_events},
            self.terms & {term.id for term in story.terms},
        )

    def choose(self, offered: Collection[str], chosen: Collection[str]) -> SplitParts:
        """Return the parts after a menu that offers some of them, as values of :func:`part_value`, was answered."""
        names = {"d": "developments", "e": "expected_events", "t": "terms"}
        changes = {}
        for letter, name in names.items():
            offered_ids = {int(value[1:]) for value in offered if value[0] == letter}
            chosen_ids = {int(value[1:]) for value in chosen if value[0] == letter}
            changes[name] = (getattr(self, name) - offered_ids) | chosen_ids
        return replace(self, **changes)


def part_value(part: Development | ExpectedEvent | Term) -> str:
    """Return the value of a part in a menu: a letter for its type, and its id."""
    letter = "d" if isinstance(part, Development) else "e" if isinstance(part, ExpectedEvent) else "t"
    return f"{letter}{part.id}"


def list_parts(story: Story) -> tuple[Development | ExpectedEvent | Term, ...]:
    """Return all that can be chosen in a story: developments newest first, expected events without a result, figures."""
    return (
        *reversed(story.developments),
        *(event for event in story.expected_events if not event.development_key),
        *story.terms,
    )


@dataclass(frozen=True, slots=True)
class StorySplit:
    """A split, while an editor chooses and afterwards.

    Attributes:
        slug: the story that is split.
        target_slug: the story that the parts move to; empty for a new one until it exists.
        copies_follows: whether whoever follows the story follows the other one as well.
        edits_posts: whether posts that were sent are edited, so that they show the other story and lead there.
        id: its id in the store; 0 before it is stored.
    """

    slug: str
    target_slug: str = ""
    parts: SplitParts = SplitParts()
    copies_follows: bool = True
    edits_posts: bool = True
    state: SplitState = SplitState.CHOOSING
    id: int = 0

    def limit_to(self, story: Story) -> StorySplit:
        """Return the same split without parts that the story no longer has."""
        return replace(self, parts=self.parts.limit_to(story))
