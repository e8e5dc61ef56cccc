"""A text that the tracker has taken in, as it is kept: what a restart needs to go on as if there had been none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.tracking import Judgement


class Part(StrEnum):
    """What a kept text is."""

    ARTICLE = "article"
    HEADLINE = "headline"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class Tracked:
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
    part: Part
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
class CentreState:
    """The running mean of an embedder's vectors: how many, and their sum as float64."""

    embedder: str
    count: int
    total: bytes = field(repr=False)
