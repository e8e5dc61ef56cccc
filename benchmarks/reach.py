"""How far the bot goes: a simulation of a million following channels and 100,000 servers, on costs that are measured first.

Run it with ``python -m benchmarks.reach [--channels N] [--servers N] [--seed N]``.

Four things are kept apart: Discord's limits, what is measured in this run with the real bot, what is assumed, and what is
simulated from these. Beside every simulated value is that of a formula, and the difference. Nothing is sent to Discord, and no
million of channels is made: a simulation shows what the limits allow, not that the bot was run at that size.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import reach_limits as formulas
from benchmarks.reach_costs import BATCH, ProcessCosts, StoreCosts, measure_process, measure_store
from benchmarks.reach_simulation import LEASED_AHEAD, Audience, Outcome, Request, Setup, Simulation, draw_arrivals
from benchmarks.reach_starts import GatewaySimulation, count_servers
from bot.clock import utc_now

LIMITS = formulas.Limits()
RATE = 45.0
RAISED_RATES = (500.0, 1_200.0)
PER_HOUR = 50
KILL_EVERY = 60.0
SERVERS_PER_SHARD = 1_000
PROCESSES = (1, 4, 10)
#: So many that most of their messages are folded, and few enough that all is delivered.
FOLDED_CHANNELS = 30_000
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is neither measured here nor Discord's: seconds, unless the name says otherwise."""

    round_trip: float = 0.1
    slow_round_trip: float = 0.3
    slots: int = 50
    restart: float = 5.0
    take_over: float = 5.0
    #: How much of a processor posts may use, so that answers do not wait.
    busy_share: float = 0.8
    messages_per_minute: float = 2.0
    message_seconds: float = 0.00007


