"""Processes that read what publishers send: warm, limited, and thrown away at the first doubt.

Reading hostile XML or HTML can take for ever, take all memory, or bring a parser down; a thread can be stopped by nobody. So the bytes
go to a child process through a pipe, and plain data comes back. Whatever becomes of the child, the caller gets an answer or one
:class:`~bot.errors.ParsingError`, and the next caller a worker in order.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.errors import ParserBusy, ParsingError, TooCostly, WorkerLost, WorkerNotStarted
from bot.languages import say, say_count
from bot.loops import ErrorLog
from bot.newsroom.parsing.frames import LENGTH, PART_LIMIT, PARTS_LIMIT, request_head
from bot.subprocesses import start_failure

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[3]
#: After so many parts the event loop gets its turn.
_BREATH = 25
#: So many bytes are put into the pipe at once.
_CHUNK = 1 << 17
_START_SECONDS = 30.0
#: How long a worker that closed its pipe before it was ready may take to end.
_ENDING_SECONDS = 1.0
#: So many bytes of what such a worker printed are kept, the last ones.
_PRINTED = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may cost.

    Attributes:
        seconds: wall time of one job; the processor time is held to the same.
        memory: bytes of address space of one worker.
        workers: how many read at the same time; each is started when it is first needed.
        jobs: a worker is replaced after so many, whatever it may have leaked.
        waiting: the most callers that wait for a worker; more are refused.
    """

    seconds: float = 5.0
    memory: int = 512 * 1024 * 1024
    workers: int = 2
    jobs: int = 500
    waiting: int = 256


