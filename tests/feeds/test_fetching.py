"""Fetching: conditional, one at a time a host, no longer and no more than is allowed, and polite when asked to wait."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot
from bot.errors import FetchError, FetchGone, HostPaused
from bot.model.poll_schedule import MAX_RETRY_AFTER
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher, FetchLimits
from bot.newsroom.feeds.http_headers import FRESHNESS_HEADERS, get_remaining_freshness, parse_retry_after
from tests.feeds.local import HOSTS, HereResolver, Publishers, soon
from tests.store.material import START, HandClock

HOUR = timedelta(hours=1)
NONE = timedelta(0)
ETAGS = [
    '"plain"',
    'W/"weak"',
    "unquoted",
    '"a-gzip"',
    '""',
    '"ünïcode-鴻海"',
    '"with spaces  inside"',
    "'single'",
    '"x" , "y"',
]


async def failed(fetcher: Fetcher, address: str) -> FetchError:
    with pytest.raises(FetchError) as error:
        await fetcher.fetch(address)
    assert "\n" not in str(error.value)
    assert str(error.value).endswith(".")
    return error.value


async def test_who_asks_is_said_and_no_cookie_is_kept(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/feed", "x", headers={"Set-Cookie": "track=me; Path=/"})
    await fetcher.fetch(publishers.url("/feed"))
    await fetcher.fetch(publishers.url("/feed"))
    for asked in publishers.requests:
        assert asked.headers[b"User-Agent"].startswith(f"Dealwire/{bot.__version__} (".encode())
        assert b"Cookie" not in asked.headers
        assert b"If-None-Match" not in asked.headers


async def test_publishers_can_reach_whoever_runs_the_bot(publishers: Publishers, clock: HandClock) -> None:
    publishers.says("/feed", "x")
    contact = "https://example.org/bot"
    async with Fetcher(AddressGuard(HOSTS), clock, resolver=HereResolver(), contact_url=contact) as fetcher:
        await fetcher.fetch(publishers.url("/feed"))
    (asked,) = publishers.requests
    assert asked.headers[b"User-Agent"].endswith(b"; +https://example.org/bot)")


@pytest.mark.parametrize("etag", ETAGS)
async def test_an_etag_is_sent_back_byte_for_byte(publishers: Publishers, fetcher: Fetcher, etag: str) -> None:
    date = "Wed,  21 Oct 2015 07:28:00 gmt"
    publishers.says("/feed", "x", headers={"ETag": etag, "Last-Modified": date})
    first = await fetcher.fetch(publishers.url("/feed"))
    publishers.says("/feed", status=304)
    again = await fetcher.fetch(publishers.url("/feed"), etag=first.etag, last_modified=first.last_modified)
    assert again.body is None
    sent = publishers.requests[-1].headers
    assert (sent[b"If-None-Match"], sent[b"If-Modified-Since"]) == (etag.encode(), date.encode())


@pytest.mark.parametrize("etag", [b'"latin-\xe9"', b'"' + b"x" * 2_000 + b'"'])
async def test_an_etag_that_cannot_be_sent_back_is_not_kept(clock: HandClock, etag: bytes) -> None:
    """It is no text, or too long; the feed is read all the same."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nETag: " + etag + b"\r\n\r\nx")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1") as server, Fetcher(AddressGuard(HOSTS), clock) as fetcher:
        fetched = await fetcher.fetch(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert (fetched.body, fetched.etag) == (b"x", "")


async def test_unchanged_without_having_asked_for_it_is_an_error(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/feed", status=304)
    assert "answered 304" in str(await failed(fetcher, publishers.url("/feed")))


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("gzip", gzip.compress(b"news", mtime=0)), ("deflate", zlib.compress(b"news")), ("identity", b"news")],
)
async def test_what_is_packed_is_unpacked(
    publishers: Publishers, fetcher: Fetcher, encoding: str, packed: bytes
) -> None:
    publishers.says("/feed", packed, headers={"Content-Encoding": encoding})
    assert (await fetcher.fetch(publishers.url("/feed"))).body == b"news"


