"""A post that may have arrived is searched for back to its first attempt, however long it waited and whatever the clock shows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from benchmarks.counting import Tally, count
from benchmarks.crash import drain
from benchmarks.places import Sort
from benchmarks.trial import Trial
from bot.delivery.dispatcher import Dispatcher
from bot.platforms.discord import history_search
from bot.store import OutboxStats
from tests.local_discord import Permission
from tests.wire.trials import get_channel, open_publisher, open_trial


def open_forgetful_trial(folder: Path, *, each: bool = False) -> AbstractAsyncContextManager[Trial]:
    """Open a trial on a Discord that remembers no nonce and has a clock of its own."""
    return open_trial(folder, nonce_memory=0.0, each=each, own_clock=True)


async def talk(trial: Trial, messages: int) -> None:
    """Let people write so many messages in the channel."""
    channel = get_channel(trial, Sort.PLAIN)
    assert channel.guild is not None
    for number in range(messages):
        await trial.discord.say(channel, channel.guild.owner, f"message {number}")


async def kill_after(trial: Trial, path: str) -> None:
    """Let the bot live until Discord has taken a POST to this path, and kill it before the answer."""
    taken = trial.discord.faults.add("POST", path, when="after", action="hold")
    bot = trial.start()
    try:
        await taken.wait_until_reached(60)
    finally:
        bot.kill()
        trial.discord.faults.clear()


async def figures(trial: Trial) -> OutboxStats:
    async with trial.store.read() as tx:
        return await tx.outbox.get_stats()


@pytest.mark.parametrize(("before", "after"), [(700, 0), (0, 700), (350, 350)])
async def test_a_doubtful_post_in_a_busy_channel_is_there_once(before: int, after: int, tmp_path: Path) -> None:
    """It was made nine hours before its first attempt, and people wrote before that, after it, or both."""
    async with open_forgetful_trial(tmp_path) as trial:
        await trial.publish()
        trial.clock.forward(hours=9)
        await talk(trial, before)
        await kill_after(trial, f"/channels/{get_channel(trial, Sort.PLAIN).id}/messages")
        await talk(trial, after)
        await drain(trial)
        assert await count(trial) == Tally(due=1, seen=1)
        assert (await figures(trial)).doubtful_count == 0


@pytest.mark.parametrize("sort", [Sort.PLAIN, Sort.FORUM])
@pytest.mark.parametrize("wrong", [10, 3 * 1440, -3 * 1440], ids="{} minutes".format)
async def test_a_wrong_clock_at_the_first_attempt_repeats_nothing(wrong: int, sort: Sort, tmp_path: Path) -> None:
    """It is put right before the next start. Discord's clock was right all the time."""
    async with open_forgetful_trial(tmp_path, each=sort is Sort.FORUM) as trial:
        trial.clock.forward(minutes=wrong)
        await trial.publish()
        channel = get_channel(trial, sort)
        await kill_after(trial, f"/channels/{channel.id}/{'threads' if sort is Sort.FORUM else 'messages'}")
        for thread in trial.discord.threads(channel):
            trial.discord.archive_thread(thread)
        trial.clock.forward(minutes=-wrong)
        await drain(trial)
        tally = await count(trial)
        assert (tally.faults, tally.seen) == (0, tally.due)
        assert (await figures(trial)).doubtful_count == 0


@pytest.fixture
async def quiet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Trial, Dispatcher]]:
    """One channel, and a dispatcher of a client that has logged in; it reads back 150 messages at most."""
    monkeypatch.setattr(history_search, "MAX_MESSAGES", 150)
    async with open_forgetful_trial(tmp_path) as trial, open_publisher(trial, monkeypatch) as publisher:
        yield trial, Dispatcher(trial.store, publisher, trial.clock, asyncio.Event())


@pytest.mark.parametrize(("messages", "unsettled"), [(140, 0), (160, 1)])
async def test_a_search_that_ends_too_early_is_counted(
    messages: int, unsettled: int, quiet: tuple[Trial, Dispatcher]
) -> None:
    """The post goes out all the same, with its own nonce: that is all that guards against a repetition then."""
    trial, dispatcher = quiet
    await trial.publish()
    await dispatcher.run_until_idle()
    await trial.publish()
    channel = get_channel(trial, Sort.PLAIN)
    trial.discord.faults.add("POST", f"/channels/{channel.id}/messages", action="drop")
    await dispatcher.run_until_idle()
    await talk(trial, messages)
    trial.clock.forward(minutes=5)
    await dispatcher.run_until_idle()
    assert await count(trial) == Tally(due=2, seen=2)
    assert (await figures(trial)).doubtful_count == unsettled
    (_, last) = (message for message in trial.discord.messages(channel) if message.author is trial.discord.bot)
    assert str(last.nonce).startswith("dw-")
    assert any(custom_id.startswith(f"dw:post:{str(last.nonce)[3:]}:") for custom_id in last.custom_ids)


async def test_a_history_that_may_not_be_read_is_counted(quiet: tuple[Trial, Dispatcher]) -> None:
    """Discord gives an empty one then, and no error: that is no proof that nothing stands there."""
    trial, dispatcher = quiet
    channel = get_channel(trial, Sort.PLAIN)
    trial.discord.deny_bot(channel, Permission.READ_MESSAGE_HISTORY)
    await trial.publish()
    trial.discord.faults.add("POST", f"/channels/{channel.id}/messages", when="after", action="drop")
    await dispatcher.run_until_idle()
    trial.clock.forward(minutes=5)
    await dispatcher.run_until_idle()
    assert (await figures(trial)).doubtful_count == 1
