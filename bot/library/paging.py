"""Pages of lists of stories and developments, read within one transaction."""

from __future__ import annotations

from functools import partial
from typing import Protocol, TypeVar

from bot.library.answers import NewsFilter, NewsPage, StoryFilter, StoryPage
from bot.store import COUNT_LIMIT, Transaction

PAGE_SIZE = 10
_T_co = TypeVar("_T_co", covariant=True)


class _List(Protocol[_T_co]):
    """A list of the store, of which a part is read."""

    async def __call__(self, *, offset: int, limit: int) -> tuple[tuple[_T_co, ...], int]:
        """Return some items, and how many there are in total."""
        ...


async def load_page(read: _List[_T_co], page: int) -> tuple[tuple[_T_co, ...], int, int, int]:
    """Return the items of a page, its number, the number of pages and the total; the last page for one past the end.

    Pages count from 0.
    """
    items, total = await read(offset=page * PAGE_SIZE, limit=PAGE_SIZE)
    page_count = max(1, -(-min(total, COUNT_LIMIT) // PAGE_SIZE))
    if page >= page_count:
        page = page_count - 1
        items, total = await read(offset=page * PAGE_SIZE, limit=PAGE_SIZE)
    return items, page, page_count, total


async def load_story_page(tx: Transaction, story_filter: StoryFilter, page: int) -> StoryPage:
    """Return a page of stories, newest first."""
    read = partial(
        tx.listing.list_stories,
        company=story_filter.company,
        stage=story_filter.stage,
        kind=story_filter.kind,
        deals_only=story_filter.deals_only,
    )
    lines, page, page_count, total = await load_page(read, page)
    return StoryPage(story_filter, lines, page, page_count, min(total, COUNT_LIMIT), has_more=total > COUNT_LIMIT)


async def load_news_page(tx: Transaction, news_filter: NewsFilter, page: int) -> NewsPage:
    """Return a page of the newest developments."""
    read = partial(
        tx.listing.list_developments,
        company=news_filter.company,
        kind=news_filter.kind,
        stage=news_filter.stage,
        claim=news_filter.claim,
    )
    news, page, page_count, total = await load_page(read, page)
    return NewsPage(news_filter, news, page, page_count, min(total, COUNT_LIMIT), has_more=total > COUNT_LIMIT)
