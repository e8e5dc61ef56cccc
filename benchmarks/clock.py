"""One clock for a trial: the bot, the local Discord and the newsroom are ahead of the machine by as much, and it can be put on.

The clock of the bot's machine, which is also the newsroom's, can be wrong besides; Discord's never is.
"""

from __future__ import annotations

import os
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import utc_now

#: Seconds that all are ahead, and those by which the bot's machine is wrong.
_OFFSETS = struct.Struct("dd")


class TrialClock:
    """The machine's clock and the seconds that stand in a file: whoever opens the same file has the same time."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT)
        if os.fstat(self._file).st_size < _OFFSETS.size:
            self._write(0.0, 0.0)

    def __call__(self) -> datetime:
        """Return the present, for whoever is handed a clock on the bot's machine."""
        return utc_now() + timedelta(seconds=sum(self._offsets))

    def wall(self) -> float:
        """Return the present in seconds since 1970, by Discord's clock."""
        return time.time() + self._offsets[0]

    def steady(self) -> float:
        """Seconds that only ever grow, from no particular beginning."""
        return time.monotonic() + self._offsets[0]

    def forward(self, **span: float) -> None:
        """Put the clock on by a timedelta's arguments, for all at once."""
        ahead, wrong = self._offsets
        self._write(ahead + timedelta(**span).total_seconds(), wrong)

    def forward_to(self, moment: datetime) -> None:
        """Put the clock on to a moment; one that is over is left alone."""
        self.forward(seconds=max(0.0, (moment - self()).total_seconds()))

    def put_wrong(self, **span: float) -> None:
        """Let the bot's machine be ahead of Discord by a timedelta's arguments, or behind it."""
        self._write(self._offsets[0], timedelta(**span).total_seconds())

    def put_right(self) -> None:
        """Let the bot's machine show the time that it is."""
        self.put_wrong()

    @property
    def _offsets(self) -> tuple[float, float]:
        ahead, wrong = _OFFSETS.unpack(os.pread(self._file, _OFFSETS.size, 0))
        return float(ahead), float(wrong)

    def _write(self, ahead: float, wrong: float) -> None:
        os.pwrite(self._file, _OFFSETS.pack(ahead, wrong), 0)
