"""The pace of requests, on a loop whose clock leaps to the next timer: nobody sleeps."""

from __future__ import annotations

import asyncio
import selectors
from bisect import bisect_left
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import yarl
from multidict import CIMultiDict

from bot.delivery.port import IN_DELIVERY
from bot.platforms.discord.rate_limiter import (
    BURST,
    GLOBAL_LIMIT,
    MAX_ROUND_TRIP,
    WINDOW_SECONDS,
    AmbiguousResponse,
    LongRateLimit,
    RateLimiter,
)
from bot.platforms.discord.rest_proxy import ProxyRateLimit

RATE = 45
GAP = 1 / RATE


class LeapingSelector(selectors.SelectSelector):
    """Waits for nothing: what it would have waited is added to the loop's time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Leap."""
        self.now += timeout or 0.0
        return super().select(0)


class LeapingLoop(asyncio.SelectorEventLoop):
    """An event loop of which an hour takes no time."""

    def __init__(self) -> None:
        self._leaping = LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        """Its own."""
        return self._leaping.now


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=LeapingLoop) as runner:
        runner.run(asyncio.wait_for(work(), 3_600))


class Row:
    """Requests through one pace, and when each had its turn."""

    def __init__(self) -> None:
        self.pace = RateLimiter(RATE)
        self.posts: list[float] = []
        self.answers: list[float] = []

    def post(self) -> asyncio.Task[None]:
        """One from within the work of a post."""
        return asyncio.create_task(self._take(self.posts, is_post=True))

    def answer(self) -> asyncio.Task[None]:
        """One from anywhere else."""
        return asyncio.create_task(self._take(self.answers, is_post=False))

    async def _take(self, turns: list[float], *, is_post: bool) -> None:
        IN_DELIVERY.set(is_post)
        place = await self.pace.acquire()
        turns.append(asyncio.get_running_loop().time())
        self.pace.release(place)


def most_within(turns: list[float], seconds: float) -> int:
    """Return the most turns that any span of time saw."""
    ordered = sorted(turns)
    return max(bisect_left(ordered, start + seconds) - number for number, start in enumerate(ordered))


def test_posts_that_come_at_once_leave_evenly_spaced() -> None:
    """300 of them, in the order in which they came."""

    async def work() -> None:
        row = Row()
        await asyncio.gather(*(row.post() for _ in range(300)))
        gaps = [later - earlier for earlier, later in zip(row.posts[1:], row.posts[2:], strict=False)]
        assert gaps == pytest.approx([GAP] * 298, rel=1e-3)
        assert row.posts[-1] - row.posts[0] >= 298 * GAP * 0.999

    run(work)


def test_an_answer_leaves_at_once_though_posts_wait() -> None:
    """One a moment, each at the very time at which it was asked for."""

    async def work() -> None:
        row = Row()
        posts = [row.post() for _ in range(200)]
        asked = []
        for _ in range(10):
            await asyncio.sleep(0.3)
            asked.append(asyncio.get_running_loop().time())
            await row.answer()
        await asyncio.gather(*posts)
        assert row.answers == asked

    run(work)


def test_more_answers_than_may_go_in_advance_go_before_all_posts() -> None:
    """The first few at once, the others one by one, and only then the posts that came before them."""

    async def work() -> None:
        row = Row()
        posts = [row.post() for _ in range(50)]
        await asyncio.sleep(0.1)
        asked, left_before = asyncio.get_running_loop().time(), len(row.posts)
        await asyncio.gather(*(row.answer() for _ in range(30)))
        assert len(row.posts) == left_before
        assert row.answers.count(asked) in (BURST, BURST + 1)
        assert row.answers[-1] - asked <= 30 * GAP
        await asyncio.gather(*posts)
        assert len(row.posts) == 50

    run(work)


