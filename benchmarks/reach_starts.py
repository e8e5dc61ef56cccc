"""Simulate the gateway: the start of many shards, processes that are killed, and the servers that each process has.

Times are in seconds.
"""

from __future__ import annotations

import heapq
import itertools
import math
import random
from collections import Counter, defaultdict, deque
from dataclasses import dataclass

from benchmarks.reach_limits import DAY_SECONDS, Limits

_LIMITS = Limits()
#: A server's shard is its id without these lower bits, modulo the number of shards
#: (https://discord.com/developers/docs/events/gateway#sharding-sharding-formula).
_SHARD_SHIFT = 22


@dataclass(frozen=True, slots=True)
class GatewayOutcome:
    """``up_at`` is when all shards were up for the first time, ``spent_at`` when no IDENTIFY was left; None: never.

    ``share_up`` is the mean share of shards that were up.
    """

    up_at: float | None
    spent_at: float | None
    identifies: int
    share_up: float


class GatewaySimulation:
    """Processes that each have an equal part of the shards, and one queue for each ``max_concurrency`` bucket.

    Each ``kill_every`` a random process is killed, and asks for its shards again after ``restart``. A killed process keeps no
    session, so each of its shards needs a new IDENTIFY.
    """

    def __init__(
        self,
        shards: int,
        *,
        processes: int = 1,
        max_concurrency: int = 1,
        kill_every: float = math.inf,
        restart: float = 0.0,
        limits: Limits = _LIMITS,
        seed: int = 0,
    ) -> None:
        self._shards_by_process = [
            range(shards * number // processes, shards * (number + 1) // processes) for number in range(processes)
        ]
        self._shard_count = shards
        self._max_concurrency = max_concurrency
        self._kill_every = kill_every
        self._restart = restart
        self._limits = limits
        self._chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._events: list[tuple[float, int, str, int]] = []
        self._event_count = 0
        self._now = 0.0
        #: The shards that wait in each bucket, in order, with the life of the process that asked.
        self._queues: defaultdict[int, deque[tuple[int, int, int]]] = defaultdict(deque)
        self._free_at: dict[int, float] = {}
        self._lives = [0] * processes
        self._up: set[int] = set()
        self._up_at: float | None = None
        self._spent_at: float | None = None
        self._identifies = 0
        self._up_seconds = 0.0

    def run(self, until: float = DAY_SECONDS) -> GatewayOutcome:
        """Start all processes at once. Stop when the time is over or no IDENTIFY is left; without kills, when all shards are up."""
        for process in range(len(self._lives)):
            self._push(0.0, "start", process)
        if self._kill_every < math.inf:
            self._push(self._kill_every, "kill", 0)
        while self._events and self._spent_at is None:
            at, _, kind, number = heapq.heappop(self._events)
            self._up_seconds += len(self._up) * (min(at, until) - self._now)
            self._now = min(at, until)
            if at > until:
                break
            {"start": self._start, "identify": self._identify, "kill": self._kill}[kind](number)
        share = self._up_seconds / (self._now * self._shard_count) if self._now and self._shard_count else math.nan
        return GatewayOutcome(self._up_at, self._spent_at, self._identifies, share)

    def _push(self, at: float, kind: str, number: int) -> None:
        self._event_count += 1
        heapq.heappush(self._events, (at, self._event_count, kind, number))

    def _start(self, process: int) -> None:
        for shard in self._shards_by_process[process]:
            bucket = shard % self._max_concurrency
            self._queues[bucket].append((shard, process, self._lives[process]))
            if len(self._queues[bucket]) == 1:
                self._push(max(self._now, self._free_at.get(bucket, 0.0)), "identify", bucket)

    def _identify(self, bucket: int) -> None:
        queue = self._queues[bucket]
        while queue and queue[0][2] != self._lives[queue[0][1]]:
            # Its process was killed while it waited.
            queue.popleft()
        if not queue or self._now < self._free_at.get(bucket, 0.0):
            return
        if self._identifies >= self._limits.identifies_per_day:
            self._spent_at = self._now
            return
        shard, _, _ = queue.popleft()
        self._identifies += 1
        self._up.add(shard)
        if self._up_at is None and len(self._up) == self._shard_count:
            self._up_at = self._now
        self._free_at[bucket] = self._now + self._limits.identify_seconds
        if queue:
            self._push(self._free_at[bucket], "identify", bucket)

    def _kill(self, _number: int) -> None:
        process = self._chance.randrange(len(self._lives))
        self._lives[process] += 1
        self._up.difference_update(self._shards_by_process[process])
        self._push(self._now + self._restart, "start", process)
        self._push(self._now + self._kill_every, "kill", 0)


def count_servers(servers: int, shards: int, processes: int, seed: int) -> tuple[list[int], list[int]]:
    """Return how many servers with random ids each shard has, and each process."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    counts = Counter((chance.getrandbits(63) >> _SHARD_SHIFT) % shards for _ in range(servers))
    by_shard = [counts[shard] for shard in range(shards)]
    bounds = [shards * number // processes for number in range(processes + 1)]
    return by_shard, [sum(by_shard[start:end]) for start, end in itertools.pairwise(bounds)]
