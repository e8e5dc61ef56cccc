"""What became of the tracker's recommendations for a feed's articles: read from the reviews and from what the stories say now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, and_, exists, func, select

from bot.model.confidence_line import Outcome
from bot.model.review import Recommendation, ReviewState
from bot.model.tracking import Decision
from bot.store import tables as t
from bot.store.reviews import recommendation_from_json
from bot.store.subject import StoreSubject

#: How many of a feed's newest decided reviews are read.
_REVIEW_LIMIT = 600


@dataclass(frozen=True, slots=True)
class FeedOutcomes:
    """The outcomes of a feed's recommendations, newest first: of stories for news, and of re-reports."""

    stories: list[Outcome] = field(default_factory=list)
    re_reports: list[Outcome] = field(default_factory=list)


class ReviewOutcomes(StoreSubject):
    """The outcomes in one transaction.

    What was done without an editor counts as wrong once an editor has undone it, retracted its development, moved that to
    another story, or removed the source. Recommendations of earlier versions, which have no confidence, do not count.
    """

    async def find_by_feed(self, feed_id: int) -> FeedOutcomes:
        """Return the outcomes of a feed's newest recommendations."""
        rows = (await self._connection.execute(_select_decided(feed_id))).all()
        pairs = [(row, recommendation_from_json(row.suggestion)) for row in rows]
        targets = await self._find_merge_targets(pairs)
        outcomes = FeedOutcomes()
        for row, recommendation in pairs:
            if recommendation.decision is Decision.RE_REPORT:
                if recommendation.development_key and recommendation.repeat_likelihood is not None:
                    is_right = _is_repeat_right(row)
                    outcomes.re_reports.append(_build_outcome(row, recommendation.repeat_likelihood, is_right=is_right))
            elif recommendation.stories and recommendation.confidence is not None:
                is_right = _is_story_right(row, recommendation, targets)
                outcomes.stories.append(_build_outcome(row, recommendation.confidence, is_right=is_right))
        return outcomes

    async def _find_merge_targets(self, pairs: Sequence[tuple[Row[Any], Recommendation]]) -> dict[str, str]:
        """Return the stories that other ones were merged into, by slug, where a decision names another one than was recommended."""
        slugs = {
            slug
            for row, recommendation in pairs
            if row.slug and recommendation.stories and row.slug != recommendation.stories[0]
            for slug in (row.slug, recommendation.stories[0])
        }
        return await self._tx.stories.resolve_merged_slugs(sorted(slugs)) if slugs else {}


def _select_decided(feed_id: int) -> Select[Any]:
    """Select a feed's newest reviews that are decided, or undone.

    Each comes with whether its development is retracted, and whether it has lost the article as a source. An article without
    a link, and a development whose story was merged into another one, count as unchanged.
    """
    review, article, development = t.review.c, t.article.c, t.development.c
    is_decided = (review.state != ReviewState.WAITING.value) | review.taken.is_not(None)
    newest = (
        select(review.id)
        .join(t.article, article.id == review.article_id)
        .where(article.feed_id == feed_id, is_decided)
        .order_by(review.id.desc())
        .limit(_REVIEW_LIMIT)
        .subquery()
    )
    has_source = exists().where(t.source.c.development_id == development.id, t.source.c.url == article.url)
    is_of_review = and_(development.story_id == t.story.c.id, development.key == review.development_key)
    return (
        select(
            *(review.suggestion, review.state, review.slug, review.taken),
            func.coalesce(development.retracted, "").label("retracted"),
            (development.id.is_not(None) & (article.url != "") & ~has_source).label("is_source_removed"),
        )
        .join(newest, newest.c.id == review.id)
        .join(t.article, article.id == review.article_id)
        .outerjoin(t.story, t.story.c.slug == review.slug)
        .outerjoin(t.development, is_of_review)
        .order_by(review.id.desc())
    )


def _build_outcome(row: Row[Any], confidence: float, *, is_right: bool) -> Outcome:
    # What was done alone and is wrong has been changed by an editor.
    return Outcome(confidence, is_right, is_decided=row.taken is not None or not is_right)


def _is_repeat_right(row: Row[Any]) -> bool:
    return bool(row.taken) if row.taken is not None else not row.is_source_removed


def _is_story_right(row: Row[Any], recommendation: Recommendation, targets: Mapping[str, str]) -> bool:
    """Return whether the article was published in the story that was recommended first, and is still there if nobody was asked."""
    first = recommendation.stories[0]
    is_there = bool(row.slug) and targets.get(row.slug, row.slug) == targets.get(first, first)
    if row.taken is None:
        is_published = row.state == ReviewState.PUBLISHED.value
        return is_there and not (row.retracted if is_published else row.is_source_removed)
    if row.taken and recommendation.decision is Decision.DEVELOPMENT:
        # What became of it later is not the recommendation's doing: an editor has looked at it.
        return True
    return is_there and row.state == ReviewState.PUBLISHED.value
