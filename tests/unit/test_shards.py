"""When shards may begin, and how long a start waits for them: by a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from bot.app import START_TIMEOUT, _wait_until_ready
from bot.errors import DiscordUnavailable, StoreReplaced
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.identify import IDENTIFY_INTERVAL, MAX_ANSWER_SECONDS, MAX_UNUSED_SECONDS, IdentifyGate
from bot.store import SoleMember
from tests.unit.virtual_time import run_in_virtual_time

SHARDS = 14


async def begin(gate: IdentifyGate, shards: int) -> list[float]:
    """Return the seconds after which each of the shards may identify, all asking at once. Discord answers at once."""
    clock = asyncio.get_running_loop().time

    async def one(shard: int) -> float:
        await gate.enter(shard)
        gate.record_answer(shard)
        return round(clock(), 3)

    return await asyncio.gather(*map(one, range(shards)))


@pytest.mark.parametrize(
    ("max_concurrency", "rounds"),
    [(1, range(SHARDS)), (16, [0] * SHARDS), (4, [shard // 4 for shard in range(SHARDS)])],
)
def test_shards_of_a_group_begin_one_after_the_other(max_concurrency: int, rounds: Any) -> None:
    """At least five seconds apart, as Discord wants it; shards of different groups do not wait for each other."""

    async def work() -> list[float]:
        gate = IdentifyGate(SoleMember(), max_concurrency)
        turns = await begin(gate, SHARDS)
        await gate.close()
        return turns

    assert run_in_virtual_time(work()) == [round(number * IDENTIFY_INTERVAL, 3) for number in rounds]
    assert IDENTIFY_INTERVAL > 5


def time_of_second(act: Callable[[IdentifyGate], Coroutine[None, None, None]]) -> float:
    """Return when shard 1 may identify if this happens before, in another process."""

    async def work() -> float:
        locks = SoleMember()
        first, second = IdentifyGate(locks), IdentifyGate(locks)
        acting = asyncio.create_task(act(first))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await second.enter(1)
        turn = asyncio.get_running_loop().time()
        acting.cancel()
        await first.close()
        await second.close()
        return turn

    return run_in_virtual_time(work())


def test_a_slow_answer_delays_the_next_identify() -> None:
    """Discord counts an IDENTIFY when it arrives, which may be late."""

    async def act(gate: IdentifyGate) -> None:
        await gate.enter(0)
        await asyncio.sleep(3)
        gate.record_answer(0)

    assert time_of_second(act) == pytest.approx(3 + IDENTIFY_INTERVAL)


def test_an_answer_that_never_comes_is_given_up() -> None:
    async def act(gate: IdentifyGate) -> None:
        await gate.enter(0)

    assert time_of_second(act) == pytest.approx(MAX_ANSWER_SECONDS + IDENTIFY_INTERVAL)


def test_a_turn_that_nobody_uses_expires() -> None:
    """Its shard could not connect."""

    async def act(gate: IdentifyGate) -> None:
        await gate.reserve(0)

    assert time_of_second(act) == pytest.approx(MAX_UNUSED_SECONDS)


def test_a_process_that_stops_keeps_nobody_waiting() -> None:
    async def act(gate: IdentifyGate) -> None:
        await gate.enter(0)
        await asyncio.sleep(2)
        await gate.close()

    assert time_of_second(act) == pytest.approx(2)


def test_a_shard_keeps_its_place_when_its_connection_times_out() -> None:
    """discord.py gives up a connection after a minute, and opens another one."""

    async def work() -> tuple[float, bool]:
        gate = IdentifyGate(SoleMember())
        others = [asyncio.create_task(gate.enter(shard)) for shard in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await gate.enter(5)
        later = [asyncio.create_task(gate.enter(shard)) for shard in range(6, 9)]
        await gate.enter(5)
        turn, is_first = asyncio.get_running_loop().time(), not any(task.done() for task in later)
        await gate.close()
        for task in (*others, *later):
            task.cancel()
        return turn, is_first

    turn, is_first = run_in_virtual_time(work())
    assert turn == pytest.approx(5 * (MAX_ANSWER_SECONDS + IDENTIFY_INTERVAL))
    assert is_first


def test_a_shard_that_begins_again_keeps_the_pace() -> None:
    async def again() -> float:
        gate = IdentifyGate(SoleMember(), 16)
        await begin(gate, SHARDS)
        await asyncio.sleep(2)
        await gate.enter(3)
        turn = asyncio.get_running_loop().time()
        await gate.close()
        return turn

    assert run_in_virtual_time(again()) == pytest.approx(IDENTIFY_INTERVAL)


class SlowClient:
    """Brings up a shard every so many seconds until so many are up, and is ready when that is all of them.

    For ``others`` seconds it waits for the shards of other processes.
    """

    def __init__(self, seconds: float, up_to: int = SHARDS, others: float = 0.0) -> None:
        self.shards: dict[int, object] = {}
        self._others = others
        self._seconds, self._up_to = seconds, up_to

    @property
    def is_waiting_to_identify(self) -> bool:
        return asyncio.get_running_loop().time() < self._others

    async def wait_until_ready(self) -> None:
        await asyncio.sleep(self._others)
        while len(self.shards) < self._up_to:
            await asyncio.sleep(self._seconds)
            self.shards[len(self.shards)] = object()
        if self._up_to < SHARDS:
            await asyncio.Event().wait()


def start(client: SlowClient) -> tuple[str, float]:
    """Return what comes of a start, and after how many seconds."""

    async def waited() -> tuple[str, float]:
        never = [asyncio.create_task(asyncio.sleep(10**6)) for _ in range(2)]
        try:
            result = str(await _wait_until_ready(cast("Dealwire", client), *cast("Any", never)))
        except DiscordUnavailable as exc:
            result = str(exc)
        finally:
            for task in never:
                task.cancel()
        return result, asyncio.get_running_loop().time()

    return run_in_virtual_time(waited())


def test_a_start_waits_for_as_long_as_shards_come_up() -> None:
    """Fourteen at Discord's slowest pace take longer than the limit for one."""
    said, after = start(SlowClient(IDENTIFY_INTERVAL))
    assert said == "True"
    assert after == pytest.approx(SHARDS * IDENTIFY_INTERVAL)
    assert SHARDS * IDENTIFY_INTERVAL > START_TIMEOUT
    assert start(SlowClient(50.0))[0] == "True"


