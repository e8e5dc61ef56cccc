"""How long an answer takes on PostgreSQL, as a ratio to SQLite. Run: ``python -m benchmarks.answer_on_postgres``.

Both stores have the starter collection, and are open as in a bot that has run for a while: the server has planned each
statement, which takes longer than it takes to run. Each round has a new library on each store, so that nothing of an answer
was kept, and asks both the same questions in turn; then each is asked them again. Measured are the time until the library
has an answer, and the processor time of this process for it. The ratio is that of the medians of all rounds. The aim: at
most 1.5.

Each answer's round trips to the server are counted once, from the protocol as libpq writes it down
(https://www.postgresql.org/docs/current/libpq-control.html#LIBPQ-PQTRACE).

The server is the one that TEST_DATABASE_URL names, or one from a wheel on a Unix socket.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from unittest import mock

import psycopg

from benchmarks.answer import UNCACHED, verdict
from benchmarks.process import SEEDS
from bot.container import open_container
from bot.library.library import Library
from bot.settings import load_settings
from bot.store import Store
from tests.postgres import create_database, drop_database

AIM = 1.5
#: The driver has a statement prepared when it was executed five times, and the server keeps its plan after five more.
WARM_UP_ROUNDS = 5


@dataclass(slots=True)
class Times:
    """Milliseconds of each answer: until it was there, and of the processor."""

    waited: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    async def ask(self, library: Library, question: str) -> None:
        began, worked = time.perf_counter(), time.process_time()
        await library.answer(question, deals_first=True)
        self.waited.append((time.perf_counter() - began) * 1000)
        self.worked.append((time.process_time() - worked) * 1000)


@dataclass(frozen=True, slots=True)
class Engine:
    """A store, and its times: of questions asked for the first time, and again."""

    name: str
    url: str
    first: Times = field(default_factory=Times)
    again: Times = field(default_factory=Times)


async def open_running_store(stack: AsyncExitStack, url: str, seeds: str = "") -> Store:
    container = await stack.enter_async_context(open_container(load_settings({"DATABASE_URL": url, "SEEDS": seeds})))
    # As a running bot: it hears of changes, and so need not ask for the revision.
    await stack.enter_async_context(container.services.store.join())
    return container.services.store


async def prepare_library(store: Store) -> Library:
    library = Library(store)
    await library.prepare()
    return library


async def ask_round(engines: Sequence[Engine], stores: Sequence[Store]) -> None:
    libraries = [await prepare_library(store) for store in stores]
    for kind in ("first", "again"):
        for question in UNCACHED:
            for engine, library in zip(engines, libraries, strict=True):
                await getattr(engine, kind).ask(library, question)


async def count_round_trips(url: str) -> list[int]:
    """Return how often each question's first answer waits for the server."""
    connect = psycopg.connect
    counts: list[int] = []
    with tempfile.TemporaryFile() as trace:

        def connect_and_trace(*arguments: Any, **options: Any) -> psycopg.Connection:
            connection = connect(*arguments, **options)
            connection.pgconn.trace(trace.fileno())
            return connection

        with mock.patch.object(psycopg, "connect", connect_and_trace):
            async with AsyncExitStack() as stack:
                library = await prepare_library(await open_running_store(stack, url))
                before = count_traced(trace)
                for question in UNCACHED:
                    await library.answer(question, deals_first=True)
                    counts.append(count_traced(trace) - before)
                    before += counts[-1]
    return counts


def count_traced(trace: IO[bytes]) -> int:
    """Return how often the server has said that it is ready."""
    # What libpq writes waits in a buffer of C.
    ctypes.CDLL(None).fflush(None)
    return os.pread(trace.fileno(), os.fstat(trace.fileno()).st_size, 0).count(b"ReadyForQuery")


async def measure(rounds: int) -> tuple[Sequence[Engine], list[int]]:
    with tempfile.TemporaryDirectory() as folder:
        on_server = create_database()
        engines = (Engine("SQLite", f"sqlite:///{Path(folder) / 'dealwire.db'}"), Engine("PostgreSQL", on_server))
        try:
            async with AsyncExitStack() as stack:
                stores = [await open_running_store(stack, engine.url, str(SEEDS)) for engine in engines]
                for _ in range(WARM_UP_ROUNDS):
                    await ask_round([Engine(engine.name, engine.url) for engine in engines], stores)
                for _ in range(rounds):
                    await ask_round(engines, stores)
            return engines, await count_round_trips(on_server)
        finally:
            drop_database(on_server)


def report(engines: Sequence[Engine], round_trips: list[int]) -> Iterator[str]:
    """Return the measurements as lines."""
    for label, kind in (("for the first time", "first"), ("again", "again")):
        medians = {}
        for engine in engines:
            times: Times = getattr(engine, kind)
            medians[engine.name] = [statistics.median(times.waited), statistics.median(times.worked)]
            waited, worked = medians[engine.name]
            yield f"{engine.name + ', ' + label:32} median {waited:6.2f} ms, processor time {worked:5.2f} ms"
        waited, worked = (a / b for a, b in zip(medians["PostgreSQL"], medians["SQLite"], strict=True))
        yield f"ratio {label}: {waited:.2f} (processor time {worked:.2f}); {verdict(waited, AIM)}"
    yield f"round trips an answer: median {statistics.median(round_trips):.0f}, {min(round_trips)} to {max(round_trips)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=10, help="how often all questions are asked (10)")
    print("\n".join(report(*asyncio.run(measure(parser.parse_args().rounds)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
