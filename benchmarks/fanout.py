"""One development to many channels, over the wire, with Discord's limits enforced.

Run it with ``python -m benchmarks.fanout [--channels 1000] [--channels 5000]``.

The real bot posts to a local Discord that allows 50 requests a second and 5 posts in 5 s a channel. Printed are the time
until the last channel has its post, as a ratio to the least possible: all requests that Discord was sent meanwhile, the
posts and the answers that were asked for, ÷ ``REQUESTS_PER_SECOND``, for they leave in one row (aim: at most 1.05), and also to
channels ÷ rate alone; answers of 429 (aim: none); the answer time of a command during the fan-out as a ratio to that before
it, both measured in this run (aim: at most 1.5); and the bot's memory.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.process import Bot, read_resident, start_bot
from bot.clock import utc_now
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, parse_development
from bot.newsroom.importer import import_paths
from bot.store import Store, open_store
from tests.local_discord import Channel, Limits, LocalDiscord, User

RATE = 45
SEEDS = Path(__file__).parents[1] / "seeds"
CHANNELS_A_SERVER = 400
SLUG = "nissan-foxconn-oppama"
IDLE_ASKS = 25
SENT = ("POST", "/channels/{channel_id}/messages", 200)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one fan-out showed."""

    seconds: float
    refused: int
    idle: float
    during: float
    asked: int
    memory: float
    requests: int


async def fan_out(channels: int, folder: Path) -> Outcome:
    """Publish one development that all these channels follow, and watch it arrive."""
    async with (
        LocalDiscord(openapi=None, record=False, limits=Limits(per_second=50)) as discord,
        open_store(f"sqlite:///{folder / 'fanout.db'}") as store,
    ):
        desk = Desk(store, utc_now)
        await import_paths(store, desk, [SEEDS], actor="seeds")
        places, asking, reader = _arrange(discord, channels)
        await _follow(store, places)
        bot = start_bot(_environment(discord, store), folder / "bot.log")
        try:
            await discord.wait_until_ready(60)
            await discord.wait_for_commands("deal", timeout=60)
            idle: list[float] = []
            while len(idle) < IDLE_ASKS:
                idle += [await _ask(discord, asking, reader)]
                await asyncio.sleep(1.2)
            return await _measure(discord, desk, bot, places, (asking, reader), idle[5:])
        finally:
            bot.stop()


async def _measure(
    discord: LocalDiscord, desk: Desk, bot: Bot, places: list[Channel], ask: tuple[Channel, User], idle: list[float]
) -> Outcome:
    fields = {"date": "2025-09", "headline": "A development for all", "claim": "reported"}
    draft = StoryDraft(SLUG, None, (parse_development(fields, "", Kind.CONTRACT_MANUFACTURING),))
    before, of_all = discord.request_counts[SENT], discord.request_counts.total()
    began = time.perf_counter()
    await desk.publish(draft, actor="benchmark")
    during: list[float] = []
    asking = asyncio.create_task(_keep_asking(discord, *ask, during))
    # Answers are posts of the same route: they are taken off again.
    while discord.request_counts[SENT] - before - len(during) < len(places):
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - began
    requests = discord.request_counts.total() - of_all
    memory = read_resident(bot.process.pid or 0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    missing = [place for place in places if len(discord.messages(place)) != 1]
    if missing:
        raise SystemExit(f"{len(missing)} channels do not have exactly one message.")
    refused = sum(times for (_, _, status), times in discord.request_counts.items() if status == 429)
    return Outcome(seconds, refused, statistics.median(idle), statistics.median(during), len(during), memory, requests)


async def _keep_asking(discord: LocalDiscord, channel: Channel, reader: User, took: list[float]) -> None:
    while True:
        took.append(await _ask(discord, channel, reader))
        # Rarer than five in five seconds: that limit is the channel's, and would be measured instead.
        await asyncio.sleep(1.2)


def _arrange(discord: LocalDiscord, channels: int) -> tuple[list[Channel], Channel, User]:
    places: list[Channel] = []
    reader = discord.add_user("reader")
    while len(places) < channels:
        guild = discord.add_guild(f"Server {len(places) // CHANNELS_A_SERVER}")
        discord.add_member(guild, reader)
        asking = discord.add_channel(guild, "asking")
        wanted = range(min(CHANNELS_A_SERVER, channels - len(places)))
        places.extend([discord.add_channel(guild, f"news-{number}") for number in wanted])
    return places, asking, reader


async def _follow(store: Store, places: list[Channel]) -> None:
    async with store.write() as tx:
        for place in places:
            destination = Destination(DestinationKind.CHANNEL, place.id, place.guild.id if place.guild else 0)
            await tx.follows.save(destination, EVERYTHING, created_by=1, settings=FollowSettings(), now=utc_now())


async def _ask(discord: LocalDiscord, channel: Channel, reader: User) -> float:
    began = time.perf_counter()
    asked = await discord.say(channel, reader, "!deal nissan")
    await discord.message_in(channel, after=asked, timeout=30)
    return time.perf_counter() - began


def _environment(discord: LocalDiscord, store: Store) -> dict[str, str]:
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{Path(store.name)}",
        "SEEDS": "",
        "REQUESTS_PER_SECOND": str(RATE),
    }


def main() -> None:
    """Print a row for each number of channels."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--channels", type=int, action="append")
    for channels in parser.parse_args().channels or [1000, 5000]:
        with tempfile.TemporaryDirectory(prefix="dealwire-fanout-") as folder:
            found = asyncio.run(fan_out(channels, Path(folder)))
        least = found.requests / RATE
        print(
            f"{channels} channels: {found.seconds:.1f} s, {found.seconds / least:.3f} x {least:.1f} s for posts and answers"
            f" ({found.seconds * RATE / channels:.3f} x posts alone); 429s: {found.refused}; "
            f"answer idle {found.idle * 1000:.1f} ms, during {found.during * 1000:.1f} ms"
            f" ({found.during / found.idle:.2f} x, {found.asked} asked); memory {found.memory:.0f} MB",
            flush=True,
        )


if __name__ == "__main__":
    main()
