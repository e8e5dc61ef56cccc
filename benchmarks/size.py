"""Whether answers grow with the store: a full one beside one that is ten times smaller, and beside the starter collection.

Run it with ``python -m benchmarks.size [--full FILE] [--tenth FILE] [--only WORD …] [--no-process]``. Stores that are not
given are made (:mod:`benchmarks.generate`), which takes minutes; those that are given are copied, and stay as they are.

Every question is asked of the three stores in turn, so that all meet the same machine. Printed are median and 99th
percentile in each, the ratio of the medians to those of the smaller store, what is aimed at, and the longest that one step
kept the event loop (processor time, so that what else the machine does is no part of it). Then come publishing to 10,000
followers, and the bot as a process: from its start until it is ready, `!deal` over the wire as a ratio to a one-line
command of the same run, its memory.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from benchmarks.answer import AGAIN_AIM, FIRST_AIM
from benchmarks.asking import Measure, Times, chosen, measure_all
from benchmarks.generate import FULL, POSTS, generate
from benchmarks.pages import build_pages
from benchmarks.publishing import MATCHING, measure_publishing
from benchmarks.running import Run, run_on
from benchmarks.subject import open_subject
from bot.clock import utc_now
from bot.newsroom.desk import Desk
from bot.newsroom.importer import import_paths
from bot.store import open_store

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
SERVERS = 2_000
KEPT_AIM = 20.0


async def stores(folder: Path, full: Path | None, tenth: Path | None) -> dict[str, Path]:
    """Return copies of the three stores, smallest first."""
    made = {name: folder / f"{name}.db" for name in ("seeds", "tenth", "full")}
    async with open_store(f"sqlite:///{made['seeds']}") as store:
        await import_paths(store, Desk(store, utc_now), [SEEDS], actor="seeds")
    for name, source, size, posts in (("tenth", tenth, FULL.tenth(), POSTS // 10), ("full", full, FULL, POSTS)):
        if source:
            await asyncio.to_thread(shutil.copyfile, source, made[name])
        else:
            await asyncio.to_thread(generate, made[name], size, posts=posts)
        await build_pages(made[name])
    return made


async def measure_libraries(files: dict[str, Path], only: Sequence[str], *, processor: bool) -> None:
    """Ask the libraries, print a row each."""
    async with AsyncExitStack() as stack:
        subjects = [await stack.enter_async_context(open_subject(name, file)) for name, file in files.items()]
        for subject in subjects:
            await subject.library.prepare()
        # As the bot does when it is prepared.
        gc.collect()
        gc.freeze()
        what = "processor time" if processor else "median / p99"
        print(f"{what + ' in ms':42}" + "".join(f"{name:>18}" for name in files) + "   full:tenth  loop kept")
        for measure in chosen(only):
            print(row(measure, await measure_all(measure, subjects), processor=processor), flush=True)
        if not only or "publish" in only:
            found = {subject.name: await measure_publishing(subject) for subject in subjects}
            publish = Measure(f"publish to {MATCHING:,} followers", lambda *_: asyncio.sleep(0), median=500)
            print(row(publish, found, processor=processor))


def row(measure: Measure, times_by_name: dict[str, Times], *, processor: bool) -> str:
    """One measure, in a line."""
    taken = {name: times.processor if processor else times.clock for name, times in times_by_name.items()}
    full = taken["full"]
    ratio = statistics.median(full) / statistics.median(taken["tenth"])
    cells = "".join(f"{statistics.median(times):9.1f} /{late(times):7.1f}" for times in taken.values())
    aims = [
        f"{name} < {aim:.0f}: {'met' if value < aim else 'MISSED'}"
        for name, aim, value in (
            ("median", measure.median, statistics.median(full)),
            ("p99", measure.p99, late(full)),
        )
        if aim
    ]
    longest = times_by_name["full"].kept
    kept = f"{longest:6.1f} ms{'' if longest <= KEPT_AIM else ' (aim 20: MISSED)'}"
    return f"{measure.name:42}{cells}   {ratio:9.2f}  {kept}  {'; '.join(aims)}"


def late(taken: Sequence[float]) -> float:
    return statistics.quantiles(taken, n=100, method="inclusive")[98] if len(taken) > 1 else taken[0]


async def measure_bots(files: dict[str, Path], questions: dict[str, list[str]]) -> None:
    """Measure the bot as a process on each store."""
    for name, file in files.items():
        print_run(name, file, await run_on(file, questions[name][:110], SERVERS))


def print_run(name: str, file: Path, run: Run) -> None:
    """Print the figures of one process in a line."""
    first, again, bare = (statistics.median(taken) for taken in (run.answers, run.again, run.bare))
    print(
        f"{name:6} ready in {run.ready:5.1f} s (aim 5); !deal: median {again:6.1f} ms = {again / bare:5.2f} x a one-line"
        f" command's {bare:.1f} (aim {AGAIN_AIM}), p99 {late(run.again):6.1f} (aim 100); asked for the first time {first:6.1f} ms ="
        f" {first / bare:5.2f} x (aim {FIRST_AIM}), p99 {late(run.answers):6.1f} (aim 100);"
        f" resident {run.resident_first:.0f} MB when ready, {run.resident:.0f} MB in the end (aim 300);"
        f" database {file.stat().st_size / 1e6:,.0f} MB",
        flush=True,
    )


async def measure(options: argparse.Namespace, folder: Path) -> None:
    files = await stores(folder, options.full, options.tenth)
    print(
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}"
    )
    if options.process:
        # The process first: publishing leaves ten thousand posts that are due.
        async with AsyncExitStack() as stack:
            looked = [await stack.enter_async_context(open_subject(name, file)) for name, file in files.items()]
            questions = {subject.name: subject.questions for subject in looked}
        await measure_bots(files, questions)
    if options.library:
        await measure_libraries(files, options.only, processor=options.processor)


def main() -> int:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--full", type=Path)
    parser.add_argument("--tenth", type=Path)
    parser.add_argument("--only", nargs="*", default=[], help="measures with one of these words in their names")
    parser.add_argument("--no-process", dest="process", action="store_false")
    parser.add_argument("--no-library", dest="library", action="store_false")
    parser.add_argument("--processor", action="store_true", help="processor time, where others use the machine too")
    parser.add_argument("--folder", type=Path, help="where copies are put (a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dealwire-size-", dir=options.folder) as folder:
        asyncio.run(measure(options, Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
