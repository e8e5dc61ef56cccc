"""The list of follows, and one follow with everything that can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import (
    Card,
    MenuChoice,
    button,
    container,
    page_buttons,
    page_label,
    row,
    select_menu,
    separator,
    text,
)
from bot.cards.delivery_report import health_lines
from bot.cards.escaping import escape_line, heading
from bot.cards.follow_settings import (
    LABEL_LIMIT,
    describe_delivery,
    destination_label,
    digest_label,
    feed_problem_label,
    settings_line,
    state_label,
    target_label,
)
from bot.cards.markdown import join_parts, relative_time, subtext
from bot.cards.message_limits import TEXT_LIMIT, TextBudget, utf16_length
from bot.languages import format_number, format_series, lazy, say, say_as, say_count
from bot.model.delivery_report import DestinationHealth
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind, Follow, FollowState, TargetKind
from bot.model.follow_settings import FollowSettings

PAGE_SIZE = 8
_SETTINGS_LIMIT = 150
_LIST_LIMIT = 3_700
_DEFAULT_SETTINGS = DeliverySettings()
_WORDS_LIMIT = 1_100
_WANTED_WORDS = lazy("Wanted words: {words}")
_UNWANTED_WORDS = lazy("Unwanted words: {words}")


@dataclass(frozen=True, slots=True)
class _SettingsOfOwners:
    """The delivery settings of a server, and of the reader for what comes by DM."""

    of_server: DeliverySettings
    of_reader: DeliverySettings

    def get(self, follow: Follow) -> DeliverySettings:
        """Return the settings that apply to a follow."""
        return self.of_reader if follow.destination.kind is DestinationKind.DM else self.of_server


def follow_list_card(
    follows: Sequence[Follow],
    page: int = 0,
    health_by_channel: Mapping[int, DestinationHealth] | None = None,
    *,
    by_dm: bool = False,
    delivery_settings: DeliverySettings = _DEFAULT_SETTINGS,
    dm_delivery_settings: DeliverySettings = _DEFAULT_SETTINGS,
    editable_destinations: Mapping[int, str] | None = None,
    report_count: int = 0,
) -> Card:
    """Return a page of the follows of a server and of the reader's DMs, or of the DMs alone (``by_dm``), grouped by destination.

    ``delivery_settings`` are the server's, ``dm_delivery_settings`` the reader's. ``health_by_channel`` has the state of the
    destinations by channel, thread or user id. ``editable_destinations`` has the raw name of the destination of each follow
    that the reader may change, by the follow's id; a menu opens these. ``report_count`` is how many reports of readers about
    posts of the server's own feeds are open.
    """
    title = heading(say("What your DMs follow") if by_dm else say("What this server follows"))
    if not follows:
        hint = say("Nothing is followed here yet. Start with `/follow`, or with the Follow button under a story.")
        return Card(container(text(title), text(hint), colour=labels.NEUTRAL_COLOUR))
    settings_of_owners = _SettingsOfOwners(delivery_settings, dm_delivery_settings)
    sorted_follows = sorted(follows, key=lambda f: (f.destination.kind, f.destination.discord_id, f.id))
    page_count = -(-len(sorted_follows) // PAGE_SIZE)
    page_index = min(max(page, 0), page_count - 1)
    page_follows = sorted_follows[page_index * PAGE_SIZE : (page_index + 1) * PAGE_SIZE]
    return Card(
        container(
            text(title, subtext(_count_label(follows), page_label(page_index, page_count))),
            separator(),
            *_destination_texts(page_follows, health_by_channel or {}, settings_of_owners),
            select_menu(
                custom_ids.FOLLOW_MENU.build(),
                say_as("menu", "Manage a follow"),
                _follow_choices(page_follows, editable_destinations or {}, settings_of_owners),
            ),
            page_buttons(
                page_index,
                page_count,
                custom_ids.FOLLOW_LIST.build(page=page_index - 1),
                custom_ids.FOLLOW_LIST.build(page=page_index + 1),
            ),
            row(_reports_button(report_count)) if report_count else None,
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def _reports_button(count: int) -> ui.Button[Any]:
    label = say_as("button", "Reader reports ({count})", count=format_number(count))
    return button(label, custom_ids.FEED_REPORTS.build(index=0))


def all_follows_button() -> ui.Button[Any]:
    """Return the button that opens the first page of all follows."""
    return button(say_as("button", "All follows"), custom_ids.FOLLOW_LIST.build(page=0))


def _count_label(follows: Sequence[Follow]) -> str:
    counts = {state: sum(follow.state is state for follow in follows) for state in FollowState}
    paused_count, stopped_count = counts[FollowState.PAUSED], counts[FollowState.STOPPED]
    parts = [
        say_count("{count} follow", "{count} follows", len(follows)),
        # Translators: so many follows are paused
        say_count("{count} paused", "{count} paused", paused_count) if paused_count else "",
        # Translators: so many follows have stopped by themselves
        say_count("{count} stopped", "{count} stopped", stopped_count) if stopped_count else "",
    ]
    return format_series(part for part in parts if part)


def _destination_texts(
    follows: Sequence[Follow], health_by_channel: Mapping[int, DestinationHealth], settings_of_owners: _SettingsOfOwners
) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    groups = [(destination, list(members)) for destination, members in groupby(follows, key=lambda f: f.destination)]
    line_groups = [
        [destination_label(destination), *(_follow_lines(follow, settings_of_owners.get(follow)) for follow in members)]
        for destination, members in groups
    ]
    share = (_LIST_LIMIT - sum(utf16_length(line) + 1 for lines in line_groups for line in lines)) // len(groups)
    for (destination, _), lines in zip(groups, line_groups, strict=True):
        yield text(
            *lines,
            *_fit_lines(list(health_lines(health_by_channel.get(destination.discord_id, DestinationHealth()))), share),
        )


def _fit_lines(lines: Sequence[str], limit: int) -> list[str]:
    if sum(utf16_length(line) + 1 for line in lines) <= limit:
        return list(lines)
    # The full state is on the card of each follow.
    hint = say("select a follow below to see its details")
    hint_line = subtext(f"{labels.WARNING_SYMBOL} {hint}")
    budget = TextBudget(limit - utf16_length(hint_line) - 1)
    return [*(line for line in lines if budget.reserve(line)), hint_line]


def _follow_lines(follow: Follow, delivery_settings: DeliverySettings) -> str:
    since = say("since {date}", date=f"<t:{int(follow.created_at.timestamp())}:D>")
    label = escape_line(follow.target.display, LABEL_LIMIT)
    kind = "" if follow.target.kind is TargetKind.EVERYTHING else follow.target.kind.label
    settings_text = settings_line(follow.settings, delivery_settings)
    if utf16_length(settings_text) > _SETTINGS_LIMIT:
        settings_text = _short_settings_line(follow.settings, delivery_settings)
    problem_line = subtext(feed_problem_label(follow))
    lines = [f"**{label}**", subtext(kind, since, state_label(follow) or settings_text), problem_line]
    return "\n".join(line for line in lines if line)


def _short_settings_line(follow_settings: FollowSettings, delivery_settings: DeliverySettings) -> str:
    """Return the settings in one line, with the number of keywords instead of the keywords."""
    keyword_count = len(follow_settings.keywords) + len(follow_settings.excluded_keywords)
    settings_without_keywords = replace(follow_settings, keywords=(), excluded_keywords=())
    return join_parts(
        settings_line(settings_without_keywords, delivery_settings),
        say_count("{count} keyword", "{count} keywords", keyword_count) if keyword_count else "",
    )


def _follow_choices(
    follows: Sequence[Follow], editable_destinations: Mapping[int, str], settings_of_owners: _SettingsOfOwners
) -> list[MenuChoice]:
    return [
        MenuChoice(
            str(follow.id),
            follow.target.display,
            join_parts(
                editable_destinations[follow.id],
                digest_label(follow.settings.mode, settings_of_owners.get(follow)),
                _short_state_label(follow),
            ),
        )
        for follow in follows
        if follow.id in editable_destinations
    ]


def _short_state_label(follow: Follow) -> str:
    return "" if follow.state is FollowState.ACTIVE else follow.state.label


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
    return [
        subtext(say(message, words=escape_line(format_series(words), limit))) for message, words in word_lists if words
    ]


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
        button(say_as("button", "Unfollow"), custom_ids.MANAGE_FOLLOW.build(action="remove", follow_id=follow_id)),
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
    question = say("Unfollow {follow}? Earlier posts stay.", follow=follow_label)
    return Card(
        container(
            text(question),
            row(
                button(
                    say_as("button", "Unfollow"), custom_ids.MANAGE_FOLLOW.build(action="removed", follow_id=follow.id)
                ),
                button(say_as("button", "Keep"), custom_ids.MANAGE_FOLLOW.build(action="open", follow_id=follow.id)),
            ),
            colour=labels.ALERT_COLOUR,
        )
    )
