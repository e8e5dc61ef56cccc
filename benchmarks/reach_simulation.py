"""Simulate how developments reach channels: processes that share a rate of requests, a queue of posts, and a heap of events.

It follows ``bot/delivery/dispatcher.py``: the oldest post of a channel first, many waiting posts of a channel in one message, leases
that come back in doubt when a process was killed and are then searched for, publications of announcement channels.
Times are in seconds.
"""

from __future__ import annotations

import heapq
import math
import random
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from benchmarks.reach_limits import Limits, Window
from bot.model.post import FOLD_AFTER, FOLD_THRESHOLD

#: How many posts a process leases ahead, as ``bot/delivery/dispatcher.py`` does.
LEASED_AHEAD = 128
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Audience:
    """Channels that follow the same developments. What is posted in announcement channels is published afterwards."""

    channels: int
    is_announcement: bool = False


@dataclass(frozen=True, slots=True)
class Setup:
    """The processes and what they cost.

    ``rate`` is that of all processes together; with ``slots``, that many requests of a process are counted within a second and
    a ``round_trip``. ``post_seconds`` is the processor time of a request, ``enqueue_seconds`` that of enqueueing one post.
    A message carries up to ``headlines`` developments; 1: nothing is folded. Each ``kill_every`` a random process is killed, and
    its share and its leases are unused for ``absence``. ``publish_last``: publications wait until no post does.
    """

    rate: float
    processes: int = 1
    slots: int | None = None
    round_trip: float = 0.0
    post_seconds: float = 0.0
    enqueue_seconds: float = 0.0
    headlines: int = 1
    kill_every: float = math.inf
    absence: float = 0.0
    publish_last: bool = True
    limits: Limits = field(default_factory=Limits)


class Request(Enum):
    """What a request to Discord does."""

    POST = "post"
    PUBLISH = "publish"
    SEARCH = "search"