@pytest.mark.parametrize(("encoding", "body"), [("gzip", b"not packed"), ("deflate", b"not packed")])
async def test_what_cannot_be_unpacked_is_an_error(
    publishers: Publishers, fetcher: Fetcher, encoding: str, body: bytes
) -> None:
    publishers.says("/feed", body, headers={"Content-Encoding": encoding})
    await failed(fetcher, publishers.url("/feed"))


@pytest.mark.parametrize("packed", [False, True])
async def test_more_than_the_limit_is_refused(publishers: Publishers, clock: HandClock, packed: bool) -> None:
    body = gzip.compress(b"n" * 2_001) if packed else b"n" * 2_001
    publishers.says("/feed", body, headers={"Content-Encoding": "gzip"} if packed else {})
    async with Fetcher(
        AddressGuard(HOSTS), clock, resolver=HereResolver(), limits=FetchLimits(max_bytes=2_000)
    ) as fetcher:
        assert "has more than 2,000 bytes" in str(await failed(fetcher, publishers.url("/feed")))


def test_the_limits_are_five_megabytes_and_thirty_seconds() -> None:
    assert FetchLimits() == FetchLimits(max_bytes=5_000_000, seconds=30.0)


@pytest.mark.parametrize("where", ["headers", "body", "redirects"])
async def test_a_feed_that_comes_drop_by_drop_ends(publishers: Publishers, clock: HandClock, where: str) -> None:
    """The time is counted over all of a fetch, however lively it looks."""
    never = asyncio.Event()

    async def drip(request: web.BaseRequest) -> web.StreamResponse:
        if where == "headers":
            await never.wait()
        if where == "redirects":
            raise web.HTTPFound("/feed")
        answer = web.StreamResponse()
        await answer.prepare(request)
        while request.transport is not None:
            await answer.write(b"<")
            await asyncio.sleep(0)
        return answer

    publishers.answers["/feed"] = drip
    limits = FetchLimits(seconds=0.1)
    async with Fetcher(AddressGuard(HOSTS), clock, resolver=HereResolver(), limits=limits) as fetcher:
        error = await failed(fetcher, publishers.url("/feed"))
    assert ("took longer than 0.1 seconds" in str(error)) or (
        where == "redirects" and "more than 10 times" in str(error)
    )


async def test_permanent_redirects_are_kept_and_others_are_not(publishers: Publishers, fetcher: Fetcher) -> None:
    """Kept is as far as an unbroken row of permanent ones leads."""
    publishers.says("/a", status=301, headers={"Location": "/b"})
    publishers.says("/b", status=308, headers={"Location": publishers.url("/c", "other.example")})
    publishers.says("/c", status=302, headers={"Location": "/d"})
    publishers.says("/d", status=301, headers={"Location": "/e"})
    publishers.says("/e", "news")
    fetched = await fetcher.fetch(publishers.url("/a"))
    assert (fetched.body, publishers.paths()) == (b"news", ["/a", "/b", "/c", "/d", "/e"])
    assert str(fetched.permanent_url) == publishers.url("/c", "other.example")
    assert str(fetched.url) == publishers.url("/e", "other.example")


