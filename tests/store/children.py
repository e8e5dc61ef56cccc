"""Start programs as processes of their own, which the tests end as they like.

A server that has imported everything already starts them, so that one takes milliseconds and not a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from filelock import FileLock

from bot.__main__ import main
from bot.delivery.dispatcher import Dispatcher
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.desk import Desk
from bot.store import Store, open_store
from tests.store.material import HandClock, draft, more, news
from tests.store.publishing import FilePublisher

#: After how many seconds a child is killed. Far more than any needs.
LONGEST_LIFE = 300.0
_starting = multiprocessing.get_context("forkserver")
_starting.set_forkserver_preload(
    [
        "tests.store.children",
        "bot.terminal.import_export",
        "bot.terminal.show",
        "bot.store.backups",
        "bot.store.engines.sqlite.async_engines",
        "bot.store.engines.postgres.async_engines",
        "bot.store.engines.postgres.engine",
        "aiosqlite",
        "psycopg",
    ]
)


@dataclass
class Child:
    """Hold a process, and the pipe on which it reports."""

    process: BaseProcess
    pipe: Connection


@contextlib.contextmanager
def child(program: Callable[..., None], *arguments: Any) -> Iterator[Child]:
    """Run a program in a process; its first argument is a pipe to the test. Kill it at the end if it still runs.

    One that runs for very long is killed too: then the pipe ends, and the test fails instead of waiting for ever.
    """
    ours, theirs = _starting.Pipe()
    process = _starting.Process(target=program, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    watchdog = threading.Timer(LONGEST_LIFE, process.kill)
    watchdog.daemon = True
    watchdog.start()
    try:
        yield Child(process, ours)
    finally:
        watchdog.cancel()
        process.kill()
        process.join()
        process.close()
        ours.close()


def write_for_ever(pipe: Connection, url: str, name: str, discord: Path | None = None) -> None:
    """Publish and, with ``discord``, deliver. Report each story and development after it is acknowledged."""
    asyncio.run(_write(pipe, url, name, discord, None))


def write_some(pipe: Connection, url: str, name: str, count: int) -> None:
    """Publish so many stories, once the test says so. Report each after it is acknowledged."""
    pipe.send("ready")
    pipe.recv()
    asyncio.run(_write(pipe, url, name, None, count))


def answer_with_writes(pipe: Connection, url: str) -> None:
    """Publish one story each time that the test asks, and report when it is acknowledged."""

    async def serve() -> None:
        async with open_store(url) as store:
            desk = Desk(store, HandClock())
            pipe.send("open")
            while slug := await asyncio.to_thread(pipe.recv):
                await desk.publish(draft(slug), actor="child")
                pipe.send(slug)

    asyncio.run(serve())


def just_open(pipe: Connection, url: str) -> None:
    """Open the store and close it again, once the test says so."""

    async def opening() -> int:
        async with open_store(url) as store, store.read() as tx:
            return await tx.stories.count()

    pipe.send("ready")
    pipe.recv()
    pipe.send(asyncio.run(opening()))


def run_command(_pipe: Connection, words: Sequence[str], folder: Path, out: Path, err: Path) -> None:
    """Run ``python -m bot …`` in a folder of its own, without our settings. Its output goes to two files."""
    os.chdir(folder)
    os.environ["SEEDS"] = ""
    for file, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.exit(main(words))


def hold_exclusively(pipe: Connection, file: Path) -> None:
    """Lock the database as another program would, until this one is killed."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        pipe.send("held")
        pipe.recv()


def hold_lock_file(pipe: Connection, file: Path) -> None:
    """Hold the lock file as a bot that is stuck in a write would, until this one is killed."""
    with FileLock(f"{file}.lock"):
        pipe.send("held")
        pipe.recv()


async def _write(pipe: Connection, url: str, name: str, discord: Path | None, count: int | None) -> None:
    # Another one writes without a pause, on a machine that may be busy.
    async with open_store(url, busy_seconds=60.0) as store, asyncio.TaskGroup() as tasks:
        bell = asyncio.Event()
        if discord is not None:
            tasks.create_task(Dispatcher(store, FilePublisher(discord), HandClock(), bell).run())
        await _publish(pipe, store, name, bell, count)


async def _publish(pipe: Connection, store: Store, name: str, bell: asyncio.Event, count: int | None) -> None:
    desk = Desk(store, HandClock(), on_deliveries=bell.set)
    number = 0
    while count is None or number < count:
        slug = f"{name}-{number}"
        kind = Kind.MERGER if number % 2 else Kind.PLANT
        first = news("It is said", key="said"), news("It is not so", key="denied", claim=Claim.DENIED)
        await desk.publish(draft(slug, *first, kind=kind, parties=("Alpha", f"Company of {slug}")), actor=name)
        pipe.send((slug, "said"))
        stage = Stage.COMPLETED if kind.is_deal else None
        await desk.publish(more(slug, news("It is done", date="2025-09", key="done", stage=stage)), actor=name)
        pipe.send((slug, "done"))
        await desk.retract(slug, "denied", "It was another company", actor=name)
        pipe.send((slug, "denied"))
        number += 1
