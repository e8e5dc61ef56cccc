"""Posts leave while the client is still being told of its servers: what they need is asked of Discord."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord.http import Route

from benchmarks.clock import TrialClock
from benchmarks.crash import local_discord, set_up
from benchmarks.places import Sort
from benchmarks.trial import Trial
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import TryAgain
from bot.model.vocabulary import Stage
from bot.platforms.discord.publisher import DiscordPublisher
from bot.store import open_store
from tests.local_discord import Channel


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """Everything is followed, and one story is published in talks; nothing has been sent yet."""
    async with (
        local_discord(TrialClock(tmp_path / "clock"), nonce_memory=60.0) as here,
        open_store(f"sqlite:///{tmp_path / 'untold.db'}") as store,
    ):
        opened = await set_up(here, store, random.Random(1), 1, tmp_path)  # noqa: S311 - repeatable, not secret
        await opened.publish(new_story=True, stage=Stage.TALKS)
        yield opened


@pytest.fixture
async def publisher(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPublisher]:
    """Of a client that has logged in, and whose gateway has said nothing yet."""
    monkeypatch.setattr(Route, "BASE", trial.discord.api_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(trial.discord.token)
        yield DiscordPublisher(client)


def place(trial: Trial, sort: Sort) -> Channel:
    """The channel of this sort."""
    found = trial.spot(sort)
    assert found is not None
    return found.channel


async def send_all(trial: Trial, publisher: DiscordPublisher, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is due; nothing of it may be an error of the bot's own."""
    with caplog.at_level("ERROR"):
        await Dispatcher(trial.store, publisher, trial.clock, asyncio.Event()).run_until_idle()
    assert caplog.text == ""


async def test_threads_are_opened_tagged_and_renamed(
    trial: Trial, publisher: DiscordPublisher, caplog: pytest.LogCaptureFixture
) -> None:
    await send_all(trial, publisher, caplog)
    (under,), (post,) = (trial.discord.threads(place(trial, sort)) for sort in (Sort.THREADS, Sort.FORUM))
    assert (under.name, post.name, post.tag_names) == ("Trial 0001", "Trial 0001", [Stage.TALKS.label])
    await trial.revise()
    await trial.publish(new_story=False, stage=Stage.AGREED)
    await send_all(trial, publisher, caplog)
    assert (under.name, post.name) == ("Trial 0001 revised 1",) * 2
    assert post.tag_names == [Stage.AGREED.label]


async def test_a_tag_that_only_moderators_may_give_waits_until_the_bot_knows_what_it_may(
    trial: Trial, publisher: DiscordPublisher, caplog: pytest.LogCaptureFixture
) -> None:
    """It is neither left out nor taken for refused: the post is tried again a moment later."""
    forum = place(trial, Sort.FORUM)
    trial.discord.set_tags(forum, [], moderated=[Stage.TALKS.label])
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(trial.clock(), trial.clock(), 10)
    (card,) = (post for post in posts if post.destination.discord_id == forum.id)
    with pytest.raises(TryAgain) as raised:
        await publisher.send(card)
    assert not raised.value.in_doubt
    assert trial.discord.threads(forum) == []
