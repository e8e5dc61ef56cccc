"""When posts may be sent under delivery settings: digests, quiet hours, the hourly cap.

All functions are pure: they read no clock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model.delivery_settings import DeliveryMode, DeliverySettings

_HOUR = timedelta(hours=1)


@lru_cache(maxsize=256)
def get_next_digest(settings: DeliverySettings, mode: DeliveryMode, after: datetime) -> datetime:
    """Return the first moment of a digest later than ``after``, in UTC: one for each local day or local week.

    If the clock skips the digest's hour, it is at the end of the gap; if that hour comes twice, at the first.
    """
    if mode is DeliveryMode.INSTANT:
        raise ValueError("a post that is sent at once waits for no digest")
    zone = ZoneInfo(settings.zone)
    first = _to_local(after, zone).date() - timedelta(days=2)
    for days in range(12):
        day = first + timedelta(days=days)
        if mode is DeliveryMode.WEEKLY and day.weekday() != settings.digest_day:
            continue
        moment = _to_utc(day, settings.digest_hour * 60, zone)
        if moment > after:
            return moment
    raise AssertionError("every span of ten days has a digest")


@lru_cache(maxsize=256)
def get_reminder_span(settings: DeliverySettings, day: date) -> tuple[datetime, datetime]:
    """Return from when to when reminders of a local day may be posted, in UTC: from the digest's hour to the end of the day.

    If quiet hours hold the digest's hour until the next day, reminders come before them, once the day has begun.
    """
    zone = ZoneInfo(settings.zone)
    end = _to_utc(day + timedelta(days=1), 0, zone)
    digest_at = _to_utc(day, settings.digest_hour * 60, zone)
    start = digest_at if skip_quiet_hours(settings, digest_at) < end else _to_utc(day, 0, zone)
    return skip_quiet_hours(settings, start), end


def is_quiet_time(settings: DeliverySettings, at: datetime) -> bool:
    """Return whether the local clock is within the quiet hours."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return False
    local_time = _to_local(at, ZoneInfo(settings.zone))
    now = local_time.hour * 60 + local_time.minute
    if settings.quiet_from < settings.quiet_until:
        return settings.quiet_from <= now < settings.quiet_until
    return now >= settings.quiet_from or now < settings.quiet_until


def skip_quiet_hours(settings: DeliverySettings, at: datetime) -> datetime:
    """Return ``at`` itself or, within quiet hours, their end, in UTC.

    Hours that the clock shows twice can be quiet twice; then the end is the first moment that is not quiet.
    """
    moment = at
    zone = ZoneInfo(settings.zone)
    while is_quiet_time(settings, moment):
        moment = _find_quiet_end(settings.quiet_until or 0, moment, zone)
    return moment.astimezone(UTC)


def apply_hourly_cap(sent_times: Sequence[datetime], cap: int, at: datetime) -> datetime:
    """Return ``at`` if fewer than ``cap`` posts were sent in the hour before it, else when the next may be sent."""
    recent = sorted(moment for moment in sent_times if at - _HOUR < moment)
    if cap <= 0 or len(recent) < cap:
        return at
    return max(at, recent[len(recent) - cap] + _HOUR)


def _find_quiet_end(until: int, at: datetime, zone: ZoneInfo) -> datetime:
    local_time = _to_local(at, zone)
    for day in range(-1, 3):
        for fold in (0, 1):
            end = _to_utc(local_time.date() + timedelta(days=day), until, zone, fold=fold)
            if end > at:
                return end
    raise AssertionError("quiet hours end within a day")


def _to_local(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at.astimezone(zone)


def _to_utc(day: date, minutes: int, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """Return when the local clock shows a minute of the day; if it skips that minute, the end of the gap."""
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), zone).replace(fold=fold)
    moment = wall.astimezone(UTC)
    round_trip = moment.astimezone(zone)
    if round_trip.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _find_gap_end(wall, zone)


def _find_gap_end(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after a jump of the clock, found by bisection: ``zoneinfo`` does not list the jumps."""
    early = wall.replace(fold=1).astimezone(UTC) - _HOUR * 26
    late = wall.replace(fold=0).astimezone(UTC) + _HOUR * 26
    local_time = wall.replace(tzinfo=None)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < local_time:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
