"""Lists of stories and of developments, a page at a time, within one transaction."""

from __future__ import annotations

from typing import Any

from bot.library.answers import NewsFilter, NewsPage, StoryFilter, StoryPage
from bot.model.story import StoryLine
from bot.store import COUNTED, Session

PAGE = 10


async def story_page(session: Session, chosen: StoryFilter, page: int) -> StoryPage:
    """A page of stories, newest first; a page past the end is the last one."""
    lines, total = await _lines(session, chosen, page)
    pages = _pages(total)
    if page >= pages:
        page = pages - 1
        lines, total = await _lines(session, chosen, page)
    return StoryPage(chosen, lines, page, pages, min(total, COUNTED), more=total > COUNTED)


async def news_page(session: Session, chosen: NewsFilter, page: int) -> NewsPage:
    """A page of the newest developments; a page past the end is the last one."""
    wanted: dict[str, Any] = {
        "company": chosen.company or None,
        "kind": chosen.kind,
        "stage": chosen.stage,
        "claim": chosen.claim,
    }
    news, total = await session.lists.latest(**wanted, offset=page * PAGE, limit=PAGE)
    pages = _pages(total)
    if page >= pages:
        page = pages - 1
        news, total = await session.lists.latest(**wanted, offset=page * PAGE, limit=PAGE)
    return NewsPage(chosen, news, page, pages, min(total, COUNTED), more=total > COUNTED)


async def _lines(session: Session, chosen: StoryFilter, page: int) -> tuple[tuple[StoryLine, ...], int]:
    return await session.lists.stories(
        company=chosen.company or None,
        stage=chosen.stage,
        kind=chosen.kind,
        deals_only=chosen.deals_only,
        offset=page * PAGE,
        limit=PAGE,
    )


def _pages(total: int) -> int:
    return max(1, -(-min(total, COUNTED) // PAGE))
