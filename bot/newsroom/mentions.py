"""Derive which companies a story mentions: those that its texts name, by any alias, and that are not parties to it.

The texts are the headline with the summary, and each valid development. Titles of sources do not count: a round-up names
companies that the story has nothing to do with.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator

from bot.entities.company_index_cache import CompanyIndexCache
from bot.entities.company_matcher import CompanyMatcher
from bot.heartbeat import Heartbeat
from bot.loops import ErrorLog, run_forever
from bot.model.company import Company
from bot.model.story import Story
from bot.store import Transaction
from bot.store.mentions import TextMention

log = logging.getLogger(__name__)

#: How many texts are read before the event loop gets its turn.
_CHUNK_SIZE = 20
#: The pause in seconds before the queue is looked at again.
_POLL_SECONDS = 5.0


class MentionIndexer:
    """Keeps the mentions of the stories in step with their texts and with the names of the companies.

    All methods but :meth:`prepare` belong into the transaction that writes the texts or names. If it fails, the caller
    must call :meth:`invalidate`.
    """

    def __init__(self) -> None:
        self._matchers = CompanyIndexCache(CompanyMatcher)
        #: The transaction in which the names were looked at last, while none of them has changed in it.
        self._up_to_date_in: Transaction | None = None

    @property
    def is_prepared(self) -> bool:
        """Whether the names of all companies are loaded."""
        return self._matchers.is_loaded

    async def prepare(self, tx: Transaction) -> None:
        """Load the names of all companies, so that a later write need not wait for it."""
        await self._matchers.refresh(tx.companies, tx.audit)

    def invalidate(self) -> None:
        """Forget names that may have been rolled back."""
        self._matchers.invalidate()
        self._up_to_date_in = None

    async def index_story(self, tx: Transaction, before: Story | None, after: Story, *, is_new: bool = False) -> None:
        """Derive the mentions of a story that was written; only texts that differ from ``before`` are read.

        ``is_new``: it has no mentions yet.
        """
        if before is not None and before.parties == after.parties:
            changed_texts = {text for text, _ in set(_iter_texts(before)) ^ set(_iter_texts(after))}
            if changed_texts:
                mentions = await self._read(tx, [each for each in _iter_texts(after) if each[0] in changed_texts])
                await tx.mentions.save(after, mentions, replaced_texts=changed_texts)
        else:
            mentions = await self._read(tx, list(_iter_texts(after)))
            await tx.mentions.save(after, mentions, replaced_texts=() if is_new else None)

    async def find_companies(self, tx: Transaction, text: str) -> frozenset[str]:
        """Return the companies that a text names."""
        matcher = await self._matchers.refresh(tx.companies, tx.audit)
        self._up_to_date_in = None
        return matcher.find_names(text)

    async def index_queued(self, tx: Transaction, limit: int) -> int:
        """Derive the mentions of queued stories, and take these out of the queue; return how many they were."""
        slugs = await tx.mentions.list_queued(limit)
        for slug in slugs:
            await self.index_story(tx, None, await tx.stories.get(slug))
        if slugs:
            await tx.mentions.remove_from_queue(slugs)
        return len(slugs)

    async def queue_affected(self, tx: Transaction, changes: Iterable[tuple[Company | None, Company]]) -> None:
        """Queue the stories that may name a company differently since its names have changed; None: it is new."""
        self._up_to_date_in = None
        changed_names: set[str] = set()
        for before, after in changes:
            changed_names |= set(before.names if before else ()) ^ set(after.names)
        if changed_names and await tx.stories.list_newest_slugs(1):
            await tx.mentions.queue_stories(await tx.fulltext.find_ids_by_names(sorted(changed_names)))

    async def _read(self, tx: Transaction, texts: list[tuple[int | None, str]]) -> list[TextMention]:
        # Many stories can be written in one transaction.
        is_up_to_date = self._up_to_date_in is tx
        matcher = self._matchers.index if is_up_to_date else await self._matchers.refresh(tx.companies, tx.audit)
        self._up_to_date_in = tx
        mentions: list[TextMention] = []
        for index, (text_id, text) in enumerate(texts, start=1):
            try:
                mentions += [(text_id, company) for company in sorted(matcher.find_names(text))]
            except Exception:
                log.exception("The companies that a text names cannot be found: %.200s", text)
            if index % _CHUNK_SIZE == 0:
                await asyncio.sleep(0)
        return mentions


class MentionQueue:
    """Works off the stories that wait for their mentions, a batch at a time; ``index_batch`` returns how many it took."""

    def __init__(self, index_batch: Callable[[], Awaitable[int]], heartbeat: Heartbeat | None = None) -> None:
        self._index_batch = index_batch
        self._heartbeat = heartbeat

    async def run(self) -> None:
        """Work for ever."""
        await run_forever(self._step, ErrorLog(log, "Reading stories for mentions"), heartbeat=self._heartbeat)

    async def _step(self) -> None:
        if not await self._index_batch():
            await asyncio.sleep(_POLL_SECONDS)


def _iter_texts(story: Story) -> Iterator[tuple[int | None, str]]:
    """Yield the texts that are read: headline and summary under None, each valid development under its id."""
    yield None, f"{story.headline}\n{story.summary}"
    for development in story.valid_developments:
        yield development.id, f"{development.headline}\n{development.text}"
