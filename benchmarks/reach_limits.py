"""Discord's limits as the simulation of :mod:`benchmarks.reach` knows them, and the formulas that it is compared with.

Times are in seconds, rates in requests per second.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Window:
    """A limit: ``requests`` within ``seconds``, counted from the first of them."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What Discord allows a bot that has no raised limits."""

    requests_per_second: float = 50.0
    posts_per_channel: Window = Window(5, 5.0)
    publishes_per_channel: Window = Window(10, 3600.0)
    #: One IDENTIFY within this time for all shards whose ids are equal modulo ``max_concurrency``.
    identify_seconds: float = 5.0
    identifies_per_day: int = 1_000
    servers_per_shard: int = 2_500


@dataclass(frozen=True, slots=True)
class LimitSource:
    """A limit in words, and where it comes from."""

    limit: str
    value: str
    source: str


_TOPICS = "discord.com/developers/docs"
#: For the reader; :class:`Limits` has the same numbers.
SOURCES = (
    LimitSource("requests in all", "50 per second", f"{_TOPICS}/topics/rate-limits#global-rate-limit"),
    LimitSource("posts in a channel", "5 per 5 s", "headers of Discord's answers; undocumented"),
    LimitSource("publications in an announcement channel", "10 per hour", "observed; undocumented"),
    LimitSource("IDENTIFY", "1 per 5 s and max_concurrency bucket", f"{_TOPICS}/events/gateway#sharding"),
    LimitSource("IDENTIFY in a day", "1,000", f"{_TOPICS}/events/gateway#identifying"),
    LimitSource("servers on a shard", "2,500", f"{_TOPICS}/events/gateway#sharding"),
)


def fan_out_seconds(requests: float, rate: float) -> float:
    """Return how long requests take at an even rate."""
    return requests / rate


def window_seconds(requests: int, window: Window) -> float:
    """Return how long the last of the requests waits if they share one window."""
    return max(0, math.ceil(requests / window.requests) - 1) * window.seconds


def paced_rate(rate: float, slots: int, round_trip: float) -> float:
    """Return the rate of a pacer whose requests hold one of ``slots`` until a second after their answer."""
    return min(rate, slots / (1.0 + round_trip))


def killed_rate(rate: float, lost_requests: float, kill_every: float) -> float:
    """Return the rate that is left if each kill costs ``lost_requests``; 0 if nothing is left.

    ``kill_every`` is the time from kill to kill, in seconds.
    """
    return max(0.0, rate - lost_requests / kill_every)


def mean_delivery_seconds(per_hour: float, channels: int, rate: float) -> float:
    """Return the mean time until the last channel has a development, if developments come at random.

    This is the M/D/1 queue (https://en.wikipedia.org/wiki/M/D/1_queue), whose service time is ``channels`` ÷ ``rate``;
    infinite if more is published than can be sent.
    """
    service = channels / rate
    load = per_hour / 3600.0 * service
    return service + load * service / (2.0 * (1.0 - load)) if load < 1.0 else math.inf


def backlog_growth(per_hour: float, channels: int, rate: float, headlines: int = 1) -> float:
    """Return by how many deliveries the backlog grows in an hour if a message carries up to ``headlines`` of them."""
    return max(0.0, per_hour * channels - rate * 3600.0 * headlines)


def most_followers(per_hour: float, rate: float, headlines: int = 1) -> float:
    """Return how many channels can follow everything before the backlog grows for ever."""
    return rate * 3600.0 * headlines / per_hour


def headlines_per_message(per_hour: float, channels: int, rate: float) -> float:
    """Return how many headlines a folded message carries if each channel gets its next message as soon as all others had one."""
    return per_hour / 3600.0 * channels / rate


def start_seconds(shards: int, max_concurrency: int, interval: float) -> float:
    """Return when the last shard may send its IDENTIFY, counted from the first."""
    return max(0, math.ceil(shards / max_concurrency) - 1) * interval


def budget_seconds(shards: int, processes: int, kill_every: float, limits: Limits) -> float:
    """Return how long the day's IDENTIFYs last if a process is killed each ``kill_every`` seconds; infinite if for the day.

    The first start and absences are left out.
    """
    seconds = limits.identifies_per_day * max(kill_every * processes / shards, limits.identify_seconds)
    return seconds if seconds < DAY_SECONDS else math.inf


def total_memory(processes: int, base: float, servers: int, per_server: float) -> float:
    """Return the memory of all processes, in the unit of ``base`` and ``per_server``."""
    return processes * base + servers * per_server
