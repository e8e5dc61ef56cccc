"""The tracker beside its store: what it has said outlives a restart, and the event loop never waits for a vector."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.clock import Clock
from bot.entities.company_matcher import CompanyMatcher
from bot.model.article import Article
from bot.model.company import Company
from bot.model.story import Story
from bot.model.tracking import Judgement, TrackedText
from bot.newsroom.tracker import Embedder, PendingJudgement, Tracker
from bot.newsroom.tracker.story_profiles import TEXTS_PER_STORY
from bot.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")

#: So many stories are known when the tracker opens, those with the newest developments. What an older one is told of, the
#: desk puts there, and from then on it is known too.
STORY_LIMIT = 2_000


class PersistentTracker:
    """Judges articles one after another and keeps what it says: first in the store, then in memory.

    :meth:`open` comes before all else. A judgement that was returned is kept; one that failed or was cancelled was not made,
    and the same article judged again gets it.
    """

    def __init__(
        self, store: Store, clock: Clock, embedder: Embedder | None = None, *, companies: Iterable[Company] = ()
    ) -> None:
        self._store = store
        self._clock = clock
        self._tracker = Tracker(embedder, companies=companies)
        self._lock = asyncio.Lock()

    async def open(self) -> None:
        """Take up what was kept, and learn what the newest stories say by now."""
        async with self._lock:
            async with self._store.read() as tx:
                records = await tx.tracker_state.list_all()
                mean_state = await tx.tracker_state.get_mean_vector(self._tracker.embedder_name)
                companies = await tx.companies.list_all()
                slugs = await tx.stories.list_newest_slugs(STORY_LIMIT)
                stories = [
                    s for slug in slugs if (s := await tx.stories.get(slug, newest_count=TEXTS_PER_STORY)) is not None
                ]
            await _run_in_thread(lambda: self._tracker.set_companies(companies))
            await _run_in_thread(lambda: self._tracker.restore(records, mean_state))
            for slug in {each.story for each in records if each.story} - set(slugs):
                self._tracker.forget(slug)
            keys = {each.key for each in records}
            new_records = await _run_in_thread(lambda: [record for story in stories for record in self._learn(story)])
            stale_keys = [each.key for each in records if each.weights and not self._tracker.is_compared(each.key)]
            async with self._store.write() as tx:
                await tx.tracker_state.strip_vectors([key for key in stale_keys if key in keys and "#" not in key])
                await tx.tracker_state.remove([key for key in stale_keys if "#" in key])
                await tx.tracker_state.add(new_records)

    def _learn(self, story: Story) -> tuple[TrackedText, ...]:
        """Learn one of many stories. One that cannot be learned must not keep the tracker from judging by the others."""
        try:
            return self._tracker.learn(story)
        except Exception:
            log.exception("The tracker cannot learn the story %s, and judges without it.", story.slug)
            return ()

    async def judge(self, article: Article) -> Judgement:
        """Judge an article and keep the judgement; judged again by its id, it gets the same.

        A time in the future counts as now: one article with a wrong date must not end every event.
        """
        return (await self.judge_all([article]))[0]

    async def judge_all(self, articles: Sequence[Article]) -> tuple[Judgement, ...]:
        """Judge several, in the order of their publishing; the judgements in the order given. Faster than one by one."""
        now = self._clock()
        articles = [replace(each, published_at=min(each.published_at, now)) for each in articles]
        async with self._lock:
            new_articles = [each for each in articles if self._tracker.get_judgement(each.id) is None]
            vectors = await _run_in_thread(lambda: self._tracker.embed(new_articles))
            pairs = sorted(zip(new_articles, vectors, strict=True), key=lambda pair: pair[0].published_at)
            for article, vector in pairs:
                if self._tracker.get_judgement(article.id) is None:
                    await self._save(await _run_in_thread(partial(self._tracker.evaluate, article, vector)))
        judgements = [self._tracker.get_judgement(each.id) for each in articles]
        return tuple(each for each in judgements if each is not None)

    async def _save(self, pending: PendingJudgement) -> None:
        mean_state = self._tracker.compute_mean_after(pending)
        async with self._store.write() as tx:
            await tx.tracker_state.add([pending.record])
            if pending.duplicate_event:
                await tx.tracker_state.merge_events(pending.duplicate_event, pending.judgement.event)
            await tx.tracker_state.save_mean_vector(mean_state)
        expired_ids = self._tracker.commit(pending)
        if expired_ids:
            async with self._store.write() as tx:
                await tx.tracker_state.end_events([key for key in expired_ids if self._tracker.is_compared(key)])
                await tx.tracker_state.strip_vectors([key for key in expired_ids if not self._tracker.is_compared(key)])

    @property
    def company_matcher(self) -> CompanyMatcher:
        """The known companies, as they are found in texts."""
        return self._tracker.company_matcher

    def find_event(self, article_id: str) -> str:
        """The event that an article is in by now; empty when it is not known."""
        return self._tracker.find_event(article_id)

    async def assign(self, article_id: str, story: str) -> None:
        """The desk, or a sure judgement, has put an article into a story (empty: into none): what follows is judged by it."""
        async with self._lock:
            async with self._store.write() as tx:
                await tx.tracker_state.set_story(article_id, story)
            self._tracker.assign(article_id, story)

    async def learn(self, story: Story) -> None:
        """A story is new, or says something else now."""
        async with self._lock:
            new_records = await _run_in_thread(lambda: self._tracker.learn(story))
            async with self._store.write() as tx:
                await tx.tracker_state.add(new_records)

    async def forget(self, slug: str) -> None:
        """A story is gone."""
        await self.merge_stories(slug, "")

    async def merge_stories(self, slug: str, target_slug: str) -> None:
        """Two stories have become one; the one that is left is to be learned anew."""
        async with self._lock:
            async with self._store.write() as tx:
                await tx.tracker_state.merge_stories(slug, target_slug)
            if target_slug:
                self._tracker.merge_stories(slug, target_slug)
            else:
                self._tracker.forget(slug)

    async def set_companies(self, companies: Iterable[Company]) -> None:
        """These are the known companies from now on."""
        async with self._lock:
            await _run_in_thread(lambda: self._tracker.set_companies(companies))


async def _run_in_thread(work: Callable[[], T]) -> T:
    """Run it beside the event loop, to its end even when the caller is cancelled: the tracker is for one thread at a time."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
