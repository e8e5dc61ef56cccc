"""Programs that the tests start as processes of their own, and end as they like.

They are started by a server that has imported everything already, so that one takes milliseconds and not a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import sqlite3
import sys
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
from tests.store.material import HandClock, draft, more, news, url_of
from tests.store.publishing import FilePublisher

_starting = multiprocessing.get_context("forkserver")
_starting.set_forkserver_preload(["tests.store.children", "bot.terminal.import_export", "bot.terminal.show"])


@dataclass
class Child:
    """A process, and our end of the pipe between us."""

    process: BaseProcess
    pipe: Connection


@contextlib.contextmanager
def child(program: Callable[..., None], *arguments: Any) -> Iterator[Child]:
    """Run a program beside us: its first argument is a pipe to us. At the end it is killed if it still runs."""
    ours, theirs = _starting.Pipe()
    process = _starting.Process(target=program, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield Child(process, ours)
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()


def write_for_ever(tell: Connection, file: Path, name: str, discord: Path | None = None) -> None:
    """Publish and, with ``discord``, deliver; tell of each story and development after it is acknowledged."""
    asyncio.run(_write(tell, file, name, discord, None))


def write_some(tell: Connection, file: Path, name: str, count: int) -> None:
    """Publish so many stories, beginning when told to; tell of each after it is acknowledged."""
    tell.send("ready")
    tell.recv()
    asyncio.run(_write(tell, file, name, None, count))


def answer_with_writes(tell: Connection, file: Path) -> None:
    """Publish one story each time that we are asked, and say when it is acknowledged."""

    async def serve() -> None:
        async with open_store(url_of(file)) as store:
            desk = Desk(store, HandClock())
            tell.send("open")
            while slug := await asyncio.to_thread(tell.recv):
                await desk.publish(draft(slug), actor="child")
                tell.send(slug)

    asyncio.run(serve())


def just_open(tell: Connection, file: Path) -> None:
    """Open the store and close it again, beginning when told to."""

    async def opening() -> int:
        async with open_store(url_of(file)) as store, store.read() as tx:
            return await tx.stories.count()

    tell.send("ready")
    tell.recv()
    tell.send(asyncio.run(opening()))


def run_command(_tell: Connection, words: Sequence[str], folder: Path, out: Path, err: Path) -> None:
    """Run ``python -m bot …`` in a folder of its own, without our settings; its output goes to two files."""
    os.chdir(folder)
    os.environ["SEEDS"] = ""
    for file, descriptor in ((out, 1), (err, 2)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT), descriptor)
    sys.exit(main(words))


def hold_exclusively(tell: Connection, file: Path) -> None:
    """Lock the database, as another program does, until the process is killed."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        tell.send("held")
        tell.recv()


def hold_lock_file(tell: Connection, file: Path) -> None:
    """Hold the lock file, as a bot stuck in a write does, until the process is killed."""
    with FileLock(f"{file}.lock"):
        tell.send("held")
        tell.recv()


async def _write(tell: Connection, file: Path, name: str, discord: Path | None, count: int | None) -> None:
    async with open_store(url_of(file)) as store, asyncio.TaskGroup() as tasks:
        bell = asyncio.Event()
        if discord is not None:
            tasks.create_task(Dispatcher(store, FilePublisher(discord), HandClock(), bell).run())
        await _publish(tell, store, name, bell, count)


async def _publish(tell: Connection, store: Store, name: str, bell: asyncio.Event, count: int | None) -> None:
    desk = Desk(store, HandClock(), on_deliveries=bell.set)
    done = 0
    while count is None or done < count:
        slug = f"{name}-{done}"
        kind = Kind.MERGER if done % 2 else Kind.PLANT
        first = news("It is said", key="said"), news("It is not so", key="denied", claim=Claim.DENIED)
        await desk.publish(draft(slug, *first, kind=kind, parties=("Alpha", f"Company of {slug}")), actor=name)
        tell.send((slug, "said"))
        stage = Stage.COMPLETED if kind.is_deal else None
        await desk.publish(more(slug, news("It is done", date="2025-09", key="done", stage=stage)), actor=name)
        tell.send((slug, "done"))
        await desk.retract(slug, "denied", "It was another company", actor=name)
        tell.send((slug, "denied"))
        done += 1
