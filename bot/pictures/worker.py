"""The drawing process: reads one plan after the other from its standard input, writes a picture for each, until that ends.

It has none of the bot's environment. Nobody needs to stop it: without a plan for a while, or without a bot, it ends.
"""

from __future__ import annotations

import io
import os
import select
import signal
import struct
import sys
from typing import BinaryIO

#: A length before each plan and each picture; a picture of no length is one that could not be drawn.
LENGTH_PREFIX = struct.Struct(">I")
#: Without work for so long, a worker is not worth its memory.
IDLE_SECONDS = 900.0


def main(idle_seconds: float) -> None:
    """Draw until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    input_pipe, output_pipe, null_fd = _redirect_pipes()
    # Before the first plan, which waits meanwhile: loading takes longer than drawing.
    from bot.pictures.draw import draw
    from bot.pictures.plan import decode_plan

    # Until here the bot reads from stderr why the process cannot start.
    os.dup2(null_fd, 2)
    os.close(null_fd)
    while select.select([input_pipe], [], [], idle_seconds)[0]:
        size = _read_bytes(input_pipe, LENGTH_PREFIX.size)
        if len(size) < LENGTH_PREFIX.size:
            return
        data = _read_bytes(input_pipe, *LENGTH_PREFIX.unpack(size))
        try:
            picture = draw(decode_plan(data))
        except Exception:  # noqa: BLE001 - whatever the drawing of a text from outside raises, the next plan is drawn
            picture = b""
        output_pipe.write(LENGTH_PREFIX.pack(len(picture)) + picture)
        output_pipe.flush()


def _redirect_pipes() -> tuple[io.FileIO, BinaryIO, int]:
    """The pipes from and to the bot, unbuffered inwards so that waiting sees all there is, and a descriptor of nowhere.

    A library that prints reaches nobody.
    """
    input_pipe, output_pipe = io.FileIO(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null_fd = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1):
        os.dup2(null_fd, fd)
    return input_pipe, output_pipe, null_fd


def _read_bytes(input_pipe: io.FileIO, size: int) -> bytes:
    """So many bytes, fewer only when the bot is gone."""
    received = b""
    while len(received) < size:
        chunk = input_pipe.read(size - len(received))
        if not chunk:
            break
        received += chunk
    return received


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else IDLE_SECONDS)
