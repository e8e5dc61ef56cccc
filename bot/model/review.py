"""What the desk has to decide about an article, and what it decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.article import Article
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Stage


class ReviewState(StrEnum):
    """Where an article stands in the queue: it waits, or what became of it."""

    WAITING = "waiting"
    PUBLISHED = "published"
    RE_REPORT = "re-report"
    NOT_NEWS = "not-news"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What the tracker makes of an article.

    Attributes:
        stories: slugs of the stories that it may belong to, the likeliest first, three at most.
        story: the slug of the story that the re-reported development is in, and ``key`` its id there; empty otherwise.
        words: the words of the article that say the stage and the claim.
        companies: the known companies that it names.
        names: names in it that may be those of companies, and are not known.
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


@dataclass(frozen=True, slots=True)
class Review:
    """An article that came up for decision, with those that tell the same news.

    Attributes:
        event: what articles that tell the same news have in common.
        feed: the number of the feed that had it first, 0 when that is gone; ``feed_label`` is its title.
        also: articles that tell the same, in the order in which they came in.
        slug: the story, and ``key`` the development, that it was published as, or that it re-reports.
        taken: whether the decision was the tracker's first suggestion; None while it waits, or when nobody was asked.
        channel_id: of the desk's channel, the message that shows it; 0 while there is none.
        wanted: how often it has changed, as of this reading.
    """

    id: int
    event: str
    article: Article
    recommendation: Recommendation
    state: ReviewState
    created_at: datetime
    feed_id: int = 0
    feed_label: str = ""
    same_news: tuple[Article, ...] = ()
    decided_at: datetime | None = None
    decided_by: str = ""
    slug: str = ""
    development_key: str = ""
    is_accepted: bool | None = None
    channel_id: int = 0
    message_id: int = 0
    in_doubt: bool = False
    search_after: int = 0
    content_version: int = 0

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided yet."""
        return self.state is ReviewState.WAITING


@dataclass(frozen=True, slots=True)
class FeedReviewStats:
    """How a feed's articles were decided: how many by the desk, and for how many of these the first suggestion was taken."""

    decided_count: int = 0
    accepted_count: int = 0
