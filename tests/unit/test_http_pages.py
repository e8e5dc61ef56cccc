"""The HTTP server: two pages, nothing else, and no client that can hold it up."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import DealwireError, StoreUnavailable
from bot.loops import describe_cycle_error
from bot.model.company import Company
from bot.store import Store, open_store
from bot.web import server as server_module
from bot.web import statistics_cache
from bot.web.counts import Counts
from bot.web.health import Health, LoopName
from bot.web.metrics import MetricsPage
from bot.web.server import MAX_CONNECTIONS, serve_http
from bot.web.statistics_cache import StatisticsCache
from tests.unit.newsdesk import NOW

HOST = "127.0.0.1"


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


class Unreadable(Store):
    """A store that cannot be read; or, with ``hangs``, one that never answers."""

    def __init__(self, *, hangs: bool = False) -> None:
        self.hangs = hangs
        self.read_count = 0

    async def read_in_thread(self, function: Any) -> Any:
        self.read_count += 1
        if self.hangs:
            await asyncio.Event().wait()
        raise StoreUnavailable("The database can't be used.")


class Pages:
    """The pages of a store, on a port."""

    def __init__(self, store: Store) -> None:
        self.port = find_free_port()
        self.health = Health()
        self.statistics = StatisticsCache(store)
        self.page = MetricsPage(Counts(), self.health, self.statistics, lambda: NOW, "1.2.3")

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[None]:
        async with serve_http(HOST, self.port, self.health, self.page):
            yield
        await self.statistics.close()

    async def request(self, path: str, method: str = "GET") -> tuple[int, str, dict[str, str]]:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"http://{HOST}:{self.port}{path}") as response,
        ):
            return response.status, await response.text(), dict(response.headers)

    async def send(self, raw: bytes) -> bytes:
        """Send bytes and return everything that comes until the server ends the connection."""
        async with asyncio.timeout(30):
            reader, writer = await asyncio.open_connection(HOST, self.port)
            writer.write(raw)
            try:
                return await reader.read()
            except ConnectionResetError:
                return b""
            finally:
                writer.close()


@pytest.fixture
async def pages() -> AsyncIterator[Pages]:
    """Serve the pages of a store that cannot be read: most of what is tested here needs none."""
    pages = Pages(Unreadable())
    async with pages.serve():
        yield pages


async def test_health_is_red_until_all_is_well(pages: Pages) -> None:
    status, text, _ = await pages.request("/healthz")
    assert (status, json.loads(text)["status"], len(json.loads(text)["reasons"])) == (503, "starting", 1)
    pages.health.mark_ready()
    status, text, _ = await pages.request("/healthz")
    assert (status, json.loads(text)) == (
        503,
        {"status": "failing", "reasons": ["Discord's gateway has not connected."]},
    )
    pages.health.shards.get(0).record_success()
    status, text, _ = await pages.request("/healthz")
    assert (status, json.loads(text)) == (200, {"status": "ok", "reasons": []})


async def test_metrics_parse(tmp_path: Path) -> None:
    async with open_store(f"sqlite:///{tmp_path}/dealwire.db") as store:
        pages = Pages(store)
        async with pages.serve():
            status, text, headers = await pages.request("/metrics")
    assert (status, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["dealwire_stories"].samples[0].value == 0
    assert families["dealwire_build_info"].samples[0].labels == {"version": "1.2.3"}
    assert families["process_resident_memory_bytes"].samples[0].value > 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/healthz", 503),
        ("HEAD", "/metrics", 200),
        ("GET", "/", 404),
        ("GET", "/metrics/", 404),
        ("GET", "/healthz/../etc/passwd", 404),
        ("POST", "/metrics", 405),
        ("DELETE", "/healthz", 405),
        ("PUT", "/healthz", 405),
        ("BREW", "/healthz", 400),
        ("GET", "/metrics?" + "x" * 3_000, 200),
        ("GET", "/metrics?" + "x" * 6_000, 400),
    ],
)
async def test_only_two_pages_can_be_read(method: str, path: str, status: int, pages: Pages) -> None:
    assert (await pages.request(path, method))[0] == status


async def test_no_version_is_named(pages: Pages) -> None:
    _, _, headers = await pages.request("/healthz")
    assert headers["Server"] == "dealwire"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "raw",
    [
        b"NONSENSE\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: " + b"b" * 100_000 + b"\r\n\r\n",
        b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\nabc",
        b"\x00\xff" * 10_000,
    ],
)
async def test_bad_requests_end_the_connection(raw: bytes, pages: Pages) -> None:
    """Whatever is sent, the server answers with an error or nothing, and then serves the next client."""
    answer = await pages.send(raw)
    assert not answer or answer.split()[1][:1] == b"4"
    assert b"aiohttp" not in answer
    assert b"Python" not in answer
    assert (await pages.request("/metrics"))[0] == 200


async def test_a_connection_serves_one_request(pages: Pages) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    assert (await pages.send(request * 3)).count(b"HTTP/1.1 503") == 1


async def test_a_slow_client_is_disconnected(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither silence nor half a request keeps a connection."""
    monkeypatch.setattr(server_module, "MAX_CONNECTION_SECONDS", 0.05)
    assert await pages.send(b"") == b""
    assert await pages.send(b"GET /healthz HTTP/1.1\r\nHost:") == b""
    assert await pages.send(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n") != b"HTTP/1.1 200"


async def test_more_connections_than_allowed_are_refused(pages: Pages) -> None:
    """The bot needs its files for Discord. Once the idle ones are gone, the pages can be read again."""
    async with AsyncExitStack() as stack:
        for _ in range(MAX_CONNECTIONS):
            _, writer = await asyncio.open_connection(HOST, pages.port)
            stack.callback(writer.close)
        assert await pages.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") == b""
    async with asyncio.timeout(30):
        while not await pages.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"):
            await asyncio.sleep(0)


async def test_open_connections_do_not_delay_the_end() -> None:
    pages = Pages(Unreadable())
    async with pages.serve():
        reader, writer = await asyncio.open_connection(HOST, pages.port)
        writer.write(b"GET /healthz HTTP/1.1\r\n")
        assert (await pages.request("/metrics"))[0] == 200
    async with asyncio.timeout(30):
        with contextlib.suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()


@pytest.mark.parametrize("host", ["localhost", "0.0.0.0", "::1", "::"])  # noqa: S104 - it must be possible
async def test_every_address_of_this_machine_can_be_used(host: str, pages: Pages) -> None:
    port = find_free_port()
    try:
        async with serve_http(host, port, pages.health, pages.page):
            url = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
            async with aiohttp.ClientSession() as session, session.get(f"{url}/healthz") as response:
                assert response.status == 503
    except DealwireError as exc:
        if ":" not in host:
            raise
        pytest.skip(f"this machine has no IPv6: {exc}")


async def test_a_reason_has_no_secret(pages: Pages) -> None:
    """What is ours is shown without credentials, of any other error the type alone."""
    pages.health.mark_ready()
    heartbeat = pages.health.get_heartbeat(LoopName.POLLER)
    heartbeat.limit = -1.0
    canary = "canary-4711"
    for error in (
        StoreUnavailable(f"https://me:{canary}@host/feed?token={canary} is down.\nAuthorization: Bot {canary}"),
        ValueError(canary),
    ):
        heartbeat.record_failure(describe_cycle_error(error))
        status, text, _ = await pages.request("/healthz")
        assert (status, canary in text, "The poller of the feeds" in text) == (503, False, True)
        assert canary not in (await pages.request("/metrics"))[1]


async def test_a_port_in_use_is_named(pages: Pages) -> None:
    with pytest.raises(DealwireError, match=f"HTTP_PORT {pages.port} is already in use on 127.0.0.1: choose another"):
        async with serve_http(HOST, pages.port, pages.health, pages.page):
            pass


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "0.0.0.1", "a" * 64])
async def test_a_foreign_address_is_named(host: str, pages: Pages) -> None:
    with pytest.raises(DealwireError, match=f"^HTTP_HOST {host} is not an address of this machine"):
        async with serve_http(host, find_free_port(), pages.health, pages.page):
            pass


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EACCES, "HTTP_PORT 80 may not be used"), (errno.EIO, "HTTP_HOST x, HTTP_PORT 80")]
)
def test_other_errors_name_a_setting(number: int, words: str) -> None:
    error = OSError(number, os.strerror(number))
    assert words in server_module._explain_listen_error(error, "x", 80)


