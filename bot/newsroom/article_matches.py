"""Which stories articles would join, before anything is stored of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.model.article import Article
from bot.model.review import ArticleMatch, Fit, Recommendation
from bot.store import Store


class StoryJudge(Protocol):
    """Says which story an article belongs to."""

    async def preview(self, articles: Sequence[Article]) -> tuple[Recommendation, ...]:
        """Return what each article would be recommended for, and remember nothing of it."""
        ...


class ArticleMatcher:
    """Finds the stories of articles. ``open_judge`` is called when the first article is to be judged."""

    def __init__(self, store: Store, open_judge: Callable[[], StoryJudge]) -> None:
        self._store = store
        self._open_judge = open_judge

    async def match(self, articles: Sequence[Article]) -> dict[str, ArticleMatch]:
        """Return the story that each article would join, by the article's id. One that fits no story is absent."""
        async with self._store.read() as tx:
            if not articles or not await tx.stories.list_newest_slugs(1):
                return {}
        recommendations = await self._open_judge().preview(articles)
        matches = {}
        async with self._store.read() as tx:
            slugs = {choose_slug(each) for each in recommendations}
            stories = {slug: await tx.stories.find(slug) for slug in slugs if slug}
        for article, recommendation in zip(articles, recommendations, strict=True):
            story = stories.get(choose_slug(recommendation))
            if story is not None:
                matches[article.id] = ArticleMatch(story, recommendation)
        return matches


def choose_slug(recommendation: Recommendation) -> str:
    """Return the story that an article is for; empty if it fits none well, and so begins a new one."""
    return "" if recommendation.fit in (None, Fit.WEAK) else recommendation.likeliest_slug
