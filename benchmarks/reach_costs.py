"""Measure what the simulation of :mod:`benchmarks.reach` calculates with: processor time and memory of the real bot.

Processor time is that of the whole process, with the threads of its database.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks.process import Bot, read_processor_time, read_resident, start_bot
from bot.clock import utc_now
from bot.delivery.outcomes import OutcomeRecorder
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.post import PostAction, SentMessage, fold_posts
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, parse_development
from bot.newsroom.importer import import_paths
from bot.recorder import DeliveryOutcome
from bot.store import Store, open_store
from bot.store import tables as t
from bot.store.engines.sqlite.database import SqliteDatabase
from tests.local_discord import Guild, LocalDiscord

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SLUG = "nissan-foxconn-oppama"
BATCH = 128
#: How many batches are leased, and how many posts of each are recorded as sent.
BATCHES, RECORDED = 5, 20
LEASE = timedelta(minutes=2)
IDLE_SECONDS = 5.0
CHANNELS_PER_SERVER = 25
ROLES_PER_SERVER = 16
RATE = 45
SENT = ("POST", "/channels/{channel_id}/messages", 200)


@dataclass(frozen=True, slots=True)
class StoreCosts:
    """Seconds of processor time per follow, per batch of leases and per post; what a message and a lease contain."""

    follows: int
    publish_per_follow: float
    lease_batch: float
    mark_sent: float
    headlines_per_message: int
    publishes_last: bool


@dataclass(frozen=True, slots=True)
class ProcessCosts:
    """Seconds of processor time of the bot per post; its share of a processor when idle; its memory in MB."""

    posts: int
    servers: int
    post: float
    idle_share: float
    base_memory: float
    memory_per_server: float


async def measure_store(folder: Path, follows: int) -> StoreCosts:
    """Publish one development to ``follows`` channels, the first of them an announcement channel; lease and record some posts."""
    async with open_store(f"sqlite:///{folder / 'costs.db'}") as store:
        desk = Desk(store, utc_now)
        await import_paths(store, desk, [SEEDS], actor="seeds")
        kinds = itertools.chain([DestinationKind.ANNOUNCEMENT], itertools.repeat(DestinationKind.CHANNEL))
        await _follow(store, [Destination(next(kinds), 10**18 + number, 10**17) for number in range(follows)])
        began = time.process_time()
        await desk.publish(_draft("A development for all"), actor="benchmark")
        publishing = time.process_time() - began
        leases, marks, actions = await _send_nothing(store, follows)
        headlines = await _count_headlines(store)
    return StoreCosts(
        follows,
        publishing / follows,
        statistics.median(leases),
        statistics.median(marks),
        headlines,
        PostAction.PUBLISH not in actions,
    )


async def _send_nothing(store: Store, follows: int) -> tuple[list[float], list[float], set[PostAction]]:
    """Lease batches and record their posts as sent; return the times, and what the leases were for while posts waited."""
    outcomes = OutcomeRecorder(store, utc_now, None)
    leases, marks, actions = [], [], set[PostAction]()
    for _ in range(max(1, min(BATCHES, follows // BATCH - 1))):
        began = time.process_time()
        async with store.write() as tx:
            posts = await tx.outbox.lease_due(utc_now(), utc_now() + LEASE, BATCH)
        leases.append(time.process_time() - began)
        actions |= {post.action for post in posts}
        began = time.process_time()
        for post in posts[:RECORDED]:
            await outcomes.record_sent(post, SentMessage(10**18 + post.id), DeliveryOutcome.SENT)
        marks.append((time.process_time() - began) / len(posts[:RECORDED]))
    return leases, marks, actions


async def _count_headlines(store: Store) -> int:
    """Return how many headlines of the starter collection a folded message has, in the middle."""
    async with SqliteDatabase(Path(store.name)) as database, database.read() as connection:
        rows = await connection.execute(select(t.development.c.id, t.development.c.headline))
        messages = fold_posts([(row.id, row.headline) for row in rows])
    return round(statistics.median(len(message) for message in messages))


async def measure_process(folder: Path, posts: int, servers: int) -> ProcessCosts:
    """Run the bot on few servers and let it post; then on ``servers`` more, for its memory."""
    few = -(-posts // CHANNELS_PER_SERVER)
    base, post, idle = await _run(folder / "few.db", few, posts)
    full, _, _ = await _run(folder / "many.db", few + servers, 0)
    return ProcessCosts(posts, servers, post, idle, base, (full - base) / servers)


async def _run(file: Path, servers: int, posts: int) -> tuple[float, float, float]:
    """Return the memory of a bot that is ready, the processor time of a post, and the idle share of a processor."""
    async with LocalDiscord(openapi=None, record=False) as discord, open_store(f"sqlite:///{file}") as store:
        desk = Desk(store, utc_now)
        await import_paths(store, desk, [SEEDS], actor="seeds")
        guilds = [_add_server(discord, number) for number in range(servers)]
        channels = [channel for guild in guilds for channel in guild.channels.values()][:posts]
        await _follow(
            store, [Destination(DestinationKind.CHANNEL, each.id, each.guild.id) for each in channels if each.guild]
        )
        env = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": f"sqlite:///{file}",
            "SEEDS": "",
            "REQUESTS_PER_SECOND": str(RATE),
        }
        bot = start_bot(env, file.with_suffix(".log"))
        try:
            await discord.wait_until_ready(120)
            await _use(bot, IDLE_SECONDS)
            memory = read_resident(bot.process.pid or 0)
            if not channels:
                return memory, 0.0, 0.0
            idle = await _use(bot, IDLE_SECONDS) / IDLE_SECONDS
            return memory, await _post(discord, desk, bot, len(channels)) / len(channels), idle
        finally:
            bot.stop()


async def _post(discord: LocalDiscord, desk: Desk, bot: Bot, count: int) -> float:
    """Publish a development; return the processor time of the bot until the last channel has it."""
    await desk.publish(_draft("A development for all"), actor="benchmark")
    before = discord.request_counts[SENT]
    return await _use(bot, 10.0 * count, lambda: discord.request_counts[SENT] - before >= count)


async def _use(bot: Bot, seconds: float, is_done: Callable[[], bool] = lambda: False) -> float:
    """Wait; return the processor time that the bot used."""
    began, until = read_processor_time(bot.process.pid or 0), time.monotonic() + seconds
    while time.monotonic() < until and not is_done():
        await asyncio.sleep(0.05)
    return read_processor_time(bot.process.pid or 0) - began


def _add_server(discord: LocalDiscord, number: int) -> Guild:
    guild = discord.add_guild(f"Server {number}")
    for role in range(ROLES_PER_SERVER):
        discord.add_role(guild, f"Role {role}")
    for channel in range(CHANNELS_PER_SERVER):
        discord.add_channel(guild, f"channel-{channel}", topic="What this channel is for, in a sentence.")
    return guild


async def _follow(store: Store, destinations: list[Destination]) -> None:
    async with store.write() as tx:
        for destination in destinations:
            await tx.follows.save(destination, EVERYTHING, created_by=1, settings=FollowSettings(), now=utc_now())


def _draft(headline: str) -> StoryDraft:
    fields = {"date": "2025-09", "headline": headline, "claim": "reported"}
    return StoryDraft(SLUG, None, (parse_development(fields, "", Kind.CONTRACT_MANUFACTURING),))
