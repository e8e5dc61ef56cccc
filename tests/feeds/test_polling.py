"""Polling: what comes in is kept once, who asks is polite over restarts, and no feed holds up another."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from aiohttp import web

from bot.errors import StoreUnavailable
from bot.model.article import Article
from bot.model.feed import FeedState
from bot.model.poll_schedule import MAX_INTERVAL, MIN_INTERVAL
from bot.newsroom.feeds import poller as poller_module
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.poller import INTERNAL_ERROR
from bot.newsroom.parsing import ParsedFeed
from bot.store import Store
from tests.feeds.local import Publishers, soon
from tests.feeds.polls import Desk, LineReader, RecordingDesk, UnchangedFetcher, feed_of, fill
from tests.store.material import START, HandClock


@pytest.fixture
async def desk(store: Store, fetcher: Fetcher, clock: HandClock) -> Desk:
    return Desk(store, fetcher, clock)


async def test_a_first_poll_floods_nobody_and_what_comes_later_is_news(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", "\n".join(f"old-{n}" for n in range(500)))
    await desk.add(publishers.url("/feed"))
    assert await desk.poll() == 1
    assert await desk.pending() == []
    publishers.says("/feed", "new-1\nold-1\nnew-2\nnew-1")
    assert await desk.poll(hours=2) == 1
    assert await desk.pending() == ["new-1", "new-2"]
    await desk.poll(hours=2)
    assert await desk.pending() == ["new-1", "new-2"], "it is listed again, and is no news again"


async def test_what_two_feeds_list_is_news_once(publishers: Publishers, desk: Desk) -> None:
    for host in ("publisher.example", "other.example"):
        await desk.add(publishers.url("/feed", host))
    publishers.says("/feed", "")
    await desk.poll()
    publishers.says("/feed", "scoop")
    await desk.poll(hours=2)
    assert await desk.pending() == ["scoop"]


async def test_a_feed_that_gives_its_old_items_new_ids_floods_nobody(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", "a 2025-06-01\nb 2025-12-30")
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    publishers.says("/feed", "a2 2025-06-01\nnews 2026-01-01")
    await desk.poll(hours=2)
    assert await desk.pending() == ["news"]


async def test_what_came_while_the_bot_was_down_for_a_month_is_news(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", "a")
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    publishers.says("/feed", "b 2026-01-03\nc 2026-01-29")
    await desk.poll(days=30)
    assert await desk.pending() == ["b", "c"]


async def test_unchanged_feeds_are_polled_less_often(publishers: Publishers, desk: Desk) -> None:
    """One with new articles is polled hourly."""
    publishers.says("/feed", "a", headers={"ETag": '"1"'})
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    publishers.says("/feed", status=304)
    for _ in range(6):
        before = (await desk.feed()).interval
        assert await desk.poll(days=2) == 1
        assert before <= (await desk.feed()).interval <= MAX_INTERVAL
    assert publishers.requests[-1].headers[b"If-None-Match"] == b'"1"', "an answer of “unchanged” keeps it"
    publishers.says("/feed", "a", headers={"ETag": '"1"'})
    for _ in range(20):
        await desk.poll(days=2)
    assert (await desk.feed()).interval == MAX_INTERVAL
    for number in range(10):
        publishers.says("/feed", f"news-{number} {desk.clock():%Y-%m-%d}")
        await desk.poll(days=2)
    assert (await desk.feed()).interval == MIN_INTERVAL


async def test_a_feed_unchanged_for_weeks_is_fetched_whole(publishers: Publishers, desk: Desk) -> None:
    """A server with a broken ETag says so for ever, whatever has changed."""
    lines = ["a"]

    async def stale(request: web.BaseRequest) -> web.Response:
        if "If-None-Match" in request.headers or "If-Modified-Since" in request.headers:
            return web.Response(status=304)
        headers = {"ETag": '"1"', "Last-Modified": "Mon, 01 Jan 2041 00:00:00 GMT"}
        return web.Response(text="\n".join(lines), headers=headers)

    publishers.answers["/feed"] = stale
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    lines.append("news 2026-01-02")
    for _ in range(27):
        await desk.poll(hours=25)
    conditional = [b"If-None-Match" in asked.headers for asked in publishers.requests]
    assert conditional == [False, *[True] * 13, False, *[True] * 13]
    assert await desk.pending() == ["news"]


async def test_nobody_is_asked_sooner_for_a_restart(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", "a", headers={"Cache-Control": "max-age=7200"})
    await desk.add(publishers.url("/feed"))
    assert await desk.poll() == 1
    assert await desk.poll(minutes=119) == 0
    assert await desk.poll(minutes=2) == 1


async def test_an_address_that_has_moved_for_good_is_kept(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", status=301, headers={"Location": publishers.url("/new", "other.example")})
    publishers.says("/new", "a")
    feed = await desk.add(publishers.url("/feed"))
    await desk.poll()
    moved = await desk.feed()
    assert (moved.url, moved.host) == (publishers.url("/new", "other.example"), "other.example")
    await desk.poll(hours=2)
    assert publishers.paths() == ["/feed", "/new", "/new"]
    async with desk.store.read() as tx:
        assert await tx.feeds.find_by_url(feed.url) == await desk.feed(), (
            "a list that names the old one names this feed"
        )


async def test_an_address_that_moved_for_a_while_is_not_kept(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", status=302, headers={"Location": "/new"})
    publishers.says("/new", "a")
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    assert (await desk.feed()).url == publishers.url("/feed")


async def test_a_new_address_that_has_no_feed_is_not_kept(publishers: Publishers, desk: Desk) -> None:
    """A domain that was sold sends everyone to its new owner's front page."""
    publishers.says("/feed", status=301, headers={"Location": "/shop"})
    publishers.says("/shop", "<html> Buy!")
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    feed = await desk.feed()
    assert (feed.url, feed.reason) == (publishers.url("/feed"), "It is a page.")


