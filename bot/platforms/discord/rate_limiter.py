"""Keep all requests of the client below Discord's global rate limit, and let those of answers go before those of posts.

discord.py does not limit the rate over all routes. A limiter around its calls would miss its internal retries, so this one is a
trace of the HTTP session, which sees every request. Replies to interactions are not limited, because Discord's global limit
does not count them: https://discord.com/developers/docs/topics/rate-limits#global-rate-limit

Even spacing is not enough. Discord counts a request when it arrives, and if the network stalls, many requests arrive at the
same time. So each request also holds a slot, which is free again one second after the response. By then Discord counted the
request at least a second ago.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace

import aiohttp

from bot.delivery.port import CHECK_LEASE, IN_DELIVERY
from bot.platforms.discord.rest_proxy import ProxyRateLimit, is_discord_rate_limit, parse_retry_after
from bot.recorder import Recorder

#: The window in which Discord counts requests, in seconds.
WINDOW_SECONDS = 1.0
#: A request that has had no response for this long, in seconds, was counted long ago or never will be.
MAX_ROUND_TRIP = 3.0


@dataclass(eq=False, slots=True)
class Slot:
    """The slot of one request. It is free for another request from ``free_at`` on, by the event loop's clock."""

    free_at: float


@dataclass(slots=True)
class WindowSlots:
    """The slots of a window: at most ``size`` requests are counted within any second."""

    size: int
    slots: list[Slot] = field(default_factory=list)

    def take(self, now: float) -> Slot:
        """Take a slot for a request that starts now. Call this only if :meth:`next_free_at` has passed."""
        self.slots = [slot for slot in self.slots if slot.free_at > now]
        slot = Slot(now + MAX_ROUND_TRIP + WINDOW_SECONDS)
        self.slots.append(slot)
        return slot

    def release(self, slot: Slot, now: float) -> None:
        """Free the slot one second from now, because the request was answered or has failed."""
        slot.free_at = min(slot.free_at, now + WINDOW_SECONDS)

    def next_free_at(self) -> float:
        """Return the latest time at which a slot is free; 0 if one is free already. More may be taken than there are by now."""
        if len(self.slots) < self.size:
            return 0.0
        return sorted(slot.free_at for slot in self.slots)[-self.size]


#: The longest wait for one channel that is left to discord.py, which sleeps within the request, in seconds. A longer one, such as
#: Discord's limits per hour ask for, is stored in the outbox, so that no attempt is held up by it.
MAX_INLINE_WAIT = 20.0
#: The longest wait that is accepted from an answer: a day.
MAX_RETRY_AFTER = 86_400.0
#: How many requests of answers may leave before their turn. The posts behind them wait longer, so the rate stays the same.
BURST = 4
#: How many requests Discord accepts within a second (https://discord.com/developers/docs/topics/rate-limits#global-rate-limit).
GLOBAL_LIMIT = 50
#: The rate at which a window of ``GLOBAL_LIMIT`` requests is full now and then. A lower rate has a smaller window in proportion, so
#: processes that share the limit stay within it together.
FULL_RATE = 45


class AmbiguousResponse(aiohttp.ClientError):
    """The response does not say whether Discord accepted a post: it is a 5xx, or a page that is not Discord's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answered {status}")
        self.status = status


class LongRateLimit(aiohttp.ClientError):
    """Discord answered 429 and asks to wait ``retry_after`` seconds, which is longer than an attempt may take."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Discord asks to wait {retry_after:.0f} s")
        self.retry_after = retry_after


