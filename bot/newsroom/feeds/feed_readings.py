"""Store what a feed lists, for the desk and for those who follow the feed themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bot.model.feed import Feed
from bot.model.poll_schedule import get_new_article_cutoff, may_predate_restore, record_success
from bot.newsroom.field_validation import HEADLINE_LIMIT
from bot.store import Transaction

if TYPE_CHECKING:
    # Loading the parser takes longer than everything else at a command's start.
    from bot.newsroom.feeds.feed_lookup import FeedLookup
    from bot.newsroom.parsing import ParsedFeed


async def store_articles(tx: Transaction, feed: Feed, content: ParsedFeed, at: datetime) -> int:
    """Store what a feed lists, and return how many articles are news, to the desk or to others.

    At the first reading for either, what the feed has is known; and so is what it had before a backup was restored.
    """
    new_count = 0
    restored_at = await tx.metadata.get_restored_at()
    if feed.serves_desk:
        new_count = await tx.articles.ingest(
            feed.id,
            content.articles,
            at,
            fresh_since=get_new_article_cutoff(feed),
            known_ids=_find_known_ids(content, at, feed.read_at, restored_at),
        )
        await tx.articles.erase_unlisted(feed.id, at)
    if feed.is_followed:
        followed_count = await tx.followed_articles.ingest(
            feed.id,
            content.articles,
            content.undated_ids,
            at,
            is_first=feed.followed_read_at is None,
            known_ids=_find_known_ids(content, at, feed.followed_read_at, restored_at),
        )
        new_count = max(new_count, followed_count)
    return new_count


def _find_known_ids(
    content: ParsedFeed, now: datetime, read_at: datetime | None, restored_at: datetime | None
) -> frozenset[str]:
    """Return the ids of the articles that may have been known before a backup was restored."""
    return frozenset(
        article.id
        for article in content.articles
        if may_predate_restore(
            article.published_at,
            now,
            is_dated=article.id not in content.undated_ids,
            read_at=read_at,
            restored_at=restored_at,
        )
    )


async def store_lookup(tx: Transaction, feed: Feed, lookup: FeedLookup, now: datetime) -> None:
    """Store what was read when somebody gave a feed's address, so that it is not fetched again at once."""
    response, content = lookup.response, lookup.content
    await store_articles(tx, feed, content, now)
    new_feed = replace(
        feed,
        title=feed.title or content.title[:HEADLINE_LIMIT],
        etag=response.etag,
        last_modified=response.last_modified,
        read_at=now,
        followed_read_at=now if feed.is_followed else None,
    )
    freshness = max(response.fresh_for, content.ttl or response.fresh_for)
    await tx.feeds.save([record_success(new_feed, now, 0.0, new_count=1, cache_lifetime=freshness)])
