"""On which terms a follow is served, in words."""

from __future__ import annotations

from bot.cards import safe
from bot.model.terms import Ping, Terms
from bot.model.timetable import DAYS, Mode, Timetable, show_clock

_WORDS = 160


def terms_line(terms: Terms, table: Timetable) -> str:
    """``daily digest at 08:00 · only deals · pings @Deals``; empty for every development, at once, without a ping."""
    parts = (
        digest(terms.mode, table),
        *narrowing(terms),
        ping(terms),
        _thread(terms),
        "silent" if terms.silent else "",
    )
    return " · ".join(part for part in parts if part)


def digest(mode: Mode, table: Timetable) -> str:
    """When digests come: ``daily digest at 08:00``, ``weekly digest on Monday at 08:00``; empty for each at once."""
    at = show_clock(table.digest_hour * 60)
    match mode:
        case Mode.INSTANT:
            return ""
        case Mode.DAILY:
            return f"daily digest at {at}"
        case Mode.WEEKLY:
            return f"weekly digest on {DAYS[table.digest_day].capitalize()} at {at}"


def narrowing(terms: Terms) -> list[str]:
    """What the follow leaves out, a part each."""
    only = ", ".join(sorted(only.value.replace("-", " ") for only in terms.only))
    return [
        f"only {only}" if only else "",
        f"with {'any of ' if len(terms.words) > 1 else ''}{_listed(terms.words)}" if terms.words else "",
        f"without {_listed(terms.without)}" if terms.without else "",
    ]


def ping(terms: Terms) -> str:
    """Which role is pinged, and when."""
    if not terms.role_id or terms.ping is Ping.NEVER:
        return ""
    when = " on stage changes" if terms.ping is Ping.STAGE_CHANGES else ""
    return f"pings <@&{terms.role_id}>{when}"


def _thread(terms: Terms) -> str:
    return "a thread for each story" if terms.threads else ""


def _listed(words: tuple[str, ...]) -> str:
    return safe.line(", ".join(words), _WORDS)