def test_a_name_without_an_address_is_named() -> None:
    error = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert "HTTP_HOST no-such-host is not an address" in server_module._explain_listen_error(error, "no-such-host", 80)


async def test_a_page_that_fails_says_nothing_of_the_error(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail() -> bytes:
        raise ValueError("a secret")

    monkeypatch.setattr(pages.page, "render", fail)
    status, text, headers = await pages.request("/metrics")
    assert (status, text, headers["Server"]) == (500, "500\n", "dealwire")


async def test_a_failing_store_leaves_the_other_metrics(pages: Pages) -> None:
    status, text, _ = await pages.request("/metrics")
    assert status == 200
    assert "dealwire_database_read_success 0.0" in text
    assert "dealwire_stories" not in text


async def test_a_hanging_store_delays_no_page_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Scrapes share one read, however many come while it hangs."""
    monkeypatch.setattr(statistics_cache, "TIMEOUT", 0.05)
    store = Unreadable(hangs=True)
    pages = Pages(store)
    async with pages.serve():
        for _ in range(3):
            assert "dealwire_database_read_success 0.0" in (await pages.request("/metrics"))[1]
        assert (await pages.request("/healthz"))[0] == 503
    assert store.read_count == 1


async def test_scrapes_share_what_was_read(tmp_path: Path) -> None:
    """The store is read again after some seconds, not for each scrape."""
    seconds = 0.0
    async with open_store(f"sqlite:///{tmp_path}/dealwire.db") as store:
        cache = StatisticsCache(store, lambda: seconds)
        first = await cache.get()
        assert first is not None
        assert await cache.get() is first
        seconds = statistics_cache.MAX_AGE
        second = await cache.get()
        assert second == first
        assert second is not first
        await cache.close()


async def test_the_log_of_a_linked_database_is_measured(tmp_path: Path) -> None:
    """It has the name of the real file."""
    async with open_store(f"sqlite:///{tmp_path}/real.db"):
        pass
    (tmp_path / "link.db").symlink_to(tmp_path / "real.db")
    async with open_store(f"sqlite:///{tmp_path}/link.db") as store:
        async with store.write() as tx:
            await tx.companies.save(Company("Nissan"))
        cache = StatisticsCache(store)
        figures = await cache.get()
        await cache.close()
        assert figures is not None
        assert figures.database_bytes == (tmp_path / "real.db").stat().st_size
        assert figures.log_bytes == (tmp_path / "real.db-wal").stat().st_size > 0
