"""Feeds that fail: tried for ever, ever more slowly, and named once; hosts that ask for time; feeds that are gone."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import WorkerNotStarted
from bot.model.article import Article
from bot.model.feed import BROKEN_AFTER_FAILURES
from bot.model.poll_schedule import MIN_INTERVAL, get_backoff_interval
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.poller import INTERNAL_ERROR
from bot.newsroom.parsing import ParsedFeed
from bot.store import Store
from tests.feeds.local import HOSTS, Publishers
from tests.feeds.polls import Desk, LineReader, RecordingDesk
from tests.store.material import HandClock


@pytest.fixture
async def desk(store: Store, fetcher: Fetcher, clock: HandClock) -> Desk:
    return Desk(store, fetcher, clock)


async def test_gone_is_final_and_told_once(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", status=410)
    await desk.add(publishers.url("/feed"))
    assert await desk.poll() == 1
    assert await desk.poll(days=400) == 0
    [(number, reason)] = desk.broken_reports.reports
    assert (number, "permanently removed (410)" in reason) == (1, True)


async def test_a_paused_host_stays_paused_over_a_restart(publishers: Publishers, desk: Desk) -> None:
    """It asked for time; none of its feeds is polled before that."""
    publishers.says("/a", status=429, headers={"Retry-After": "36000"})
    publishers.says("/b", "b")
    publishers.says("/c", "c")
    await desk.add(publishers.url("/a"))
    await desk.add(publishers.url("/b"))
    await desk.add(publishers.url("/c", "other.example"))
    await desk.poll()
    async with Fetcher(desk.fetcher._guard, desk.clock, resolver=desk.fetcher._resolver) as fresh:
        desk.fetcher = fresh
        await desk.poll(minutes=599)
        assert sorted(set(publishers.paths())) == ["/a", "/c"]
        await desk.poll(minutes=2)
    assert publishers.paths().count("/b") == 1
    assert (await desk.feed(2)).failures == 0, "it was its neighbour that was refused"


async def test_a_broken_feed_is_tried_more_slowly_and_reported_once(publishers: Publishers, desk: Desk) -> None:
    publishers.says("/feed", status=500)
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    waits: list[timedelta] = []
    for _ in range(40):
        feed = await desk.feed()
        waits.append(feed.next_poll_at - desk.clock())
        desk.clock.now = feed.next_poll_at
        assert await desk.poll() == 1, "each after a restart"
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (MIN_INTERVAL, timedelta(days=30))
    [(number, reason)] = desk.broken_reports.reports
    assert (number, "answered 500 Internal Server Error" in reason) == (1, True)


async def test_a_feed_that_breaks_again_is_reported_again(publishers: Publishers, desk: Desk) -> None:
    await desk.add(publishers.url("/feed"))
    for _ in range(2):
        publishers.says("/feed", "!broken")
        for _ in range(BROKEN_AFTER_FAILURES):
            await desk.poll(days=31)
        publishers.says("/feed", "a")
        await desk.poll(days=31)
        assert (await desk.feed()).failures == 0
    assert [number for number, _ in desk.broken_reports.reports] == [1, 1]


async def test_a_desk_that_does_not_hear_is_told_again(publishers: Publishers, desk: Desk) -> None:
    desk.broken_reports = RecordingDesk(failures_left=1)
    publishers.says("/feed", status=410)
    await desk.add(publishers.url("/feed"))
    await desk.poll()
    assert desk.broken_reports.reports == []
    await desk.poll(minutes=2)
    await desk.poll(minutes=2)
    assert len(desk.broken_reports.reports) == 1


def test_the_back_off_never_shortens_and_has_no_end() -> None:
    waits = [get_backoff_interval(failures) for failures in range(1, 1_000)]
    assert waits == sorted(waits)
    assert waits[:6] == [MIN_INTERVAL * n for n in (1, 2, 4, 8, 16, 24)]


class Unstartable(LineReader):
    """The process that reads cannot be started, for some library is missing."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        raise WorkerNotStarted("The process that reads feeds can't be started: a library is missing.")


async def test_a_reader_that_cannot_start_is_no_fault_of_the_feeds(publishers: Publishers, desk: Desk) -> None:
    """The desk is not told of a hundred broken feeds; once the reader starts again they are read soon."""
    publishers.says("/feed", "news")
    await desk.add(publishers.url("/feed"))
    desk.reader = Unstartable()
    for _ in range(BROKEN_AFTER_FAILURES + 2):
        await desk.poll(minutes=11)
    assert (await desk.feed()).failures == 0
    assert desk.broken_reports.reports == []
    desk.reader = LineReader()
    await desk.poll(minutes=11)
    assert (await desk.feed()).read_at is not None


class PoisonReader(LineReader):
    """Makes of one line an article that cannot be kept: its time has no zone."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        lines = await super().read_feed(body, url=url, content_type=content_type)
        return replace(lines, articles=tuple(map(_poisoned, lines.articles)))


def _poisoned(article: Article) -> Article:
    return (
        replace(article, published_at=article.published_at.replace(tzinfo=None)) if article.id == "poison" else article
    )


async def test_a_feed_whose_articles_cannot_be_kept_stops_no_other(publishers: Publishers, desk: Desk) -> None:
    """Polls that are recorded together are recorded apart then; the one that fails is polled ever more slowly."""
    desk.reader = PoisonReader()
    for host, body in zip(HOSTS, ["a", "poison", "b"], strict=False):
        publishers.says(f"/{body}", body)
        await desk.add(publishers.url(f"/{body}", host))
    await desk.poll()
    assert [(await desk.feed(number)).read_at for number in (1, 2, 3)] == [desk.clock(), None, desk.clock()]
    assert [(await desk.feed(number)).failures for number in (1, 2, 3)] == [0, 1, 0]
    assert (await desk.feed(2)).reason == INTERNAL_ERROR


async def test_a_feed_that_cannot_be_recorded_stops_no_other(publishers: Publishers, desk: Desk) -> None:
    """It alone is left alone for a while, for longer each time; the others are polled as they are due."""
    for number, host in enumerate(HOSTS[:3], 1):
        publishers.says(f"/{number}", f"news-of-{number}")
        await desk.add(publishers.url(f"/{number}", host))
    with contextlib.closing(sqlite3.connect(Path(desk.store.name))) as rows, rows:
        rows.execute(
            "CREATE TRIGGER poison BEFORE UPDATE ON feed WHEN NEW.id = 1 BEGIN SELECT RAISE(ABORT, 'poison'); END"
        )
    poller = desk.poller()
    await poller.run_once()
    assert [(await desk.feed(number)).read_at for number in (1, 2, 3)] == [None, desk.clock(), desk.clock()]
    publishers.says("/4", "news-of-4")
    await desk.add(publishers.url("/4", HOSTS[1]))
    assert await poller.run_once() == 1
    for wait, polls in ((59, 1), (1, 2), (119, 2), (1, 3)):
        desk.clock.forward(seconds=wait)
        await poller.run_once()
        assert publishers.paths().count("/1") == polls
