"""The time of ``dealwire show`` beside that of importing discord.py, which every bot does.

Run it with ``python -m benchmarks.show [--runs 9]``. Both run in processes of their own, by turns, with their bytecode cached.
Printed are the medians of the processor time (user and system) and of the time that passed, and how the two compare.
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

IMPORT = [sys.executable, "-c", "import discord"]
SHOW = [sys.executable, "-m", "bot", "show", "nissan", "foxconn"]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--runs", type=int, default=9)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "DATABASE_URL": f"sqlite:///{Path(folder, 'seeds.db')}",
            "PYTHONPYCACHEPREFIX": str(Path(folder, "bytecode")),
        }
        _run([sys.executable, "-m", "bot", "import", "seeds"], environment)
        for command in (IMPORT, SHOW):
            _run(command, environment)
        measured = [(_run(IMPORT, environment), _run(SHOW, environment)) for _ in range(runs)]
    for place, name in enumerate(("processor", "passed")):
        of_import, of_show = (median(pair[which][place] for pair in measured) for which in (0, 1))
        print(f"{name:>9}: import discord {of_import:.2f} s, show {of_show:.2f} s, ratio {of_show / of_import:.2f}")
    return 0


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Return the processor time and the passed time of a process, in seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    passed, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, passed


if __name__ == "__main__":
    sys.exit(main())
