"""Several bots on one PostgreSQL, killed, stopped and cut off while they post; at the end everything is counted.

Run it with ``python -m benchmarks.cluster [--minutes N] [--processes N] [--channels N] [--seed N] [--database URL]``.

Each ``dealwire run`` has one shard of the same bot on a local Discord with Discord's limits, which forgets nonces after five
seconds. The database is an empty one on a server: that of TEST_DATABASE_URL, or one of its own from a wheel. A development is
published every few seconds by a process that is none of the bots, and every third is corrected. Every five seconds one bot is
killed with SIGKILL and started again. Others are stopped with SIGSTOP for 30 seconds and go on; and connections to PostgreSQL
are cut. Meanwhile readers ask in servers whose shard is up.

Printed are what was lost and what stands twice, how often two requests tried to send the same post at the same time, 429 responses,
the time from a bot's death until another one has taken over its leases, and the commands that were not answered. ``--leases``
prints instead how many posts a second 1, 2 and 4 processes lease and close.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks.process import Bot, start_bot
from bot.clock import utc_now
from bot.model.company import Company, Party
from bot.model.follow import EVERYTHING, Destination, DestinationKind
from bot.model.follow_settings import FollowSettings
from bot.model.vocabulary import Kind
from bot.newsroom.desk import Desk
from bot.newsroom.drafts import StoryDraft, StoryHeader, parse_development
from bot.store import Store, open_store
from tests.local_discord import Channel, Guild, Limits, LocalDiscord, User
from tests.postgres import create_database, drop_database, get_connection_info

SLUG = "cluster-trial"
KILL_SECONDS, STOP_SECONDS, STOP_EVERY, CUT_EVERY, PUBLISH_EVERY = 5.0, 30.0, 45.0, 7.0, 4.0
#: A command counts only if its shard's bot was up this long before, and is still up this long afterwards, in seconds.
ANSWER_SECONDS = 10.0
NONCE_SECONDS = 5.0
DRAIN_SECONDS = 300.0
LEASED_POSTS = 20_000


@dataclass
class Trial:
    """The state of a run.

    Attributes:
        bots: the running processes, by their shard.
        up_since: when each shard's bot was last ready; none while it is not.
        published: how many developments there are.
    """

    discord: LocalDiscord
    store: Store
    url: str
    folder: Path
    shards: int
    chance: random.Random
    channels: list[Channel] = field(default_factory=list)
    asking: dict[int, list[tuple[Channel, User]]] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    starts: Counter[int] = field(default_factory=Counter)
    up_since: dict[int, float] = field(default_factory=dict)
    stopped: set[int] = field(default_factory=set)
    published: int = 0
    kills: int = 0
    stops: int = 0
    cuts: int = 0
    take_overs: list[float] = field(default_factory=list)
    stop_take_overs: list[float] = field(default_factory=list)
    asked: int = 0
    unanswered: int = 0
    failed_publications: int = 0

    def start(self, shard: int) -> None:
        """Start the bot of a shard."""
        self.starts[shard] += 1
        environment = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.api_url,
            "DATABASE_URL": self.url,
            "SEEDS": "",
            "SHARD_COUNT": str(self.shards),
            "SHARD_IDS": str(shard),
            "DESK_GUILD_ID": "1",
        }
        self.bots[shard] = start_bot(environment, self.folder / f"bot-{shard}-{self.starts[shard]}.log")

    def find_worker(self, shard: int) -> int | None:
        """Return the newest number of a shard's bot in the store."""
        with psycopg.connect(get_connection_info(self.url), autocommit=True) as rows:
            row = rows.execute("SELECT max(id) FROM worker WHERE shards = %s", (str(shard),)).fetchone()
        return row[0] if row else None

    async def wait_for_take_over(self, worker: int, times: list[float]) -> None:
        """Measure how long it takes until others have taken over what a bot had."""
        began = time.monotonic()
        connection = await psycopg.AsyncConnection.connect(get_connection_info(self.url), autocommit=True)
        async with connection:
            while time.monotonic() - began < 120:
                row = await (await connection.execute("SELECT 1 FROM worker WHERE id = %s", (worker,))).fetchone()
                if row is None:
                    times.append(time.monotonic() - began)
                    return
                await asyncio.sleep(0.02)
        times.append(float("inf"))


