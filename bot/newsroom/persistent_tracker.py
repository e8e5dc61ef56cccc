"""The tracker with its state in the store: it survives a restart, follows every change, and never blocks the event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.clock import Clock
from bot.entities.company_candidates import find_candidate_names
from bot.entities.company_matcher import CompanyMatcher
from bot.errors import StoreError
from bot.loops import ErrorLog
from bot.model.article import Article
from bot.model.company import Company
from bot.model.review import Fit, Recommendation
from bot.model.story import Story
from bot.model.tracking import Decision, Judgement, TrackedText
from bot.newsroom.article_filer import Assessment
from bot.newsroom.expected_event_extraction import extract_expected_events
from bot.newsroom.term_extraction import extract_terms
from bot.newsroom.tracker import Embedder, PendingJudgement, Tracker, load_embedder
from bot.newsroom.tracker.story_profiles import TEXTS_PER_STORY
from bot.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")

#: How many stories the tracker knows when it opens: those with the newest developments. The desk puts articles into an
#: older one, and from then on the tracker knows it too.
STORY_LIMIT = 2_000
#: The most names in a recommendation that may be those of new companies.
_NAME_LIMIT = 10
_RECOMMENDED_STORIES = 3
#: From this likelihood on, an article is recommended as a re-report of a development: four of five are. The tracker itself
#: decides only from a higher one (:class:`~bot.newsroom.tracker.decider.Thresholds`), and an editor in between.
_MIN_REPEAT_LIKELIHOOD = 0.65


class PersistentTracker:
    """The :class:`~bot.newsroom.article_filer.Judge` that the bot uses: a :class:`Tracker` in step with the store.

    Each judgement is written to the store before the tracker remembers it. A judgement that failed or was cancelled does not
    count, and the article is judged again later. Stories and companies are reloaded whenever any process has changed them.

    The tracker is opened at the first article, so that a bot without feeds pays nothing for it. ``embedder_loader`` may be
    slow: it is called in a thread. With ``is_read_only``, nothing is written: only :meth:`preview` may be called.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        embedder_loader: Callable[[], Embedder | None] = load_embedder,
        *,
        is_read_only: bool = False,
    ) -> None:
        self._store = store
        self._clock = clock
        self._embedder_loader = embedder_loader
        self._is_read_only = is_read_only
        self._tracker: Tracker | None = None
        self._revision = -1
        self._assignments = 0
        self._last_change: datetime | None = None
        self._companies: tuple[Company, ...] = ()
        self._lock = asyncio.Lock()
        self._errors = ErrorLog(log, "Teaching the tracker a change")

    async def assess(self, article: Article) -> Assessment:
        """Judge an article by what the stories say now."""
        async with self._lock:
            tracker = await self._get_tracker()
            (judgement,) = await self._judge(tracker, [article])
            event, matcher = tracker.find_event(article.id) or judgement.event, tracker.company_matcher
            fit = tracker.rate_fit(judgement)
        recommendation = await asyncio.to_thread(_build_recommendation, article, judgement, matcher, fit)
        duplicate_id = "" if judgement.twin.story else judgement.twin.key
        return Assessment(event, recommendation, duplicate_id, brings_new=judgement.brings_new)

    async def preview(self, articles: Sequence[Article]) -> tuple[Recommendation, ...]:
        """Return what each article by itself would be recommended for, in their order, and remember nothing of it."""
        async with self._lock:
            tracker = await self._get_tracker()
            return await _run_in_thread(lambda: _preview(tracker, self._limit_times(articles)))

    async def find_story(self, article: Article) -> str:
        """Return the story that an article surely belongs to, and names a party of; empty if there is none.

        Nothing of the article is remembered: it is no article of the desk's.
        """
        async with self._lock:
            tracker = await self._get_tracker()
            return await _run_in_thread(lambda: tracker.find_story(article))

    async def get_company_matcher(self) -> CompanyMatcher:
        """Return the matcher of the known companies."""
        async with self._lock:
            return (await self._get_tracker()).company_matcher

    async def judge(self, article: Article) -> Judgement:
        """Judge an article and keep the judgement. Judged again by its id, it gets the same one."""
        return (await self.judge_all([article]))[0]

    async def judge_all(self, articles: Sequence[Article]) -> tuple[Judgement, ...]:
        """Judge articles in the order of their publication; return the judgements in the order of the arguments."""
        async with self._lock:
            return await self._judge(await self._get_tracker(), articles)

    async def assign(self, article_id: str, slug: str) -> None:
        """Put an article into a story, or into none if the slug is empty: later articles are judged by it."""
        if self._tracker is None:
            # An editor's click does not wait for the tracker, which reads this when it opens.
            # Nor does one in a process that does not run the feeds: the tracker of the one that does reads it there.
            async with self._store.write() as tx:
                await tx.tracker_state.set_story(article_id, slug)
                await tx.metadata.advance_assignments()
            return
        async with self._lock:
            await self._read_assignments(self._tracker)
            async with self._store.write() as tx:
                await tx.tracker_state.set_story(article_id, slug)
                self._assignments = await tx.metadata.advance_assignments()
            self._tracker.assign(article_id, slug)

    async def _get_tracker(self) -> Tracker:
        """Return the tracker once it knows what the stories say now, whichever process has changed them."""
        revision = await self._store.get_revision()
        if self._tracker is None:
            self._tracker = await self._open()
        elif revision != self._revision:
            await self._catch_up(self._tracker)
        self._revision = revision
        await self._read_assignments(self._tracker)
        return self._tracker

    async def _read_assignments(self, tracker: Tracker) -> None:
        """Learn where editors have put articles in other processes."""
        async with self._store.read() as tx:
            number = await tx.metadata.get_assignments()
            stories = () if number == self._assignments else await tx.tracker_state.list_stories()
        for article_id, slug in stories:
            if tracker.get_story(article_id) != slug:
                tracker.assign(article_id, slug)
        self._assignments = number

    async def _open(self) -> Tracker:
        """Restore a tracker from the store, and let it learn what the newest stories say now."""
        tracker = Tracker(await asyncio.to_thread(self._embedder_loader))
        async with self._store.read() as tx:
            self._assignments = await tx.metadata.get_assignments()
            self._last_change = await tx.stories.get_last_change()
            self._companies = await tx.companies.list_all()
            records = await tx.tracker_state.list_all()
            mean_state = await tx.tracker_state.get_mean_vector(tracker.embedder_name)
            slugs = await tx.stories.list_newest_slugs(STORY_LIMIT)
            stories = [
                s for slug in slugs if (s := await tx.stories.find(slug, newest_count=TEXTS_PER_STORY)) is not None
            ]
        await _run_in_thread(lambda: tracker.set_companies(self._companies))
        embedded_records = await _run_in_thread(lambda: tracker.restore(records, mean_state))
        for slug in {each.story for each in records if each.story} - set(slugs):
            tracker.forget(slug)
        new_records = await _run_in_thread(
            lambda: [record for story in stories for record in _learn_safely(tracker, story)]
        )
        if self._is_read_only:
            return tracker
        stale_keys = [each.key for each in records if each.weights and not tracker.is_compared(each.key)]
        async with self._store.write() as tx:
            if embedded_records:
                await tx.tracker_state.replace_vectors(embedded_records)
                await tx.tracker_state.save_mean_vector(tracker.mean_state)
            await tx.tracker_state.strip_vectors([key for key in stale_keys if "#" not in key])
            await tx.tracker_state.remove([key for key in stale_keys if "#" in key])
            await tx.tracker_state.add(new_records)
        return tracker

    async def _catch_up(self, tracker: Tracker) -> None:
        async with self._store.read() as tx:
            stories = await tx.stories.find_changed_since(self._last_change)
            merges = await tx.story_merges.list_since(self._last_change)
            reassigned_articles = await tx.story_splits.list_reassigned_articles(self._last_change)
            last_change = await tx.stories.get_last_change()
            companies = await tx.companies.list_all()
        if companies != self._companies:
            # Most changes are of stories alone.
            await self._teach(_run_in_thread(lambda: tracker.set_companies(companies)))
            self._companies = companies
        for slug, target_slug in merges:
            await self._teach(self._merge_stories(tracker, slug, target_slug))
        for story in stories:
            await self._teach(self._learn(tracker, story))
        for article_id, slug in reassigned_articles:
            # The store knows it since the split.
            tracker.assign(article_id, slug)
        self._last_change = last_change

    async def _teach(self, update: Awaitable[None]) -> None:
        """Teach the tracker one thing. If that fails, it judges without it."""
        try:
            await update
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - it is judged without that
            self._errors.record_failure(exc)
        else:
            self._errors.record_success()

    async def _merge_stories(self, tracker: Tracker, slug: str, target_slug: str) -> None:
        if not self._is_read_only:
            async with self._store.write() as tx:
                await tx.tracker_state.merge_stories(slug, target_slug)
        tracker.merge_stories(slug, target_slug)

    async def _learn(self, tracker: Tracker, story: Story) -> None:
        new_records = await _run_in_thread(lambda: tracker.learn(story))
        if not self._is_read_only:
            async with self._store.write() as tx:
                await tx.tracker_state.add(new_records)

    async def _judge(self, tracker: Tracker, articles: Sequence[Article]) -> tuple[Judgement, ...]:
        articles = self._limit_times(articles)
        new_articles = [each for each in articles if tracker.get_judgement(each.id) is None]
        vectors = await _run_in_thread(lambda: tracker.embed(new_articles))
        pairs = sorted(zip(new_articles, vectors, strict=True), key=lambda pair: pair[0].published_at)
        for article, vector in pairs:
            if tracker.get_judgement(article.id) is None:
                await self._save(tracker, await _run_in_thread(partial(tracker.evaluate, article, vector)))
        judgements = [tracker.get_judgement(each.id) for each in articles]
        return tuple(each for each in judgements if each is not None)

    def _limit_times(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles with a time in the future as now: one with a wrong date must not end every event."""
        now = self._clock()
        return [replace(each, published_at=min(each.published_at, now)) for each in articles]

    async def _save(self, tracker: Tracker, pending: PendingJudgement) -> None:
        mean_state = tracker.compute_mean_after(pending)
        async with self._store.write() as tx:
            await tx.tracker_state.add([pending.record])
            if pending.duplicate_event:
                await tx.tracker_state.merge_events(pending.duplicate_event, pending.judgement.event)
            await tx.tracker_state.save_mean_vector(mean_state)
        expired_ids = tracker.commit(pending)
        if expired_ids:
            async with self._store.write() as tx:
                await tx.tracker_state.end_events([key for key in expired_ids if tracker.is_compared(key)])
                await tx.tracker_state.strip_vectors([key for key in expired_ids if not tracker.is_compared(key)])


def _learn_safely(tracker: Tracker, story: Story) -> tuple[TrackedText, ...]:
    """Learn one of many stories. If that fails, the tracker judges by the others."""
    try:
        return tracker.learn(story)
    except Exception:
        log.exception("The tracker cannot learn the story %s and continues without it.", story.slug)
        return ()


def _preview(tracker: Tracker, articles: Sequence[Article]) -> tuple[Recommendation, ...]:
    recommendations = []
    for article, vector in zip(articles, tracker.embed(articles), strict=True):
        judgement = tracker.get_judgement(article.id) or tracker.evaluate(article, vector).judgement
        fit = tracker.rate_fit(judgement)
        recommendations.append(_build_recommendation(article, judgement, tracker.company_matcher, fit))
    return tuple(recommendations)


def _build_recommendation(
    article: Article, judgement: Judgement, company_matcher: CompanyMatcher, fit: Fit | None
) -> Recommendation:
    text = f"{article.title}\n{article.text}"
    mentions = company_matcher.find_mentions(text)
    extraction, duplicate = judgement.suggestion, judgement.twin
    phrases = [span.words for span in (extraction.stage_words, extraction.claim_words) if span]
    is_likely_repeat = duplicate.likelihood >= _MIN_REPEAT_LIKELIHOOD and not judgement.brings_new
    is_re_report = bool(duplicate.story) and (judgement.decision is Decision.RE_REPORT or is_likely_repeat)
    decision = Decision.RE_REPORT if is_re_report else judgement.decision
    new_names = dict.fromkeys(mention.spelling for mention in find_candidate_names(text, mentions))
    published = article.published_at.date()
    return Recommendation(
        decision=decision,
        stories=tuple(candidate.story for candidate in judgement.candidates)[:_RECOMMENDED_STORIES],
        story=duplicate.story if is_re_report else "",
        development_key=duplicate.key if is_re_report else "",
        claim=extraction.claim,
        stage=extraction.stage,
        evidence=tuple(dict.fromkeys(phrases)),
        companies=tuple(dict.fromkeys(mention.company for mention in mentions)),
        unknown_names=tuple(new_names)[:_NAME_LIMIT],
        fit=fit,
        terms=extract_terms(article.title, article.text, published),
        expected_events=extract_expected_events(article.title, article.text, published),
        confidence=judgement.confidence if judgement.candidates else None,
        repeat_likelihood=duplicate.likelihood if decision is Decision.RE_REPORT else None,
    )


async def _run_in_thread(work: Callable[[], T]) -> T:
    """Run a function in a thread, and wait for it even if the caller is cancelled: only one thread may use the tracker."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
