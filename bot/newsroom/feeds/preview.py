"""Show what a feed would bring: each article, with the reason if it would not be news. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.languages import lazy, say, say_count
from bot.model.article import Article
from bot.model.poll_schedule import MAX_ARTICLE_AGE
from bot.newsroom.parsing import ParsedFeed
from bot.store import Store

#: Why an article would not be news.
REASON_KNOWN = lazy("already known")
REASON_FIRST_READ = lazy("was there before the feed was added")


@dataclass(frozen=True, slots=True)
class FeedPreview:
    """A feed as it would come in.

    Attributes:
        articles: in the feed's order, each with the reason why it would not be news; empty if it would.
        skipped: what would not come in at all: title or address, and the reason.
        undated_ids: the ids of the articles without a date of their own.
    """

    url: str
    title: str
    format: str
    articles: tuple[tuple[Article, str], ...]
    skipped: tuple[tuple[str, str], ...]
    undated_ids: frozenset[str] = frozenset()

    @property
    def new_articles(self) -> tuple[Article, ...]:
        """Return the articles that would be news."""
        return tuple(article for article, reason in self.articles if not reason)

    @property
    def new_count(self) -> int:
        """Return how many articles would be news."""
        return len(self.new_articles)


async def preview_feed(store: Store, url: str, content: ParsedFeed) -> FeedPreview:
    """Judge the content of a feed against what the store has."""
    async with store.read() as tx:
        feed = await tx.feeds.find_by_url(url)
        known_ids = await tx.articles.find_known_ids(content.articles, feed.id if feed else None)
    read_at = feed.read_at if feed else None
    return FeedPreview(
        url=url,
        title=content.title,
        format=str(content.format),
        articles=_get_reasons(content.articles, known_ids, read_at, is_feed=feed is not None),
        skipped=tuple((entry.entry, entry.reason) for entry in content.skipped),
        undated_ids=content.undated_ids,
    )


def _get_reasons(
    articles: Sequence[Article], known_ids: frozenset[str], read_at: datetime | None, *, is_feed: bool
) -> tuple[tuple[Article, str], ...]:
    def reason(article: Article) -> str:
        if article.id in known_ids:
            return say(REASON_KNOWN)
        if is_feed and read_at is None:
            return say(REASON_FIRST_READ)
        if read_at is not None and article.published_at < read_at - MAX_ARTICLE_AGE:
            return say_count(
                "dated more than {count} day before the feed was last read",
                "dated more than {count} days before the feed was last read",
                MAX_ARTICLE_AGE.days,
            )
        return ""

    return tuple((article, reason(article)) for article in articles)
