"""What the tests of polling work with: a reader of plain lines, a fetcher without a network, a desk that is told."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from yarl import URL

from bot.errors import DealwireError, NotAFeed
from bot.model.article import Article
from bot.model.feed import Feed
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.feed_lookup import FeedReader
from bot.newsroom.feeds.fetcher import Fetcher
from bot.newsroom.feeds.http_headers import FetchResponse
from bot.newsroom.feeds.poller import Poller
from bot.newsroom.parsing.results import FeedFormat, ParsedFeed
from bot.store import Store
from tests.feeds.local import HOSTS, HereResolver
from tests.store.material import START, HandClock


def feed_of(*articles: Article) -> ParsedFeed:
    """Return a feed with these articles."""
    return ParsedFeed("The lines", "", FeedFormat.RSS, articles)


def fill(database: Path, feeds: Iterable[tuple[str, str, str]], due: datetime) -> None:
    """Insert feeds that have been read before, in one statement: address, host, ETag."""
    when = due.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    with contextlib.closing(sqlite3.connect(database)) as rows, rows:
        rows.executemany(
            "INSERT INTO feed (url, given_url, host, etag, interval_seconds, next_poll, read_at, added_at)"
            " VALUES (?, ?, ?, ?, 3600, ?, ?, ?)",
            [(url, url, host, etag, when, when, when) for url, host, etag in feeds],
        )


class LineReader:
    """Takes every line for an article: its id, its title, and, behind a blank, its date."""

    async def read_feed(self, body: bytes, *, url: str, content_type: str) -> ParsedFeed:
        if body.startswith(b"<html"):
            raise NotAFeed("It is a page.", is_web_page=True)
        if body.startswith(b"!"):
            raise DealwireError(f"It cannot be read: {body.decode()}.")
        return feed_of(*(_article(line) for line in body.decode().splitlines()))

    async def find_feed_links(self, body: bytes, *, url: str) -> tuple[str, ...]:
        return tuple(body.decode().split()[1:])


def _article(line: str) -> Article:
    key, _, date = line.partition(" ")
    when = datetime.fromisoformat(date).replace(tzinfo=UTC) if date else START
    return Article(key, f"About {key}", when, url=f"https://publisher.example/{key}")


class UnchangedFetcher(Fetcher):
    """Finds every feed unchanged, and asks nobody."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(AddressGuard(HOSTS), clock, resolver=HereResolver())
        self.addresses: list[str] = []

    async def fetch(self, address: str, *, etag: str = "", last_modified: str = "") -> FetchResponse:
        self.addresses.append(address)
        await asyncio.sleep(0)
        return FetchResponse(None, URL(address), URL(address))


@dataclass(slots=True)
class RecordingDesk:
    """Records the reported feeds; ``failures_left`` is how often it fails first."""

    reports: list[tuple[int, str]] = field(default_factory=list)
    failures_left: int = 0

    async def __call__(self, feed: Feed) -> None:
        if self.failures_left:
            self.failures_left -= 1
            raise RuntimeError("the desk cannot be told")
        self.reports.append((feed.id, feed.reason))


@dataclass(slots=True)
class Desk:
    """A store with feeds, and a poller of them that can be stopped and started anew."""

    store: Store
    fetcher: Fetcher
    clock: HandClock
    broken_reports: RecordingDesk = field(default_factory=RecordingDesk)
    reader: FeedReader = field(default_factory=LineReader)
    wake_event: asyncio.Event = field(default_factory=asyncio.Event)

    def poller(self, *, parallel: int = 8) -> Poller:
        """Return a poller that has just been started."""
        return Poller(
            self.store, self.fetcher, self.reader, self.clock, self.wake_event, on_broken=self.broken_reports, parallel=parallel,
            per_second=0, random_fraction=lambda: 0.0,
        )  # fmt: skip

    async def add(self, url: str) -> Feed:
        async with self.store.write() as tx:
            added = await tx.feeds.add(url, URL(url).host or "", self.clock())
        assert added is not None
        return added

    async def feed(self, number: int = 1) -> Feed:
        async with self.store.read() as tx:
            result = await tx.feeds.find(number)
        assert result is not None
        return result

    async def poll(self, **later: float) -> int:
        """Let time pass, start anew and poll what is due."""
        self.clock.forward(**later)
        return await self.poller().run_once()

    async def pending(self) -> list[str]:
        async with self.store.read() as tx:
            return [arrival.article.id for arrival in await tx.articles.list_pending(1_000)]
