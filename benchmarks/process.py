"""Processes for benchmarks: the real bot forked, to start it often, or a program from its start; and what a process uses.

What ``start_bot`` forks is ``dealwire run``, in a process of its own, killed like any other; only Python's start is saved.
Where a trial has a clock of its own, that is the bot's: a digest comes once a day.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import multiprocessing
import os
import re
import resource
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import IO, TYPE_CHECKING

from benchmarks.clock import TrialClock

if TYPE_CHECKING:
    # A forked bot shall not hold it: its memory is measured.
    from tests.local_discord import LocalDiscord

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
END_SECONDS = 60.0

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


@contextlib.asynccontextmanager
async def run_process(
    discord: LocalDiscord, file: Path, *command: str, stderr: IO[bytes] | None = None, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run ``python -m …`` on this Discord, with ``file`` as its store and the store's folder as its own; end it with SIGTERM.

    It imports no seeds and logs to ``stderr``, from warnings on, unless ``settings`` say otherwise.
    """
    env = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.api_url,
        "DATABASE_URL": f"sqlite:///{file}",
        "SEEDS": "",
        "LOG_LEVEL": "WARNING",
        **settings,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *command, env=env, cwd=file.parent, stderr=stderr
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(END_SECONDS):
            await process.wait()
        await discord.wait_until_disconnected()


def read_resident(pid: int) -> float:
    """Return the resident memory of a process in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    match = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
    return int(match[1]) / 1024 if match else 0.0


def read_processor_time(pid: int) -> float:
    """Return the processor time that a process has used, in seconds.

    Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
    """
    values = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / os.sysconf("SC_CLK_TCK")
