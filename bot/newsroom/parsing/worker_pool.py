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

from bot.errors import ParserBusy, ParserLimitExceeded, ParsingError, WorkerDied, WorkerNotStarted
from bot.languages import say, say_count
from bot.loops import ErrorLog
from bot.newsroom.parsing.framing import LENGTH_PREFIX, PART_LIMIT, PARTS_LIMIT, encode_request_head
from bot.subprocesses.start_failure import get_start_failure

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[3]
#: After so many parts the event loop gets its turn.
_PARTS_PER_TURN = 25
#: So many bytes are put into the pipe at once.
_CHUNK_SIZE = 1 << 17
_START_SECONDS = 30.0
#: How long a worker that closed its pipe before it was ready may take to end.
_EXIT_SECONDS = 1.0
#: So many bytes of what such a worker printed are kept, the last ones.
_STDERR_LIMIT = 1 << 16


@dataclass(frozen=True, slots=True)
class WorkerLimits:
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
    max_workers: int = 2
    jobs_per_worker: int = 500
    max_waiting: int = 256


class Worker:
    """One child process, in use by one caller at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._stdin = _require_pipe(process.stdin)
        self._stdout = _require_pipe(process.stdout)
        self._stderr = _require_pipe(process.stderr)
        self._stderr_output = b""
        self.job_count = 0

    @classmethod
    async def start(cls, limits: WorkerLimits, module: str) -> Worker:
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
            raise _build_not_started_error(exc.strerror or str(exc)) from exc
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._read_part()
        except Exception as exc:
            raise _build_not_started_error(await worker._explain_start_failure(exc)) from exc
        except BaseException:
            worker.kill()
            raise
        return worker

    async def ask(self, header: Mapping[str, str], body: bytes, seconds: float) -> list[dict[str, Any]]:
        """All parts of the answer. After any exception the worker may only be killed."""
        self.job_count += 1
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(header, body)
        except TimeoutError as exc:
            raise ParserLimitExceeded(
                say("Reading it took longer than {seconds} seconds.", seconds=f"{seconds:g}")
            ) from exc
        except (asyncio.IncompleteReadError, OSError) as exc:
            self.kill()
            raise self._build_exit_error(await self.wait_until_ended()) from exc
        except (ValueError, RecursionError) as exc:
            raise WorkerDied(say("The process that reads feeds gave an answer that nobody can read.")) from exc

    def kill(self) -> None:
        """End it, whatever it does."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def wait_until_ended(self) -> int:
        """Wait until a killed worker is no more; its exit status."""
        self._stdin.close()
        # Until what it still said is taken out of the pipe, asyncio does not see the end.
        with contextlib.suppress(OSError):
            while await self._stdout.read(1 << 16):
                pass
            while chunk := await self._stderr.read(1 << 16):
                self._stderr_output = (self._stderr_output + chunk)[-_STDERR_LIMIT:]
        return await self.process.wait()

    async def _explain_start_failure(self, error: Exception) -> str:
        """End it, and return what it printed or how it ended."""
        if isinstance(error, asyncio.IncompleteReadError):
            # It is ending by itself: a signal from here would hide how.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EXIT_SECONDS):
                    await self.wait_until_ended()
        status = self.process.returncode
        self.kill()
        await self.wait_until_ended()
        return get_start_failure(self._stderr_output, status)

    async def _exchange(self, header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
        self._stdin.write(encode_request_head(header, len(body)))
        for start in range(0, len(body), _CHUNK_SIZE):
            self._stdin.write(body[start : start + _CHUNK_SIZE])
            await self._stdin.drain()
        parts: list[dict[str, Any]] = []
        while len(parts) < PARTS_LIMIT:
            parts.append(await self._read_part())
            if "end" in parts[-1] or "error" in parts[-1]:
                return parts
            if len(parts) % _PARTS_PER_TURN == 0:
                await asyncio.sleep(0)
        raise ValueError("an answer without an end")

    async def _read_part(self) -> dict[str, Any]:
        (size,) = LENGTH_PREFIX.unpack(await self._stdout.readexactly(LENGTH_PREFIX.size))
        if size > PART_LIMIT:
            raise ValueError("a part that is too large")
        data = json.loads(await self._stdout.readexactly(size))
        if not isinstance(data, dict):
            raise ValueError("a part that is no object")  # noqa: TRY004 - nobody's type, a bad answer
        return data

    @staticmethod
    def _build_exit_error(status: int) -> ParsingError:
        if -status in (signal.SIGXCPU, signal.SIGALRM):
            return ParserLimitExceeded(say("Reading it took longer than reading may."))
        return WorkerDied(say("The process that reads feeds died over it; the next one is read by another."))


class WorkerPool:
    """Workers, kept warm; to be closed.

    ``module`` is what a worker runs: another one only in tests.
    """

    def __init__(self, limits: WorkerLimits, module: str = "bot.newsroom.parsing.worker") -> None:
        self._limits = limits
        self._module = module
        self._idle_workers: list[Worker] = []
        self._busy_workers: set[Worker] = set()
        self._slots = asyncio.Semaphore(limits.max_workers)
        self._waiting_count = 0
        self._exit_tasks: set[asyncio.Task[int]] = set()
        self._running_count = 0
        self._worker_released = asyncio.Event()
        self._is_closed = False
        self._start_errors = ErrorLog(log, "Starting a process that reads feeds")

    async def ask(self, header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
        """What a worker says to this, unchecked: never empty, the last part has ``end`` or ``error``.

        Raises a ParsingError when it costs too much, when the worker dies, or when too many are waiting. May be cancelled at any time.
        """
        async with self._acquire_slot(), self._acquire_worker() as worker:
            parts = await worker.ask(header, body, self._limits.seconds)
            if parts[-1].get("fatal") or worker.job_count >= self._limits.jobs_per_worker:
                self._end_worker(worker)
            else:
                self._idle_workers.append(worker)
            return parts

    async def close(self) -> None:
        """End every worker, and wait until it is gone. Calls that are still waiting get WorkerLost."""
        self._is_closed = True
        for worker in self._busy_workers:
            worker.kill()
        # Whoever waits for a busy one's answer sees it end, and buries it.
        while self._running_count:
            self._worker_released.clear()
            await self._worker_released.wait()
        while self._idle_workers:
            self._end_worker(self._idle_workers.pop())
        while self._exit_tasks:
            await asyncio.gather(*self._exit_tasks, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _acquire_slot(self) -> AsyncIterator[None]:
        if self._waiting_count >= self._limits.max_waiting:
            raise ParserBusy(
                say_count(
                    "{count} is waiting to be read already; try again later.",
                    "{count} are waiting to be read already; try again later.",
                    self._waiting_count,
                )
            )
        self._waiting_count += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting_count -= 1
        try:
            yield
        finally:
            self._slots.release()

    @contextlib.asynccontextmanager
    async def _acquire_worker(self) -> AsyncIterator[Worker]:
        """A living worker; ended if anything at all goes wrong, cancellation too."""
        self._running_count += 1
        try:
            worker = (None if self._is_closed else self._take_idle()) or await self._start_unless_closed()
            self._busy_workers.add(worker)
            try:
                yield worker
            except BaseException:
                self._end_worker(worker)
                raise
            finally:
                self._busy_workers.discard(worker)
        finally:
            self._running_count -= 1
            self._worker_released.set()

    async def _start_unless_closed(self) -> Worker:
        worker = None if self._is_closed else await self._start_worker()
        if worker is None or self._is_closed:
            if worker is not None:
                self._end_worker(worker)
            raise WorkerDied(say("Nothing more is read: the program stops."))
        return worker

    async def _start_worker(self) -> Worker:
        try:
            worker = await Worker.start(self._limits, self._module)
        except WorkerNotStarted as exc:
            self._start_errors.record_failure(exc)
            raise
        self._start_errors.record_success()
        return worker

    def _take_idle(self) -> Worker | None:
        while self._idle_workers:
            worker = self._idle_workers.pop()
            if worker.process.returncode is None:
                return worker
            self._end_worker(worker)
        return None

    def _end_worker(self, worker: Worker) -> None:
        worker.kill()
        task = asyncio.create_task(worker.wait_until_ended())
        self._exit_tasks.add(task)
        task.add_done_callback(self._exit_tasks.discard)


def _build_not_started_error(why: str) -> WorkerNotStarted:
    return WorkerNotStarted(say("The process that reads feeds cannot be started: {why}.", why=why))


_Pipe = TypeVar("_Pipe")


def _require_pipe(pipe: _Pipe | None) -> _Pipe:
    if pipe is None:
        raise RuntimeError("the process was started without its pipes")
    return pipe
