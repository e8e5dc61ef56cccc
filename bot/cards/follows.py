"""Cards about follows: what is followed where from now on, what no longer, and all that a server follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from bot.cards.destination_health import health_lines
from bot.cards.escaping import escape_line, heading
from bot.cards.follow_terms import digest_label, filter_labels, ping_label, terms_line
from bot.cards.markdown import join_parts, join_sentences, reason_text, subtext
from bot.cards.message_limits import TextBudget, utf16_length
from bot.cards.post import digest_sample_items, sample_items
from bot.languages import ENGLISH, get_weekday_name, lazy, say, say_as, say_count, use_language
from bot.model.delivery_report import DestinationHealth
from bot.model.delivery_settings import DeliveryMode, DeliverySettings, format_time_of_day
from bot.model.follow import Destination, DestinationKind, Follow, FollowState, Target, TargetKind
from bot.model.follow_settings import FollowSettings, PingPolicy
from bot.model.story import Story

PAGE_SIZE = 8
_LABEL_LIMIT = 90
_REASON_LIMIT = 110
_TERMS_LIMIT = 150
_LIST_LIMIT = 3_700
_DEFAULT_SETTINGS = DeliverySettings()


def follow_result_card(
    follow: Follow,
    is_new: bool,
    sample_story: Story | None,
    remarks: Sequence[str] = (),
    *,
    settings: DeliverySettings = _DEFAULT_SETTINGS,
    old_terms: FollowSettings | None = None,
    language: str = ENGLISH,
) -> Card:
    """Says what is followed where from now on and on which terms, and shows a sample of what comes, if there is a story for it.

    ``created`` False: it was followed already, on the terms ``before``. Notes are our own sentences, shown as they are.
    ``language`` is the one that posts there are in; the sample is as they will be.
    """
    message = (
        _describe_new_follow(follow, settings)
        if is_new
        else _describe_existing_follow(follow, old_terms or follow.settings, settings)
    )
    return Card(
        container(text(message, *(subtext(remark) for remark in remarks)), colour=labels.SUCCESS_COLOUR),
        *(_sample_items(sample_story, follow.settings, language) if sample_story and sample_story.developments else []),
    )


def unfollow_result_card(follow: Follow, *, has_back_button: bool = False) -> Card:
    """Says what is followed no more, and where; with a button back to the page of all follows if that is where it was ended."""
    back_row = row(all_follows_button()) if has_back_button else None
    return Card(
        container(text(_say_for_destination(_NO_LONGER_FOLLOWS, follow)), back_row, colour=labels.NEUTRAL_COLOUR)
    )


def all_follows_button() -> ui.Button[Any]:
    """The button that leads to the first page of all follows."""
    return button(say_as("button", "All follows"), custom_ids.FOLLOW_LIST.build(page=0))


def follow_list_card(
    follows: Sequence[Follow],
    page: int = 0,
    health_by_channel: Mapping[int, DestinationHealth] | None = None,
    *,
    by_dm: bool = False,
    settings: DeliverySettings = _DEFAULT_SETTINGS,
    editable_destinations: Mapping[int, str] | None = None,
) -> Card:
    """The follows of this server, or of a person by DM, by destination, a page of them.

    ``health`` says, by channel, thread or user id, how the destinations fare. ``manageable`` has the raw name of the place
    of each follow that the asker may change, by the follow's number: a menu opens these.
    """
    title = heading(say("Follows of your DMs") if by_dm else say("Follows of this server"))
    if not follows:
        hint = say("Nothing is followed here yet. Start with `/follow`, or with the Follow button under a story.")
        return Card(container(text(title), text(hint), colour=labels.NEUTRAL_COLOUR))
    sorted_follows = sorted(follows, key=lambda f: (f.destination.kind, f.destination.discord_id, f.id))
    page_count = -(-len(sorted_follows) // PAGE_SIZE)
    page_index = min(max(page, 0), page_count - 1)
    page_follows = sorted_follows[page_index * PAGE_SIZE : (page_index + 1) * PAGE_SIZE]
    return Card(
        container(
            text(title, subtext(_count_label(follows), page_label(page_index, page_count))),
            separator(),
            *_destination_texts(page_follows, health_by_channel or {}, settings),
            select_menu(
                custom_ids.FOLLOW_MENU.build(),
                say_as("menu", "Manage a follow"),
                _follow_choices(page_follows, editable_destinations or {}, settings),
            ),
            page_buttons(
                page_index,
                page_count,
                custom_ids.FOLLOW_LIST.build(page=page_index - 1),
                custom_ids.FOLLOW_LIST.build(page=page_index + 1),
            ),
            colour=labels.NEUTRAL_COLOUR,
        )
    )


def target_label(target: Target) -> str:
    """What is followed, safe to show: ``**Nissan**``, ``**Merger** (kind)``."""
    label = f"**{escape_line(target.display, _LABEL_LIMIT)}**"
    # Said: all stories of a kind are followed, such as all mergers
    return say("{kind} (kind)", kind=label) if target.kind is TargetKind.KIND else label


def destination_label(destination: Destination) -> str:
    """Where posts go: the channel's mention, or the asker's DMs."""
    # Said: the place in which follows are, above a list of them
    return say("Your DMs") if destination.kind is DestinationKind.DM else f"<#{destination.discord_id}>"


def state_label(follow: Follow) -> str:
    """``paused`` or ``stopped``, with the reason; empty for a follow that is served."""
    if follow.state is FollowState.ACTIVE:
        return ""
    reason_label = reason_text(follow.reason, _REASON_LIMIT) if follow.reason else ""
    if not reason_label:
        return f"{labels.WARNING_SYMBOL} {follow.state.label}"
    if follow.state is not FollowState.PAUSED:
        # Said: a follow has stopped by itself, for this reason
        reason_label = say("stopped: {reason}", reason=reason_label)
    return f"{labels.WARNING_SYMBOL} {reason_label}"


def describe_delivery(follow: Follow, settings: DeliverySettings) -> str:
    """What a new development becomes: a post, a part of a digest, a message in its story's thread; as whole sentences."""
    terms = follow.settings
    return join_sentences(
        _describe_messages(follow, settings), _describe_ping(terms), say("Posts notify nobody.") if terms.silent else ""
    )


