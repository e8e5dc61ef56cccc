"""A worker that does whatever its request names: hang, die, talk nonsense. Run like the real one."""

from __future__ import annotations

import os
import signal
import socket
import sys
from typing import NoReturn

from bot.subprocesses import worker
from bot.subprocesses.framing import LENGTHS, encode_message, read_message


def main(memory: int, seconds: float) -> None:
    sys.stdout.buffer.write(encode_message({"end": "ready"}))
    sys.stdout.buffer.flush()
    while True:
        try:
            header, body = read_message(sys.stdin.buffer)
        except EOFError:
            return
        sys.stdout.buffer.write(misbehave(header["job"], body, memory, seconds))
        sys.stdout.buffer.flush()


def misbehave(job: str, body: bytes, memory: int, seconds: float) -> bytes:
    if job == "hang":
        busy()
    if job == "hang within":
        from bot.newsroom.parsing import jobs  # noqa: F401 - as all that the real worker loads takes a while

        worker.start_job_limit(seconds)
        busy()
    if job == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if job == "exit":
        os._exit(0)
    if job == "flood":
        flood()
    if job == "allowed":
        return encode_message(allowed(memory)) + encode_message({"end": True})
    if job == "memory":
        return encode_message(greedy(memory))
    message = {
        "nonsense": b"Traceback (most recent call last):\n" * 9,
        "too large": LENGTHS.pack(2**31, 0) + b"x",
        "no object": LENGTHS.pack(2, 0) + b"[]",
        "no json": LENGTHS.pack(2, 0) + b"{,",
        "not utf-8": LENGTHS.pack(2, 0) + b"\xff\xff",
        "deep": LENGTHS.pack(100_000, 0) + b"[" * 100_000,
        "bytes": encode_message({"end": True}, b"x"),
        "half": LENGTHS.pack(20, 0) + b'{"end"',
    }
    if job == "half":
        sys.stdout.buffer.write(message[job])
        sys.stdout.buffer.flush()
        os._exit(0)
    return message.get(job) or encode_message(
        {"size": len(body), "pid": os.getpid(), "environ": sorted(os.environ)}
    ) + encode_message({"end": True})


def busy() -> NoReturn:
    while True:
        pass


def flood() -> NoReturn:
    while True:
        sys.stdout.buffer.write(encode_message({"more": "x" * 1_000}))


def allowed(memory: int) -> dict[str, bool]:
    """Report what a worker can still do once it is limited."""
    worker.limit_process(memory)
    result = {"file": True, "connection": True}
    try:
        open(os.devnull).close()  # noqa: PTH123 - the plainest way to a file
    except OSError:
        result["file"] = False
    try:
        socket.socket().close()
    except OSError:
        result["connection"] = False
    return result


def greedy(memory: int) -> dict[str, object]:
    """Answer as the real worker does for a job that takes all memory."""
    from bot.newsroom.parsing import jobs

    jobs.JOBS["greedy"] = lambda _header, _body: [{"size": len(bytearray(2 * memory))}]
    worker.limit_process(memory)
    return worker.run_job(jobs.JOBS, {"job": "greedy"}, b"")[-1][0]


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
