"""The names of all companies, kept up to date: read whole once, then only what has changed."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Protocol

from bot.model.company import Company
from bot.names.index import NameIndex

log = logging.getLogger(__name__)

#: So many companies go into the index between two looks at what else is to be done: some milliseconds.
_AT_ONCE = 50
_BATCH = 500
_MANY = 5_000


class Companies(Protocol):
    """The shelf of companies that a directory reads from."""

    def batches(self, size: int = ...) -> AsyncIterator[tuple[Company, ...]]:
        """Every company, some at a time."""
        ...

    async def some(self, names: Sequence[str]) -> tuple[Company, ...]:
        """The companies of these names."""
        ...

    async def count(self) -> int:
        """How many there are."""
        ...


class Changes(Protocol):
    """The record of what was done to companies."""

    async def newest(self) -> int:
        """The number of its newest entry."""
        ...

    async def companies_since(self, number: int) -> tuple[str, ...]:
        """Which companies were added or changed behind that entry."""
        ...


class Directory:
    """The index of names as of the last :meth:`refresh`. What is read must be committed, or a rollback would not be seen."""

    def __init__(self) -> None:
        self._names = NameIndex()
        self._seen = -1
        #: Companies that cannot be indexed: nobody finds these by name, but all others.
        self._broken: set[str] = set()
        self._turn = asyncio.Lock()

    @property
    def names(self) -> NameIndex:
        """The index as it is now."""
        return self._names

    async def refresh(self, companies: Companies, changes: Changes) -> NameIndex:
        """Take in what has changed; the whole anew where the record does not tell all. Lets others run meanwhile."""
        async with self._turn:
            newest = await changes.newest()
            if self._seen >= 0 and newest != self._seen:
                await self._take_in(companies, await changes.companies_since(self._seen))
            count = await companies.count()
            if self._seen < 0 or count != len(self._names) + len(self._broken):
                with _standing() if count >= _MANY else contextlib.nullcontext():
                    await self._read_all(companies)
            self._seen = newest
            return self._names

    async def _take_in(self, companies: Companies, changed: Sequence[str]) -> None:
        for begin in range(0, len(changed), _AT_ONCE):
            await self._put(self._names, await companies.some(changed[begin : begin + _AT_ONCE]))

    async def _read_all(self, companies: Companies) -> None:
        names = NameIndex()
        self._broken.clear()
        async for batch in companies.batches(_BATCH):
            for begin in range(0, len(batch), _AT_ONCE):
                await self._put(names, batch[begin : begin + _AT_ONCE])
        self._names = names

    async def _put(self, names: NameIndex, some: Sequence[Company]) -> None:
        for company in some:
            self._broken.discard(company.name)
            try:
                names.put(company)
            except Exception:
                log.exception("The company %s cannot be indexed.", company.name[:200])
                # What was put in of it must go, or it would be counted twice.
                with contextlib.suppress(Exception):
                    names.remove(company.name)
                self._broken.add(company.name)
        await asyncio.sleep(0)


@contextlib.contextmanager
def _standing() -> Iterator[None]:
    """What is made meanwhile stands for as long as the program runs, and the garbage collector need not walk over it.

    With the names of 50,000 companies in memory each full collection stops the event loop for 0.1 s, otherwise.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()
