"""The companies' names in memory: loaded in full once, then updated with the companies that changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from typing import Generic, Protocol, TypeVar

from bot.model.company import Company

log = logging.getLogger(__name__)

#: Companies that are indexed before the event loop gets its turn: a few milliseconds of work.
_CHUNK_SIZE = 50
_BATCH_SIZE = 500
_GC_FREEZE_MIN_COMPANIES = 5_000


class CompanySource(Protocol):
    """Where the companies are read from: the store's companies."""

    def iter_batches(self, size: int = ...) -> AsyncIterator[tuple[Company, ...]]:
        """Yield all companies in batches."""
        ...

    async def get_many(self, names: Sequence[str]) -> tuple[Company, ...]:
        """Return the companies with these names."""
        ...

    async def count(self) -> int:
        """Count the companies."""
        ...


class CompanyChanges(Protocol):
    """The audit log of changes to companies."""

    async def get_newest_id(self) -> int:
        """Return the id of the newest entry."""
        ...

    async def find_changed_companies(self, entry_id: int) -> tuple[str, ...]:
        """Return the names of the companies that were added, changed or removed after an entry."""
        ...


class CompanyNames(Protocol):
    """What finds companies by their names: a company index, or a matcher."""

    def __len__(self) -> int: ...

    def put(self, company: Company) -> None:
        """Add a company, or replace its former names."""
        ...

    def remove(self, company: str) -> None:
        """Remove a company; do nothing if it is unknown."""
        ...


_Names = TypeVar("_Names", bound=CompanyNames)


class CompanyIndexCache(Generic[_Names]):
    """The names of all companies as of the last :meth:`refresh`.

    A refresh that reads what is not committed needs :meth:`invalidate` if that is rolled back.
    """

    def __init__(self, make_empty: Callable[[], _Names]) -> None:
        self._make_empty = make_empty
        self._index = make_empty()
        self._last_audit_id = -1
        #: Companies that could not be indexed. They cannot be found by name; all others can.
        self._failed_companies: set[str] = set()
        self._lock = asyncio.Lock()

    @property
    def index(self) -> _Names:
        """The current names."""
        return self._index

    @property
    def is_loaded(self) -> bool:
        """Whether the names have been read, and not been invalidated since."""
        return self._last_audit_id >= 0

    def invalidate(self) -> None:
        """Let the next refresh read everything again."""
        self._last_audit_id = -1

    async def refresh(self, companies: CompanySource, changes: CompanyChanges) -> _Names:
        """Apply the changes since the last call; rebuild the index if the audit log does not explain the number of companies.

        Yields to the event loop after every chunk.
        """
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
            names = company_names[start : start + _CHUNK_SIZE]
            batch = await companies.get_many(names)
            for removed_name in {*names} - {company.name for company in batch}:
                self._index.remove(removed_name)
                self._failed_companies.discard(removed_name)
            await self._index_companies(self._index, batch)

    async def _rebuild(self, companies: CompanySource) -> None:
        index = self._make_empty()
        self._failed_companies.clear()
        async for batch in companies.iter_batches(_BATCH_SIZE):
            for start in range(0, len(batch), _CHUNK_SIZE):
                await self._index_companies(index, batch[start : start + _CHUNK_SIZE])
        self._index = index

    async def _index_companies(self, index: _Names, batch: Sequence[Company]) -> None:
        for company in batch:
            self._failed_companies.discard(company.name)
            try:
                index.put(company)
            except Exception:
                log.exception("The company %s cannot be indexed.", company.name[:200])
                # Remove what was indexed before the error, or the company would be counted twice.
                with contextlib.suppress(Exception):
                    index.remove(company.name)
                self._failed_companies.add(company.name)
        await asyncio.sleep(0)


@contextlib.contextmanager
def _freeze_garbage_collector() -> Iterator[None]:
    """Exempt all objects that exist when the block ends from garbage collection: they live as long as the program.

    Otherwise, with the names of 50,000 companies in memory, each full collection stops the event loop for 0.1 s.
    See https://docs.python.org/3/library/gc.html#gc.freeze.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()
