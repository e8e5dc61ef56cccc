"""Several articles of one event: what an editor is asked about again, and what goes where the first one went."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from bot.model.article import Article
from bot.model.feed import Trust
from bot.model.review import Recommendation, Review, ReviewState
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.article_filer import Assessment
from bot.newsroom.desk import Desk
from bot.newsroom.intake import Intake
from bot.store import Store
from tests.store.material import HandClock, draft
from tests.store.newsroom import IN_STORY, TOKYO, Newsroom

TALKS = Recommendation(Decision.DEVELOPMENT, stage=Stage.TALKS)
DENIAL = Recommendation(Decision.DEVELOPMENT, claim=Claim.DENIED)


@dataclass
class OneEvent:
    """Judges every article as one event's, in the way that is planned for it."""

    plans: dict[str, Assessment] = field(default_factory=dict)

    async def assess(self, article: Article) -> Assessment:
        return self.plans[article.id]

    async def assign(self, article_id: str, slug: str) -> None: ...


@dataclass
class Queue:
    """The articles of one event as they come in, one after another."""

    newsroom: Newsroom
    judge: OneEvent = field(default_factory=OneEvent)

    async def bring(
        self,
        key: str,
        recommendation: Recommendation,
        *,
        duplicate_id: str = "",
        brings_new: bool = False,
        is_sure: bool = True,
    ) -> None:
        certainty = 1.0 if is_sure else 0.5
        sure = replace(recommendation, confidence=certainty, repeat_likelihood=certainty)
        self.judge.plans[key] = Assessment("event", sure, duplicate_id, brings_new)
        await self.newsroom.bring(key)
        newsroom = self.newsroom
        await Intake(newsroom.store, newsroom.desk, self.judge, newsroom.clock, TOKYO).run_once()

    async def reviews(self) -> dict[str, list[str]]:
        """Return what an editor sees: each article that is asked about, with those that were folded into it."""
        async with self.newsroom.store.read() as tx:
            waiting = await tx.reviews.list_waiting()
        return {review.article.id: [each.id for each in review.same_news] for review in waiting}

    async def review(self, key: str) -> Review:
        async with self.newsroom.store.read() as tx:
            review = await tx.reviews.find_by_article(key)
        assert review is not None
        return review

    async def decide(self, key: str, state: ReviewState) -> None:
        number = (await self.review(key)).id
        async with self.newsroom.store.write() as tx:
            assert await tx.reviews.decide(number, state, self.newsroom.clock(), decided_by="editor", is_accepted=False)


@pytest.fixture
async def queue(store: Store, desk: Desk, clock: HandClock) -> Queue:
    await desk.publish(draft("alpha-beta"), actor="test")
    async with store.write() as tx:
        feed = await tx.feeds.add(
            "https://press.example/feed", "press.example", clock(), title="Press", trust=Trust.AUTO
        )
    assert feed is not None
    return Queue(Newsroom(store, desk, clock, feed.id))


async def test_a_denial_is_not_folded_into_what_it_denies(queue: Queue) -> None:
    """An editor decides about both; what repeats one of them goes with it, in whatever order they come."""
    await queue.bring("talks", TALKS)
    await queue.bring("denial", DENIAL)
    await queue.bring("more talks", TALKS)
    await queue.bring("denied again", DENIAL)
    await queue.bring("retold", Recommendation(Decision.RE_REPORT, stage=Stage.TALKS), duplicate_id="talks")
    assert await queue.reviews() == {"talks": ["more talks", "retold"], "denial": ["denied again"]}


async def test_another_stage_is_asked_about_for_itself(queue: Queue) -> None:
    await queue.bring("talks", TALKS)
    await queue.bring("signed", Recommendation(Decision.DEVELOPMENT, stage=Stage.SIGNED))
    await queue.bring("confirmed", Recommendation(Decision.DEVELOPMENT, stage=Stage.TALKS, claim=Claim.CONFIRMED))
    await queue.bring("no stage", Recommendation(Decision.DEVELOPMENT))
    assert await queue.reviews() == {"talks": [], "signed": [], "confirmed": ["no stage"]}


async def test_what_is_no_news_does_not_hide_news(queue: Queue) -> None:
    await queue.bring("gossip", TALKS)
    await queue.decide("gossip", ReviewState.NOT_NEWS)
    await queue.bring("same gossip", TALKS)
    assert await queue.reviews() == {}
    await queue.bring("figures", TALKS, brings_new=True)
    assert await queue.reviews() == {"figures": []}
    assert (await queue.review("same gossip")).article.id == "gossip"


@pytest.mark.parametrize(
    "recommendation", [IN_STORY, Recommendation(Decision.RE_REPORT, ("alpha-beta",), "alpha-beta", "talks")]
)
async def test_what_is_no_news_hides_no_news_of_a_story(queue: Queue, recommendation: Recommendation) -> None:
    """Nobody sees what is attached to it. A repetition of it stays there, and what is in no story for sure."""
    await queue.bring("branches closed", Recommendation(Decision.NEW_STORY), is_sure=False)
    await queue.decide("branches closed", ReviewState.NOT_NEWS)
    await queue.bring("branches gone", Recommendation(Decision.RE_REPORT), duplicate_id="branches closed")
    await queue.bring("more branches", IN_STORY, is_sure=False)
    await queue.bring("takeover", recommendation)
    assert await queue.reviews() == {"takeover": []}
    attached = (await queue.review("branches closed")).same_news
    assert [article.id for article in attached] == ["branches gone", "more branches"]


async def test_news_beside_published_news_is_not_published_by_itself(queue: Queue) -> None:
    """Though its feed is trusted and it is surely the story's: ten reports must stay one post."""
    await queue.bring("talks", TALKS)
    await queue.decide("talks", ReviewState.NOT_NEWS)
    await queue.bring(
        "denial", Recommendation(Decision.DEVELOPMENT, ("alpha-beta",), claim=Claim.DENIED), brings_new=True
    )
    assert await queue.reviews() == {"denial": []}
    assert await queue.newsroom.list_published() == []


async def test_a_sure_re_report_of_published_news_becomes_a_source(queue: Queue) -> None:
    """It is attached to the review of the first article, and not queued too."""
    await queue.bring("talks", IN_STORY)
    await queue.bring("again", Recommendation(Decision.RE_REPORT), duplicate_id="talks")
    assert await queue.reviews() == {}
    assert await queue.newsroom.list_published() == ["News of talks"]
    assert [article.id for article in (await queue.review("talks")).same_news] == ["again"]
    story = await queue.newsroom.desk.edit_story("alpha-beta", lambda header: header, actor="test")
    assert len(story.story.developments[-1].sources) == 2


async def test_a_re_report_is_no_source_of_another_development(queue: Queue) -> None:
    """It repeats an older development than the one that its event is about: an editor decides."""
    await queue.bring("denial", IN_STORY)
    await queue.bring("agreement", Recommendation(Decision.RE_REPORT, ("alpha-beta",), "alpha-beta", "talks"))
    assert await queue.reviews() == {"agreement": []}
    assert (await queue.review("denial")).same_news == ()


@pytest.mark.parametrize("own_key", ["told", ""])
async def test_a_re_report_is_shown_with_its_own_development(queue: Queue, own_key: str) -> None:
    """Only one that names none is shown with that of the earlier article."""
    await queue.bring("talks", IN_STORY)
    published = (await queue.review("talks")).development_key
    own = Recommendation(Decision.RE_REPORT, ("alpha-beta",), "alpha-beta" if own_key else "", own_key)
    await queue.bring("again", own, is_sure=False)
    assert (await queue.review("again")).recommendation.development_key == (own_key or published)
