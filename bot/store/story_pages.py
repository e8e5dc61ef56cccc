"""The page of a story: all that its card shows as one row, which is read in one statement instead of nine.

A page is derived from the story's rows and is written in the transaction that changes them (:meth:`StoryPages.write_changed`), so no
reader sees one without the other. A story without a page is read from its rows: pages of an upgraded or a restored store are
built by the running bot.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, delete, insert, or_, select

from bot.errors import NotFound
from bot.model.story import Story
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement
from bot.store.engines.sql_batches import iter_batches
from bot.store.story_page_codec import PAGE_FORMAT, DamagedPage, decode_story, encode_story
from bot.store.subject import StoreSubject

log = logging.getLogger(__name__)

#: A page has at most this many developments, besides those that decide the stage and a dispute.
PAGE_DEVELOPMENTS = 60
_BATCH_SIZE = 50


class StoryPage(NamedTuple):
    """A story as its card shows it. ``revision`` is the store's when it was last changed; None if it is not known."""

    story: Story
    revision: int | None


class UnwrittenPages(NamedTuple):
    """Pages as rows, made when the store had this revision."""

    revision: int
    rows: list[dict[str, Any]]


def _select_page(condition: ColumnElement[bool]) -> Select[Any]:
    page = t.story_page.c
    return (
        select(t.story.c.slug, page.format, page.revision, page.content)
        .outerjoin(t.story_page, page.story_id == t.story.c.id)
        .where(condition)
    )


_PAGE_BY_SLUG = HotStatement(_select_page(t.story.c.slug == bindparam("slug")))
_PAGE_BY_FORMER_SLUG = HotStatement(
    _select_page(
        t.story.c.id
        == select(t.story_merge.c.into_id).where(t.story_merge.c.slug == bindparam("slug")).scalar_subquery()
    )
)
_INSERT = insert(t.story_page)


class StoryPages(StoreSubject):
    """The pages in one transaction."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._changed_ids: set[int] = set()

    async def get(self, slug: str) -> StoryPage:
        """Return the story of a slug, or the one that a story of this slug was merged into. Raises NotFound.

        It is what :meth:`bot.store.stories.Stories.find` returns for ``PAGE_DEVELOPMENTS`` as its ``newest_count``.
        """
        rows = await _PAGE_BY_SLUG.fetch_all(self._connection, {"slug": slug})
        rows = rows or await _PAGE_BY_FORMER_SLUG.fetch_all(self._connection, {"slug": slug})
        if not rows:
            raise NotFound("story", slug)
        current_slug, page_format, revision, content = rows[0]
        if page_format == PAGE_FORMAT:
            try:
                return StoryPage(decode_story(content, current_slug, self._tx.latest_date), revision)
            except DamagedPage:
                log.warning("The stored page of the story %s cannot be read; its rows are read instead.", current_slug)
        return StoryPage(await self._tx.stories.get(current_slug, newest_count=PAGE_DEVELOPMENTS), None)

    def mark_changed(self, story_id: int) -> None:
        """Have the page of a story written at the end of the transaction, since a row of the story was written."""
        self._changed_ids.add(story_id)

    async def write_changed(self) -> None:
        """Write the pages of the stories that this transaction has changed. It must be the last that writes stories."""
        if not self._changed_ids:
            return
        story_ids = self._changed_ids | await self._find_referring(self._changed_ids)
        self._changed_ids = set()
        await self._write(sorted(story_ids), await self._tx.metadata.get_advanced_revision())

    async def compose_missing(self, before_id: int | None, limit: int) -> UnwrittenPages:
        """Make the pages of the newest stories without one, newest first; only of lower ids than ``before_id``, if that is given."""
        page = t.story_page.c
        is_missing = or_(page.format.is_(None), page.format != PAGE_FORMAT)
        query = select(t.story.c.id, t.story.c.slug).outerjoin(t.story_page, page.story_id == t.story.c.id)
        if before_id is not None:
            query = query.where(t.story.c.id < before_id)
        rows = await self._connection.execute(query.where(is_missing).order_by(t.story.c.id.desc()).limit(limit))
        revision = await self._tx.metadata.get_revision()
        return UnwrittenPages(revision, [await self._build(row.id, row.slug, revision) for row in rows.all()])

    async def write(self, pages: UnwrittenPages) -> bool:
        """Write pages that were made in another transaction; return False, and write none, if a story has changed since."""
        if pages.revision != await self._tx.metadata.get_revision():
            return False
        await self._replace([row["story_id"] for row in pages.rows], pages.rows)
        return True

    async def remove_all(self) -> None:
        """Remove all pages."""
        await self._connection.execute(delete(t.story_page))

    async def _find_referring(self, story_ids: Collection[int]) -> set[int]:
        """Return the stories with expected events that resulted in developments which are now in one of these stories.

        Such an event shows the key of the development, which changes when that moves to another story.
        """
        event, referring_ids = t.expected_event.c, set[int]()
        for batch in iter_batches(sorted(story_ids)):
            query = select(event.story_id).join(t.development, t.development.c.id == event.development_id)
            rows = await self._connection.execute(query.where(t.development.c.story_id.in_(batch)).distinct())
            referring_ids.update(rows.scalars())
        return referring_ids

    async def _write(self, story_ids: Sequence[int], revision: int) -> None:
        for batch in iter_batches(story_ids, _BATCH_SIZE):
            rows = await self._connection.execute(select(t.story.c.id, t.story.c.slug).where(t.story.c.id.in_(batch)))
            # A story may be gone: it was merged into another one.
            await self._replace(batch, [await self._build(row.id, row.slug, revision) for row in rows.all()])

    async def _replace(self, story_ids: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
        await self._connection.execute(delete(t.story_page).where(t.story_page.c.story_id.in_(story_ids)))
        if rows:
            await self._connection.execute(_INSERT, rows)

    async def _build(self, story_id: int, slug: str, revision: int) -> dict[str, Any]:
        story = await self._tx.stories.get(slug, newest_count=PAGE_DEVELOPMENTS)
        return {"story_id": story_id, "format": PAGE_FORMAT, "revision": revision, "content": encode_story(story)}