def _describe_messages(follow: Follow, settings: DeliverySettings) -> str:
    filters = ", ".join(part for part in filter_labels(follow.settings) if part)
    message = _DELIVERY_MESSAGES[_message_form(follow)][bool(filters)]
    return say(
        message,
        which=filters,
        time=format_time_of_day(settings.digest_hour * 60),
        day=get_weekday_name(settings.digest_day),
        zone=settings.zone,
    )


def _message_form(follow: Follow) -> str:
    if follow.settings.mode is not DeliveryMode.INSTANT:
        return follow.settings.mode.value
    if follow.destination.kind is DestinationKind.FORUM:
        return "forum"
    return "threads" if follow.settings.threads else "post"


# How a development comes: every one, and only some (which: a list such as: only deals, without lawsuit).
_DELIVERY_MESSAGES = {
    "post": (
        lazy("Each new development comes as one post."),
        lazy("Each new development ({which}) comes as one post."),
    ),
    "threads": (
        lazy("Each new development comes in the thread of its story, under a card that is kept up to date."),
        lazy("Each new development ({which}) comes in the thread of its story, under a card that is kept up to date."),
    ),
    "forum": (
        lazy("Each new development comes in the forum post of its story."),
        lazy("Each new development ({which}) comes in the forum post of its story."),
    ),
    DeliveryMode.DAILY.value: (
        lazy("Each new development comes in a daily digest at {time} ({zone})."),
        lazy("Each new development ({which}) comes in a daily digest at {time} ({zone})."),
    ),
    DeliveryMode.WEEKLY.value: (
        lazy("Each new development comes in a weekly digest on {day} at {time} ({zone})."),
        lazy("Each new development ({which}) comes in a weekly digest on {day} at {time} ({zone})."),
    ),
}


def _describe_ping(terms: FollowSettings) -> str:
    if not ping_label(terms):
        return ""
    role = f"<@&{terms.role_id}>"
    if terms.ping is PingPolicy.STAGE_CHANGES:
        return say("Posts ping {role} on stage changes.", role=role)
    return say("Posts ping {role}.", role=role)


def _sample_items(story: Story, terms: FollowSettings, language: str) -> list[ui.Item[Any]]:
    """What comes, as those read it who read there, under a line in the language of the one who is told."""
    header, *_ = _sample_in_current_language(story, terms)
    with use_language(language):
        _, *body = _sample_in_current_language(story, terms)
    return [header, *body]


def _sample_in_current_language(story: Story, terms: FollowSettings) -> list[ui.Item[Any]]:
    if terms.mode is not DeliveryMode.INSTANT:
        return digest_sample_items(story, terms.mode)
    return sample_items(story, [terms.role_id] if ping_label(terms) else [])


# Said of a person's DMs, and of a channel, where a follow is made, is there already, is changed, or ends. Followed are a
# company, a story, a kind of story, or everything.
_NOW_FOLLOWS = (lazy("Your DMs now follow {target}."), lazy("{channel} now follows {target}."))
_ALREADY_FOLLOWS = (lazy("Your DMs already follow {target}."), lazy("{channel} already follows {target}."))
_CHANGED_FOLLOW = (
    lazy("Your DMs already follow {target}; that is changed."),
    lazy("{channel} already follows {target}; that is changed."),
)
_NO_LONGER_FOLLOWS = (lazy("Your DMs no longer follow {target}."), lazy("{channel} no longer follows {target}."))


