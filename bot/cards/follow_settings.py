"""A follow in words: its target, destination and state, its settings, and how its posts come."""

from __future__ import annotations

import re

from bot.cards import labels
from bot.cards.escaping import escape_line
from bot.cards.markdown import join_sentences, reason_text, relative_time
from bot.languages import format_series, get_weekday_name, lazy, localize, say
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import Destination, DestinationKind, Follow, FollowState, Target, TargetKind
from bot.model.follow_settings import FollowSettings, PingPolicy
from bot.model.text_input import format_time_of_day

LABEL_LIMIT = 90
_REASON_LIMIT = 110
_WORDS_LIMIT = 160
_ADDRESS = re.compile(r"https?://([^\s/?#]+)[^\s…]*…?", re.IGNORECASE)
# For follows of everything, and for filtered ones ({which} is a list such as: only deals, without lawsuit).
_DELIVERY_MESSAGES = {
    "post": (
        lazy("Each new development is posted once."),
        lazy("Each new development ({which}) is posted once."),
    ),
    "threads": (
        lazy("Each new development is posted in its story's thread, under a card that is kept up to date."),
        lazy("Each new development ({which}) is posted in its story's thread, under a card that is kept up to date."),
    ),
    "forum": (
        lazy("Each new development is posted in its story's forum post."),
        lazy("Each new development ({which}) is posted in its story's forum post."),
    ),
    DeliveryMode.DAILY.value: (
        lazy("New developments arrive in a daily digest at {time} ({zone})."),
        lazy("New developments ({which}) arrive in a daily digest at {time} ({zone})."),
    ),
    DeliveryMode.WEEKLY.value: (
        lazy("New developments arrive in a weekly digest on {day} at {time} ({zone})."),
        lazy("New developments ({which}) arrive in a weekly digest on {day} at {time} ({zone})."),
    ),
}
_FEED_MESSAGES = {
    "post": (
        lazy(
            "Each news item is posted once; if another feed followed here reports the same news, its "
            "link is added to that post."
        ),
        lazy(
            "Each news item ({which}) is posted once; if another feed followed here reports the same "
            "news, its link is added to that post."
        ),
    ),
    "threads": (
        lazy("Each news item is posted once, with a thread under it."),
        lazy("Each news item ({which}) is posted once, with a thread under it."),
    ),
    "forum": (
        lazy("Each news item gets its own forum post."),
        lazy("Each news item ({which}) gets its own forum post."),
    ),
    DeliveryMode.DAILY.value: (
        lazy("Its news arrives in a daily digest at {time} ({zone})."),
        lazy("Its news ({which}) arrives in a daily digest at {time} ({zone})."),
    ),
    DeliveryMode.WEEKLY.value: (
        lazy("Its news arrives in a weekly digest on {day} at {time} ({zone})."),
        lazy("Its news ({which}) arrives in a weekly digest on {day} at {time} ({zone})."),
    ),
}


def target_label(target: Target) -> str:
    """Return what is followed, safe to show: ``**Nissan**``, ``**Merger** (kind)``."""
    label = f"**{escape_line(target.display, LABEL_LIMIT)}**"
    # Translators: all stories of a kind are followed, such as all mergers
    return say("{kind} (kind)", kind=label) if target.kind is TargetKind.KIND else label


def destination_label(destination: Destination) -> str:
    """Return the mention of a channel, or ``Your DMs``."""
    # Translators: the place in which follows are, above a list of them
    return say("Your DMs") if destination.kind is DestinationKind.DM else f"<#{destination.discord_id}>"


def state_label(follow: Follow) -> str:
    """Return ``paused`` or ``stopped`` with the reason; empty for an active follow."""
    if follow.state is FollowState.ACTIVE:
        return ""
    reason_label = reason_text(follow.reason, _REASON_LIMIT) if follow.reason else ""
    if not reason_label:
        return f"{labels.WARNING_SYMBOL} {follow.state.label}"
    if follow.state is not FollowState.PAUSED:
        # Translators: a follow has stopped by itself, for this reason
        reason_label = say("stopped: {reason}", reason=reason_label)
    return f"{labels.WARNING_SYMBOL} {reason_label}"


def feed_problem_label(follow: Follow) -> str:
    """Return why nothing comes from a followed feed, and since when; empty if it works. Of addresses only the hosts are shown."""
    problem = follow.feed_problem
    if problem is None:
        return ""
    reason = escape_line(_hide_addresses(localize(problem.reason)), _REASON_LIMIT)
    if problem.succeeded_at is None:
        message = say("The feed cannot be read: {reason}", reason=reason)
        return f"{labels.WARNING_SYMBOL} {message}"
    # Translators: time is relative: 5 days ago; the reason is a sentence
    message = say("The feed last answered {time}. {reason}", time=relative_time(problem.succeeded_at), reason=reason)
    return f"{labels.WARNING_SYMBOL} {message}"


