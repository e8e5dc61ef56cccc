"""What the tracker says of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.model.vocabulary import Claim, Stage


class TrackedTextKind(StrEnum):
    """What a kept text is."""

    ARTICLE = "article"
    HEADLINE = "headline"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class TrackedText:
    """One kept text.

    Attributes:
        key: the article's id, or of a story's headline and developments ``slug#`` and ``slug#key``.
        event: the event that it is in; empty when that is over, and for what is no article.
        story: the slug of the story that it was put into; empty while it is in none.
        lead: as much of the text below the headline as is compared.
        embedder: whose vector it has; empty when it has none.
        vector: float32 in the machine's order, centred; empty for what is no longer compared.
        weights: its words, weighed.
        judgement: of an article, what was said of it first.
    """

    key: str
    kind: TrackedTextKind
    title: str
    at: datetime
    lead: str = ""
    event: str = ""
    story: str = ""
    embedder: str = ""
    vector: bytes = field(default=b"", repr=False)
    weights: Mapping[str, float] = field(default_factory=dict, repr=False)
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class MeanVectorState:
    """The running mean of an embedder's vectors: how many, and their sum as float64."""

    embedder: str
    count: int
    total: bytes = field(repr=False)


class Decision(StrEnum):
    """What an article is to the stories that are known."""

    NEW_STORY = "new-story"
    DEVELOPMENT = "development"
    RE_REPORT = "re-report"


@dataclass(frozen=True, slots=True)
class StatedStatus:
    """What a text says of its deal: the stage, None if it names none, and who stands behind it."""

    stage: Stage | None = None
    claim: Claim = Claim.REPORTED

    def can_repeat(self, other: StatedStatus) -> bool:
        """Return whether a text that says this can be a re-report of one that says the other.

        A text that names no stage changes none, and a report of what a party has confirmed changes no claim.
        """
        keeps_claim = self.claim is other.claim or (self.claim, other.claim) == (Claim.REPORTED, Claim.CONFIRMED)
        return keeps_claim and self.stage in (None, other.stage)


@dataclass(frozen=True, slots=True)
class StoryMatch:
    """A known story that an article may belong to, and how well it fits, 0 to 1."""

    story: str
    score: float


@dataclass(frozen=True, slots=True)
class Duplicate:
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
class TextSpan:
    """Words that say something: ``words`` stand from ``start`` to ``end`` in an article's ``part``, its title or its text."""

    part: Literal["title", "text"]
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """Stage and claim as a text tells them, with the words that do. A proposal: nothing is published by it.

    Attributes:
        stage: None where the text names none, or only denies or doubts one.
        claim: ``reported`` where nothing says otherwise.
        stage_words: where the stage is said; None without one.
        claim_words: where the claim is said; None where it is only the usual one.
    """

    stage: Stage | None = None
    claim: Claim = Claim.REPORTED
    stage_words: TextSpan | None = None
    claim_words: TextSpan | None = None


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
    candidates: tuple[StoryMatch, ...] = ()
    score: float = 0.0
    sure: bool = False
    twin: Duplicate = Duplicate()
    suggestion: Extraction = Extraction()
    brings_new: bool = False