def test_a_start_waits_for_other_processes() -> None:
    """However many shards of theirs are before its own."""
    said, after = start(SlowClient(IDENTIFY_INTERVAL, others=500.0))
    assert said == "True"
    assert after == pytest.approx(500 + SHARDS * IDENTIFY_INTERVAL)


@pytest.mark.parametrize(("up_to", "limit"), [(0, START_TIMEOUT), (7, 7 * 5 + 2 * START_TIMEOUT)])
def test_a_start_in_which_nothing_moves_ends(up_to: int, limit: float) -> None:
    """From the beginning, or in the middle."""
    said, after = start(SlowClient(5.0, up_to))
    assert "gateway did not answer within 60 seconds" in said
    assert after <= limit


def test_a_start_ends_when_the_database_is_replaced_meanwhile() -> None:
    """However long it would go on by itself."""

    async def watch() -> None:
        await asyncio.sleep(7)
        raise StoreReplaced("It was replaced.")

    async def waited() -> float:
        never = [asyncio.create_task(asyncio.sleep(10**6)) for _ in range(2)]
        watching = asyncio.create_task(watch())
        with pytest.raises(StoreReplaced):
            await _wait_until_ready(cast("Dealwire", SlowClient(IDENTIFY_INTERVAL)), *cast("Any", never), watching)
        for task in never:
            task.cancel()
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(waited()) == pytest.approx(7)
