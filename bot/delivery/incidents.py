"""What many channels have in common is one incident: it is reported once, and nobody is written to about it.

A channel that refuses by itself is told to those who follow there. Whether it is alone shows within a minute, so they are
told after that.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.languages import noted
from bot.model.follow import Destination

log = logging.getLogger(__name__)

#: The same refusal in so many channels within this time is an incident.
CHANNELS = 10
WITHIN = timedelta(minutes=1)
#: An incident is over when the refusal has not come for so long. Posts are tried more often than that.
OVER_AFTER = timedelta(minutes=15)
#: How often it is reported that posts were set aside for the same reason.
ASIDE_EVERY = timedelta(hours=1)
#: Reports that could not be given wait; no more than these.
_MOST_REPORTS = 20

INCIDENT = noted("Posts do not arrive in ten or more channels, all for the same reason: {reason}.")
SET_ASIDE = noted(
    "Posts were set aside, because Discord refused them for hours while others arrived: {reason}. "
    "`/status` shows them, to send or to drop."
)


@dataclass(frozen=True, slots=True)
class ChannelWarning:
    """Those who made the follows of a destination are to be told why nothing arrives there."""

    destination: Destination
    makers: tuple[int, ...]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """What the desk is to be told: a message of ours, and the reason in it, both in English."""

    message: str
    reason: str


@dataclass(slots=True)
class _Refusal:
    """One reason: when each channel was last refused for it, and since when it is an incident."""

    channels: dict[int, datetime] = field(default_factory=dict)
    since: datetime | None = None


class Incidents:
    """Refusals of late, by their reason, and what is to be said of them."""

    def __init__(self) -> None:
        self._refusals: dict[str, _Refusal] = {}
        self._warnings: list[ChannelWarning] = []
        self._reports: list[Report] = []
        self._aside: dict[str, datetime] = {}

    def refused(self, channel: int, reason: str, now: datetime) -> bool:
        """Count a refusal, and return whether it is part of an incident."""
        self._forget(now)
        refusal = self._refusals.setdefault(reason, _Refusal())
        refusal.channels[channel] = now
        if refusal.since is None and _recent(refusal, now) >= CHANNELS:
            refusal.since = now
            self._report(Report(INCIDENT, reason))
        return refusal.since is not None

    def set_aside(self, reason: str, now: datetime) -> None:
        """Have it reported that a post was set aside; for one reason not more often than ``ASIDE_EVERY``."""
        if now - self._aside.get(reason, now - ASIDE_EVERY) >= ASIDE_EVERY:
            self._aside[reason] = now
            self._report(Report(SET_ASIDE, reason))

    def warn(self, destination: Destination, makers: tuple[int, ...], reason: str, now: datetime) -> None:
        """Have people told about a channel, if it turns out to be alone with its refusal."""
        self._warnings.append(ChannelWarning(destination, makers, reason, now))

    def warnings(self, now: datetime | None = None) -> Iterator[ChannelWarning]:
        """Give each warning that is due, or without a time all of them; those of an incident are dropped."""
        due = [each for each in self._warnings if now is None or not timedelta() <= now - each.at < WITHIN]
        self._warnings = [each for each in self._warnings if each not in due]
        for each in due:
            refusal = self._refusals.get(each.reason)
            if refusal is None or refusal.since is None:
                yield each

    def reports(self) -> list[Report]:
        """Take what is to be reported."""
        reports, self._reports = self._reports, []
        return reports

    def put_back(self, report: Report) -> None:
        """Keep a report that could not be given."""
        self._reports = [*self._reports, report][:_MOST_REPORTS]

    def _report(self, report: Report) -> None:
        log.warning("%s", report.message.format(reason=report.reason))
        self.put_back(report)

    def _forget(self, now: datetime) -> None:
        for reason, refusal in [*self._refusals.items()]:
            if refusal.channels and abs(now - max(refusal.channels.values())) < OVER_AFTER:
                continue
            if refusal.since is not None:
                log.warning(
                    "No posts are refused any more for this reason: %s. Channels: %d.", reason, len(refusal.channels)
                )
            del self._refusals[reason]


def _recent(refusal: _Refusal, now: datetime) -> int:
    return sum(abs(now - at) <= WITHIN for at in refusal.channels.values())
