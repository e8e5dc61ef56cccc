"""How fast a store moves between SQLite and PostgreSQL, as a ratio to a bare COPY of the same rows.

Run it with ``python -m benchmarks.moving [--rows 100000] [--rounds 3]``.

A generated store of about so many rows is moved to a PostgreSQL of the benchmark's own (or the one that TEST_DATABASE_URL names)
and back. The bare COPY reads the same rows with the sqlite3 module and writes them with psycopg into the same tables with the same
indexes. It computes no digest, reads nothing back and makes no full-text index. All are repeated in turns; the medians are printed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import psycopg

from benchmarks.generate import generate
from benchmarks.invented import Size
from bot.store.moving import MovePhase, MoveReport, move_store
from bot.store.tables import metadata
from tests.postgres import create_database, drop_database, get_connection_info

#: Rows that the generator makes for one development, with its sources, audit entries, posts and the rest.
ROWS_PER_DEVELOPMENT = 5.5


class Stopwatch:
    """Durations in seconds, by what took them: of the clock, and of this process's processor time."""

    def __init__(self) -> None:
        self._durations: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)

    @contextlib.contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Add how long the block takes."""
        began, began_processor = time.perf_counter(), time.process_time()
        yield
        self._durations[name].append((time.perf_counter() - began, time.process_time() - began_processor))

    def get_medians(self, name: str) -> tuple[float, float]:
        """Return the medians of a name's durations."""
        elapsed, processor = zip(*self._durations[name], strict=True)
        return statistics.median(elapsed), statistics.median(processor)


class PhaseTimes:
    """How long each phase of a move took, from its first report to its last."""

    def __init__(self) -> None:
        self._began: dict[MovePhase, float] = {}
        self._ended: dict[MovePhase, float] = {}

    def report(self, phase: MovePhase, _done: int, _total: int) -> None:
        """Take progress."""
        now = time.perf_counter()
        self._began.setdefault(phase, now)
        self._ended[phase] = now

    def __str__(self) -> str:
        """Return all phases in one line."""
        return ", ".join(
            f"{phase.name.lower()} {self._ended[phase] - self._began[phase]:.1f} s" for phase in self._began
        )


def copy_bare(file: Path, url: str) -> None:
    """Copy all tables, and nothing more."""
    with (
        contextlib.closing(sqlite3.connect(file)) as source,
        psycopg.connect(get_connection_info(url)) as target,
        target.cursor() as cursor,
    ):
        for table in metadata.sorted_tables:
            with cursor.copy(f'COPY "{table.name}" FROM STDIN'.encode()) as copy:
                for row in source.execute(f'SELECT * FROM "{table.name}"'):  # noqa: S608 - a table of ours
                    copy.write_row(row)


async def run_round(file: Path, back: Path, stopwatch: Stopwatch) -> tuple[MoveReport, PhaseTimes]:
    """Copy and move the store once in each way."""
    bare, moved = create_database(), create_database()
    phases = PhaseTimes()
    try:
        with stopwatch.time("bare"):
            await asyncio.to_thread(copy_bare, file, bare)
        with stopwatch.time("to the server"):
            report = await move_store(f"sqlite:///{file}", moved, report=phases.report)
        with stopwatch.time("to a file"):
            await move_store(moved, f"sqlite:///{back}", report=lambda *_: None)
    finally:
        for url in (bare, moved):
            drop_database(url)
    return report, phases


async def run(rows: int, rounds: int, folder: Path) -> None:
    """Generate a store, move it, and print the figures."""
    file, stopwatch = folder / "dealwire.db", Stopwatch()
    developments = int(rows / ROWS_PER_DEVELOPMENT)
    size = Size(developments // 10, developments, developments // 20, developments // 10)
    await asyncio.to_thread(generate, file, size, posts=developments // 3)
    for number in range(rounds):
        report, phases = await run_round(file, folder / f"{number}.db", stopwatch)
    count = sum(table.row_count for table in report.tables)
    bare, bare_processor = stopwatch.get_medians("bare")
    print(
        f"{count:,} rows, {file.stat().st_size / 1e6:,.0f} MB; bare COPY: {count / bare:,.0f} rows/s,"
        f" {bare_processor:.1f} s of processor time"
    )
    for name in ("to the server", "to a file"):
        seconds, processor = stopwatch.get_medians(name)
        print(
            f"moved {name}: {count / seconds:,.0f} rows/s, {seconds / bare:.2f} × the time of a bare COPY;"
            f" {processor:.1f} s of processor time"
        )
    print(f"the last move to the server: {phases}")


def main() -> int:
    """Run it for one size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-moving-") as folder:
        asyncio.run(run(options.rows, options.rounds, Path(folder)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