async def test_a_feed_that_moves_to_a_known_one_ends(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/a", "a")
    publishers.says("/b", status=301, headers={"Location": "/a"})
    await desk.add(publishers.url("/a"))
    await desk.add(publishers.url("/b"))
    await desk.poll()
    feed = await desk.feed(2)
    assert feed.state is FeedState.GONE
    assert feed.reason == f"It has moved to {publishers.url('/a')}, which is already one of the feeds."
    assert await desk.poll(days=40) == 1
    assert desk.broken_reports.reports == [(2, feed.reason)]


async def test_a_feed_that_never_answers_holds_up_no_other(publishers: Publishers, desk: Desk) -> None:
    never = asyncio.Event()

    async def wait(_: web.BaseRequest) -> web.Response:
        await never.wait()
        return web.Response()

    publishers.answers["/slow"] = wait
    publishers.says("/feed", "a")
    await desk.add(publishers.url("/slow", "other.example"))
    for number in range(20):
        await desk.add(publishers.url(f"/feed?{number}"))
    running = asyncio.create_task(desk.poller(parallel=2).run())
    try:
        await soon(lambda: len(publishers.requests) == 21, 10.0)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert publishers.most_at_once == 1
    assert (await desk.feed(1)).failures == 0, "stopped in the midst of it, it is due again"


async def test_thousands_that_are_due_are_each_polled_once(store: Store, clock: HandClock) -> None:
    """Of many hosts and of few."""
    async with UnchangedFetcher(clock) as fetcher:
        desk = Desk(store, fetcher, clock)
        hosts = [f"h{number % 5 if number < 100 else number}.example" for number in range(2_000)]
        fill(Path(store.name), [(f"https://{host}/{number}", host, "") for number, host in enumerate(hosts)], START)
        assert await desk.poller(parallel=32).run_once() == 2_000
        assert len(set(fetcher.addresses)) == len(fetcher.addresses) == 2_000
        assert await desk.poll(minutes=59) == 0


async def test_a_poll_that_hangs_is_ended(publishers: Publishers, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever hangs there: the feed has failed, and is polled again later."""
    monkeypatch.setattr(poller_module, "POLL_TIMEOUT", 0.05)
    publishers.says("/feed", "a")
    await desk.add(publishers.url("/feed"))
    desk.reader = HangingReader()
    await desk.poll()
    assert (await desk.feed()).reason == INTERNAL_ERROR
    desk.reader = LineReader()
    await desk.poll(hours=2)
    assert (await desk.feed()).failures == 0


class HangingReader(LineReader):
    """Never answers."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        await asyncio.Event().wait()
        raise AssertionError


class HostileReader(LineReader):
    """Gives articles that no database takes."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        return feed_of(Article("a\ud800", "A lone surrogate", START))


async def test_articles_that_cannot_be_stored_fail_their_feed(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", "a")
    await desk.add(publishers.url("/feed"))
    desk.reader = HostileReader()
    await desk.poll()
    feed = await desk.feed()
    assert (feed.failures, feed.reason) == (1, INTERNAL_ERROR)
    assert await desk.poll(minutes=30) == 0


async def test_a_feed_paused_or_removed_during_a_poll_stays_so(publishers: Publishers, desk: Desk) -> None:
    async def meddle(request: web.BaseRequest) -> web.Response:
        async with desk.store.write() as tx:
            if request.path == "/removed":
                await tx.feeds.remove(2)
            else:
                feed = await tx.feeds.find(1)
                assert feed is not None
                feed = type(feed)(**{**{n: getattr(feed, n) for n in feed.__slots__}, "state": FeedState.PAUSED})
                await tx.feeds.set_state(feed)
        return web.Response(text="a")

    publishers.answers.update({"/paused": meddle, "/removed": meddle})
    await desk.add(publishers.url("/paused"))
    await desk.add(publishers.url("/removed", "other.example"))
    assert await desk.poll() == 2
    assert (await desk.feed()).state is FeedState.PAUSED
    assert await desk.poll(days=2) == 0


async def test_a_database_that_fails_is_not_taken_out_on_publishers(
    publishers: Publishers, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be kept is not asked for again and again."""
    publishers.says("/feed", "a")
    await desk.add(publishers.url("/feed"))
    poller = desk.poller()

    def full(*_: object) -> None:
        raise StoreUnavailable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.store.Store.write", full)
        with pytest.raises(StoreUnavailable):
            await poller.run_once()
    assert await poller.run_once() == 0
    desk.clock.forward(minutes=2)
    assert await poller.run_once() == 1
    assert publishers.paths() == ["/feed", "/feed"]


async def test_the_loop_outlives_errors_and_wakes_at_the_bell(publishers: Publishers, desk: Desk) -> None:
    desk.broken_reports = RecordingDesk(failures_left=10)
    publishers.says("/gone", status=410)
    publishers.says("/feed", "a")
    await desk.add(publishers.url("/gone", "other.example"))
    running = asyncio.create_task(desk.poller().run())
    try:
        await soon(lambda: desk.broken_reports.failures_left < 10 or not publishers.requests or running.done())
        await desk.add(publishers.url("/feed"))
        desk.wake_event.set()
        await soon(lambda: "/feed" in publishers.paths(), 2.0)
        assert not running.done()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_poll_and_what_it_brought_are_one_transaction(
    publishers: Publishers, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two there would be news that is known, or an ETag for what was never read."""
    publishers.says("/feed", "a", headers={"ETag": '"1"'})
    await desk.add(publishers.url("/feed"))

    async def fail(*_: object) -> None:
        raise RuntimeError("in the midst of it")

    with monkeypatch.context() as patched:
        patched.setattr("bot.store.feeds.Feeds.save", fail)
        await desk.poll()
    with sqlite3.connect(Path(desk.store.name)) as rows:
        assert rows.execute("SELECT count(*) FROM article").fetchone() == (0,)
    rows.close()
    assert (await desk.feed()).etag == ""
