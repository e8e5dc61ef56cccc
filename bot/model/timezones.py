"""Time zones by the names that people type: ``Europe/Berlin``, ``berlin``, ``new york``."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from bot.languages import format_alternatives, say

#: Areas whose zones are links to others, kept for old programs; what is typed without an area is not looked for there.
_LEGACY_AREAS = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


def find_timezone(text: str) -> str:
    """The zone that is meant, by its name or by its city alone. ValueError says what was expected, and what may be meant."""
    exact = _get_zones_by_name().get(_normalize(text))
    if exact:
        return exact
    of_city = [zone for zone in _get_city_zones() if _normalize(zone.rsplit("/", 1)[-1]) == _normalize(text)]
    if len(of_city) == 1:
        return of_city[0]
    candidates = of_city or list(find_matching_timezones(text, 3))
    excerpt = text.strip()[:60]
    if not candidates or not excerpt:
        raise ValueError(say("{typed!r} is no time zone such as Europe/Berlin", typed=excerpt))
    zones = format_alternatives(candidates)
    raise ValueError(say("{typed!r} is no time zone such as Europe/Berlin; maybe {zones}", typed=excerpt, zones=zones))


def find_matching_timezones(text: str, limit: int = 25) -> tuple[str, ...]:
    """Zones whose name, or whose city, begins with what is typed, then those that have it anywhere."""
    prefix = _normalize(text)
    if not prefix:
        return ("UTC", *_get_city_zones())[:limit]

    def rank(zone: str) -> int:
        zone_name = _normalize(zone)
        return 0 if zone_name == prefix else 1 if zone_name.rsplit("/", 1)[-1].startswith(prefix) else 2

    matches = [zone for zone in ("UTC", *_get_city_zones(), *_get_short_zones()) if prefix in _normalize(zone)]
    return tuple(sorted(matches, key=lambda zone: (rank(zone), zone)))[:limit]


def _normalize(text: str) -> str:
    return "_".join(text.casefold().replace("_", " ").split())


@lru_cache(maxsize=1)
def _get_zones_by_name() -> dict[str, str]:
    return {_normalize(zone): zone for zone in sorted(available_timezones())}


@lru_cache(maxsize=1)
def _get_city_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_LEGACY_AREAS)))


@lru_cache(maxsize=1)
def _get_short_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" not in zone and zone != "UTC"))
