"""A process that runs some of the shards: what it does for servers of which it receives no events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.places import Sort
from benchmarks.trial import Trial
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.port import CannotSearch
from bot.languages import ENGLISH
from bot.model.follow import Destination, DestinationKind
from bot.model.post import PostAction
from bot.model.vocabulary import Stage
from bot.platforms.discord.desk_channel import DeskChannel
from bot.platforms.discord.locales import LanguageResolver
from bot.platforms.discord.publisher import DiscordPublisher
from tests.local_discord import Guild, LocalDiscord, Permission
from tests.wire.shards import ShardProcess, start_shards
from tests.wire.trials import get_channel, open_trial

SHARDS = 4


async def choose_nothing(_owner_id: int) -> str:
    """Return that nobody has chosen a language."""
    return ""


def shard_of(guild: Guild) -> int:
    return (guild.id >> 22) % SHARDS


def run_without(guild: Guild) -> ShardProcess:
    """Return a process that runs all shards but the server's."""
    return ShardProcess(SHARDS, [shard for shard in range(SHARDS) if shard != shard_of(guild)])


@pytest.fixture
async def here() -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord(max_concurrency=16) as opened:
        yield opened


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """Publish a story that places of all sorts follow, in a server of another process."""
    async with open_trial(tmp_path) as opened:
        opened.discord.max_concurrency = 16
        await opened.publish(new_story=True, stage=Stage.TALKS)
        yield opened


def make_desk_channel(process: ShardProcess, channel_id: int) -> DeskChannel:
    services: Any = SimpleNamespace(
        settings=SimpleNamespace(desk_channel_id=channel_id),
        delivery_settings=SimpleNamespace(get_language=choose_nothing),
    )
    return DeskChannel(process, services)


async def test_the_desks_channel_is_reached_from_any_process(here: LocalDiscord) -> None:
    """Its messages are in the language of its server. Discord is asked for it once, not for each look."""
    guild = here.add_guild("Desk")
    guild.locale = "de"
    channel = here.add_channel(guild, "desk")
    process = run_without(guild)
    async with start_shards(here, process):
        await process.wait_until_ready()
        assert process.get_channel(channel.id) is None
        desk_channel = make_desk_channel(process, channel.id)
        for _ in range(5):
            found = await desk_channel.find()
            assert found is not None
            assert found.id == channel.id
        assert await desk_channel.report_further_server()
    assert len(here.requests_to("GET", f"/channels/{channel.id}")) == 1
    (message,) = here.messages(channel)
    assert f"DESK_GUILD_ID={guild.id}" in message.text
    assert "The bot is now" not in message.text, "it is in German"


async def test_a_desk_channel_that_is_none_is_not_asked_for_each_time(
    here: LocalDiscord, caplog: pytest.LogCaptureFixture
) -> None:
    guild = here.add_guild("Desk")
    process = run_without(guild)
    async with start_shards(here, process):
        await process.wait_until_ready()
        desk_channel = make_desk_channel(process, 123456789012345678)
        assert [await desk_channel.find() for _ in range(3)] == [None] * 3
    assert len(here.requests_to("GET", "/channels/*")) == 1
    assert caplog.text.count("DESK_CHANNEL_ID is not a text channel that the bot can see") == 1


async def test_a_post_is_in_the_language_of_its_server(here: LocalDiscord) -> None:
    """It is asked for once a day; an error means English, for a while."""
    guild, other = here.add_guild("Elsewhere"), here.add_guild("Gone")
    guild.locale = "ja"
    while shard_of(other) != shard_of(guild):
        here.remove_guild(other)
        other = here.add_guild("Gone")
    here.remove_guild(other)
    process = run_without(guild)
    async with start_shards(here, process):
        await process.wait_until_ready()
        languages = LanguageResolver(process, choose_nothing)
        assert [await languages.for_guild(guild.id) for _ in range(3)] == ["ja"] * 3
        assert [await languages.for_guild(other.id) for _ in range(3)] == [ENGLISH] * 3
    assert len(here.requests_to("GET", f"/guilds/{guild.id}")) == 1
    assert len(here.requests_to("GET", f"/guilds/{other.id}")) == 1


async def test_a_server_of_ones_own_is_not_asked_for(here: LocalDiscord) -> None:
    guild = here.add_guild("Here")
    guild.locale = "es-ES"
    process = ShardProcess(SHARDS, [shard_of(guild)])
    async with start_shards(here, process):
        await process.wait_until_ready()
        assert await LanguageResolver(process, choose_nothing).for_guild(guild.id) == "es"
    assert here.requests_to("GET", "/guilds/*") == []


async def test_posts_of_all_sorts_arrive_from_any_process(trial: Trial) -> None:
    """Channels, threads under cards, forums with a tag for moderators, announcements; nothing is logged."""
    forum = get_channel(trial, Sort.FORUM)
    assert forum.guild is not None
    forum.tags = [replace(tag, moderated=True) for tag in forum.tags]
    process = run_without(forum.guild)
    async with start_shards(trial.discord, process):
        await process.wait_until_ready()
        dispatcher = Dispatcher(trial.store, DiscordPublisher(process), trial.clock, asyncio.Event())
        await dispatcher.run_until_idle()
        assert await trial.correct()
        trial.clock.forward(minutes=1)
        await dispatcher.run_until_idle()
    for spot in trial.spots:
        if spot.sort in (Sort.PLAIN, Sort.THREADS, Sort.FORUM, Sort.ANNOUNCED):
            assert list(spot.posts(trial.discord)), spot.sort


async def test_an_empty_history_elsewhere_counts_if_the_bot_may_read_it(trial: Trial) -> None:
    """So a post in doubt is sent; where the bot may not read the history, nobody knows what an empty one means."""
    channel = get_channel(trial, Sort.PLAIN)
    assert channel.guild is not None
    now = trial.clock()
    async with trial.store.write() as tx:
        posts = await tx.outbox.lease_due(now, now + timedelta(seconds=1), 50)
    post = next(p for p in posts if p.destination.discord_id == channel.id and p.action is PostAction.SEND)
    process = run_without(channel.guild)
    async with start_shards(trial.discord, process):
        await process.wait_until_ready()
        publisher = DiscordPublisher(process)
        assert await publisher.find(post) is None
        trial.discord.deny_bot(channel, Permission.READ_MESSAGE_HISTORY)
        with pytest.raises(CannotSearch):
            await publisher.find(post)


async def test_the_owner_of_a_server_elsewhere_is_warned(here: LocalDiscord) -> None:
    owner = here.add_user("owner")
    guild = here.add_guild("Elsewhere", owner=owner)
    channel = here.add_channel(guild, "news")
    process = run_without(guild)
    async with start_shards(here, process):
        await process.wait_until_ready()
        destination = Destination(DestinationKind.CHANNEL, channel.id, guild.id)
        await DiscordPublisher(process).warn(destination, [], "it is closed")
    (message,) = here.messages(here.dm(owner))
    assert "Elsewhere" in message.text