def _say_for_destination(messages: tuple[str, str], follow: Follow) -> str:
    dm_message, channel_message = messages
    if follow.destination.kind is DestinationKind.DM:
        return say(dm_message, target=target_label(follow.target))
    return say(channel_message, channel=destination_label(follow.destination), target=target_label(follow.target))


def _describe_new_follow(follow: Follow, settings: DeliverySettings) -> str:
    return join_sentences(
        _say_for_destination(_NOW_FOLLOWS, follow),
        describe_delivery(follow, settings),
        say("Nothing that is already known is announced."),
    )


def _describe_existing_follow(follow: Follow, old_terms: FollowSettings, settings: DeliverySettings) -> str:
    if old_terms == follow.settings:
        return join_sentences(_say_for_destination(_ALREADY_FOLLOWS, follow), describe_delivery(follow, settings))
    unchanged_sentence = say("What was posted stays, and so does the rest.")
    return join_sentences(
        _say_for_destination(_CHANGED_FOLLOW, follow), describe_delivery(follow, settings), unchanged_sentence
    )


def _count_label(follows: Sequence[Follow]) -> str:
    counts = {state: sum(follow.state is state for follow in follows) for state in FollowState}
    paused_count, stopped_count = counts[FollowState.PAUSED], counts[FollowState.STOPPED]
    parts = [
        say_count("{count} follow", "{count} follows", len(follows)),
        # Said: so many follows are paused
        say_count("{count} paused", "{count} paused", paused_count) if paused_count else "",
        # Said: so many follows have stopped by themselves
        say_count("{count} stopped", "{count} stopped", stopped_count) if stopped_count else "",
    ]
    return ", ".join(part for part in parts if part)


def _destination_texts(
    follows: Sequence[Follow], health_by_channel: Mapping[int, DestinationHealth], settings: DeliverySettings
) -> Iterator[ui.TextDisplay[ui.LayoutView]]:
    groups = [(where, list(members)) for where, members in groupby(follows, key=lambda f: f.destination)]
    line_groups = [
        [destination_label(where), *(_follow_lines(follow, settings) for follow in members)]
        for where, members in groups
    ]
    share = (_LIST_LIMIT - sum(utf16_length(line) + 1 for lines in line_groups for line in lines)) // len(groups)
    for (where, _), lines in zip(groups, line_groups, strict=True):
        yield text(
            *lines, *_fit_lines(list(health_lines(health_by_channel.get(where.discord_id, DestinationHealth()))), share)
        )


def _fit_lines(lines: Sequence[str], limit: int) -> list[str]:
    if sum(utf16_length(line) + 1 for line in lines) <= limit:
        return list(lines)
    # A place whose state has no room in the list shows it where its follow is managed.
    hint = say("open one of its follows below to see how it fares")
    hint_line = subtext(f"{labels.WARNING_SYMBOL} {hint}")
    budget = TextBudget(limit - utf16_length(hint_line) - 1)
    return [*(line for line in lines if budget.reserve(line)), hint_line]


def _follow_lines(follow: Follow, settings: DeliverySettings) -> str:
    since = say("since {date}", date=f"<t:{int(follow.created_at.timestamp())}:D>")
    label = escape_line(follow.target.display, _LABEL_LIMIT)
    kind = "" if follow.target.kind is TargetKind.EVERYTHING else follow.target.kind.label
    terms_text = terms_line(follow.settings, settings)
    if utf16_length(terms_text) > _TERMS_LIMIT:
        terms_text = _short_terms_line(follow.settings, settings)
    return f"**{label}**\n{subtext(kind, since, state_label(follow) or terms_text)}"


def _short_terms_line(terms: FollowSettings, settings: DeliverySettings) -> str:
    """The terms where keywords have no room: these are counted."""
    keyword_count = len(terms.keywords) + len(terms.excluded_keywords)
    terms_without_keywords = FollowSettings(
        terms.mode, terms.filters, (), (), terms.role_id, terms.ping, terms.silent, terms.threads
    )
    return join_parts(
        terms_line(terms_without_keywords, settings),
        say_count("{count} keyword", "{count} keywords", keyword_count) if keyword_count else "",
    )


def _follow_choices(
    follows: Sequence[Follow], editable_destinations: Mapping[int, str], settings: DeliverySettings
) -> list[MenuChoice]:
    return [
        MenuChoice(
            str(follow.id),
            follow.target.display,
            join_parts(
                editable_destinations[follow.id],
                digest_label(follow.settings.mode, settings),
                _short_state_label(follow),
            ),
        )
        for follow in follows
        if follow.id in editable_destinations
    ]


def _short_state_label(follow: Follow) -> str:
    return "" if follow.state is FollowState.ACTIVE else follow.state.label
