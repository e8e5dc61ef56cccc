"""The heartbeat of a loop: when its last cycle succeeded, and whether that was too long ago."""

from __future__ import annotations

import time
from collections.abc import Callable


class Heartbeat:
    """Remembers when a loop last completed a cycle, and why the cycles since then have failed.

    ``limit`` is the longest time between two completed cycles, in seconds: the loop's longest rest, and the time that its work may
    take. ``clock`` is a clock in seconds that only moves forward, so that a correction of the machine's clock changes nothing.
    A cycle that hangs is noticed because none is completed; nobody has to report it.
    """

    def __init__(self, limit: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._clock = clock
        self._last_at: float | None = None
        self._reason = ""
        self._failure_count = 0

    @property
    def age(self) -> float | None:
        """Seconds since the last completed cycle or, before the first, since the start; None if the loop has not started."""
        return None if self._last_at is None else max(0.0, self._clock() - self._last_at)

    def start(self) -> None:
        """Record that the loop starts. Its first cycle has the same limit."""
        self.record_success()

    def record_success(self) -> None:
        """Record that a cycle was completed."""
        self._last_at = self._clock()
        self._reason, self._failure_count = "", 0

    def record_failure(self, reason: str) -> None:
        """Record why a cycle failed. ``reason`` is one line without a full stop, and has no secrets: the health page shows it."""
        if self._last_at is None:
            self._last_at = self._clock()
        self._reason = reason
        self._failure_count += 1

    def explain_delay(self) -> str:
        """Return why the loop is unhealthy, as the rest of a sentence that begins with its name; empty if it is healthy."""
        age = self.age
        if age is None:
            return "has not started"
        if age <= self.limit:
            return ""
        delay = f"has completed no cycle for {age:.0f} s (limit {self.limit:.0f} s)"
        return (
            f"{delay}; attempts that failed: {self._failure_count}, the last one: {self._reason}"
            if self._reason
            else delay
        )


class ShardHeartbeats:
    """The heartbeats of the gateway's shards, by shard id. A shard has one from its first connection on."""

    def __init__(self, limit: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.clock = clock
        self._heartbeats: dict[int, Heartbeat] = {}

    def get(self, shard_id: int) -> Heartbeat:
        """Return the heartbeat of a shard."""
        return self._heartbeats.setdefault(shard_id, Heartbeat(self.limit, self.clock))

    def list_all(self) -> list[tuple[int, Heartbeat]]:
        """Return the shards with their heartbeats, sorted by shard."""
        return sorted(self._heartbeats.items())
