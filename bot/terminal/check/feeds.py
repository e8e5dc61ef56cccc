"""The desk's feeds: which of them can be fetched. Before the first start, those of the starter collection, whose ids are 0."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bot.clock import Clock
from bot.errors import DealwireError
from bot.model.feed import Feed
from bot.model.findings import Finding
from bot.newsroom.feeds.address_guard import AddressGuard
from bot.newsroom.feeds.fetcher import Fetcher, FetchLimits
from bot.settings import Settings

#: How many feeds are fetched at the same time, how long one may take, and all of them, in seconds.
PARALLEL_FETCHES = 16
FETCH_SECONDS = 10.0
TOTAL_SECONDS = 30.0
#: Feeds that cannot be fetched beyond these are counted, also if none can: then they have the same reason.
_MAX_LINES = 10
_MAX_LINES_OF_ALL = 3


async def check_feeds(
    settings: Settings, feeds: Sequence[Feed], clock: Clock, *, total_seconds: float = TOTAL_SECONDS
) -> list[Finding]:
    """Fetch the feeds as the bot does, with its limits on addresses, and return which of them fail, and why."""
    if not feeds:
        return []
    guard = AddressGuard(settings.feed_allow, settings.feed_block)
    limits = FetchLimits(seconds=FETCH_SECONDS)
    async with Fetcher(guard, clock, limits=limits, contact_url=settings.contact_url) as fetcher:
        failures = await _find_failures(fetcher, feeds, total_seconds)
    return list(summarize_failures(feeds, failures))


async def _find_failures(fetcher: Fetcher, feeds: Sequence[Feed], total_seconds: float) -> dict[str, str | None]:
    """Return why feeds cannot be fetched, by their addresses; None for those that were not reached in time."""
    semaphore = asyncio.Semaphore(PARALLEL_FETCHES)

    async def fetch(feed: Feed) -> str:
        async with semaphore:
            try:
                await fetcher.fetch(feed.url, etag=feed.etag, last_modified=feed.last_modified)
            except DealwireError as exc:
                return str(exc)
            return ""

    tasks = {feed.url: asyncio.create_task(fetch(feed)) for feed in feeds}
    await asyncio.wait(tasks.values(), timeout=total_seconds)
    for task in tasks.values():
        task.cancel()
    await asyncio.gather(*tasks.values(), return_exceptions=True)
    results = {url: None if task.cancelled() else task.result() for url, task in tasks.items()}
    return {url: reason for url, reason in results.items() if reason != ""}


def summarize_failures(feeds: Sequence[Feed], failures: dict[str, str | None]) -> Iterator[Finding]:
    """Yield how many feeds can be fetched, and which cannot. The bot works without any, so these are notes."""
    reasons = {url: reason for url, reason in failures.items() if reason is not None}
    late_count = len(failures) - len(reasons)
    count = f"{len(feeds):,} feed{'s' if len(feeds) > 1 else ''}"
    if not failures:
        yield Finding.ok(f"Every feed of the desk can be fetched: {count}.")
        return
    max_lines = _MAX_LINES
    if len(reasons) == len(feeds) > 1:
        max_lines = _MAX_LINES_OF_ALL
        yield Finding.note(
            f"None of the desk's {count} can be fetched. Check this machine's internet connection, name server and firewall."
        )
    else:
        yield Finding.ok(f"{len(feeds) - len(failures):,} of the desk's {count} can be fetched.")
    for feed in [feed for feed in feeds if feed.url in reasons][:max_lines]:
        label = f"Feed {feed.id} ({_name(feed)})" if feed.id else f"Feed {_name(feed)}"
        yield Finding.note(f"{label}: {reasons[feed.url]}{_FIX.format(feed.id) if feed.id else ''}")
    if len(reasons) > max_lines:
        yield Finding.note(f"{len(reasons) - max_lines:,} more feeds can't be fetched.")
    if late_count:
        hint = "; `dealwire feeds list` shows when each was last read" if all(feed.id for feed in feeds) else ""
        yield Finding.note(f"{late_count:,} feed{'s were' if late_count > 1 else ' was'} not fetched in time{hint}.")


def _name(feed: Feed) -> str:
    """Return a feed's title, or its host: an address may have a key in it."""
    return (feed.title or urlsplit(feed.url).hostname or feed.host)[:80]


_FIX = " If that stays so, correct its address or run: dealwire feeds pause {}"
