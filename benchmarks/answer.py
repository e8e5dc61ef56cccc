"""How long an answer takes, beside the least that a discord.py bot can take. Run: ``python -m benchmarks.answer``.

Two local Discords, made alike in one process (no limits, no checks, nothing recorded), serve two real processes in
turn: Dealwire, with the starter
collection, asked ``!deal nissan``; and a bare bot (`benchmarks.bare_bot`) whose one command sends one word. After a
warm-up, blocks of questions alternate between them, so that both meet the same machine. Measured is the time from the
question's being said to the answer's being there, as a reader sees it. The ratio is that of the medians of the two
blocks of a pair. The aim: at most 1.3.

Dealwire paces all its requests to Discord (REQUESTS_PER_SECOND), and a bare bot does not: questions come ``--gap``
seconds apart, as people ask, so that the pace is not what is measured. ``--gap 0`` asks without a pause.

Then questions are asked for the first time, so that nothing of their answers was kept, with the bare bot's word after each;
the ratio is that of the medians. The aim: at most 2.5. Where others use the machine, the processor time of the bots is what can be compared.

``--store FILE`` asks a copy of another store, such as one of a million developments (`benchmarks.generate`), about its own
stories. Its pages are built first, and its follows put on servers that the bot is on.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from itertools import cycle
from pathlib import Path

from benchmarks.pages import build_pages
from benchmarks.process import SEEDS, read_processor_time, run_process
from benchmarks.subject import open_subject
from tests.local_discord import Channel, LocalDiscord, User

AGAIN_AIM = 1.3
FIRST_AIM = 2.5
#: Enough that none of them asks too fast.
READERS = 500
#: The servers that a store which is given has its follows on, and the bot is on.
SERVERS = 200
#: Questions asked for the first time of a store that is given.
STORE_QUESTIONS = 100
TOKEN = "a.token.of.the.benchmark"  # noqa: S105 -- of no Discord but these
UNCACHED = (
    "nissan foxconn oppama",
    "honda nissan merger",
    "foxconn stake",
    "foxconn mitsubishi",
    "mitsubishi supply",
    "tesla semi",
    "toyota fuel cell",
    "kia ev day",
    "volvo ex30",
    "xpeng g6",
    "renault vans",
    "ford capri",
    "easypark parkopedia",
    "kgm hydrogen",
    "phinia engines",
    "rajasthan solar",
    "acea workforce",
    "maxxicharge storage",
    "hon hai nissan",
    "日産 鴻海",
)


@dataclass(slots=True)
class Subject:
    """A bot under measurement: its own Discord channel of questions, and the times so far, in milliseconds."""

    name: str
    channel: Channel
    question: str
    expected: str
    blocks: list[list[float]] = field(default_factory=list)

    @property
    def times(self) -> list[float]:
        return [one for block in self.blocks for one in block]


class Bench:
    """A Discord with a channel of questions for each of the two bots; only one of them is on it."""

    def __init__(self, here: LocalDiscord, gap: float) -> None:
        self.here = here
        self.gap = gap
        guild = here.add_guild("Benchmark")
        # Each question is another person's: one alone may not ask as fast as this.
        readers = [here.add_user(f"reader-{number}") for number in range(READERS)]
        for reader in readers:
            here.add_member(guild, reader)
        self.readers: Iterator[User] = cycle(readers)
        self.ours = Subject("dealwire", here.add_channel(guild, "ours"), "!deal nissan", "Oppama")
        self.bare = Subject("bare bot", here.add_channel(guild, "bare"), "!ping", "pong")

    async def ask(self, subject: Subject, question: str = "") -> float:
        """Say it, and give the milliseconds until the answer was there."""
        await asyncio.sleep(self.gap)
        began = time.perf_counter()
        asked = await self.here.say(subject.channel, next(self.readers), question or subject.question)
        answer = await self.here.message_in(subject.channel, after=asked, timeout=20.0)
        took = (time.perf_counter() - began) * 1000
        assert question or subject.expected in answer.text, answer.text
        return took

    async def block(self, subject: Subject, asks: int) -> list[float]:
        return [await self.ask(subject) for _ in range(asks)]


@dataclass(slots=True)
class Asked:
    """How long questions took: until the answer was there, and of the bot's processor, both in milliseconds."""

    times: list[float] = field(default_factory=list)
    processor: float = 0.0


def settle(here: LocalDiscord, file: Path, servers: int) -> None:
    """Put the bot on this number of servers, and give the store's servers their ids."""
    server_ids = [here.add_guild(f"Server {number}").id for number in range(servers)]
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        guild_ids = [row[0] for row in rows.execute("SELECT DISTINCT guild_id FROM destination WHERE guild_id <> 0")]
        pairs = [(server_ids[place % servers], guild) for place, guild in enumerate(guild_ids)]
        rows.executemany("UPDATE destination SET guild_id = ? WHERE guild_id = ?", pairs)
        rows.execute("DELETE FROM guild")


