"""Reading beside the event loop: one state of the store, nothing written, nothing left behind."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.entities.company_index import CompanyIndex
from bot.errors import StoreError
from bot.model.company import Company
from bot.store import Store, Transaction, open_store
from tests.store.interrupting import awaits_of, was_cancelled
from tests.store.material import url_of


async def names_in(tx: Transaction) -> list[str]:
    return [company.name for company in await tx.companies.list_all()]


async def names(store: Store) -> list[str]:
    return await store.read_in_thread(names_in)


async def add(store: Store, name: str) -> None:
    async with store.write() as tx:
        await tx.companies.save(Company(name, (f"{name} Inc",)))


async def test_a_work_is_done_in_another_thread_and_its_outcome_comes_back(store: Store) -> None:
    await add(store, "Alpha")

    async def work(tx: Transaction) -> tuple[list[str], int]:
        return await names_in(tx), threading.get_ident()

    found, thread = await store.read_in_thread(work)
    assert found == ["Alpha"]
    assert thread != threading.get_ident()


async def test_a_work_sees_one_state(store: Store) -> None:
    """What is written while it reads is seen by the next one."""
    await add(store, "Alpha")
    has_read, may_read_on = threading.Event(), threading.Event()

    async def work(tx: Transaction) -> tuple[list[str], list[str]]:
        first = await names_in(tx)
        has_read.set()
        may_read_on.wait(10)
        return first, await names_in(tx)

    reading = asyncio.create_task(store.read_in_thread(work))
    await asyncio.to_thread(has_read.wait, 10)
    await add(store, "Beta")
    may_read_on.set()
    assert await reading == (["Alpha"], ["Alpha"])
    assert await names(store) == ["Alpha", "Beta"]


async def test_a_work_cannot_write(store: Store) -> None:
    async def work(tx: Transaction) -> None:
        await tx.companies.save(Company("Alpha"))

    with pytest.raises(StoreError, match="cannot be written"):
        await store.read_in_thread(work)
    await add(store, "Beta")
    assert await names(store) == ["Beta"]


@pytest.mark.parametrize("error", [LookupError, OSError, TimeoutError])
async def test_an_error_of_a_work_is_its_callers_own(error: type[Exception], store: Store) -> None:
    """More often than there are connections: none is kept."""

    async def work(tx: Transaction) -> None:
        await names_in(tx)
        raise error("the caller's own")

    for _ in range(6):
        with pytest.raises(error, match="the caller's own"):
            await store.read_in_thread(work)
    assert await names(store) == []


async def test_a_work_may_give_way_and_wait_for_nothing_else(store: Store) -> None:
    """Where others would have their turn there are none; what waits for something is a bug, and told as one."""

    async def giving_way(tx: Transaction) -> list[str]:
        await asyncio.sleep(0)
        return await names_in(tx)

    async def waiting(tx: Transaction) -> None:
        await asyncio.get_running_loop().create_future()

    assert await store.read_in_thread(giving_way) == []
    with pytest.raises(RuntimeError):
        await store.read_in_thread(waiting)


async def test_a_cancelled_reader_keeps_no_connection(store: Store) -> None:
    """Cancelled at each of its awaits, more often than there are connections; then as many as ever read at once."""
    await add(store, "Alpha")
    reading = await awaits_of(names(store))
    for _ in range(6):
        for at in range(1, reading + 1):
            await was_cancelled(names(store), {at})
    async with asyncio.timeout(5):
        assert await asyncio.gather(*(names(store) for _ in range(10))) == [["Alpha"]] * 10


async def test_a_store_closes_when_what_is_being_read_has_been(file: Path) -> None:
    """Whoever was cancelled does not wait for its work; the store does."""
    has_begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    async def work(tx: Transaction) -> None:
        has_begun.set()
        may_end.wait(10)
        await names_in(tx)
        ended.set()

    async with open_store(url_of(file)) as store:
        reading = asyncio.create_task(store.read_in_thread(work))
        await asyncio.to_thread(has_begun.wait, 10)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        assert not ended.is_set()
        may_end.set()
    assert ended.is_set()


def test_an_index_of_names_bears_changes_while_others_look() -> None:
    """Looks that go through all of its shelves, beside one who puts companies in and takes them out."""
    index = CompanyIndex(Company(f"Maker {n} Works", (f"Mak{n}er",)) for n in range(200))

    def look() -> None:
        for n in range(150):
            index.correct(f"qaker{n % 10}")
            index.find_similar(f"makre {n} work", 5)
            index.find_by_prefix("m", 5)
            index.find(("maker", str(n), "works"))

    with ThreadPoolExecutor(3) as threads:
        looking = [threads.submit(look) for _ in range(3)]
        for n in range(600):
            index.put(Company(f"{chr(97 + n % 26)}aker {n}", (f"{chr(97 + n % 26)}ovel{n}",)))
            index.remove(f"{chr(97 + n % 26)}aker {n}")
        for each in looking:
            each.result()
    assert len(index) == 200
