"""The child process: reads one request after the other from its standard input until that ends.

It is trusted with nothing: it has no environment, and once it is warm it can open no file and no connection, write none, and grow no
further than its memory. A job that outlives its time ends the process from within, also when the bot was killed meanwhile.
"""

from __future__ import annotations

import math
import os
import resource
import signal
import sys
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from bot.errors import NotAFeed
from bot.newsroom.parsing.framing import encode_part, read_request
from bot.newsroom.parsing.jobs import JOBS, warm_up

#: How much longer than the bot waits a worker lets itself live.
_GRACE = 1.0


def main(memory: int, seconds: float) -> None:
    """Answer until the bot is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox, null_fd = _redirect_pipes()
    warm_up()
    # Until here the bot reads from stderr why the process cannot start.
    os.dup2(null_fd, 2)
    os.close(null_fd)
    limit_process(memory)
    _send_parts(outbox, [{"end": "ready"}])
    while True:
        try:
            header, body = read_request(inbox)
        except EOFError:
            return
        start_job_limit(seconds)
        parts = run_job(header, body)
        clear_job_limit()
        _send_parts(outbox, parts)
        if parts[-1].get("fatal"):
            return


def run_job(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """What comes of one job; never raises."""
    try:
        return [*JOBS[header["job"]](header, body), {"end": True}]
    except NotAFeed as exc:
        return [{"error": "no-feed", "sentence": str(exc), "page": exc.is_web_page}]
    except MemoryError:
        return [{"error": "memory", "fatal": True}]
    except RecursionError:
        return [{"error": "unreadable", "fatal": True}]
    except Exception:  # noqa: BLE001 - whatever a parser raises over hostile bytes, the bot is told that they are unreadable
        return [{"error": "unreadable"}]


def limit_process(memory: int) -> None:
    """From now on this process can grow no further than ``memory``, and open or write nothing."""
    _set_limit(resource.RLIMIT_AS, memory)
    _set_limit(resource.RLIMIT_DATA, memory)
    _set_limit(resource.RLIMIT_FSIZE, 0)
    _set_limit(resource.RLIMIT_CORE, 0)
    _set_limit(resource.RLIMIT_NOFILE, 0)


def start_job_limit(seconds: float) -> None:
    """The process ends by itself if the job takes longer, even inside a C library."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    cpu_limit = math.ceil(usage.ru_utime + usage.ru_stime + seconds + _GRACE)
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def clear_job_limit() -> None:
    """The job is done: the process may wait for the next as long as it likes."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _set_limit(resource_id: int, maximum: int) -> None:
    try:
        resource.setrlimit(resource_id, (maximum, maximum))
    except (ValueError, OSError):  # a system that does not know this limit, or holds a lower one already
        return


def _redirect_pipes() -> tuple[BinaryIO, BinaryIO, int]:
    """The pipes from and to the bot, and a descriptor of nowhere; a library that prints cannot reach them."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null_fd = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(null_fd, fd)
    return inbox, outbox, null_fd


def _send_parts(outbox: BinaryIO, parts: Iterable[dict[str, Any]]) -> None:
    outbox.writelines(encode_part(each) for each in parts)
    outbox.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
