"""What is counted for the metrics, and that nothing of a request's path but its kind is kept."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import yarl
from multidict import CIMultiDict

from bot.delivery.port import IN_DELIVERY
from bot.heartbeat import ShardHeartbeats
from bot.platforms.discord.gateway_monitor import GatewayMonitor
from bot.platforms.discord.rate_limiter import AmbiguousResponse, RateLimiter
from bot.recorder import AnswerWay
from bot.web.counts import Counts
from bot.web.metric_list import ANSWER_BUCKETS, METRICS, ROUTES, MetricType

TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/api/v10/channels/123456789012345678/messages", "channels"),
        (f"/api/v10/interactions/123456789012345678/{TOKEN}/callback", "interactions"),
        (f"/api/v10/webhooks/123456789012345678/{TOKEN}/messages/@original", "webhooks"),
        ("/api/v10/users/@me", "users"),
        ("/a/proxy/with/a/path/api/guilds/1", "guilds"),
        ("/api/v10/something-new/123456789012345678", "other"),
        ("/", "other"),
        ("", "other"),
        ("/" * 100_000, "other"),
    ],
)
def test_of_a_path_only_the_route_is_kept(path: str, route: str) -> None:
    counts = Counts()
    counts.record_request("GET", path, 200)
    assert dict(counts.requests) == {("GET", route, "2xx"): 1}


@pytest.mark.parametrize(
    ("status", "label"),
    [
        (101, "1xx"),
        (204, "2xx"),
        (302, "3xx"),
        (404, "4xx"),
        (429, "429"),
        (503, "5xx"),
        (999, "other"),
        (None, "none"),
    ],
)
def test_statuses_are_counted_by_their_class(status: int | None, label: str) -> None:
    counts = Counts()
    counts.record_request("BREW", "/channels/1", status)
    assert dict(counts.requests) == {("other", "channels", label): 1}


@pytest.mark.parametrize(
    ("scope", "label"), [("user", "user"), ("shared", "shared"), ("", "unknown"), ("1" * 18, "unknown")]
)
def test_rate_limits_are_counted_by_scope(scope: str, label: str) -> None:
    counts = Counts()
    counts.record_request("POST", "/channels/1", 429, scope)
    counts.record_request("POST", "/channels/1", 200, scope)
    assert {each: count for each, count in counts.rate_limits.items() if count} == {label: 1}


def test_a_duration_is_counted_in_its_bucket() -> None:
    """A bucket includes its bound; the last one has none. An answer that fails is counted too."""
    times = iter([0.0, 0.1, 0.0, 100.0])
    counts = Counts(lambda: next(times))
    with counts.time_answer(AnswerWay.SLASH):
        pass
    with pytest.raises(ValueError, match="no answer"), counts.time_answer(AnswerWay.SLASH):
        raise ValueError("no answer")
    durations = counts.answers[AnswerWay.SLASH]
    assert durations.counts[ANSWER_BUCKETS.index(0.1)] == 1
    assert durations.counts[-1] == 1
    assert durations.total == pytest.approx(100.1)


def test_names_follow_the_conventions() -> None:
    """A counter ends with ``_total``, times are in seconds, sizes in bytes, and each help text is a sentence."""
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    for metric in METRICS:
        assert metric.name.startswith("dealwire_")
        assert metric.name.endswith("_total") == (metric.type is MetricType.COUNTER)
        assert metric.help.endswith(".")
        assert ("Seconds" not in metric.help) or metric.name.endswith("_seconds")
    assert "other" in ROUTES


class Connection:
    """A gateway connection as discord.py has it: what is sent and received passes these methods."""

    shard_id = 3

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.received: list[str] = []

    async def send_as_json(self, data: Any) -> None:
        self.sent.append(data)

    async def send_heartbeat(self, data: Any) -> None:
        self.sent.append(data)

    def log_receive(self, message: str) -> None:
        self.received.append(message)


ACK = '{"t":null,"s":null,"op":11,"d":null}'


async def test_a_heartbeat_is_measured_by_our_clock() -> None:
    clock = SimpleNamespace(now=0.0)
    counts, heartbeats = Counts(), ShardHeartbeats(120, lambda: clock.now)
    monitor = GatewayMonitor(heartbeats, counts, lambda: clock.now)
    connection = Connection()
    monitor.observe(connection)
    monitor.record_connected(3)
    for seconds, send in ((0.2, connection.send_as_json), (0.5, connection.send_heartbeat)):
        await send({"op": 1, "d": None})
        clock.now += seconds
        connection.log_receive(ACK)
        assert counts.latencies == {3: pytest.approx(seconds)}
    connection.log_receive(ACK)
    assert counts.latencies == {3: pytest.approx(0.5)}
    assert len(connection.sent) == 2
    assert len(connection.received) == 3


async def test_a_message_is_no_acknowledgement() -> None:
    """What people write arrives escaped, and longer than an acknowledgement."""
    counts, heartbeats = Counts(), ShardHeartbeats(120)
    connection = Connection()
    GatewayMonitor(heartbeats, counts).observe(connection)
    await connection.send_heartbeat({"op": 1})
    connection.log_receive('{"t":"X","op":0,"d":"\\"op\\":11"}')
    connection.log_receive('{"op":0,"d":{"content":"' + "x" * 300 + '"},"x":{"op":11}}')
    assert counts.latencies == {}


def test_acknowledgements_without_a_session_are_no_health() -> None:
    """A shard that connects again and again and never becomes ready receives no events."""
    clock = SimpleNamespace(now=0.0)
    heartbeats = ShardHeartbeats(120, lambda: clock.now)
    monitor = GatewayMonitor(heartbeats, Counts(), lambda: clock.now)
    monitor.record_connected(0)
    monitor.record_disconnected(0)
    clock.now += 121
    monitor.record_ack(0)
    assert "the connection was lost" in heartbeats.get(0).explain_delay()
    monitor.record_connected(0)
    assert heartbeats.get(0).explain_delay() == ""
    clock.now += 100
    monitor.record_ack(0)
    assert heartbeats.get(0).age == 0


@pytest.mark.parametrize(("is_answered", "expected"), [(True, "5xx"), (False, "none")])
async def test_a_request_is_counted_once(is_answered: bool, expected: str) -> None:
    """A response that our own check refuses ends in two events of the session."""
    counts = Counts()
    config = RateLimiter(45, counts).build_trace_config()
    config.freeze()
    url, context, session = yarl.URL("http://127.0.0.1/api/v10/channels/1/messages"), SimpleNamespace(), None
    answer = SimpleNamespace(status=503, headers={}, close=lambda: None)
    end = aiohttp.TraceRequestEndParams("POST", url, CIMultiDict(), answer)  # type: ignore[arg-type]  # a double
    failure = aiohttp.TraceRequestExceptionParams("POST", url, CIMultiDict(), OSError())
    token = IN_DELIVERY.set(True)
    try:
        await config.on_request_start.send(
            session,  # type: ignore[arg-type]  # no session is looked at
            context,
            aiohttp.TraceRequestStartParams("POST", url, CIMultiDict()),
        )
        if is_answered:
            with pytest.raises(AmbiguousResponse):
                await config.on_request_end.send(session, context, end)  # type: ignore[arg-type]  # as above
        await config.on_request_exception.send(session, context, failure)  # type: ignore[arg-type]  # as above
    finally:
        IN_DELIVERY.reset(token)
    assert dict(counts.requests) == {("POST", "channels", expected): 1}
