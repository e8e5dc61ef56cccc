"""From an article to the desk: it is judged, and then published, attached to an earlier review, or queued for review.

An article is marked as done in the transaction that writes what becomes of it. If the process is killed before that,
the article still waits, and is judged the same.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import InputError, NotFound
from bot.model.article import Article
from bot.model.feed import Feed, StoredArticle, Trust
from bot.model.review import Recommendation, Review, ReviewState
from bot.model.story import Development
from bot.model.tracking import Decision, StatedStatus
from bot.model.vocabulary import Claim
from bot.newsroom.article_drafts import draft_from_article, source_from_article
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft
from bot.newsroom.feed_confidence import find_feed_lines
from bot.newsroom.story_writer import StoryWriter
from bot.newsroom.tracker.decider import MIN_CONFIDENCE
from bot.recorder import Recorder
from bot.store import Store, Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Assessment:
    """A judge's assessment of an article.

    Attributes:
        event: the id that articles about the same news share.
        duplicate_id: the id of the article that it repeats, or comes closest to repeating; empty for none.
        brings_new: whether it has a figure, a company, a claim or a stage that is not known yet.
    """

    event: str
    recommendation: Recommendation
    duplicate_id: str = ""
    brings_new: bool = False


class Judge(Protocol):
    """Assesses to which event and story an article belongs. The same article gets the same assessment again."""

    async def assess(self, article: Article) -> Assessment:
        """Assess an article, without blocking the event loop."""
        ...

    async def assign(self, article_id: str, slug: str) -> None:
        """Learn that an article is in a story, or in none if the slug is empty."""
        ...


class ArticleFiler:
    """Decides by a judge's assessment what becomes of an article. ``on_queue_change`` is called after a change of the queue.

    No editor is asked if the recommendation is at or above the feed's line (:mod:`bot.newsroom.feed_confidence`).
    """

    def __init__(
        self,
        store: Store,
        desk: Desk,
        judge: Judge,
        clock: Clock,
        zone: ZoneInfo,
        on_queue_change: Callable[[], None] | None = None,
        recorder: Recorder | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._judge = judge
        self._clock = clock
        self._zone = zone
        self._on_queue_change = on_queue_change
        self._recorder = recorder or Recorder()

    async def file(self, stored_article: StoredArticle) -> None:
        """Publish an article, attach it to an earlier review, or queue it for the desk. Raises StoreError."""
        assessment = await self._judge.assess(stored_article.article)
        await self._file(stored_article, assessment)
        self._recorder.record_decision(assessment.recommendation.decision)

    async def _file(self, stored_article: StoredArticle, assessment: Assessment) -> None:
        async with self._store.read() as tx:
            reviews = await tx.reviews.list_by_event(assessment.event)
            # Two events can turn out to be one.
            duplicate_review = (
                await tx.reviews.find_by_article(assessment.duplicate_id)
                if _is_re_report(assessment) and assessment.duplicate_id
                else None
            )
            feed = await tx.feeds.find(stored_article.feed_id) if stored_article.feed_id else None
        earlier_review = duplicate_review or next(
            (review for review in reviews if _can_share_review(assessment, review)), None
        )
        try:
            if earlier_review is not None and await self._handle_re_report(stored_article, assessment, earlier_review):
                return
            if (
                earlier_review is None
                and not reviews
                and await self._handle_automatically(stored_article, assessment, feed)
            ):
                return
        except (InputError, NotFound) as exc:
            # The story or the development has changed meanwhile: an editor decides.
            log.info("Article %d was sent to the desk: %s", stored_article.id, exc)
        await self._enqueue_review(stored_article, _point_to_earlier(assessment, earlier_review))

    async def _handle_re_report(
        self, stored_article: StoredArticle, assessment: Assessment, earlier_review: Review
    ) -> bool:
        """Attach the article to an earlier review of the same news; return False if an editor must decide.

        An article that adds something to published news is never published by itself: ten re-reports are one post.
        """
        if (
            earlier_review.state is ReviewState.WAITING
            or earlier_review.state is ReviewState.NOT_NEWS
            or not earlier_review.development_key
        ):
            async with self._store.write() as tx:
                await tx.reviews.attach_article(earlier_review.id, stored_article.id)
                await tx.articles.mark_done([stored_article.id])
            self._notify_queue_change()
            return True
        if not _is_re_report(assessment) or not await self._is_sure(stored_article, assessment):
            return False
        slug, key = earlier_review.slug, earlier_review.development_key
        async with self._desk.transaction(_format_actor(stored_article)) as writer:
            await self._add_source(writer, stored_article, slug, key)
            await writer.tx.reviews.attach_article(earlier_review.id, stored_article.id)
        log.info("Article %d is a re-report of news in %s.", stored_article.id, slug)
        await self._settle(stored_article, slug)
        return True

    async def _handle_automatically(
        self, stored_article: StoredArticle, assessment: Assessment, feed: Feed | None
    ) -> bool:
        """File the article if that needs no editor; return False if an editor must decide."""
        recommendation = assessment.recommendation
        if _is_re_report(assessment):
            slug, key = recommendation.story, recommendation.development_key
            if not key or not await self._is_sure(stored_article, assessment):
                return False
            await self._file_re_report(stored_article, assessment, slug, key)
            return True
        if (
            recommendation.stories
            and feed is not None
            and feed.trust is Trust.AUTO
            and await self._is_sure(stored_article, assessment)
        ):
            return await self._publish(stored_article, assessment, feed)
        return False

    async def _is_sure(self, stored_article: StoredArticle, assessment: Assessment) -> bool:
        """Return whether the recommendation is at or above the line of the article's feed.

        The feed's line may be lower than the shipped one, so news of a story need not be recommended as a development of it.
        """
        # Hundreds of rows are decoded, for which the event loop should not wait.
        lines = await self._store.read_in_thread(lambda tx: find_feed_lines(tx, stored_article.feed_id))
        recommendation = assessment.recommendation
        if _is_re_report(assessment):
            return lines.re_reports.allows(recommendation.repeat_likelihood)
        return lines.stories.allows(recommendation.confidence)

    async def _file_re_report(self, stored_article: StoredArticle, assessment: Assessment, slug: str, key: str) -> None:
        """Add the article as a source of a development, with a review that is decided."""
        async with self._desk.transaction(_format_actor(stored_article)) as writer:
            await self._add_source(writer, stored_article, slug, key)
            await self._record_review(writer.tx, stored_article, assessment, ReviewState.RE_REPORT, slug, key)
        log.info("Article %d is a re-report of news in %s.", stored_article.id, slug)
        await self._settle(stored_article, slug)

    async def _add_source(self, writer: StoryWriter, stored_article: StoredArticle, slug: str, key: str) -> None:
        await writer.add_sources(slug, key, [source_from_article(stored_article.article, self._zone)])
        await writer.tx.articles.mark_done([stored_article.id])

    async def _settle(self, stored_article: StoredArticle, slug: str) -> None:
        """Teach the judge the story that an article was put into, and tell the desk."""
        await self._judge.assign(stored_article.article.id, slug)
        self._notify_queue_change()

    async def _publish(self, stored_article: StoredArticle, assessment: Assessment, feed: Feed) -> bool:
        async with self._store.read() as tx:
            story = await tx.stories.find(assessment.recommendation.stories[0])
        if story is None:
            return False
        draft = draft_from_article(
            stored_article.article, assessment.recommendation, story.kind, self._zone, feed_label=feed.label
        )
        existing_development = await self._desk.find_development(story.slug, draft)
        if existing_development is not None:
            return await self._add_as_source(stored_article, assessment, story.slug, existing_development, draft)
        async with self._desk.transaction(_format_actor(stored_article)) as writer:
            outcome = await writer.publish(StoryDraft(story.slug, None, (draft,)))
            new_development = next(iter(outcome.new_developments), None)
            if new_development is None:
                # Somebody else has published it since.
                raise NotFound("development", draft.headline)
            slug, key = outcome.story.slug, new_development.key
            await self._record_review(writer.tx, stored_article, assessment, ReviewState.PUBLISHED, slug, key)
            await writer.tx.articles.mark_done([stored_article.id])
        log.info("Article %d was published in %s.", stored_article.id, story.slug)
        await self._settle(stored_article, story.slug)
        return True

    async def _add_as_source(
        self,
        stored_article: StoredArticle,
        assessment: Assessment,
        slug: str,
        development: Development,
        draft: DevelopmentDraft,
    ) -> bool:
        """Add the article to the development that has, or had, its headline; return False if an editor must decide.

        That is so if it contradicts the development, which may be why the development was corrected or retracted.
        """
        if not development.is_valid or _contradicts(draft, development):
            return False
        await self._file_re_report(stored_article, assessment, slug, development.key)
        return True

    async def _record_review(
        self,
        tx: Transaction,
        stored_article: StoredArticle,
        assessment: Assessment,
        state: ReviewState,
        slug: str,
        key: str,
    ) -> None:
        now, by = self._clock(), _format_actor(stored_article)
        await tx.reviews.add(
            stored_article.id,
            assessment.event,
            assessment.recommendation,
            now,
            state=state,
            decided_by=by,
            slug=slug,
            key=key,
        )

    async def _enqueue_review(self, stored_article: StoredArticle, assessment: Assessment) -> None:
        async with self._store.write() as tx:
            await tx.reviews.add(stored_article.id, assessment.event, assessment.recommendation, self._clock())
            await tx.articles.mark_done([stored_article.id])
        log.info("Article %d is waiting for the desk.", stored_article.id)
        self._notify_queue_change()

    def _notify_queue_change(self) -> None:
        if self._on_queue_change is not None:
            self._on_queue_change()


def _is_re_report(assessment: Assessment) -> bool:
    return assessment.recommendation.decision is Decision.RE_REPORT


def _is_surely_in_story(assessment: Assessment) -> bool:
    """Return whether an article surely belongs to a known story, as a development or as a repetition of one."""
    recommendation = assessment.recommendation
    is_sure = recommendation.confidence is not None and recommendation.confidence >= MIN_CONFIDENCE
    is_development = recommendation.decision is Decision.DEVELOPMENT and bool(recommendation.stories)
    return bool(recommendation.story) or (is_development and is_sure)


def _can_share_review(assessment: Assessment, review: Review) -> bool:
    """Return whether an article can be attached to the review of another article of its event.

    A waiting review shows the desk every attached article, so the desk sees a different figure there. A different claim or
    stage needs a decision of its own. An event that was judged not to be news can still become news, and articles that only
    name the same company can share an event: nobody sees what is attached there, so it must not belong to a story. A
    repetition of one development is not added to another. Whether an article adds something to published news is otherwise
    for the tracker to decide.
    """
    if review.state is ReviewState.NOT_NEWS:
        return not assessment.brings_new and not _is_surely_in_story(assessment)
    recommendation, earlier = assessment.recommendation, review.recommendation
    if review.development_key and recommendation.development_key:
        return (review.slug, review.development_key) == (recommendation.story, recommendation.development_key)
    return bool(review.development_key) or StatedStatus(recommendation.stage, recommendation.claim).can_repeat(
        StatedStatus(earlier.stage, earlier.claim)
    )


def _contradicts(draft: DevelopmentDraft, development: Development) -> bool:
    """Return whether one of the two denies what the other says, or whether they name different stages."""
    denies = (draft.claim is Claim.DENIED) is not (development.claim is Claim.DENIED)
    return denies or bool(draft.stage and development.stage and draft.stage is not development.stage)


def _point_to_earlier(assessment: Assessment, earlier_review: Review | None) -> Assessment:
    """Return the assessment as the desk should see it: a re-report of published news names its development."""
    recommendation = assessment.recommendation
    if (
        earlier_review is None
        or not earlier_review.development_key
        or recommendation.development_key
        or recommendation.decision is not Decision.RE_REPORT
    ):
        return assessment
    return replace(
        assessment,
        recommendation=replace(
            recommendation, story=earlier_review.slug, development_key=earlier_review.development_key
        ),
    )


def _format_actor(stored_article: StoredArticle) -> str:
    """Return the name of the feed for the audit."""
    return f"feed:{stored_article.feed_id}"
