"""An article that waits for the desk's decision, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.languages import lazy_as
from bot.model.article import Article
from bot.model.confidence_line import FeedLines
from bot.model.proposals import ExpectedProposal, TermProposal
from bot.model.story import Development, Story
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, LabelledEnum, Stage


class Fit(LabelledEnum, label_context="fit"):
    """How well an article fits the story that is recommended first."""

    CLEAR = "clear", lazy_as("fit", "clear match")
    LIKELY = "likely", lazy_as("fit", "likely match")
    WEAK = "weak", lazy_as("fit", "weak match")


class ReviewState(StrEnum):
    """The state of an article in the review queue: it waits, or what was decided."""

    WAITING = "waiting"
    PUBLISHED = "published"
    RE_REPORT = "re-report"
    NOT_NEWS = "not-news"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the tracker recommends for an article.

    Attributes:
        stories: the slugs of the stories that it may belong to, the likeliest first, at most three.
        story: the slug of the story with the development that it re-reports; empty for none.
        development_key: the key of that development; empty for none.
        evidence: the words of the article that state the stage and the claim.
        companies: the known companies that it names.
        unknown_names: other names in it that may be companies.
        terms, expected_events: what it says of the deal's figures and of events to come; the desk may enter them.
        fit: how well it fits the first of ``stories``; None if there is none, or if it was judged by an earlier version.
        confidence: how likely the first of ``stories`` is the right one, from 0 to 1, or 0 if something speaks against it;
            None as for ``fit``.
        repeat_likelihood: how likely it is a re-report, from 0 to 1; None if it is none, or as for ``fit``.
    """

    decision: Decision
    stories: tuple[str, ...] = ()
    story: str = ""
    development_key: str = ""
    claim: Claim = Claim.REPORTED
    stage: Stage | None = None
    evidence: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()
    unknown_names: tuple[str, ...] = ()
    fit: Fit | None = None
    terms: tuple[TermProposal, ...] = ()
    expected_events: tuple[ExpectedProposal, ...] = ()
    confidence: float | None = None
    repeat_likelihood: float | None = None

    @property
    def likeliest_slug(self) -> str:
        """The slug of the story that it most likely belongs to; empty if there is none."""
        return self.story or next(iter(self.stories), "")

    def get_shared_companies(self, story: Story) -> tuple[str, ...]:
        """Return the companies that the article names and that are parties of a story: why it may belong there."""
        parties = {party.company for party in story.parties}
        return tuple(company for company in self.companies if company in parties)


@dataclass(frozen=True, slots=True)
class ArticleMatch:
    """The story that an article would join, and what recommends it."""

    story: Story
    recommendation: Recommendation

    @property
    def shared_companies(self) -> tuple[str, ...]:
        """The parties of the story that the article names."""
        return self.recommendation.get_shared_companies(self.story)

    @property
    def repeated_development(self) -> Development | None:
        """The development that the article repeats; None if it brings news."""
        recommendation = self.recommendation
        return self.story.find_development(recommendation.development_key) if recommendation.story else None


@dataclass(frozen=True, slots=True)
class Review:
    """An article that waits for a decision, with those that report the same news.

    Attributes:
        event: the id that articles of the same news share.
        feed_id: the feed that had it first; None if that feed was removed; ``feed_label`` is its title.
        same_news: articles that report the same, in the order in which they arrived.
        slug: the story that it was published in, or that it re-reports; empty for none.
        development_key: the development that it became, or that it re-reports; empty for none.
        is_accepted: whether the decision was the first recommendation; None while it waits, or if nobody was asked. What was
            filed automatically and undone waits again, and was not accepted.
        channel_id: the desk's channel with the message that shows it; None while there is none.
        content_version: how often it had changed when it was read.
    """

    id: int
    event: str
    article: Article
    recommendation: Recommendation
    state: ReviewState
    created_at: datetime
    feed_id: int | None = None
    feed_label: str = ""
    same_news: tuple[Article, ...] = ()
    decided_at: datetime | None = None
    decided_by: str = ""
    slug: str = ""
    development_key: str = ""
    is_accepted: bool | None = None
    channel_id: int | None = None
    message_id: int | None = None
    in_doubt: bool = False
    search_after: int | None = None
    content_version: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state is ReviewState.WAITING


@dataclass(frozen=True, slots=True)
class FeedReviewStats:
    """How many articles of a feed the desk decided about, and how often it accepted the first recommendation.

    ``lines`` is what the tracker does alone for the feed; None where that is not looked up.
    """

    decided_count: int = 0
    accepted_count: int = 0
    lines: FeedLines | None = None
