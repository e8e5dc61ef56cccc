"""Reads in a thread see one state of the store, write nothing and leave nothing behind."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from bot.entities.company_index import CompanyIndex
from bot.errors import StoreError
from bot.model.company import Company
from bot.store import Store, Transaction, open_store
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement
from tests.engines import StoreDatabase
from tests.store.interrupting import awaits_of, was_cancelled

_NAMES = HotStatement(select(t.company.c.name).order_by(t.company.c.name))


async def names_in(tx: Transaction) -> list[str]:
    return [company.name for company in await tx.companies.list_all()]


async def names(store: Store) -> list[str]:
    return await store.read_in_thread(names_in)


async def add(store: Store, name: str) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company(name, (f"{name} Inc",)))


async def test_a_function_runs_in_another_thread(store: Store) -> None:
    await add(store, "Alpha")

    async def read(tx: Transaction) -> tuple[list[str], int]:
        return await names_in(tx), threading.get_ident()

    result, thread = await store.read_in_thread(read)
    assert result == ["Alpha"]
    assert thread != threading.get_ident()


async def fetch_names(tx: Transaction) -> list[str]:
    """Read by the driver's own cursor, as an answer is."""
    return await _NAMES.fetch_column(tx.connection)


@pytest.mark.parametrize("list_names", [names_in, fetch_names])
async def test_a_function_sees_one_state(
    list_names: Callable[[Transaction], Awaitable[list[str]]], store: Store
) -> None:
    """What is written while it reads is seen by the next read."""
    await add(store, "Alpha")
    has_read, may_read_on = threading.Event(), threading.Event()

    async def read(tx: Transaction) -> tuple[list[str], list[str]]:
        first = await list_names(tx)
        has_read.set()
        may_read_on.wait(10)
        return first, await list_names(tx)

    reading = asyncio.create_task(store.read_in_thread(read))
    await asyncio.to_thread(has_read.wait, 10)
    await add(store, "Beta")
    may_read_on.set()
    assert await reading == (["Alpha"], ["Alpha"])
    assert await names(store) == ["Alpha", "Beta"]


async def test_a_function_cannot_write(store: Store) -> None:
    async def read(tx: Transaction) -> None:
        await tx.companies.save(Company("Alpha"))

    with pytest.raises(StoreError, match="can't be written"):
        await store.read_in_thread(read)
    await add(store, "Beta")
    assert await names(store) == ["Beta"]


@pytest.mark.parametrize("error", [LookupError, OSError, TimeoutError])
async def test_an_error_of_the_function_is_raised_as_it_is(error: type[Exception], store: Store) -> None:
    """It is raised more often than there are connections, so none of them is leaked."""

    async def read(tx: Transaction) -> None:
        await names_in(tx)
        raise error("the caller's own")

    for _ in range(6):
        with pytest.raises(error, match="the caller's own"):
            await store.read_in_thread(read)
    assert await names(store) == []


async def test_a_function_may_yield_but_not_wait(store: Store) -> None:
    """A bare yield is passed over, as nothing else runs in the thread; to wait for something is a bug and raises."""

    async def read_after_yield(tx: Transaction) -> list[str]:
        await asyncio.sleep(0)
        return await names_in(tx)

    async def wait(tx: Transaction) -> None:
        await asyncio.get_running_loop().create_future()

    assert await store.read_in_thread(read_after_yield) == []
    with pytest.raises(RuntimeError):
        await store.read_in_thread(wait)


async def test_a_cancelled_reader_keeps_no_connection(store: Store) -> None:
    """It is cancelled at each of its awaits, more often than there are connections; then ten reads run at once."""
    await add(store, "Alpha")
    await_count = await awaits_of(names(store))
    for _ in range(6):
        for at in range(1, await_count + 1):
            await was_cancelled(names(store), {at})
    async with asyncio.timeout(60):
        assert await asyncio.gather(*(names(store) for _ in range(10))) == [["Alpha"]] * 10


async def test_a_store_waits_for_reads_before_it_closes(database: StoreDatabase) -> None:
    """A cancelled caller does not wait for its function, but the store does."""
    has_begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    async def read(tx: Transaction) -> None:
        has_begun.set()
        may_end.wait(10)
        await names_in(tx)
        ended.set()

    async with open_store(database.url) as store:
        reading = asyncio.create_task(store.read_in_thread(read))
        await asyncio.to_thread(has_begun.wait, 10)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert not ended.is_set()
        may_end.set()
    assert ended.is_set()


def test_the_company_index_can_change_while_others_read() -> None:
    """Three threads read all parts of the index while companies are added and removed."""
    index = CompanyIndex(Company(f"Maker {n} Works", (f"Mak{n}er",)) for n in range(200))

    def look() -> None:
        for n in range(150):
            index.correct(f"qaker{n % 10}")
            index.find_similar(f"makre {n} work", 5)
            index.find_by_prefix("m", 5)
            index.find(("maker", str(n), "works"))

    with ThreadPoolExecutor(3) as threads:
        futures = [threads.submit(look) for _ in range(3)]
        for n in range(600):
            index.put(Company(f"{chr(97 + n % 26)}aker {n}", (f"{chr(97 + n % 26)}ovel{n}",)))
            index.remove(f"{chr(97 + n % 26)}aker {n}")
        for future in futures:
            future.result()
    assert len(index) == 200