async def questions_about(file: Path) -> list[str]:
    """Return what is asked about a store's own stories; its pages are built."""
    await build_pages(file)
    async with open_subject("store", file) as subject:
        return subject.questions[: STORE_QUESTIONS + 1]


async def measure(options: argparse.Namespace) -> tuple[Bench, Asked, Asked, Asked]:
    """Return the times of both bots; then the questions that were never asked before, the same asked again, and the bare bot's
    word beside them.

    A Discord has one gateway session a bot and shard, so each bot has a Discord of its own in this one process, made
    alike; they never work at the same time.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = list(UNCACHED)
        if options.store:
            await asyncio.to_thread(shutil.copyfile, options.store, folder / "dealwire.db")
            questions = await questions_about(folder / "dealwire.db")
        async with (
            LocalDiscord(TOKEN, openapi=None, record=False) as first,
            LocalDiscord(TOKEN, openapi=None, record=False) as second,
        ):
            bench, other = Bench(first, options.gap), Bench(second, options.gap)
            if options.store:
                settle(first, folder / "dealwire.db", SERVERS)
                bench.ours.question, bench.ours.expected = f"!deal {questions.pop()}", ""
            seeds = "" if options.store else str(SEEDS)
            async with (
                run_process(first, folder / "dealwire.db", "bot", "run", SEEDS=seeds) as our_bot,
                run_process(second, folder / "bare.db", "benchmarks.bare_bot") as bare_bot,
            ):
                await first.wait_until_ready(120.0)
                await second.wait_until_ready(120.0)
                for _ in range(50):
                    await bench.ask(bench.ours)
                    await other.ask(other.bare)
                for _ in range(options.rounds):
                    bench.ours.blocks.append(await bench.block(bench.ours, options.asks))
                    other.bare.blocks.append(await other.block(other.bare, options.asks))
                uncached, again, beside = Asked(), Asked(), Asked()
                for chunk in batched(questions, 20):
                    for asked in (uncached, again):
                        began = read_processor_time(our_bot.pid)
                        asked.times += [await bench.ask(bench.ours, f"!deal {query}") for query in chunk]
                        asked.processor += 1000 * (read_processor_time(our_bot.pid) - began)
                    began = read_processor_time(bare_bot.pid)
                    beside.times += [await other.ask(other.bare) for _ in chunk]
                    beside.processor += 1000 * (read_processor_time(bare_bot.pid) - began)
            bench.bare = other.bare
    return bench, uncached, again, beside


def batched(questions: list[str], size: int) -> Iterator[list[str]]:
    return (questions[start : start + size] for start in range(0, len(questions), size))


def report(bench: Bench, uncached: Asked, again: Asked, beside: Asked) -> Iterator[str]:
    """Return the measurements as lines."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("discord.py", "aiohttp", "SQLAlchemy", "aiosqlite"))
    yield f"Python {platform.python_version()}, {versions}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} CPUs"
    ours, bare = bench.ours, bench.bare
    yield f"{len(ours.blocks)} pairs of blocks of {len(ours.blocks[0])} questions, {bench.gap * 1000:.0f} ms apart"
    for subject in (ours, bare):
        yield row(f"{subject.name} ({subject.question})", subject.times)
    yield row(f"dealwire, {len(uncached.times)} questions asked for the first time", uncached.times)
    ratios = [statistics.median(a) / statistics.median(b) for a, b in zip(ours.blocks, bare.blocks, strict=True)]
    repeated = statistics.median(ratios)
    pairs = f"pairs: {min(ratios):.2f} to {max(ratios):.2f}"
    yield f"a repeated question: {repeated:.2f} x the one-line command ({pairs}); {verdict(repeated, AGAIN_AIM)}"
    first = statistics.median(uncached.times) / statistics.median(beside.times)
    yield f"a question asked for the first time: {first:.2f} x; {verdict(first, FIRST_AIM)}"
    taken = [asked.processor / len(asked.times) for asked in (uncached, again, beside)]
    yield "processor time a question: {:.1f} ms for the first time, {:.1f} again, bare bot {:.1f}".format(*taken)


def verdict(ratio: float, aim: float) -> str:
    return f"aim {aim}: {'met' if ratio <= aim else 'missed'}"


def row(name: str, times: list[float]) -> str:
    late = statistics.quantiles(times, n=100, method="inclusive")[98]
    return f"{name:52} median {statistics.median(times):6.2f} ms   p99 {late:6.2f} ms"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=10, help="pairs of blocks (10)")
    parser.add_argument("--asks", type=int, default=50, help="questions a block (50)")
    parser.add_argument("--gap", type=float, default=0.03, help="seconds between questions (0.03)")
    parser.add_argument("--store", type=Path, help="ask a copy of this store instead of the starter collection")
    options = parser.parse_args()
    print("\n".join(report(*asyncio.run(measure(options)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
