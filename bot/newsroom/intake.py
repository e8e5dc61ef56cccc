"""From the feeds to the desk: each article is judged, and then published, attached to an earlier review, or queued for review.

An article is marked as done in the transaction that writes what becomes of it. If the process is killed before that,
the article still waits, and is judged the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import InputError, NotFound, StoreBusy, StoreReplaced, describe_error
from bot.languages import lazy
from bot.loops import ErrorLog, is_cancelled, run_forever
from bot.model.article import Article
from bot.model.failure import MAX_ATTEMPTS
from bot.model.feed import Feed, StoredArticle, Trust
from bot.model.review import Recommendation, Review, ReviewState
from bot.model.story import Development
from bot.model.tracking import Decision, StatedStatus
from bot.model.vocabulary import Claim
from bot.newsroom.article_drafts import draft_from_article, source_from_article
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft
from bot.newsroom.lead_fetcher import LeadFetcher
from bot.newsroom.story_writer import StoryWriter
from bot.store import Store, Transaction
from bot.store.failures import WorkKind

log = logging.getLogger(__name__)

#: How many articles are processed in a batch.
BATCH_SIZE = 20
#: The pause in seconds before waiting articles are looked for again: feeds are polled hours apart.
POLL_SECONDS = 2.0
#: The reason of an article whose attempts all ended with the process instead of an error.
PROCESS_ENDED = lazy("The bot stopped each time it worked on this article.")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A judge's assessment of an article.

    Attributes:
        event: what articles of the same news share.
        is_sure: whether no editor need be asked.
        duplicate_id: the id of the article that it repeats, or most nearly does; empty for none.
        brings_new: whether it has a figure, a company, a claim or a stage that is not known yet.
    """

    event: str
    recommendation: Recommendation
    is_sure: bool
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


