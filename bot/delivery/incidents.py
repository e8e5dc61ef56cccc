"""Distinguish incidents from single refusals, and tell the desk or those who made the follows.

The same refusal in many channels is an incident, which is reported once to the desk. If only one channel is refused, those who
made its follows are warned. That is known only after a minute, so warnings wait that long.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from bot.clock import Clock
from bot.delivery.outcomes import OWN_ERROR_REASON
from bot.delivery.port import IN_DELIVERY, Publisher
from bot.languages import lazy
from bot.model.follow import Destination

log = logging.getLogger(__name__)

#: The same refusal in this many channels within ``INCIDENT_WINDOW`` is an incident.
INCIDENT_CHANNELS = 10
INCIDENT_WINDOW = timedelta(minutes=1)
#: An incident is over if the refusal has not come for this long. Posts are retried more often than that.
INCIDENT_TIMEOUT = timedelta(minutes=15)
#: How often it is reported that posts were set aside for the same reason.
SET_ASIDE_REPORT_INTERVAL = timedelta(hours=1)
#: How many reports are kept while they cannot be sent.
_MAX_REPORTS = 20

INCIDENT_MESSAGE = lazy("Posts can't be delivered in ten or more channels, all for the same reason: {reason}.")
SET_ASIDE_MESSAGE = lazy(
    "Posts were set aside because Discord refused them for hours while others went through: "
    "{reason}. Use `/status` to send them again or drop them."
)
OWN_ERROR_MESSAGE = lazy(
    "Posts were set aside because the bot couldn't build them: {reason}. Use `/status` to send them again or drop them."
)
#: How often people are told, in seconds.
_NOTIFY_INTERVAL = 5.0
#: How long one notification may take, in seconds.
_NOTIFY_SECONDS = 45.0

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ChannelWarning:
    """A warning for the makers of a destination's follows that nothing arrives there, and why."""

    destination: Destination
    creator_ids: tuple[int, ...]
    reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What the desk is told: one of our messages, and the reason in it, both in English."""

    message: str
    reason: str


@dataclass(slots=True)
class _ChannelRefusal:
    """When a channel was last refused for a reason, within what time it is retried, and whether it is part of a reported incident."""

    refused_at: datetime
    retry_within: timedelta
    is_reported: bool


@dataclass(slots=True)
class _Refusal:
    """One reason: when it was last given, the channels that were refused for it, and whether it is an incident now."""

    last_at: datetime
    channels: dict[int, _ChannelRefusal] = field(default_factory=dict)
    is_incident: bool = False


class Incidents:
    """Recent refusals by their reason, and the warnings and reports that follow from them."""

    def __init__(self) -> None:
        self._refusals: dict[str, _Refusal] = {}
        self._warnings: list[ChannelWarning] = []
        self._reports: list[IncidentReport] = []
        self._set_aside_reported_at: dict[str, datetime] = {}

    def record_refusal(
        self, channel_id: int, reason: str, now: datetime, retry_within: timedelta = timedelta()
    ) -> bool:
        """Count a refusal; return whether it is part of an incident.

        ``retry_within`` is how long it can take until the channel is retried: a refusal then is no new incident.
        """
        self._end_incidents(now)
        refusal = self._refusals.setdefault(reason, _Refusal(now))
        refusal.last_at = now
        previous = refusal.channels.get(channel_id)
        is_reported = refusal.is_incident or (previous is not None and previous.is_reported)
        refusal.channels[channel_id] = _ChannelRefusal(now, retry_within, is_reported)
        if not is_reported:
            self._begin_incident(reason, refusal, now)
        return refusal.channels[channel_id].is_reported

    def report_set_aside(self, reason: str, now: datetime) -> None:
        """Report that a post was set aside, for one reason at most once in ``SET_ASIDE_REPORT_INTERVAL``."""
        if (
            abs(now - self._set_aside_reported_at.get(reason, now - SET_ASIDE_REPORT_INTERVAL))
            >= SET_ASIDE_REPORT_INTERVAL
        ):
            self._set_aside_reported_at[reason] = now
            self._report(IncidentReport(OWN_ERROR_MESSAGE if reason == OWN_ERROR_REASON else SET_ASIDE_MESSAGE, reason))

    def add_warning(self, destination: Destination, creator_ids: tuple[int, ...], reason: str, now: datetime) -> None:
        """Add a warning about a channel, for the case that it turns out to be refused alone."""
        self._warnings.append(ChannelWarning(destination, creator_ids, reason, now))

    def take_warnings(self, now: datetime | None = None) -> Iterator[ChannelWarning]:
        """Remove and yield each warning that is due, or all if no time is given; drop those that belong to an incident."""
        due_warnings: list[ChannelWarning] = []
        later_warnings: list[ChannelWarning] = []
        for warning in self._warnings:
            is_early = now is not None and timedelta() <= now - warning.created_at < INCIDENT_WINDOW
            (later_warnings if is_early else due_warnings).append(warning)
        self._warnings = later_warnings
        for warning in due_warnings:
            refusal = self._refusals.get(warning.reason)
            if refusal is None or not refusal.is_incident:
                yield warning

    def take_reports(self) -> list[IncidentReport]:
        """Remove and return the reports."""
        reports, self._reports = self._reports, []
        return reports

    def put_back(self, report: IncidentReport) -> None:
        """Keep a report that could not be sent."""
        self._reports = [*self._reports, report][:_MAX_REPORTS]

    def _report(self, report: IncidentReport) -> None:
        log.warning("%s", report.message.format(reason=report.reason))
        self.put_back(report)

    def _begin_incident(self, reason: str, refusal: _Refusal, now: datetime) -> None:
        """Report an incident if enough channels without one were refused of late."""
        new_channels = [
            channel
            for channel in refusal.channels.values()
            if not channel.is_reported and abs(now - channel.refused_at) <= INCIDENT_WINDOW
        ]
        if len(new_channels) < INCIDENT_CHANNELS:
            return
        refusal.is_incident = True
        for channel in new_channels:
            channel.is_reported = True
        self._report(IncidentReport(INCIDENT_MESSAGE, reason))

    def _end_incidents(self, now: datetime) -> None:
        """End incidents that are over. Remember their channels until each has been retried."""
        for reason, refusal in [*self._refusals.items()]:
            if abs(now - refusal.last_at) < INCIDENT_TIMEOUT:
                continue
            refusal.is_incident = False
            channels = {channel_id: channel for channel_id, channel in refusal.channels.items() if channel.is_reported}
            refusal.channels = {
                channel_id: channel
                for channel_id, channel in channels.items()
                if abs(now - channel.refused_at) < channel.retry_within + INCIDENT_TIMEOUT
            }
            if refusal.channels:
                continue
            if channels:
                log.warning("Posts are no longer refused for this reason: %s. Channels: %d.", reason, len(channels))
            del self._refusals[reason]


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
        """Start a round of notifications every ``_NOTIFY_INTERVAL``, in a task of its own, because a DM can be slow."""
        now = asyncio.get_running_loop().time()
        if now >= self._next_at and (self._task is None or self._task.done()):
            self._next_at = now + _NOTIFY_INTERVAL
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
        """Await one notification for at most ``_NOTIFY_SECONDS``; return None if it fails."""
        try:
            async with asyncio.timeout(_NOTIFY_SECONDS):
                return await call
        except TimeoutError:
            log.warning("Discord did not answer in time, so a notification about refused posts was not sent.")
        except Exception:
            log.exception("A notification about refused posts could not be sent.")
        return None
