"""No more requests a second than Discord takes: one evenly spaced row for every try of the client, answers first.

discord.py has no limiter of its own across routes, and its hidden retries pass by any that its caller keeps; a
trace of the HTTP session sees every try. Replies to interactions are outside Discord's limit, and outside ours.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

#: Set within the work of a post: its requests let those of answers go first.
IS_POST: ContextVar[bool] = ContextVar("dealwire_is_post", default=False)


#: What Discord's limits of an hour ask for is longer than this, in seconds.
LONGEST_SLEEP = 20.0
#: More than a day is believed of no answer.
LONGEST_WAIT = 86_400.0
#: So many places an answer may take in advance: the posts behind it wait the longer, and the rate holds.
IN_ADVANCE = 4


class Unanswered(aiohttp.ClientError):
    """Discord answered a post with an error of its own: it may have taken it, or not."""


class LongWait(aiohttp.ClientError):
    """Discord answered 429 and asks for a wait that is longer than a try: ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Discord asks to wait {retry_after:.0f} s")
        self.retry_after = retry_after


class Pace:
    """Spaces requests evenly: 300 posts at once leave as 300 in a row. An answer leaves at once, out of the row's turn."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1.0 / per_second
        self._next = 0.0
        self._answers: deque[asyncio.Future[None]] = deque()
        self._posts: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self) -> None:
        """Wait for the next free place in the row; whoever asks outside a post's work goes before all posts."""
        now = asyncio.get_running_loop().time()
        is_post = IS_POST.get()
        if not is_post and not self._answers and self._next - now <= IN_ADVANCE * self._gap:
            self._take(now)
            return
        waiter = asyncio.get_running_loop().create_future()
        (self._posts if is_post else self._answers).append(waiter)
        self._schedule()
        await waiter

    def trace(self) -> aiohttp.TraceConfig:
        """What the HTTP session must be given so that every try waits for its turn."""
        config = aiohttp.TraceConfig()

        async def on_start(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
        ) -> None:
            path = params.url.path
            if "/interactions/" not in path and "/webhooks/" not in path:
                await self.turn()

        async def on_end(
            _session: aiohttp.ClientSession, _context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            if not IS_POST.get():
                return
            wait = _long_wait(params.response)
            if wait:
                # discord.py would sleep for as long within the request, and the post would keep its place all the while.
                params.response.close()
                raise LongWait(wait)
            if params.method == "POST" and params.response.status >= 500:
                # discord.py would send it again by itself, seconds later, when Discord may have forgotten the nonce.
                # Whether it stands is found out by looking, and that is the dispatcher's to do.
                params.response.close()
                raise Unanswered(f"Discord answered {params.response.status}")

        config.on_request_end.append(on_end)
        config.on_request_start.append(on_start)
        return config

    def _take(self, now: float) -> None:
        # A timer that fires a little late must not slow the row down for ever; a pause earns nothing.
        self._next = max(self._next, now - self._gap) + self._gap

    def _schedule(self) -> None:
        if self._timer is None and (self._answers or self._posts):
            loop = asyncio.get_running_loop()
            self._timer = loop.call_at(max(loop.time(), self._next), self._grant)

    def _grant(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        if self._next > now:
            # An answer has gone ahead meanwhile.
            self._schedule()
            return
        waiter = self._first()
        if waiter is not None:
            self._take(now)
            waiter.set_result(None)
            self._schedule()

    def _first(self) -> asyncio.Future[None] | None:
        for row in (self._answers, self._posts):
            while row:
                waiter = row.popleft()
                if not waiter.done():
                    return waiter
        return None


def _long_wait(response: aiohttp.ClientResponse) -> float:
    """How long a 429 of one channel asks to wait, where that is long; else 0. One that holds for all is discord.py's own."""
    if response.status != 429 or "X-RateLimit-Global" in response.headers:
        return 0.0
    try:
        wait = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return 0.0
    return min(wait, LONGEST_WAIT) if wait > LONGEST_SLEEP else 0.0
