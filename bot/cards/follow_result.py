"""What the bot answers after a follow was made, changed or ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from discord import ui

from bot.cards import custom_ids, labels
from bot.cards.components import Card, button, container, row, text
from bot.cards.follow_list import all_follows_button
from bot.cards.follow_settings import describe_delivery, destination_label, ping_label, target_label
from bot.cards.markdown import join_sentences, subtext
from bot.cards.post import Sample, digest_sample_items, sample_items
from bot.languages import ENGLISH, lazy, say, say_as, use_language
from bot.model.delivery_settings import DeliveryMode, DeliverySettings
from bot.model.follow import DestinationKind, Follow
from bot.model.follow_settings import FollowSettings
from bot.model.post import FeedNotice

_DEFAULT_SETTINGS = DeliverySettings()
# A pair for DMs and for channels. The target is a company, a story, a kind of story, a publisher's feed, or everything.
_NOW_FOLLOWS = (lazy("Your DMs now follow {target}."), lazy("{channel} now follows {target}."))
_ALREADY_FOLLOWS = (lazy("Your DMs already follow {target}."), lazy("{channel} already follows {target}."))
_CHANGED_FOLLOW = (
    lazy("Your DMs already follow {target}. Settings updated."),
    lazy("{channel} already follows {target}. Settings updated."),
)
_NO_LONGER_FOLLOWS = (lazy("Your DMs no longer follow {target}."), lazy("{channel} no longer follows {target}."))


@dataclass(frozen=True, slots=True)
class FollowChange:
    """A follow as it is now, whether it is new, and the settings that it had before if it is not."""

    follow: Follow
    is_new: bool
    old_settings: FollowSettings | None = None


def follow_result_card(
    change: FollowChange,
    sample: Sample | None,
    remarks: Sequence[str] = (),
    *,
    delivery_settings: DeliverySettings = _DEFAULT_SETTINGS,
    language: str = ENGLISH,
) -> Card:
    """Return what is followed where from now on, with which settings, and a sample post if there is something for it.

    Buttons change the follow or end it. ``remarks`` are sentences of ours, shown as they are. ``language`` is the language of
    posts there, and so of the sample.
    """
    follow = change.follow
    message = (
        _describe_new_follow(follow, delivery_settings)
        if change.is_new
        else _describe_existing_follow(follow, change.old_settings or follow.settings, delivery_settings)
    )
    return Card(
        container(
            text(message, *(subtext(remark) for remark in remarks)),
            row(
                button(
                    say_as("button", "Change settings"),
                    custom_ids.MANAGE_FOLLOW.build(action="open", follow_id=follow.id),
                ),
                button(
                    say_as("button", "Unfollow"), custom_ids.MANAGE_FOLLOW.build(action="remove", follow_id=follow.id)
                ),
            ),
            colour=labels.SUCCESS_COLOUR,
        ),
        *(_sample_items(sample, follow, language) if sample is not None and _has_news(sample) else []),
    )


def follows_result_card(
    changes: Sequence[FollowChange],
    remarks: Sequence[str] = (),
    *,
    delivery_settings: DeliverySettings = _DEFAULT_SETTINGS,
) -> Card:
    """Return what several follows, made at once for one destination, are now; a button lists all follows."""
    lines = [
        _say_for_destination(_NOW_FOLLOWS if change.is_new else _ALREADY_FOLLOWS, change.follow) for change in changes
    ]
    # Follows that were there before may have settings of their own.
    deliveries = {describe_delivery(change.follow, delivery_settings) for change in changes}
    delivery = deliveries.pop() if len(deliveries) == 1 else say("The list of follows shows the settings of each.")
    known_note = say("Older developments won't be posted.") if any(change.is_new for change in changes) else ""
    return Card(
        container(
            text(*lines, join_sentences(delivery, known_note), *(subtext(remark) for remark in remarks)),
            row(all_follows_button()),
            colour=labels.SUCCESS_COLOUR,
        )
    )


def unfollow_result_card(follow: Follow, *, has_back_button: bool = False) -> Card:
    """Return what is no longer followed where, with a button back to the list of all follows if it was ended there."""
    back_row = row(all_follows_button()) if has_back_button else None
    return Card(
        container(text(_say_for_destination(_NO_LONGER_FOLLOWS, follow)), back_row, colour=labels.NEUTRAL_COLOUR)
    )


def _describe_new_follow(follow: Follow, delivery_settings: DeliverySettings) -> str:
    return join_sentences(
        _say_for_destination(_NOW_FOLLOWS, follow),
        describe_delivery(follow, delivery_settings),
        say("Older developments won't be posted."),
    )


def _describe_existing_follow(follow: Follow, old_settings: FollowSettings, delivery_settings: DeliverySettings) -> str:
    if old_settings == follow.settings:
        return join_sentences(
            _say_for_destination(_ALREADY_FOLLOWS, follow), describe_delivery(follow, delivery_settings)
        )
    unchanged_sentence = say("Earlier posts and all other settings stay as they are.")
    return join_sentences(
        _say_for_destination(_CHANGED_FOLLOW, follow), describe_delivery(follow, delivery_settings), unchanged_sentence
    )


def _say_for_destination(messages: tuple[str, str], follow: Follow) -> str:
    dm_message, channel_message = messages
    if follow.destination.kind is DestinationKind.DM:
        return say(dm_message, target=target_label(follow.target))
    return say(channel_message, channel=destination_label(follow.destination), target=target_label(follow.target))


def _has_news(sample: Sample) -> bool:
    return isinstance(sample, FeedNotice) or bool(sample.developments)


def _sample_items(sample: Sample, follow: Follow, language: str) -> list[ui.Item[Any]]:
    """Return the sample in the language of the destination, under a line in the language of the reader."""
    header, *_ = _sample_in_current_language(sample, follow)
    with use_language(language):
        _, *body = _sample_in_current_language(sample, follow)
    return [header, *body]


def _sample_in_current_language(sample: Sample, follow: Follow) -> list[ui.Item[Any]]:
    settings = follow.settings
    mentioned_companies = () if isinstance(sample, FeedNotice) else follow.target.get_mentioned_companies(sample)
    if settings.mode is not DeliveryMode.INSTANT:
        return digest_sample_items(sample, settings.mode, mentioned_companies)
    role_ids = [settings.role_id] if settings.role_id and ping_label(settings) else []
    return sample_items(sample, role_ids, mentioned_companies)
