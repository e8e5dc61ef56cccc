"""Lists of stories and of developments, a page at a time, within one transaction."""

from __future__ import annotations

from typing import Any

from bot.library.answers import NewsFilter, NewsPage, StoryFilter, StoryPage
from bot.model.story import StoryListItem
from bot.store import COUNT_LIMIT, Transaction

PAGE_SIZE = 10


async def load_story_page(tx: Transaction, story_filter: StoryFilter, page: int) -> StoryPage:
    """A page of stories, newest first; a page past the end is the last one."""
    lines, total = await _load_lines(tx, story_filter, page)
    page_count = _count_pages(total)
    if page >= page_count:
        page = page_count - 1
        lines, total = await _load_lines(tx, story_filter, page)
    return StoryPage(story_filter, lines, page, page_count, min(total, COUNT_LIMIT), has_more=total > COUNT_LIMIT)


async def load_news_page(tx: Transaction, news_filter: NewsFilter, page: int) -> NewsPage:
    """A page of the newest developments; a page past the end is the last one."""
    criteria: dict[str, Any] = {
        "company": news_filter.company or None,
        "kind": news_filter.kind,
        "stage": news_filter.stage,
        "claim": news_filter.claim,
    }
    news, total = await tx.listing.list_developments(**criteria, offset=page * PAGE_SIZE, limit=PAGE_SIZE)
    page_count = _count_pages(total)
    if page >= page_count:
        page = page_count - 1
        news, total = await tx.listing.list_developments(**criteria, offset=page * PAGE_SIZE, limit=PAGE_SIZE)
    return NewsPage(news_filter, news, page, page_count, min(total, COUNT_LIMIT), has_more=total > COUNT_LIMIT)


async def _load_lines(tx: Transaction, story_filter: StoryFilter, page: int) -> tuple[tuple[StoryListItem, ...], int]:
    return await tx.listing.list_stories(
        company=story_filter.company or None,
        stage=story_filter.stage,
        kind=story_filter.kind,
        deals_only=story_filter.deals_only,
        offset=page * PAGE_SIZE,
        limit=PAGE_SIZE,
    )


def _count_pages(total: int) -> int:
    return max(1, -(-min(total, COUNT_LIMIT) // PAGE_SIZE))
