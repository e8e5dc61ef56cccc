"""Servers that answer oddly are understood where that is safe; else what they did is told, and never what they did not."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import re
import sys
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.decompression import DecompressedTooLargeError, DecompressionError, decompress, is_compressed
from bot.newsroom.feeds.fetcher import MAX_HEADER_SIZE, MAX_HEADERS, Fetcher
from bot.newsroom.feeds.http_headers import FetchResponse
from tests.feeds.local import HOSTS, Publishers
from tests.store.material import HandClock

ROOT = Path(__file__).parents[2]
NEWS = b"<rss>" + b"news " * 100 + b"</rss>"
LIMIT = 100_000
Ask = Callable[[bytes], Awaitable[FetchResponse]]


def answer(*headers: str, status: str = "200 OK", body: bytes = NEWS) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


@pytest.fixture
async def ask(clock: HandClock) -> AsyncIterator[Ask]:
    """Fetch from a server that sends just these bytes."""
    message = b""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(message)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1") as server, Fetcher(AddressGuard(HOSTS), clock) as fetcher:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"

        async def get(sent: bytes) -> FetchResponse:
            nonlocal message
            message = sent
            return await fetcher.fetch(url)

        yield get


async def refused(ask: Ask, sent: bytes) -> str:
    with pytest.raises(FetchError) as error:
        await ask(sent)
    assert re.search(r"(?<!:)\b400\b", str(error.value)) is None  # a port may be 40039
    assert "\n" not in str(error.value)
    return str(error.value)


ODD = {
    "a long header": answer("Content-Security-Policy: " + "x" * 9_000),
    "a very long header": answer("Content-Security-Policy: " + "x" * (MAX_HEADER_SIZE - 100)),
    "300 links": answer(*[f"Link: <https://n.example/{n}>; rel=preload" for n in range(300)]),
    "many headers": answer(*[f"X-{n}: v" for n in range(MAX_HEADERS - 10)]),
    "gzip": answer("Content-Encoding: gzip", body=gzip.compress(NEWS)),
    "x-gzip": answer("Content-Encoding: x-gzip", body=gzip.compress(NEWS)),
    "GZip": answer("Content-Encoding: GZip", body=gzip.compress(NEWS)),
    "deflate": answer("Content-Encoding: deflate", body=zlib.compress(NEWS)),
    "deflate without its frame": answer("Content-Encoding: deflate", body=raw_deflate(NEWS)),
    "gzip that is not told": answer(body=gzip.compress(NEWS)),
    "gzip that is denied": answer("Content-Encoding: identity", body=gzip.compress(NEWS)),
    "gzip in gzip, told once": answer("Content-Encoding: gzip", body=gzip.compress(gzip.compress(NEWS))),
    "gzip in gzip": answer("Content-Encoding: gzip, gzip", body=gzip.compress(gzip.compress(NEWS))),
    "deflate in gzip": answer("Content-Encoding: deflate, gzip", body=gzip.compress(zlib.compress(NEWS))),
    "codings in two headers": answer("Content-Encoding: deflate", "Content-Encoding: gzip", body=gzip.compress(zlib.compress(NEWS))),
    "two gzip members": answer("Content-Encoding: gzip", body=gzip.compress(NEWS[:50]) + gzip.compress(NEWS[50:])),
    "junk behind gzip": answer("Content-Encoding: gzip", body=gzip.compress(NEWS) + b"\0\0junk"),
    "gzip without its end": answer("Content-Encoding: gzip", body=gzip.compress(NEWS)[:-8]),
    "none": answer("Content-Encoding: none"),
    "UTF-8": answer("Content-Encoding: UTF-8"),
    "no coding": answer("Content-Encoding:"),
    "203": answer(status="203 Non-Authoritative Information"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ODD)
async def test_an_odd_answer_is_understood(ask: Ask, kind: str) -> None:
    assert (await ask(ODD[kind])).body == NEWS


async def test_an_empty_answer_is_packed_in_no_way(ask: Ask) -> None:
    assert (await ask(answer("Content-Encoding: gzip", body=b""))).body == b""


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        (answer("Content-Encoding: gzip"), "is labelled “gzip” but can't be unpacked"),
        (answer("Content-Encoding: deflate"), "is labelled “deflate” but can't be unpacked"),
        (answer("Content-Encoding: gzip", body=zlib.compress(NEWS)), "is labelled “gzip” but can't be unpacked"),
        (answer("Content-Encoding: br"), "is compressed as “br”, which Dealwire can't unpack"),
        (answer("Content-Encoding: zstd, gzip", body=gzip.compress(NEWS)), "is compressed as “zstd”"),
        (answer("Content-Encoding: " + "gzip, " * 9 + "gzip"), "can't unpack"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", "answered 200 OK, but the answer was cut short"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "didn't answer like a web server: Server disconnected."),
        (
            b"HTTP/1.1 200 Fine\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n",
            "answered 200 Fine, but the answer was cut short",
        ),
        (b"ICY 200 OK\r\n\r\n", "ICY 200 OK"),
        (answer("X Bad Name: 1"), "X Bad Name: 1"),
        (answer("X: " + "y" * 100_000), "Got more than 32768 bytes"),
        (answer(*[f"X-{n}: y" for n in range(1_000)]), "Too many headers"),
        (answer(status="500 Internal Server Error"), "answered 500 Internal Server Error."),
        (answer(status="206 Partial Content"), "answered 206 Partial Content."),
    ],
    ids=lambda value: value if isinstance(value, str) else "answer",
)
async def test_what_a_server_did_is_what_is_told(ask: Ask, sent: bytes, message: str) -> None:
    assert message in await refused(ask, sent)


async def test_a_cookie_goes_back_to_its_host_within_a_fetch(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/a", status=302, headers={"Set-Cookie": "ok=1; Path=/", "Location": "/b"})
    publishers.says("/b", status=302, headers={"Location": publishers.url("/c", "other.example")})
    publishers.says("/c", "news")
    for _ in range(2):
        await fetcher.fetch(publishers.url("/a"))
    sent = [asked.headers.get(b"Cookie", b"") for asked in publishers.requests]
    assert sent == [b"", b"ok=1", b""] * 2


async def test_a_redirect_that_sets_a_cookie_leads_to_the_feed(publishers: Publishers, fetcher: Fetcher) -> None:
    async def gate(request: web.BaseRequest) -> web.Response:
        if "ok=1" in request.headers.get("Cookie", ""):
            return web.Response(text="news")
        return web.Response(status=302, headers={"Set-Cookie": "ok=1", "Location": "/feed"})

    publishers.answers["/feed"] = gate
    assert (await fetcher.fetch(publishers.url("/feed"))).body == b"news"


async def test_cookies_that_are_too_long_are_not_sent_back(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/a", status=302, headers={"Set-Cookie": f"ok={'x' * 6_000}", "Location": "/b"})
    publishers.says("/b", "news")
    assert (await fetcher.fetch(publishers.url("/a"))).body == b"news"
    assert b"Cookie" not in publishers.requests[-1].headers


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda body: gzip.compress(body, mtime=0),
    "x-gzip": lambda body: gzip.compress(body, mtime=0),
    "deflate": zlib.compress,
    "identity": bytes,
}


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.lists(st.sampled_from(sorted(PACKERS)), max_size=4))
def test_whatever_is_packed_is_unpacked_the_same(body: bytes, codings: list[str]) -> None:
    packed = b"x" + body
    for coding in codings:
        packed = PACKERS[coding](packed)
    assert decompress(packed, ", ".join(codings), LIMIT) == b"x" + body
    assert is_compressed(packed, ", ".join(codings)) == bool({"gzip", "x-gzip", "deflate"} & set(codings))


@settings(max_examples=300, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(["", "gzip", "deflate", "gzip, deflate", "br", ",,", "x" * 99]),
    st.booleans(),
)
def test_no_bytes_are_too_odd_to_unpack(body: bytes, encoding: str, begins_well: bool) -> None:
    whole = gzip.compress(NEWS)[: len(body)] + body if begins_well else body
    with contextlib.suppress(DecompressionError):
        assert len(decompress(whole, encoding, LIMIT)) <= LIMIT


def bomb(layers: list[Callable[[bytes], bytes]]) -> bytes:
    body = bytes(20_000_000)
    for pack in layers:
        body = pack(body)
    return body


@pytest.mark.parametrize("layers", ["gzip", "deflate", "raw", "gzip gzip", "gzip deflate", "gzip gzip gzip gzip"])
def test_a_bomb_of_any_make_stops_at_the_limit(layers: str) -> None:
    makers: dict[str, Callable[[bytes], bytes]] = {"gzip": gzip.compress, "deflate": zlib.compress, "raw": raw_deflate}
    names = ["deflate" if name == "raw" else name for name in layers.split()]
    packed = bomb([makers[name] for name in layers.split()])
    with pytest.raises(DecompressedTooLargeError):
        decompress(packed, ", ".join(names), 5_000_000)


def test_members_without_end_cost_little() -> None:
    """Each would cost a copy of all that follow."""
    began = time.process_time()
    with pytest.raises(DecompressionError):
        decompress(gzip.compress(b"") * 240_000, "gzip", 5_000_000)
    assert time.process_time() - began < 2.0


CHILD = """
import asyncio, pathlib, sys
from bot.clock import utc_now
from bot.errors import FetchError
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher

def peak():
    return int(pathlib.Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

async def fetch(port):
    async with Fetcher(AddressGuard(["127.0.0.1"]), utc_now) as fetcher:
        await fetcher.fetch(f"http://127.0.0.1:{port}/feed")
        before = peak()
        for _ in range(3):
            try:
                await fetcher.fetch(f"http://127.0.0.1:{port}/headers")
            except FetchError as exc:
                print(peak() - before, exc)

asyncio.run(fetch(int(sys.argv[1])))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
async def test_headers_without_end_add_less_than_64_megabytes() -> None:
    """The longest that are allowed, and as many as the server likes."""
    header = b"X: " + b"y" * (MAX_HEADER_SIZE - 100) + b"\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        if b"GET /feed" in asked:
            writer.write(answer())
        else:
            writer.write(b"HTTP/1.1 200 OK\r\n")
            with contextlib.suppress(OSError):
                for _ in range(4 * MAX_HEADERS):
                    writer.write(header)
                    await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, str(port), cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        error, _ = await child.communicate()
    lines = error.decode().splitlines()
    assert ["Too many headers received" in line for line in lines] == [True] * 3
    assert max(int(line.split()[0]) for line in lines) < 64 * 1024
