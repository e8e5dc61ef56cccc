"""The names of all companies, kept up to date: read whole once, then only what has changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol

from bot.entities.company_index import CompanyIndex
from bot.model.company import Company

log = logging.getLogger(__name__)

#: So many companies go into the index between two looks at what else is to be done: some milliseconds.
_CHUNK_SIZE = 50
_BATCH_SIZE = 500
_GC_FREEZE_MIN_COMPANIES = 5_000


class CompanySource(Protocol):
    """The shelf of companies that a directory reads from."""

    def iter_batches(self, size: int = ...) -> AsyncIterator[tuple[Company, ...]]:
        """Every company, some at a time."""
        ...

    async def get_many(self, names: Sequence[str]) -> tuple[Company, ...]:
        """The companies of these names."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...


class CompanyChanges(Protocol):
    """The record of what was done to companies."""

    async def get_newest_id(self) -> int:
        """The number of its newest entry."""
        ...

    async def find_changed_companies(self, number: int) -> tuple[str, ...]:
        """Which companies were added or changed behind that entry."""
        ...


class CompanyIndexCache:
    """The index of names as of the last :meth:`refresh`. What is read must be committed, or a rollback would not be seen."""

    def __init__(self) -> None:
        self._index = CompanyIndex()
        self._last_audit_id = -1
        #: Companies that cannot be indexed: nobody finds these by name, but all others.
        self._failed_companies: set[str] = set()
        self._lock = asyncio.Lock()

    @property
    def index(self) -> CompanyIndex:
        """The index as it is now."""
        return self._index

    async def refresh(self, companies: CompanySource, changes: CompanyChanges) -> CompanyIndex:
        """Take in what has changed; the whole anew where the record does not tell all. Lets others run meanwhile."""
        async with self._lock:
            newest_id = await changes.get_newest_id()
            if self._last_audit_id >= 0 and newest_id != self._last_audit_id:
                await self._apply_changes(companies, await changes.find_changed_companies(self._last_audit_id))
            count = await companies.count()
            if self._last_audit_id < 0 or count != len(self._index) + len(self._failed_companies):
                with _freeze_garbage_collector() if count >= _GC_FREEZE_MIN_COMPANIES else contextlib.nullcontext():
                    await self._rebuild(companies)
            self._last_audit_id = newest_id
            return self._index

    async def _apply_changes(self, companies: CompanySource, company_names: Sequence[str]) -> None:
        for start in range(0, len(company_names), _CHUNK_SIZE):
            await self._index_companies(
                self._index, await companies.get_many(company_names[start : start + _CHUNK_SIZE])
            )

    async def _rebuild(self, companies: CompanySource) -> None:
        index = CompanyIndex()
        self._failed_companies.clear()
        async for batch in companies.iter_batches(_BATCH_SIZE):
            for start in range(0, len(batch), _CHUNK_SIZE):
                await self._index_companies(index, batch[start : start + _CHUNK_SIZE])
        self._index = index

    async def _index_companies(self, index: CompanyIndex, batch: Sequence[Company]) -> None:
        for company in batch:
            self._failed_companies.discard(company.name)
            try:
                index.put(company)
            except Exception:
                log.exception("The company %s cannot be indexed.", company.name[:200])
                # What was put in of it must go, or it would be counted twice.
                with contextlib.suppress(Exception):
                    index.remove(company.name)
                self._failed_companies.add(company.name)
        await asyncio.sleep(0)


@contextlib.contextmanager
def _freeze_garbage_collector() -> Iterator[None]:
    """What is made meanwhile stands for as long as the program runs, and the garbage collector need not walk over it.

    With the names of 50,000 companies in memory each full collection stops the event loop for 0.1 s, otherwise.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
