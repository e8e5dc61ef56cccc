"""The metrics of ``/metrics``: names, types, labels and meanings, in one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.model.tracking import Decision
from bot.recorder import AnswerWay, DeliveryOutcome
from bot.store.statistics import FeedHealth
from bot.web.health import LoopName

#: The first part of a request's path, without ids and tokens. All others count as ``other``.
ROUTES = (
    "applications",
    "channels",
    "gateway",
    "guilds",
    "interactions",
    "oauth2",
    "stage-instances",
    "stickers",
    "users",
    "webhooks",
    "other",
)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "other")
#: The class of a response's status; ``none`` if there was no response.
STATUSES = ("1xx", "2xx", "3xx", "4xx", "429", "5xx", "other", "none")
#: Discord's ``X-RateLimit-Scope``
#: (https://discord.com/developers/docs/topics/rate-limits#header-format-rate-limit-header-examples).
SCOPES = ("user", "shared", "global", "unknown")
#: The upper bounds of the histogram of answers, in seconds. Discord waits for three seconds.
ANSWER_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0)


class MetricType(StrEnum):
    """The types of metrics that are used."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric. ``labels`` has the values that each label can take, None for numbers of shards and the version."""

    name: str
    type: MetricType
    help: str
    labels: dict[str, Sequence[str] | None] = field(default_factory=dict)


def _values(members: Iterable[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in members)


BUILD_INFO = Metric(
    "dealwire_build_info", MetricType.GAUGE, "Always 1; the label has the version of the program.", {"version": None}
)
HEALTHY = Metric(
    "dealwire_healthy", MetricType.GAUGE, "1 if /healthz answers 200; 0 if it answers 503, also during the start."
)
CYCLE_AGE = Metric(
    "dealwire_cycle_age_seconds",
    MetricType.GAUGE,
    "Seconds since a loop last completed a cycle; absent before it has started.",
    {"loop": _values(LoopName)},
)
CYCLE_LIMIT = Metric(
    "dealwire_cycle_limit_seconds",
    MetricType.GAUGE,
    "The age of the last cycle from which on a loop counts as failing.",
    {"loop": _values(LoopName)},
)
GATEWAY_AGE = Metric(
    "dealwire_gateway_heartbeat_age_seconds",
    MetricType.GAUGE,
    "Seconds since Discord last acknowledged a heartbeat of a connected shard.",
    {"shard": None},
)
GATEWAY_LATENCY = Metric(
    "dealwire_gateway_latency_seconds",
    MetricType.GAUGE,
    "Seconds from the last heartbeat to its acknowledgement, by the bot's own clock; absent before the first.",
    {"shard": None},
)
DELIVERIES = Metric(
    "dealwire_deliveries_total",
    MetricType.COUNTER,
    "Deliveries by the outcome of each attempt. A post that carries three developments counts three times.",
    {"outcome": _values(DeliveryOutcome)},
)
OPEN_POSTS = Metric(
    "dealwire_open_posts", MetricType.GAUGE, "Posts that are waiting or being sent, also those that quiet hours hold."
)
OLDEST_POST = Metric(
    "dealwire_oldest_open_post_age_seconds",
    MetricType.GAUGE,
    "Seconds since the oldest open post was made; 0 without one.",
)
CORRECTIONS = Metric("dealwire_waiting_corrections", MetricType.GAUGE, "Posts whose message must still be edited.")
SET_ASIDE = Metric(
    "dealwire_set_aside_items",
    MetricType.GAUGE,
    "Posts and articles that failed again and again and wait for a person.",
    {"kind": ("post", "article")},
)
ANSWERS = Metric(
    "dealwire_answer_duration_seconds",
    MetricType.HISTOGRAM,
    "Seconds from receiving a command, question or click until Discord had the answer.",
    {"way": _values(AnswerWay)},
)
REQUESTS = Metric(
    "dealwire_discord_requests_total",
    MetricType.COUNTER,
    "Requests to Discord by method, first part of the path, and class of the response's status.",
    {"method": METHODS, "route": ROUTES, "status": STATUSES},
)
RATE_LIMITS = Metric(
    "dealwire_discord_rate_limits_total",
    MetricType.COUNTER,
    "Responses with status 429 by the scope of the limit.",
    {"scope": SCOPES},
)
DECISIONS = Metric(
    "dealwire_tracker_decisions_total",
    MetricType.COUNTER,
    "Articles of the desk's feeds that were filed, by the tracker's decision.",
    {"decision": _values(Decision)},
)
REVIEW_QUEUE = Metric(
    "dealwire_review_queue_items",
    MetricType.GAUGE,
    "Articles and readers' reports that wait for the desk.",
    {"kind": ("article", "reader_report")},
)
FEEDS = Metric("dealwire_feeds", MetricType.GAUGE, "Feeds by state.", {"state": _values(FeedHealth)})
STORIES = Metric("dealwire_stories", MetricType.GAUGE, "Stories in the store.")
FOLLOWS = Metric("dealwire_follows", MetricType.GAUGE, "Active follows.")
DATABASE_SIZE = Metric(
    "dealwire_database_bytes",
    MetricType.GAUGE,
    "Size of the database file and of its write-ahead log.",
    {"file": ("database", "log")},
)
DATABASE_READ = Metric(
    "dealwire_database_read_success",
    MetricType.GAUGE,
    "1 if the figures from the database could be read; 0 if they are absent from this scrape.",
)

METRICS = (
    BUILD_INFO,
    HEALTHY,
    CYCLE_AGE,
    CYCLE_LIMIT,
    GATEWAY_AGE,
    GATEWAY_LATENCY,
    DELIVERIES,
    OPEN_POSTS,
    OLDEST_POST,
    CORRECTIONS,
    SET_ASIDE,
    ANSWERS,
    REQUESTS,
    RATE_LIMITS,
    DECISIONS,
    REVIEW_QUEUE,
    FEEDS,
    STORIES,
    FOLLOWS,
    DATABASE_SIZE,
    DATABASE_READ,
)
