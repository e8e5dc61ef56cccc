"""Several bots on one PostgreSQL: who leads, who is taken for dead, and whose leases are whose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import cast

import pytest

from bot.errors import StoreBusy, StoreReplaced
from bot.store import Membership, open_store
from bot.store.engines.postgres.member import PostgresMember
from tests.postgres import cut_off_bot
from tests.store.waiting import LONG, until


@pytest.fixture
async def join(postgres_url: str) -> AsyncIterator[Callable[..., object]]:
    async with AsyncExitStack() as stack:

        async def join_with(*shards: int) -> PostgresMember:
            store = await stack.enter_async_context(open_store(postgres_url))
            return cast("PostgresMember", await stack.enter_async_context(store.join(shards)))

        yield join_with


async def test_one_leads_and_all_count_each_other(join: Callable[..., object]) -> None:
    members = [await join(0), await join(1), await join(2)]  # type: ignore[misc]
    await until(lambda: all(each.worker_count == 3 for each in members))
    assert [each.is_leader for each in members].count(True) == 1
    assert len({each.worker_id for each in members}) == 3


async def test_a_shard_has_one_bot(join: Callable[..., object]) -> None:
    await join(0, 1)  # type: ignore[misc]
    with pytest.raises(StoreBusy, match="is running shard 1; stop it first"):
        await join(1, 2)  # type: ignore[misc]
    with pytest.raises(StoreBusy, match="one of the two runs all shards"):
        await join()  # type: ignore[misc]
    await join(2)  # type: ignore[misc]


async def test_who_lost_its_connection_joins_again_as_another(postgres_url: str, join: Callable[..., object]) -> None:
    one, other = await join(0), await join(1)  # type: ignore[misc]
    former = one.worker_id
    cut_off_bot(postgres_url, one.worker_id)
    await until(lambda: one.worker_id != former and one._connection is not None)
    assert await one.is_current()
    # Both know that what was leased under the former number is nobody's.
    await until(lambda: former in one._lost and former in other._lost)
    one.check()


async def test_the_leader_that_hangs_is_replaced(join: Callable[..., object]) -> None:
    """Its heartbeat is late, so that the server ends its connection; woken up, it knows."""
    one, other = await join(0), await join(1)  # type: ignore[misc]
    await until(lambda: one.worker_count == other.worker_count == 2)
    leader, follower = (one, other) if one.is_leader else (other, one)
    number = leader.worker_id
    # It holds this lock whenever it beats, so it cannot now.
    async with leader._beat_lock:
        await until(lambda: follower.is_leader)
        await until(lambda: number in follower._lost)
    assert not await leader.is_current() or leader.worker_id != number
    await until(lambda: leader.worker_id != number and leader._connection is not None)
    assert not leader.is_leader


async def test_a_bot_whose_shard_was_taken_meanwhile_ends(
    postgres_url: str, join: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await join(0)  # type: ignore[misc]
    async with one._beat_lock:
        cut_off_bot(postgres_url, one.worker_id)
        await join(0)  # type: ignore[misc]
    await until(lambda: one._fault)
    with pytest.raises(StoreReplaced, match=r"is running shard 0; stop it first\. This bot ends"):
        one.check()


async def test_a_named_lock_is_held_by_one_bot(join: Callable[..., object]) -> None:
    one, other = await join(0), await join(1)  # type: ignore[misc]
    inside: list[str] = []

    async def hold(member: Membership, name: str) -> None:
        async with member.hold("identify 0"):
            assert not inside
            inside.append(name)
            await asyncio.sleep(0.02)
            inside.remove(name)

    async with asyncio.timeout(LONG):
        await asyncio.gather(*(hold(each, f"{each.worker_id}") for each in (one, other, one, other)))
        async with one.hold("identify 0"), other.hold("identify 1"):
            pass
