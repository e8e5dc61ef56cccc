"""What the feeds bring is settled article by article: one that fails is retried, then set aside, and stops no other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.container import open_container
from bot.errors import StoreBusy, StoreUnavailable
from bot.model.article import Article
from bot.model.failure import MAX_ATTEMPTS, RETRY_DELAYS
from bot.model.feed import Trust
from bot.model.review import Recommendation, ReviewState
from bot.model.story import Story
from bot.model.tracking import Decision, TrackedText
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import DevelopmentDraft
from bot.newsroom.intake import PROCESS_ENDED, Intake, LeadFetcher
from bot.newsroom.persistent_tracker import PersistentTracker
from bot.newsroom.review_queue import ReviewQueue
from bot.newsroom.tracker import Tracker
from bot.store import Store, open_store
from bot.store.failures import WorkKind
from bot.web.counts import Counts
from tests.engines import StoreDatabase
from tests.store.material import HandClock, draft, more, news
from tests.store.newsroom import IN_STORY, TOKYO, Newsroom
from tests.unit.news import WordHashes
from tests.unit.newsdesk import SEEDS, rooms_settings

FEED = "https://press.example/feed"


class ProcessEnds(BaseException):
    """What ends a process in the middle of its work."""


@pytest.fixture
async def newsroom(store: Store, desk: Desk, clock: HandClock) -> Newsroom:
    await desk.publish(draft("alpha-beta"), actor="test")
    async with store.write() as tx:
        feed = await tx.feeds.add(FEED, "press.example", clock(), title="Press", trust=Trust.AUTO)
    assert feed is not None
    return Newsroom(store, desk, clock, feed.id)


@pytest.mark.parametrize(
    "error",
    [IndexError("tuple index out of range"), StoreUnavailable("Too many names."), asyncio.CancelledError()],
    ids=["a bug", "a statement that the database refuses", "something that was cancelled"],
)
async def test_an_article_that_fails_stops_no_other(newsroom: Newsroom, error: BaseException) -> None:
    newsroom.judge.errors["bad"] = error
    await newsroom.bring("first", "bad", "last")
    await newsroom.open_intake().run_once()
    assert await newsroom.list_published() == ["News of first", "News of last"]
    assert await newsroom.list_pending() == ["bad"]


async def test_a_failing_article_is_retried_then_set_aside(newsroom: Newsroom) -> None:
    """Also if the bot is started anew before each attempt."""
    newsroom.judge.errors["bad"] = IndexError("tuple index\n out of range " + "x" * 9_000)
    await newsroom.bring("bad")
    for wait in RETRY_DELAYS:
        assert await newsroom.open_intake().run_once() == 1
        newsroom.clock.now += wait - timedelta(seconds=1)
        assert await newsroom.open_intake().run_once() == 0
        assert await newsroom.list_failures() == ()
        newsroom.clock.forward(seconds=1)
    await newsroom.open_intake().run_once()
    (failure,) = await newsroom.list_failures()
    assert (failure.article.id, failure.attempts, failure.set_aside_at) == ("bad", MAX_ATTEMPTS, newsroom.clock())
    assert failure.reason.startswith("IndexError: tuple index out of range x")
    assert len(failure.reason) <= 300
    newsroom.clock.forward(days=30)
    assert await newsroom.open_intake().run_once() == 0
    assert newsroom.judge.article_ids == ["bad"] * MAX_ATTEMPTS


async def test_an_article_that_recovers_leaves_no_trace(newsroom: Newsroom) -> None:
    newsroom.judge.errors["bad"] = IndexError()
    await newsroom.bring("bad")
    await newsroom.open_intake().run_once()
    newsroom.judge.errors.clear()
    newsroom.clock.forward(minutes=1)
    await newsroom.open_intake().run_once()
    assert await newsroom.list_published() == ["News of bad"]
    async with newsroom.store.read() as tx:
        assert await tx.failures.count_attempts(WorkKind.ARTICLE, range(100)) == {}


async def test_an_article_that_ends_the_process_is_set_aside_too(newsroom: Newsroom) -> None:
    """Its attempts are counted before they begin; the others of its batch are published on the way."""
    newsroom.judge.errors["bad"] = ProcessEnds()
    await newsroom.bring("first", "bad", "last")
    ends = 0
    for _ in range(30):
        try:
            await newsroom.open_intake().run_once()
        except ProcessEnds:
            ends += 1
        newsroom.clock.forward(hours=2)
    assert ends == MAX_ATTEMPTS
    assert sorted(await newsroom.list_published()) == ["News of first", "News of last"]
    (failure,) = await newsroom.list_failures()
    assert (failure.article.id, failure.reason) == ("bad", PROCESS_ENDED)


async def test_a_database_that_is_busy_counts_for_no_article(newsroom: Newsroom, database: StoreDatabase) -> None:
    """However often: what cannot be written is no fault of the article's."""
    await newsroom.bring("first", "second")
    intake = newsroom.open_intake()
    newsroom.judge.errors["first"] = StoreBusy("The database is locked.")
    for _ in range(2 * MAX_ATTEMPTS):
        with pytest.raises(StoreBusy):
            await intake.run_once()
    newsroom.judge.errors.clear()
    newsroom.clock.forward(seconds=11)
    async with open_store(database.url, busy_seconds=0.01) as impatient:
        hurried = Intake(impatient, Desk(impatient, newsroom.clock), newsroom.judge, newsroom.clock, TOKYO)
        with database.hold():
            for _ in range(2 * MAX_ATTEMPTS):
                with pytest.raises(StoreBusy):
                    await hurried.run_once()
    await intake.run_once()
    assert await newsroom.list_published() == ["News of first", "News of second"]
    assert await newsroom.list_failures() == ()


