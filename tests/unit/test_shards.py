"""When shards may begin, and how long a start waits for them: by a clock that jumps."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from bot.app import START_TIMEOUT, _wait_until_ready
from bot.errors import DiscordUnavailable, StoreReplaced
from bot.platforms.discord.client import Dealwire
from bot.platforms.discord.rate_limiter import IDENTIFY_INTERVAL, IdentifyRateLimiter
from tests.unit.virtual_time import run_in_virtual_time

SHARDS = 14


async def begin(pace: IdentifyRateLimiter, shards: int) -> list[float]:
    """Return the seconds after which each of the shards may begin, all asking at once."""
    clock = asyncio.get_running_loop().time

    async def one(shard: int) -> float:
        await pace.wait(shard)
        return round(clock(), 3)

    return await asyncio.gather(*map(one, range(shards)))


@pytest.mark.parametrize(
    ("max_concurrency", "rounds"),
    [(1, range(SHARDS)), (16, [0] * SHARDS), (4, [shard // 4 for shard in range(SHARDS)])],
)
def test_shards_of_a_group_begin_one_after_the_other(max_concurrency: int, rounds: Any) -> None:
    """At least five seconds apart, as Discord wants it; shards of different groups do not wait for each other."""
    begun = run_in_virtual_time(begin(IdentifyRateLimiter(max_concurrency), SHARDS))
    assert begun == [round(number * IDENTIFY_INTERVAL, 3) for number in rounds]
    assert IDENTIFY_INTERVAL > 5


def test_a_shard_that_begins_again_keeps_the_pace() -> None:
    async def again() -> float:
        pace = IdentifyRateLimiter(16)
        await begin(pace, SHARDS)
        await asyncio.sleep(2)
        await pace.wait(3)
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(again()) == pytest.approx(IDENTIFY_INTERVAL)


class SlowClient:
    """Brings up a shard every so many seconds until so many are up, and is ready when that is all of them."""

    def __init__(self, seconds: float, up_to: int = SHARDS) -> None:
        self.shards: dict[int, object] = {}
        self._seconds, self._up_to = seconds, up_to

    async def wait_until_ready(self) -> None:
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
