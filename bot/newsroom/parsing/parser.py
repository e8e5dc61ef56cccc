"""The parser as the newsroom uses it: bytes in, values out, everything costly or hostile in a worker."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from bot.clock import Clock, utc_now
from bot.errors import NotAFeed, ParserLimitExceeded, ParsingError, WorkerDied
from bot.languages import format_number, retranslate, say
from bot.newsroom.parsing.answer_validation import validate_feed, validate_links, validate_page
from bot.newsroom.parsing.results import PageLead, ParsedFeed
from bot.newsroom.parsing.worker_pool import WorkerLimits, WorkerPool

#: The largest thing that is read.
BODY_LIMIT = 10_000_000


class Parser:
    """Reads what publishers send. Open it with ``async with``; its workers start when they are first needed.

    Every call may raise :class:`~bot.errors.ParsingError`: ``ParserLimitExceeded`` past the limits of time and memory, ``WorkerDied`` when a worker dies
    over the bytes, ``ParserBusy`` when too many wait. The call after it is served as if nothing had been. A call may be cancelled.
    """

    def __init__(self, clock: Clock = utc_now, limits: WorkerLimits | None = None) -> None:
        self._clock = clock
        self._limits = limits or WorkerLimits()
        self._pool: WorkerPool | None = None

    async def __aenter__(self) -> Self:
        self._pool = WorkerPool(self._limits)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._pool is not None:
            await self._pool.close()
            self._pool = None

    async def read_feed(self, body: bytes, *, url: str, content_type: str = "") -> ParsedFeed:
        """The feed in these bytes, which came from ``url`` with this Content-Type.

        Raises NotAFeed, with one sentence why, when it is none; ``NotAFeed.page`` says whether :meth:`find_feed_links` may find one in it.
        """
        now = self._clock()
        return validate_feed(await self._run_job("feed", body, url, content_type, now.isoformat()), now)

    async def find_feed_links(self, body: bytes, *, url: str, content_type: str = "") -> tuple[str, ...]:
        """The feeds that a web page names: absolute http(s) addresses, each once, best first; none if it names none."""
        return validate_links(await self._run_job("links", body, url, content_type, ""))

    async def read_page(self, body: bytes, *, url: str, content_type: str = "") -> PageLead:
        """What a web page says about itself; its text is empty if no text is found."""
        now = self._clock()
        return validate_page(await self._run_job("page", body, url, content_type, now.isoformat()), now)

    async def _run_job(self, job: str, body: bytes, url: str, content_type: str, now: str) -> list[dict[str, Any]]:
        if self._pool is None:
            raise RuntimeError("the parser is not open")
        if len(body) > BODY_LIMIT:
            raise ParserLimitExceeded(
                say("It is larger than the {size} bytes that are read.", size=format_number(BODY_LIMIT))
            )
        header = {"job": job, "url": url, "content_type": content_type[:200], "now": now}
        parts = await self._pool.ask(header, body)
        if "error" in parts[-1]:
            raise _build_error(parts[-1])
        return parts[:-1]


def _build_error(part: Mapping[str, Any]) -> ParsingError:
    kind = part["error"]
    if kind == "no-feed":
        # A worker says it in English.
        return NotAFeed(retranslate(str(part.get("sentence", ""))[:200]), is_web_page=part.get("page") is True)
    if kind == "memory":
        return ParserLimitExceeded(say("Reading it takes more memory than reading may."))
    if kind == "unreadable":
        return ParsingError(say("Nothing can be made of it: it is broken in a way that no reader understands."))
    return WorkerDied(say("The process that reads feeds gave an answer that nobody can read."))
