"""How long the bot's writes wait while a store is backed up.

Run it with ``python -m benchmarks.backup [--megabytes N]``.

A store of that size is written to without a pause, first alone and then while ``dealwire backup`` copies it in a process of
its own. The longest and the usual write of both are compared.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bot.store import Store, open_store

ALONE_SECONDS = 5.0
_ROW_BYTES = 900


def fill(file: Path, megabytes: int) -> None:
    """Add rows to the audit trail until the store has its size."""
    text = "x" * _ROW_BYTES
    with contextlib.closing(sqlite3.connect(file)) as rows, rows:
        rows.executemany(
            "INSERT INTO audit (at, actor, action, subject, before) VALUES ('2026-01-01T00:00:00.000000Z', 'a', 'b', ?, ?)",
            ((f"story-{number}", text) for number in range(megabytes * 1_000_000 // _ROW_BYTES)),
        )


async def time_writes(store: Store, stop: asyncio.Event) -> list[float]:
    """Write until told to stop; return how long each write took, in milliseconds."""
    durations = []
    while not stop.is_set():
        began = time.perf_counter()
        async with store.write() as tx:
            await tx.metadata.advance_revision()
        durations.append((time.perf_counter() - began) * 1_000)
        await asyncio.sleep(0)
    return durations


async def back_up(url: str, target: Path) -> float:
    """Run the command; return how long it took, in seconds."""
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "backup", str(target), "--database", url
    )
    if await process.wait():
        raise SystemExit("The backup failed.")
    return time.perf_counter() - began


async def run(megabytes: int, folder: Path) -> None:
    """Measure, and print the figures."""
    file = folder / "dealwire.db"
    url = f"sqlite:///{file}"
    async with open_store(url):
        pass
    fill(file, megabytes)
    async with open_store(url) as store:
        stop = asyncio.Event()
        asyncio.get_running_loop().call_later(ALONE_SECONDS, stop.set)
        alone = await time_writes(store, stop)
        stop = asyncio.Event()
        writing = asyncio.create_task(time_writes(store, stop))
        seconds = await back_up(url, folder / "copy.db")
        stop.set()
        beside = await writing
    size = (folder / "copy.db").stat().st_size / 1_000_000
    print(f"SQLite {sqlite3.sqlite_version}; a backup of {size:.0f} MB took {seconds:.1f} s")
    for name, durations in (("alone", alone), ("during the backup", beside)):
        print(
            f"writes {name}: {len(durations)}, median {statistics.median(durations):.2f} ms, longest {max(durations):.0f} ms"
        )


def main() -> int:
    """Run it for one size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--megabytes", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-backup-") as folder:
        asyncio.run(run(options.megabytes, Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