ASSUMED = Assumptions()
ASSUMPTIONS = (
    ("a request's round trip to Discord", "0.1 s", "not measured; 0.3 s in a row of its own"),
    ("requests of a process within a second and a round trip", "50", "bot/platforms/discord/rate_limiter.py"),
    ("until a killed single process sends again", "5 s", "not measured; docs/dealwire.service waits a minute"),
    (
        "until others have a killed process's posts",
        "5 s",
        "the 99th percentile that `benchmarks/cluster.py` measured, 2026-12-01",
    ),
    ("servers on a shard", "1,000", "Discord's advice; the limit is 2,500"),
    ("how much of a processor posts may use", "80 %", "so that answers do not wait"),
    ("messages that members write in a server", "2 a minute", "not measured"),
    ("processor time of such a message in the bot", "0.07 ms", "measured over loopback, 2026-11-30"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A scenario: what was simulated, in ``unit``, and what the formula says."""

    scenario: str
    simulated: float
    formula: float
    unit: str

    def __str__(self) -> str:
        if math.isfinite(self.simulated) and math.isfinite(self.formula) and self.formula:
            difference = f"{round((self.simulated / self.formula - 1) * 100, 2) + 0.0:+.2f} %"
        elif self.simulated == self.formula:
            difference = "+0.00"
        else:
            difference = f"{self.simulated - self.formula:+.2f}"
        values = f"{format_value(self.simulated):>14} {format_value(self.formula):>14} {self.unit:<12}"
        return f"  {self.scenario:<88} {values} {difference:>9}"


def format_value(value: float) -> str:
    if math.isinf(value):
        return "never"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.2f}"


@dataclass(frozen=True, slots=True)
class Reach:
    """The scenarios for a number of channels and servers, on measured costs; ``hours`` is how long the long ones last."""

    store: StoreCosts
    process: ProcessCosts
    channels: int
    servers: int
    hours: float
    seed: int

    @property
    def shards(self) -> int:
        return max(1, -(-self.servers // SERVERS_PER_SHARD))

    def get_setup(self, rate: float = RATE) -> Setup:
        """Return one process at this rate."""
        return Setup(
            rate,
            round_trip=ASSUMED.round_trip,
            post_seconds=self.process.post,
            enqueue_seconds=self.store.publish_per_follow,
            publish_last=self.store.publishes_last,
        )

    def simulate_one(self, setup: Setup, *audiences: Audience) -> Outcome:
        """Publish one development to all these audiences at once."""
        return Simulation(setup, audiences, self.seed).run([(0.0, number) for number in range(len(audiences))])

    def list_fan_outs(self) -> Iterator[Row]:
        """Publish one development to all channels."""
        few, base = self.channels // 10, self.get_setup()
        yield self._fan_out(f"{few:,} channels, {RATE:.0f}/s", base, few)
        yield self._fan_out(f"{self.channels:,} channels, {RATE:.0f}/s, which is the default", base, self.channels)
        slow = replace(base, slots=ASSUMED.slots, round_trip=ASSUMED.slow_round_trip)
        name = f"{RATE:.0f}/s, if each answer of Discord takes {ASSUMED.slow_round_trip} s"
        rate = formulas.paced_rate(RATE, ASSUMED.slots, ASSUMED.slow_round_trip)
        yield self._fan_out(name, slow, self.channels, rate)
        limit = LIMITS.requests_per_second
        yield self._fan_out(f"{limit:.0f}/s, all that Discord allows", self.get_setup(limit), self.channels)
        for rate in RAISED_RATES:
            processes = math.ceil(rate * self.process.post / ASSUMED.busy_share)
            setup = replace(self.get_setup(rate), processes=processes)
            yield self._fan_out(f"raised limit: {rate:,.0f}/s, processes: {processes}", setup, self.channels)
        rate = min(RAISED_RATES[0], 1.0 / self.process.post)
        name = f"raised limit: {RAISED_RATES[0]:.0f}/s, one process, as fast as its processor"
        yield self._fan_out(name, self.get_setup(RAISED_RATES[0]), self.channels, rate)

    def _fan_out(self, name: str, setup: Setup, channels: int, rate: float | None = None) -> Row:
        outcome = self.simulate_one(setup, Audience(channels))
        expected = setup.enqueue_seconds * channels + formulas.fan_out_seconds(channels, rate or setup.rate)
        return Row(name, outcome.done_at / 60, expected / 60, "minutes")

    def list_announcements(self) -> Iterator[Row]:
        """Publish where half of the channels follow an announcement channel, or are announcement channels."""
        half, setup = self.channels // 2, replace(self.get_setup(), enqueue_seconds=0.0)
        for name, announcements, requests in (
            ("get it from one announcement channel", 1, half + 2),
            ("are announcement channels", half, half * 3),
        ):
            outcome = self.simulate_one(setup, Audience(announcements, is_announcement=True), Audience(half))
            expected = formulas.fan_out_seconds(requests, RATE)
            scenario = f"half {name} ({outcome.requests.total():,} requests)"
            yield Row(scenario, outcome.done_at / 60, expected / 60, "minutes")
        arrivals = draw_arrivals(PER_HOUR, self.hours, 1, self.seed)
        outcome = Simulation(setup, [Audience(1, is_announcement=True)]).run(arrivals, self.hours * _HOUR)
        window = LIMITS.publishes_per_channel
        published = window.requests * math.ceil((self.hours * _HOUR - arrivals[0][0]) / window.seconds)
        scenario = f"{len(arrivals)} developments in {self.hours:.0f} h in one announcement channel, not published"
        yield Row(scenario, outcome.waiting, max(0, len(arrivals) - published), "posts")

    def list_kills(self) -> Iterator[Row]:
        """Publish one development to all channels while a process is killed each minute."""
        for processes in PROCESSES:
            absence = ASSUMED.restart if processes == 1 else ASSUMED.take_over
            setup = replace(self.get_setup(), processes=processes, kill_every=KILL_EVERY, absence=absence)
            outcome = self.simulate_one(setup, Audience(self.channels))
            share = RATE / processes
            lost = share * absence + LEASED_AHEAD + share * setup.round_trip
            rate = formulas.killed_rate(RATE, lost, KILL_EVERY)
            expected = setup.enqueue_seconds * self.channels + formulas.fan_out_seconds(self.channels, rate)
            scenario = f"processes: {processes}, one killed each minute ({outcome.requests[Request.SEARCH]:,} searches)"
            yield Row(scenario, outcome.done_at / 60, expected / 60, "minutes")

    def list_busy_hours(self) -> Iterator[Row]:
        """Publish at random times, each development followed by some of the channels, or by all."""
        setup = replace(self.get_setup(), enqueue_seconds=0.0)
        for channels in (1_000, 2_000):
            outcome, _ = self._simulate_hours(setup, channels, max(1, self.channels // channels))
            expected = formulas.mean_delivery_seconds(PER_HOUR, channels, RATE)
            scenario = f"each followed by {channels:,} of all channels: mean time to the last one"
            yield Row(scenario, outcome.mean_seconds, expected, "seconds")
        headlines = self.store.headlines_per_message
        folding = replace(setup, headlines=headlines)
        outcome, per_hour = self._simulate_hours(folding, FOLDED_CHANNELS, 1)
        expected = formulas.headlines_per_message(per_hour, FOLDED_CHANNELS, RATE)
        scenario = f"all followed by the same {FOLDED_CHANNELS:,}: headlines of a message"
        yield Row(scenario, outcome.headlines_per_message, expected, "headlines")
        few = self.channels // 10
        for channels, each, limit in ((few, setup, 1), (few, folding, headlines), (self.channels, folding, headlines)):
            outcome, per_hour = self._simulate_hours(each, channels, 1)
            expected = formulas.backlog_growth(per_hour, channels, RATE, limit)
            scenario = f"all followed by {channels:,}, headlines of a message up to {limit}: backlog grows each hour"
            yield Row(scenario, outcome.waiting / self.hours, expected, "deliveries")

    def _simulate_hours(self, setup: Setup, channels: int, groups: int) -> tuple[Outcome, float]:
        """Return what was seen, and how many developments came in an hour."""
        arrivals = draw_arrivals(PER_HOUR, self.hours, groups, self.seed)
        simulation = Simulation(setup, [Audience(channels)] * groups, self.seed)
        return simulation.run(arrivals, self.hours * _HOUR), len(arrivals) / self.hours

    def list_channel_limits(self) -> Iterator[Row]:
        """Publish many developments to one channel at once."""
        outcome = Simulation(replace(self.get_setup(), enqueue_seconds=0.0), [Audience(1)]).run([(0.0, 0)] * 20)
        expected = formulas.window_seconds(20, LIMITS.posts_per_channel)
        yield Row("20 posts for one channel at once", outcome.done_at, expected, "seconds")

    def list_starts(self) -> Iterator[Row]:
        """Start all shards; show how long the day's IDENTIFYs last while a process is killed each minute."""
        for concurrency in (1, 16):
            outcome = GatewaySimulation(self.shards, max_concurrency=concurrency, limits=LIMITS).run()
            expected = formulas.start_seconds(self.shards, concurrency, LIMITS.identify_seconds)
            up_at = math.inf if outcome.up_at is None else outcome.up_at
            yield Row(f"start of {self.shards} shards, max_concurrency {concurrency}", up_at, expected, "seconds")
        for processes in PROCESSES:
            outcome = GatewaySimulation(
                self.shards,
                processes=processes,
                kill_every=KILL_EVERY,
                restart=ASSUMED.restart,
                limits=LIMITS,
                seed=self.seed,
            ).run()
            spent_at = math.inf if outcome.spent_at is None else outcome.spent_at
            expected = formulas.budget_seconds(self.shards, processes, KILL_EVERY, LIMITS)
            scenario = (
                f"processes: {processes}, one killed each minute, {outcome.share_up:.0%} of shards up: IDENTIFYs last"
            )
            yield Row(scenario, spent_at / 60, expected / 60, "minutes")

    def list_memory(self) -> Iterator[Row]:
        """Add up the memory of all processes, with servers that have random ids."""
        for processes in PROCESSES:
            by_shard, by_process = count_servers(self.servers, self.shards, processes, self.seed)
            memory = [self.process.base_memory + count * self.process.memory_per_server for count in by_process]
            expected = formulas.total_memory(
                processes, self.process.base_memory, self.servers, self.process.memory_per_server
            )
            scenario = f"processes: {processes}, the largest {max(memory):,.0f} MB, the largest shard {max(by_shard):,} servers"
            yield Row(scenario, sum(memory), expected, "MB")


def list_inputs(reach: Reach) -> Iterator[str]:
    """Yield the limits, the measurements and the assumptions as lines."""
    store, process = reach.store, reach.process
    yield "Discord's limits (as known in November 2026)"
    for limit in formulas.SOURCES:
        yield f"  {limit.limit:<58} {limit.value:<40} {limit.source}"
    yield f"\nMeasured in this run (processor time, on SQLite; load {os.getloadavg()[0]:.1f})"
    leased = store.lease_batch / BATCH * 1000
    measured = (
        (
            "publishing, per follow",
            f"{store.publish_per_follow * 1e6:.0f} µs",
            f"one development to {store.follows:,} channels",
        ),
        (f"leasing {BATCH} posts", f"{store.lease_batch * 1000:.1f} ms", f"{leased:.2f} ms a post"),
        ("recording a post as sent", f"{store.mark_sent * 1000:.2f} ms", ""),
        (
            "a post from its lease to its record, sending included",
            f"{process.post * 1000:.1f} ms",
            f"the whole process, {process.posts} posts at {RATE:.0f}/s",
        ),
        ("an idle bot, of one processor", f"{process.idle_share:.1%}", ""),
        ("memory of a bot on few servers", f"{process.base_memory:.0f} MB", ""),
        (
            "memory of 1,000 servers",
            f"{process.memory_per_server * 1000:.1f} MB",
            f"{process.servers:,} servers of 25 channels and 16 roles",
        ),
        ("headlines of a full message", f"{store.headlines_per_message}", "those of the starter collection"),
        ("publications wait until no post is due", "yes" if store.publishes_last else "no", "announcement channels"),
    )
    for name, value, note in measured:
        yield f"  {name:<58} {value:<12} {note}".rstrip()
    yield "\nAssumed"
    for name, value, note in ASSUMPTIONS:
        yield f"  {name:<58} {value:<12} {note}"


def list_results(reach: Reach) -> Iterator[str]:
    """Yield what was simulated as lines; each section is simulated when its first line is taken."""
    yield f"\nSimulated, with seed {reach.seed}"
    everyone = f"{reach.channels:,} channels"
    for title, rows in (
        (f"One development to {everyone}: until the last one has it", reach.list_fan_outs()),
        (f"One development, {everyone}, announcement channels, {RATE:.0f}/s", reach.list_announcements()),
        (f"One development to {everyone}, {RATE:.0f}/s, with kills: until the last one has it", reach.list_kills()),
        (f"{PER_HOUR} developments an hour for {reach.hours:.0f} h, {RATE:.0f}/s", reach.list_busy_hours()),
        ("One channel", reach.list_channel_limits()),
        (f"{reach.servers:,} servers on {reach.shards} shards: the gateway", reach.list_starts()),
        (f"{reach.servers:,} servers on {reach.shards} shards: memory of all processes", reach.list_memory()),
    ):
        yield f"\n  {title:<88} {'simulated':>14} {'formula':>14} {'':12} {'differs':>9}"
        for row in rows:
            yield str(row)
    yield "\nCalculated by formula alone"
    messages = reach.servers * ASSUMED.messages_per_minute / 60
    busy = messages * ASSUMED.message_seconds
    yield f"  reading {messages:,.0f} messages a second, in {reach.servers:,} servers: {busy:.0%} of a processor, over all processes"
    for rate in (RATE, *RAISED_RATES):
        most = formulas.most_followers(PER_HOUR, rate)
        folded = formulas.most_followers(PER_HOUR, rate, reach.store.headlines_per_message)
        yield (
            f"  at {rate:,.0f}/s and {PER_HOUR} developments an hour, up to {most:,.0f} channels can get each one in a message"
            f" of its own, and {folded:,.0f} in folded messages"
        )


async def measure(options: argparse.Namespace, folder: Path) -> Reach:
    """Measure the costs."""
    store = await measure_store(folder, options.follows)
    process = await measure_process(folder, options.posts, options.measured_servers)
    return Reach(store, process, options.channels, options.servers, options.hours, options.seed)


def main() -> int:
    """Print the inputs, then the scenarios."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--channels", type=int, default=1_000_000, help="following channels (1,000,000)")
    parser.add_argument("--servers", type=int, default=100_000, help="servers (100,000)")
    parser.add_argument("--hours", type=float, default=6.0, help="hours of 50 developments each (6)")
    parser.add_argument("--seed", type=int, default=1, help="seed of what is random (1)")
    parser.add_argument("--follows", type=int, default=2_000, help="channels that publishing is measured with (2,000)")
    parser.add_argument("--posts", type=int, default=300, help="posts that sending is measured with (300)")
    parser.add_argument(
        "--measured-servers", type=int, default=1_000, help="servers that memory is measured with (1,000)"
    )
    options = parser.parse_args()
    if min(options.channels, options.servers, options.follows, options.posts, options.measured_servers) < 1:
        parser.error("every number must be at least 1")
    if not 1 <= options.hours <= 168:
        parser.error("--hours must be from 1 to 168")
    print(f"{utc_now():%Y-%m-%d}, Python {platform.python_version()}, {os.cpu_count()} CPUs", flush=True)
    with tempfile.TemporaryDirectory(prefix="dealwire-reach-") as folder:
        reach = asyncio.run(measure(options, Path(folder)))
    print("\n".join(list_inputs(reach)), flush=True)
    for line in list_results(reach):
        print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