class Worker:
    """One child process, in use by one caller at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._inbox = _pipe(process.stdin)
        self._outbox = _pipe(process.stdout)
        self._stderr = _pipe(process.stderr)
        self._printed = b""
        self.jobs = 0

    @classmethod
    async def start(cls, limits: Limits, module: str) -> Worker:
        """A worker that is ready to read; WorkerNotStarted, with the reason, when it does not come up.

        It gets none of the bot's environment, so that it knows no token, and a session of its own, so that Ctrl-C is the bot's alone.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", module, str(limits.memory), str(limits.seconds)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
                start_new_session=True,
            )
        except OSError as exc:
            raise _not_started(exc.strerror or str(exc)) from exc
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._part()
        except Exception as exc:
            raise _not_started(await worker._why_not_ready(exc)) from exc
        except BaseException:
            worker.kill()
            raise
        return worker

    async def ask(self, header: Mapping[str, str], body: bytes, seconds: float) -> list[dict[str, Any]]:
        """All parts of the answer. After any exception the worker may only be killed."""
        self.jobs += 1
        try:
            async with asyncio.timeout(seconds):
                return await self._answer(header, body)
        except TimeoutError as exc:
            raise TooCostly(say("Reading it took longer than {seconds} seconds.", seconds=f"{seconds:g}")) from exc
        except (asyncio.IncompleteReadError, OSError) as exc:
            self.kill()
            raise self._lost(await self.gone()) from exc
        except (ValueError, RecursionError) as exc:
            raise WorkerLost(say("The process that reads feeds gave an answer that nobody can read.")) from exc

    def kill(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def gone(self) -> int:
        """Wait until a killed worker is no more; its exit status."""
        self._inbox.close()
        # Until what it still said is taken out of the pipe, asyncio does not see the end.
        with contextlib.suppress(OSError):
            while await self._outbox.read(1 << 16):
                pass
            while chunk := await self._stderr.read(1 << 16):
                self._printed = (self._printed + chunk)[-_PRINTED:]
        return await self.process.wait()

    async def _why_not_ready(self, error: Exception) -> str:
        """End it, and return what it printed or how it ended."""
        if isinstance(error, asyncio.IncompleteReadError):
            # It is ending by itself: a signal from here would hide how.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_ENDING_SECONDS):
                    await self.gone()
        status = self.process.returncode
        self.kill()
        await self.gone()
        return start_failure(self._printed, status)

    async def _answer(self, header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
        self._inbox.write(request_head(header, len(body)))
        for start in range(0, len(body), _CHUNK):
            self._inbox.write(body[start : start + _CHUNK])
            await self._inbox.drain()
        parts: list[dict[str, Any]] = []
        while len(parts) < PARTS_LIMIT:
            parts.append(await self._part())
            if "end" in parts[-1] or "error" in parts[-1]:
                return parts
            if len(parts) % _BREATH == 0:
                await asyncio.sleep(0)
        raise ValueError("an answer without an end")

    async def _part(self) -> dict[str, Any]:
        (size,) = LENGTH.unpack(await self._outbox.readexactly(LENGTH.size))
        if size > PART_LIMIT:
            raise ValueError("a part that is too large")
        told = json.loads(await self._outbox.readexactly(size))
        if not isinstance(told, dict):
            raise ValueError("a part that is no object")  # noqa: TRY004 - nobody's type, a bad answer
        return told

    @staticmethod
    def _lost(status: int) -> ParsingError:
        if -status in (signal.SIGXCPU, signal.SIGALRM):
            return TooCostly(say("Reading it took longer than reading may."))
        return WorkerLost(say("The process that reads feeds died over it; the next one is read by another."))


class WorkerPool:
    """Workers, kept warm; to be closed.

    ``module`` is what a worker runs: another one only in tests.
    """

    def __init__(self, limits: Limits, module: str = "bot.newsroom.parsing.worker") -> None:
        self._limits = limits
        self._module = module
        self._idle: list[Worker] = []
        self._busy: set[Worker] = set()
        self._places = asyncio.Semaphore(limits.workers)
        self._waiting = 0
        self._ending: set[asyncio.Task[int]] = set()
        self._running = 0
        self._freed = asyncio.Event()
        self._closed = False
        self._starts = ErrorLog(log, "Starting a process that reads feeds")

    async def ask(self, header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
        """What a worker says to this, unchecked: never empty, the last part has ``end`` or ``error``.

        Raises a ParsingError when it costs too much, when the worker dies, or when too many are waiting. May be cancelled at any time.
        """
        async with self._place(), self._worker() as worker:
            parts = await worker.ask(header, body, self._limits.seconds)
            if parts[-1].get("fatal") or worker.jobs >= self._limits.jobs:
                self._end(worker)
            else:
                self._idle.append(worker)
            return parts

    async def close(self) -> None:
        """End every worker, and wait until it is gone. Calls that are still waiting get WorkerLost."""
        self._closed = True
        for worker in self._busy:
            worker.kill()
        # Whoever waits for a busy one's answer sees it end, and buries it.
        while self._running:
            self._freed.clear()
            await self._freed.wait()
        while self._idle:
            self._end(self._idle.pop())
        while self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._waiting >= self._limits.waiting:
            raise ParserBusy(
                say_count(
                    "{count} is waiting to be read already; try again later.",
                    "{count} are waiting to be read already; try again later.",
                    self._waiting,
                )
            )
        self._waiting += 1
        try:
            await self._places.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()

    @contextlib.asynccontextmanager
    async def _worker(self) -> AsyncIterator[Worker]:
        """A living worker; ended if anything at all goes wrong, cancellation too."""
        self._running += 1
        try:
            worker = (None if self._closed else self._take_idle()) or await self._started()
            self._busy.add(worker)
            try:
                yield worker
            except BaseException:
                self._end(worker)
                raise
            finally:
                self._busy.discard(worker)
        finally:
            self._running -= 1
            self._freed.set()

    async def _started(self) -> Worker:
        worker = None if self._closed else await self._start_one()
        if worker is None or self._closed:
            if worker is not None:
                self._end(worker)
            raise WorkerLost(say("Nothing more is read: the program stops."))
        return worker

    async def _start_one(self) -> Worker:
        try:
            worker = await Worker.start(self._limits, self._module)
        except WorkerNotStarted as exc:
            self._starts.failed(exc)
            raise
        self._starts.succeeded()
        return worker

    def _take_idle(self) -> Worker | None:
        while self._idle:
            worker = self._idle.pop()
            if worker.process.returncode is None:
                return worker
            self._end(worker)
        return None

    def _end(self, worker: Worker) -> None:
        worker.kill()
        task = asyncio.create_task(worker.gone())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def _not_started(why: str) -> WorkerNotStarted:
    return WorkerNotStarted(say("The process that reads feeds cannot be started: {why}.", why=why))


_Pipe = TypeVar("_Pipe")


def _pipe(pipe: _Pipe | None) -> _Pipe:
    if pipe is None:
        raise RuntimeError("the process was started without its pipes")
    return pipe
