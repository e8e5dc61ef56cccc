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
from bot.errors import InputError, NotFound, StoreBusy, StoreReplaced, reason_of
from bot.languages import noted
from bot.loops import ErrorLog, is_cancelled, run_forever
from bot.model.article import Article
from bot.model.failure import ATTEMPTS
from bot.model.feed import Arrival, Feed, Trust
from bot.model.review import Review, ReviewState, Suggestion
from bot.model.story import Development
from bot.model.tracking import Decision, Position
from bot.model.vocabulary import Claim
from bot.newsroom.clippings import clipping, source_of
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft
from bot.newsroom.entering import Outcome
from bot.newsroom.leads import Leads
from bot.store import Session, Store
from bot.store.failures import Work

log = logging.getLogger(__name__)

#: How many articles are judged before others may write.
BATCH = 20
#: How often articles are looked for, in seconds: news comes by polls that are hours apart.
LOOK = 2.0
#: Why an article is set aside whose attempts ended with no error, because the process ended first.
STOPPED = noted("The bot stopped each time it worked on this article.")


@dataclass(frozen=True, slots=True)
class Judged:
    """What the tracker says of an article: its event, what to do with it, and whether that needs no editor.

    ``twin`` is the id of an article that it tells again, or most nearly does; empty for none. ``brings_new`` says that it has a
    figure, a company, a claim or a stage that is not known yet.
    """

    event: str
    suggestion: Suggestion
    sure: bool
    twin: str = ""
    brings_new: bool = False


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
        #: Articles whose attempt has begun and could not be ended, for the database failed: it is no fault of theirs.
        self._unfinished: set[int] = set()
        self._errors = ErrorLog(log, "Settling an article")
        self._lead_errors = ErrorLog(log, "Fetching the lead of an article")

    async def run(self) -> None:
        """Settle what comes in, for ever."""
        await run_forever(self._step, ErrorLog(log, "Settling articles"))

    async def _step(self) -> None:
        if not await self.run_once():
            await asyncio.sleep(LOOK)

    async def run_once(self) -> int:
        """Settle a batch of what waits; how many articles that were. An article that fails is retried later, and set aside.

        Raises StoreError while the database fails, which counts for no article.
        """
        batch = await self._begin()
        for arrival in await asyncio.gather(*map(self._with_lead, batch)):
            await self._attempt(arrival)
            self._unfinished.discard(arrival.number)
        return len(batch)

    async def _begin(self) -> list[Arrival]:
        """Choose what is attempted next, and count the attempts before they can end the process.

        An article whose attempt has begun before is attempted alone, so that it takes no other article along.
        """
        now = self._clock()
        async with self._store.read() as session:
            due = await session.articles.due(now, BATCH, self._unfinished)
            attempts = await session.failures.attempts(Work.ARTICLE, [each.number for each in due])
        suspects = [each for each in due if each.number in attempts and each.number not in self._unfinished]
        spent = [each for each in suspects if attempts[each.number] >= ATTEMPTS]
        for arrival in spent:
            await self._failed(arrival, STOPPED)
        fresh = [each for each in due if each not in suspects]
        batch = fresh or [each for each in suspects if each not in spent][:1]
        begun = [each.number for each in batch if each.number not in self._unfinished]
        if begun:
            async with self._store.write() as session:
                await session.failures.begin(Work.ARTICLE, begun, now)
        self._unfinished.update(begun)
        return batch

    async def _attempt(self, arrival: Arrival) -> None:
        try:
            await self._settle(arrival)
        except (StoreBusy, StoreReplaced):
            raise
        except (Exception, asyncio.CancelledError) as exc:
            if isinstance(exc, asyncio.CancelledError) and is_cancelled():
                raise
            self._errors.failed(exc)
            await self._failed(arrival, reason_of(exc))
        else:
            self._errors.succeeded()

    async def _failed(self, arrival: Arrival, reason: str) -> None:
        # If it was the database that failed, not the article, this fails too, and the loop waits for it.
        async with self._store.write() as session:
            is_last = await session.failures.end(Work.ARTICLE, arrival.number, reason, self._clock())
        if is_last:
            log.warning("Article %d is set aside for the desk: %s", arrival.number, reason)
            self._changed()

    async def _with_lead(self, arrival: Arrival) -> Arrival:
        """The article with a lead, which is kept: judged again after a restart, it is judged the same."""
        if self._leads is None:
            return arrival
        try:
            filled = await self._leads.filled(arrival.article)
        except Exception as exc:  # noqa: BLE001 - its title is there, and can be judged
            self._lead_errors.failed(exc)
            return arrival
        if filled.text != arrival.article.text:
            async with self._store.write() as session:
                await session.articles.set_text(arrival.number, filled.text)
        return replace(arrival, article=filled)

    async def _settle(self, arrival: Arrival) -> None:
        judged = await self._judge.judge(arrival.article)
        async with self._store.read() as session:
            reviews = await session.reviews.of_event(judged.event)
            # Two events can turn out to be one.
            twin = await session.reviews.of_article(judged.twin) if _is_re_report(judged) and judged.twin else None
            feed = await session.feeds.get(arrival.feed)
        known = twin or next((review for review in reviews if _may_repeat(judged, review)), None)
        try:
            if known is not None and await self._retold(arrival, judged, known):
                return
            if known is None and not reviews and judged.sure and await self._by_itself(arrival, judged, feed):
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
        if not judged.sure or not _is_re_report(judged):
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
        known = await self._desk.known_as(story.slug, draft)
        if known is not None:
            return await self._merge(arrival, judged, story.slug, known, draft)

        async def settled(session: Session, outcome: Outcome) -> None:
            added = next(iter(outcome.added), None)
            if added is None:
                # It has been published since by somebody else.
                raise NotFound("development", draft.headline)
            await self._note(session, arrival, judged, ReviewState.PUBLISHED, outcome.story.slug, added.key)
            await session.articles.mark_done([arrival.number])

        await self._desk.publish(StoryDraft(story.slug, None, (draft,)), actor=_actor(arrival), also=settled)
        log.info("Article %d is published in %s.", arrival.number, story.slug)
        await self._judge.settle(arrival.article.id, story.slug)
        self._changed()
        return True

    async def _merge(
        self, arrival: Arrival, judged: Judged, slug: str, known: Development, draft: DevelopmentDraft
    ) -> bool:
        """Add the article as a source of the development that has, or had, its headline; False if an editor should look.

        An editor decides if it contradicts the development, which may be why that was corrected or retracted.
        """
        if not known.stands or _contradicts(draft, known):
            return False

        async def noted(session: Session) -> None:
            await self._note(session, arrival, judged, ReviewState.RE_REPORT, slug, known.key)

        await self._add_source(arrival, slug, known.key, noted)
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