def test_the_rate_holds_whatever_is_asked_for() -> None:
    """Over any two seconds, with answers among posts, bursts and pauses."""

    async def work() -> None:
        row = Row()
        waiting = [row.post() for _ in range(200)]
        for number in range(60):
            await asyncio.sleep(0.05 if number % 20 else 1.5)
            waiting += [row.answer() for _ in range(number % 4)]
        await asyncio.gather(*waiting)
        turns = sorted(row.posts + row.answers)
        assert len(turns) == 290
        # A pause earns one place, and answers take a few in advance.
        assert most_within(turns, 2.0) <= 2 * RATE + BURST + 2
        assert most_within(row.posts, 2.0) <= 2 * RATE + 2

    run(work)


class Stalling:
    """A way to Discord that stands still at times: what left meanwhile is taken all at once, and counted then."""

    def __init__(self, stalls: list[tuple[float, float]]) -> None:
        self.pace = RateLimiter(RATE)
        self.taken: list[float] = []
        self._began = asyncio.get_running_loop().time()
        self._stalls = [(self._began + start, self._began + end) for start, end in stalls]

    async def request(self, *, is_post: bool) -> None:
        """Leave, be taken, be answered."""
        IN_DELIVERY.set(is_post)
        loop = asyncio.get_running_loop()
        place = await self.pace.acquire()
        arrives = loop.time() + 0.01
        await asyncio.sleep(
            max([arrives, *(end for start, end in self._stalls if start <= arrives < end)]) - loop.time()
        )
        self.taken.append(loop.time())
        await asyncio.sleep(0.01)
        self.pace.release(place)


def test_a_stall_on_the_way_makes_no_second_too_full() -> None:
    """Short ones, a long one, and answers asked for while it lasts: Discord never counts more than fifty in a second."""

    async def work() -> None:
        way = Stalling([(0.5, 0.7), (2.0, 3.6), (5.0, 5.9), (6.1, 6.5)])
        waiting = [asyncio.create_task(way.request(is_post=True)) for _ in range(400)]
        for _ in range(40):
            await asyncio.sleep(0.1)
            waiting.append(asyncio.create_task(way.request(is_post=False)))
        await asyncio.gather(*waiting)
        assert len(way.taken) == 440
        assert most_within(way.taken, 1.0) <= GLOBAL_LIMIT

    run(work)


def test_what_is_never_answered_keeps_no_other_waiting_for_long() -> None:
    """Fifty requests hang for ever; what is asked for then leaves when they would have been counted long ago."""

    async def work() -> None:
        pace = RateLimiter(RATE)
        for _ in range(GLOBAL_LIMIT):
            await pace.acquire()
        began = asyncio.get_running_loop().time()
        await pace.acquire()
        assert asyncio.get_running_loop().time() - began <= MAX_ROUND_TRIP + WINDOW_SECONDS

    run(work)


@pytest.mark.parametrize("path", ["/channels/1/messages", "/interactions/1/token/callback"])
async def test_a_request_gives_its_place_back_however_it_ended(path: str) -> None:
    """Answered or failed; a reply to an interaction has none."""
    pace = RateLimiter(RATE)
    config = pace.build_trace_config()
    config.freeze()
    url = yarl.URL(f"http://127.0.0.1{path}")
    start = aiohttp.TraceRequestStartParams("POST", url, CIMultiDict())
    end = aiohttp.TraceRequestEndParams("POST", url, CIMultiDict(), Answered(200))  # type: ignore[arg-type]  # a double
    failure = aiohttp.TraceRequestExceptionParams("POST", url, CIMultiDict(), OSError())
    session: Any = None
    began = asyncio.get_running_loop().time()
    for number in range(4):
        context = SimpleNamespace()
        await config.on_request_start.send(session, context, start)
        if number % 2:
            await config.on_request_end.send(session, context, end)
        else:
            await config.on_request_exception.send(session, context, failure)
    held = [place.free_at - WINDOW_SECONDS - began for place in pace.slots.slots]
    assert len(held) == (4 if "channels" in path else 0)
    assert all(ended < MAX_ROUND_TRIP for ended in held)


