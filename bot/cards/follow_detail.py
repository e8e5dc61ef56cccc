"""One follow, with everything that can be done about it."""

from __future__ import annotations

from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, separator, text
from bot.cards.destination_health import health_lines
from bot.cards.escaping import escape_line
from bot.cards.follow_list import all_follows_button
from bot.cards.follow_settings import (
    describe_delivery,
    destination_label,
    feed_problem_label,
    state_label,
    target_label,
)
from bot.cards.markdown import relative_time, subtext
from bot.cards.message_limits import TEXT_LIMIT, utf16_length
from bot.languages import lazy, say, say_as
from bot.model.delivery_report import DestinationHealth
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind, Follow, FollowState, TargetKind
from bot.model.follow_settings import FollowSettings

_WORDS_LIMIT = 1_100
_WANTED_WORDS = lazy("Wanted words: {words}")
_UNWANTED_WORDS = lazy("Unwanted words: {words}")


def follow_card(
    follow: Follow, health: DestinationHealth, delivery_settings: DeliverySettings, message: str = ""
) -> Card:
    """Return a follow with its settings, the state of its destination, and the buttons that change it.

    ``message`` is a sentence of ours about what was just done.
    """
    created_at, changed_at = follow.created_at, follow.changed_at
    created_label = say(
        "since {date}, by {who}", date=f"<t:{int(created_at.timestamp())}:D>", who=f"<@{follow.created_by}>"
    )
    # Translators: time is relative: 5 minutes ago
    changed_label = say("changed {time}", time=relative_time(changed_at)) if changed_at else ""
    header = [
        f"{destination_label(follow.destination)} · {target_label(follow.target)}",
        subtext(created_label, changed_label),
    ]
    delivery = [state_label(follow), feed_problem_label(follow), describe_delivery(follow, delivery_settings)]
    figures = list(health_lines(health, destination_label(follow.destination)))
    units_left = TEXT_LIMIT - sum(utf16_length(line) + 1 for line in (message, *header, *delivery, *figures))
    return Card(
        container(
            text(message) if message else None,
            text(*header),
            separator(),
            text(*delivery, *_keyword_lines(follow.settings, units_left)),
            text(*figures),
            row(*_action_buttons(follow)),
            row(*_toggle_buttons(follow), all_follows_button()),
            colour=labels.NEUTRAL_COLOUR if follow.state is FollowState.ACTIVE else labels.ALERT_COLOUR,
        )
    )


def _keyword_lines(follow_settings: FollowSettings, units_left: int) -> list[str]:
    """Return all keywords, cut if the rest of the card leaves too little room for them."""
    word_lists = ((_WANTED_WORDS, follow_settings.keywords), (_UNWANTED_WORDS, follow_settings.excluded_keywords))
    label_length = sum(utf16_length(subtext(say(message, words=""))) + 1 for message, _ in word_lists)
    limit = min(_WORDS_LIMIT, (units_left - label_length) // len(word_lists))
    return [subtext(say(message, words=escape_line(", ".join(words), limit))) for message, words in word_lists if words]


def _action_buttons(follow: Follow) -> list[ui.Button[Any]]:
    follow_id = follow.id
    is_active = follow.state is FollowState.ACTIVE
    pause_button = button(
        say_as("button", "Pause"), custom_ids.MANAGE_FOLLOW.build(action="pause", follow_id=follow_id)
    )
    return [
        pause_button
        if is_active
        else button(say_as("button", "Resume"), custom_ids.MANAGE_FOLLOW.build(action="resume", follow_id=follow_id)),
        button(say_as("button", "Edit"), custom_ids.MANAGE_FOLLOW.build(action="edit", follow_id=follow_id)),
        button(say_as("button", "Test post"), custom_ids.MANAGE_FOLLOW.build(action="test", follow_id=follow_id)),
        button(say_as("button", "Remove"), custom_ids.MANAGE_FOLLOW.build(action="remove", follow_id=follow_id)),
    ]


def _toggle_buttons(follow: Follow) -> list[ui.Button[Any]]:
    follow_id, follow_settings = follow.id, follow.settings
    notify_button = button(
        say_as("button", "Notify again"), custom_ids.MANAGE_FOLLOW.build(action="loud", follow_id=follow_id)
    )
    silent_button = button(
        say_as("button", "Post silently"), custom_ids.MANAGE_FOLLOW.build(action="silent", follow_id=follow_id)
    )
    buttons = [notify_button if follow_settings.silent else silent_button]
    if (
        follow.destination.kind in (DestinationKind.CHANNEL, DestinationKind.ANNOUNCEMENT)
        and follow_settings.mode is DeliveryMode.INSTANT
    ):
        no_threads_button = button(
            say_as("button", "No threads"), custom_ids.MANAGE_FOLLOW.build(action="flat", follow_id=follow_id)
        )
        threads_button = button(
            say_as("button", "A thread for each story"),
            custom_ids.MANAGE_FOLLOW.build(action="threads", follow_id=follow_id),
        )
        buttons.append(no_threads_button if follow_settings.threads else threads_button)
    if follow.target.kind is TargetKind.FEED:
        articles_button = button(say_as("button", "Recent articles"), custom_ids.WHY_FEED.build(follow_id=follow_id))
        return [*buttons, articles_button]
    return [*buttons, _reminder_button(follow)]


def _reminder_button(follow: Follow) -> ui.Button[Any]:
    if follow.settings.reminders:
        # Translators: of expected events, which a follow gets on their day
        label, action = say_as("button", "Turn off reminders"), "unremind"
    else:
        # Translators: of expected events, which a follow gets on their day
        label, action = say_as("button", "Turn on reminders"), "remind"
    return button(label, custom_ids.MANAGE_FOLLOW.build(action=action, follow_id=follow.id))


def remove_prompt_card(follow: Follow) -> Card:
    """Return the question whether a follow is to end."""
    follow_label = f"{destination_label(follow.destination)} · {target_label(follow.target)}"
    # Translators: follow is where and what: #deals · Nissan
    question = say("End this follow? {follow}. What was posted stays.", follow=follow_label)
    return Card(
        container(
            text(question),
            row(
                button(
                    say_as("button", "End it"), custom_ids.MANAGE_FOLLOW.build(action="removed", follow_id=follow.id)
                ),
                button(say_as("button", "Keep it"), custom_ids.MANAGE_FOLLOW.build(action="open", follow_id=follow.id)),
            ),
            colour=labels.ALERT_COLOUR,
        )
    )