class BrokenLeadFetcher(LeadFetcher):
    """Fails for one article in a way that nobody foresaw."""

    def __init__(self) -> None:
        pass

    async def add_lead(self, article: Article) -> Article:
        if article.id == "bad":
            raise UnicodeError("label too long")
        return article


async def test_an_article_without_a_lead_is_processed(newsroom: Newsroom) -> None:
    await newsroom.bring("first", "bad", "last")
    await newsroom.open_intake(BrokenLeadFetcher()).run_once()
    assert await newsroom.list_published() == ["News of first", "News of bad", "News of last"]


async def test_the_loop_goes_on_after_articles_that_fail(newsroom: Newsroom) -> None:
    newsroom.judge.errors.update({"bad": KeyError("slug"), "worse": RecursionError("too deep")})
    await newsroom.bring("bad", "worse", "good")
    is_done = asyncio.Event()
    intake = Intake(newsroom.store, newsroom.desk, newsroom.judge, newsroom.clock, TOKYO, on_queue_change=is_done.set)
    running = asyncio.create_task(intake.run())
    async with asyncio.timeout(60):
        await is_done.wait()
    running.cancel()
    await asyncio.wait({running})
    assert await newsroom.list_published() == ["News of good"]


FORMER = "Nissan and Foxconn sign an EV supply agreement for the Oppama plant"
CORRECTED = "The two carmakers come closer over Kanagawa"
OPPAMA = "nissan-foxconn-oppama"


@pytest.mark.parametrize("stage", [Stage.SIGNED, None])
async def test_an_article_with_a_former_headline_becomes_a_source(
    tmp_path: Path, clock: HandClock, stage: Stage | None
) -> None:
    """An editor corrected the headline; the article is no news, and those behind it are not kept waiting."""
    async with open_container(rooms_settings(tmp_path / "dealwire.db", SEEDS), clock=clock) as container:
        store, desk = container.services.store, container.services.desk
        today = clock().astimezone(TOKYO).date().isoformat()
        added = await desk.publish(more(OPPAMA, news(FORMER, date=today, stage=stage)), actor="editor")
        key = added.new_developments[0].key
        await desk.correct(OPPAMA, key, {"headline": CORRECTED}, actor="editor")
        async with store.write() as tx:
            feed = await tx.feeds.add(FEED, "press.example", clock(), title="Press", trust=Trust.AUTO)
            assert feed is not None
            articles = [
                Article("again", FORMER, clock(), "", "https://press.example/again", "The Press"),
                Article("other", "Storm floods the harbour of Lisbon", clock(), "", "https://press.example/2"),
            ]
            await tx.articles.ingest(feed.id, articles, clock(), fresh_since=clock() - timedelta(days=1))
        judge = PersistentTracker(store, clock, lambda: None)
        assert (await judge.assess(articles[0])).recommendation.decision is Decision.DEVELOPMENT
        await Intake(store, desk, judge, clock, TOKYO).run_once()
        async with store.read() as tx:
            assert await tx.articles.list_pending(10) == ()
            review = await tx.reviews.find_by_article("again")
            story = await tx.stories.find(OPPAMA)
        assert story is not None
        assert review is not None
        assert (review.state, review.development_key) == (ReviewState.RE_REPORT, key)
        (same,) = [each for each in story.developments if each.key == key]
        assert (same.headline, same.stage, same.claim) == (CORRECTED, stage, Claim.REPORTED)
        assert [source.publisher for source in same.sources] == ["The Paper", "The Press"]


