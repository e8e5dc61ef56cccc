"""Whether the bot is healthy: each of its loops must complete a cycle within its limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.heartbeat import Heartbeat, ShardHeartbeats

#: How many shards are named in the reasons.
_MAX_SHARDS = 5


class LoopName(StrEnum):
    """The loops that are watched."""

    STORE = "store"
    DATABASE_FILES = "database_files"
    DISPATCHER = "dispatcher"
    POLLER = "poller"
    INTAKE = "intake"
    FEED_NEWS = "feed_news"
    MENTIONS = "mentions"


@dataclass(frozen=True, slots=True)
class WatchedLoop:
    """A loop that is watched: its name in a sentence, its limit in seconds, and what one cycle is."""

    label: str
    limit: float
    cycle: str


#: The limits leave room for the longest cycle that is not an error, on a slow machine: red means that a restart is worth a try.
LOOPS: dict[LoopName, WatchedLoop] = {
    LoopName.STORE: WatchedLoop("The store", 60.0, "a read every 5 s, and a write every 30 s"),
    LoopName.DATABASE_FILES: WatchedLoop(
        "The watch over the database's files", 60.0, "a look at the files, every 0.2 s"
    ),
    LoopName.DISPATCHER: WatchedLoop("The dispatcher", 120.0, "leasing the posts that are due; it rests for 0.2 s"),
    LoopName.POLLER: WatchedLoop("The poller of the feeds", 120.0, "starting the polls that are due; it rests for 5 s"),
    LoopName.INTAKE: WatchedLoop(
        "The intake of articles",
        900.0,
        "filing up to 20 articles; it rests for 2 s. The first cycle reads what the tracker knows, which can take minutes",
    ),
    LoopName.FEED_NEWS: WatchedLoop(
        "The distribution of followed feeds", 900.0, "distributing up to 50 articles; it rests for 2 s"
    ),
    LoopName.MENTIONS: WatchedLoop("The queue of mentions", 300.0, "reading a batch of stories; it rests for 5 s"),
}
#: Those of what only the leader does of several bots on one store.
LEADERS_LOOPS = (LoopName.POLLER, LoopName.INTAKE, LoopName.FEED_NEWS, LoopName.MENTIONS)
#: Discord asks for a heartbeat about every 41 s. A connection that is lost is usually resumed within seconds.
GATEWAY = WatchedLoop(
    "Discord's gateway", 120.0, "a heartbeat that Discord acknowledges, about every 41 s, for each shard"
)


class HealthStatus(StrEnum):
    """The state of the whole bot."""

    OK = "ok"
    STARTING = "starting"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class HealthReport:
    """The state of the bot, and why it is not healthy, as sentences."""

    status: HealthStatus
    reasons: tuple[str, ...] = ()


class Health:
    """The heartbeats of all loops and shards. ``clock`` is a clock in seconds that only moves forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._heartbeats = {name: Heartbeat(loop.limit, clock) for name, loop in LOOPS.items()}
        self.shards = ShardHeartbeats(GATEWAY.limit, clock)
        self._is_ready = False

    def get_heartbeat(self, name: LoopName) -> Heartbeat:
        """Return the heartbeat of a loop."""
        return self._heartbeats[name]

    def mark_ready(self) -> None:
        """Record that all shards are connected and that the loops start."""
        self._is_ready = True
        for heartbeat in self._heartbeats.values():
            if heartbeat.age is None:
                heartbeat.start()

    def build_report(self) -> HealthReport:
        """Return the state of the bot. It is computed from what is in memory, so it waits for nothing."""
        if not self._is_ready:
            return HealthReport(HealthStatus.STARTING, ("The bot is starting: not all shards are connected yet.",))
        reasons = tuple(self._explain_shards()) + tuple(self._explain_loops())
        return HealthReport(HealthStatus.FAILING if reasons else HealthStatus.OK, reasons)

    def _explain_loops(self) -> Iterator[str]:
        for name, heartbeat in self._heartbeats.items():
            delay = heartbeat.explain_delay()
            if delay:
                yield f"{LOOPS[name].label} {delay}."

    def _explain_shards(self) -> Iterator[str]:
        delays = [(shard_id, delay) for shard_id, each in self.shards.list_all() if (delay := each.explain_delay())]
        for shard_id, delay in delays[:_MAX_SHARDS]:
            yield f"{GATEWAY.label}, shard {shard_id}, {delay}."
        if len(delays) > _MAX_SHARDS:
            yield f"{GATEWAY.label}: {len(delays) - _MAX_SHARDS} more shards are failing."
        if not self.shards.list_all():
            yield f"{GATEWAY.label} has not connected."
