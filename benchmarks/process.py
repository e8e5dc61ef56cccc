"""The real bot as a process that can be started often: forked from one that has read its code already.

What runs is ``dealwire run``, in a process of its own, killed like any other; only Python's start is saved. Where a trial
has a clock of its own, that is the bot's: a digest comes once a day.
"""

from __future__ import annotations

import functools
import multiprocessing
import os
import resource
import signal
import sys
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from benchmarks.clock import TrialClock

_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(
    [
        "bot.__main__",
        "bot.app",
        "bot.demo",
        "cogs.questions",
        "cogs.follows",
        "cogs.desk",
        "cogs.status",
        "alembic.command",
    ]
)


def _run(environment: dict[str, str], log: str, file_limit: int, clock: str) -> None:
    from bot import app
    from bot.__main__ import main
    from bot.container import open_container

    os.chdir(Path(log).parent)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.update(environment)
    if clock:
        # The composition root's one door to a clock.
        vars(app)["open_container"] = functools.partial(open_container, clock=TrialClock(Path(clock)))
    if file_limit:
        # As a full disk: no file of this process can grow past this.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    sys.exit(main(["run"]))


@dataclass
class Bot:
    """One life of the bot."""

    process: ForkServerProcess

    @property
    def alive(self) -> bool:
        """Return whether it still runs."""
        return self.process.is_alive()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self.process.kill()
        self.process.join()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.terminate()
        self.process.join(20)
        return self.process.exitcode if self.process.exitcode is not None else -1


def start_bot(environment: dict[str, str], log: Path, *, file_limit: int = 0, clock: Path | None = None) -> Bot:
    """Start ``dealwire run`` with these settings; its output goes to the end of ``log``, its time is that of ``clock``."""
    at = str(clock) if clock else ""
    process = _FORKED.Process(target=_run, args=(environment, str(log), file_limit, at), daemon=True)
    process.start()
    return Bot(process)
