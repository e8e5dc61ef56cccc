"""The page ``/metrics``: what was counted, the heartbeats, and the store's figures, in Prometheus's text format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as MetricFamily
from prometheus_client.registry import Collector

from bot.clock import Clock
from bot.web import metric_list as m
from bot.web.counts import Counts
from bot.web.health import LOOPS, Health, HealthStatus
from bot.web.statistics_cache import DatabaseFigures, StatisticsCache

#: The values of a metric, by the values of its labels in their order.
Samples = Mapping[Any, float]


class MetricsPage:
    """Renders the metrics of one bot. The registry is its own: there may be several bots in a process, as in tests."""

    def __init__(self, counts: Counts, health: Health, statistics: StatisticsCache, clock: Clock, version: str) -> None:
        self._statistics = statistics
        self._collector = _BotCollector(counts, health, clock, version)
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self._collector)
        # Memory, CPU time, open files and start of the process.
        ProcessCollector(registry=self._registry)

    async def render(self) -> bytes:
        """Return the page."""
        self._collector.figures = await self._statistics.get()
        return generate_latest(self._registry)


class _BotCollector(Collector):
    """Turns the bot's state into metrics. ``figures`` are those of the next scrape."""

    def __init__(self, counts: Counts, health: Health, clock: Clock, version: str) -> None:
        self._counts = counts
        self._health = health
        self._clock = clock
        self._version = version
        self.figures: DatabaseFigures | None = None

    def collect(self) -> Iterator[MetricFamily]:
        """Yield all metrics."""
        yield from self._collect_state()
        yield from self._collect_counts()
        yield _build(m.DATABASE_READ, {(): float(self.figures is not None)})
        if self.figures is not None:
            yield from self._collect_figures(self.figures)

    def _collect_state(self) -> Iterator[MetricFamily]:
        health = self._health
        yield _build(m.BUILD_INFO, {(self._version,): 1})
        yield _build(m.HEALTHY, {(): float(health.build_report().status is HealthStatus.OK)})
        ages = {(name.value,): age for name in LOOPS if (age := health.get_heartbeat(name).age) is not None}
        yield _build(m.CYCLE_AGE, ages)
        yield _build(m.CYCLE_LIMIT, {(name.value,): loop.limit for name, loop in LOOPS.items()})
        shards = {(str(number),): age for number, each in health.shards.list_all() if (age := each.age) is not None}
        yield _build(m.GATEWAY_AGE, shards)
        yield _build(m.GATEWAY_LATENCY, {(str(shard),): value for shard, value in self._counts.latencies.items()})

    def _collect_counts(self) -> Iterator[MetricFamily]:
        counts = self._counts
        yield _build(m.DELIVERIES, {(outcome.value,): count for outcome, count in counts.deliveries.items()})
        yield _build(m.REQUESTS, dict(counts.requests))
        yield _build(m.RATE_LIMITS, {(scope,): count for scope, count in counts.rate_limits.items()})
        yield _build(m.DECISIONS, {(decision.value,): count for decision, count in counts.decisions.items()})
        family = HistogramMetricFamily(m.ANSWERS.name, m.ANSWERS.help, labels=list(m.ANSWERS.labels))
        bounds = [*map(str, m.ANSWER_BUCKETS), "+Inf"]
        for way, durations in counts.answers.items():
            buckets = list(zip(bounds, accumulate(durations.counts), strict=True))
            family.add_metric([way.value], buckets, durations.total)
        yield family

    def _collect_figures(self, figures: DatabaseFigures) -> Iterator[MetricFamily]:
        statistics, oldest_at = figures.statistics, figures.statistics.oldest_open_post_at
        age = max(0.0, (self._clock() - oldest_at).total_seconds()) if oldest_at else 0.0
        yield _build(m.OPEN_POSTS, {(): statistics.open_post_count})
        yield _build(m.OLDEST_POST, {(): age})
        yield _build(m.CORRECTIONS, {(): statistics.correction_count})
        yield _build(
            m.SET_ASIDE,
            {("post",): statistics.set_aside_post_count, ("article",): statistics.set_aside_article_count},
        )
        yield _build(
            m.REVIEW_QUEUE,
            {("article",): statistics.review_count, ("reader_report",): statistics.reader_report_count},
        )
        yield _build(m.FEEDS, {(state.value,): count for state, count in statistics.feed_counts.items()})
        yield _build(m.STORIES, {(): statistics.story_count})
        yield _build(m.FOLLOWS, {(): statistics.follow_count})
        yield _build(m.DATABASE_SIZE, {("database",): figures.database_bytes, ("log",): figures.log_bytes})


def _build(metric: m.Metric, samples: Samples) -> MetricFamily:
    labels = list(metric.labels)
    family: CounterMetricFamily | GaugeMetricFamily
    if metric.type is m.MetricType.COUNTER:
        family = CounterMetricFamily(metric.name, metric.help, labels=labels)
    else:
        family = GaugeMetricFamily(metric.name, metric.help, labels=labels)
    for values, value in samples.items():
        family.add_metric(list(values), value)
    return family
