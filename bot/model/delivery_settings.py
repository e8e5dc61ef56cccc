"""When posts may go, and in which language: the hour of digests, quiet hours, a cap. Pure: the same question has the same
answer on any clock.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.languages import LANGUAGES, get_weekday_name, lazy_as, say, say_as
from bot.model.text_input import is_none_word

MINUTES_PER_DAY = 24 * 60
_HOUR = timedelta(hours=1)
#: What stands between two times of the day: ``22:00-07:00``, ``22 Uhr bis 7 Uhr``, ``22:00 a 7:00``, ``22時から7時まで``.
_RANGE_SEPARATOR = re.compile(r"[-–—~～〜]|から|\b(?:to|until|bis|a|hasta)\b", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(\d{1,2})(?:[:.h時](\d{2}))? ?(?:h|uhr|o'clock|時|分)?")
#: The days of the week as they are sent; :func:`bot.languages.get_weekday_name` has them as they are shown.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class QuietHoursError(ValueError):
    """Quiet hours that cannot be."""


class DeliveryMode(StrEnum):
    """How a follow's developments come: each at once, or gathered."""

    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def label(self) -> str:
        """The word as it is shown, in the language that is spoken."""
        return say_as("mode", _MODE_LABELS[self])


_MODE_LABELS = {
    # Said: how posts come to a channel: each at once, or gathered in a digest
    DeliveryMode.INSTANT: lazy_as("mode", "instant"),
    DeliveryMode.DAILY: lazy_as("mode", "daily"),
    DeliveryMode.WEEKLY: lazy_as("mode", "weekly"),
}


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """When a server, or a person by DM, wants posts. Raises ValueError, with what was expected, for what cannot be.

    Attributes:
        zone: an IANA time zone, in which all else is meant.
        digest_hour: 0 to 23.
        digest_day: of weekly digests, Monday 0 to Sunday 6.
        quiet_from: minutes of the day, 0 to 1439; with ``quiet_until`` before it, the hours lie over midnight. Both None:
            no quiet hours.
        cap: most posts an hour that a channel gets; 0 for as many as there are.
        language: the code of the one that the bot speaks there; empty for the one that Discord has there.
    """

    zone: str = "UTC"
    digest_hour: int = 8
    digest_day: int = 0
    quiet_from: int | None = None
    quiet_until: int | None = None
    cap: int = 0
    language: str = ""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
            raise ValueError(say("{typed!r} is no time zone such as Europe/Berlin", typed=self.zone)) from exc
        if not 0 <= self.digest_hour <= 23:
            raise ValueError(say("the hour {hour} is not between 0 and 23", hour=self.digest_hour))
        if not 0 <= self.digest_day <= 6:
            raise ValueError(say("the day {day} is not between 0 (Monday) and 6 (Sunday)", day=self.digest_day))
        if self.cap < 0:
            raise ValueError(say("the cap {cap} is less than 0", cap=self.cap))
        if self.language and self.language not in LANGUAGES:
            raise ValueError(say("{language!r} is none of {codes}", language=self.language, codes=", ".join(LANGUAGES)))
        self._check_quiet_hours()

    def _check_quiet_hours(self) -> None:
        ends = (self.quiet_from, self.quiet_until)
        if ends == (None, None):
            return
        if None in ends:
            raise QuietHoursError(say("quiet hours need a beginning and an end"))
        if any(end is not None and not 0 <= end < MINUTES_PER_DAY for end in ends):
            raise QuietHoursError(say("quiet hours begin and end between 00:00 and 23:59"))
        if self.quiet_from == self.quiet_until:
            raise QuietHoursError(say("quiet hours cannot begin and end at the same time"))


@lru_cache(maxsize=256)
def get_next_digest(settings: DeliverySettings, mode: DeliveryMode, after: datetime) -> datetime:
    """The first moment of a digest that is later than ``after``, in UTC: one a local day, or a local week.

    An hour that a clock skips comes at the end of the gap; one that it has twice comes at the first.
    """
    if mode is DeliveryMode.INSTANT:
        raise ValueError("what comes at once waits for no digest")
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


