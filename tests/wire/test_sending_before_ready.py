"""Posts leave before the gateway has sent the client its servers: what they need is requested from Discord."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from benchmarks.places import Sort
from benchmarks.trial import Trial
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import TryAgain
from bot.model.vocabulary import Stage
from bot.platforms.discord.publisher import DiscordPublisher
from tests.wire.trials import get_channel, open_publisher, open_trial


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """Publish a story in talks that places of all sorts follow; nothing of it is sent yet."""
    async with open_trial(tmp_path) as opened:
        await opened.publish(new_story=True, stage=Stage.TALKS)
        yield opened


@pytest.fixture
async def publisher(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPublisher]:
    async with open_publisher(trial, monkeypatch) as opened:
        yield opened


async def send_all(trial: Trial, publisher: DiscordPublisher, caplog: pytest.LogCaptureFixture) -> None:
    """Send whatever is due, and check that the bot logs no error."""
    with caplog.at_level("ERROR"):
        await Dispatcher(trial.store, publisher, trial.clock, asyncio.Event()).run_until_idle()
    assert caplog.text == ""


async def test_threads_are_opened_tagged_and_renamed(
    trial: Trial, publisher: DiscordPublisher, caplog: pytest.LogCaptureFixture
) -> None:
    await send_all(trial, publisher, caplog)
    (under,), (post,) = (trial.discord.threads(get_channel(trial, sort)) for sort in (Sort.THREADS, Sort.FORUM))
    assert (under.name, post.name, post.tag_names) == ("Trial 0001", "Trial 0001", [Stage.TALKS.label])
    await trial.revise()
    await send_all(trial, publisher, caplog)
    assert (under.name, post.name) == ("Trial 0001 revised 1",) * 2
    await trial.publish(new_story=False, stage=Stage.AGREED)
    await send_all(trial, publisher, caplog)
    assert (under.name, post.name) == ("News 000002",) * 2, "what brought the stage, until an editor writes a headline"
    assert post.tag_names == [Stage.AGREED.label]


async def test_a_moderated_tag_waits_for_the_bots_permissions(
    trial: Trial, publisher: DiscordPublisher, caplog: pytest.LogCaptureFixture
) -> None:
    """It is neither left out nor taken for refused: the post is tried again a moment later."""
    forum = get_channel(trial, Sort.FORUM)
    trial.discord.set_tags(forum, [], moderated=[Stage.TALKS.label])
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(trial.clock(), trial.clock(), 10)
    (card,) = (post for post in posts if post.destination.discord_id == forum.id)
    with pytest.raises(TryAgain) as raised:
        await publisher.send(card)
    assert not raised.value.in_doubt
    assert trial.discord.threads(forum) == []
