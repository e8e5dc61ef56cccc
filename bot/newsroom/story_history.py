"""Who changed what in a story, and when."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model.audit import StoryHistory
from bot.store import Store, Transaction

#: Changes that a page shows.
PAGE_SIZE = 8


async def get_story_history(store: Store, slug: str, page: int = 0) -> StoryHistory:
    """Return a page of a story's changes, newest first, with those of stories that were merged into it.

    A page after the last is the last one. Raises NotFound.
    """
    async with store.read() as tx:
        story = await tx.stories.get(slug, newest_count=1)
        slugs = (story.slug, *await tx.story_merges.list_merged_slugs(story.slug))
        count = await tx.audit.count(slugs)
        page_count = max(1, -(-count // PAGE_SIZE))
        page = min(max(page, 0), page_count - 1)
        entries = await tx.audit.list_newest(slugs, page * PAGE_SIZE, PAGE_SIZE)
        feeds = await _get_feed_titles(tx, {entry.actor for entry in entries})
    return StoryHistory(story, entries, page, page_count, feeds)


async def _get_feed_titles(tx: Transaction, actors: Iterable[str]) -> dict[str, str]:
    """Return the titles of the feeds that published something, by their names as actors."""
    titles = {}
    for actor in actors:
        _, _, feed_id = actor.partition("feed:")
        feed = await tx.feeds.find(int(feed_id)) if feed_id.isdecimal() else None
        if feed is not None:
            titles[actor] = feed.label
    return titles