def arrange(trial: Trial, channels: int) -> None:
    """Make servers of all shards, each with channels of news and one in which readers ask."""
    guild: Guild | None = None
    while len(trial.channels) < channels:
        guild = trial.discord.add_guild(f"Server {len(trial.channels)}")
        reader = trial.discord.add_user("reader")
        trial.discord.add_member(guild, reader)
        asking = trial.discord.add_channel(guild, "asking")
        trial.asking.setdefault((guild.id >> 22) % trial.shards, []).append((asking, reader))
        trial.channels += [trial.discord.add_channel(guild, f"news-{number}") for number in range(5)]


async def prepare_story(trial: Trial) -> None:
    """Save the story, and let every channel follow everything."""
    desk = Desk(trial.store, utc_now)
    header = StoryHeader(
        headline="Nissan and Foxconn: a trial of many bots",
        kind=Kind.CONTRACT_MANUFACTURING,
        summary="",
        parties=(Party("Nissan"), Party("Foxconn")),
    )
    await desk.publish(StoryDraft(SLUG, header, ()), actor="benchmark")
    async with trial.store.write() as tx:
        for channel in trial.channels:
            destination = Destination(DestinationKind.CHANNEL, channel.id, channel.guild.id if channel.guild else 0)
            await tx.follows.save(destination, EVERYTHING, created_by=1, settings=FollowSettings(), now=utc_now())


def headline_of(number: int) -> str:
    return f"Step {number:04d} of the trial"


async def publish(trial: Trial) -> None:
    """Publish the next development, and correct an earlier one now and then. What fails is tried again."""
    number = trial.published + 1
    fields = {"date": "2025-09", "headline": headline_of(number), "claim": "reported", "id": f"step-{number}"}
    drafts = [StoryDraft(SLUG, None, (parse_development(fields, "", Kind.CONTRACT_MANUFACTURING),))]
    if number % 3 == 0:
        earlier = {**fields, "headline": headline_of(number - 1), "id": f"step-{number - 1}", "text": "Corrected."}
        drafts.append(StoryDraft(SLUG, None, (parse_development(earlier, "", Kind.CONTRACT_MANUFACTURING),)))
    for draft in drafts:
        while True:
            try:
                await Desk(trial.store, utc_now).publish(draft, actor="benchmark")
                break
            except Exception as exc:  # noqa: BLE001 - the connection was cut
                trial.failed_publications += 1
                print(f"  publishing failed, again: {exc}", flush=True)
                await asyncio.sleep(0.2)
    trial.published = number


async def watch_gateway(trial: Trial) -> None:
    """Note which shards are up."""
    while True:
        ready = {each.shard[0] for each in trial.discord.gateway.sessions.values() if each.greeted and each.connection}
        for shard in range(trial.shards):
            if shard in ready and shard not in trial.stopped:
                trial.up_since.setdefault(shard, time.monotonic())
            else:
                trial.up_since.pop(shard, None)
        await asyncio.sleep(0.1)


async def keep_asking(trial: Trial) -> None:
    """Ask in a server whose shard is up. What was asked while its bot died does not count."""
    while True:
        await asyncio.sleep(0.5)
        up = [
            shard for shard, since in trial.up_since.items() if time.monotonic() - since > 2 and shard in trial.asking
        ]
        if not up:
            continue
        shard = trial.chance.choice(up)
        since = trial.up_since[shard]
        channel, reader = trial.chance.choice(trial.asking[shard])
        asked = await trial.discord.say(channel, reader, "!deal nissan")
        try:
            answer = await trial.discord.message_in(channel, after=asked, timeout=ANSWER_SECONDS)
        except TimeoutError:
            if trial.up_since.get(shard) == since:
                trial.asked += 1
                trial.unanswered += 1
                print(f"  no answer on shard {shard}", flush=True)
            continue
        trial.asked += 1
        if "a trial of many bots" not in answer.text:
            trial.unanswered += 1
            print(f"  another answer: {answer.text[:200]!r}", flush=True)


async def keep_publishing(trial: Trial) -> None:
    while True:
        await publish(trial)
        await asyncio.sleep(PUBLISH_EVERY)


