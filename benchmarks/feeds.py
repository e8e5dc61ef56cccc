"""How fast feeds are polled, and what that does to answers. Run: ``python -m benchmarks.feeds [--feeds 10000]``.

A process of its own serves ten thousand hosts with a feed each, one in fifty of them changed (`benchmarks.publishers`).
The same conditional requests are made twice: by bare aiohttp, which keeps nothing, and by the poller, with its store, its
parser and its checks. Then, at the rate that the bot ships with and at full speed, printed are the polls a second, as a
ratio to bare aiohttp of the same run; how late the event loop was meanwhile (aim: p99 under 20 ms); and how long an answer
of the library took that was never asked before, as a ratio to the same with nothing else going on (aim: at most 1.5).
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import logging
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import aiohttp

from benchmarks.publishers import etag_of, host_of
from bot.clock import utc_now
from bot.library.library import Library
from bot.model.cadence import FLOOR
from bot.model.feed import Feed
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.addresses import Guard
from bot.newsroom.feeds.fetching import Fetcher
from bot.newsroom.feeds.polling import PARALLEL, PER_SECOND, Poller
from bot.newsroom.importing import import_paths
from bot.newsroom.parsing import Parser
from bot.store import Store, open_store
from tests.feeds.local import HereResolver
from tests.feeds.polls import fill

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
LAG_AIM = 20.0
ANSWER_AIM = 1.5
_QUESTIONS = ("nissan foxconn", "honda merger", "tesla semi", "toyota fuel cell", "kia ev day", "volvo ex30")


@dataclass(slots=True)
class Watched:
    """What was seen of the event loop while something went on: its lateness, and the answers' times, in milliseconds."""

    lags: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)

    @property
    def late(self) -> float:
        return statistics.quantiles(self.lags, n=100, method="inclusive")[98]

    @property
    def answer(self) -> float:
        return statistics.median(self.answers)


class Watch:
    """Asks the library now and then, and looks how late the loop is."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._number = itertools.count()

    @contextlib.asynccontextmanager
    async def watching(self) -> AsyncIterator[Watched]:
        seen = Watched()
        tasks = [asyncio.create_task(self._look(seen)), asyncio.create_task(self._ask(seen))]
        try:
            yield seen
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self, seen: Watched) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + 0.005
            await asyncio.sleep(0.005)
            seen.lags.append((loop.time() - due) * 1000)

    async def _ask(self, seen: Watched) -> None:
        while True:
            number = next(self._number)
            question = f"{_QUESTIONS[number % len(_QUESTIONS)]} {number}"
            began = time.perf_counter()
            await self._library.ask(question, deals_first=True)
            seen.answers.append((time.perf_counter() - began) * 1000)
            await asyncio.sleep(0.03)


@contextlib.asynccontextmanager
async def publishers() -> AsyncIterator[int]:
    """The port of ten thousand hosts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "benchmarks.publishers", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin
    assert process.stdout
    try:
        yield int(await process.stdout.readline())
    finally:
        process.stdin.close()
        await process.wait()


async def bare(count: int, port: int) -> tuple[float, float]:
    """Requests a second of aiohttp alone, and milliseconds of this process's CPU a request."""
    numbers = iter(range(count))
    connector = aiohttp.TCPConnector(resolver=HereResolver(), limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def ask() -> None:
            for number in numbers:
                url = f"http://{host_of(number)}:{port}/feed"
                async with session.get(url, headers={"If-None-Match": etag_of(number)}) as answer:
                    await answer.read()

        began, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(ask() for _ in range(PARALLEL)))
        return count / (time.perf_counter() - began), (time.process_time() - used) / count * 1000


async def all_due(store: Store) -> None:
    """Whatever the last run found out is forgotten, but for the articles."""
    now = utc_now()
    async with store.write() as session:
        feeds = await session.feeds.all()
        await session.feeds.save([replace(f, etag=etag_of(f.number - 1), next_poll=now, interval=FLOOR) for f in feeds])