def _hide_addresses(text: str) -> str:
    """Return a text with the hosts of its addresses alone: an address may contain a password."""
    return _ADDRESS.sub(r"\1", text)


def describe_delivery(follow: Follow, delivery_settings: DeliverySettings) -> str:
    """Return in sentences how a new development arrives: as a post, in a digest, or in its story's thread."""
    follow_settings = follow.settings
    return join_sentences(
        _describe_messages(follow, delivery_settings),
        _describe_ping(follow_settings),
        say("Posts are silent: nobody is notified.") if follow_settings.silent else "",
        _describe_reminders(follow_settings, delivery_settings),
    )


def _describe_messages(follow: Follow, delivery_settings: DeliverySettings) -> str:
    filters = format_series(part for part in filter_labels(follow.settings) if part)
    messages = _FEED_MESSAGES if follow.target.kind is TargetKind.FEED else _DELIVERY_MESSAGES
    message = messages[_message_form(follow)][bool(filters)]
    return say(
        message,
        which=filters,
        time=format_time_of_day(delivery_settings.digest_hour * 60),
        day=get_weekday_name(delivery_settings.digest_day),
        zone=delivery_settings.zone,
    )


def _describe_reminders(follow_settings: FollowSettings, delivery_settings: DeliverySettings) -> str:
    if not follow_settings.reminders:
        return ""
    return say(
        "Expected events are announced on the day at {time} ({zone}).",
        time=format_time_of_day(delivery_settings.digest_hour * 60),
        zone=delivery_settings.zone,
    )


def _message_form(follow: Follow) -> str:
    if follow.settings.mode is not DeliveryMode.INSTANT:
        return follow.settings.mode.value
    if follow.destination.kind is DestinationKind.FORUM:
        return "forum"
    return "threads" if follow.settings.threads else "post"


def _describe_ping(follow_settings: FollowSettings) -> str:
    if not ping_label(follow_settings):
        return ""
    role = f"<@&{follow_settings.role_id}>"
    if follow_settings.ping is PingPolicy.STAGE_CHANGES:
        return say("Posts ping {role} on stage changes.", role=role)
    return say("Posts ping {role}.", role=role)


def settings_line(follow_settings: FollowSettings, delivery_settings: DeliverySettings) -> str:
    """Return ``daily digest at 08:00 · only deals · pings @Deals``; empty for the defaults."""
    parts = (
        digest_label(follow_settings.mode, delivery_settings),
        *filter_labels(follow_settings),
        ping_label(follow_settings),
        # Translators: in the list of a follow's settings, as the others with a small letter
        say("a thread for each story") if follow_settings.threads else "",
        # Translators: in the list of a follow's settings: its posts notify nobody
        say("silent") if follow_settings.silent else "",
        # Translators: in the list of a follow's settings: it gets reminders of expected events
        say("reminders") if follow_settings.reminders else "",
    )
    return " · ".join(part for part in parts if part)


def digest_label(mode: DeliveryMode, delivery_settings: DeliverySettings) -> str:
    """Return ``daily digest at 08:00`` or ``weekly digest on Monday at 08:00``; empty if each development is a post."""
    time = format_time_of_day(delivery_settings.digest_hour * 60)
    match mode:
        case DeliveryMode.INSTANT:
            return ""
        case DeliveryMode.DAILY:
            return say("daily digest at {time}", time=time)
        case DeliveryMode.WEEKLY:
            return say(
                "weekly digest on {day} at {time}", day=get_weekday_name(delivery_settings.digest_day), time=time
            )


def filter_labels(follow_settings: FollowSettings) -> list[str]:
    """Return the kinds of news, the wanted words and the unwanted words of a follow; each can be empty."""
    filter_names = format_series(sorted(content_filter.label for content_filter in follow_settings.filters))
    # Translators: sorts is a list such as: deals, stage changes
    return [
        say("only {sorts}", sorts=filter_names) if filter_names else "",
        _wanted_words_label(follow_settings.keywords),
        _unwanted_words_label(follow_settings.excluded_keywords),
    ]


def ping_label(follow_settings: FollowSettings) -> str:
    """Return which role is pinged, and when; empty if none is."""
    if not follow_settings.role_id or follow_settings.ping is PingPolicy.NEVER:
        return ""
    role = f"<@&{follow_settings.role_id}>"
    if follow_settings.ping is PingPolicy.STAGE_CHANGES:
        return say("pings {role} on stage changes", role=role)
    return say("pings {role}", role=role)


def _wanted_words_label(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    if len(words) == 1:
        # Translators: a follow takes only what has this word
        return say("with {word}", word=_join_words(words))
    return say("with any of {words}", words=_join_words(words))


def _unwanted_words_label(words: tuple[str, ...]) -> str:
    # Translators: a follow takes only what has none of these words
    return say("without {words}", words=_join_words(words)) if words else ""


def _join_words(words: tuple[str, ...]) -> str:
    return escape_line(format_series(words), _WORDS_LIMIT)
