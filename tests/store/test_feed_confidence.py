"""What became of a feed's recommendations decides what the tracker does alone for it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bot.model.confidence_line import Outcome
from bot.model.feed import Trust
from bot.model.review import Recommendation, ReviewState
from bot.model.story_split import SplitParts
from bot.model.tracking import Decision
from bot.newsroom.desk import Desk
from bot.newsroom.feed_confidence import RE_REPORT_LIMITS, STORY_LIMITS, find_feed_lines
from bot.newsroom.review_queue import ReviewQueue
from bot.newsroom.story_splitter import StorySplitter
from bot.store import Store
from bot.store.review_outcomes import FeedOutcomes
from tests.store.material import HandClock, draft, news
from tests.store.newsroom import IN_STORY, TOKYO, Newsroom

STORY = "alpha-beta"
SURE = replace(IN_STORY, confidence=STORY_LIMITS.shipped + 0.05)
DOUBTFUL = Recommendation(Decision.NEW_STORY, (STORY,), confidence=STORY_LIMITS.shipped - 0.05)


@dataclass
class Filing:
    """A newsroom with a trusted feed, and the desk's decisions about what it brings."""

    newsroom: Newsroom
    queue: ReviewQueue

    async def bring(self, key: str, recommendation: Recommendation = SURE) -> int:
        """Bring an article; return the id of its review."""
        self.newsroom.judge.suggestion = recommendation
        await self.newsroom.bring(key)
        await self.newsroom.open_intake().run_once()
        async with self.newsroom.store.read() as tx:
            review = await tx.reviews.find_by_article(key)
        assert review is not None
        return review.id

    async def find_state(self, review_id: int) -> ReviewState:
        return (await self.queue.get(review_id)).state

    async def find_outcomes(self) -> FeedOutcomes:
        async with self.newsroom.store.read() as tx:
            return await tx.review_outcomes.find_by_feed(self.newsroom.feed)

    async def find_story_outcomes(self) -> list[tuple[bool, bool]]:
        return [(each.is_right, each.is_decided) for each in (await self.find_outcomes()).stories]


@pytest.fixture
async def filing(store: Store, desk: Desk, clock: HandClock) -> Filing:
    await desk.publish(draft(STORY), actor="test")
    await desk.publish(draft("gamma-delta", news("Talks begin", key="a")), actor="test")
    async with store.write() as tx:
        feed = await tx.feeds.add("https://press.example/feed", "press.example", clock(), trust=Trust.AUTO)
    assert feed is not None
    return Filing(Newsroom(store, desk, clock, feed.id), ReviewQueue(store, desk, clock, TOKYO))


async def test_what_editors_decide_is_right_or_wrong(filing: Filing) -> None:
    """Right is what is published in the story that was recommended first, also if it was recommended as a new one."""
    reviews = [await filing.bring(f"{n}", DOUBTFUL) for n in range(4)]
    await filing.queue.publish(reviews[0], STORY, actor="editor")
    await filing.queue.publish(reviews[1], "gamma-delta", actor="editor")
    await filing.queue.dismiss(reviews[2], actor="editor")
    assert await filing.find_story_outcomes() == [(False, True), (False, True), (True, True)]
    await filing.queue.undo(reviews[2], actor="editor")
    assert await filing.find_story_outcomes() == [(False, True), (True, True)]


async def test_what_was_done_alone_is_right_until_an_editor_undoes_it(filing: Filing) -> None:
    review = await filing.bring("a")
    assert await filing.find_state(review) is ReviewState.PUBLISHED
    assert await filing.find_story_outcomes() == [(True, False)]
    await filing.queue.undo(review, actor="editor")
    assert await filing.find_story_outcomes() == [(False, True)]
    await filing.queue.publish(review, STORY, actor="editor")
    assert await filing.find_story_outcomes() == [(True, True)], "undone by mistake"


async def test_a_retraction_of_what_was_published_alone_is_a_mistake(filing: Filing) -> None:
    development = (await filing.queue.get(await filing.bring("a"))).development_key
    await filing.newsroom.desk.retract(STORY, development, "It is another company.", actor="editor")
    assert await filing.find_story_outcomes() == [(False, True)]


async def test_what_is_moved_to_another_story_was_a_mistake(filing: Filing) -> None:
    """Until the move is undone; merging the two stories makes it right too."""
    newsroom = filing.newsroom
    review = await filing.queue.get(await filing.bring("a"))
    async with newsroom.store.read() as tx:
        development = (await tx.stories.get(STORY)).find_development(review.development_key)
    assert development is not None
    splitter = StorySplitter(newsroom.store, newsroom.desk, newsroom.clock)
    split = (await splitter.begin(STORY, "gamma-delta")).split
    await splitter.change(split.id, lambda each: replace(each, parts=SplitParts(frozenset([development.id]))))
    await splitter.split(split.id, actor="editor")
    assert await filing.find_story_outcomes() == [(False, True)]
    await newsroom.desk.merge("gamma-delta", STORY, actor="editor")
    assert await filing.find_story_outcomes() == [(True, False)]


async def test_a_decision_for_a_merged_story_is_right(filing: Filing) -> None:
    review = await filing.bring("a", DOUBTFUL)
    await filing.newsroom.desk.merge(STORY, "gamma-delta", actor="editor")
    await filing.queue.publish(review, STORY, actor="editor")
    assert await filing.find_story_outcomes() == [(True, True)]


async def test_a_source_that_an_editor_removes_was_no_re_report(filing: Filing) -> None:
    published = await filing.queue.get(await filing.bring("a"))
    key = published.development_key
    again = Recommendation(Decision.RE_REPORT, (STORY,), STORY, key, repeat_likelihood=0.9)
    assert await filing.find_state(await filing.bring("b", again)) is ReviewState.RE_REPORT
    assert (await filing.find_outcomes()).re_reports == [Outcome(0.9, is_right=True, is_decided=False)]
    sources = [{"publisher": "press.example", "url": "https://press.example/a"}]
    await filing.newsroom.desk.correct(STORY, key, {"source": sources}, actor="editor")
    assert (await filing.find_outcomes()).re_reports == [Outcome(0.9, is_right=False)]
    assert await filing.find_state(await filing.bring("c", again)) is ReviewState.WAITING
    surer = replace(again, repeat_likelihood=0.95)
    assert await filing.find_state(await filing.bring("d", surer)) is ReviewState.RE_REPORT


async def test_a_proven_feed_is_published_with_less_confidence(filing: Filing) -> None:
    """After 36 right decisions, also what the tracker would call a new story by itself."""
    for number in range(36):
        review = await filing.bring(f"{number}", DOUBTFUL)
        assert await filing.find_state(review) is ReviewState.WAITING
        await filing.queue.publish(review, STORY, actor="editor")
    review = await filing.bring("next", DOUBTFUL)
    assert await filing.find_state(review) is ReviewState.PUBLISHED


async def test_another_feed_keeps_the_shipped_lines(filing: Filing) -> None:
    await filing.queue.undo(await filing.bring("a"), actor="editor")
    async with filing.newsroom.store.read() as tx:
        own, others, removed = [await find_feed_lines(tx, each) for each in (filing.newsroom.feed, 99, None)]
    assert own.stories.line is not None
    assert own.stories.line > STORY_LIMITS.shipped
    assert others == removed
    assert (others.stories.line, others.re_reports.line) == (STORY_LIMITS.shipped, RE_REPORT_LIMITS.shipped)
