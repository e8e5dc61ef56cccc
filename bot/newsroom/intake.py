"""From the feeds to the desk: what came in is judged, and published, folded, or put into the review queue.

Each article is settled in one transaction with whatever becomes of it. Killed before it, the article still waits, and is
judged the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import InputError, NotFound
from bot.loops import ErrorLog, run_forever
from bot.model.article import Article
from bot.model.feed import Arrival, Feed, Trust
from bot.model.review import Review, ReviewState, Suggestion
from bot.model.tracking import Decision
from bot.newsroom.clippings import clipping, source_of
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft
from bot.newsroom.entering import Outcome
from bot.newsroom.leads import Leads
from bot.store import Session, Store

log = logging.getLogger(__name__)

#: How many articles are judged before others may write.
BATCH = 20
#: How often articles are looked for, in seconds: news comes by polls that are hours apart.
LOOK = 2.0


@dataclass(frozen=True, slots=True)
class Judged:
    """What the tracker says of an article: its event, what to do with it, and whether that needs no editor.

    ``twin`` is the id of an article that it tells again, or most nearly does; empty for none.
    """

    event: str
    suggestion: Suggestion
    sure: bool
    twin: str = ""


class Judge(Protocol):
    """Puts an article into its event and its story. The same article again is judged the same."""

    async def judge(self, article: Article) -> Judged:
        """Judge it; the event loop is not held up."""
        ...

    async def settle(self, article_id: str, slug: str) -> None:
        """The article is in that story, or in none: what follows is judged by it."""
        ...


class Intake:
    """Settles what the feeds brought. ``on_queue`` is called when something has come into the queue, or changed there."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        judge: Judge,
        clock: Clock,
        zone: ZoneInfo,
        leads: Leads | None = None,
        on_queue: Callable[[], None] | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._judge = judge
        self._clock = clock
        self._zone = zone
        self._leads = leads
        self._on_queue = on_queue

    async def run(self) -> None:
        """Settle what comes in, for ever."""
        await run_forever(self._step, ErrorLog(log, "Settling articles"))

    async def _step(self) -> None:
        if not await self.run_once():
            await asyncio.sleep(LOOK)

    async def run_once(self) -> int:
        """Settle a batch of what waits; how many articles that were."""
        async with self._store.read() as session:
            pending = await session.articles.pending(BATCH)
        for arrival in await asyncio.gather(*map(self._with_lead, pending)):
            await self._settle(arrival)
        return len(pending)

    async def _with_lead(self, arrival: Arrival) -> Arrival:
        """The article with a lead, which is kept: judged again after a restart, it is judged the same."""
        if self._leads is None:
            return arrival
        filled = await self._leads.filled(arrival.article)
        if filled.text != arrival.article.text:
            async with self._store.write() as session:
                await session.articles.set_text(arrival.number, filled.text)
        return replace(arrival, article=filled)

    async def _settle(self, arrival: Arrival) -> None:
        judged = await self._judge.judge(arrival.article)
        async with self._store.read() as session:
            known = await session.reviews.of_event(judged.event)
            if known is None and judged.twin and judged.suggestion.verdict is Decision.RE_REPORT:
                # Two events can turn out to be one.
                known = await session.reviews.of_article(judged.twin)
            feed = await session.feeds.get(arrival.feed)
        try:
            if known is not None and await self._retold(arrival, judged, known):
                return
            if known is None and judged.sure and await self._by_itself(arrival, judged, feed):
                return
        except (InputError, NotFound) as exc:
            # The story or the development has changed since: an editor decides.
            log.info("Article %d goes to the desk: %s", arrival.number, exc)
        await self._queue(arrival, _retelling(judged, known))

    async def _retold(self, arrival: Arrival, judged: Judged, known: Review) -> bool:
        """The article tells what is known: it goes where that went. False when an editor should look all the same.

        What brings something new to news that is published is never published by itself: ten re-reports are one post.
        """
        if known.state is ReviewState.WAITING or known.state is ReviewState.NOT_NEWS or not known.key:
            async with self._store.write() as session:
                await session.reviews.fold(known.number, arrival.number)
                await session.articles.mark_done([arrival.number])
            self._changed()
            return True
        if not judged.sure or judged.suggestion.verdict is not Decision.RE_REPORT:
            return False

        async def folded(session: Session) -> None:
            await session.reviews.fold(known.number, arrival.number)

        await self._add_source(arrival, known.slug, known.key, folded)
        return True

    async def _by_itself(self, arrival: Arrival, judged: Judged, feed: Feed | None) -> bool:
        """Do what needs no editor; False where it needs one."""
        said = judged.suggestion
        if said.verdict is Decision.RE_REPORT and said.key:

            async def noted(session: Session) -> None:
                await self._note(session, arrival, judged, ReviewState.RE_REPORT, said.story, said.key)

            await self._add_source(arrival, said.story, said.key, noted)
            return True
        if said.verdict is Decision.DEVELOPMENT and said.stories and feed is not None and feed.trust is Trust.AUTO:
            return await self._publish(arrival, judged, feed)
        return False

    async def _add_source(
        self, arrival: Arrival, slug: str, key: str, note: Callable[[Session], Awaitable[None]]
    ) -> None:
        async def settled(session: Session, _outcome: Outcome) -> None:
            await note(session)
            await session.articles.mark_done([arrival.number])

        source = source_of(arrival.article, self._zone)
        await self._desk.add_sources(slug, key, [source], actor=_actor(arrival), also=settled)
        log.info("Article %d tells again what %s has.", arrival.number, slug)
        await self._judge.settle(arrival.article.id, slug)
        self._changed()

    async def _publish(self, arrival: Arrival, judged: Judged, feed: Feed) -> bool:
        async with self._store.read() as session:
            story = await session.stories.get(judged.suggestion.stories[0])
        if story is None:
            return False
        draft = clipping(arrival.article, judged.suggestion, story.kind, self._zone, feed_label=feed.label)
        if any((d.date, d.headline) == (draft.date, draft.headline) for d in story.developments):
            return False

        async def settled(session: Session, outcome: Outcome) -> None:
            key = outcome.added[0].key
            await self._note(session, arrival, judged, ReviewState.PUBLISHED, outcome.story.slug, key)
            await session.articles.mark_done([arrival.number])

        await self._desk.publish(StoryDraft(story.slug, None, (draft,)), actor=_actor(arrival), also=settled)
        log.info("Article %d is published in %s.", arrival.number, story.slug)
        await self._judge.settle(arrival.article.id, story.slug)
        self._changed()
        return True

    async def _note(
        self, session: Session, arrival: Arrival, judged: Judged, state: ReviewState, slug: str, key: str
    ) -> None:
        now, by = self._clock(), _actor(arrival)
        await session.reviews.add(
            arrival.number, judged.event, judged.suggestion, now, state=state, by=by, slug=slug, key=key
        )

    async def _queue(self, arrival: Arrival, judged: Judged) -> None:
        async with self._store.write() as session:
            await session.reviews.add(arrival.number, judged.event, judged.suggestion, self._clock())
            await session.articles.mark_done([arrival.number])
        log.info("Article %d waits for the desk.", arrival.number)
        self._changed()

    def _changed(self) -> None:
        if self._on_queue is not None:
            self._on_queue()


def _retelling(judged: Judged, known: Review | None) -> Judged:
    """What an editor is asked about news that is published: whether the article tells just that again."""
    said = judged.suggestion
    if known is None or not known.key or said.key or said.verdict is not Decision.RE_REPORT:
        return judged
    return replace(judged, suggestion=replace(said, story=known.slug, key=known.key))


def _actor(arrival: Arrival) -> str:
    """The feed, as the audit names it."""
    return f"feed:{arrival.feed}"
