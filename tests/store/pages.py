"""Compare the pages of stories with the rows that they are derived from."""

from __future__ import annotations

from bot.store import Store, Transaction, story_pages


async def find_stale_pages(store: Store) -> list[str]:
    """Return what is wrong with the pages of a store's stories: one lacks, or differs from its story."""
    async with store.read() as tx:
        return [fault for slug in await tx.stories.list_slugs() if (fault := await _find_fault(tx, slug))]


async def _find_fault(tx: Transaction, slug: str) -> str:
    expected = await tx.stories.get(slug, newest_count=story_pages.PAGE_DEVELOPMENTS)
    story, revision = await tx.story_pages.get(slug)
    if revision is None:
        return f"{slug} has no page"
    if story != expected or story.valid_developments != expected.valid_developments:
        return f"the page of {slug} is stale: {story}, and not {expected}"
    return "" if revision <= await tx.metadata.get_revision() else f"the page of {slug} is from the future"
