"""What became of each article of the trial week, and whether that was right by its label."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from benchmarks.week_articles import LabelledArticle, What
from bot.model.review import Review, ReviewState
from bot.model.tracking import Decision


class Fate(Enum):
    """What became of an article before an editor saw it."""

    PUBLISHED = "published alone"
    FOLDED = "added as a source to a development"
    GROUPED = "attached to an article that waits"
    DISMISSED = "attached to an article that the desk dismissed"
    QUEUED = "waits for the desk"
    MISSING = "did not arrive"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an article. ``is_right`` is None if an editor decides.

    Attributes:
        got: what was done, in words.
        story_rank: of an article that waits, the place of its story among the suggestions, from 1; 0 if it is not among them.
        names_development: whether an article that waits is rightly suggested as a repetition of a development.
        was_told: whether its news was in its story already.
    """

    article: LabelledArticle
    fate: Fate
    is_right: bool | None
    got: str = ""
    review: Review | None = None
    story_rank: int = 0
    names_development: bool = False
    was_told: bool = False


@dataclass(slots=True)
class Ledger:
    """Which news is in which story, by the labels.

    Attributes:
        articles: the articles by id.
        slugs: the slug of each labelled story that exists.
        developments: where each news is: the slug of a story and the key of a development.
        news: the news of each development, also of one that does not belong there.
    """

    articles: dict[str, LabelledArticle]
    slugs: dict[str, str] = field(default_factory=dict)
    developments: dict[str, tuple[str, str]] = field(default_factory=dict)
    news: dict[tuple[str, str], str] = field(default_factory=dict)

    def record(self, article: LabelledArticle, slug: str, key: str) -> None:
        """Record that a development tells the news of an article."""
        self.news[slug, key] = article.news
        if article.is_in_story and slug == self.slugs.setdefault(article.story, slug):
            # News that is told again is told where it was first.
            self.developments.setdefault(article.news, (slug, key))

    def remove(self, slug: str, key: str) -> None:
        """Record that a development was withdrawn."""
        news = self.news.pop((slug, key), "")
        if self.developments.get(news) == (slug, key):
            del self.developments[news]

    def find_article(self, review: Review) -> LabelledArticle:
        """Return the first article of a review."""
        return self.articles[review.article.url.rsplit("/", 1)[-1]]

    def judge_all(self, arrivals: Iterable[tuple[LabelledArticle, Review | None]]) -> list[Outcome]:
        """Judge what became of articles, each with its review, or the one that it is attached to."""
        ordered = sorted(arrivals, key=lambda pair: pair[1].id if pair[1] else 0)
        firsts = [pair for pair in ordered if pair[1] is None or self.find_article(pair[1]) is pair[0]]
        others = [pair for pair in ordered if pair[1] is not None and self.find_article(pair[1]) is not pair[0]]
        return [self._judge_first(article, review) for article, review in firsts] + [
            self._judge_attached(article, review) for article, review in others if review
        ]

    def _judge_first(self, article: LabelledArticle, review: Review | None) -> Outcome:
        if review is None:
            return Outcome(article, Fate.MISSING, is_right=False, got="nothing")
        if review.state is ReviewState.PUBLISHED:
            is_new = article.news not in self.developments
            is_right = article.is_in_story and is_new and self.slugs.get(article.story) == review.slug
            self.record(article, review.slug, review.development_key)
            got = f"in {review.slug}" + ("" if is_new else ", which has that news already")
            return Outcome(article, Fate.PUBLISHED, is_right, got, review, was_told=not is_new)
        if review.state is ReviewState.RE_REPORT:
            return self._judge_fold(article, review)
        return self._describe_queued(article, review)

    def _judge_attached(self, article: LabelledArticle, review: Review) -> Outcome:
        if review.development_key:
            return self._judge_fold(article, review)
        first = self.find_article(review)
        if article.is_in_story or first.is_in_story:
            is_right = first.news == article.news or (article.what is What.NOTHING_NEW and article.story == first.story)
        else:
            is_right = True
        fate = Fate.GROUPED if review.is_waiting else Fate.DISMISSED
        return Outcome(article, fate, is_right, f"“{first.title}”", review)

    def _judge_fold(self, article: LabelledArticle, review: Review) -> Outcome:
        news = self.news.get((review.slug, review.development_key), "?")
        is_right = news == article.news or (
            article.what is What.NOTHING_NEW and self.slugs.get(article.story) == review.slug
        )
        told = self.articles[news].title if news in self.articles else news
        return Outcome(article, Fate.FOLDED, is_right, f"“{told}” in {review.slug}", review, was_told=True)

    def _describe_queued(self, article: LabelledArticle, review: Review) -> Outcome:
        recommendation = review.recommendation
        suggested = [slug for slug in dict.fromkeys((recommendation.story, *recommendation.stories)) if slug]
        slug = self.slugs.get(article.story, "")
        target = self.developments.get(article.news)
        return Outcome(
            article,
            Fate.QUEUED,
            None,
            f"{recommendation.decision.value} of {' | '.join(suggested) or 'none'}",
            review,
            story_rank=suggested.index(slug) + 1 if slug in suggested else 0,
            names_development=recommendation.decision is Decision.RE_REPORT
            and (recommendation.story, recommendation.development_key) == target,
            was_told=target is not None,
        )


def has_right_stage_and_claim(article: LabelledArticle, review: Review) -> bool:
    """Return whether the stage and the claim that are suggested for a development are those of its label."""
    return review.recommendation.stage in article.stages and review.recommendation.claim in article.claims
