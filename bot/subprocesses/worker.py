"""Read requests from standard input until it ends, and answer each: the child process of a worker pool.

The process is not trusted. It has no environment, and its memory is limited. Once it is warm, it can write no files, and unless
its jobs need files, it can open neither files nor connections. If a job takes too long, the process ends itself, even if the bot
was killed meanwhile.
"""

from __future__ import annotations

import math
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, TypeAlias

from bot.subprocesses.framing import encode_message, read_message

#: Turns the header and the bytes of a request into the objects of an answer, or into bytes. If a job fails, its last object has
#: the key ``error``.
Job: TypeAlias = Callable[[Mapping[str, str], bytes], "list[dict[str, Any]] | bytes"]
Message: TypeAlias = tuple[dict[str, Any], bytes]
#: How much longer than the bot's own timeout a worker's is, in seconds.
_GRACE = 1.0


def serve(jobs: Mapping[str, Job], warm_up: Callable[[], None], *, may_open_files: bool = False) -> None:
    """Answer requests until the bot has ended. Memory (bytes) and time of a job (seconds) are the process's arguments.

    ``warm_up`` loads what the jobs would load lazily, because without ``may_open_files`` no file can be opened afterwards.
    """
    memory, seconds = int(sys.argv[1]), float(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox, null_fd = _redirect_pipes()
    warm_up()
    # Until here the bot reads from stderr why the process cannot start.
    os.dup2(null_fd, 2)
    os.close(null_fd)
    limit_process(memory, may_open_files=may_open_files)
    _send(outbox, [({"end": "ready"}, b"")])
    while True:
        try:
            header, body = read_message(inbox)
        except EOFError:
            return
        start_job_limit(seconds)
        messages = run_job(jobs, header, body)
        clear_job_limit()
        _send(outbox, messages)
        if messages[-1][0].get("fatal"):
            return


def run_job(jobs: Mapping[str, Job], header: Mapping[str, str], body: bytes) -> list[Message]:
    """Return the answer of one job, whose last message says how it ended. Never raise an exception."""
    try:
        answer = jobs[header["job"]](header, body)
    except MemoryError:
        return [({"error": "memory", "fatal": True}, b"")]
    except RecursionError:
        return [({"error": "failed", "fatal": True}, b"")]
    except Exception:  # noqa: BLE001 - whatever a library raises over hostile bytes, the bot hears only that the job failed
        return [({"error": "failed"}, b"")]
    if isinstance(answer, bytes):
        return [({"end": True}, answer)]
    end: list[dict[str, Any]] = [] if answer and "error" in answer[-1] else [{"end": True}]
    return [(data, b"") for data in [*answer, *end]]


def limit_process(memory: int, *, may_open_files: bool = False) -> None:
    """Limit this process's memory to ``memory`` bytes, and forbid it to write files.

    Without ``may_open_files``, it can open neither files nor connections.
    """
    _set_limit(resource.RLIMIT_AS, memory)
    _set_limit(resource.RLIMIT_DATA, memory)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    _set_limit(resource.RLIMIT_CORE, 0)
    if not may_open_files:
        _set_limit(resource.RLIMIT_NOFILE, 0)


def start_job_limit(seconds: float) -> None:
    """End the process if the job takes longer than this, even inside a C library."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu_limit = math.ceil(usage.ru_utime + usage.ru_stime + seconds + _GRACE)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def clear_job_limit() -> None:
    """Stop the timer of :func:`start_job_limit`, so that the process may wait for its next job for any time."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _set_limit(resource_id: int, maximum: int) -> None:
    try:
        resource.setrlimit(resource_id, (maximum, maximum))
    except (ValueError, OSError):  # a system that does not know this limit, or holds a lower one already
        return


def _redirect_pipes() -> tuple[BinaryIO, BinaryIO, int]:
    """Return the pipes from and to the bot, and a descriptor of the null device. A library that prints cannot reach them."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null_fd = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(null_fd, fd)
    return inbox, outbox, null_fd


def _send(outbox: BinaryIO, messages: Iterable[Message]) -> None:
    outbox.writelines(encode_message(data, body) for data, body in messages)
    outbox.flush()
