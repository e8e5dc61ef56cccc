"""Open a newsroom on a real store: an intake with a scripted judge, and what it published or set aside."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.model.article import Article
from bot.model.failure import Failure
from bot.model.review import Recommendation
from bot.model.tracking import Decision
from bot.newsroom.article_filer import Assessment
from bot.newsroom.desk import Desk
from bot.newsroom.intake import Intake, LeadFetcher
from bot.store import Store
from tests.store.material import HandClock

TOKYO = ZoneInfo("Asia/Tokyo")
IN_STORY = Recommendation(Decision.DEVELOPMENT, ("alpha-beta",), confidence=1.0, repeat_likelihood=1.0)


@dataclass
class ScriptedJudge:
    """Raise for some articles; judge all others to be sure developments of one story."""

    errors: dict[str, BaseException] = field(default_factory=dict)
    suggestion: Recommendation = IN_STORY
    article_ids: list[str] = field(default_factory=list)

    async def assess(self, article: Article) -> Assessment:
        self.article_ids.append(article.id)
        error = self.errors.get(article.id)
        if isinstance(error, asyncio.CancelledError):
            other = asyncio.ensure_future(asyncio.Event().wait())
            other.cancel()
            await other
        if error:
            raise error
        return Assessment(article.id, self.suggestion)

    async def assign(self, article_id: str, slug: str) -> None: ...


@dataclass
class Newsroom:
    """Hold a story, a trusted feed, and an intake that can be started anew."""

    store: Store
    desk: Desk
    clock: HandClock
    feed: int
    judge: ScriptedJudge = field(default_factory=ScriptedJudge)

    def open_intake(self, leads: LeadFetcher | None = None) -> Intake:
        return Intake(self.store, self.desk, self.judge, self.clock, TOKYO, lead_fetcher=leads)

    async def bring(self, *keys: str) -> None:
        articles = [Article(key, f"News of {key}", self.clock(), "", f"https://press.example/{key}") for key in keys]
        async with self.store.write() as tx:
            since = self.clock() - timedelta(days=1)
            await tx.articles.ingest(self.feed, articles, self.clock(), fresh_since=since)

    async def list_pending(self) -> list[str]:
        async with self.store.read() as tx:
            return [each.article.id for each in await tx.articles.list_pending(1_000)]

    async def list_failures(self) -> tuple[Failure, ...]:
        async with self.store.read() as tx:
            assert await tx.failures.count_undecided() == len(await tx.failures.list_undecided(0, 100))
            return await tx.failures.list_undecided(0, 100)

    async def list_published(self) -> list[str]:
        async with self.store.read() as tx:
            story = await tx.stories.find("alpha-beta")
        assert story is not None
        return [each.headline for each in story.developments[1:]]
