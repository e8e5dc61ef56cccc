"""Run a step for ever: an error costs one step, is waited out for longer each time, and does not flood the log."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn

from bot.errors import DealwireError, StoreReplaced, reason_of

#: Seconds before the step that follows a first error; the wait doubles with each further error in a row.
FIRST_DELAY = 0.5
LONGEST_DELAY = 30.0
#: Seconds between the first two log lines about one kind of error; the interval doubles with each line.
FIRST_INTERVAL = 30.0
LONGEST_INTERVAL = 3_600.0
#: Seconds without an error after which an activity works again; doubled each time that errors come back soon after that.
HEALTHY_AFTER = 10.0
LONGEST_HEALTHY_AFTER = 300.0
#: So many kinds of errors are told apart; all others count as one kind, so that a changing text cannot flood the log.
_KINDS = 20
_OTHER = "other"


@dataclass(slots=True)
class _Kind:
    """One kind of error: how often it came since it was last logged, and when it is logged next."""

    since: float
    log_at: float
    interval: float = FIRST_INTERVAL
    unlogged: int = 0


class ErrorLog:
    """Log the errors of one activity: the first of a kind at once, then at growing intervals with a count.

    ``activity`` begins each line, as in "Sending posts". ``seconds`` is a clock that only moves forward.
    """

    def __init__(self, logger: logging.Logger, activity: str, seconds: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._activity = activity
        self._seconds = seconds
        self._kinds: dict[str, _Kind] = {}
        self._count = 0
        self._since = 0.0
        self._last = 0.0
        self._healthy_after = HEALTHY_AFTER
        self._healthy_until = 0.0

    def failed(self, error: BaseException, reason: str = "") -> None:
        """Log an error, or count it if its kind was logged a short time ago.

        ``reason`` says what is wrong in place of the error's own text, and that it is no bug. Say nothing of StoreReplaced: it
        ends the process (`Store.watch`), which says so then.
        """
        if isinstance(error, StoreReplaced):
            return
        expected = reason or (reason_of(error) if isinstance(error, DealwireError) else "")
        now = self._seconds()
        if not self._count:
            self._begin(now)
        self._count += 1
        self._last = now
        name = self._name(error, expected)
        kind = self._kinds.get(name)
        if kind is None:
            self._kinds[name] = _Kind(now, now + FIRST_INTERVAL)
            self._log_first(error, expected)
            return
        kind.unlogged += 1
        if now >= kind.log_at:
            self._log_again(expected or reason_of(error), kind, now)

    def succeeded(self) -> None:
        """Log that the activity works again, if it had no error for some time; the next error is logged at once."""
        now = self._seconds()
        if not self._count or now - self._last < self._healthy_after:
            return
        span = self._last - self._since
        self._logger.info("%s works again; errors: %d in %.0f s.", self._activity, self._count, span)
        self._count = 0
        self._kinds.clear()
        self._healthy_until = now + 10 * self._healthy_after

    def _begin(self, now: float) -> None:
        """Errors begin; if they began a short time ago too, a short time without one is no recovery."""
        came_back = now < self._healthy_until
        self._healthy_after = min(LONGEST_HEALTHY_AFTER, 2 * self._healthy_after) if came_back else HEALTHY_AFTER
        self._since = now

    def _name(self, error: BaseException, expected: str) -> str:
        """The kind of an error: what is expected differs by its text, bugs by the place that raises them."""
        place = traceback.extract_tb(error.__traceback__, limit=-1)
        where = f"{place[0].filename}:{place[0].lineno}" if place else ""
        name = expected or f"{type(error).__name__} {where}"
        return name if name in self._kinds or len(self._kinds) < _KINDS else _OTHER

    def _log_first(self, error: BaseException, expected: str) -> None:
        if expected:
            self._logger.error("%s failed and is tried again: %s", self._activity, expected)
        else:
            self._logger.error(
                "%s failed because of an unexpected error and is tried again.", self._activity, exc_info=error
            )

    def _log_again(self, reason: str, kind: _Kind, now: float) -> None:
        self._logger.error(
            "%s still fails; errors of this kind: %d in %.0f s: %s",
            self._activity, kind.unlogged, now - kind.since, reason,
        )  # fmt: skip
        kind.interval = min(LONGEST_INTERVAL, 2 * kind.interval)
        kind.since, kind.log_at, kind.unlogged = now, now + kind.interval, 0


def delay_after(errors: int) -> float:
    """Return how many seconds to wait after so many errors in a row."""
    return min(LONGEST_DELAY, FIRST_DELAY * 2.0 ** min(errors - 1, 30))


def is_cancelled() -> bool:
    """Return whether it is the current task that is cancelled, not something that it waited for."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


class Attempts:
    """Run the steps of one loop: an error is logged, and the number of errors in a row makes the next wait longer."""

    def __init__(self, errors: ErrorLog) -> None:
        self._errors = errors
        self._in_a_row = 0

    async def run(self, step: Callable[[], Awaitable[object]]) -> float:
        """Run a step once; return how many seconds to wait for the next because of an error, 0 after a success."""
        try:
            await step()
        except asyncio.CancelledError as exc:
            if is_cancelled():
                raise
            return self._failed(exc)
        except Exception as exc:  # noqa: BLE001 - a loop that ends would leave its work undone for ever
            return self._failed(exc)
        self._in_a_row = 0
        self._errors.succeeded()
        return 0.0

    def _failed(self, error: BaseException) -> float:
        self._in_a_row += 1
        self._errors.failed(error)
        return delay_after(self._in_a_row)


async def run_until_done(
    step: Callable[[], Awaitable[object]],
    errors: ErrorLog,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Run a step until it succeeds once. An error is logged, waited out, and never raised."""
    attempts = Attempts(errors)
    while delay := await attempts.run(step):
        await sleep(delay)


async def run_forever(
    step: Callable[[], Awaitable[object]],
    errors: ErrorLog,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> NoReturn:
    """Run a step again and again until the task is cancelled. An error is logged, waited out, and never raised.

    The step waits for its next work itself: nothing pauses between two steps that succeed.
    """
    attempts = Attempts(errors)
    while True:
        delay = await attempts.run(step)
        if delay:
            await sleep(delay)