async def keep_killing(trial: Trial) -> None:
    """Kill a bot every few seconds, and start it again at once."""
    while True:
        await asyncio.sleep(KILL_SECONDS)
        shard = trial.chance.choice([each for each in trial.bots if each not in trial.stopped])
        worker = await asyncio.to_thread(trial.find_worker, shard)
        os.kill(trial.bots[shard].process.pid or 0, signal.SIGKILL)
        trial.kills += 1
        trial.up_since.pop(shard, None)
        if worker is not None:
            asyncio.create_task(trial.wait_for_take_over(worker, trial.take_overs))  # noqa: RUF006 - it ends by itself
        await asyncio.to_thread(trial.bots[shard].process.join)
        trial.start(shard)


async def keep_stopping(trial: Trial) -> None:
    """Stop a bot for a while, so that it wakes up with old leases."""
    while True:
        await asyncio.sleep(STOP_EVERY - STOP_SECONDS)
        shard = trial.chance.choice(sorted(trial.bots))
        worker = await asyncio.to_thread(trial.find_worker, shard)
        trial.stopped.add(shard)
        os.kill(trial.bots[shard].process.pid or 0, signal.SIGSTOP)
        trial.stops += 1
        if worker is not None:
            asyncio.create_task(trial.wait_for_take_over(worker, trial.stop_take_overs))  # noqa: RUF006 - it ends by itself
        await asyncio.sleep(STOP_SECONDS)
        os.kill(trial.bots[shard].process.pid or 0, signal.SIGCONT)
        trial.stopped.discard(shard)


async def keep_cutting(trial: Trial) -> None:
    """Cut some of the connections to PostgreSQL."""
    while True:
        await asyncio.sleep(CUT_EVERY)
        with psycopg.connect(get_connection_info(trial.url), autocommit=True) as admin:
            cut = admin.execute(
                "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
                " AND application_name LIKE 'dealwire %' ORDER BY random() LIMIT 3) AS chosen"
            )
            trial.cuts += len(cut.fetchall())


async def drain(trial: Trial) -> bool:
    """Wait until nothing waits any more; return whether that is so."""
    for shard, bot in list(trial.bots.items()):
        os.kill(bot.process.pid or 0, signal.SIGCONT)
        if not bot.process.is_alive():
            trial.start(shard)
    began = time.monotonic()
    while time.monotonic() - began < DRAIN_SECONDS:
        async with trial.store.read() as tx:
            stats = await tx.outbox.get_stats()
        if not stats.waiting_count and not stats.correction_count:
            return True
        await asyncio.sleep(0.5)
    return False


def count_overlaps(discord: LocalDiscord) -> tuple[int, int]:
    """Return how many posts were attempted by two requests that were answered within a second, and how many attempts there were."""
    attempts: dict[str, list[float]] = {}
    for request in discord.requests_to("POST", "/channels/*/messages"):
        nonce = str((request.json or {}).get("nonce") or "")
        if nonce.startswith("dw-"):
            attempts.setdefault(nonce, []).append(request.at)
    overlaps = sum(
        any(later - earlier < 1.0 for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False))
        for times in attempts.values()
    )
    return overlaps, sum(map(len, attempts.values()))


def report(trial: Trial, *, is_drained: bool) -> bool:
    """Print the outcome; return whether it is what is aimed at."""
    lost = doubled = 0
    for channel in trial.channels:
        text = "\n".join(message.text for message in trial.discord.messages(channel))
        for number in range(1, trial.published + 1):
            times = text.count(headline_of(number))
            lost += times == 0
            doubled += times > 1
    expected = trial.published * len(trial.channels)
    refused = sum(times for (_, _, status), times in trial.discord.request_counts.items() if status == 429)
    overlaps, attempts = count_overlaps(trial.discord)
    print(
        f"{trial.published} developments in {len(trial.channels)} channels: {expected} expected, lost {lost}, twice {doubled}"
        f"{'' if is_drained else ', NOT DRAINED'}"
    )
    print(f"killed {trial.kills}, stopped {trial.stops}, connections cut {trial.cuts}, starts {trial.starts.total()}")
    print(f"attempts {attempts}; two requests for one post within a second: {overlaps}; 429: {refused}")
    print(
        f"take-over after SIGKILL: {describe_times(trial.take_overs)}; after SIGSTOP: {describe_times(trial.stop_take_overs)}"
    )
    print(
        f"commands on live shards: {trial.asked}, not answered: {trial.unanswered}; publications repeated: {trial.failed_publications}"
    )
    return is_drained and not (lost or doubled or overlaps or refused or trial.unanswered)


