"""What ``check`` says of the desk's feeds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from bot.clock import utc_now
from bot.model.feed import Feed
from bot.model.findings import Finding, Severity
from bot.settings import Settings
from bot.terminal.check.feeds import check_feeds, summarize_failures
from tests.feeds.local import Publishers, publishing

SETTINGS = Settings(feed_allow=("127.0.0.1",))


@pytest.fixture
async def publishers() -> AsyncIterator[Publishers]:
    async with publishing() as here:
        yield here


def feed(number: int, url: str = "https://press.example/feed", title: str = "") -> Feed:
    now = utc_now()
    return Feed(number, url, "press.example", now, timedelta(hours=1), now, title=title or f"Press {number}")


async def test_feeds_that_answer_are_in_order(publishers: Publishers) -> None:
    """They are asked for changes alone."""
    publishers.says("/a", "<rss/>")
    publishers.says("/b", status=304)
    feeds = [
        feed(1, publishers.url("/a", "127.0.0.1")),
        replace(feed(2, publishers.url("/b", "127.0.0.1")), etag='"1"'),
    ]
    assert await check_feeds(SETTINGS, feeds, utc_now) == [
        Finding.ok("Every feed of the desk can be fetched: 2 feeds.")
    ]
    assert publishers.requests[1].headers[b"If-None-Match"] == b'"1"'


async def test_feeds_that_fail_are_named_with_the_reason(publishers: Publishers) -> None:
    """The guard applies: a private address needs FEED_ALLOW."""
    publishers.says("/a", "<rss/>")
    feeds = [feed(1, publishers.url("/a", "127.0.0.1")), feed(2, publishers.url("/missing", "127.0.0.1"))]
    fine, note = await check_feeds(SETTINGS, feeds, utc_now)
    assert fine == Finding.ok("1 of the desk's 2 feeds can be fetched.")
    assert note.severity is Severity.NOTE
    assert note.text.startswith("Feed 2 (Press 2): http://127.0.0.1:")
    assert note.text.endswith(
        "answered 404 Not Found. If that stays so, correct its address or run: dealwire feeds pause 2"
    )
    (alone, refused) = await check_feeds(Settings(), feeds[:1], utc_now)
    assert alone == Finding.ok("0 of the desk's 1 feed can be fetched.")
    assert "can allow the host with FEED_ALLOW" in refused.text


async def test_feeds_that_hang_are_not_waited_for(publishers: Publishers) -> None:
    released = asyncio.Event()

    async def hang(_: web.BaseRequest) -> web.Response:
        await released.wait()
        return web.Response()

    publishers.answers["/hang"] = hang
    feeds = [feed(1, publishers.url("/hang", "127.0.0.1"))]
    findings = await check_feeds(SETTINGS, feeds, utc_now, total_seconds=0.2)
    released.set()
    assert findings[-1].text.startswith("1 feed was not fetched in time; `dealwire feeds list`")


async def test_without_feeds_nothing_is_said() -> None:
    assert await check_feeds(SETTINGS, [], utc_now) == []


def test_many_failures_are_counted() -> None:
    """If all fail, the machine is the likely cause."""
    feeds = [feed(number, f"https://press.example/{number}") for number in range(1, 31)]
    findings = list(summarize_failures(feeds, {each.url: "It could not be found." for each in feeds}))
    assert findings[0].text.startswith(
        "None of the desk's 30 feeds can be fetched. Check this machine's internet connection"
    )
    assert len(findings) == 5
    assert findings[-1].text == "27 more feeds can't be fetched."
    findings = list(summarize_failures(feeds, {each.url: "It could not be found." for each in feeds[1:]}))
    assert len(findings) == 12
    assert findings[-1].text == "19 more feeds can't be fetched."


def test_before_the_first_start_feeds_have_no_numbers() -> None:
    feeds = [feed(0, "https://a.example/", "Press"), feed(0, "https://b.example/", "Wire")]
    findings = list(summarize_failures(feeds, {"https://b.example/": "It could not be found."}))
    assert findings == [
        Finding.ok("1 of the desk's 2 feeds can be fetched."),
        Finding.note("Feed Wire: It could not be found."),
    ]
