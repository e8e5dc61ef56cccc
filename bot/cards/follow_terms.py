"""On which terms a follow is served, in words."""

from __future__ import annotations

from bot.cards.escaping import escape_line
from bot.languages import get_weekday_name, say
from bot.model.delivery_settings import DeliveryMode, DeliverySettings, format_time_of_day
from bot.model.follow_settings import FollowSettings, PingPolicy

_WORDS_LIMIT = 160


def terms_line(terms: FollowSettings, settings: DeliverySettings) -> str:
    """``daily digest at 08:00 · only deals · pings @Deals``; empty for every development, at once, without a ping."""
    parts = (
        digest_label(terms.mode, settings),
        *filter_labels(terms),
        ping_label(terms),
        # Said: in the list of a follow's terms, as the others with a small letter
        say("a thread for each story") if terms.threads else "",
        # Said: in the list of a follow's terms: its posts notify nobody
        say("silent") if terms.silent else "",
    )
    return " · ".join(part for part in parts if part)


def digest_label(mode: DeliveryMode, settings: DeliverySettings) -> str:
    """When digests come: ``daily digest at 08:00``, ``weekly digest on Monday at 08:00``; empty for each at once."""
    time = format_time_of_day(settings.digest_hour * 60)
    match mode:
        case DeliveryMode.INSTANT:
            return ""
        case DeliveryMode.DAILY:
            return say("daily digest at {time}", time=time)
        case DeliveryMode.WEEKLY:
            return say("weekly digest on {day} at {time}", day=get_weekday_name(settings.digest_day), time=time)


def filter_labels(terms: FollowSettings) -> list[str]:
    """What the follow leaves out, a part each."""
    filter_names = ", ".join(sorted(filter_names.label for filter_names in terms.filters))
    # Said: sorts is a list such as: deals, stage changes
    return [
        say("only {sorts}", sorts=filter_names) if filter_names else "",
        _wanted_words_label(terms.keywords),
        _unwanted_words_label(terms.excluded_keywords),
    ]


def ping_label(terms: FollowSettings) -> str:
    """Which role is pinged, and when."""
    if not terms.role_id or terms.ping is PingPolicy.NEVER:
        return ""
    role = f"<@&{terms.role_id}>"
    if terms.ping is PingPolicy.STAGE_CHANGES:
        return say("pings {role} on stage changes", role=role)
    return say("pings {role}", role=role)


def _wanted_words_label(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    if len(words) == 1:
        # Said: a follow takes only what has this word
        return say("with {word}", word=_join_words(words))
    return say("with any of {words}", words=_join_words(words))


def _unwanted_words_label(words: tuple[str, ...]) -> str:
    # Said: a follow takes only what has none of these words
    return say("without {words}", words=_join_words(words)) if words else ""


def _join_words(words: tuple[str, ...]) -> str:
    return escape_line(", ".join(words), _WORDS_LIMIT)
