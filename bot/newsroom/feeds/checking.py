"""What would come in by a feed: each article with what would become of it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.languages import noted, say, say_count
from bot.model.article import Article
from bot.model.cadence import LATE
from bot.newsroom.feeds.ports import ReadableFeed
from bot.store import Store

#: Why an article would be no news.
KNOWN = noted("known already")
FIRST = noted("was there before the feed was added")


@dataclass(frozen=True, slots=True)
class Checked:
    """A feed as it would come in.

    Attributes:
        articles: in the feed's order, each with the reason why it would not be news; empty when it would.
        skipped: what would not come in at all: title or address, and why.
    """

    url: str
    title: str
    format: str
    articles: tuple[tuple[Article, str], ...]
    skipped: tuple[tuple[str, str], ...]

    @property
    def fresh(self) -> int:
        """How many would be news."""
        return sum(not reason for _, reason in self.articles)


async def check_feed(store: Store, url: str, read: ReadableFeed) -> Checked:
    """Judge a feed that was read against what the store has."""
    async with store.read() as session:
        feed = await session.feeds.at(url)
        known = await session.articles.known(read.articles, feed.number if feed else 0)
    read_at = feed.read_at if feed else None
    return Checked(
        url=url,
        title=read.title,
        format=str(read.format),
        articles=_judged(read.articles, known, read_at, is_feed=feed is not None),
        skipped=tuple((one.entry, one.reason) for one in read.skipped),
    )


def _judged(
    articles: Sequence[Article], known: frozenset[str], read_at: datetime | None, *, is_feed: bool
) -> tuple[tuple[Article, str], ...]:
    def reason(article: Article) -> str:
        if article.id in known:
            return say(KNOWN)
        if is_feed and read_at is None:
            return say(FIRST)
        if read_at is not None and article.published < read_at - LATE:
            return say_count(
                "dated more than {count} day before the feed was last read",
                "dated more than {count} days before the feed was last read",
                LATE.days,
            )
        return ""

    return tuple((article, reason(article)) for article in articles)
