"""Limits all requests of the client to Discord's global rate: evenly spaced, those of answers first.

discord.py has no limit over all routes, and its own retries would bypass one around its calls. A trace of the HTTP session
sees every request. Replies to interactions are not limited, as Discord's global limit does not count them:
https://discord.com/developers/docs/topics/rate-limits#global-rate-limit

Discord counts a request when it takes it, some time between its start and the end of its answer. After a stall on the way,
requests that left evenly arrive all at once. So the limiter counts answers too: each request holds a slot until Discord
has surely counted it, one second ago or longer.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from dataclasses import dataclass, field
from types import SimpleNamespace

import aiohttp

from bot.delivery.port import IN_DELIVERY

#: Discord accepts one IDENTIFY in five seconds for all shards whose ids are equal modulo ``max_concurrency``
#: (https://discord.com/developers/docs/events/gateway#sharding-max-concurrency); the rest allows for latency.
IDENTIFY_INTERVAL = 5.1


class IdentifyRateLimiter:
    """Lets shards start as fast as Discord allows, also when one starts again after it lost its session.

    discord.py waits five seconds before every IDENTIFY and ignores ``max_concurrency``.
    """

    def __init__(self, max_concurrency: int = 1) -> None:
        self._max_concurrency = max_concurrency
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._last_identify: dict[int, float] = {}

    async def wait(self, shard_id: int) -> None:
        """Return when the shard may send its IDENTIFY."""
        clock, group = asyncio.get_running_loop().time, shard_id % self._max_concurrency
        async with self._locks[group]:
            if group in self._last_identify:
                await asyncio.sleep(self._last_identify[group] + IDENTIFY_INTERVAL - clock())
            self._last_identify[group] = clock()


#: The window in which Discord counts requests, in seconds.
WINDOW_SECONDS = 1.0
#: A request without an answer for so long was counted long ago, or never will be, in seconds.
MAX_ROUND_TRIP = 3.0


@dataclass(eq=False, slots=True)
class Slot:
    """The slot of one request: when it is free for another, by the event loop's clock."""

    free_at: float


@dataclass(slots=True)
class WindowSlots:
    """``size`` slots, for any span of a second."""

    size: int
    slots: list[Slot] = field(default_factory=list)

    def take(self, now: float) -> Slot:
        """Take a slot for a request that starts now. Call this only if :meth:`next_free_at` has passed."""
        self.slots = [slot for slot in self.slots if slot.free_at > now]
        slot = Slot(now + MAX_ROUND_TRIP + WINDOW_SECONDS)
        self.slots.append(slot)
        return slot

    def release(self, slot: Slot, now: float) -> None:
        """Free the slot a second from now: the request was answered, or failed."""
        slot.free_at = min(slot.free_at, now + WINDOW_SECONDS)

    def next_free_at(self) -> float:
        """Return when a slot is free at the latest, as far as is known; 0 if one is free already."""
        if len(self.slots) < self.size:
            return 0.0
        return sorted(slot.free_at for slot in self.slots)[-self.size]


#: Discord's hourly limits ask for longer waits than this, in seconds.
MAX_INLINE_WAIT = 20.0
#: The longest wait that is accepted from an answer: a day.
MAX_RETRY_AFTER = 86_400.0
#: So many requests of answers may leave ahead of their turn: the posts behind them wait longer, and the rate holds.
BURST = 4
#: The most requests that Discord takes within a second (https://discord.com/developers/docs/topics/rate-limits#global-rate-limit).
GLOBAL_LIMIT = 50


class AmbiguousResponse(aiohttp.ClientError):
    """The answer to a post does not say whether Discord took it: a 5xx, or a page that is not Discord's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answered {status}")
        self.status = status


class LongRateLimit(aiohttp.ClientError):
    """Discord answered 429, and asks for a wait that is longer than an attempt: ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Discord asks to wait {retry_after:.0f} s")
        self.retry_after = retry_after


