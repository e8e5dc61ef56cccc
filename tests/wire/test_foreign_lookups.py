"""What a proxy answers in Discord's place says nothing about a message, a thread or a permission, whatever was asked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from benchmarks.places import Sort
from benchmarks.trial import Trial
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import UnexplainedRefusal
from bot.model.post import Post, PostAction
from bot.model.vocabulary import Stage
from bot.platforms.discord.publisher import DiscordPublisher
from tests.local_discord.foreign import FOREIGN, Body
from tests.wire.trials import get_channel, open_publisher, open_trial

PAGE = "<html><body>not Discord</body></html>"


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """Publish a story that places of all sorts follow."""
    async with open_trial(tmp_path) as opened:
        await opened.publish(new_story=True, stage=Stage.TALKS)
        yield opened


@pytest.fixture
async def publisher(trial: Trial, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordPublisher]:
    async with open_publisher(trial, monkeypatch) as opened:
        yield opened


async def lease(trial: Trial, sort: Sort, task: PostAction = PostAction.SEND) -> Post:
    """Lease what is due, and return the post there of which this is to be done."""
    channel = get_channel(trial, sort)
    now = trial.clock()
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(now, now, 50)
    return next(p for p in posts if p.destination.discord_id == channel.id and p.action is task)


async def send_all(trial: Trial, publisher: DiscordPublisher) -> None:
    await Dispatcher(trial.store, publisher, trial.clock, asyncio.Event()).run_until_idle()


async def check_left_open(trial: Trial, method: str, path: str, act: Callable[[], Awaitable[object]]) -> None:
    """Check that every such answer to this request leaves open what it is about."""
    answers: list[tuple[int, Body]] = [
        FOREIGN["nirn-proxy's 408"],
        FOREIGN["nirn-proxy's 429"],
        FOREIGN["a proxy's 429"],
    ]
    answers += [
        (status, body) for status in (400, 403, 404) for body in (PAGE, "", {"message": "Not Found", "code": 0})
    ]
    for status, body in answers:
        fault = trial.discord.faults.add(method, path, action=status, body=body)
        with pytest.raises(UnexplainedRefusal) as raised:
            await act()
        assert raised.value.in_doubt
        assert fault.hits == 1


async def test_a_look_into_a_channel(trial: Trial, publisher: DiscordPublisher) -> None:
    """It is not taken for a history that may not be read, after which the post would be sent again unseen."""
    post = await lease(trial, Sort.PLAIN)
    await check_left_open(trial, "GET", "/channels/*/messages", lambda: publisher.find(post))


async def test_a_look_into_a_forum(trial: Trial, publisher: DiscordPublisher) -> None:
    """A thread that cannot be read is not taken for one that is not the post's: a forum has no nonce."""
    post = await lease(trial, Sort.FORUM)
    sent_message = await publisher.send(post)
    await check_left_open(trial, "GET", "/channels/*/messages", lambda: publisher.find(post))
    await check_left_open(trial, "GET", "/guilds/*/threads/active", lambda: publisher.find(post))
    assert await publisher.find(post) == sent_message


async def test_a_forum_post_is_found_under_replies(trial: Trial, publisher: DiscordPublisher) -> None:
    """The key is in a thread's first message, however much people have written since."""
    post = await lease(trial, Sort.FORUM)
    message = await publisher.send(post)
    forum = get_channel(trial, Sort.FORUM)
    assert forum.guild is not None
    (thread,) = trial.discord.threads(forum)
    await trial.discord.say(thread, forum.guild.owner, "How many do they want?")
    assert await publisher.find(post) == message


async def test_a_thread_under_a_card(trial: Trial, publisher: DiscordPublisher) -> None:
    post = await lease(trial, Sort.THREADS)
    sent_message = await publisher.send(post)
    path = "/channels/*/messages/*/threads"
    await check_left_open(trial, "POST", path, lambda: publisher.open_thread(post, sent_message.message_id))


async def test_a_thread_in_the_archive(trial: Trial, publisher: DiscordPublisher) -> None:
    """It is not taken for locked."""
    await send_all(trial, publisher)
    (thread,) = trial.discord.threads(get_channel(trial, Sort.THREADS))
    await trial.publish(new_story=False)
    now = trial.clock()
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(now, now, 50)
    post = next(p for p in posts if p.destination.discord_id == thread.id)
    trial.discord.archive_thread(thread)
    await check_left_open(trial, "PATCH", f"/channels/{thread.id}", lambda: publisher.send(post))


async def test_a_publication(trial: Trial, publisher: DiscordPublisher) -> None:
    post = await lease(trial, Sort.ANNOUNCED)
    sent_message = await publisher.send(post)
    async with trial.store.write() as tx:
        await tx.post_outcomes.mark_sent(post, sent_message, trial.clock())
    post = await lease(trial, Sort.ANNOUNCED, PostAction.PUBLISH)
    await check_left_open(trial, "POST", "/channels/*/messages/*/crosspost", lambda: publisher.publish(post))


async def test_a_correction(trial: Trial, publisher: DiscordPublisher) -> None:
    """A message is not taken for deleted, nor its correction for refused."""
    await send_all(trial, publisher)
    assert await trial.correct()
    post = await lease(trial, Sort.PLAIN, PostAction.EDIT)
    await check_left_open(trial, "PATCH", "/channels/*/messages/*", lambda: publisher.edit(post))
