"""The names of all companies, kept up to date: read whole once, then only what has changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.model.company import Company
from bot.names.index import NameIndex

#: So many companies go into the index between two looks at what else is to be done: some milliseconds.
_AT_ONCE = 100


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
        self._turn = asyncio.Lock()

    @property
    def names(self) -> NameIndex:
        """The index as it is now."""
        return self._names

    async def refresh(self, companies: Companies, changes: Changes) -> NameIndex:
        """Take in what has changed; the whole anew where the record does not tell all. Lets others run meanwhile."""
        async with self._turn:
            newest = await changes.newest()
            if self._seen < 0:
                self._names = await _whole(companies)
            elif newest != self._seen:
                changed = await changes.companies_since(self._seen)
                await self._take_in(companies, changed)
            if await companies.count() != len(self._names):
                self._names = await _whole(companies)
            self._seen = newest
            return self._names

    async def _take_in(self, companies: Companies, changed: Sequence[str]) -> None:
        for begin in range(0, len(changed), _AT_ONCE):
            for company in await companies.some(changed[begin : begin + _AT_ONCE]):
                self._names.put(company)
            await asyncio.sleep(0)


async def _whole(companies: Companies) -> NameIndex:
    names = NameIndex()
    async for batch in companies.batches(_AT_ONCE):
        for company in batch:
            names.put(company)
        await asyncio.sleep(0)
    return names
