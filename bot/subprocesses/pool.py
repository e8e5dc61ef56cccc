"""Run jobs in worker processes, which are kept warm, have limits, and are replaced after any error.

Work on external data may never end, use up the memory or crash a library, and a thread cannot be stopped. So the bytes go to a
child process through a pipe, and plain data comes back. If the child hangs or dies, the caller gets a :class:`JobError`, and the
next caller gets a working one.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.loops import ErrorLog
from bot.subprocesses.framing import LENGTHS, MESSAGES_LIMIT, OBJECT_LIMIT, encode_head
from bot.systems import can_start_workers, find_system_problem

log = logging.getLogger(__name__)

ROOT = Path(__file__).parents[2]
#: The signals that end a worker whose job takes too long. Windows has neither.
_TIME_LIMIT_SIGNALS = {number for name in ("SIGXCPU", "SIGALRM") if (number := getattr(signal, name, None))}
#: After this many messages the event loop runs other tasks.
_MESSAGES_PER_TURN = 25
#: How many bytes are written into the pipe at once.
_CHUNK_SIZE = 1 << 17
#: How long a worker that closed its pipe before it was ready may take to end.
_EXIT_SECONDS = 1.0
#: How many bytes of a worker's stderr are kept (the last ones), and how many characters of the reason in them.
_STDERR_LIMIT = 1 << 16
_REASON_LIMIT = 300


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What jobs may cost.

    Attributes:
        seconds: wall time of one job; its CPU time has the same limit.
        memory: bytes of address space of one worker.
        max_workers: how many workers run at the same time; each is started when it is first needed.
        jobs_per_worker: after how many jobs a worker is replaced, because libraries may leak memory.
        max_waiting: how many callers may wait for a worker; more are refused.
        start_seconds: how long a worker may take to start.
        body: how many bytes an answer may carry.
        idle_seconds: how long a worker may be idle before it is ended; None keeps it.
    """

    seconds: float = 5.0
    memory: int = 512 * 1024 * 1024
    max_workers: int = 2
    jobs_per_worker: int = 500
    max_waiting: int = 256
    start_seconds: float = 30.0
    body: int = 0
    idle_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class JobAnswer:
    """A worker's answer, unchecked. ``parts`` is never empty, and the last one has the key ``end`` or ``error``."""

    parts: list[dict[str, Any]] = field(default_factory=list)
    body: bytes = b""


class JobError(Exception):
    """A job failed. The next one may succeed."""


class JobTimedOut(JobError):
    """The job took too long. ``seconds`` is the limit; None if the worker ended itself because of it."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__("the job took too long")
        self.seconds = seconds


class JobLost(JobError):
    """The worker died during the job."""


class UnreadableAnswer(JobError):
    """What the worker sent is not an answer."""


class StartFailed(JobError):
    """No worker could be started; the text says why, without a period at the end."""


class PoolBusy(JobError):
    """Too many callers are waiting already."""

    def __init__(self, waiting: int) -> None:
        super().__init__(f"{waiting} are waiting")
        self.waiting = waiting


class PoolClosed(JobError):
    """The pool was closed before the job was done."""


class Worker:
    """One child process, in use by one caller at a time."""

    def __init__(self, process: asyncio.subprocess.Process, limits: WorkerLimits) -> None:
        self.process = process
        self._limits = limits
        self._stdin = _require_pipe(process.stdin)
        self._stdout = _require_pipe(process.stdout)
        self._stderr = _require_pipe(process.stderr)
        self._stderr_output = b""
        self.job_count = 0

    @classmethod
    async def start(cls, limits: WorkerLimits, module: str) -> Worker:
        """Start a worker and wait until it is ready. Raise StartFailed, with the reason, if it does not start.

        It gets none of the bot's environment, so that it knows no token. It has a session of its own, so that Ctrl-C does not
        reach it.
        """
        if not can_start_workers():
            raise StartFailed(find_system_problem().removesuffix("."))
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", module, str(limits.memory), str(limits.seconds)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1", "MPLBACKEND": "agg"},
                start_new_session=True,
            )
        except OSError as exc:
            raise StartFailed(exc.strerror or str(exc)) from exc
        worker = cls(process, limits)
        try:
            async with asyncio.timeout(limits.start_seconds):
                await worker._read_message()
        except Exception as exc:
            raise StartFailed(await worker._explain_start_failure(exc)) from exc
        except BaseException:
            worker.kill()
            raise
        return worker

    async def ask(self, header: Mapping[str, str], body: bytes) -> JobAnswer:
        """Return the whole answer. After an exception the worker cannot be used any more and must be killed."""
        self.job_count += 1
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await self._exchange(header, body)
        except TimeoutError as exc:
            raise JobTimedOut(self._limits.seconds) from exc
        except (asyncio.IncompleteReadError, OSError) as exc:
            self.kill()
            status = await self.wait_until_ended()
            raise JobTimedOut if -status in _TIME_LIMIT_SIGNALS else JobLost from exc
        except (ValueError, RecursionError) as exc:
            raise UnreadableAnswer from exc

    def kill(self) -> None:
        """Kill the process at once, even during a job."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def wait_until_ended(self) -> int:
        """Wait until a killed worker has ended, and return its exit status."""
        self._stdin.close()
        # asyncio notices the end only after the pipes have been read to their end.
        with contextlib.suppress(OSError):
            while await self._stdout.read(1 << 16):
                pass
            while chunk := await self._stderr.read(1 << 16):
                self._stderr_output = (self._stderr_output + chunk)[-_STDERR_LIMIT:]
        return await self.process.wait()

    async def _explain_start_failure(self, error: Exception) -> str:
        """End the process, and return what it printed or how it ended."""
        if isinstance(error, asyncio.IncompleteReadError):
            # It is ending by itself; a signal from here would hide the reason.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_EXIT_SECONDS):
                    await self.wait_until_ended()
        status = self.process.returncode
        self.kill()
        await self.wait_until_ended()
        return describe_start_failure(self._stderr_output, status)

    async def _exchange(self, header: Mapping[str, str], body: bytes) -> JobAnswer:
        self._stdin.write(encode_head(header, len(body)))
        for start in range(0, len(body), _CHUNK_SIZE):
            self._stdin.write(body[start : start + _CHUNK_SIZE])
            await self._stdin.drain()
        parts: list[dict[str, Any]] = []
        while len(parts) < MESSAGES_LIMIT:
            data, content = await self._read_message()
            parts.append(data)
            if "end" in data or "error" in data:
                return JobAnswer(parts, content)
            if len(parts) % _MESSAGES_PER_TURN == 0:
                await asyncio.sleep(0)
        raise ValueError("an answer without an end")

    async def _read_message(self) -> tuple[dict[str, Any], bytes]:
        object_size, body_size = LENGTHS.unpack(await self._stdout.readexactly(LENGTHS.size))
        if object_size > OBJECT_LIMIT or body_size > self._limits.body:
            raise ValueError("a message that is too large")
        data = json.loads(await self._stdout.readexactly(object_size))
        if not isinstance(data, dict):
            raise ValueError("a message that is no object")  # noqa: TRY004 - nobody's type, a bad answer
        return data, await self._stdout.readexactly(body_size)