class RateLimiter:
    """Spaces requests evenly: 300 posts at once leave one after the other. Requests of answers go before all those of posts."""

    def __init__(self, per_second: float) -> None:
        self._gap = 1.0 / per_second
        self._next_at = 0.0
        self.slots = WindowSlots(min(GLOBAL_LIMIT, int(per_second) + BURST + 1))
        self._answer_waiters: deque[asyncio.Future[Slot]] = deque()
        self._post_waiters: deque[asyncio.Future[Slot]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        #: Set whenever a request is answered 401.
        self.unauthorized_event = asyncio.Event()

    async def acquire(self) -> Slot:
        """Wait until the request may leave, and return its slot. Requests outside of delivery go before those of posts.

        The slot must be given back with :meth:`release`.
        """
        now = asyncio.get_running_loop().time()
        is_post = IN_DELIVERY.get()
        if not is_post and not self._answer_waiters and self._earliest_start(BURST) <= now:
            return self._take_slot(now)
        waiter: asyncio.Future[Slot] = asyncio.get_running_loop().create_future()
        (self._post_waiters if is_post else self._answer_waiters).append(waiter)
        self._schedule()
        return await waiter

    def release(self, slot: Slot) -> None:
        """Give back the slot of a request that is over, whatever its outcome."""
        self.slots.release(slot, asyncio.get_running_loop().time())
        self._schedule()

    def build_trace_config(self) -> aiohttp.TraceConfig:
        """Return a trace for the HTTP session that makes every request wait for its slot."""
        config = aiohttp.TraceConfig()

        async def on_start(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestStartParams
        ) -> None:
            path = params.url.path
            if "/interactions/" not in path and "/webhooks/" not in path:
                context.slot = await self.acquire()

        async def on_failure(
            _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestExceptionParams
        ) -> None:
            self._release_slot(context)

        async def on_end(
            _session: aiohttp.ClientSession, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams
        ) -> None:
            self._release_slot(context)
            if params.response.status == 401:
                self.unauthorized_event.set()
            if not IN_DELIVERY.get():
                return
            wait = _find_long_wait(params.response)
            if wait:
                # discord.py would sleep within the request, and the post would hold its place all the while.
                params.response.close()
                raise LongRateLimit(wait)
            if params.method == "POST" and params.response.status >= 500:
                # discord.py would send it again by itself, seconds later, when Discord may have forgotten the nonce.
                # The dispatcher has to search for it first.
                params.response.close()
                raise AmbiguousResponse(params.response.status)
            if _is_not_from_discord(params.response):
                params.response.close()
                raise AmbiguousResponse(params.response.status)

        config.on_request_end.append(on_end)
        config.on_request_exception.append(on_failure)
        config.on_request_start.append(on_start)
        return config

    def _release_slot(self, context: SimpleNamespace) -> None:
        slot: Slot | None = getattr(context, "slot", None)
        if slot is not None:
            self.release(slot)

    def _earliest_start(self, burst: int = 0) -> float:
        return max(self._next_at - burst * self._gap, self.slots.next_free_at())

    def _take_slot(self, now: float) -> Slot:
        # A timer that fires a little late must not lower the rate for ever; a pause earns no credit.
        self._next_at = max(self._next_at, now - self._gap) + self._gap
        return self.slots.take(now)

    def _schedule(self) -> None:
        if self._timer is not None:
            # A slot may be free sooner than expected, or a request of an answer has gone ahead meanwhile.
            self._timer.cancel()
            self._timer = None
        if self._answer_waiters or self._post_waiters:
            self._timer = asyncio.get_running_loop().call_at(self._earliest_start(), self._serve_next)

    def _serve_next(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        if self._earliest_start() <= now:
            waiter = self._pop_waiter()
            if waiter is not None:
                waiter.set_result(self._take_slot(now))
        self._schedule()

    def _pop_waiter(self) -> asyncio.Future[Slot] | None:
        for waiters in (self._answer_waiters, self._post_waiters):
            while waiters:
                waiter = waiters.popleft()
                if not waiter.done():
                    return waiter
        return None


def _is_not_from_discord(response: aiohttp.ClientResponse) -> bool:
    """Return whether a proxy or a login page answers in place of Discord. discord.py would take its text for data."""
    return response.status < 300 and response.headers.get("Content-Type", "").startswith("text/")


def _find_long_wait(response: aiohttp.ClientResponse) -> float:
    """Return how long a 429 of one channel asks to wait if that is long, else 0. discord.py handles a global one itself."""
    if response.status != 429 or "X-RateLimit-Global" in response.headers:
        return 0.0
    try:
        wait = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return 0.0
    return min(wait, MAX_RETRY_AFTER) if wait > MAX_INLINE_WAIT else 0.0
