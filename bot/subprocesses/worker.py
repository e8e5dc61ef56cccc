"""The child process: it reads one request after the other from its standard input until that ends.

It is trusted with nothing: it has no environment, and once it is warm it can write no file, open none and no connection (unless
its jobs need files), and grow no further than its memory. A job that outlives its time ends the process from within, even if the
bot was killed meanwhile.
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

#: From the header and the bytes of a request to the objects of an answer, or to bytes. A job that fails says so by the key
#: ``error`` in its last object.
Job: TypeAlias = Callable[[Mapping[str, str], bytes], "list[dict[str, Any]] | bytes"]
Message: TypeAlias = tuple[dict[str, Any], bytes]
#: How much longer than the bot waits a worker lives, in seconds.
_GRACE = 1.0


def serve(jobs: Mapping[str, Job], warm_up: Callable[[], None], *, may_open_files: bool = False) -> None:
    """Answer requests until the bot is gone. Memory (bytes) and time of a job (seconds) are the process's arguments.

    ``warm_up`` loads whatever the jobs load late: afterwards a worker can open no file, unless it may.
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
    """Let this process from now on grow no further than ``memory`` bytes, and write no file; nor open any, unless it may."""
    _set_limit(resource.RLIMIT_AS, memory)
    _set_limit(resource.RLIMIT_DATA, memory)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    _set_limit(resource.RLIMIT_CORE, 0)
    if not may_open_files:
        _set_limit(resource.RLIMIT_NOFILE, 0)


def start_job_limit(seconds: float) -> None:
    """Let the process end by itself if the job takes longer, even inside a C library."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu_limit = math.ceil(usage.ru_utime + usage.ru_stime + seconds + _GRACE)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def clear_job_limit() -> None:
    """Let the process wait for its next job as long as it likes."""
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
