"""The tracker beside its store: what it has said outlives a restart, and the event loop never waits for a vector."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from bot.clock import Clock
from bot.model.article import Article
from bot.model.company import Company
from bot.model.story import Story
from bot.model.tracked import Tracked
from bot.model.tracking import Judgement
from bot.names.intext import CompaniesInText
from bot.newsroom.tracker import Considered, Embedder, Tracker
from bot.newsroom.tracker.faces import TEXTS
from bot.store import Store

log = logging.getLogger(__name__)

T = TypeVar("T")

#: So many stories are known when the tracker opens, those with the newest developments. What an older one is told of, the
#: desk puts there, and from then on it is known too.
STORIES = 2_000


class Tracking:
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
        self._turn = asyncio.Lock()

    async def open(self) -> None:
        """Take up what was kept, and learn what the newest stories say by now."""
        async with self._turn:
            async with self._store.read() as session:
                kept = await session.tracked.all()
                centre = await session.tracked.centre(self._tracker.embedder)
                companies = await session.companies.all()
                slugs = await session.stories.newest(STORIES)
                stories = [s for slug in slugs if (s := await session.stories.get(slug, newest=TEXTS)) is not None]
            await _in_thread(lambda: self._tracker.know(companies))
            await _in_thread(lambda: self._tracker.restore(kept, centre))
            for slug in {each.story for each in kept if each.story} - set(slugs):
                self._tracker.forget(slug)
            known = {each.key for each in kept}
            new = await _in_thread(lambda: [text for story in stories for text in self._learn(story)])
            spent = [each.key for each in kept if each.weights and not self._tracker.compares(each.key)]
            async with self._store.write() as session:
                await session.tracked.bare([key for key in spent if key in known and "#" not in key])
                await session.tracked.remove([key for key in spent if "#" in key])
                await session.tracked.add(new)

    def _learn(self, story: Story) -> tuple[Tracked, ...]:
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
        articles = [replace(each, published=min(each.published, now)) for each in articles]
        async with self._turn:
            new = [each for each in articles if self._tracker.judgement(each.id) is None]
            vectors = await _in_thread(lambda: self._tracker.embed(new))
            pairs = sorted(zip(new, vectors, strict=True), key=lambda pair: pair[0].published)
            for article, vector in pairs:
                if self._tracker.judgement(article.id) is None:
                    await self._keep(await _in_thread(partial(self._tracker.consider, article, vector)))
        judged = [self._tracker.judgement(each.id) for each in articles]
        return tuple(each for each in judged if each is not None)

    async def _keep(self, considered: Considered) -> None:
        centre = self._tracker.centre_after(considered)
        async with self._store.write() as session:
            await session.tracked.add([considered.kept])
            if considered.same:
                await session.tracked.merge(considered.same, considered.judgement.event)
            await session.tracked.save_centre(centre)
        over = self._tracker.accept(considered)
        if over:
            async with self._store.write() as session:
                await session.tracked.end_events([key for key in over if self._tracker.compares(key)])
                await session.tracked.bare([key for key in over if not self._tracker.compares(key)])

    @property
    def companies(self) -> CompaniesInText:
        """The known companies, as they are found in texts."""
        return self._tracker.companies

    def event_of(self, article_id: str) -> str:
        """The event that an article is in by now; empty when it is not known."""
        return self._tracker.event_of(article_id)

    async def settle(self, article_id: str, story: str) -> None:
        """The desk, or a sure judgement, has put an article into a story (empty: into none): what follows is judged by it."""
        async with self._turn:
            async with self._store.write() as session:
                await session.tracked.settle(article_id, story)
            self._tracker.settle(article_id, story)

    async def learn(self, story: Story) -> None:
        """A story is new, or says something else now."""
        async with self._turn:
            new = await _in_thread(lambda: self._tracker.learn(story))
            async with self._store.write() as session:
                await session.tracked.add(new)

    async def forget(self, slug: str) -> None:
        """A story is gone."""
        await self.join(slug, "")

    async def join(self, slug: str, into: str) -> None:
        """Two stories have become one; the one that is left is to be learned anew."""
        async with self._turn:
            async with self._store.write() as session:
                await session.tracked.join(slug, into)
            if into:
                self._tracker.join(slug, into)
            else:
                self._tracker.forget(slug)

    async def know(self, companies: Iterable[Company]) -> None:
        """These are the known companies from now on."""
        async with self._turn:
            await _in_thread(lambda: self._tracker.know(companies))


async def _in_thread(work: Callable[[], T]) -> T:
    """Run it beside the event loop, to its end even when the caller is cancelled: the tracker is for one thread at a time."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
        raise
