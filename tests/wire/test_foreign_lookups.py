"""What a proxy answers in Discord's place says nothing about a message, a thread or a permission, whatever was asked."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import discord
import pytest
from discord.http import Route

from benchmarks.clock import TrialClock
from benchmarks.crash import local_discord, set_up
from benchmarks.places import Sort
from benchmarks.trial import Trial
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import UnexplainedRefusal
from bot.model.post import Post, PostAction
from bot.model.vocabulary import Stage
from bot.platforms.discord.publisher import DiscordPublisher
from bot.store import open_store

PAGE = "<html><body>not Discord</body></html>"


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """Everything is followed in places of all sorts, and a story is posted there."""
    async with (
        local_discord(TrialClock(tmp_path / "clock"), nonce_memory=60.0) as here,
        open_store(f"sqlite:///{tmp_path / 'foreign.db'}") as store,
    ):
        opened = await set_up(here, store, random.Random(1), 1, tmp_path)  # noqa: S311 - repeatable, not secret
        await opened.publish(new_story=True, stage=Stage.TALKS)
        yield opened


@pytest.fixture
async def publisher(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPublisher]:
    """Of a client that has logged in."""
    monkeypatch.setattr(Route, "BASE", trial.discord.api_url)
    async with discord.Client(intents=discord.Intents(guilds=True)) as client:
        await client.login(trial.discord.token)
        yield DiscordPublisher(client)


async def leased(trial: Trial, sort: Sort, task: PostAction = PostAction.SEND) -> Post:
    """The next post there of which this is to be done."""
    spot = trial.spot(sort)
    assert spot is not None
    now = trial.clock()
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(now, now, 50)
    return next(p for p in posts if p.destination.discord_id == spot.channel.id and p.action is task)


async def send_all(trial: Trial, publisher: DiscordPublisher) -> None:
    await Dispatcher(trial.store, publisher, trial.clock, asyncio.Event()).run_until_idle()


async def left_open(trial: Trial, method: str, path: str, act: Callable[[], Awaitable[object]]) -> None:
    """Every such answer to this request must leave open what it is about."""
    for status in (400, 403, 404):
        for body in (PAGE, "", {"message": "Not Found", "code": 0}):
            fault = trial.discord.faults.add(method, path, action=status, body=body)
            with pytest.raises(UnexplainedRefusal):
                await act()
            assert fault.hits == 1


async def test_a_look_into_a_channel(trial: Trial, publisher: DiscordPublisher) -> None:
    """It is not taken for a history that may not be read, after which the post would be sent again unseen."""
    post = await leased(trial, Sort.PLAIN)
    await left_open(trial, "GET", "/channels/*/messages", lambda: publisher.find(post))


async def test_a_look_into_a_forum(trial: Trial, publisher: DiscordPublisher) -> None:
    """A thread that cannot be read is not taken for one that is not the post's: a forum has no nonce."""
    post = await leased(trial, Sort.FORUM)
    stands = await publisher.send(post)
    await left_open(trial, "GET", "/channels/*/messages", lambda: publisher.find(post))
    await left_open(trial, "GET", "/guilds/*/threads/active", lambda: publisher.find(post))
    assert await publisher.find(post) == stands


async def test_a_forum_post_is_found_under_replies(trial: Trial, publisher: DiscordPublisher) -> None:
    """The key is in a thread's first message, however much people have written since."""
    post = await leased(trial, Sort.FORUM)
    message = await publisher.send(post)
    spot = trial.spot(Sort.FORUM)
    assert spot is not None
    assert spot.channel.guild is not None
    (thread,) = trial.discord.threads(spot.channel)
    await trial.discord.say(thread, spot.channel.guild.owner, "How many do they want?")
    assert await publisher.find(post) == message


async def test_a_thread_under_a_card(trial: Trial, publisher: DiscordPublisher) -> None:
    post = await leased(trial, Sort.THREADS)
    stands = await publisher.send(post)
    path = "/channels/*/messages/*/threads"
    await left_open(trial, "POST", path, lambda: publisher.open_thread(post, stands.message_id))


async def test_a_thread_in_the_archive(trial: Trial, publisher: DiscordPublisher) -> None:
    """It is not taken for locked."""
    await send_all(trial, publisher)
    spot = trial.spot(Sort.THREADS)
    assert spot is not None
    (thread,) = trial.discord.threads(spot.channel)
    await trial.publish(new_story=False)
    now = trial.clock()
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(now, now, 50)
    post = next(p for p in posts if p.destination.discord_id == thread.id)
    trial.discord.archive_thread(thread)
    await left_open(trial, "PATCH", f"/channels/{thread.id}", lambda: publisher.send(post))


async def test_a_publication(trial: Trial, publisher: DiscordPublisher) -> None:
    post = await leased(trial, Sort.ANNOUNCED)
    stands = await publisher.send(post)
    async with trial.store.write() as tx:
        await tx.post_outcomes.mark_sent(post, stands, trial.clock())
    post = await leased(trial, Sort.ANNOUNCED, PostAction.PUBLISH)
    await left_open(trial, "POST", "/channels/*/messages/*/crosspost", lambda: publisher.publish(post))


async def test_a_correction(trial: Trial, publisher: DiscordPublisher) -> None:
    """A message is not taken for deleted, nor its correction for refused."""
    await send_all(trial, publisher)
    assert await trial.correct()
    post = await leased(trial, Sort.PLAIN, PostAction.EDIT)
    await left_open(trial, "PATCH", "/channels/*/messages/*", lambda: publisher.edit(post))
