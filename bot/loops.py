"""Run a step for ever: an error costs one step, lengthens the next wait, and does not flood the log."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NoReturn

from bot.errors import DealwireError, StoreReplaced, describe_error
from bot.heartbeat import Heartbeat

#: Seconds before the step that follows a first error; the wait doubles with each further error in a row.
FIRST_DELAY = 0.5
MAX_DELAY = 30.0
#: Seconds between the first two log lines about one kind of error; the interval doubles with each line.
FIRST_LOG_INTERVAL = 30.0
MAX_LOG_INTERVAL = 3_600.0
#: Seconds without an error after which an activity counts as recovered; doubled if errors soon return.
HEALTHY_AFTER = 10.0
MAX_HEALTHY_AFTER = 300.0
#: How many kinds of errors are distinguished; all others count as one kind, so that a changing text cannot flood the log.
_MAX_KINDS = 20
_OTHER_KIND = "other"


@dataclass(slots=True)
class _ErrorKind:
    """One kind of error: when it was last logged, how often it came since, and when it is logged next."""

    last_logged_at: float
    log_at: float
    interval: float = FIRST_LOG_INTERVAL
    unlogged_count: int = 0


class ErrorLog:
    """Logs the errors of one activity: the first of a kind at once, then at growing intervals with a count.

    ``activity`` begins each line, as in "Sending posts". ``clock`` is a clock in seconds that only moves forward.
    """

    def __init__(self, logger: logging.Logger, activity: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._logger = logger
        self._activity = activity
        self._clock = clock
        self._kinds: dict[str, _ErrorKind] = {}
        self._count = 0
        self._outage_started_at = 0.0
        self._last_error_at = 0.0
        self._healthy_after = HEALTHY_AFTER
        self._healthy_until = 0.0

    def record_failure(self, error: BaseException, reason: str = "") -> None:
        """Log an error, or count it if its kind was logged a short time ago.

        ``reason`` replaces the error's own text, and says that it is no bug. StoreReplaced is not logged: it ends the process
        (`Store.watch`), which then says so.
        """
        if isinstance(error, StoreReplaced):
            return
        known_reason = reason or (describe_error(error) if isinstance(error, DealwireError) else "")
        now = self._clock()
        if not self._count:
            self._start_outage(now)
        self._count += 1
        self._last_error_at = now
        name = self._get_kind_name(error, known_reason)
        kind = self._kinds.get(name)
        if kind is None:
            self._kinds[name] = _ErrorKind(now, now + FIRST_LOG_INTERVAL)
            self._log_first(error, known_reason)
            return
        kind.unlogged_count += 1
        if now >= kind.log_at:
            self._log_again(known_reason or describe_error(error), kind, now)

    def record_success(self) -> None:
        """Log that the activity works again, if it had no error for some time. The next error is logged at once."""
        now = self._clock()
        if not self._count or now - self._last_error_at < self._healthy_after:
            return
        duration = self._last_error_at - self._outage_started_at
        self._logger.info("%s works again; errors: %d in %.0f s.", self._activity, self._count, duration)
        self._count = 0
        self._kinds.clear()
        self._healthy_until = now + 10 * self._healthy_after

    def _start_outage(self, now: float) -> None:
        """Start an outage. If the last one ended a short time ago, a longer time without an error is needed for a recovery."""
        is_relapse = now < self._healthy_until
        self._healthy_after = min(MAX_HEALTHY_AFTER, 2 * self._healthy_after) if is_relapse else HEALTHY_AFTER
        self._outage_started_at = now

    def _get_kind_name(self, error: BaseException, known_reason: str) -> str:
        """Return the kind of an error: the text of a known reason, or the place where a bug was raised."""
        frames = traceback.extract_tb(error.__traceback__, limit=-1)
        location = f"{frames[0].filename}:{frames[0].lineno}" if frames else ""
        name = known_reason or f"{type(error).__name__} {location}"
        return name if name in self._kinds or len(self._kinds) < _MAX_KINDS else _OTHER_KIND

    def _log_first(self, error: BaseException, known_reason: str) -> None:
        if known_reason:
            self._logger.error("%s failed and will be retried: %s", self._activity, known_reason)
        else:
            self._logger.error(
                "%s failed with an unexpected error and will be retried.", self._activity, exc_info=error
            )

    def _log_again(self, reason: str, kind: _ErrorKind, now: float) -> None:
        self._logger.error(
            "%s is still failing; errors of this kind: %d in %.0f s: %s",
            self._activity, kind.unlogged_count, now - kind.last_logged_at, reason,
        )  # fmt: skip
        kind.interval = min(MAX_LOG_INTERVAL, 2 * kind.interval)
        kind.last_logged_at, kind.log_at, kind.unlogged_count = now, now + kind.interval, 0


def get_error_delay(error_count: int) -> float:
    """Return how many seconds to wait after a number of errors in a row."""
    return min(MAX_DELAY, FIRST_DELAY * 2.0 ** min(error_count - 1, 30))


def describe_cycle_error(error: BaseException) -> str:
    """Return an error for the health page in one line. Of one that is not ours only the type is named: its text may be anything."""
    if isinstance(error, DealwireError):
        return describe_error(error).removesuffix(".")
    return f"an unexpected {type(error).__name__}, see the log"


def is_cancelled() -> bool:
    """Return whether the current task itself is cancelled, not something that it waited for."""
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


class StepRunner:
    """Runs the steps of one loop. An error is logged, and the number of errors in a row lengthens the next wait.

    Each step is a cycle of ``heartbeat``.
    """

    def __init__(self, errors: ErrorLog, heartbeat: Heartbeat | None = None) -> None:
        self._errors = errors
        self._heartbeat = heartbeat
        self._consecutive_errors = 0

    async def run(self, step: Callable[[], Awaitable[object]]) -> float:
        """Run a step once, and return how many seconds to wait for the next because of an error; 0 after a success."""
        try:
            await step()
        except asyncio.CancelledError as exc:
            if is_cancelled():
                raise
            return self._record_failure(exc)
        except Exception as exc:  # noqa: BLE001 - a loop that ends would leave its work undone for ever
            return self._record_failure(exc)
        self._consecutive_errors = 0
        self._errors.record_success()
        if self._heartbeat is not None:
            self._heartbeat.record_success()
        return 0.0

    def _record_failure(self, error: BaseException) -> float:
        self._consecutive_errors += 1
        self._errors.record_failure(error)
        if self._heartbeat is not None:
            self._heartbeat.record_failure(describe_cycle_error(error))
        return get_error_delay(self._consecutive_errors)


async def run_until_done(
    step: Callable[[], Awaitable[object]],
    errors: ErrorLog,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> None:
    """Run a step until it succeeds once. An error is logged and followed by a wait, and never raised."""
    runner = StepRunner(errors)
    while delay := await runner.run(step):
        await sleep(delay)


async def run_forever(
    step: Callable[[], Awaitable[object]],
    errors: ErrorLog,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    heartbeat: Heartbeat | None = None,
) -> NoReturn:
    """Run a step again and again until the task is cancelled. An error is logged and followed by a wait, and never raised.

    The step itself waits for its next work: there is no pause between two steps that succeed. Each step is a cycle of
    ``heartbeat``.
    """
    runner = StepRunner(errors, heartbeat)
    if heartbeat is not None:
        heartbeat.start()
    while True:
        delay = await runner.run(step)
        if delay:
            await sleep(delay)
