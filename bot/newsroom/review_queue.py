"""The review queue: the desk publishes an article, marks it as a re-report, or dismisses it. Other queues show their items alike.

A decision is made once, and can be undone. It is written in the transaction that changes the story, so if two editors click at
the same time, the article is published once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import NotAllowed
from bot.languages import lazy, say
from bot.model.review import FeedReviewStats, Review, ReviewState
from bot.model.story import PUBLICATION_WITHDRAWN, Source, Story
from bot.model.tracking import Decision
from bot.model.vocabulary import Kind
from bot.newsroom.article_drafts import draft_from_article, source_from_article
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft, StoryDraft, StoryHeader
from bot.newsroom.story_writer import PublishOutcome
from bot.store import Store, Transaction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class QueueItem(Generic[T]):
    """An item with its position in its queue, counted from 0, and the length of the queue."""

    item: T
    position: int
    count: int


async def find_item_at(
    position: int, count: int, list_items: Callable[[int, int], Awaitable[Sequence[T]]]
) -> QueueItem[T] | None:
    """Return the item at a position, or the last one if there are fewer; None if the queue is empty.

    ``list_items`` takes an offset and a limit.
    """
    index = max(0, min(position, count - 1))
    items = await list_items(index, 1)
    return QueueItem(items[0], index, count) if items else None


ALREADY_DECIDED = lazy("Somebody has already made a decision about this article.")
#: Called with an article's id and the slug of the story that it was put into, empty for none.
DecisionListener = Callable[[str, str], Awaitable[None]]


class ReviewQueue:
    """Articles that wait for the desk, and its decisions. ``on_decision`` is called after each of them."""

    def __init__(
        self, store: Store, desk: Desk, clock: Clock, zone: ZoneInfo, on_decision: DecisionListener | None = None
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._zone = zone
        self._on_decision = on_decision

    def with_listener(self, on_decision: DecisionListener) -> ReviewQueue:
        """Return the same queue with a listener to its decisions."""
        return ReviewQueue(self._store, self._desk, self._clock, self._zone, on_decision)

    async def get(self, review_id: int) -> Review:
        """Return a review by its id. Raises NotFound if it has been deleted."""
        async with self._store.read() as tx:
            return await tx.reviews.get(review_id)

    async def get_at(self, position: int = 0) -> QueueItem[Review] | None:
        """Return the waiting review at a position, oldest first, or the last one; None if none waits."""
        async with self._store.read() as tx:
            return await find_item_at(position, await tx.reviews.count_waiting(), tx.reviews.list_waiting)

    async def count_waiting(self) -> int:
        """Return how many reviews wait."""
        async with self._store.read() as tx:
            return await tx.reviews.count_waiting()

    async def get_stories(self, review: Review) -> tuple[Story, ...]:
        """Return the story of the decision and those that the tracker recommends, as they are now, the likeliest first."""
        slugs = [review.slug, review.recommendation.story, *review.recommendation.stories]
        async with self._store.read() as tx:
            stories = [await tx.stories.find(slug) for slug in dict.fromkeys(slugs) if slug]
        return tuple({story.slug: story for story in stories if story}.values())

    def build_source(self, review: Review) -> Source:
        """Return the article of a review as a source."""
        return source_from_article(review.article, self._zone, feed_label=review.feed_label)

    async def get_records(self, feed_ids: Iterable[int]) -> Mapping[int, FeedReviewStats]:
        """Return by feed id how often the desk accepted the tracker's recommendation, and what the tracker does alone."""
        # It loads the tracker, which a command that needs no feeds should not wait for.
        from bot.newsroom.feed_confidence import find_feed_lines

        async def read(tx: Transaction) -> Mapping[int, FeedReviewStats]:
            counts = await tx.reviews.get_feed_records()
            return {
                feed_id: replace(counts.get(feed_id, FeedReviewStats()), lines=await find_feed_lines(tx, feed_id))
                for feed_id in feed_ids
            }

        return await self._store.read_in_thread(read)

    async def build_draft(self, review_id: int, slug: str) -> tuple[Review, Story, DevelopmentDraft]:
        """Return what :meth:`publish` would publish in a story. Raises NotFound."""
        async with self._store.read() as tx:
            review = await tx.reviews.get(review_id)
            story = await tx.stories.get(slug)
        return review, story, self._build_draft(review, story.kind)

    async def publish(
        self,
        review_id: int,
        slug: str,
        *,
        actor: str,
        change: Callable[[DevelopmentDraft], DevelopmentDraft] | None = None,
    ) -> tuple[Review, PublishOutcome]:
        """Publish the article as a development of a story, after ``change`` has edited the draft.

        If the story has that development already, also under a former headline, the article becomes a source of it.
        Raises NotAllowed if the review is decided already, and then nothing is published.
        """
        review, story, proposal = await self.build_draft(review_id, slug)
        draft = change(proposal) if change else proposal
        recommendation = review.recommendation
        is_accepted = recommendation.decision is Decision.DEVELOPMENT and recommendation.stories[:1] == (story.slug,)
        existing_development = await self._desk.find_development(story.slug, draft)
        if existing_development is not None and existing_development.is_valid:
            key = existing_development.key
            # The same becomes of such an article without an editor.
            return await self._add_sources(review, story.slug, key, actor, is_accepted=is_accepted)
        async with self._desk.transaction(actor) as writer:
            outcome = await writer.publish(StoryDraft(story.slug, None, (draft,)))
            # A development whose publication was withdrawn is valid again: that is a correction.
            developments = [*outcome.new_developments, *(new for _, new in outcome.corrections)]
            key = developments[0].key if developments else ""
            await self._decide(
                writer.tx, review, ReviewState.PUBLISHED, actor, outcome.story.slug, key, is_accepted=is_accepted
            )
        return await self._notify_listener(review_id, outcome.story.slug), outcome

    async def open_story(self, review_id: int, header: StoryHeader, *, actor: str) -> tuple[Review, PublishOutcome]:
        """Publish the article as the first development of a new story. Raises NotAllowed if it is decided already."""
        review = await self.get(review_id)
        draft = self._build_draft(review, header.kind)
        is_accepted = review.recommendation.decision is Decision.NEW_STORY
        async with self._desk.transaction(actor) as writer:
            outcome = await writer.open_story(header, (draft,))
            slug, key = outcome.story.slug, outcome.story.developments[0].key
            await self._decide(writer.tx, review, ReviewState.PUBLISHED, actor, slug, key, is_accepted=is_accepted)
        return await self._notify_listener(review_id, slug), outcome

    async def mark_re_report(self, review_id: int, slug: str, key: str, *, actor: str) -> tuple[Review, PublishOutcome]:
        """Add the article to a development as a further source, and notify nobody."""
        review = await self.get(review_id)
        recommendation = review.recommendation
        recommended = (recommendation.decision, recommendation.story, recommendation.development_key)
        is_accepted = recommended == (Decision.RE_REPORT, slug, key)
        return await self._add_sources(review, slug, key, actor, is_accepted=is_accepted)

    async def _add_sources(
        self, review: Review, slug: str, key: str, actor: str, *, is_accepted: bool
    ) -> tuple[Review, PublishOutcome]:
        async with self._desk.transaction(actor) as writer:
            outcome = await writer.add_sources(slug, key, self._build_sources(review))
            await self._decide(
                writer.tx, review, ReviewState.RE_REPORT, actor, outcome.story.slug, key, is_accepted=is_accepted
            )
        return await self._notify_listener(review.id, outcome.story.slug), outcome

    async def dismiss(self, review_id: int, *, actor: str) -> Review:
        """Decide that the article is no news for this desk. Raises NotAllowed if the review is decided already."""
        async with self._store.write() as tx:
            review = await tx.reviews.get(review_id)
            await self._decide(tx, review, ReviewState.NOT_NEWS, actor, "", "", is_accepted=False)
        return await self._notify_listener(review_id, "")

    async def undo(self, review_id: int, *, actor: str) -> Review:
        """Take a decision back: the development is retracted, or its source removed, and the article waits again.

        The development is not deleted, because messages about it may have been sent: they are edited and say that it was withdrawn.

        Raises NotAllowed if a colleague has done so already.
        """
        review = await self.get(review_id)
        slug, key = review.slug, review.development_key
        async with self._desk.transaction(actor) as writer:
            if review.state is ReviewState.PUBLISHED and key:
                await writer.retract(slug, key, PUBLICATION_WITHDRAWN)
            elif review.state is ReviewState.RE_REPORT:
                await writer.remove_sources(slug, key, self._build_sources(review))
            await self._reopen(writer.tx, review, actor)
        return await self._notify_listener(review_id, "")

    def _build_draft(self, review: Review, kind: Kind) -> DevelopmentDraft:
        return draft_from_article(
            review.article,
            review.recommendation,
            kind,
            self._zone,
            feed_label=review.feed_label,
            same_news=review.same_news,
        )

    def _build_sources(self, review: Review) -> tuple[Source, ...]:
        first = source_from_article(review.article, self._zone, feed_label=review.feed_label)
        return (first, *(source_from_article(article, self._zone) for article in review.same_news))

    async def _decide(
        self, tx: Transaction, review: Review, state: ReviewState, actor: str, slug: str, key: str, *, is_accepted: bool
    ) -> None:
        now = self._clock()
        if not await tx.reviews.decide(
            review.id, state, now, decided_by=actor, slug=slug, key=key, is_accepted=is_accepted
        ):
            raise NotAllowed(say(ALREADY_DECIDED))
        details = {"state": state.value, "story": slug, "development": key}
        await tx.audit.write(now, actor, "article decided", review.article.id, None, details)

    async def _reopen(self, tx: Transaction, review: Review, actor: str) -> None:
        current_review = await tx.reviews.get(review.id)
        if (current_review.state, current_review.slug, current_review.development_key) != (
            review.state,
            review.slug,
            review.development_key,
        ) or not await tx.reviews.reopen(review.id):
            raise NotAllowed(say("That decision has already been undone."))
        details = {"state": review.state.value, "story": review.slug, "development": review.development_key}
        await tx.audit.write(self._clock(), actor, "decision taken back", review.article.id, details, None)

    async def _notify_listener(self, review_id: int, slug: str) -> Review:
        review = await self.get(review_id)
        if self._on_decision is not None:
            for article in (review.article, *review.same_news):
                await self._on_decision(article.id, slug)
        return review
