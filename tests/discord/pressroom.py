"""Articles for the desk: a feed that brings them, and a judge whose word is given beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from bot.model.article import Article
from bot.model.feed import Trust
from bot.model.review import Suggestion
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.intake import Intake, Judged
from tests.discord.stage import OPPAMA, Scene

FEED = "https://press.example/feed"
OF_OPPAMA = Suggestion(Decision.DEVELOPMENT, (OPPAMA,), claim=Claim.CONFIRMED, stage=Stage.SIGNED, words=("signs",))


@dataclass
class PlannedJudge:
    """Says of each article, by its id, what a test has planned; all else is a new story of its own."""

    plans: dict[str, Judged] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)

    async def judge(self, article: Article) -> Judged:
        """What was planned."""
        return self.plans.get(article.id) or Judged(article.id, Suggestion(Decision.NEW_STORY), sure=False)

    async def settle(self, article_id: str, slug: str) -> None:
        """Note it."""
        self.settled[article_id] = slug


@dataclass
class Press:
    """A feed of the scene, and what it brings."""

    scene: Scene
    judge: PlannedJudge
    intake: Intake
    feed: int

    async def brings(
        self,
        title: str,
        suggestion: Suggestion = OF_OPPAMA,
        *,
        event: str = "",
        sure: bool = False,
        publisher: str = "The Daily Press",
        text: str = "Nissan signs with Foxconn, the two say.",
    ) -> Article:
        """An article comes in and is judged so."""
        slug = "".join(mark if mark.isalnum() else "-" for mark in f"{publisher}-{title}".lower())[:80]
        now = self.scene.rooms.services.clock()
        article = Article(slug, title, now, text, f"https://press.example/{slug}", publisher)
        self.judge.plans[slug] = Judged(event or slug, suggestion, sure)
        async with self.scene.rooms.services.store.write() as session:
            await session.articles.take_in(self.feed, [article], now, fresh_since=now - timedelta(days=1))
        await self.intake.run_once()
        await self.scene.env.settle()
        return article


async def open_press(scene: Scene, trust: Trust = Trust.REVIEW) -> Press:
    """A feed, and the intake behind it."""
    services, judge = scene.rooms.services, PlannedJudge()
    async with services.store.write() as session:
        feed = await session.feeds.add(FEED, "press.example", services.clock(), title="Press feed", trust=trust)
    assert feed is not None
    zone = services.settings.timezone
    intake = Intake(services.store, services.desk, judge, services.clock, zone)
    return Press(scene, judge, intake, feed.number)
