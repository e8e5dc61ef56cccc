"""How shards start their sessions: as fast as Discord allows, in all processes together, and never too often."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.errors import DiscordUnavailable
from bot.platforms.discord.sharded_bot import ShardedBot
from bot.store import SoleMember
from tests.local_discord import LocalDiscord
from tests.wire.shards import ASKED_INTERVAL, ShardProcess, start_shards

SHARDS = 14


@pytest.fixture
async def here() -> AsyncIterator[LocalDiscord]:
    """Open a Discord that refuses an IDENTIFY which comes too early."""
    async with LocalDiscord(shards=SHARDS, identify_interval=ASKED_INTERVAL) as opened:
        yield opened


async def ready(here: LocalDiscord, *processes: ShardedBot) -> None:
    await asyncio.gather(*(process.wait_until_ready() for process in processes))
    await here.wait_until_ready()


async def back(here: LocalDiscord, count: int) -> None:
    """Return when so many shards have a session."""
    await here.until(lambda: sum(each.greeted for each in here.gateway.sessions.values()) == count, 60, "the sessions")


async def test_fourteen_shards_start_without_a_wasted_identify(here: LocalDiscord) -> None:
    process = ShardProcess(SHARDS)
    async with start_shards(here, process):
        await ready(here, process)
    assert (here.identifies, here.wasted_identifies) == (SHARDS, 0)


async def test_groups_do_not_wait_for_each_other(here: LocalDiscord) -> None:
    """Sixteen may identify together, and an hour between two of a group keeps nobody waiting."""
    here.max_concurrency, here.gateway.identify_interval = 16, 3_600
    process = ShardProcess(SHARDS)
    async with start_shards(here, process):
        await ready(here, process)
    assert (here.identifies, here.wasted_identifies) == (SHARDS, 0)


async def test_two_processes_waste_no_identify(here: LocalDiscord) -> None:
    """They share the locks, and nothing else."""
    locks = SoleMember()
    first, second = ShardProcess(4, (0, 1), locks), ShardProcess(4, (2, 3), locks)
    async with start_shards(here, first, second):
        await ready(here, first, second)
        assert [sorted(each.shards) for each in (first, second)] == [[0, 1], [2, 3]]
    assert (here.identifies, here.wasted_identifies) == (4, 0)


async def test_processes_without_a_gate_are_refused() -> None:
    """So the test above would notice it. They come up all the same, since the second asks again."""
    async with LocalDiscord(identify_interval=3_600) as here:
        first, second = ShardProcess(2, (0,)), ShardProcess(2, (1,))
        async with start_shards(here, first, second):
            await here.until(lambda: here.wasted_identifies >= 1, 60, "a refused IDENTIFY")
            here.gateway.identify_interval = 0
            await ready(here, first, second)


async def test_sessions_that_are_lost_together_are_started_in_turn(here: LocalDiscord) -> None:
    process, count = ShardProcess(4), 4
    async with start_shards(here, process):
        await ready(here, process)
        here.invalidate_sessions()
        await here.drop_gateway(4000)
        await back(here, count)
    assert (here.identifies, here.wasted_identifies) == (2 * count, 0)


async def test_a_start_stops_when_few_session_starts_are_left(here: LocalDiscord) -> None:
    """It leaves a tenth of them to shards that lose their session, and says when they are counted anew."""
    here.gateway.starts_left = 101
    with pytest.raises(DiscordUnavailable) as raised:
        async with start_shards(here, ShardProcess(2)):
            pass
    said = str(raised.value)
    assert said.startswith("Discord allows only 101 of 1,000 session starts until 20")
    assert " UTC (in 24 hours), too few to start 2 shards and keep 100 in reserve: start the bot after that" in said
    assert "\n" not in said
    assert here.identifies == 0
    here.gateway.starts_left = 102
    process = ShardProcess(2)
    async with start_shards(here, process):
        await ready(here, process)


async def test_a_start_stops_in_the_middle(here: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    """When other processes have used up what it counted on."""
    monkeypatch.setattr("bot.platforms.discord.session_starts.MAX_AGE_SECONDS", 0.0)
    here.max_concurrency = 16
    process = ShardProcess(SHARDS)
    reached = asyncio.Event()

    async def use_up(_shard_id: int) -> None:
        here.gateway.starts_left = 50
        reached.set()

    process.add_listener(use_up, "on_shard_connect")
    async with start_shards(here, process) as (task,):
        await reached.wait()
        with pytest.raises(DiscordUnavailable, match="session starts until"):
            await task
    assert 0 < here.identifies < SHARDS


async def test_a_running_bot_waits_for_the_reset(
    here: LocalDiscord, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It identifies no more, resumes what can be resumed, and starts the session after the reset."""
    monkeypatch.setattr("bot.platforms.discord.session_starts.MAX_AGE_SECONDS", 0.0)
    here.reset_after = 0.3
    process = ShardProcess(2)
    async with start_shards(here, process):
        await ready(here, process)
        here.gateway.starts_left = 10
        before = here.identifies
        lost, kept = sorted(here.gateway.sessions.values(), key=lambda session: session.shard)
        del here.gateway.sessions[lost.id]
        with caplog.at_level(logging.WARNING):
            await here.drop_gateway(4000)
            await here.until(lambda: "Shard 0 cannot start a session before 20" in caplog.text, 60, "the warning")
            await here.until(lambda: process.resumed == [1], 60, "the other shard to resume")
        assert here.identifies == before
        assert kept.connection is not None
        here.gateway.starts_left = 1_000
        await back(here, 2)
        await here.wait_until_ready()
    assert here.identifies == before + 1


async def test_a_running_bot_warns_when_few_are_left(
    here: LocalDiscord, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And uses the reserve, which is kept for this."""
    monkeypatch.setattr("bot.platforms.discord.session_starts.MAX_AGE_SECONDS", 0.0)
    process = ShardProcess(1)
    async with start_shards(here, process):
        await ready(here, process)
        here.gateway.starts_left = 60
        here.invalidate_sessions()
        with caplog.at_level(logging.WARNING):
            await here.drop_gateway(4000)
            await back(here, 1)
    assert "Only 60 of 1000 session starts are left until" in caplog.text
    assert here.gateway.starts_left == 59
