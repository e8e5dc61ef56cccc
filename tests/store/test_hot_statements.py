"""Statements that are compiled once: the same rows on each kind of connection, and no value that has to be converted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Executable, bindparam, select, text
from sqlalchemy.exc import ProgrammingError

from bot.delivery import monitor
from bot.delivery.monitor import DeliveryMonitor
from bot.errors import StoreUnavailable
from bot.store import Store, Transaction
from bot.store import tables as t
from bot.store.engines.hot_statements import HotStatement
from tests.store.delivery import Delivery


async def fetch_in_thread(store: Store, statement: Executable, **parameters: Any) -> list[tuple[Any, ...]]:
    hot = HotStatement(statement)

    async def fetch(tx: Transaction) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await hot.fetch_all(tx.connection, parameters)]

    return await store.read_in_thread(fetch)


async def test_readers_in_a_thread_get_the_same_rows(delivery: Delivery) -> None:
    """Constants of the statement are parameters too."""
    await delivery.publish_news("first", "second")
    is_open_since = (t.story.c.is_open == 1) & (t.story.c.id >= bindparam("first"))
    statement = select(t.story.c.id, t.story.c.slug).where(is_open_since).order_by(t.story.c.id).limit(5)
    async with delivery.store.read() as tx:
        rows = [tuple(row) for row in await HotStatement(statement).fetch_all(tx.connection, {"first": 2})]
    assert rows == await fetch_in_thread(delivery.store, statement, first=2) == [(2, "second")]


@pytest.mark.parametrize(
    "statement", [select(t.story.c.created_at), select(t.story.c.id).where(t.story.c.id.in_(bindparam("ids")))]
)
async def test_what_has_to_be_converted_is_refused(store: Store, statement: Executable) -> None:
    with pytest.raises(TypeError):
        await fetch_in_thread(store, statement, ids=[1])


async def test_an_error_of_the_driver_is_that_of_any_statement(store: Store) -> None:
    """SQLite tells of it as of its file, PostgreSQL as of the statement."""
    wrong = text("SELECT name FROM company WHERE name = abs('a', 'b')")
    with pytest.raises((StoreUnavailable, ProgrammingError)) as usual:
        async with store.read() as tx:
            await tx.connection.execute(wrong)
    with pytest.raises(type(usual.value)):
        await fetch_in_thread(store, wrong)


async def test_large_tables_are_not_counted_each_time(
    delivery: Delivery, delivery_monitor: DeliveryMonitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Small ones are."""
    await delivery.publish_news("first")
    assert (await delivery_monitor.get_stats()).story_count == 1
    await delivery.publish_news("second")
    assert (await delivery_monitor.get_stats()).story_count == 2
    monkeypatch.setattr(monitor, "_MIN_LARGE_COUNT", 1)
    await delivery.publish_news("third")
    assert (await delivery_monitor.get_stats()).story_count == 2
