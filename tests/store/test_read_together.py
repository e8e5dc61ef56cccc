"""Reads that need nothing of each other are done together, in a thread and on the event loop alike."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import pytest
from sqlalchemy import bindparam, exc, select, text

from bot.errors import NotFound, StoreError
from bot.model.company import Company
from bot.store import Store, Transaction
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement

_NAME = HotStatement(select(t.company.c.name).where(t.company.c.name == bindparam("name")))
_BROKEN = HotStatement(text("SELECT nothing FROM nowhere"))
Read = Callable[[Transaction], Coroutine[Any, Any, Any]]


@pytest.fixture(autouse=True)
async def companies(store: Store) -> None:
    async with store.write() as tx:
        await tx.companies.add([Company("Alpha"), Company("Beta"), Company("Gamma")])


@pytest.fixture(params=["in a thread", "on the event loop"])
def read(request: pytest.FixtureRequest, store: Store) -> Callable[[Read], Awaitable[Any]]:
    """Give what runs a function on one state of the store."""

    async def read_on_loop(function: Read) -> Any:
        async with store.read() as tx:
            return await function(tx)

    return store.read_in_thread if request.param == "in a thread" else read_on_loop


async def fetch_name(tx: Transaction, *names: str) -> str:
    """Read companies one after the other, and return their names, or a question mark where there is none."""
    rows_by_name = [await _NAME.fetch_column(tx.connection, {"name": name}) for name in names]
    return " ".join(rows[0] if rows else "?" for rows in rows_by_name)


async def test_results_come_in_the_order_of_the_reads(read: Callable[[Read], Awaitable[Any]]) -> None:
    """Also if some need more statements than others, some none, and some do two together themselves."""

    async def pause() -> str:
        await asyncio.sleep(0)
        return "pause"

    async def nest(tx: Transaction) -> tuple[str, ...]:
        return await tx.read_together(fetch_name(tx, "Gamma"), fetch_name(tx, "Alpha", "Nobody"))

    async def function(tx: Transaction) -> Any:
        assert await tx.read_together() == ()
        return await tx.read_together(fetch_name(tx, "Beta", "Gamma", "Alpha"), fetch_name(tx), pause(), nest(tx), fetch_name(tx, "Alpha")
        )  # fmt: skip

    assert await read(function) == ("Beta Gamma Alpha", "", "pause", ("Gamma", "Alpha ?"), "Alpha")


async def test_an_error_of_one_read_ends_the_others(read: Callable[[Read], Awaitable[Any]]) -> None:
    """Its own error, or the database's; the store can be read again after either."""
    ended: list[str] = []

    async def fail(tx: Transaction) -> None:
        await fetch_name(tx, "Alpha")
        raise NotFound("story", "none")

    async def ask_wrongly(tx: Transaction) -> None:
        await _BROKEN.fetch_all(tx.connection)

    async def go_on(tx: Transaction) -> None:
        try:
            await fetch_name(tx, "Alpha", "Beta", "Gamma")
        finally:
            ended.append("go on")

    for failing, error in ((fail, NotFound), (ask_wrongly, (exc.DBAPIError, StoreError))):

        async def function(tx: Transaction, failing: Read = failing) -> Any:
            return await tx.read_together(go_on(tx), failing(tx), fetch_name(tx, "Beta"))

        for _ in range(6):
            with pytest.raises(error):
                await read(function)
        assert await read(lambda tx: fetch_name(tx, "Beta")) == "Beta"
    assert ended == ["go on"] * 12


async def test_a_read_in_a_thread_waits_for_nothing_else(store: Store) -> None:
    async def wait() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(RuntimeError):
        await store.read_in_thread(lambda tx: tx.read_together(fetch_name(tx, "Alpha"), wait()))
    assert await store.read_in_thread(lambda tx: fetch_name(tx, "Beta")) == "Beta"
