"""No more requests a second than Discord takes: one evenly spaced row for every try of the client, answers first.

discord.py has no limiter of its own across routes, and its hidden retries pass by any that its caller keeps; a
trace of the HTTP session sees every try. The row spaces what leaves; what may arrive within a second is counted too. Replies to interactions are outside Discord's limit, and outside ours.
"""

from __future__ import annotations

import asyncio
from collections import deque
from contextvars import ContextVar
from types import SimpleNamespace

import aiohttp

from bot.delivery.places import Place, Places

#: Set within the work of a post: its requests let those of answers go first.
IS_POST: ContextVar[bool] = ContextVar("dealwire_is_post", default=False)


#: What Discord's limits of an hour ask for is longer than this, in seconds.
LONGEST_SLEEP = 20.0
#: More than a day is believed of no answer.
LONGEST_WAIT = 86_400.0
#: So many places an answer may take in advance: the posts behind it wait the longer, and the rate holds.
IN_ADVANCE = 4
#: Discord takes no more than this within a second.
MOST = 50


class Unanswered(aiohttp.ClientError):
    """The answer to a post does not say whether Discord took it: a 5xx, or a page that is not Discord's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answered {status}")
        self.status = status


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
        self.places = Places(min(MOST, int(per_second) + IN_ADVANCE + 1))
        self._answers: deque[asyncio.Future[Place]] = deque()
        self._posts: deque[asyncio.Future[Place]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        #: Set whenever a request is answered 401.
        self.unauthorized = asyncio.Event()

    async def turn(self) -> Place:
        """Wait for the next free place in the row; whoever asks outside a post's work goes before all posts.

        The place is to be given back with ``ended``.
        """
        now = asyncio.get_running_loop().time()
        is_post = IS_POST.get()
        if not is_post and not self._answers and self._earliest(IN_ADVANCE) <= now:
            return self._take(now)
        waiter: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        (self._posts if is_post else self._answers).append(waiter)
        self._schedule()
        return await waiter

    def ended(self, place: Place) -> None:
        """The request that had the place is over, whatever became of it."""
        self.places.ended(place, asyncio.get_running_loop().time())
        self._schedule()

    def trace(self) -> aiohttp.TraceConfig:
        """What the HTTP session must be given so that every try waits for its turn."""
        config = aiohttp.TraceConfig()

        async def on_start(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
        ) -> None:
            path = params.url.path
            if "/interactions/" not in path and "/webhooks/" not in path:
                context.place = await self.turn()

        async def on_failure(
            _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestExceptionParams
        ) -> None:
            self._give_back(context)

        async def on_end(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            self._give_back(context)
            if params.response.status == 401:
                self.unauthorized.set()
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
                raise Unanswered(params.response.status)
            if _is_foreign(params.response):
                params.response.close()
                raise Unanswered(params.response.status)

        config.on_request_end.append(on_end)
        config.on_request_exception.append(on_failure)
        config.on_request_start.append(on_start)
        return config

    def _give_back(self, context: SimpleNamespace) -> None:
        place: Place | None = getattr(context, "place", None)
        if place is not None:
            self.ended(place)

    def _earliest(self, in_advance: int = 0) -> float:
        return max(self._next - in_advance * self._gap, self.places.free_at())

    def _take(self, now: float) -> Place:
        # A timer that fires a little late must not slow the row down for ever; a pause earns nothing.
        self._next = max(self._next, now - self._gap) + self._gap
        return self.places.take(now)

    def _schedule(self) -> None:
        if self._timer is not None:
            # A place may be free sooner than it was thought, or an answer has gone ahead meanwhile.
            self._timer.cancel()
            self._timer = None
        if self._answers or self._posts:
            self._timer = asyncio.get_running_loop().call_at(self._earliest(), self._grant)

    def _grant(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        if self._earliest() <= now:
            waiter = self._first()
            if waiter is not None:
                waiter.set_result(self._take(now))
        self._schedule()

    def _first(self) -> asyncio.Future[Place] | None:
        for row in (self._answers, self._posts):
            while row:
                waiter = row.popleft()
                if not waiter.done():
                    return waiter
        return None


def _is_foreign(response: aiohttp.ClientResponse) -> bool:
    """Return whether a proxy or a login page answers for Discord that all is well; discord.py would take that for data."""
    return response.status < 300 and response.headers.get("Content-Type", "").startswith("text/")


def _long_wait(response: aiohttp.ClientResponse) -> float:
    """How long a 429 of one channel asks to wait, where that is long; else 0. One that holds for all is discord.py's own."""
    if response.status != 429 or "X-RateLimit-Global" in response.headers:
        return 0.0
    try:
        wait = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return 0.0
    return min(wait, LONGEST_WAIT) if wait > LONGEST_SLEEP else 0.0