@pytest.mark.parametrize(
    ("known", "article"),
    [
        (news("News of first", date="2026-01-01", stage=Stage.AGREED), replace(IN_STORY, stage=Stage.SIGNED)),
        (news("News of first", date="2026-01-01"), replace(IN_STORY, claim=Claim.DENIED)),
        (news("News of first", date="2026-01-01", retracted="It was wrong."), IN_STORY),
    ],
    ids=["another stage", "a denial", "what was retracted"],
)  # fmt: skip
@pytest.mark.parametrize("headline", ["News of first", "What is right"], ids=["present headline", "former headline"])
async def test_an_article_that_contradicts_its_development_waits(
    newsroom: Newsroom, known: DevelopmentDraft, article: Recommendation, headline: str
) -> None:
    """It changes nothing by itself, and does not stop the next."""
    before = await newsroom.desk.publish(more("alpha-beta", known), actor="editor")
    (stored,) = before.new_developments
    if headline != stored.headline:
        await newsroom.desk.correct("alpha-beta", stored.key, {"headline": headline}, actor="editor")
    newsroom.judge.suggestion = article
    await newsroom.bring("first", "next")
    await newsroom.open_intake().run_once()
    assert await newsroom.list_pending() == []
    async with newsroom.store.read() as tx:
        review = await tx.reviews.find_by_article("first")
        story = await tx.stories.find("alpha-beta")
    assert story is not None
    assert review is not None
    assert review.state is ReviewState.WAITING
    assert story.find_development(stored.key) == replace(stored, headline=headline)
    assert await newsroom.list_published() == [headline, "News of next"]


async def test_an_editor_who_publishes_a_former_headline_adds_a_source(newsroom: Newsroom) -> None:
    """What was corrected stays as it is: the article's claim, stage and sources do not take its place."""
    development = news("News of first", date="2026-01-01", stage=Stage.AGREED, claim=Claim.CONFIRMED)
    before = await newsroom.desk.publish(more("alpha-beta", development), actor="editor")
    key = before.new_developments[0].key
    await newsroom.desk.correct("alpha-beta", key, {"headline": "What is right"}, actor="editor")
    newsroom.judge.suggestion = Recommendation(Decision.NEW_STORY)
    await newsroom.bring("first")
    await newsroom.open_intake().run_once()
    reviews = ReviewQueue(newsroom.store, newsroom.desk, newsroom.clock, TOKYO)
    review, outcome = await reviews.publish(1, "alpha-beta", actor="editor")
    same = outcome.story.find_development(key)
    assert same is not None
    assert (review.state, review.development_key) == (ReviewState.RE_REPORT, key)
    assert (same.headline, same.stage, same.claim) == ("What is right", Stage.AGREED, Claim.CONFIRMED)
    assert [source.publisher for source in same.sources] == ["The Paper", "Press"]


async def test_a_story_that_the_tracker_cannot_learn_stops_no_article(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither one that is there at a start, nor one that comes later; the others are learned."""
    learn = Tracker.learn

    def learn_others(self: Tracker, story: Story) -> tuple[TrackedText, ...]:
        if story.slug.startswith("poison"):
            raise IndexError("list index out of range")
        return learn(self, story)

    monkeypatch.setattr(Tracker, "learn", learn_others)
    judge = PersistentTracker(newsroom.store, newsroom.clock, lambda: None)
    article = Article("a1", "Orbex Motors and Zubrin sign contract on batteries", newsroom.clock())
    await newsroom.desk.publish(draft("poison-first", news("Lisbon floods")), actor="test")
    assert (await judge.assess(article)).event == "a1"
    await newsroom.desk.publish(draft("poison-second", news("Porto floods")), actor="test")
    development = news("Orbex Motors and Zubrin sign contract on batteries", date="2026-01-01")
    await newsroom.desk.publish(draft("orbex-zubrin", development), actor="test")
    again = await judge.assess(replace(article, id="a2"))
    assert again.recommendation.stories[:1] == ("orbex-zubrin",)


async def test_a_text_that_the_tracker_cannot_restore_stops_no_article(
    newsroom: Newsroom, database: StoreDatabase
) -> None:
    """Its vector is damaged; after a restart the others are judged as before."""
    first = PersistentTracker(newsroom.store, newsroom.clock, WordHashes)
    headline = "Orbex Motors and Zubrin sign contract on batteries"
    assessment = await first.assess(Article("a1", headline, newsroom.clock()))
    await first.assess(Article("a2", "Lisbon floods", newsroom.clock()))
    database.execute("UPDATE tracked SET vector = :vector WHERE key = 'a2'", vector=b"\1\2")
    second = PersistentTracker(newsroom.store, newsroom.clock, WordHashes)
    assert (await second.assess(Article("a3", headline, newsroom.clock()))).event == assessment.event


async def test_a_decision_is_counted_when_the_article_is_filed(newsroom: Newsroom) -> None:
    """One that fails is counted when a later attempt succeeds, and only once."""
    counts = Counts()
    intake = Intake(newsroom.store, newsroom.desk, newsroom.judge, newsroom.clock, TOKYO, recorder=counts)
    newsroom.judge.errors["second"] = ValueError("it fails")
    await newsroom.bring("first", "second")
    await intake.run_once()
    assert counts.decisions[Decision.DEVELOPMENT] == 1
    newsroom.judge.errors.clear()
    newsroom.clock.forward(hours=2)
    await intake.run_once()
    await intake.run_once()
    assert dict(counts.decisions) == {Decision.NEW_STORY: 0, Decision.DEVELOPMENT: 2, Decision.RE_REPORT: 0}
