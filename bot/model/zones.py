"""Time zones by the names that people type: ``Europe/Berlin``, ``berlin``, ``new york``."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from bot.languages import either, say

#: Areas whose zones are links to others, kept for old programs; what is typed without an area is not looked for there.
_OLD = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


def find_zone(typed: str) -> str:
    """The zone that is meant, by its name or by its city alone. ValueError says what was expected, and what may be meant."""
    exact = _by_name().get(_plain(typed))
    if exact:
        return exact
    of_city = [zone for zone in _cities() if _plain(zone.rsplit("/", 1)[-1]) == _plain(typed)]
    if len(of_city) == 1:
        return of_city[0]
    near = of_city or list(complete_zone(typed, 3))
    shown = typed.strip()[:60]
    if not near or not shown:
        raise ValueError(say("{typed!r} is no time zone such as Europe/Berlin", typed=shown))
    zones = either(near)
    raise ValueError(say("{typed!r} is no time zone such as Europe/Berlin; maybe {zones}", typed=shown, zones=zones))


def complete_zone(typed: str, limit: int = 25) -> tuple[str, ...]:
    """Zones whose name, or whose city, begins with what is typed, then those that have it anywhere."""
    wanted = _plain(typed)
    if not wanted:
        return ("UTC", *_cities())[:limit]

    def rank(zone: str) -> int:
        plain = _plain(zone)
        return 0 if plain == wanted else 1 if plain.rsplit("/", 1)[-1].startswith(wanted) else 2

    found = [zone for zone in ("UTC", *_cities(), *_short()) if wanted in _plain(zone)]
    return tuple(sorted(found, key=lambda zone: (rank(zone), zone)))[:limit]


def _plain(typed: str) -> str:
    return "_".join(typed.casefold().replace("_", " ").split())


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    return {_plain(zone): zone for zone in sorted(available_timezones())}


@lru_cache(maxsize=1)
def _cities() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(_OLD)))


@lru_cache(maxsize=1)
def _short() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if "/" not in zone and zone != "UTC"))