def is_quiet_time(settings: DeliverySettings, at: datetime) -> bool:
    """Whether the local clock is within the quiet hours."""
    if settings.quiet_from is None or settings.quiet_until is None:
        return False
    local_time = _to_local(at, ZoneInfo(settings.zone))
    now = local_time.hour * 60 + local_time.minute
    if settings.quiet_from < settings.quiet_until:
        return settings.quiet_from <= now < settings.quiet_until
    return now >= settings.quiet_from or now < settings.quiet_until


def skip_quiet_hours(settings: DeliverySettings, at: datetime) -> datetime:
    """``at`` itself, or the end of the quiet hours that it lies in, in UTC.

    Hours that a clock has twice can be quiet twice; the end is the first moment that is not.
    """
    moment = at
    zone = ZoneInfo(settings.zone)
    while is_quiet_time(settings, moment):
        moment = _find_quiet_end(settings.quiet_until or 0, moment, zone)
    return moment.astimezone(UTC)


def _find_quiet_end(until: int, at: datetime, zone: ZoneInfo) -> datetime:
    local_time = _to_local(at, zone)
    for day in range(-1, 3):
        for fold in (0, 1):
            end = _to_utc(local_time.date() + timedelta(days=day), until, zone, fold=fold)
            if end > at:
                return end
    raise AssertionError("quiet hours end within a day")


def apply_hourly_cap(sent_times: Sequence[datetime], cap: int, at: datetime) -> datetime:
    """``at`` when fewer than ``cap`` of the times of ``sent`` lie in the hour before it; else when there is room again."""
    recent = sorted(moment for moment in sent_times if at - _HOUR < moment)
    if cap <= 0 or len(recent) < cap:
        return at
    return max(at, recent[len(recent) - cap] + _HOUR)


def parse_time_of_day(text: str) -> int:
    """``22:00``, ``7``, ``07.30``, ``22 h``, ``22時30分`` as minutes of the day. ValueError says what was expected."""
    match = _TIME_OF_DAY.fullmatch(" ".join(unicodedata.normalize("NFKC", text).casefold().split()))
    hours, minutes = (int(part or 0) for part in match.groups()) if match else (99, 0)
    if hours > 23 or minutes > 59:
        raise ValueError(say("{typed!r} is no time such as 22:00", typed=text.strip()))
    return hours * 60 + minutes


def parse_quiet_hours(text: str) -> tuple[int, int] | None:
    """``22:00-07:00`` as minutes of the day; None for what means that there are none. ValueError says what was expected."""
    if is_none_word(text):
        return None
    ends = _RANGE_SEPARATOR.split(text.strip().removesuffix("まで"))
    if len(ends) != 2:
        raise ValueError(say("{typed!r} are no hours such as 22:00-07:00, nor off", typed=text.strip()))
    return parse_time_of_day(ends[0]), parse_time_of_day(ends[1])


def format_time_of_day(minutes: int) -> str:
    """Minutes of the day as ``22:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_weekday(text: str) -> int:
    """``Monday``, ``mon`` or ``mo`` as 0, and so on, in English or in the language that is spoken.

    ValueError says what was expected.
    """
    word = _strip_accents(text)
    # One letter tells no days apart; one character of Japanese does.
    days = find_weekdays(text) if len(word) > word.isascii() else []
    if len(days) != 1:
        raise ValueError(say("{typed!r} is no day such as {day}", typed=text.strip(), day=get_weekday_name(0)))
    return days[0]


def find_weekdays(text: str) -> list[int]:
    """The days whose name begins with what is typed, in English or in the language that is spoken."""
    word = _strip_accents(text)
    names = [(day, _strip_accents(get_weekday_name(index))) for index, day in enumerate(WEEKDAYS)]
    return [index for index, day_names in enumerate(names) if any(name.startswith(word) for name in day_names)]


def _strip_accents(text: str) -> str:
    """As it is compared: without capitals and accents."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _to_local(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at.astimezone(zone)


def _to_utc(day: date, minutes: int, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """When the local clock shows this, in UTC; in a gap, the end of the gap."""
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), zone).replace(fold=fold)
    moment = wall.astimezone(UTC)
    round_trip = moment.astimezone(zone)
    if round_trip.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _find_gap_end(wall, zone)


def _find_gap_end(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after a jump of the clock: by halves, for no time zone says where its jumps are."""
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