class RateLimiter:
    """Spaces requests evenly. Requests of answers go before those of posts, however many posts are waiting.

    ``per_second`` is the rate; 0 leaves the limit to a proxy, and no request waits. ``recorder`` counts all requests, also those
    that discord.py repeats by itself.
    """

    def __init__(self, per_second: float, recorder: Recorder | None = None) -> None:
        self._recorder = recorder or Recorder()
        self._gap = 0.0
        self._next_at = 0.0
        self.slots = WindowSlots(0)
        self._answer_waiters: deque[asyncio.Future[Slot]] = deque()
        self._post_waiters: deque[asyncio.Future[Slot]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        #: Set whenever a request is answered 401.
        self.unauthorized_event = asyncio.Event()
        self.set_rate(per_second)

    def set_rate(self, per_second: float) -> None:
        """Change the rate, also for requests that are waiting; 0 leaves the limit to a proxy.

        After a reduction, earlier requests still count, for as long as :data:`MAX_ROUND_TRIP` and :data:`WINDOW_SECONDS` together.
        A process that takes over a part of the limit must wait for that long after the others have reduced their rates.
        """
        gap = 1.0 / per_second if per_second else 0.0
        if self._next_at:
            self._next_at += gap - self._gap
        self._gap = gap
        self.slots.size = max(1, min(GLOBAL_LIMIT, math.floor(per_second * GLOBAL_LIMIT / FULL_RATE + 1e-9)))
        if self._answer_waiters or self._post_waiters:
            self._schedule()

    async def acquire(self) -> Slot:
        """Wait until the request may leave, and return its slot. The caller must give it back with :meth:`release`.

        Requests outside of delivery go before those of posts.
        """
        now = asyncio.get_running_loop().time()
        if not self._gap:
            return self.slots.take(now)
        is_post = IN_DELIVERY.get()
        if not is_post and not self._answer_waiters and self._earliest_start(BURST) <= now:
            return self._take_slot(now)
        waiter: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        (self._post_waiters if is_post else self._answer_waiters).append(waiter)
        self._schedule()
        return await waiter

    def release(self, slot: Slot) -> None:
        """Give back the slot of a request that has ended, whatever its outcome."""
        self.slots.release(slot, asyncio.get_running_loop().time())
        self._schedule()

    def build_trace_config(self) -> aiohttp.TraceConfig:
        """Return a trace for the HTTP session that makes every request wait for its slot."""
        config = aiohttp.TraceConfig()

        async def on_start(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
        ) -> None:
            await self._start(context, params.url.path)

        async def on_failure(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams
        ) -> None:
            self._release_slot(context)
            self._record_failure(context, params)

        async def on_end(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            self._release_slot(context)
            scope = params.response.headers.get("X-RateLimit-Scope", "")
            self._recorder.record_request(params.method, params.url.path, params.response.status, scope)
            context.is_counted = True
            if params.response.status == 401:
                self.unauthorized_event.set()
            error = await _find_refusal(params.method, params.response)
            if error is not None:
                params.response.close()
                raise error

        config.on_request_end.append(on_end)
        config.on_request_exception.append(on_failure)
        config.on_request_start.append(on_start)
        return config

    async def _start(self, context: SimpleNamespace, path: str) -> None:
        if "/interactions/" not in path and "/webhooks/" not in path:
            context.slot = await self.acquire()
        try:
            await CHECK_LEASE.get()()
        except BaseException:
            self._release_slot(context)
            raise

    def _release_slot(self, context: SimpleNamespace) -> None:
        slot: Slot | None = getattr(context, "slot", None)
        if slot is not None:
            self.release(slot)

    def _record_failure(self, context: SimpleNamespace, params: aiohttp.TraceRequestExceptionParams) -> None:
        """Count a request without a response. A response that is refused by our own check was counted."""
        if not getattr(context, "is_counted", False):
            self._recorder.record_request(params.method, params.url.path, None)

    def _earliest_start(self, burst: int = 0) -> float:
        if not self._gap:
            return 0.0
        return max(self._next_at - burst * self._gap, self.slots.next_free_at())

    def _take_slot(self, now: float) -> Slot:
        # A timer that fires a little late must not lower the rate for ever, and idle time must not allow a burst.
        self._next_at = max(self._next_at, now - self._gap) + self._gap
        return self.slots.take(now)

    def _schedule(self) -> None:
        if self._timer is not None:
            # A slot may be free sooner than expected, or a request of an answer may have left before its turn.
            self._timer.cancel()
            self._timer = None
        if self._answer_waiters or self._post_waiters:
            self._timer = asyncio.get_running_loop().call_at(self._earliest_start(), self._serve_next)

    def _serve_next(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        while self._earliest_start() <= now:
            waiter = self._pop_waiter()
            if waiter is None:
                break
            waiter.set_result(self._take_slot(now))
        self._schedule()

    def _pop_waiter(self) -> asyncio.Future[Slot] | None:
        for waiters in (self._answer_waiters, self._post_waiters):
            while waiters:
                waiter = waiters.popleft()
                if not waiter.done():
                    return waiter
        return None


async def _find_refusal(method: str, response: aiohttp.ClientResponse) -> Exception | None:
    """Return the error for an answer that discord.py would handle wrongly; None if it may have it."""
    if response.status == 429 and not await is_discord_rate_limit(response):
        return ProxyRateLimit(response, parse_retry_after(response.headers, MAX_RETRY_AFTER))
    if not IN_DELIVERY.get():
        return None
    wait = _find_long_wait(response)
    if wait:
        # discord.py would sleep within the request, and the attempt would hold its place meanwhile.
        return LongRateLimit(wait)
    if (method == "POST" and response.status >= 500) or _is_not_from_discord(response):
        # discord.py would send a post again seconds later, when Discord may have forgotten the nonce. The dispatcher must search
        # for the post first.
        return AmbiguousResponse(response.status)
    return None


def _is_not_from_discord(response: aiohttp.ClientResponse) -> bool:
    """Return whether a proxy or a login page has answered in place of Discord. discord.py would treat its text as data."""
    return response.status < 300 and response.headers.get("Content-Type", "").startswith("text/")


def _find_long_wait(response: aiohttp.ClientResponse) -> float:
    """Return the wait that a 429 asks for, in seconds, if it is of one channel and longer than ``MAX_INLINE_WAIT``; else 0.

    discord.py handles a global 429 itself.
    """
    if response.status != 429 or "X-RateLimit-Global" in response.headers:
        return 0.0
    wait = parse_retry_after(response.headers, MAX_RETRY_AFTER)
    return wait if wait > MAX_INLINE_WAIT else 0.0