async def polled(store: Store, count: int, watch: Watch | None, per_second: float) -> tuple[float, float, Watched]:
    """Polls a second of the poller, milliseconds of this process's CPU a poll, and what a watch saw meanwhile."""

    async def on_broken(feed: Feed) -> None:
        raise AssertionError(f"{feed.url} is broken: {feed.reason}")

    await all_due(store)
    guard = Guard(host_of(number) for number in range(count))
    async with Fetcher(guard, utc_now, resolver=HereResolver()) as fetcher, Parser() as parser:
        poller = Poller(store, fetcher, parser, utc_now, asyncio.Event(), on_broken=on_broken, per_second=per_second)
        async with watch.watching() if watch else contextlib.nullcontext(Watched()) as seen:
            began, used = time.perf_counter(), time.process_time()
            done = await poller.run_once()
            rate, cpu = done / (time.perf_counter() - began), (time.process_time() - used) / done * 1000
    async with store.read() as session:
        failing = [feed for feed in await session.feeds.all() if feed.failures]
    assert done == count, f"{done} polls of {count} feeds"
    assert not failing, f"{len(failing)} failed, {failing[0].reason}"
    return rate, cpu, seen


async def measure(count: int, slow: int) -> None:
    """Print all figures, each as soon as it is known."""
    with tempfile.TemporaryDirectory(prefix="dealwire-feeds-") as folder:
        async with publishers() as port, open_store(f"sqlite:///{folder}/feeds.db") as store:
            stories = Path(folder) / "stories"
            shutil.copytree(SEEDS, stories, ignore=shutil.ignore_patterns("feeds.toml"))
            await import_paths(store, Desk(store, utc_now), [stories], actor="seeds")
            addresses = ((f"http://{host_of(n)}:{port}/feed", host_of(n), etag_of(n)) for n in range(count))
            fill(store.path, addresses, utc_now() - timedelta(days=1))
            watch = Watch(Library(store))
            async with watch.watching() as idle:
                await asyncio.sleep(6)
            print(f"idle: loop late p99 {idle.late:.1f} ms, answer {idle.answer:.2f} ms ({len(idle.answers)} asked)")
            await _compare(store, count, port)
            await keep_due(store, slow)
            for per_second, named in ((0.0, "at full speed"), (PER_SECOND, "as shipped")):
                rate, _, seen = await polled(store, slow, watch, per_second)
                print(f"{named}, watched, {slow} feeds: {rate:.0f} polls/s")
                print(_row(seen, idle), flush=True)


async def _compare(store: Store, count: int, port: int) -> None:
    before, cpu_before = await bare(count, port)
    rate, cpu, _ = await polled(store, count, None, 0.0)
    after, cpu_after = await bare(count, port)
    floor, least = (before + after) / 2, (cpu_before + cpu_after) / 2
    print(f"bare aiohttp: {before:.0f} and {after:.0f} requests/s, {PARALLEL} at once, {least:.2f} ms of CPU each")
    print(
        f"at full speed, {count} feeds: {rate:.0f} polls/s, {rate / floor:.2f} x bare; "
        f"{cpu:.2f} ms of CPU each, {cpu / least:.2f} x bare",
        flush=True,
    )


async def keep_due(store: Store, count: int) -> None:
    """Take out all feeds but the first so many."""
    async with store.write() as session:
        for feed in (await session.feeds.all())[count:]:
            await session.feeds.remove(feed.number)


def _row(seen: Watched, idle: Watched) -> str:
    ratio = seen.answer / idle.answer
    return (
        f"    loop late p99 {seen.late:.1f} ms, most {max(seen.lags):.1f} (aim {LAG_AIM:.0f}: {_met(seen.late < LAG_AIM)}); "
        f"answer {seen.answer:.2f} ms, {ratio:.2f} x idle (aim {ANSWER_AIM}: {_met(ratio <= ANSWER_AIM)}, {len(seen.answers)} asked)"
    )


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument(
        "--slow", type=int, default=3_000, help="how many of them are polled at the shipped rate (3000)"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(measure(options.feeds, min(options.slow, options.feeds)))


if __name__ == "__main__":
    main()