async def test_a_redirect_in_a_circle_ends(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/a", status=302, headers={"Location": "/a"})
    assert "redirects more than 10 times" in str(await failed(fetcher, publishers.url("/a")))
    assert len(publishers.requests) == 11


async def test_gone_is_told_apart_from_all_other_refusals(publishers: Publishers, fetcher: Fetcher) -> None:
    publishers.says("/gone", status=410)
    assert isinstance(await failed(fetcher, publishers.url("/gone")), FetchGone)
    for status in (204, 206, 300, 400, 401, 403, 404, 429, 500, 503):
        publishers.says("/feed", status=status)
        error = await failed(fetcher, publishers.url("/feed"))
        assert not isinstance(error, FetchGone)
        assert f"answered {status}" in str(error)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("value", ["7200", (START + timedelta(hours=2)).strftime("%a, %d %b %Y %H:%M:%S GMT")])
async def test_a_host_that_asks_for_time_pauses_all_its_feeds(
    publishers: Publishers, fetcher: Fetcher, clock: HandClock, status: int, value: str
) -> None:
    publishers.says("/feed", status=status, headers={"Retry-After": value})
    publishers.says("/other", "news")
    assert (await failed(fetcher, publishers.url("/feed"))).retry_at == START + 2 * HOUR
    clock.forward(minutes=119)
    assert isinstance(await failed(fetcher, publishers.url("/other")), HostPaused)
    assert publishers.paths() == ["/feed"], "nothing was sent"
    assert (await fetcher.fetch(publishers.url("/other", "other.example"))).body == b"news", "another host"
    clock.forward(minutes=1)
    assert (await fetcher.fetch(publishers.url("/other"))).body == b"news"


async def test_a_host_gets_one_request_at_a_time(publishers: Publishers, fetcher: Fetcher) -> None:
    """Different hosts get theirs at the same time."""
    go_on = asyncio.Event()

    async def wait(_: web.BaseRequest) -> web.Response:
        await go_on.wait()
        return web.Response(text="news")

    publishers.answers["/feed"] = wait
    asking = [
        asyncio.create_task(fetcher.fetch(publishers.url("/feed", host)))
        for host in ("publisher.example", "other.example")
        for _ in range(5)
    ]
    await soon(lambda: len(publishers.requests) >= 2)
    assert sorted(one.host for one in publishers.requests) == ["other.example", "publisher.example"]
    go_on.set()
    await asyncio.gather(*asking)
    assert (len(publishers.requests), publishers.most_at_once) == (10, 1)


async def test_whoever_stops_waiting_holds_up_no_other(publishers: Publishers, fetcher: Fetcher) -> None:
    never = asyncio.Event()

    async def wait(_: web.BaseRequest) -> web.Response:
        await never.wait()
        return web.Response()

    publishers.answers["/slow"] = wait
    publishers.says("/feed", "news")
    slow, queued = (asyncio.create_task(fetcher.fetch(publishers.url("/slow"))) for _ in range(2))
    await soon(lambda: len(publishers.requests) == 1)
    waiting = asyncio.create_task(fetcher.fetch(publishers.url("/feed")))
    queued.cancel()
    slow.cancel()
    assert (await waiting).body == b"news"


async def test_a_host_that_is_not_there_is_told_in_a_sentence(fetcher: Fetcher) -> None:
    """Nobody listens at the port of a server that has gone."""
    async with await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
    error = await failed(fetcher, f"http://publisher.example:{port}/")
    assert str(error) == "publisher.example can't be reached: connection refused."


@pytest.mark.parametrize(
    "answer",
    [b"", b"junk\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", b"HTTP/1.1 99999 ?\r\n\r\n",
     b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
     b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n"],
    ids=["nothing", "junk", "cut short", "no status", "many headers", "bad chunks", "long header"],
)  # fmt: skip
async def test_what_is_no_answer_of_a_web_server_is_told_in_a_sentence(fetcher: Fetcher, answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1") as server:
        error = await failed(fetcher, f"http://publisher.example:{server.sockets[0].getsockname()[1]}/")
    assert len(str(error)) < 400


MINUTE = timedelta(minutes=1)
NOON = "Thu, 01 Jan 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "span"),
    [
        ({"Cache-Control": "max-age=7200"}, 2 * HOUR),
        ({"Cache-Control": 'max-age="7200"'}, 2 * HOUR),
        ({"Cache-Control": "public, s-maxage=60, MAX-AGE = 3600"}, HOUR),
        ({"Cache-Control": "max-age=300, s-maxage=86400"}, 5 * MINUTE),
        ({"Cache-Control": "s-maxage=86400"}, NONE),
        ({"Cache-Control": "max-age=60", "Expires": "Tue, 30 Nov 2027 06:00:00 GMT", "Date": NOON}, MINUTE),
        ({"Cache-Control": "max-age=0", "Expires": "Tue, 30 Nov 2027 06:00:00 GMT", "Date": NOON}, NONE),
        ({"Cache-Control": "no-cache, max-age=315360000"}, NONE),
        ({"Cache-Control": "max-age=315360000, No-Cache"}, NONE),
        ({"Cache-Control": "no-store, max-age=60"}, NONE),
        ({"Cache-Control": 'no-cache="Set-Cookie", max-age=60'}, MINUTE),
        ({"Cache-Control": "max-age=60, max-age=3600"}, MINUTE),
        ({"Cache-Control": "max-age=soon", "Expires": "Thu, 01 Jan 2026 14:00:00 GMT", "Date": NOON}, NONE),
        ({"Cache-Control": 'x="max-age=60"'}, NONE),
        ({"Cache-Control": "max-age=3600", "Age": "3500"}, timedelta(seconds=100)),
        ({"Cache-Control": "max-age=3600", "Age": "3500, 20"}, timedelta(seconds=100)),
        ({"Cache-Control": "max-age=3600", "Age": "99999"}, NONE),
        ({"Cache-Control": "max-age=3600", "Age": "old"}, HOUR),
        ({"Cache-Control": "no-store"}, NONE),
        ({"Cache-Control": "max-age=-5"}, NONE),
        ({"Cache-Control": "x-max-age=9"}, NONE),
        ({"Expires": "Thu, 01 Jan 2026 14:00:00 GMT", "Date": NOON}, 2 * HOUR),
        ({"Expires": "Thu, 01 Jan 2026 14:00:00 GMT", "Date": NOON, "Age": "3600"}, HOUR),
        ({"Expires": "0"}, NONE),
        ({"Expires": "Thu, 01 Jan 2026 11:00:00 GMT", "Date": NOON}, NONE),
        ({}, NONE),
    ],
)
def test_how_long_an_answer_stays_good(headers: dict[str, str], span: timedelta) -> None:
    assert get_remaining_freshness(headers) == span


def test_an_answer_that_was_long_on_its_way_stays_good_for_less() -> None:
    """By its date, where no cache tells; and without a date the end counts from now."""
    now = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
    assert get_remaining_freshness({"Cache-Control": "max-age=3600", "Date": NOON}, now) == 30 * MINUTE
    assert get_remaining_freshness({"Cache-Control": "max-age=3600"}, now) == HOUR
    assert get_remaining_freshness({"Expires": "Thu, 01 Jan 2026 14:00:00 GMT"}, now) == 90 * MINUTE
    assert (
        get_remaining_freshness({"Cache-Control": "max-age=60", "Date": "Thu, 01 Jan 2026 13:00:00 GMT"}, now) == MINUTE
    )


@settings(max_examples=200, deadline=None)
@given(
    st.fixed_dictionaries(
        {
            name: st.text(max_size=40) | st.sampled_from(["max-age=9999999999999", NOON, "0"])
            for name in FRESHNESS_HEADERS
        }
    )
)
def test_no_headers_are_too_odd_to_read(headers: dict[str, str]) -> None:
    assert get_remaining_freshness(headers, START) >= NONE


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.integers().map(str))
@example("9" * 5_000)
@example("Thu, 01 Jan 9999 99:00:00 GMT")
@example("Fri, 31 Dec 9999 23:59:59 -2359")
@example("٣٤")
def test_no_retry_after_is_too_odd_to_read(value: str) -> None:
    """It is a time to come, or nothing."""
    when = parse_retry_after(value, START)
    assert when is None or when >= START


def test_a_retry_after_of_years_is_cut_to_our_patience() -> None:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    asked = parse_retry_after("999999999999", now)
    assert asked is not None
    assert asked > now + MAX_RETRY_AFTER
