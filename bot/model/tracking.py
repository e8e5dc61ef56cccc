"""What the tracker stores about texts, and its judgement of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.model.vocabulary import Claim, Stage


class TrackedTextKind(StrEnum):
    """What a tracked text is."""

    ARTICLE = "article"
    HEADLINE = "headline"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class TrackedText:
    """A text that the tracker compares articles with, as it is stored.

    Attributes:
        key: the id of an article; for the headline and the developments of a story ``slug#`` and ``slug#key``.
        event: the event that an article is in; empty if that is over, and for other texts.
        story: the slug of its story; empty while it is in none.
        lead: the part of the text below the headline that is compared.
        embedder: the embedder of its vector; empty if it has none.
        vector: float32 in the machine's byte order, centred; empty if it is no longer compared.
        weights: its words with their weights.
        judgement: the first judgement of an article.
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
    """The running mean of an embedder's vectors: their number, and their sum as float64. The fields are columns of the store."""

    embedder: str
    count: int
    total: bytes = field(repr=False)


class Decision(StrEnum):
    """What an article is in relation to the known stories."""

    NEW_STORY = "new-story"
    DEVELOPMENT = "development"
    RE_REPORT = "re-report"


@dataclass(frozen=True, slots=True)
class StatedStatus:
    """What a text says about its deal: the stage, None if it names none, and the claim."""

    stage: Stage | None = None
    claim: Claim = Claim.REPORTED

    def can_repeat(self, other: StatedStatus) -> bool:
        """Return whether a text with this status can be a re-report of one with the other.

        A text that names no stage changes none, and a report of what a party has confirmed changes no claim.
        """
        keeps_claim = self.claim is other.claim or (self.claim, other.claim) == (Claim.REPORTED, Claim.CONFIRMED)
        return keeps_claim and self.stage in (None, other.stage)


@dataclass(frozen=True, slots=True)
class StoryMatch:
    """A known story that an article may belong to, and how well it fits, from 0 to 1. Stored as JSON by its field names."""

    story: str
    score: float


@dataclass(frozen=True, slots=True)
class Duplicate:
    """What an article repeats. Stored as JSON by its field names.

    Attributes:
        key: the id of an article or, in a story, the key of a development; empty if nothing is similar.
        story: the slug of the development's story; empty for an article that is in none.
        likelihood: how likely it is a repetition, from 0 to 1.
    """

    key: str = ""
    story: str = ""
    likelihood: float = 0.0


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A part of an article's title or text, from ``start`` to ``end``, and its words. Stored as JSON by its field names."""

    part: Literal["title", "text"]
    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Extraction:
    """The stage and claim that a text states, with the words for them. A proposal: nothing is published by it.

    Stored as JSON by its field names.

    Attributes:
        stage: None if the text names none, or only denies or doubts one.
        claim: ``reported`` unless the text says otherwise.
        stage_words: the words for the stage; None without one.
        claim_words: the words for the claim; None if it is only the default.
    """

    stage: Stage | None = None
    claim: Claim = Claim.REPORTED
    stage_words: TextSpan | None = None
    claim_words: TextSpan | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The tracker's decision about an article. Stored as JSON by its field names.

    Attributes:
        article: the article's id.
        event: the id of the first article of the same news. A later article can show that two events are one; the tracker
            knows the current event of an article.
        story: the slug of the story that it surely belongs to; empty if an editor decides about that.
        candidates: the stories that fit best, at most three, best first; the first is ``story`` if that is set.
        score: from 0 to 1: of a re-report how likely it is one; of a development how well it fits its story, or its event if
            ``story`` is empty; of a new story how well the best story fits that was not good enough.
        sure: whether the desk need not be asked about the story nor, of a re-report, about the repetition.
        confidence: how likely the first candidate is the right story, from 0 to 1; 0 without any, and if something speaks
            against it, so that an editor decides however likely it is.
        twin: what it repeats, or comes closest to repeating.
        suggestion: the stage and claim that its words state.
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
    confidence: float = 0.0
