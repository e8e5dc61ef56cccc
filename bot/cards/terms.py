"""On which terms a follow is served, in words."""

from __future__ import annotations

from bot.cards import safe
from bot.languages import say, weekday
from bot.model.terms import Ping, Terms
from bot.model.timetable import Mode, Timetable, show_clock

_WORDS = 160


def terms_line(terms: Terms, table: Timetable) -> str:
    """``daily digest at 08:00 · only deals · pings @Deals``; empty for every development, at once, without a ping."""
    parts = (
        digest(terms.mode, table),
        *narrowing(terms),
        ping(terms),
        # Said: in the list of a follow's terms, as the others with a small letter
        say("a thread for each story") if terms.threads else "",
        # Said: in the list of a follow's terms: its posts notify nobody
        say("silent") if terms.silent else "",
    )
    return " · ".join(part for part in parts if part)


def digest(mode: Mode, table: Timetable) -> str:
    """When digests come: ``daily digest at 08:00``, ``weekly digest on Monday at 08:00``; empty for each at once."""
    time = show_clock(table.digest_hour * 60)
    match mode:
        case Mode.INSTANT:
            return ""
        case Mode.DAILY:
            return say("daily digest at {time}", time=time)
        case Mode.WEEKLY:
            return say("weekly digest on {day} at {time}", day=weekday(table.digest_day), time=time)


def narrowing(terms: Terms) -> list[str]:
    """What the follow leaves out, a part each."""
    only = ", ".join(sorted(only.label for only in terms.only))
    # Said: sorts is a list such as: deals, stage changes
    return [say("only {sorts}", sorts=only) if only else "", _with(terms.words), _without(terms.without)]


def ping(terms: Terms) -> str:
    """Which role is pinged, and when."""
    if not terms.role_id or terms.ping is Ping.NEVER:
        return ""
    role = f"<@&{terms.role_id}>"
    if terms.ping is Ping.STAGE_CHANGES:
        return say("pings {role} on stage changes", role=role)
    return say("pings {role}", role=role)


def _with(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    if len(words) == 1:
        # Said: a follow takes only what has this word
        return say("with {word}", word=_listed(words))
    return say("with any of {words}", words=_listed(words))


def _without(words: tuple[str, ...]) -> str:
    # Said: a follow takes only what has none of these words
    return say("without {words}", words=_listed(words)) if words else ""


def _listed(words: tuple[str, ...]) -> str:
    return safe.line(", ".join(words), _WORDS)
