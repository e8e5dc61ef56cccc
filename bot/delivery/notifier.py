"""Warn those who made the follows of a channel that refuses posts, and report incidents to the desk."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TypeVar

from bot.clock import Clock
from bot.delivery.incidents import IncidentReport, Incidents
from bot.delivery.port import IN_DELIVERY, Publisher

log = logging.getLogger(__name__)

#: How often people are told, in seconds.
NOTIFY_INTERVAL = 5.0
#: How long one notification may take, in seconds.
NOTIFY_SECONDS = 45.0

_T = TypeVar("_T")


class Notifier:
    """Sends the warnings and reports of ``incidents``.

    ``report`` tells the desk, and returns whether that was possible; a report that was not possible is kept.
    """

    def __init__(
        self,
        publisher: Publisher,
        incidents: Incidents,
        clock: Clock,
        report: Callable[[IncidentReport], Awaitable[bool]] | None = None,
    ) -> None:
        self._publisher = publisher
        self._incidents = incidents
        self._clock = clock
        self._report = report
        self._task: asyncio.Task[None] | None = None
        self._next_at = 0.0

    def notify_when_due(self) -> None:
        """Start a round of notifications every ``NOTIFY_INTERVAL``, in a task of its own, because a DM can be slow."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_at and (self._task is None or self._task.done()):
            self._next_at = now + NOTIFY_INTERVAL
            self._task = asyncio.create_task(self._notify(self._clock()), name="notifications")

    async def notify_all(self) -> None:
        """Send every warning and report now. Wait for a round in progress first."""
        await asyncio.gather(*([self._task] if self._task else []))
        await asyncio.create_task(self._notify())

    async def close(self, timeout: float) -> None:
        """Send what remains, for at most ``timeout`` seconds."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self.notify_all()

    async def _notify(self, now: datetime | None = None) -> None:
        """Send the warnings that are due, or all if no time is given, and the reports."""
        IN_DELIVERY.set(True)
        for warning in self._incidents.take_warnings(now):
            await self._call_safely(self._publisher.warn(warning.destination, warning.creator_ids, warning.reason))
        for report in self._incidents.take_reports():
            if self._report and not await self._call_safely(self._report(report)):
                self._incidents.put_back(report)

    async def _call_safely(self, call: Awaitable[_T]) -> _T | None:
        """Await one notification for at most ``NOTIFY_SECONDS``; return None if it fails."""
        try:
            async with asyncio.timeout(NOTIFY_SECONDS):
                return await call
        except TimeoutError:
            log.warning("Discord did not answer in time, so a notification about refused posts was not sent.")
        except Exception:
            log.exception("A notification about refused posts could not be sent.")
        return None
