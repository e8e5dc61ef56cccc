"""One clock for a trial: the bot, the local Discord and the newsroom are ahead of the machine by as much, and it can be put on."""

from __future__ import annotations

import os
import struct
import time
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import utc_now

_AHEAD = struct.Struct("d")


class TrialClock:
    """The machine's clock and the seconds that stand in a file: whoever opens the same file has the same time."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_RDWR | os.O_CREAT)
        if os.fstat(self._file).st_size < _AHEAD.size:
            os.pwrite(self._file, _AHEAD.pack(0.0), 0)

    def __call__(self) -> datetime:
        """The present, for whoever is handed a clock."""
        return utc_now() + timedelta(seconds=self._ahead)

    def wall(self) -> float:
        """The present in seconds since 1970."""
        return time.time() + self._ahead

    def steady(self) -> float:
        """Seconds that only ever grow, from no particular beginning."""
        return time.monotonic() + self._ahead

    def forward(self, **span: float) -> None:
        """Put the clock on by a timedelta's arguments, for all at once."""
        os.pwrite(self._file, _AHEAD.pack(self._ahead + timedelta(**span).total_seconds()), 0)

    def forward_to(self, moment: datetime) -> None:
        """Put the clock on to a moment; one that is over is left alone."""
        self.forward(seconds=max(0.0, (moment - self()).total_seconds()))

    @property
    def _ahead(self) -> float:
        return float(_AHEAD.unpack(os.pread(self._file, _AHEAD.size, 0))[0])