class Task(NamedTuple):
    """One message to one channel: ``size`` developments from number ``first`` on. ``is_sent``: only the search for it is left."""

    audience: int
    channel: int
    first: int
    size: int = 1
    action: Request = Request.POST
    is_doubtful: bool = False
    is_sent: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """When a development was published, and when the last channel of its audience had it; None if some have not."""

    audience: int
    published_at: float
    done_at: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulation showed: ``waiting`` deliveries were left at its end, ``arrived`` had been made."""

    delivered: tuple[Delivered, ...]
    requests: Counter[Request]
    arrived: int
    waiting: int

    @property
    def done_at(self) -> float:
        """Return when everything was delivered; infinite if something was not."""
        return max((math.inf if one.done_at is None else one.done_at for one in self.delivered), default=0.0)

    @property
    def headlines_per_message(self) -> float:
        """Return how many deliveries a message had on average."""
        posts = self.requests[Request.POST]
        return self.arrived / posts if posts else math.nan

    @property
    def mean_seconds(self) -> float:
        """Return the mean time from publishing until the last channel had the development, over those that are done."""
        taken = [one.done_at - one.published_at for one in self.delivered if one.done_at is not None]
        return sum(taken) / len(taken) if taken else math.nan


def draw_arrivals(per_hour: float, hours: float, audiences: int, seed: int) -> list[tuple[float, int]]:
    """Return the times of developments that come at random, each with a random audience."""
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    arrivals, now = [], chance.expovariate(per_hour / _HOUR)
    while now < hours * _HOUR:
        arrivals.append((now, chance.randrange(audiences)))
        now += chance.expovariate(per_hour / _HOUR)
    return arrivals


class WindowCounter:
    """Counts requests of each channel in its window."""

    def __init__(self, channels: int, window: Window) -> None:
        self._window = window
        self._starts = array("d", [-math.inf]) * channels
        self._counts = array("H", [0]) * channels

    def take(self, channel: int, now: float) -> float:
        """Count a request of a channel and return 0; or return when it may be made, without counting it."""
        end = self._starts[channel] + self._window.seconds
        if now >= end:
            self._starts[channel], self._counts[channel] = now, 0
        elif self._counts[channel] >= self._window.requests:
            return end
        self._counts[channel] += 1
        return 0.0


class Timeline:
    """The developments of one audience, and its channels by the development that each gets next."""

    def __init__(self, audience: Audience, limits: Limits) -> None:
        self.audience = audience
        self.posts = WindowCounter(audience.channels, limits.posts_per_channel)
        self.publishes = WindowCounter(
            audience.channels if audience.is_announcement else 0, limits.publishes_per_channel
        )
        self.queues: defaultdict[int, deque[int]] = defaultdict(deque, {0: deque(range(audience.channels))})
        self.published_at: list[float] = []
        self.due_at: list[float] = []
        self.remaining: list[int] = []
        self.done_at: list[float | None] = []

    def publish(self, published_at: float, now: float) -> None:
        """Add a development that is due now."""
        self.published_at.append(published_at)
        self.due_at.append(now)
        self.remaining.append(self.audience.channels)
        self.done_at.append(None if self.audience.channels else now)

    def record(self, task: Task, now: float) -> None:
        """Record that a channel has the developments of a message."""
        for number in range(task.first, task.first + task.size):
            self.remaining[number] -= 1
            if not self.remaining[number]:
                self.done_at[number] = now


@dataclass(slots=True)
class Process:
    """A process: what it has leased, what it has sent and may not have recorded, and the slots of its pacer."""

    number: int
    leased: deque[Task] = field(default_factory=deque)
    unrecorded: deque[tuple[float, Task]] = field(default_factory=deque)
    slots: deque[float] = field(default_factory=deque)
    next_at: float = 0.0
    is_alive: bool = True
    is_scheduled: bool = False
    life: int = 0


class _Event(Enum):
    TURN = 0
    PUBLISH = 1
    RETURN = 2
    KILL = 3


class Simulation:
    """One run. The seed decides which process is killed."""

    def __init__(self, setup: Setup, audiences: Sequence[Audience], seed: int = 0) -> None:
        self._setup = setup
        self._timelines = [Timeline(audience, setup.limits) for audience in audiences]
        self._chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self._gap = max(setup.processes / setup.rate, setup.post_seconds)
        self._processes = [
            # Evenly spaced together, not all at the same moment.
            Process(number, next_at=number / setup.rate)
            for number in range(setup.processes)
        ]
        self._events: list[tuple[float, int, _Event, object]] = []
        self._event_count = 0
        self._now = 0.0
        #: Developments with channels that wait, oldest first: due since, audience, number.
        self._due: list[tuple[float, int, int]] = []
        self._listed: set[tuple[int, int]] = set()
        self._returned: deque[Task] = deque()
        self._to_publish: deque[Task] = deque()
        self._post_count = self._publish_count = self._search_count = 0
        self._waiting = 0
        self._unpublished = 0
        self._arrived = 0

    def run(self, arrivals: Sequence[tuple[float, int]], until: float = math.inf) -> Outcome:
        """Publish developments at these times for these audiences, and send until all is delivered or the time is over."""
        free_at = 0.0
        for published_at, number in sorted(arrivals):
            cost = self._setup.enqueue_seconds * self._timelines[number].audience.channels
            free_at = max(free_at, published_at) + cost
            self._push(free_at, _Event.PUBLISH, (number, published_at))
        self._unpublished = len(arrivals)
        if self._setup.kill_every < math.inf:
            self._push(self._setup.kill_every, _Event.KILL, None)
        while self._events and (self._unpublished or self._waiting):
            at, _, kind, subject = heapq.heappop(self._events)
            if at > until:
                break
            self._now = at
            self._handle(kind, subject)
        return self._build_outcome()

    def _handle(self, kind: _Event, subject: object) -> None:
        if kind is _Event.TURN:
            assert isinstance(subject, tuple)
            process, life = subject
            if process.life == life:
                self._take_turn(process)
        elif kind is _Event.PUBLISH:
            assert isinstance(subject, tuple)
            self._publish(*subject)
        elif kind is _Event.RETURN:
            assert isinstance(subject, tuple)
            self._return(*subject)
        else:
            self._kill()
            self._push(self._now + self._setup.kill_every, _Event.KILL, None)

    def _push(self, at: float, kind: _Event, subject: object) -> None:
        self._event_count += 1
        heapq.heappush(self._events, (at, self._event_count, kind, subject))

    def _publish(self, number: int, published_at: float) -> None:
        timeline = self._timelines[number]
        timeline.publish(published_at, self._now)
        self._unpublished -= 1
        self._waiting += timeline.audience.channels
        self._list_due(number, len(timeline.due_at) - 1)
        self._wake()

    def _list_due(self, number: int, development: int) -> None:
        timeline = self._timelines[number]
        is_due = development < len(timeline.due_at) and bool(timeline.queues[development])
        if is_due and (number, development) not in self._listed:
            self._listed.add((number, development))
            heapq.heappush(self._due, (timeline.due_at[development], number, development))

    def _wake(self) -> None:
        for process in self._processes:
            if process.is_alive and not process.is_scheduled:
                self._schedule(process)

    def _schedule(self, process: Process) -> None:
        process.is_scheduled = True
        at = max(self._now, process.next_at)
        if self._setup.slots and len(process.slots) >= self._setup.slots:
            at = max(at, process.slots[-self._setup.slots])
        self._push(at, _Event.TURN, (process, process.life))

    def _take_turn(self, process: Process) -> None:
        """Make one request, and plan the next one."""
        process.is_scheduled = False
        while len(process.leased) < LEASED_AHEAD:
            task = self._lease()
            if task is None:
                break
            process.leased.append(task)
        while process.leased:
            task = process.leased.popleft()
            free_at = self._perform(process, task)
            if not free_at:
                process.next_at = self._now + self._gap
                if self._setup.slots:
                    process.slots.append(self._now + self._setup.round_trip + 1.0)
                    while len(process.slots) > self._setup.slots:
                        process.slots.popleft()
                self._schedule(process)
                return
            # The channel's own limit: others go first.
            self._push(free_at, _Event.RETURN, ([task], None))

    def _lease(self) -> Task | None:
        if self._returned:
            return self._returned.popleft()
        if self._to_publish and not self._setup.publish_last:
            return self._to_publish.popleft()
        while self._due:
            due_at, number, development = self._due[0]
            timeline = self._timelines[number]
            queue = timeline.queues[development]
            if queue:
                return Task(number, queue.popleft(), development, self._count_headlines(timeline, development, due_at))
            heapq.heappop(self._due)
            self._listed.discard((number, development))
        return self._to_publish.popleft() if self._to_publish else None

    def _count_headlines(self, timeline: Timeline, development: int, due_at: float) -> int:
        waiting = len(timeline.due_at) - development
        is_folded = waiting > FOLD_THRESHOLD and self._now - due_at >= FOLD_AFTER.total_seconds()
        return min(waiting, self._setup.headlines) if is_folded else 1

    def _perform(self, process: Process, task: Task) -> float:
        """Make the request that a task needs next and return 0; or return when the channel allows it."""
        timeline = self._timelines[task.audience]
        if task.is_doubtful:
            self._search_count += 1
            if not task.is_sent:
                process.leased.appendleft(task._replace(is_doubtful=False))
            return 0.0
        is_post = task.action is Request.POST
        free_at = (timeline.posts if is_post else timeline.publishes).take(task.channel, self._now)
        if free_at:
            return free_at
        if self._setup.kill_every < math.inf:
            self._remember_unrecorded(process, task)
        if is_post:
            self._post_count += 1
            following = task.first + task.size
            timeline.queues[following].append(task.channel)
            if following < len(timeline.due_at):
                self._list_due(task.audience, following)
        else:
            self._publish_count += 1
        if is_post and timeline.audience.is_announcement:
            self._to_publish.append(task._replace(action=Request.PUBLISH))
        else:
            timeline.record(task, self._now)
            self._waiting -= task.size
            self._arrived += task.size
        return 0.0

    def _remember_unrecorded(self, process: Process, task: Task) -> None:
        """Keep what was sent within a round trip: a kill leaves it in doubt."""
        process.unrecorded.append((self._now, task))
        while process.unrecorded and process.unrecorded[0][0] <= self._now - self._setup.round_trip:
            process.unrecorded.popleft()

    def _kill(self) -> None:
        living = [process for process in self._processes if process.is_alive]
        if not living:
            return
        process = self._chance.choice(living)
        process.is_alive, process.is_scheduled = False, False
        process.life += 1
        tasks = [task._replace(is_doubtful=task.action is Request.POST) for task in process.leased]
        tasks += [
            task._replace(is_doubtful=True, is_sent=True)
            for sent_at, task in process.unrecorded
            if sent_at > self._now - self._setup.round_trip
        ]
        process.leased.clear()
        process.unrecorded.clear()
        self._push(self._now + self._setup.absence, _Event.RETURN, (tasks, process))

    def _return(self, tasks: Sequence[Task], process: Process | None) -> None:
        """Make tasks due again, and bring a killed process back."""
        self._returned.extend(tasks)
        if process is not None:
            process.is_alive = True
        self._wake()

    def _build_outcome(self) -> Outcome:
        delivered = (
            Delivered(number, published_at, done_at)
            for number, timeline in enumerate(self._timelines)
            for published_at, done_at in zip(timeline.published_at, timeline.done_at, strict=True)
        )
        requests = Counter(
            {Request.POST: self._post_count, Request.PUBLISH: self._publish_count, Request.SEARCH: self._search_count}
        )
        return Outcome(tuple(delivered), +requests, self._arrived, self._waiting)
