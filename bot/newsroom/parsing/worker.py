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
from bot.newsroom.parsing.frames import part, read_request
from bot.newsroom.parsing.jobs import JOBS, warm_up

#: How much longer than the bot waits a worker lets itself live.
_GRACE = 1.0


def main(memory: int, seconds: float) -> None:
    """Answer until the bot is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox, nowhere = _pipes()
    warm_up()
    # Until here the bot reads from stderr why the process cannot start.
    os.dup2(nowhere, 2)
    os.close(nowhere)
    limit(memory)
    _send(outbox, [{"end": "ready"}])
    while True:
        try:
            header, body = read_request(inbox)
        except EOFError:
            return
        with_limit(seconds)
        parts = answer(header, body)
        without_limit()
        _send(outbox, parts)
        if parts[-1].get("fatal"):
            return


def answer(header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
    """What comes of one job; never raises."""
    try:
        return [*JOBS[header["job"]](header, body), {"end": True}]
    except NotAFeed as exc:
        return [{"error": "no-feed", "sentence": str(exc), "page": exc.page}]
    except MemoryError:
        return [{"error": "memory", "fatal": True}]
    except RecursionError:
        return [{"error": "unreadable", "fatal": True}]
    except Exception:  # noqa: BLE001 - whatever a parser raises over hostile bytes, the bot is told that they are unreadable
        return [{"error": "unreadable"}]


def limit(memory: int) -> None:
    """From now on this process can grow no further than ``memory``, and open or write nothing."""
    _at_most(resource.RLIMIT_AS, memory)
    _at_most(resource.RLIMIT_DATA, memory)
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_NOFILE, 0)


def with_limit(seconds: float) -> None:
    """The process ends by itself if the job takes longer, even inside a C library."""
    signal.setitimer(signal.ITIMER_REAL, seconds + _GRACE)
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = math.ceil(used.ru_utime + used.ru_stime + seconds + _GRACE)
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def without_limit() -> None:
    """The job is done: the process may wait for the next as long as it likes."""
    signal.setitimer(signal.ITIMER_REAL, 0)


def _at_most(what: int, most: int) -> None:
    try:
        resource.setrlimit(what, (most, most))
    except (ValueError, OSError):  # a system that does not know this limit, or holds a lower one already
        return


def _pipes() -> tuple[BinaryIO, BinaryIO, int]:
    """The pipes from and to the bot, and a descriptor of nowhere; a library that prints cannot reach them."""
    inbox, outbox = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    return inbox, outbox, nowhere


def _send(outbox: BinaryIO, parts: Iterable[dict[str, Any]]) -> None:
    outbox.writelines(part(each) for each in parts)
    outbox.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