class WorkerPool:
    """Keeps workers warm, and gives them jobs. Must be closed.

    A worker runs ``module``, which must call :func:`bot.subprocesses.worker.serve`. ``activity`` begins the log lines about
    workers that do not start.
    """

    def __init__(self, module: str, limits: WorkerLimits, activity: str) -> None:
        self._module = module
        self._limits = limits
        self._idle_workers: list[Worker] = []
        self._busy_workers: set[Worker] = set()
        self._slots = asyncio.Semaphore(limits.max_workers)
        self._waiting_count = 0
        self._exit_tasks: set[asyncio.Task[int]] = set()
        self._running_count = 0
        self._worker_released = asyncio.Event()
        self._is_closed = False
        self._start_errors = ErrorLog(log, activity)

    async def run(self, header: Mapping[str, str], body: bytes) -> JobAnswer:
        """Have a worker do a job, and return its answer. Raise a JobError if it fails. May be cancelled at any time."""
        async with self._acquire_slot(), self._acquire_worker() as worker:
            answer = await worker.ask(header, body)
            if answer.parts[-1].get("fatal") or worker.job_count >= self._limits.jobs_per_worker:
                self._end_worker(worker)
            else:
                self._keep_worker(worker)
            return answer

    async def close(self) -> None:
        """End every worker, and wait until all have ended. Calls that are still waiting get PoolClosed or JobLost."""
        self._is_closed = True
        for worker in self._busy_workers:
            worker.kill()
        # The caller of a busy worker sees it end, and removes it.
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
            raise PoolBusy(self._waiting_count)
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
        """Provide a running worker. End it if the block raises anything, including a cancellation."""
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
            raise PoolClosed
        return worker

    async def _start_worker(self) -> Worker:
        try:
            worker = await Worker.start(self._limits, self._module)
        except StartFailed as exc:
            self._start_errors.record_failure(exc, str(exc))
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

    def _keep_worker(self, worker: Worker) -> None:
        self._idle_workers.append(worker)
        if self._limits.idle_seconds is not None:
            asyncio.get_running_loop().call_later(
                self._limits.idle_seconds, self._end_if_unused, worker, worker.job_count
            )

    def _end_if_unused(self, worker: Worker, job_count: int) -> None:
        """End a worker that has done no job since it had done ``job_count``."""
        if worker in self._idle_workers and worker.job_count == job_count:
            self._idle_workers.remove(worker)
            self._end_worker(worker)

    def _end_worker(self, worker: Worker) -> None:
        worker.kill()
        task = asyncio.create_task(worker.wait_until_ended())
        self._exit_tasks.add(task)
        task.add_done_callback(self._exit_tasks.discard)


def describe_start_failure(stderr: bytes, status: int | None) -> str:
    """Return why a process did not start, without a period at the end: the error that it printed, or how it ended.

    ``status`` is its exit status, negative for a signal; None if that is not known.
    """
    lines = stderr.decode(errors="replace").rstrip().splitlines()
    # The lines of a traceback are indented. Its error follows them and may have several lines.
    indented_lines = [index for index, line in enumerate(lines) if line[:1].isspace()]
    error = " ".join(" ".join(lines[indented_lines[-1] + 1 if indented_lines else 0 :]).split()).rstrip(".")
    return error[:_REASON_LIMIT] or _describe_exit(status)


def _describe_exit(status: int | None) -> str:
    if status is None:
        return "it was not ready in time, or ended without a word"
    if status >= 0:
        return f"it ended with status {status}"
    try:
        return f"it was ended by {signal.Signals(-status).name}"
    except ValueError:
        return f"it was ended by signal {-status}"


_Pipe = TypeVar("_Pipe")


def _require_pipe(pipe: _Pipe | None) -> _Pipe:
    if pipe is None:
        raise RuntimeError("the process was started without its pipes")
    return pipe
