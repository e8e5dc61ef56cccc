"""The tracker as the intake asks it: kept in step with the stories and companies, whoever changes them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.entities.company_candidates import find_candidate_names
from bot.entities.company_matcher import CompanyMatcher
from bot.errors import StoreError
from bot.loops import ErrorLog
from bot.model.article import Article
from bot.model.company import Company
from bot.model.review import Recommendation
from bot.model.tracking import Decision, Judgement
from bot.newsroom.intake import Assessment
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.newsroom.tracker import Embedder, load_embedder
from bot.store import Store

log = logging.getLogger(__name__)

#: The most names that are offered as those of new companies.
_NAME_LIMIT = 10
_STORY_LIMIT = 3


class TrackerJudge:
    """Judges by a :class:`PersistentTracker`, which is opened for the first article: who has no feeds pays nothing for it.

    ``embedder`` loads what compares meanings; it is slow, and called in a thread.
    """

    def __init__(
        self, store: Store, clock: Clock, embedder_loader: Callable[[], Embedder | None] = load_embedder
    ) -> None:
        self._store = store
        self._clock = clock
        self._embedder_loader = embedder_loader
        self._tracker: PersistentTracker | None = None
        self._revision = -1
        self._last_change: datetime | None = None
        self._companies: tuple[Company, ...] = ()
        self._lock = asyncio.Lock()
        self._errors = ErrorLog(log, "Telling the tracker of a change")

    async def assess(self, article: Article) -> Assessment:
        """Judge it by what the stories say now."""
        tracker = await self._get_tracker()
        judgement = await tracker.judge(article)
        event = tracker.find_event(article.id) or judgement.event
        recommendation = await asyncio.to_thread(
            self._build_recommendation, article, judgement, tracker.company_matcher
        )
        duplicate_id = "" if judgement.twin.story else judgement.twin.key
        return Assessment(event, recommendation, judgement.sure, duplicate_id, brings_new=judgement.brings_new)

    async def assign(self, article_id: str, slug: str) -> None:
        """The article is in that story, or in none: what follows is judged by it."""
        if self._tracker is not None:
            await self._tracker.assign(article_id, slug)
            return
        # An editor's click does not wait until the tracker is open; it finds this when it is.
        async with self._store.write() as tx:
            await tx.tracker_state.set_story(article_id, slug)

    async def _get_tracker(self) -> PersistentTracker:
        """The tracker, once it knows what the stories say now, whichever process changed them."""
        async with self._lock:
            revision = await self._store.get_revision()
            if self._tracker is None:
                self._tracker = await self._open_tracker()
            elif revision != self._revision:
                await self._catch_up(self._tracker)
            self._revision = revision
            return self._tracker

    async def _open_tracker(self) -> PersistentTracker:
        async with self._store.read() as tx:
            self._last_change = await tx.stories.get_last_change()
            self._companies = await tx.companies.list_all()
        tracker = PersistentTracker(self._store, self._clock, await asyncio.to_thread(self._embedder_loader))
        await tracker.open()
        return tracker

    async def _catch_up(self, tracker: PersistentTracker) -> None:
        async with self._store.read() as tx:
            stories = await tx.stories.find_changed_since(self._last_change)
            merges = await tx.story_merges.list_since(self._last_change)
            last_change = await tx.stories.get_last_change()
            companies = await tx.companies.list_all()
        if companies != self._companies:
            # Most changes are of stories alone.
            await self._teach(tracker.set_companies(companies))
            self._companies = companies
        for slug, target_slug in merges:
            await self._teach(tracker.merge_stories(slug, target_slug))
        for story in stories:
            await self._teach(tracker.learn(story))
        self._last_change = last_change

    async def _teach(self, update: Awaitable[None]) -> None:
        """Teach the tracker one thing. One that it cannot learn must not keep it from judging articles."""
        try:
            await update
        except StoreError:
            raise
        except Exception as exc:  # noqa: BLE001 - it is judged without that
            self._errors.record_failure(exc)
        else:
            self._errors.record_success()

    def _build_recommendation(
        self, article: Article, judgement: Judgement, company_matcher: CompanyMatcher
    ) -> Recommendation:
        text = f"{article.title}\n{article.text}"
        mentions = company_matcher.find_mentions(text)
        extraction, duplicate = judgement.suggestion, judgement.twin
        phrases = [span.words for span in (extraction.stage_words, extraction.claim_words) if span]
        is_re_report = judgement.decision is Decision.RE_REPORT and bool(duplicate.story)
        new_names = dict.fromkeys(mention.spelling for mention in find_candidate_names(text, mentions))
        return Recommendation(
            decision=judgement.decision,
            stories=tuple(candidate.story for candidate in judgement.candidates)[:_STORY_LIMIT],
            story=duplicate.story if is_re_report else "",
            development_key=duplicate.key if is_re_report else "",
            claim=extraction.claim,
            stage=extraction.stage,
            evidence=tuple(dict.fromkeys(phrases)),
            companies=tuple(dict.fromkeys(mention.company for mention in mentions)),
            unknown_names=tuple(new_names)[:_NAME_LIMIT],
        )