def _is_re_report(judged: Judged) -> bool:
    return judged.suggestion.verdict is Decision.RE_REPORT


def _may_repeat(judged: Judged, review: Review) -> bool:
    """Return whether an article can go where an article of its event went.

    One that waits shows the desk all that is folded into it, so another figure is seen there; another claim or stage has to be
    decided for itself. What is no news does not hide what comes to be news. What was published is the tracker's to compare.
    """
    if review.state is ReviewState.NOT_NEWS:
        return not judged.brings_new
    new, known = judged.suggestion, review.suggestion
    return bool(review.key) or Position(new.stage, new.claim).can_repeat(Position(known.stage, known.claim))


def _contradicts(draft: DevelopmentDraft, known: Development) -> bool:
    """Return whether a draft denies what a development says, or the other way round, or gives it another stage."""
    denies = (draft.claim is Claim.DENIED) is not (known.claim is Claim.DENIED)
    return denies or bool(draft.stage and known.stage and draft.stage is not known.stage)


def _retelling(judged: Judged, known: Review | None) -> Judged:
    """What an editor is asked about news that is published: whether the article tells just that again."""
    said = judged.suggestion
    if known is None or not known.key or said.key or said.verdict is not Decision.RE_REPORT:
        return judged
    return replace(judged, suggestion=replace(said, story=known.slug, key=known.key))


def _actor(arrival: Arrival) -> str:
    """The feed, as the audit names it."""
    return f"feed:{arrival.feed}"