def describe_times(times: list[float]) -> str:
    if not times:
        return "none"
    ordered = sorted(times)
    p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    return f"median {statistics.median(ordered):.2f} s, p99 {p99:.2f} s of {len(ordered)}"


async def run(options: argparse.Namespace, url: str, folder: Path) -> bool:
    """Let the bots live and die, and count."""
    limits = Limits()
    async with (
        open_store(url) as store,
        LocalDiscord("a.token.of.the.cluster", openapi=None, limits=limits, nonce_memory=NONCE_SECONDS) as discord,
    ):
        discord.shards, discord.max_concurrency = options.processes, 16
        trial = Trial(discord, store, url, folder, options.processes, random.Random(options.seed))  # noqa: S311 - no secret
        arrange(trial, options.channels)
        await prepare_story(trial)
        for shard in range(options.processes):
            trial.start(shard)
        await discord.wait_until_ready(120)
        tasks = [
            asyncio.create_task(each(trial))
            for each in (watch_gateway, keep_asking, keep_publishing, keep_killing, keep_stopping, keep_cutting)
        ]
        try:
            done, _ = await asyncio.wait(tasks, timeout=options.minutes * 60, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            for task in tasks[2:]:
                task.cancel()
            await asyncio.gather(*tasks[2:], return_exceptions=True)
            is_drained = await drain(trial)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for bot in trial.bots.values():
                os.kill(bot.process.pid or 0, signal.SIGCONT)
                bot.process.kill()
                bot.process.join()
        return report(trial, is_drained=is_drained)


def lease_some(url: str, seconds: float, done: multiprocessing.Queue[int]) -> None:
    """Lease posts and close them for some seconds, as a process of its own, and report how many."""

    async def lease() -> int:
        total = 0
        async with open_store(url) as store, store.join([multiprocessing.current_process().pid or 0]) as member:
            until = time.monotonic() + seconds
            while time.monotonic() < until:
                now = utc_now()
                async with store.write() as tx:
                    posts = await tx.outbox.lease_due(now, now, 50, leased_by=member.worker_id)
                for post in posts:
                    async with store.write(is_serialized=False) as tx:
                        await tx.post_outcomes.check_lease(post)
                        await tx.post_outcomes.mark_published(post.id)
                total += len(posts)
        return total

    done.put(asyncio.run(lease()))


async def fill(url: str) -> None:
    """Add posts, each in a destination of its own."""
    async with open_store(url) as store, store.write() as tx:
        await tx.companies.save(Company("Nissan"))
    with psycopg.connect(get_connection_info(url), autocommit=True) as rows:
        rows.execute(
            "INSERT INTO destination (place, discord_id, guild_id)"
            " SELECT 'channel', 1000 + n, 1 FROM generate_series(1, %s) AS n",
            (LEASED_POSTS,),
        )
        rows.execute(
            "INSERT INTO post (key, destination_id, state, created_at, due_at)"
            " SELECT 'key-' || id, id, 'pending', '2026-01-01T00:00:00.000000Z', '2026-01-01T00:00:00.000000Z' FROM destination"
        )


def measure_leases(seconds: float) -> None:
    """Print leases a second with 1, 2 and 4 processes."""
    first = 0.0
    for processes in (1, 2, 4):
        url = create_database()
        try:
            asyncio.run(fill(url))
            context = multiprocessing.get_context("spawn")
            done: multiprocessing.Queue[int] = context.Queue()
            children = [context.Process(target=lease_some, args=(url, seconds, done)) for _ in range(processes)]
            for child in children:
                child.start()
            total = sum(done.get() for _ in children)
            for child in children:
                child.join()
        finally:
            drop_database(url)
        rate = total / seconds
        first = first or rate
        print(
            f"{processes} processes: {rate:,.0f} posts a second leased and closed, {rate / first:.2f} x one", flush=True
        )


def main() -> None:
    """Run the trial, and exit with status 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--channels", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the bots' logs are kept")
    parser.add_argument("--leases", action="store_true", help="measure leases a second instead")
    options = parser.parse_args()
    if options.leases:
        measure_leases(10.0)
        return
    url = create_database()
    try:
        with tempfile.TemporaryDirectory(prefix="dealwire-cluster-") as name:
            folder = options.folder or Path(name)
            folder.mkdir(exist_ok=True)
            is_right = asyncio.run(run(options, url, folder))
    finally:
        drop_database(url)
    raise SystemExit(0 if is_right else 1)


if __name__ == "__main__":
    main()
