"""The time of ``dealwire import`` beside that of its dry run, over invented story files.

Run it with ``python -m benchmarks.importing [--files 1500] [--developments 10] [--runs 1]``. Both run in processes of their own,
each into a new store, with their bytecode cached. Printed are the medians of the processor time (user and system) and of the time that
passed, and how the two compare.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.invented import Industry, Size
from bot.newsroom.story_files import dump_companies, dump_story


def write_files(folder: Path, files: int, developments: int) -> None:
    """Write this number of story files, and a file with their companies."""
    folder.mkdir()
    industry = Industry(Size(files, files * developments, max(files // 2, 10), 0), seed=1)
    (folder / "companies.toml").write_text(dump_companies(industry.companies))
    for story in industry.stories():
        (folder / f"{story.slug}.toml").write_text(dump_story(story))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--files", type=int, default=1_500)
    parser.add_argument("--developments", type=int, default=10, help="of a story, on average")
    parser.add_argument("--runs", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "files")
        write_files(files, options.files, options.developments)
        _run(Path(folder), files, 0, "--help")
        dry_runs, imports = (
            [_run(Path(folder), files, number, *arguments) for number in range(options.runs)]
            for arguments in (["--dry-run"], [])
        )
    for place, name in enumerate(("processor", "passed")):
        dry_run, whole = (median(run[place] for run in runs) for runs in (dry_runs, imports))
        ratio = whole / dry_run
        print(f"{name:>9}: {options.files} files: dry run {dry_run:.1f} s, import {whole:.1f} s, ratio {ratio:.2f}")
    return 0


def _run(folder: Path, files: Path, number: int, *arguments: str) -> tuple[float, float]:
    """Return the processor time and the passed time of an import into a new store, in seconds."""
    store = folder / f"{number}.db"
    store.unlink(missing_ok=True)
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "DATABASE_URL": f"sqlite:///{store}",
        "PYTHONPYCACHEPREFIX": str(folder / "bytecode"),
    }
    command = [sys.executable, "-m", "bot", "import", str(files), *arguments]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    passed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


if __name__ == "__main__":
    sys.exit(main())
