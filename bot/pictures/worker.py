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
LENGTH = struct.Struct(">I")
#: Without work for so long, a worker is not worth its memory.
IDLE_SECONDS = 900.0


def main(idle_seconds: float) -> None:
    """Draw until nobody asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox, outbox, nowhere = _pipes()
    # Before the first plan, which waits meanwhile: loading takes longer than drawing.
    from bot.pictures.draw import draw
    from bot.pictures.plan import unpacked

    # Until here the bot reads from stderr why the process cannot start.
    os.dup2(nowhere, 2)
    os.close(nowhere)
    while select.select([inbox], [], [], idle_seconds)[0]:
        size = _read(inbox, LENGTH.size)
        if len(size) < LENGTH.size:
            return
        data = _read(inbox, *LENGTH.unpack(size))
        try:
            picture = draw(unpacked(data))
        except Exception:  # noqa: BLE001 - whatever the drawing of a text from outside raises, the next plan is drawn
            picture = b""
        outbox.write(LENGTH.pack(len(picture)) + picture)
        outbox.flush()


def _pipes() -> tuple[io.FileIO, BinaryIO, int]:
    """The pipes from and to the bot, unbuffered inwards so that waiting sees all there is, and a descriptor of nowhere.

    A library that prints reaches nobody.
    """
    inbox, outbox = io.FileIO(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nowhere, number)
    return inbox, outbox, nowhere


def _read(inbox: io.FileIO, size: int) -> bytes:
    """So many bytes, fewer only when the bot is gone."""
    got = b""
    while len(got) < size:
        more = inbox.read(size - len(got))
        if not more:
            break
        got += more
    return got


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else IDLE_SECONDS)
