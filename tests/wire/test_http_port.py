"""The HTTP port of the real bot: health, metrics without ids, the dashboard, and a real Prometheus where one is installed."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__, healthcheck
from bot.recorder import AnswerWay
from bot.web.metric_list import METRICS
from tests.unit.dashboard import list_alerts, list_queries
from tests.wire.newsroom import SOON, Newsroom, open_newsroom
from tests.wire.process import Process, fetch, find_free_port
from tests.wire.test_start_failures import read_error

HOST = "127.0.0.1"
PROMETHEUS, PROMTOOL = shutil.which("prometheus"), shutil.which("promtool")
POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """A newsroom whose bot has its HTTP port open."""

    room: Newsroom
    port: int

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    async def scrape(self) -> str:
        status, text = await fetch(f"{self.url}/metrics")
        assert status == 200
        return text

    async def wait_for(self, is_expected: Callable[[dict[str, float]], bool]) -> str:
        """Scrape until the samples, by name and labels, are as expected."""
        async with asyncio.timeout(SOON):
            while True:
                text = await self.scrape()
                if is_expected(list_samples(text)):
                    return text
                await asyncio.sleep(POLL_SECONDS)


def parse(text: str) -> list[Metric]:
    return list(text_string_to_metric_families(text))


def list_samples(text: str) -> dict[str, float]:
    """Return the samples of a scrape as they are written there: ``dealwire_deliveries_total{outcome="sent"}``."""
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in text.splitlines() if line[:1] != "#"}


async def keep_busy(room: Newsroom) -> None:
    """Ask in every way, post a development, correct it, and meet a rate limit."""
    here = room.here
    await room.check_answers(room.news)
    await room.ask(room.news, f"{here.bot.mention} nissan foxconn")
    await room.ask(room.news, f"{here.bot.mention} help")
    await here.autocomplete(room.news, room.reader, "deal", "query", "nis")
    await room.follow("Nissan", room.news)
    tale = room.tale()
    here.faults.add("POST", f"/channels/{room.news.id}/messages", action=429)
    await tale.import_steps(1)
    post = await room.wait_for_post(room.news, tale.step(1))
    clicked = await here.click(post, room.reader, label="Something wrong?")
    assert clicked.modal is not None
    await (await here.submit(clicked.modal, room.reader, {"What is wrong?": "the date"})).final()
    await room.ask(here.dm(room.reader), "nissan foxconn")
    await room.ask(room.news, "!status")
    answer = await room.slash("status", user=room.editor)
    assert answer.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def measured(tmp_path_factory: pytest.TempPathFactory, seeded: Path) -> AsyncIterator[Measured]:
    """Open a newsroom with a busy bot. Its gateway asks for a heartbeat every second."""
    folder, port = tmp_path_factory.mktemp("measured"), find_free_port()
    shutil.copy(seeded, folder / "dealwire.db")
    async with open_newsroom(folder, heartbeat=1.0) as room:
        await room.bot(HTTP_PORT=str(port))
        await keep_busy(room)
        yield Measured(room, port)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_bot_that_is_up_is_healthy(measured: Measured) -> None:
    status, text = await fetch(f"{measured.url}/healthz")
    assert (status, json.loads(text)) == (200, {"status": "ok", "reasons": []})


@pytest.mark.asyncio(loop_scope="module")
async def test_what_happened_is_counted(measured: Measured) -> None:
    """The follower got its post after one 429, each way of asking was timed, and our own clock measured the gateway."""
    text = await measured.wait_for(
        lambda samples: (
            samples['dealwire_deliveries_total{outcome="sent"}'] >= 1
            and 'dealwire_gateway_latency_seconds{shard="0"}' in samples
            and samples["dealwire_follows"] == 1
        )
    )
    samples = list_samples(text)
    assert sum(samples[f'dealwire_discord_rate_limits_total{{scope="{scope}"}}'] for scope in ("user", "shared")) >= 1
    counts = {"typed": 3, "mention": 1, "dm": 1, "slash": 2, "autocomplete": 1, "button": 1, "form": 1}
    assert set(counts) == set(AnswerWay)
    for way, count in counts.items():
        assert samples[f'dealwire_answer_duration_seconds_count{{way="{way}"}}'] >= count, way
    assert samples["dealwire_healthy"] == 1
    assert samples["dealwire_open_posts"] == 0
    assert samples["dealwire_database_read_success"] == 1
    assert 0 < samples['dealwire_gateway_latency_seconds{shard="0"}'] < 5
    assert samples['dealwire_gateway_heartbeat_age_seconds{shard="0"}'] < 60
    assert samples['dealwire_discord_requests_total{method="POST",route="channels",status="429"}'] == 1


@pytest.mark.asyncio(loop_scope="module")
async def test_no_label_holds_an_id(measured: Measured) -> None:
    """All names and values of labels are of closed sets, so none can be a server, a person, a channel or an address."""
    allowed = {metric.name: metric.labels for metric in METRICS}
    families = [family for family in parse(await measured.scrape()) if family.name.startswith("dealwire_")]
    for family in families:
        # The parser takes the suffix off a counter's name.
        labels = allowed.get(family.name, allowed.get(f"{family.name}_total"))
        assert labels is not None, family.name
        for sample in family.samples:
            for label, value in sample.labels.items():
                if label == "le":
                    assert re.fullmatch(r"[0-9.]{1,6}|\+Inf", value)
                    continue
                values = labels[label]
                assert value in (values or {"shard": ("0",), "version": (__version__,)}[label]), (
                    sample.name,
                    label,
                    value,
                )
    assert {family.name for family in families} == {metric.name.removesuffix("_total") for metric in METRICS}


@pytest.mark.asyncio(loop_scope="module")
async def test_no_word_of_the_room_is_in_the_scrape(measured: Measured) -> None:
    """Neither an id of this Discord nor the token nor an address of a feed."""
    text, room = await measured.scrape(), measured.room
    ids = [room.guild.id, room.news.id, room.deals.id, room.editor.id, room.reader.id, room.here.bot.id]
    for secret in [*map(str, ids), room.env["DISCORD_TOKEN"], "http", str(room.folder)]:
        assert secret not in text


@pytest.mark.asyncio(loop_scope="module")
async def test_every_query_of_the_dashboard_has_its_metrics(measured: Measured) -> None:
    text = await measured.wait_for(lambda samples: 'dealwire_gateway_latency_seconds{shard="0"}' in samples)
    labels_by_name: dict[str, set[str]] = {}
    for family in parse(text):
        for sample in family.samples:
            labels_by_name.setdefault(sample.name, set()).update(sample.labels)
    for query in list_queries():
        assert query.names - set(labels_by_name) == set(), query
        assert query.labels <= {label for name in query.names for label in labels_by_name[name]}, query


@pytest.mark.asyncio(loop_scope="module")
async def test_a_new_connection_is_observed_too(measured: Measured) -> None:
    """After a lost connection the shard resumes its session, and heartbeats of the new connection are measured."""
    here = measured.room.here
    resumes = here.resumes
    await here.drop_gateway()
    await here.until(lambda: here.resumes > resumes, SOON, "the shard to resume")
    age, latency = (f'dealwire_gateway_{name}{{shard="0"}}' for name in ("heartbeat_age_seconds", "latency_seconds"))
    before = list_samples(await measured.scrape())[latency]
    text = await measured.wait_for(lambda samples: samples[latency] != before and samples[age] < 5)
    assert list_samples(text)["dealwire_healthy"] == 1


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed")
async def test_promtool_accepts_the_metrics(measured: Measured) -> None:
    process = await asyncio.create_subprocess_exec(
        str(PROMTOOL), "check", "metrics", stdin=asyncio.subprocess.PIPE, stdout=-1, stderr=-1
    )
    out, err = await process.communicate((await measured.scrape()).encode())
    assert (process.returncode, out, err) == (0, b"", b"")


@asynccontextmanager
async def open_prometheus(target: int, folder: Path) -> AsyncIterator[str]:
    """Run a Prometheus that scrapes a port every second; yield the base address of its API."""
    port = find_free_port()
    config = {
        "global": {"scrape_interval": "1s"},
        "scrape_configs": [{"job_name": "dealwire", "static_configs": [{"targets": [f"{HOST}:{target}"]}]}],
    }
    # YAML includes JSON.
    (folder / "prometheus.yml").write_text(json.dumps(config))
    process = await asyncio.create_subprocess_exec(
        str(PROMETHEUS),
        f"--config.file={folder}/prometheus.yml",
        f"--storage.tsdb.path={folder}/data",
        f"--web.listen-address={HOST}:{port}",
        "--log.level=error",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield f"http://{HOST}:{port}/api/v1"
    finally:
        process.kill()
        await process.wait()


async def query_prometheus(api: str, query: str) -> list[dict[str, Any]]:
    """Return the results of a query. Raises AssertionError if Prometheus refuses it."""
    status, text = await fetch(f"{api}/query", query=query)
    answer = json.loads(text)
    assert (status, answer["status"]) == (200, "success"), (query, answer)
    results: list[dict[str, Any]] = answer["data"]["result"]
    return results


async def wait_for_scrapes(api: str, count: int) -> None:
    async with asyncio.timeout(SOON):
        while True:
            try:
                if await query_prometheus(api, f"count_over_time(dealwire_healthy[5m]) >= {count}"):
                    return
            except (aiohttp.ClientError, json.JSONDecodeError, AssertionError):
                # It is still starting.
                pass
            await asyncio.sleep(POLL_SECONDS)


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.skipif(PROMETHEUS is None, reason="prometheus is not installed")
async def test_prometheus_answers_every_query(measured: Measured, tmp_path: Path) -> None:
    """The target is up, each query of the dashboard gives at least one series, and each advised alert is a valid query."""
    await measured.wait_for(lambda samples: 'dealwire_gateway_latency_seconds{shard="0"}' in samples)
    async with open_prometheus(measured.port, tmp_path) as api:
        await wait_for_scrapes(api, 3)
        assert (await query_prometheus(api, "up"))[0]["value"][1] == "1"
        for query in list_queries():
            assert await query_prometheus(api, query.text), query
        for alert in list_alerts():
            await query_prometheus(api, alert)


async def wait_for_health(process: Process, port: int) -> tuple[int, dict[str, Any]]:
    """Return the first answer of the health page."""
    async with asyncio.timeout(SOON):
        while process.running:
            try:
                status, text = await fetch(f"http://{HOST}:{port}/healthz")
            except aiohttp.ClientError:
                await asyncio.sleep(POLL_SECONDS)
            else:
                return status, json.loads(text)
    raise AssertionError(process.err)


async def test_a_bot_that_starts_says_so_and_stops_at_once(newsroom: Newsroom) -> None:
    """While the gateway's address is not known, the page is red; a connection that stays open delays no end."""
    port = find_free_port()
    newsroom.here.faults.add("GET", "/gateway/bot", action="hold", times=None)
    bot = await newsroom.launch("run", HTTP_PORT=str(port))
    status, report = await wait_for_health(bot, port)
    assert (status, report["status"]) == (503, "starting")
    env = {"HTTP_PORT": str(port)}
    assert "starting" in await asyncio.to_thread(healthcheck.find_problem, env), "the image's health check"
    _, writer = await asyncio.open_connection(HOST, port)
    newsroom.here.faults.clear()
    await bot.wait_for_log("The bot is up")
    assert (await fetch(f"http://{HOST}:{port}/healthz"))[0] == 200
    assert await asyncio.to_thread(healthcheck.find_problem, env) == ""
    checked = await newsroom.command("check", HTTP_PORT=str(port), EMBEDDINGS="none")
    assert f"ok    On {HOST} port {port}, /healthz answers that all is well." in checked.out
    await bot.stop()
    writer.close()


async def test_a_port_in_use_ends_the_start(newsroom: Newsroom) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"HTTP_PORT {port} is already in use on {HOST}" in await read_error(newsroom, HTTP_PORT=str(port))
    error = await read_error(newsroom, HTTP_PORT=str(port), HTTP_HOST="192.0.2.1")
    assert "HTTP_HOST 192.0.2.1 is not an address of this machine" in error
