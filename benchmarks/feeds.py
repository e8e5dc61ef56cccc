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
from bot.model.feed import Feed
from bot.newsroom.desk import Desk
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.poller import MAX_PARALLEL, MAX_PER_SECOND, Poller
from bot.newsroom.importer import import_paths
from bot.newsroom.parsing import Parser
from bot.store import Store, open_store
from tests.feeds.local import HereResolver
from tests.feeds.polls import fill

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
LAG_AIM = 20.0
ANSWER_AIM = 1.5
BLOCK = 150
LATER = timedelta(days=1)
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
    """Serve ten thousand hosts on one port, and return the port."""
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
    """Return the requests a second of aiohttp alone, and milliseconds of this process's CPU a request."""
    numbers = iter(range(count))
    connector = aiohttp.TCPConnector(resolver=HereResolver(), limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def ask() -> None:
            for number in numbers:
                url = f"http://{host_of(number)}:{port}/feed"
                async with session.get(url, headers={"If-None-Match": etag_of(number)}) as answer:
                    await answer.read()

        began, used = time.perf_counter(), time.process_time()
        await asyncio.gather(*(ask() for _ in range(MAX_PARALLEL)))
        return count / (time.perf_counter() - began), (time.process_time() - used) / count * 1000


async def make_due(store: Store, numbers: range) -> None:
    """Make these feeds due, as at first, and no other."""
    now = utc_now()
    async with store.write() as tx:
        await tx.feeds.save(
            [
                replace(feed, etag=etag_of(feed.id - 1), next_poll_at=now if feed.id in numbers else now + LATER)
                for feed in await tx.feeds.list_all()
            ]
        )


class Bench:
    """A poller, to be asked for some feeds at a time."""

    def __init__(self, store: Store, fetcher: Fetcher, parser: Parser) -> None:
        self._store = store
        self._fetcher = fetcher
        self._parser = parser

    async def poll(self, numbers: range, per_second: float, watch: Watch | None = None) -> tuple[float, float, Watched]:
        """Return the polls a second, milliseconds of this process's CPU a poll, and what a watch measured meanwhile."""
        await make_due(self._store, numbers)
        poller = Poller(
            self._store, self._fetcher, self._parser, utc_now, asyncio.Event(), on_broken=_broken, per_second=per_second
        )
        async with watch.watching() if watch else contextlib.nullcontext(Watched()) as seen:
            began, used = time.perf_counter(), time.process_time()
            done = await poller.run_once()
            seconds, cpu = time.perf_counter() - began, time.process_time() - used
        async with self._store.read() as tx:
            failing = [feed for feed in await tx.feeds.list_all() if feed.failures]
        assert done == len(numbers), f"{done} polls of {len(numbers)} feeds"
        assert not failing, f"{len(failing)} failed, {failing[0].reason}"
        return done / seconds, cpu / done * 1000, seen


async def _broken(feed: Feed) -> None:
    raise AssertionError(f"{feed.url} is broken: {feed.reason}")


async def measure(count: int, pairs: int) -> None:
    """Print all figures, each as soon as it is known."""
    with tempfile.TemporaryDirectory(prefix="dealwire-feeds-") as folder:
        async with publishers() as port, open_store(f"sqlite:///{folder}/feeds.db") as store:
            stories = Path(folder) / "stories"
            shutil.copytree(SEEDS, stories, ignore=shutil.ignore_patterns("feeds.toml"))
            await import_paths(store, Desk(store, utc_now), [stories], actor="seeds")
            addresses = ((f"http://{host_of(n)}:{port}/feed", host_of(n), etag_of(n)) for n in range(count))
            fill(Path(store.name), addresses, utc_now() - timedelta(days=1))
            watch = Watch(Library(store))
            guard = AddressGuard(host_of(number) for number in range(count))
            async with Fetcher(guard, utc_now, resolver=HereResolver()) as fetcher, Parser() as parser:
                bench = Bench(store, fetcher, parser)
                await _compare(bench, count, port)
                for per_second, named in (
                    (0.0, "at full speed"),
                    (MAX_PER_SECOND, f"as shipped, {MAX_PER_SECOND:.0f} a second"),
                ):
                    await _watched(bench, watch, pairs, per_second, named)


async def _compare(bench: Bench, count: int, port: int) -> None:
    before, cpu_before = await bare(count, port)
    rate, cpu, _ = await bench.poll(range(1, count + 1), 0.0)
    after, cpu_after = await bare(count, port)
    floor, least = (before + after) / 2, (cpu_before + cpu_after) / 2
    print(f"bare aiohttp: {before:.0f} and {after:.0f} requests/s, {MAX_PARALLEL} at once, {least:.2f} ms of CPU each")
    print(
        f"at full speed, {count} feeds: {rate:.0f} polls/s, {rate / floor:.2f} x bare; "
        f"{cpu:.2f} ms of CPU each, {cpu / least:.2f} x bare",
        flush=True,
    )


async def _watched(bench: Bench, watch: Watch, pairs: int, per_second: float, named: str) -> None:
    """Blocks of polling and of idleness in turn, so that both meet the same machine."""
    idle, busy, ratios = Watched(), Watched(), []
    for number in range(pairs):
        async with watch.watching() as before:
            await asyncio.sleep(BLOCK / MAX_PER_SECOND)
        _, _, seen = await bench.poll(range(1 + number * BLOCK, 1 + (number + 1) * BLOCK), per_second, watch)
        ratios.append(seen.answer / before.answer)
        for whole, part in ((idle, before), (busy, seen)):
            whole.lags += part.lags
            whole.answers += part.answers
    print(f"{named}, {pairs} blocks of {BLOCK} feeds, idle and polling in turn:")
    print(f"    idle: loop late p99 {idle.late:.1f} ms, answer {idle.answer:.2f} ms")
    print(_row(busy, statistics.median(ratios)), flush=True)


def _row(seen: Watched, ratio: float) -> str:
    return (
        f"    polling: loop late p99 {seen.late:.1f} ms (aim {LAG_AIM:.0f}: {_met(seen.late < LAG_AIM)}), answer {seen.answer:.2f} ms, "
        f"{ratio:.2f} x idle, median of pairs (aim {ANSWER_AIM}: {_met(ratio <= ANSWER_AIM)}, {len(seen.answers)} asked)"
    )


def _met(is_met: bool) -> str:
    return "met" if is_met else "missed"


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--feeds", type=int, default=10_000)
    parser.add_argument("--pairs", type=int, default=10, help="blocks of idleness and polling (10)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(measure(max(options.feeds, options.pairs * BLOCK), options.pairs))


if __name__ == "__main__":
    main()