class Intake:
    """Processes what the feeds bring. ``on_queue_change`` is called after every change of the review queue."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        judge: Judge,
        clock: Clock,
        zone: ZoneInfo,
        lead_fetcher: LeadFetcher | None = None,
        on_queue_change: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._judge = judge
        self._clock = clock
        self._zone = zone
        self._lead_fetcher = lead_fetcher
        self._on_queue_change = on_queue_change
        #: Articles with an attempt that has begun and could not be ended because the database failed. It is not counted twice.
        self._unfinished_ids: set[int] = set()
        self._errors = ErrorLog(log, "Settling an article")
        self._lead_errors = ErrorLog(log, "Fetching the lead of an article")

    async def run(self) -> None:
        """Process articles for ever."""
        await run_forever(self._step, ErrorLog(log, "Settling articles"))

    async def _step(self) -> None:
        if not await self.run_once():
            await asyncio.sleep(POLL_SECONDS)

    async def run_once(self) -> int:
        """Process a batch of waiting articles; return how many they were.

        An article that fails is retried later, then set aside. Raises StoreError if the database fails, which counts as no
        attempt of an article.
        """
        batch = await self._begin_batch()
        for arrival in await asyncio.gather(*map(self._add_lead, batch)):
            await self._attempt(arrival)
            self._unfinished_ids.discard(arrival.id)
        return len(batch)

    async def _begin_batch(self) -> list[StoredArticle]:
        """Choose what is attempted next, and count the attempts before they can end the process.

        An article whose attempt has begun before is attempted alone, so that it cannot take others down with it.
        """
        now = self._clock()
        async with self._store.read() as tx:
            arrivals = await tx.articles.list_due(now, BATCH_SIZE, self._unfinished_ids)
            attempts = await tx.failures.count_attempts(WorkKind.ARTICLE, [each.id for each in arrivals])
        suspects = [each for each in arrivals if each.id in attempts and each.id not in self._unfinished_ids]
        exhausted_arrivals = [each for each in suspects if attempts[each.id] >= MAX_ATTEMPTS]
        for arrival in exhausted_arrivals:
            await self._record_failure(arrival, PROCESS_ENDED)
        first_attempts = [each for each in arrivals if each not in suspects]
        batch = first_attempts or [each for each in suspects if each not in exhausted_arrivals][:1]
        started_ids = [each.id for each in batch if each.id not in self._unfinished_ids]
        if started_ids:
            async with self._store.write() as tx:
                await tx.failures.begin_attempt(WorkKind.ARTICLE, started_ids, now)
        self._unfinished_ids.update(started_ids)
        return batch

    async def _attempt(self, arrival: StoredArticle) -> None:
        try:
            await self._process(arrival)
        except (StoreBusy, StoreReplaced):
            raise
        except (Exception, asyncio.CancelledError) as exc:
            if isinstance(exc, asyncio.CancelledError) and is_cancelled():
                raise
            self._errors.record_failure(exc)
            await self._record_failure(arrival, describe_error(exc))
        else:
            self._errors.record_success()

    async def _record_failure(self, arrival: StoredArticle, reason: str) -> None:
        # If the database failed and not the article, this fails too, and the loop waits for the database.
        async with self._store.write() as tx:
            is_last = await tx.failures.record_failure(WorkKind.ARTICLE, arrival.id, reason, self._clock())
        if is_last:
            log.warning("Article %d is set aside for the desk: %s", arrival.id, reason)
            self._notify_queue_change()

    async def _add_lead(self, arrival: StoredArticle) -> StoredArticle:
        """Return the article with a lead, and store that: judged again after a restart, it is judged the same."""
        if self._lead_fetcher is None:
            return arrival
        try:
            article = await self._lead_fetcher.add_lead(arrival.article)
        except Exception as exc:  # noqa: BLE001 - its title is there, and can be judged
            self._lead_errors.record_failure(exc)
            return arrival
        if article.text != arrival.article.text:
            async with self._store.write() as tx:
                await tx.articles.set_text(arrival.id, article.text)
        return replace(arrival, article=article)

    async def _process(self, arrival: StoredArticle) -> None:
        assessment = await self._judge.assess(arrival.article)
        async with self._store.read() as tx:
            reviews = await tx.reviews.list_by_event(assessment.event)
            # Two events can turn out to be one.
            duplicate_review = (
                await tx.reviews.find_by_article(assessment.duplicate_id)
                if _is_re_report(assessment) and assessment.duplicate_id
                else None
            )
            feed = await tx.feeds.find(arrival.feed_id)
        earlier_review = duplicate_review or next(
            (review for review in reviews if _can_share_review(assessment, review)), None
        )
        try:
            if earlier_review is not None and await self._handle_re_report(arrival, assessment, earlier_review):
                return
            if (
                earlier_review is None
                and not reviews
                and assessment.is_sure
                and await self._handle_automatically(arrival, assessment, feed)
            ):
                return
        except (InputError, NotFound) as exc:
            # The story or the development has changed meanwhile: an editor decides.
            log.info("Article %d goes to the desk: %s", arrival.id, exc)
        await self._enqueue_review(arrival, _point_to_earlier(assessment, earlier_review))

    async def _handle_re_report(self, arrival: StoredArticle, assessment: Assessment, earlier_review: Review) -> bool:
        """Attach the article to an earlier review of the same news; return False if an editor must decide.

        An article that adds something to published news is never published by itself: ten re-reports are one post.
        """
        if (
            earlier_review.state is ReviewState.WAITING
            or earlier_review.state is ReviewState.NOT_NEWS
            or not earlier_review.development_key
        ):
            async with self._store.write() as tx:
                await tx.reviews.attach_article(earlier_review.id, arrival.id)
                await tx.articles.mark_done([arrival.id])
            self._notify_queue_change()
            return True
        if not assessment.is_sure or not _is_re_report(assessment):
            return False
        slug, key = earlier_review.slug, earlier_review.development_key
        async with self._desk.transaction(_format_actor(arrival)) as writer:
            await self._add_source(writer, arrival, slug, key)
            await writer.tx.reviews.attach_article(earlier_review.id, arrival.id)
        log.info("Article %d tells again what %s has.", arrival.id, slug)
        await self._settle(arrival, slug)
        return True

    async def _handle_automatically(self, arrival: StoredArticle, assessment: Assessment, feed: Feed | None) -> bool:
        """Do what needs no editor; return False if it needs one."""
        recommendation = assessment.recommendation
        if recommendation.decision is Decision.RE_REPORT and recommendation.development_key:
            await self._file_re_report(arrival, assessment, recommendation.story, recommendation.development_key)
            return True
        if (
            recommendation.decision is Decision.DEVELOPMENT
            and recommendation.stories
            and feed is not None
            and feed.trust is Trust.AUTO
        ):
            return await self._publish(arrival, assessment, feed)
        return False

    async def _file_re_report(self, arrival: StoredArticle, assessment: Assessment, slug: str, key: str) -> None:
        """Add the article as a source of a development, with a review that is decided."""
        async with self._desk.transaction(_format_actor(arrival)) as writer:
            await self._add_source(writer, arrival, slug, key)
            await self._record_review(writer.tx, arrival, assessment, ReviewState.RE_REPORT, slug, key)
        log.info("Article %d tells again what %s has.", arrival.id, slug)
        await self._settle(arrival, slug)

    async def _add_source(self, writer: StoryWriter, arrival: StoredArticle, slug: str, key: str) -> None:
        await writer.add_sources(slug, key, [source_from_article(arrival.article, self._zone)])
        await writer.tx.articles.mark_done([arrival.id])

    async def _settle(self, arrival: StoredArticle, slug: str) -> None:
        """Teach the judge the story that an article was put into, and tell the desk."""
        await self._judge.assign(arrival.article.id, slug)
        self._notify_queue_change()

    async def _publish(self, arrival: StoredArticle, assessment: Assessment, feed: Feed) -> bool:
        async with self._store.read() as tx:
            story = await tx.stories.find(assessment.recommendation.stories[0])
        if story is None:
            return False
        draft = draft_from_article(
            arrival.article, assessment.recommendation, story.kind, self._zone, feed_label=feed.label
        )
        existing_development = await self._desk.find_development(story.slug, draft)
        if existing_development is not None:
            return await self._add_as_source(arrival, assessment, story.slug, existing_development, draft)
        async with self._desk.transaction(_format_actor(arrival)) as writer:
            outcome = await writer.publish(StoryDraft(story.slug, None, (draft,)))
            new_development = next(iter(outcome.new_developments), None)
            if new_development is None:
                # Somebody else has published it since.
                raise NotFound("development", draft.headline)
            slug, key = outcome.story.slug, new_development.key
            await self._record_review(writer.tx, arrival, assessment, ReviewState.PUBLISHED, slug, key)
            await writer.tx.articles.mark_done([arrival.id])
        log.info("Article %d is published in %s.", arrival.id, story.slug)
        await self._settle(arrival, story.slug)
        return True

    async def _add_as_source(
        self,
        arrival: StoredArticle,
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
        await self._file_re_report(arrival, assessment, slug, development.key)
        return True

    async def _record_review(
        self, tx: Transaction, arrival: StoredArticle, assessment: Assessment, state: ReviewState, slug: str, key: str
    ) -> None:
        now, by = self._clock(), _format_actor(arrival)
        await tx.reviews.add(
            arrival.id, assessment.event, assessment.recommendation, now, state=state, decided_by=by, slug=slug, key=key
        )

    async def _enqueue_review(self, arrival: StoredArticle, assessment: Assessment) -> None:
        async with self._store.write() as tx:
            await tx.reviews.add(arrival.id, assessment.event, assessment.recommendation, self._clock())
            await tx.articles.mark_done([arrival.id])
        log.info("Article %d waits for the desk.", arrival.id)
        self._notify_queue_change()

    def _notify_queue_change(self) -> None:
        if self._on_queue_change is not None:
            self._on_queue_change()


def _is_re_report(assessment: Assessment) -> bool:
    return assessment.recommendation.decision is Decision.RE_REPORT


def _can_share_review(assessment: Assessment, review: Review) -> bool:
    """Return whether an article can be attached to the review of another article of its event.

    A waiting review shows the desk all that is attached to it, so another figure is seen there; another claim or stage
    needs a decision of its own. An event that was no news can become news. Published news is compared by the tracker.
    """
    if review.state is ReviewState.NOT_NEWS:
        return not assessment.brings_new
    recommendation, earlier = assessment.recommendation, review.recommendation
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


def _format_actor(arrival: StoredArticle) -> str:
    """Return the feed as the audit names it."""
    return f"feed:{arrival.feed_id}"
