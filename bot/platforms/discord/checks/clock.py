"""Compare this machine's clock with Discord's, which every response has in its ``Date`` header."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

from bot.clock import Clock, format_duration
from bot.model.findings import Finding

#: Differences up to this many seconds are normal: the header has whole seconds, and the response takes time.
NORMAL_SECONDS = 5.0
#: From this many seconds on, posts come visibly early or late.
SERIOUS_SECONDS = 300.0
_EFFECTS = "Digests, quiet hours, reminders and the times between two readings of a feed follow this machine's clock"
_FIX = "Turn on its synchronisation, such as with: sudo timedatectl set-ntp true"


class ClockProbe:
    """Remembers the smallest difference of the clocks that any response has shown."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.seconds: float | None = None

    def build_trace_config(self) -> aiohttp.TraceConfig:
        """Return the hooks for a client whose responses are looked at."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._compare)
        return config

    async def _compare(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
    ) -> None:
        seconds = compute_difference(self._clock(), params.response.headers.get("Date", ""))
        if seconds is not None and (self.seconds is None or abs(seconds) < abs(self.seconds)):
            self.seconds = seconds

    def check(self) -> Iterator[Finding]:
        """Yield whether the clock is right; nothing if no response had a date."""
        if self.seconds is not None:
            yield judge_difference(self.seconds)


def compute_difference(now: datetime, header: str) -> float | None:
    """Return by how many seconds a clock is ahead of a ``Date`` header; None if that is not a date."""
    try:
        date = parsedate_to_datetime(header[:100])
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return (now - date).total_seconds()


def judge_difference(seconds: float) -> Finding:
    """Return whether a difference of the clocks matters."""
    if abs(seconds) <= NORMAL_SECONDS:
        return Finding.ok("This machine's clock agrees with Discord's.")
    direction = "ahead of" if seconds > 0 else "behind"
    text = f"This machine's clock is {format_duration(abs(seconds))} {direction} Discord's. {_EFFECTS}. {_FIX}"
    return Finding.problem(text) if abs(seconds) >= SERIOUS_SECONDS else Finding.note(text)
