"""What the tracker says of an article."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from bot.model.vocabulary import Claim, Stage


class Decision(StrEnum):
    """What an article is to the stories that are known."""

    NEW_STORY = "new-story"
    DEVELOPMENT = "development"
    RE_REPORT = "re-report"


@dataclass(frozen=True, slots=True)
class Position:
    """What a text says of its deal: the stage, None if it names none, and who stands behind it."""

    stage: Stage | None = None
    claim: Claim = Claim.REPORTED

    def can_repeat(self, other: Position) -> bool:
        """Return whether a text that says this can be a re-report of one that says the other.

        A text that names no stage changes none, and a report of what a party has confirmed changes no claim.
        """
        keeps_claim = self.claim is other.claim or (self.claim, other.claim) == (Claim.REPORTED, Claim.CONFIRMED)
        return keeps_claim and self.stage in (None, other.stage)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A known story that an article may belong to, and how well it fits, 0 to 1."""

    story: str
    score: float


@dataclass(frozen=True, slots=True)
class Twin:
    """What an article tells again.

    Attributes:
        key: the id of an article, or, in a story, the key of a development; empty where there is nothing alike.
        story: the story that the development is in; empty for an article that is in none.
        likelihood: that it is told again, 0 to 1.
    """

    key: str = ""
    story: str = ""
    likelihood: float = 0.0


@dataclass(frozen=True, slots=True)
class Marked:
    """Words that say something: ``words`` stand from ``start`` to ``end`` in an article's ``part``, its title or its text."""

    part: Literal["title", "text"]
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Stage and claim as a text tells them, with the words that do. A proposal: nothing is published by it.

    Attributes:
        stage: None where the text names none, or only denies or doubts one.
        claim: ``reported`` where nothing says otherwise.
        stage_words: where the stage is said; None without one.
        claim_words: where the claim is said; None where it is only the usual one.
    """

    stage: Stage | None = None
    claim: Claim = Claim.REPORTED
    stage_words: Marked | None = None
    claim_words: Marked | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """An article's place.

    Attributes:
        article: the article's id.
        event: the articles that tell the same news share it: the id of the first of them. A later article can show that
            two events are one; the tracker knows the event that an article is in now.
        story: the slug of the story that it belongs to, or most likely does; empty for a new story.
        candidates: the stories that fit best, at most three, best first; the first is ``story`` where that is set.
        score: 0 to 1; of a re-report how likely it is one, else how well it fits its story, or, of a new story, the one that
            fitted best and not enough.
        sure: whether the desk need not be asked: it is that story's, and, of a re-report, it is one.
        twin: what it tells again, or most nearly does.
        suggestion: stage and claim as its words tell them.
        brings_new: whether it has a figure, a known company, a claim or a stage that no text of its event or story has.
    """

    article: str
    event: str
    decision: Decision
    story: str = ""
    candidates: tuple[Candidate, ...] = ()
    score: float = 0.0
    sure: bool = False
    twin: Twin = Twin()
    suggestion: Suggestion = Suggestion()
    brings_new: bool = False
