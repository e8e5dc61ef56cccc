"""The simulation of how far the bot goes agrees with the formulas, and delivers everything once."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from benchmarks import reach_limits as formulas
from benchmarks.reach_simulation import (
    LEASED_AHEAD,
    Audience,
    Outcome,
    Request,
    Setup,
    Simulation,
    WindowCounter,
    draw_arrivals,
)
from benchmarks.reach_starts import GatewaySimulation, count_servers

LIMITS = formulas.Limits()
RATE = 45.0
SETUP = Setup(RATE)
HOUR = 3600.0


def simulate(setup: Setup, *audiences: Audience, times: int = 1) -> Outcome:
    """Publish at once, ``times`` developments to each audience."""
    arrivals = [(0.0, number) for number in range(len(audiences))] * times
    return Simulation(setup, audiences).run(arrivals)


@pytest.mark.parametrize("rate", [45, 50, 500, 1_200])
def test_a_fan_out_takes_channels_by_rate(rate: int) -> None:
    outcome = simulate(replace(SETUP, rate=rate), Audience(5_000))
    assert outcome.done_at == pytest.approx(formulas.fan_out_seconds(5_000, rate), rel=1e-3)
    assert (outcome.arrived, outcome.waiting) == (5_000, 0)
    assert outcome.requests == {Request.POST: 5_000}


def test_the_formulas_are_those_of_a_million_channels() -> None:
    minutes = [round(formulas.fan_out_seconds(1_000_000, rate) / 60) for rate in (45, 50, 500, 1_200)]
    assert minutes == [370, 333, 33, 14]
    assert round(formulas.fan_out_seconds(100_000, 45) / 60) == 37
    assert [formulas.start_seconds(100, buckets, 5.0) for buckets in (1, 16)] == [495.0, 30.0]
    assert formulas.total_memory(10, 0.124, 100_000, 2.24e-5) == pytest.approx(3.48)
    assert formulas.most_followers(50, 45) * 50 == 162_000


def test_the_processor_limits_the_rate() -> None:
    setup = replace(SETUP, rate=500, post_seconds=0.01)
    assert simulate(setup, Audience(5_000)).done_at == pytest.approx(50, rel=1e-3)
    assert simulate(replace(setup, processes=5), Audience(5_000)).done_at == pytest.approx(10, rel=0.02)


@pytest.mark.parametrize("round_trip", [0.0, 0.1, 0.3, 2.0])
def test_slots_limit_the_rate_if_discord_is_slow(round_trip: float) -> None:
    outcome = simulate(replace(SETUP, slots=50, round_trip=round_trip), Audience(5_000))
    rate = formulas.paced_rate(RATE, 50, round_trip)
    assert outcome.done_at == pytest.approx(formulas.fan_out_seconds(5_000, rate), rel=0.02)


def test_enqueueing_comes_first() -> None:
    outcome = simulate(replace(SETUP, enqueue_seconds=0.001), Audience(1_000))
    assert outcome.done_at == pytest.approx(1.0 + formulas.fan_out_seconds(1_000, RATE), rel=1e-3)


@pytest.mark.parametrize("count", [1, 5, 6, 20])
def test_posts_of_one_channel_wait_for_its_window(count: int) -> None:
    outcome = simulate(SETUP, Audience(1), times=count)
    expected = formulas.window_seconds(count, LIMITS.posts_per_channel)
    assert outcome.done_at == pytest.approx(expected, abs=count / RATE)
    assert outcome.arrived == count


def test_a_full_channel_delays_no_other() -> None:
    outcome = simulate(SETUP, Audience(1), Audience(100), times=20)
    assert outcome.done_at == pytest.approx(20 * 101 / RATE, rel=0.05)


def test_a_window_counts_from_its_first_request() -> None:
    counter = WindowCounter(2, formulas.Window(2, 5.0))
    assert [counter.take(0, at) for at in (1.0, 3.0, 4.0)] == [0.0, 0.0, 6.0]
    assert counter.take(1, 4.0) == 0.0
    assert counter.take(0, 6.0) == 0.0


@pytest.mark.parametrize("processes", [1, 4, 10])
def test_kills_cost_searches_and_lose_nothing(processes: int) -> None:
    setup = Setup(RATE, processes=processes, kill_every=60.0, absence=5.0, round_trip=0.1)
    outcome = simulate(setup, Audience(20_000))
    share = RATE / processes
    rate = formulas.killed_rate(RATE, share * 5.0 + LEASED_AHEAD + share * 0.1, 60.0)
    # The last process to end may have leased a full batch shortly before.
    tail = LEASED_AHEAD / share
    assert outcome.done_at == pytest.approx(formulas.fan_out_seconds(20_000, rate), rel=0.02, abs=tail)
    assert (outcome.arrived, outcome.waiting, outcome.requests[Request.POST]) == (20_000, 0, 20_000)
    assert outcome.requests[Request.SEARCH] > 0


def test_kills_can_stop_everything() -> None:
    """Whoever is killed before it has sent anything delivers nothing, and the formula says so too."""
    setup = Setup(RATE, kill_every=10.0, absence=10.0)
    outcome = Simulation(setup, [Audience(5_000)]).run([(0.0, 0)], until=HOUR)
    assert formulas.killed_rate(RATE, RATE * 10.0 + LEASED_AHEAD, 10.0) == 0.0
    assert outcome.waiting > 0
    assert math.isinf(outcome.done_at)


def test_an_announcement_is_one_post_and_one_publication() -> None:
    outcome = simulate(SETUP, Audience(1, is_announcement=True), Audience(1_000))
    assert outcome.requests == {Request.POST: 1_001, Request.PUBLISH: 1}
    first = simulate(replace(SETUP, publish_last=False), Audience(1, is_announcement=True), Audience(1_000))
    done = [each.delivered[0].done_at or 0.0 for each in (outcome, first)]
    assert done[0] > 20 > done[1], "publications wait for all posts, or go first"


def test_ten_publications_fit_an_hour() -> None:
    outcome = Simulation(SETUP, [Audience(1, is_announcement=True)]).run([(0.0, 0)] * 25, until=2 * HOUR - 1)
    assert outcome.requests[Request.PUBLISH] == 20
    assert outcome.waiting == 5


@pytest.mark.parametrize("channels", [1_000, 2_000])
def test_random_developments_wait_as_a_queue(channels: int) -> None:
    per_hour, hours = 50, 24
    audiences = [Audience(channels // 25)] * 20
    outcome = Simulation(Setup(RATE / 25), audiences).run(draw_arrivals(per_hour, hours, 20, 1))
    expected = formulas.mean_delivery_seconds(per_hour, channels, RATE)
    assert outcome.mean_seconds == pytest.approx(expected, rel=0.1)
    assert outcome.waiting == 0


def test_a_backlog_grows_by_what_cannot_be_sent() -> None:
    arrivals = draw_arrivals(50, 6, 1, 1)
    outcome = Simulation(Setup(0.3), [Audience(300)]).run(arrivals, until=6 * HOUR)
    growth = formulas.backlog_growth(len(arrivals) / 6, 300, 0.3)
    assert outcome.waiting / 6 == pytest.approx(growth, rel=0.02)
    assert math.isinf(formulas.mean_delivery_seconds(50, 1_000, 1.0))
    assert formulas.backlog_growth(1, 1_000, 1.0) == 0.0


def test_folded_messages_carry_what_has_waited() -> None:
    arrivals = draw_arrivals(50, 12, 1, 1)
    outcome = Simulation(Setup(0.3, headlines=14), [Audience(200)]).run(arrivals, until=12 * HOUR)
    expected = formulas.headlines_per_message(len(arrivals) / 12, 200, 0.3)
    assert outcome.headlines_per_message == pytest.approx(expected, rel=0.05)


def test_nothing_is_done_at_once() -> None:
    """No development, no channel, and a run that ends before the first development."""
    assert Simulation(SETUP, []).run([]).done_at == 0.0
    empty = simulate(SETUP, Audience(0))
    assert (empty.done_at, empty.requests.total()) == (0.0, 0)
    early = Simulation(SETUP, [Audience(3)]).run([(10.0, 0)], until=5.0)
    assert (early.arrived, early.delivered) == (0, ())


def test_the_same_seed_gives_the_same_run() -> None:
    setup = Setup(RATE, processes=4, kill_every=7.0, absence=5.0)
    first, second, other = (Simulation(setup, [Audience(3_000)], seed).run([(0.0, 0)]) for seed in (1, 1, 2))
    assert first == second
    assert first != other
    assert draw_arrivals(50, 6, 9, 1) == draw_arrivals(50, 6, 9, 1) != draw_arrivals(50, 6, 9, 2)


@pytest.mark.parametrize(("shards", "buckets"), [(1, 1), (14, 1), (100, 1), (100, 16), (16, 16), (17, 16)])
def test_shards_start_one_by_one_in_each_bucket(shards: int, buckets: int) -> None:
    outcome = GatewaySimulation(shards, max_concurrency=buckets).run()
    assert outcome.up_at == formulas.start_seconds(shards, buckets, 5.0)
    assert (outcome.identifies, outcome.spent_at) == (shards, None)


def test_several_processes_start_within_one_interval() -> None:
    assert GatewaySimulation(4, processes=2).run().up_at == 15.0
    assert GatewaySimulation(0).run().identifies == 0


@pytest.mark.parametrize("processes", [1, 4, 10])
def test_kills_use_up_the_identifies_of_a_day(processes: int) -> None:
    outcome = GatewaySimulation(100, processes=processes, kill_every=60.0, restart=5.0).run()
    assert outcome.identifies == LIMITS.identifies_per_day
    expected = formulas.budget_seconds(100, processes, 60.0, LIMITS)
    assert outcome.spent_at == pytest.approx(expected, rel=0.12)


def test_rare_kills_leave_identifies() -> None:
    outcome = GatewaySimulation(100, processes=10, kill_every=HOUR, restart=5.0).run()
    assert outcome.spent_at is None
    assert outcome.identifies == 100 + 10 * 23
    assert outcome.share_up > 0.98
    assert math.isinf(formulas.budget_seconds(100, 10, HOUR, LIMITS))
    assert GatewaySimulation(100, kill_every=2 * formulas.DAY_SECONDS).run().share_up > 0.99


def test_servers_are_spread_over_the_shards() -> None:
    by_shard, by_process = count_servers(100_000, 100, 10, seed=1)
    assert sum(by_shard) == sum(by_process) == 100_000
    assert 900 < min(by_shard) < 1_000 < max(by_shard) < LIMITS.servers_per_shard
    assert count_servers(0, 1, 1, seed=1) == ([0], [0])
