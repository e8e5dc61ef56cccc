"""The desk decides about articles: published, a re-report, no news. Each decision stands once, and can be taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import NotFound, Refused
from bot.languages import noted, say
from bot.model.review import Record, Review, ReviewState
from bot.model.story import TAKEN_BACK, Source, Story
from bot.model.tracking import Decision
from bot.newsroom.clippings import clipping, source_of
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, Face, StoryDraft
from bot.newsroom.entering import Outcome
from bot.store import Session, Store

DECIDED = noted("Somebody has decided about this article already.")
#: Told of each decision, so that what comes later is judged by it: the article's id, and the story's slug or empty.
Learner = Callable[[str, str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class InQueue:
    """One of the reviews that wait: which it is of how many, counted from 0, and the stories that are suggested."""

    review: Review
    at: int
    count: int


class Reviews:
    """The review queue. ``learner`` is told what was decided."""

    def __init__(self, store: Store, desk: Desk, clock: Clock, zone: ZoneInfo, learner: Learner | None = None) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._zone = zone
        self._learner = learner

    def told_to(self, learner: Learner) -> Reviews:
        """The same queue, whose decisions somebody learns from."""
        return Reviews(self._store, self._desk, self._clock, self._zone, learner)

    async def get(self, number: int) -> Review:
        """The review of that number; NotFound when it was forgotten."""
        async with self._store.read() as session:
            return await _get(session, number)

    async def waiting(self, at: int = 0) -> InQueue | None:
        """What waits, the oldest first; the last one where ``at`` is beyond it; None where nothing waits."""
        async with self._store.read() as session:
            count = await session.reviews.count_waiting()
            place = max(0, min(at, count - 1))
            found = await session.reviews.waiting(place, 1)
        return InQueue(found[0], place, count) if found else None

    async def count_waiting(self) -> int:
        """How many wait."""
        async with self._store.read() as session:
            return await session.reviews.count_waiting()

    async def stories(self, review: Review) -> tuple[Story, ...]:
        """The stories that the tracker suggests, and the one that was decided on, as they stand now, the likeliest first."""
        wanted = [review.slug, review.suggestion.story, *review.suggestion.stories]
        async with self._store.read() as session:
            found = [await session.stories.get(slug) for slug in dict.fromkeys(wanted) if slug]
        return tuple({story.slug: story for story in found if story}.values())

    async def records(self) -> Mapping[int, Record]:
        """How often the first suggestion was taken, by the number of the feed."""
        async with self._store.read() as session:
            return await session.reviews.records()

    async def draft(self, number: int, slug: str) -> tuple[Review, Story, DevelopmentDraft]:
        """What :meth:`publish` would publish in a story, to be looked over first."""
        async with self._store.read() as session:
            review = await _get(session, number)
            story = await session.stories.get(slug)
        if story is None:
            raise NotFound("story", slug)
        return review, story, self._clipping(review, story)

    async def publish(
        self,
        number: int,
        slug: str,
        *,
        actor: str,
        change: Callable[[DevelopmentDraft], DevelopmentDraft] | None = None,
    ) -> tuple[Review, Outcome]:
        """Publish the article as a development of a story; one that the story has already gains it as a source.

        So does one that had the article's headline before it was corrected.

        ``change`` makes another draft of it. Raises Refused when it is decided already, and then nothing is published.
        """
        review, story, made = await self.draft(number, slug)
        draft = change(made) if change else made
        known = await self._desk.known_as(story.slug, draft)
        if known is not None and known.stands:
            return await self.re_report(number, story.slug, known.key, actor=actor)
        taken = review.suggestion.verdict is Decision.DEVELOPMENT and review.suggestion.stories[:1] == (story.slug,)

        async def decided(session: Session, outcome: Outcome) -> None:
            # One that had been taken back stands again.
            told = [*outcome.added, *(now for _, now in outcome.corrected)]
            key = told[0].key if told else ""
            await self._decide(session, review, ReviewState.PUBLISHED, actor, outcome.story.slug, key, taken=taken)

        outcome = await self._desk.publish(StoryDraft(story.slug, None, (draft,)), actor=actor, also=decided)
        return await self._learnt(number, outcome.story.slug), outcome

    async def open_story(self, number: int, face: Face, *, actor: str) -> tuple[Review, Outcome]:
        """Publish the article as the first development of a new story. Raises Refused when it is decided already."""
        review = await self.get(number)
        draft = clipping(
            review.article, review.suggestion, face.kind, self._zone, feed_label=review.feed_label, also=review.also
        )
        taken = review.suggestion.verdict is Decision.NEW_STORY

        async def decided(session: Session, outcome: Outcome) -> None:
            key = outcome.story.developments[0].key
            await self._decide(session, review, ReviewState.PUBLISHED, actor, outcome.story.slug, key, taken=taken)

        outcome = await self._desk.open_story(face, (draft,), actor=actor, also=decided)
        return await self._learnt(number, outcome.story.slug), outcome

    async def re_report(self, number: int, slug: str, key: str, *, actor: str) -> tuple[Review, Outcome]:
        """The article tells a development again: it is a further source of that, and notifies nobody."""
        review = await self.get(number)
        said = review.suggestion
        taken = said.verdict is Decision.RE_REPORT and (said.story, said.key) == (slug, key)

        async def decided(session: Session, outcome: Outcome) -> None:
            await self._decide(session, review, ReviewState.RE_REPORT, actor, outcome.story.slug, key, taken=taken)

        outcome = await self._desk.add_sources(slug, key, self._sources(review), actor=actor, also=decided)
        return await self._learnt(number, outcome.story.slug), outcome

    async def dismiss(self, number: int, *, actor: str) -> Review:
        """It is no news for this desk."""
        async with self._store.write() as session:
            review = await _get(session, number)
            await self._decide(session, review, ReviewState.NOT_NEWS, actor, "", "", taken=False)
        return await self._learnt(number, "")

    async def undo(self, number: int, *, actor: str) -> Review:
        """Take a decision back: what was published is retracted, what was a source is none any more, and the article waits again.

        Raises Refused when a colleague has done so already.
        """
        review = await self.get(number)
        slug, key = review.slug, review.key

        async def reopened(session: Session, _outcome: Outcome) -> None:
            await self._reopen(session, review, actor)

        if review.state is ReviewState.PUBLISHED and key:
            await self._desk.retract(slug, key, TAKEN_BACK, actor=actor, also=reopened)
        elif review.state is ReviewState.RE_REPORT:
            await self._desk.take_sources(slug, key, self._sources(review), actor=actor, also=reopened)
        else:
            async with self._store.write() as session:
                await self._reopen(session, review, actor)
        return await self._learnt(number, "")

    def _clipping(self, review: Review, story: Story) -> DevelopmentDraft:
        said, label = review.suggestion, review.feed_label
        return clipping(review.article, said, story.kind, self._zone, feed_label=label, also=review.also)

    def _sources(self, review: Review) -> tuple[Source, ...]:
        first = source_of(review.article, self._zone, feed_label=review.feed_label)
        return (first, *(source_of(article, self._zone) for article in review.also))

    async def _decide(
        self, session: Session, review: Review, state: ReviewState, actor: str, slug: str, key: str, *, taken: bool
    ) -> None:
        now = self._clock()
        if not await session.reviews.decide(review.number, state, now, by=actor, slug=slug, key=key, taken=taken):
            raise Refused(say(DECIDED))
        told = {"state": state.value, "story": slug, "development": key}
        await session.audit.write(now, actor, "article decided", review.article.id, None, told)

    async def _reopen(self, session: Session, review: Review, actor: str) -> None:
        now = await _get(session, review.number)
        if (now.state, now.slug, now.key) != (
            review.state,
            review.slug,
            review.key,
        ) or not await session.reviews.reopen(review.number):
            raise Refused(say("That decision has been taken back already."))
        told = {"state": review.state.value, "story": review.slug, "development": review.key}
        await session.audit.write(self._clock(), actor, "decision taken back", review.article.id, told, None)

    async def _learnt(self, number: int, slug: str) -> Review:
        review = await self.get(number)
        if self._learner is not None:
            for article in (review.article, *review.also):
                await self._learner(article.id, slug)
        return review


async def _get(session: Session, number: int) -> Review:
    review = await session.reviews.get(number)
    if review is None:
        raise NotFound("article in the queue", str(number))
    return review
