"""Small values that people type into settings, in English or in the current language: times, days, ``off`` and ``none``."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from zoneinfo import available_timezones

from bot.languages import format_alternatives, get_weekday_name, say, say_as
from bot.model.text_folding import fold_keyword

#: Areas whose zones are links for old programs (https://data.iana.org/time-zones/tzdb/backward): no city is searched there.
_LEGACY_AREAS = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


def find_timezone(text: str) -> str:
    """Return the zone with this name or this city. Raises ValueError with what was expected, and what may be meant."""
    exact = _get_zones_by_name().get(_normalize(text))
    if exact:
        return exact
    of_city = [zone for zone in _get_city_zones() if _normalize(zone.rsplit("/", 1)[-1]) == _normalize(text)]
    if len(of_city) == 1:
        return of_city[0]
    candidates = of_city or list(find_matching_timezones(text, 3))
    excerpt = text.strip()[:60]
    if not candidates or not excerpt:
        raise ValueError(say("{typed!r} is not a time zone like Europe/Berlin", typed=excerpt))
    zones = format_alternatives(candidates)
    raise ValueError(
        say("{typed!r} is not a time zone like Europe/Berlin; did you mean {zones}?", typed=excerpt, zones=zones)
    )


def find_matching_timezones(text: str, limit: int = 25) -> tuple[str, ...]:
    """Return the zones whose name or city begins with a text, then those that contain it."""
    query = _normalize(text)
    if not query:
        return ("UTC", *_get_city_zones())[:limit]

    def rank(zone: str) -> int:
        name = _normalize(zone)
        return 0 if name == query else 1 if name.rsplit("/", 1)[-1].startswith(query) else 2

    matches = [zone for zone in ("UTC", *_get_city_zones(), *_get_short_zones()) if query in _normalize(zone)]
    return tuple(sorted(matches, key=lambda zone: (rank(zone), zone)))[:limit]


@lru_cache(maxsize=2_048)
def _normalize(text: str) -> str:
    return "_".join(fold_keyword(text.replace("_", " ")).split())


@lru_cache(maxsize=1)
def _get_zones_by_name() -> dict[str, str]:
    return {_normalize(zone): zone for zone in sorted(available_timezones())}


@lru_cache(maxsize=1)
def _get_city_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_LEGACY_AREAS)))


@lru_cache(maxsize=1)
def _get_short_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" not in zone and zone != "UTC"))


#: The days of the week as option values; :func:`bot.languages.get_weekday_name` has their names.
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
#: What separates two times of the day: ``22:00-07:00``, ``22 Uhr bis 7 Uhr``, ``22:00 a 7:00``, ``22時から7時まで``.
_RANGE_SEPARATOR = re.compile(r"[-–—~～〜]|から|\b(?:to|until|bis|a|hasta)\b", re.IGNORECASE)
_TIME_OF_DAY = re.compile(r"(\d{1,2})(?:[:.h時](\d{2}))? ?(?:h|uhr|o'clock|時|分)?")


def get_off_label() -> str:
    """Return the word for a setting that is switched off, such as quiet hours: ``off``."""
    # Translators: typed into a setting, and shown there, for one that is switched off
    return say_as("setting", "off")


def is_none_word(text: str) -> bool:
    """Return whether a text removes a value: ``off``, ``none``, or nothing at all."""
    word = fold_keyword(text)
    # Translators: what somebody types where a list is to be empty, such as that of unwanted words
    none_word = say_as("typed", "none")
    return word in ("", "-", "off", "none", "no", fold_keyword(get_off_label()), fold_keyword(none_word))


def parse_time_of_day(text: str) -> int:
    """Return ``22:00``, ``7``, ``07.30``, ``22 h`` or ``22時30分`` as a minute of the day. Raises ValueError."""
    match = _TIME_OF_DAY.fullmatch(" ".join(unicodedata.normalize("NFKC", text).casefold().split()))
    hours, minutes = (int(part or 0) for part in match.groups()) if match else (99, 0)
    if hours > 23 or minutes > 59:
        raise ValueError(say("{typed!r} is not a time like 22:00", typed=text.strip()))
    return hours * 60 + minutes


def parse_quiet_hours(text: str) -> tuple[int, int] | None:
    """Return ``22:00-07:00`` as two minutes of the day; None for ``off`` and the like. Raises ValueError."""
    if is_none_word(text):
        return None
    ends = _RANGE_SEPARATOR.split(text.strip().removesuffix("まで"))
    if len(ends) != 2:
        raise ValueError(say("{typed!r} is not a time range like 22:00-07:00, or off", typed=text.strip()))
    return parse_time_of_day(ends[0]), parse_time_of_day(ends[1])


def format_time_of_day(minutes: int) -> str:
    """Return a minute of the day as ``22:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_weekday(text: str) -> int:
    """Return ``Monday``, ``mon`` or ``mo`` as 0, and so on, in English or in the current language. Raises ValueError."""
    word = fold_keyword(text)
    # One Latin letter fits several days; one Japanese character fits one.
    days = find_weekdays(text) if len(word) > word.isascii() else []
    if len(days) != 1:
        raise ValueError(say("{typed!r} is not a weekday like {day}", typed=text.strip(), day=get_weekday_name(0)))
    return days[0]


def find_weekdays(text: str) -> list[int]:
    """Return the days whose name begins with a text, in English or in the current language."""
    word = fold_keyword(text)
    names = [(day, fold_keyword(get_weekday_name(index))) for index, day in enumerate(WEEKDAYS)]
    return [index for index, day_names in enumerate(names) if any(name.startswith(word) for name in day_names)]
