"""No more requests a second than Discord takes: one evenly spaced row for every try of the client, answers first.

discord.py has no limiter of its own across routes, and its hidden retries pass by any that its caller keeps; a
trace of the HTTP session sees every try. The row spaces what leaves; what may arrive within a second is counted too. Replies to interactions are outside Discord's limit, and outside ours.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from types import SimpleNamespace

import aiohttp

from bot.delivery.port import IN_DELIVERY

#: The span over which Discord counts, in seconds.
WINDOW_SECONDS = 1.0
#: What has had no answer for so long was counted long ago, or never will be: it keeps no other waiting, in seconds.
MAX_ROUND_TRIP = 3.0


@dataclass(eq=False, slots=True)
class Slot:
    """One request's: when it is free for another, by the event loop's clock."""

    free_at: float


@dataclass(slots=True)
class WindowSlots:
    """``size`` of them, for any span of a second."""

    size: int
    slots: list[Slot] = field(default_factory=list)

    def take(self, now: float) -> Slot:
        """One for a request that starts now; it was checked before that one is free."""
        self.slots = [slot for slot in self.slots if slot.free_at > now]
        slot = Slot(now + MAX_ROUND_TRIP + WINDOW_SECONDS)
        self.slots.append(slot)
        return slot

    def release(self, slot: Slot, now: float) -> None:
        """The request was answered, or failed: Discord forgets it a second from now."""
        slot.free_at = min(slot.free_at, now + WINDOW_SECONDS)

    def next_free_at(self) -> float:
        """When one is free at the latest, for all that is known now: 0 if there is one already."""
        if len(self.slots) < self.size:
            return 0.0
        return sorted(slot.free_at for slot in self.slots)[-self.size]


#: What Discord's limits of an hour ask for is longer than this, in seconds.
MAX_INLINE_WAIT = 20.0
#: More than a day is believed of no answer.
MAX_RETRY_AFTER = 86_400.0
#: So many places an answer may take in advance: the posts behind it wait the longer, and the rate holds.
BURST = 4
#: Discord takes no more than this within a second.
GLOBAL_LIMIT = 50


class AmbiguousResponse(aiohttp.ClientError):
    """The answer to a post does not say whether Discord took it: a 5xx, or a page that is not Discord's."""

    def __init__(self, status: int) -> None:
        super().__init__(f"Discord answered {status}")
        self.status = status


class LongRateLimit(aiohttp.ClientError):
    """Discord answered 429 and asks for a wait that is longer than a try: ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Discord asks to wait {retry_after:.0f} s")
        self.retry_after = retry_after


class RateLimiter:
    """Spaces requests evenly: 300 posts at once leave as 300 in a row. An answer leaves at once, out of the row's turn."""

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
        """Wait for the next free place in the row; whoever asks outside a post's work goes before all posts.

        The place is to be given back with ``ended``.
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
        """The request that had the place is over, whatever became of it."""
        self.slots.release(slot, asyncio.get_running_loop().time())
        self._schedule()

    def build_trace_config(self) -> aiohttp.TraceConfig:
        """What the HTTP session must be given so that every try waits for its turn."""
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
                # discord.py would sleep for as long within the request, and the post would keep its place all the while.
                params.response.close()
                raise LongRateLimit(wait)
            if params.method == "POST" and params.response.status >= 500:
                # discord.py would send it again by itself, seconds later, when Discord may have forgotten the nonce.
                # Whether it stands is found out by looking, and that is the dispatcher's to do.
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
        # A timer that fires a little late must not slow the row down for ever; a pause earns nothing.
        self._next_at = max(self._next_at, now - self._gap) + self._gap
        return self.slots.take(now)

    def _schedule(self) -> None:
        if self._timer is not None:
            # A place may be free sooner than it was thought, or an answer has gone ahead meanwhile.
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
    """Return whether a proxy or a login page answers for Discord that all is well; discord.py would take that for data."""
    return response.status < 300 and response.headers.get("Content-Type", "").startswith("text/")


def _find_long_wait(response: aiohttp.ClientResponse) -> float:
    """How long a 429 of one channel asks to wait, where that is long; else 0. One that holds for all is discord.py's own."""
    if response.status != 429 or "X-RateLimit-Global" in response.headers:
        return 0.0
    try:
        wait = float(response.headers.get("Retry-After", ""))
    except ValueError:
        return 0.0
    return min(wait, MAX_RETRY_AFTER) if wait > MAX_INLINE_WAIT else 0.0
