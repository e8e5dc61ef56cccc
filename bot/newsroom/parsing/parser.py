"""The parser as the newsroom uses it: bytes in, values out, and everything costly or hostile in a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self

from bot.clock import Clock, utc_now
from bot.errors import NotAFeed, ParserBusy, ParserLimitExceeded, ParsingError, WorkerDied, WorkerNotStarted
from bot.languages import decode_message, format_number, localize, say, say_count
from bot.newsroom.parsing.answer_validation import validate_feed, validate_links, validate_page
from bot.newsroom.parsing.results import PageLead, ParsedFeed
from bot.subprocesses.pool import (
    JobError,
    JobTimedOut,
    PoolBusy,
    PoolClosed,
    StartFailed,
    UnreadableAnswer,
    WorkerLimits,
    WorkerPool,
)

#: The longest encoded message that is read from a worker, in characters.
_SENTENCE_LIMIT = 1_000

FEED_JOBS, PAGE_JOBS = "bot.newsroom.parsing.jobs", "bot.newsroom.parsing.page_jobs"
#: Pages are rarely read, and a process that reads them takes twice the memory of one for feeds.
_PAGE_IDLE_SECONDS = 600.0
#: The largest body that is read, in bytes.
BODY_LIMIT = 10_000_000


class ParserPool:
    """Processes that run a module of jobs. What goes wrong in one is raised as a parsing error."""

    def __init__(self, limits: WorkerLimits | None = None, module: str = FEED_JOBS) -> None:
        self._pool = WorkerPool(module, limits or WorkerLimits(), "Starting a process that reads feeds")

    async def ask(self, header: Mapping[str, str], body: bytes) -> list[dict[str, Any]]:
        """Return a worker's answer, unchecked: never empty, and the last part has the key ``end`` or ``error``.

        Raise a ParsingError if it costs too much, if the worker dies, or if too many are waiting. May be cancelled at any time.
        """
        try:
            return (await self._pool.run(header, body)).parts
        except JobError as exc:
            raise _translate(exc) from exc

    async def close(self) -> None:
        """End every worker, and wait until it is gone. Calls that are still waiting get WorkerDied."""
        await self._pool.close()


class Parser:
    """Reads what publishers send. Open it with ``async with``; its workers start when they are first needed.

    Every call may raise :class:`~bot.errors.ParsingError`: ``ParserLimitExceeded`` past the limits of time and memory,
    ``WorkerDied`` if a worker dies over the bytes, ``ParserBusy`` if too many are waiting. The next call is served as
    if nothing had happened. A call may be cancelled.
    """

    def __init__(self, clock: Clock = utc_now, limits: WorkerLimits | None = None) -> None:
        self._clock = clock
        self._limits = limits or WorkerLimits()
        self._pools: dict[str, ParserPool] = {}

    async def __aenter__(self) -> Self:
        feeds = ParserPool(self._limits)
        pages = ParserPool(replace(self._limits, idle_seconds=_PAGE_IDLE_SECONDS), PAGE_JOBS)
        self._pools = {"feed": feeds, "links": feeds, "page": pages}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        pools, self._pools = set(self._pools.values()), {}
        await asyncio.gather(*(pool.close() for pool in pools))

    async def read_feed(self, body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
        """Return the feed in these bytes, which came from ``url`` with this Content-Type.

        Raise NotAFeed, with one sentence why, if it is none; ``NotAFeed.is_web_page`` says whether
        :meth:`find_feed_links` may find one in it.
        """
        now = self._clock()
        return validate_feed(await self._run_job("feed", body, url, content_type, now.isoformat()), now)

    async def find_feed_links(self, body: bytes, *, url: str, content_type: str = "") -> tuple[str, ...]:
        """Return the feeds that a web page names: absolute http(s) addresses, each once, best first."""
        return validate_links(await self._run_job("links", body, url, content_type, ""))

    async def read_page(self, body: bytes, *, url: str, content_type: str = "") -> PageLead:
        """Return what a web page says about itself. Its text is empty if no text is found."""
        now = self._clock()
        return validate_page(await self._run_job("page", body, url, content_type, now.isoformat()), now)

    async def _run_job(self, job: str, body: bytes, url: str, content_type: str, now: str) -> list[dict[str, Any]]:
        if not self._pools:
            raise RuntimeError("the parser is not open")
        if len(body) > BODY_LIMIT:
            raise ParserLimitExceeded(
                say("It's larger than the limit of {size} bytes.", size=format_number(BODY_LIMIT))
            )
        header = {"job": job, "url": url, "content_type": content_type[:200], "now": now}
        parts = await self._pools[job].ask(header, body)
        if "error" in parts[-1]:
            raise _build_error(parts[-1])
        return parts[:-1]


def _build_error(part: Mapping[str, Any]) -> ParsingError:
    kind = part["error"]
    if kind == "no-feed":
        # A worker sends a message with its values, in English.
        return NotAFeed(
            localize(decode_message(str(part.get("sentence", ""))[:_SENTENCE_LIMIT])),
            is_web_page=part.get("page") is True,
        )
    if kind == "memory":
        return ParserLimitExceeded(say("Reading it takes too much memory."))
    if kind == "failed":
        return ParsingError(say("It's too broken to be read."))
    return _build_unreadable_error()


def _translate(error: JobError) -> ParsingError:
    if isinstance(error, JobTimedOut):
        if error.seconds is None:
            return ParserLimitExceeded(say("Reading it took too long."))
        return ParserLimitExceeded(say("Reading it took longer than {seconds} seconds.", seconds=f"{error.seconds:g}"))
    if isinstance(error, StartFailed):
        return WorkerNotStarted(say("The process that reads feeds can't be started: {why}.", why=error))
    if isinstance(error, PoolBusy):
        return ParserBusy(
            say_count(
                "{count} is already waiting to be read; try again later.",
                "{count} are already waiting to be read; try again later.",
                error.waiting,
            )
        )
    if isinstance(error, PoolClosed):
        return WorkerDied(say("The program is stopping and reads nothing more."))
    if isinstance(error, UnreadableAnswer):
        return _build_unreadable_error()
    return WorkerDied(say("The process that reads feeds crashed on this one."))


def _build_unreadable_error() -> WorkerDied:
    return WorkerDied(say("The process that reads feeds returned an unreadable answer."))