def test_a_pause_earns_nothing() -> None:
    """After a minute in which nobody asked, the row is as even as before."""

    async def work() -> None:
        row = Row()
        await row.post()
        await asyncio.sleep(60)
        await asyncio.gather(*(row.post() for _ in range(20)))
        assert row.posts[-1] - row.posts[1] >= 18 * GAP * 0.999

    run(work)


def test_one_that_is_given_up_takes_no_place() -> None:
    """Nor does it hold up those behind it."""

    async def work() -> None:
        row = Row()
        posts = [row.post() for _ in range(40)]
        await asyncio.sleep(0)
        for given_up in posts[5:35]:
            given_up.cancel()
        await asyncio.gather(*posts, return_exceptions=True)
        assert len(row.posts) == 10
        assert row.posts[-1] - row.posts[0] <= 9 * GAP * 1.001

    run(work)


class Answered:
    """Discord's answer, as far as a trace looks at it."""

    def __init__(self, status: int, body: str = '{"retry_after": 1}', **headers: str) -> None:
        self.status = status
        self.reason = "Said"
        self.body = body
        own = {"Content-Type": "application/json", "Via": "1.1 google"}
        self.headers = {**own, **{name.replace("_", "-"): value for name, value in headers.items()}}
        self.closed = False

    async def read(self) -> bytes:
        """Return the body."""
        return self.body.encode()

    def close(self) -> None:
        """Nobody reads on."""
        self.closed = True


async def end_of(method: str, answer: Answered, *, is_post: bool) -> None:
    """Give the trace an answer to a request."""
    config = RateLimiter(RATE).build_trace_config()
    config.freeze()
    IN_DELIVERY.set(is_post)
    url = yarl.URL("http://127.0.0.1/channels/1/messages")
    params = aiohttp.TraceRequestEndParams(method, url, CIMultiDict(), answer)  # type: ignore[arg-type]  # a double
    await config.on_request_end.send(None, SimpleNamespace(), params)  # type: ignore[arg-type]  # no session is looked at


async def test_no_request_waits_for_a_limit_of_an_hour() -> None:
    """A post does not wait in its request for a rate limit of an hour.

    The outbox waits for it, and knows for how long.
    """
    answer = Answered(429, Retry_After="3581")
    with pytest.raises(LongRateLimit) as raised:
        await end_of("PATCH", answer, is_post=True)
    assert (raised.value.retry_after, answer.closed) == (3581.0, True)


@pytest.mark.parametrize(
    ("method", "answer", "is_post"),
    [
        ("POST", Answered(429, Retry_After="2"), True),
        ("POST", Answered(429, Retry_After="soon"), True),
        ("POST", Answered(429), True),
        ("POST", Answered(429, Retry_After="3581"), False),
        ("POST", Answered(429, Retry_After="600", X_RateLimit_Global="true"), True),
        ("POST", Answered(503), False),
        ("PATCH", Answered(503), True),
        ("POST", Answered(200, Retry_After="600"), True),
    ],
)
async def test_all_other_waits_and_errors_are_discord_pys_own(method: str, answer: Answered, is_post: bool) -> None:
    """Short waits, those that hold for the whole bot, those of answers, and errors that may be repeated."""
    await end_of(method, answer, is_post=is_post)
    assert not answer.closed


async def test_a_server_error_is_not_retried_at_once() -> None:
    """A post that Discord answers with a server error is not repeated at once."""
    with pytest.raises(AmbiguousResponse):
        await end_of("POST", Answered(503), is_post=True)


@pytest.mark.parametrize("is_post", [True, False])
@pytest.mark.parametrize(
    "answer",
    [
        Answered(429, generated_by_proxy="true", Retry_After="7"),
        Answered(429, "Too Many Requests", Content_Type="text/plain", Retry_After="7"),
        Answered(429, '{"message": "slow down"}', Retry_After="7"),
        Answered(429, "[]", Retry_After="7"),
        Answered(429, "[" * 100_000, Retry_After="7"),
        Answered(429, '{"retry_after": NaN}', Retry_After="7"),
    ],
)
async def test_a_limit_of_a_proxy_is_told_from_discords(answer: Answered, *, is_post: bool) -> None:
    """discord.py would fail over its body, or take it for a ban."""
    answer.closed = False
    with pytest.raises(ProxyRateLimit) as raised:
        await end_of("POST", answer, is_post=is_post)
    assert (raised.value.retry_after, answer.closed) == (7.0, True)


