"""Articles for the desk: a feed that brings them, and a judge whose word is given beforehand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.model.article import Article
from bot.model.feed import Trust
from bot.model.review import Recommendation
from bot.model.tracking import Decision
from bot.model.vocabulary import Claim, Stage
from bot.newsroom.article_filer import Assessment
from bot.newsroom.intake import Intake
from tests.discord.stage import OPPAMA, Scene

FEED = "https://press.example/feed"
OF_OPPAMA = Recommendation(
    Decision.DEVELOPMENT, (OPPAMA,), claim=Claim.CONFIRMED, stage=Stage.SIGNED, evidence=("signs",)
)


@dataclass
class PlannedJudge:
    """Says of each article, by its id, what a test has planned; all else is a new story of its own."""

    plans: dict[str, Assessment] = field(default_factory=dict)
    settled: dict[str, str] = field(default_factory=dict)

    async def assess(self, article: Article) -> Assessment:
        """Return the planned assessment."""
        return self.plans.get(article.id) or Assessment(article.id, Recommendation(Decision.NEW_STORY))

    async def assign(self, article_id: str, slug: str) -> None:
        """Record the story of the article."""
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
        suggestion: Recommendation = OF_OPPAMA,
        *,
        event: str = "",
        sure: bool = False,
        confidence: float | None = None,
        publisher: str = "The Daily Press",
        text: str = "Nissan signs with Foxconn, the two say.",
    ) -> Article:
        """Bring an article in, and let it be judged in this way."""
        slug = "".join(mark if mark.isalnum() else "-" for mark in f"{publisher}-{title}".lower())[:80]
        now = self.scene.container.services.clock()
        article = Article(slug, title, now, text, f"https://press.example/{slug}", publisher)
        certainty = confidence or (1.0 if sure else 0.5)
        judged = replace(suggestion, confidence=certainty, repeat_likelihood=certainty)
        self.judge.plans[slug] = Assessment(event or slug, judged)
        async with self.scene.container.services.store.write() as tx:
            await tx.articles.ingest(self.feed, [article], now, fresh_since=now - timedelta(days=1))
        await self.intake.run_once()
        await self.scene.env.settle()
        return article


async def open_press(scene: Scene, trust: Trust = Trust.REVIEW) -> Press:
    """Open a feed and the intake behind it."""
    services, judge = scene.container.services, PlannedJudge()
    async with services.store.write() as tx:
        feed = await tx.feeds.add(FEED, "press.example", services.clock(), title="Press feed", trust=trust)
    assert feed is not None
    zone = services.settings.timezone
    intake = Intake(services.store, services.desk, judge, services.clock, zone)
    return Press(scene, judge, intake, feed.id)
