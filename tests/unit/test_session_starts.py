"""The account of the session starts that are left, by a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.errors import DiscordUnavailable
from bot.platforms.discord.session_starts import FETCH_TIMEOUT, MAX_AGE_SECONDS, SessionStarts, StartLimit
from tests.unit.virtual_time import run_in_virtual_time

NOW = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
HOUR = 3_600.0


@dataclass
class Answers:
    """What Discord answers, and how often it was asked."""

    remaining: int = 1_000
    reset_seconds: float = HOUR
    error: Exception | None = None
    hangs: bool = False
    count: int = 0
    starts: SessionStarts = field(init=False)

    def __post_init__(self) -> None:
        self.starts = SessionStarts(self.fetch, lambda: NOW)

    async def fetch(self) -> StartLimit:
        """Answer, or not."""
        self.count += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.error:
            raise self.error
        return StartLimit(1_000, self.remaining, self.reset_seconds, 1)


def run(work: Callable[[Answers], Coroutine[Any, Any, None]], **answers: Any) -> None:
    async def start() -> None:
        await work(Answers(**answers))

    run_in_virtual_time(start())


@pytest.mark.parametrize(
    ("remaining", "shards", "is_allowed"),
    [(114, 14, True), (113, 14, False), (101, 1, True), (100, 1, False), (0, 1, False)],
)
def test_a_start_leaves_a_tenth(remaining: int, shards: int, *, is_allowed: bool) -> None:
    assert StartLimit(1_000, remaining, HOUR, 1).allows_start(shards) == is_allowed


def test_the_sentence_says_when_and_how_many() -> None:
    async def work(discord: Answers) -> None:
        await discord.starts.refresh()
        with pytest.raises(DiscordUnavailable) as raised:
            discord.starts.check_start(1)
        assert str(raised.value).startswith(
            "Discord allows only 87 of 1,000 session starts until 2026-12-01 14:30 UTC (in 2 hours), too few to start 1 shard and"
            " keep 100 in reserve"
        )

    run(work, remaining=87, reset_seconds=2.5 * HOUR)


def test_a_cached_answer_does_not_raise_the_number() -> None:
    """A proxy repeats it for half an hour; after the reset it is believed."""

    async def work(discord: Answers) -> None:
        await discord.starts.refresh()
        for _ in range(6):
            discord.starts.record_identify()
        await asyncio.sleep(MAX_AGE_SECONDS)
        await discord.starts.refresh()
        assert discord.count == 2
        with pytest.raises(DiscordUnavailable, match="only 99 of 1,000"):
            discord.starts.check_start(1)
        await asyncio.sleep(HOUR)
        await discord.starts.refresh()
        discord.starts.check_start(5)

    run(work, remaining=105)


def test_discord_is_asked_once_a_minute() -> None:
    """However many shards identify, and although it does not answer."""

    async def work(discord: Answers) -> None:
        await discord.starts.refresh()
        for answer in ({"error": aiohttp.ClientError()}, {"error": None, "hangs": True}):
            vars(discord).update(answer)
            await asyncio.sleep(MAX_AGE_SECONDS)
            began, count = asyncio.get_running_loop().time(), discord.count
            for shard in range(16):
                assert await discord.starts.allows_reidentify(shard)
            assert discord.count == count + 1
            assert asyncio.get_running_loop().time() - began <= FETCH_TIMEOUT

    run(work)


def test_the_last_hundredth_is_never_used() -> None:
    """Not even if Discord does not answer before the reset. Then a shard goes on."""

    async def work(discord: Answers) -> None:
        await discord.starts.refresh()
        assert await discord.starts.allows_reidentify(3)
        discord.starts.record_identify()
        discord.hangs = True
        assert not await discord.starts.allows_reidentify(3)
        waiting = asyncio.create_task(discord.starts.wait_for_reset())
        await asyncio.sleep(HOUR * 2)
        assert not waiting.done()
        discord.hangs, discord.remaining = False, 1_000
        await waiting
        assert await discord.starts.allows_reidentify(3)

    run(work, remaining=11)
