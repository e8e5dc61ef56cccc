"""Find time zones by the names that people type: ``Europe/Berlin``, ``berlin``, ``new york``."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import available_timezones

from bot.languages import format_alternatives, say
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