def test_a_proxy_keeps_the_limit_alone() -> None:
    """Nothing waits, posts neither, until the bot has a rate again."""

    async def work() -> None:
        row = Row()
        row.pace.set_rate(0)
        began = asyncio.get_running_loop().time()
        await asyncio.gather(*(row.post() for _ in range(500)), *(row.answer() for _ in range(500)))
        assert set(row.posts + row.answers) == {began}
        row.pace.set_rate(RATE)
        row.posts.clear()
        await asyncio.gather(*(row.post() for _ in range(100)))
        assert most_within(row.posts, 1.0) <= GLOBAL_LIMIT

    run(work)


def test_waiting_requests_see_a_change_of_the_rate() -> None:
    """They leave faster, or more slowly, from then on; with no limit at once."""

    async def work() -> None:
        row = Row()
        waiting = [row.post() for _ in range(600)]
        spans = []
        for rate in (45, 45 / 3, 45 / 9, 45 / 2):
            row.pace.set_rate(rate)
            await asyncio.sleep(2.0)
            before = len(row.posts)
            await asyncio.sleep(4.0)
            spans.append((len(row.posts) - before) / 4)
        assert spans == pytest.approx([45, 15, 5, 22.5], rel=0.1)
        row.pace.set_rate(0)
        await asyncio.sleep(0.01)
        assert all(post.done() for post in waiting)

    run(work)


@pytest.mark.parametrize("processes", [2, 3, 4, 7, 10, 45])
def test_processes_that_share_the_limit_keep_it_together(processes: int) -> None:
    """While they join and leave, and however much is asked of them: who takes a part over waits for the others' last requests."""

    async def work() -> None:
        rows: list[Row] = []
        waiting: list[asyncio.Task[None]] = []
        for count in range(1, processes + 1):
            for row in rows:
                row.pace.set_rate(RATE / count)
            await asyncio.sleep(MAX_ROUND_TRIP + WINDOW_SECONDS)
            joined = Row()
            joined.pace.set_rate(RATE / count)
            rows.append(joined)
            waiting += [joined.post() for _ in range(1_000)] + [joined.answer() for _ in range(100)]
        await asyncio.sleep(5)
        for task in waiting[: len(waiting) // processes]:
            task.cancel()
        await asyncio.sleep(MAX_ROUND_TRIP + WINDOW_SECONDS)
        for row in rows[1:]:
            row.pace.set_rate(RATE / (processes - 1))
        await asyncio.sleep(5)
        turns = sorted(turn for row in rows for turn in (*row.posts, *row.answers))
        assert most_within(turns, 1.0) <= GLOBAL_LIMIT
        for task in waiting:
            task.cancel()

    run(work)


@pytest.mark.parametrize("rate", [1, 5, 45 / 4, 45 / 2, 45, 50])
def test_no_second_is_too_full_at_any_rate(rate: float) -> None:
    """A window holds at most ten ninths of the rate, also with answers and right after a reduction."""

    async def work() -> None:
        row = Row()
        waiting = [row.post() for _ in range(100)] + [row.answer() for _ in range(20)]
        await asyncio.sleep(1)
        row.pace.set_rate(rate)
        changed = asyncio.get_running_loop().time()
        await asyncio.sleep(20)
        turns = sorted(turn for turn in (*row.posts, *row.answers) if turn >= changed + WINDOW_SECONDS)
        assert not turns or most_within(turns, 1.0) <= max(1, rate * GLOBAL_LIMIT / RATE)
        assert most_within(sorted(row.posts + row.answers), 1.0) <= GLOBAL_LIMIT
        for task in waiting:
            task.cancel()

    run(work)
