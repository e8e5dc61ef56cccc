"""Two ``dealwire run`` on one PostgreSQL, each with one shard of two."""

from __future__ import annotations

from pathlib import Path

from bot.clock import utc_now
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from tests.local_discord import Channel, LocalDiscord
from tests.store.material import draft, more, news
from tests.wire.process import Process


async def start(discord: LocalDiscord, url: str, folder: Path, shard: int) -> Process:
    environment = {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": url,
        "SEEDS": "",
        "SHARD_COUNT": "2",
        "SHARD_IDS": str(shard),
    }
    return await Process.start("run", env=environment, cwd=folder)


def add_channels(discord: LocalDiscord) -> dict[int, Channel]:
    """Return a channel on each of the two shards."""
    channels: dict[int, Channel] = {}
    while len(channels) < 2:
        guild = discord.add_guild("Server")
        channels.setdefault((guild.id >> 22) % 2, discord.add_channel(guild, "news"))
    return channels


async def follow(store: Store, channel: Channel) -> None:
    assert channel.guild is not None
    destination = Destination(DestinationKind.CHANNEL, channel.id, channel.guild.id)
    async with store.write() as tx:
        await tx.follows.save(destination, EVERYTHING, created_by=1, settings=DEFAULT_FOLLOW_SETTINGS, now=utc_now())


async def test_one_process_goes_on_for_all_when_the_other_is_killed(postgres_url: str, tmp_path: Path) -> None:
    """Posts arrive in the servers of both shards, once each; commands are answered where the shard is up."""
    async with LocalDiscord(max_concurrency=16) as discord, open_store(postgres_url) as store:
        channels, reader = add_channels(discord), discord.add_user("reader")
        for channel in channels.values():
            assert channel.guild is not None
            discord.add_member(channel.guild, reader)
            await follow(store, channel)
        desk = Desk(store, utc_now)
        processes = [await start(discord, postgres_url, tmp_path, shard) for shard in (0, 1)]
        for process in processes:
            await process.wait_for_log("The bot is up")
        await desk.publish(draft("alpha-beta", news("The first step", key="first")), actor="test")
        for channel in channels.values():
            await discord.until(lambda channel=channel: discord.messages(channel), 60, "the first post")  # type: ignore[misc]
        await processes[0].kill()
        await desk.publish(more("alpha-beta", news("The second step", key="second")), actor="test")
        for channel in channels.values():
            await discord.until(lambda channel=channel: len(discord.messages(channel)) == 2, 60, "the second post")  # type: ignore[misc]
        asked = await discord.say(channels[1], reader, "!deal alpha-beta")
        assert "The story alpha-beta" in (await discord.message_in(channels[1], after=asked, timeout=60)).text
        await processes[1].stop()
        for channel in channels.values():
            texts = [message.text for message in discord.messages(channel)]
            assert sum("The first step" in text for text in texts[:2]) == 1
            assert sum("The second step" in text for text in texts[:2]) == 1
        assert not [key for key in discord.request_counts if key[2] == 429]


async def test_a_second_bot_of_a_shard_is_refused(postgres_url: str, tmp_path: Path) -> None:
    async with LocalDiscord(max_concurrency=16) as discord:
        add_channels(discord)
        process = await start(discord, postgres_url, tmp_path, 0)
        await process.wait_for_log("The bot is up")
        second = await (await start(discord, postgres_url, tmp_path, 0)).wait_for_end()
        assert second.code == 1
        assert "is running shard 0; stop it first." in second.last_line
        await process.stop()
