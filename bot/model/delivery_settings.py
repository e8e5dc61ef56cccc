"""When a server, or a person by DM, wants posts, and in which language."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.languages import LANGUAGES, lazy_as, say
from bot.model.vocabulary import LabelledEnum

MINUTES_PER_DAY = 24 * 60


#: How many posts with news of followed feeds a channel gets within an hour, if its server has set no cap: the others come in
#: one post when the hour is over. Developments are not held up by them.
FEED_POSTS_PER_HOUR = 10


class QuietHoursError(ValueError):
    """Quiet hours that are impossible."""


class DeliveryMode(LabelledEnum, label_context="mode"):
    """How the developments of a follow arrive: each at once, or together in a digest."""

    # Translators: how posts come to a channel: each at once, or gathered in a digest
    INSTANT = "instant", lazy_as("mode", "instant")
    DAILY = "daily", lazy_as("mode", "daily")
    WEEKLY = "weekly", lazy_as("mode", "weekly")


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """The settings of a server, or of a person for their DMs. Raises ValueError, with what was expected, for bad ones.

    The fields are columns of the store.

    Attributes:
        zone: the IANA time zone of everything below.
        digest_hour: 0 to 23.
        digest_day: the day of weekly digests, from Monday (0) to Sunday (6).
        quiet_from: a minute of the day, 0 to 1439; None for no quiet hours.
        quiet_until: likewise; if it is before ``quiet_from``, the quiet hours last over midnight.
        cap: how many posts a channel gets within an hour at most; 0 for no limit.
        language: the code of the bot's language there; empty for the language of Discord there.
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
            raise ValueError(say("{typed!r} is not a time zone like Europe/Berlin", typed=self.zone)) from exc
        if not 0 <= self.digest_hour <= 23:
            raise ValueError(say("the hour {hour} must be between 0 and 23", hour=self.digest_hour))
        if not 0 <= self.digest_day <= 6:
            raise ValueError(say("the day {day} must be between 0 (Monday) and 6 (Sunday)", day=self.digest_day))
        if self.cap < 0:
            raise ValueError(say("the cap {cap} must be 0 or more", cap=self.cap))
        if self.language and self.language not in LANGUAGES:
            raise ValueError(
                say("{language!r} is not one of: {codes}", language=self.language, codes=", ".join(LANGUAGES))
            )
        self._check_quiet_hours()

    def _check_quiet_hours(self) -> None:
        ends = (self.quiet_from, self.quiet_until)
        if ends == (None, None):
            return
        if None in ends:
            raise QuietHoursError(say("quiet hours need a start and an end"))
        if any(end is not None and not 0 <= end < MINUTES_PER_DAY for end in ends):
            raise QuietHoursError(say("quiet hours must start and end between 00:00 and 23:59"))
        if self.quiet_from == self.quiet_until:
            raise QuietHoursError(say("quiet hours can't start and end at the same time"))
