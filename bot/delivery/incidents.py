"""What many channels have in common is one incident: it is reported once, and nobody is written to about it.

A channel that refuses by itself is told to those who follow there. Whether it is alone shows within a minute, so they are
told after that.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.delivery.settle import OWN_ERROR
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

INCIDENT = noted("Posts are not arriving in ten or more channels, all for the same reason: {reason}.")
SET_ASIDE = noted(
    "Posts were set aside, because Discord refused them for hours while others arrived: {reason}. "
    "Use `/status` to send them again or drop them."
)
OWN_SET_ASIDE = noted(
    "Posts were set aside, because the bot could not put them together: {reason}. "
    "Use `/status` to send them again or drop them."
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
class _Channel:
    """When a channel was last refused for a reason, in how long it is tried again at the latest, and whether it belongs to an
    incident that was reported.
    """

    at: datetime
    again_within: timedelta
    is_reported: bool


@dataclass(slots=True)
class _Refusal:
    """One reason: the channels that were refused for it, the last time, and whether it is an incident now."""

    last: datetime
    channels: dict[int, _Channel] = field(default_factory=dict)
    is_incident: bool = False


class Incidents:
    """Refusals of late, by their reason, and what is to be said of them."""

    def __init__(self) -> None:
        self._refusals: dict[str, _Refusal] = {}
        self._warnings: list[ChannelWarning] = []
        self._reports: list[Report] = []
        self._aside: dict[str, datetime] = {}

    def refused(self, channel: int, reason: str, now: datetime, again_within: timedelta = timedelta()) -> bool:
        """Count a refusal, and return whether it is part of an incident.

        ``again_within`` is how long it can take until the channel is tried again: refused again then, it is no new incident.
        """
        self._forget(now)
        refusal = self._refusals.setdefault(reason, _Refusal(now))
        refusal.last = now
        former = refusal.channels.get(channel)
        is_reported = refusal.is_incident or (former is not None and former.is_reported)
        refusal.channels[channel] = _Channel(now, again_within, is_reported)
        if not is_reported:
            self._begin_incident(reason, refusal, now)
        return refusal.channels[channel].is_reported

    def set_aside(self, reason: str, now: datetime) -> None:
        """Have it reported that a post was set aside; for one reason not more often than ``ASIDE_EVERY``."""
        if abs(now - self._aside.get(reason, now - ASIDE_EVERY)) >= ASIDE_EVERY:
            self._aside[reason] = now
            self._report(Report(OWN_SET_ASIDE if reason == OWN_ERROR else SET_ASIDE, reason))

    def warn(self, destination: Destination, makers: tuple[int, ...], reason: str, now: datetime) -> None:
        """Have people told about a channel, if it turns out to be alone with its refusal."""
        self._warnings.append(ChannelWarning(destination, makers, reason, now))

    def warnings(self, now: datetime | None = None) -> Iterator[ChannelWarning]:
        """Give each warning that is due, or without a time all of them; those of an incident are dropped."""
        due: list[ChannelWarning] = []
        later: list[ChannelWarning] = []
        for each in self._warnings:
            waits = now is not None and timedelta() <= now - each.at < WITHIN
            (later if waits else due).append(each)
        self._warnings = later
        for each in due:
            refusal = self._refusals.get(each.reason)
            if refusal is None or not refusal.is_incident:
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

    def _begin_incident(self, reason: str, refusal: _Refusal, now: datetime) -> None:
        """Report an incident if so many channels were refused of late that belong to none."""
        new = [each for each in refusal.channels.values() if not each.is_reported and abs(now - each.at) <= WITHIN]
        if len(new) < CHANNELS:
            return
        refusal.is_incident = True
        for each in new:
            each.is_reported = True
        self._report(Report(INCIDENT, reason))

    def _forget(self, now: datetime) -> None:
        """End incidents. Their channels are remembered until each was tried again."""
        for reason, refusal in [*self._refusals.items()]:
            if abs(now - refusal.last) < OVER_AFTER:
                continue
            refusal.is_incident = False
            reported = {number: each for number, each in refusal.channels.items() if each.is_reported}
            refusal.channels = {
                number: each for number, each in reported.items() if abs(now - each.at) < each.again_within + OVER_AFTER
            }
            if refusal.channels:
                continue
            if reported:
                log.warning("No posts are refused any more for this reason: %s. Channels: %d.", reason, len(reported))
            del self._refusals[reason]
