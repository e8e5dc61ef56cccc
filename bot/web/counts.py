"""Count in memory what the bot's parts report."""

from __future__ import annotations

import contextlib
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.model.tracking import Decision
from bot.recorder import AnswerWay, DeliveryOutcome, Recorder
from bot.web.metric_list import ANSWER_BUCKETS, METHODS, ROUTES, SCOPES


@dataclass(slots=True)
class Durations:
    """A histogram: how many durations are in each bucket, the last of which has no bound, and their sum in seconds."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(ANSWER_BUCKETS) + 1))
    total: float = 0.0

    def add(self, seconds: float) -> None:
        """Count a duration."""
        self.counts[bisect_left(ANSWER_BUCKETS, seconds)] += 1
        self.total += seconds


class Counts(Recorder):
    """Counts since the start of the process. All counts of fixed vocabularies begin with 0, so that a first event is an increase.

    ``clock`` is a clock in seconds that only moves forward.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self.deliveries = Counter(dict.fromkeys(DeliveryOutcome, 0))
        self.decisions = Counter(dict.fromkeys(Decision, 0))
        self.rate_limits = Counter(dict.fromkeys(SCOPES, 0))
        #: By method, route and class of the status.
        self.requests: Counter[tuple[str, str, str]] = Counter()
        self.answers = {way: Durations() for way in AnswerWay}
        self.latencies: dict[int, float] = {}

    def record_deliveries(self, outcome: DeliveryOutcome, count: int) -> None:
        """Count deliveries."""
        self.deliveries[outcome] += count

    def record_decision(self, decision: Decision) -> None:
        """Count an article."""
        self.decisions[decision] += 1

    def record_request(self, method: str, path: str, status: int | None, rate_limit_scope: str = "") -> None:
        """Count a request. Of its path only the kind of route is kept: the rest has ids and tokens."""
        self.requests[method if method in METHODS else "other", _find_route(path), _classify_status(status)] += 1
        if status == 429:
            self.rate_limits[rate_limit_scope if rate_limit_scope in SCOPES else "unknown"] += 1

    def record_latency(self, shard_id: int, seconds: float) -> None:
        """Keep the latency of a shard's last heartbeat."""
        self.latencies[shard_id] = seconds

    @contextlib.contextmanager
    def time_answer(self, way: AnswerWay) -> Iterator[None]:
        """Count how long the work within this context takes, whether it succeeds or not."""
        started_at = self._clock()
        try:
            yield
        finally:
            self.answers[way].add(self._clock() - started_at)


def _find_route(path: str) -> str:
    """Return the first part of a path that is a kind of route; the parts before it are the base address of the API."""
    return next((part for part in path.split("/", 8)[:8] if part in ROUTES), "other")


def _classify_status(status: int | None) -> str:
    if status is None:
        return "none"
    if status == 429:
        return "429"
    return f"{status // 100}xx" if 100 <= status < 600 else "other"
