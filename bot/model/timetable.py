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

from bot.languages import LANGUAGES, noted_as, say, say_as, weekday
from bot.model.typed import means_none

DAY = 24 * 60
_HOUR = timedelta(hours=1)
#: What stands between two times of the day: ``22:00-07:00``, ``22 Uhr bis 7 Uhr``, ``22:00 a 7:00``, ``22時から7時まで``.
_BETWEEN = re.compile(r"[-–—~～〜]|から|\b(?:to|until|bis|a|hasta)\b", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h時](\d{2}))? ?(?:h|uhr|o'clock|時|分)?")
#: The days of the week as they are sent; :func:`bot.languages.weekday` has them as they are shown.
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class QuietHoursError(ValueError):
    """Quiet hours that cannot be."""


class Mode(StrEnum):
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
    Mode.INSTANT: noted_as("mode", "instant"),
    Mode.DAILY: noted_as("mode", "daily"),
    Mode.WEEKLY: noted_as("mode", "weekly"),
}


@dataclass(frozen=True, slots=True)
class Timetable:
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
        self._check_quiet()

    def _check_quiet(self) -> None:
        ends = (self.quiet_from, self.quiet_until)
        if ends == (None, None):
            return
        if None in ends:
            raise QuietHoursError(say("quiet hours need a beginning and an end"))
        if any(end is not None and not 0 <= end < DAY for end in ends):
            raise QuietHoursError(say("quiet hours begin and end between 00:00 and 23:59"))
        if self.quiet_from == self.quiet_until:
            raise QuietHoursError(say("quiet hours cannot begin and end at the same time"))


@lru_cache(maxsize=256)
def next_digest(table: Timetable, mode: Mode, after: datetime) -> datetime:
    """The first moment of a digest that is later than ``after``, in UTC: one a local day, or a local week.

    An hour that a clock skips comes at the end of the gap; one that it has twice comes at the first.
    """
    if mode is Mode.INSTANT:
        raise ValueError("what comes at once waits for no digest")
    zone = ZoneInfo(table.zone)
    first = _local(after, zone).date() - timedelta(days=2)
    for days in range(12):
        day = first + timedelta(days=days)
        if mode is Mode.WEEKLY and day.weekday() != table.digest_day:
            continue
        moment = _moment(day, table.digest_hour * 60, zone)
        if moment > after:
            return moment
    raise AssertionError("every span of ten days has a digest")


def is_quiet(table: Timetable, at: datetime) -> bool:
    """Whether the local clock is within the quiet hours."""
    if table.quiet_from is None or table.quiet_until is None:
        return False
    local = _local(at, ZoneInfo(table.zone))
    now = local.hour * 60 + local.minute
    if table.quiet_from < table.quiet_until:
        return table.quiet_from <= now < table.quiet_until
    return now >= table.quiet_from or now < table.quiet_until


def free_from(table: Timetable, at: datetime) -> datetime:
    """``at`` itself, or the end of the quiet hours that it lies in, in UTC.

    Hours that a clock has twice can be quiet twice; the end is the first moment that is not.
    """
    moment = at
    zone = ZoneInfo(table.zone)
    while is_quiet(table, moment):
        moment = _end_of_quiet(table.quiet_until or 0, moment, zone)
    return moment.astimezone(UTC)


def _end_of_quiet(until: int, at: datetime, zone: ZoneInfo) -> datetime:
    local = _local(at, zone)
    for day in range(-1, 3):
        for fold in (0, 1):
            end = _moment(local.date() + timedelta(days=day), until, zone, fold=fold)
            if end > at:
                return end
    raise AssertionError("quiet hours end within a day")


def next_free_of_cap(sent: Sequence[datetime], cap: int, at: datetime) -> datetime:
    """``at`` when fewer than ``cap`` of the times of ``sent`` lie in the hour before it; else when there is room again."""
    recent = sorted(moment for moment in sent if at - _HOUR < moment)
    if cap <= 0 or len(recent) < cap:
        return at
    return max(at, recent[len(recent) - cap] + _HOUR)


def read_clock(text: str) -> int:
    """``22:00``, ``7``, ``07.30``, ``22 h``, ``22時30分`` as minutes of the day. ValueError says what was expected."""
    found = _CLOCK.fullmatch(" ".join(unicodedata.normalize("NFKC", text).casefold().split()))
    hours, minutes = (int(part or 0) for part in found.groups()) if found else (99, 0)
    if hours > 23 or minutes > 59:
        raise ValueError(say("{typed!r} is no time such as 22:00", typed=text.strip()))
    return hours * 60 + minutes


def read_quiet(text: str) -> tuple[int, int] | None:
    """``22:00-07:00`` as minutes of the day; None for what means that there are none. ValueError says what was expected."""
    if means_none(text):
        return None
    ends = _BETWEEN.split(text.strip().removesuffix("まで"))
    if len(ends) != 2:
        raise ValueError(say("{typed!r} are no hours such as 22:00-07:00, nor off", typed=text.strip()))
    return read_clock(ends[0]), read_clock(ends[1])


def show_clock(minutes: int) -> str:
    """Minutes of the day as ``22:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def read_day(text: str) -> int:
    """``Monday``, ``mon`` or ``mo`` as 0, and so on, in English or in the language that is spoken.

    ValueError says what was expected.
    """
    word = _bare(text)
    # One letter tells no days apart; one character of Japanese does.
    found = complete_day(text) if len(word) > word.isascii() else []
    if len(found) != 1:
        raise ValueError(say("{typed!r} is no day such as {day}", typed=text.strip(), day=weekday(0)))
    return found[0]


def complete_day(typed: str) -> list[int]:
    """The days whose name begins with what is typed, in English or in the language that is spoken."""
    word = _bare(typed)
    names = [(day, _bare(weekday(number))) for number, day in enumerate(DAYS)]
    return [number for number, of_day in enumerate(names) if any(name.startswith(word) for name in of_day)]


def _bare(text: str) -> str:
    """As it is compared: without capitals and accents."""
    letters = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time needs its zone")
    return at.astimezone(zone)


def _moment(day: date, minutes: int, zone: ZoneInfo, *, fold: int = 0) -> datetime:
    """When the local clock shows this, in UTC; in a gap, the end of the gap."""
    wall = datetime.combine(day, time(minutes // 60, minutes % 60), zone).replace(fold=fold)
    moment = wall.astimezone(UTC)
    back = moment.astimezone(zone)
    if back.replace(tzinfo=None) == wall.replace(tzinfo=None):
        return moment
    return _end_of_gap(wall, zone)


def _end_of_gap(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first moment after a jump of the clock: by halves, for no time zone says where its jumps are."""
    early = wall.replace(fold=1).astimezone(UTC) - _HOUR * 26
    late = wall.replace(fold=0).astimezone(UTC) + _HOUR * 26
    shown = wall.replace(tzinfo=None)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < shown:
            early = middle
        else:
            late = middle
    return late.replace(microsecond=0)
