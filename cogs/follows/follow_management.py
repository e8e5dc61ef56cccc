"""Management of one follow: pause, resume, edit, remove, send a test post."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

import discord

from bot.cards import custom_ids
from bot.cards.escaping import escape_line
from bot.cards.follow_list import follow_card, remove_prompt_card
from bot.cards.follow_result import unfollow_result_card
from bot.cards.markdown import join_sentences
from bot.cards.post import Sample
from bot.delivery.port import DeliveryError
from bot.errors import NotAllowed, NotFound
from bot.languages import lazy, lazy_as, localize, say, say_as
from bot.library.follow_targets import find_sample_story
from bot.model.delivery_settings import DeliveryMode
from bot.model.follow import DestinationKind, Follow, Target, TargetKind
from bot.model.follow_settings import MAX_KEYWORD_LENGTH, MAX_KEYWORDS, FollowFilter, PingPolicy
from bot.platforms.discord.client import Dealwire, Interaction
from bot.platforms.discord.unqueued_messages import send_sample_post
from cogs.channels import PostChannel
from cogs.follows.follow_options import FollowOptions, check_target_settings
from cogs.modal import FormValues, RetryableModal
from cogs.permissions import can_manage, can_see, check_channel
from cogs.persistent import PersistentItem, reply_privately
from cogs.vocabulary_option import MODE_OPTION, PING_OPTION

_MemberT = TypeVar("_MemberT", bound=StrEnum)
_KEYWORDS_LIMIT = MAX_KEYWORDS * (MAX_KEYWORD_LENGTH + 2)

MODE_LABELS = {
    # Translators: how developments come
    DeliveryMode.INSTANT: lazy_as("form", "Instantly, one by one"),
    DeliveryMode.DAILY: lazy_as("form", "Daily digest"),
    DeliveryMode.WEEKLY: lazy_as("form", "Weekly digest"),
}
FILTER_LABELS = {
    FollowFilter.DEALS: lazy_as("form", "Deals"),
    FollowFilter.STAGE_CHANGES: lazy_as("form", "Stage changes"),
    FollowFilter.CONFIRMED: lazy_as("form", "Confirmed by a party"),
}
PING_LABELS = {
    # Translators: when posts ping the role
    PingPolicy.ALWAYS: lazy_as("form", "Always"),
    PingPolicy.STAGE_CHANGES: lazy_as("form", "On stage changes"),
    PingPolicy.NEVER: lazy_as("form", "Never"),
}


async def get_own_follow(interaction: Interaction, follow_id: int) -> Follow:
    """Return the follow with this id. Raises NotAllowed if it has ended or the user may not manage it."""
    try:
        follow = await interaction.client.services.subscriptions.get(follow_id)
    except NotFound as exc:
        raise NotAllowed(say("This follow has ended; `/following` lists the current ones.")) from exc
    destination = follow.destination
    if destination.kind is DestinationKind.DM:
        if destination.discord_id != interaction.user.id:
            raise NotAllowed(say("This follow belongs to somebody else."))
        return follow
    if interaction.guild is None or destination.guild_id != interaction.guild.id or not can_manage(interaction):
        raise NotAllowed(say("You need Manage Server to change what a channel follows."))
    channel = interaction.guild.get_channel_or_thread(destination.discord_id)
    if isinstance(channel, PostChannel) and not await can_see(interaction, channel):
        raise NotAllowed(say("You need View Channel in that channel."))
    return follow


async def find_sample(bot: Dealwire, target: Target) -> Sample | None:
    """Return what a sample of a post for this target is made of; None if there is nothing yet."""
    if target.kind is TargetKind.FEED:
        return await bot.services.followed_feeds.find_sample(target)
    story = await find_sample_story(bot.services.library, target)
    return story if story is not None and story.developments else None


async def build_management_card(interaction: Interaction, follow: Follow, message: str = "") -> discord.ui.LayoutView:
    """Return the card of a follow as it is now, below *message*."""
    services = interaction.client.services
    health = (await services.delivery_monitor.get_health([follow]))[follow.destination.discord_id]
    return follow_card(follow, health, await services.delivery_settings.get(follow.destination.owner_id), message)


class FollowMenu(PersistentItem, template=custom_ids.FOLLOW_MENU.pattern):
    """The menu of follows below their list."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the selected follow."""
        follow_id = int(self.get_selection() or 0)
        await reply_privately(
            interaction, await build_management_card(interaction, await get_own_follow(interaction, follow_id))
        )


class ManageFollowButton(PersistentItem, template=custom_ids.MANAGE_FOLLOW.pattern):
    """A button of a follow's card."""

    async def handle(self, interaction: Interaction) -> None:
        """Run the action of the button."""
        follow = await get_own_follow(interaction, int(self.params["follow_id"]))
        await _ACTIONS[self.params["action"]](interaction, follow)


async def _open(interaction: Interaction, follow: Follow) -> None:
    await reply_privately(interaction, await build_management_card(interaction, follow))


async def _pause(interaction: Interaction, follow: Follow) -> None:
    actor = f"<@{interaction.user.id}>"
    paused_follow = await interaction.client.services.subscriptions.pause(follow.id, actor)
    message = say("Paused: nothing new is posted here until you resume.")
    is_digest = paused_follow.settings.mode is not DeliveryMode.INSTANT
    digest_note = say("What was already collected still arrives in the next digest.") if is_digest else ""
    await reply_privately(
        interaction, await build_management_card(interaction, paused_follow, join_sentences(message, digest_note))
    )


async def _resume(interaction: Interaction, follow: Follow) -> None:
    await _check_deliverable(interaction, follow)
    if follow.target.kind is TargetKind.FEED:
        await interaction.client.services.followed_feeds.check_resumable(follow)
    resumed_follow = await interaction.client.services.subscriptions.resume(follow.id)
    await reply_privately(interaction, await build_management_card(interaction, resumed_follow, say("Resumed.")))


async def _edit(interaction: Interaction, follow: Follow) -> None:
    await interaction.response.send_modal(FollowModal(follow))


async def _ask_to_remove(interaction: Interaction, follow: Follow) -> None:
    await reply_privately(interaction, remove_prompt_card(follow))


async def _remove(interaction: Interaction, follow: Follow) -> None:
    await interaction.client.services.subscriptions.unfollow(follow)
    await reply_privately(interaction, unfollow_result_card(follow, has_back_button=True))


def _make_switch(message: str, options: FollowOptions) -> Callable[[Interaction, Follow], Awaitable[None]]:
    async def switch_terms(interaction: Interaction, follow: Follow) -> None:
        changed_follow = replace(follow, settings=options.apply_to(follow.settings))
        await _check_deliverable(interaction, changed_follow)
        saved_follow = await interaction.client.services.subscriptions.change_settings(
            follow.id, changed_follow.settings
        )
        await reply_privately(interaction, await build_management_card(interaction, saved_follow, say(message)))

    return switch_terms


async def _send_test_post(interaction: Interaction, follow: Follow) -> None:
    await _check_deliverable(interaction, follow)
    sample = await find_sample(interaction.client, follow.target)
    if sample is None:
        raise NotAllowed(say("There is no news yet to make a test post from."))
    # Sending a DM or opening a thread can take longer than the three seconds that Discord allows for a response.
    # https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-callback
    await interaction.response.defer(ephemeral=True, thinking=True)
    language = await interaction.client.language_resolver.for_destination(follow.destination)
    try:
        link = await send_sample_post(interaction.client, follow, sample, language)
    except DeliveryError as exc:
        reason = escape_line(localize(exc.reason), 400)
        raise NotAllowed(say("The test post couldn't be sent: {reason}.", reason=reason)) from exc
    # Translators: the word leads to the post
    message = say("The test post is [here]({link}). It pinged nobody and doesn't count as a delivery.", link=link)
    await interaction.followup.send(view=await build_management_card(interaction, follow, message), ephemeral=True)


async def _check_deliverable(interaction: Interaction, follow: Follow) -> None:
    """Raise NotAllowed if posts could not arrive with the follow's settings. Archived threads are not checked."""
    if interaction.guild is None or follow.destination.kind is DestinationKind.DM:
        return
    channel = interaction.guild.get_channel_or_thread(follow.destination.discord_id)
    if channel is None and follow.destination.kind is not DestinationKind.THREAD:
        raise NotAllowed(say("The channel no longer exists: remove this follow and create one in the right channel."))
    role = interaction.guild.get_role(follow.settings.role_id) if follow.settings.role_id else None
    if isinstance(channel, PostChannel):
        await check_channel(interaction, channel, role, follow.settings)


_ACTIONS: dict[str, Callable[[Interaction, Follow], Awaitable[None]]] = {
    "open": _open,
    "pause": _pause,
    "resume": _resume,
    "edit": _edit,
    "test": _send_test_post,
    "remove": _ask_to_remove,
    "removed": _remove,
    "silent": _make_switch(lazy("Posts are now silent."), FollowOptions(silent=True)),
    "loud": _make_switch(lazy("Posts now notify again."), FollowOptions(silent=False)),
    "threads": _make_switch(lazy("From now on, each story gets its own thread here."), FollowOptions(threads=True)),
    "flat": _make_switch(lazy("From now on, posts go to the channel itself."), FollowOptions(threads=False)),
    "remind": _make_switch(lazy("Reminders of expected events are now on."), FollowOptions(reminders=True)),
    "unremind": _make_switch(lazy("Reminders of expected events are now off."), FollowOptions(reminders=False)),
}


class FollowModal(RetryableModal):
    """The form for the settings of a follow."""

    def __init__(self, follow: Follow, values: FormValues | None = None) -> None:
        settings = follow.settings
        text_fields = {"words": ", ".join(settings.keywords), "without": ", ".join(settings.excluded_keywords)}
        menu_fields = {
            "mode": settings.mode.value,
            "only": ",".join(sorted(settings.filters)),
            "ping": settings.ping.value,
        }
        self._original_values = FormValues({**text_fields, **menu_fields})
        super().__init__(say_as("form", "Edit this follow"), values or self._original_values)
        self._follow = follow
        self.add_menu("mode", say_as("form", "How posts arrive"), _render_labels(MODE_LABELS))
        everything = say_as("form", "Everything")
        if follow.target.kind is not TargetKind.FEED:
            self.add_menu(
                "only", say_as("form", "Only"), _render_labels(FILTER_LABELS), multiple=True, placeholder=everything
            )
        self.add_menu("ping", say_as("form", "Ping the role"), _render_labels(_get_ping_labels(follow)))
        words, without = say_as("form", "Words (one is enough)"), say_as("form", "Without these words")
        commas = say_as("form", "Separated by commas")
        self.add_field("words", words, _KEYWORDS_LIMIT, hint=commas, required=False)
        self.add_field("without", without, _KEYWORDS_LIMIT, hint=commas, required=False)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return FollowModal(self._follow, values)

    async def check(self, interaction: Interaction) -> None:
        """Raise NotAllowed unless the user may manage the follow."""
        await get_own_follow(interaction, self._follow.id)

    async def show_result(self, interaction: Interaction, result: discord.ui.LayoutView) -> None:
        """Replace the card that the form was opened from by the new one."""
        await reply_privately(interaction, result)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Change only what was changed in the form, so that a concurrent change of the rest is kept."""
        values = self.values
        changes = {name: values.get(name) for name in values.find_changes(self._original_values)}
        follow = await get_own_follow(interaction, self._follow.id)
        settings = FollowOptions(
            mode=MODE_OPTION.parse(changes.get("mode", "")),
            only=changes.get("only"),
            ping=PING_OPTION.parse(changes.get("ping", "")),
            words=changes.get("words"),
            without=changes.get("without"),
        ).apply_to(follow.settings)
        check_target_settings(follow.target, settings)
        await _check_deliverable(interaction, replace(follow, settings=settings))
        saved_follow = await interaction.client.services.subscriptions.change_settings(follow.id, settings)
        return await build_management_card(
            interaction, saved_follow, say("Changed. Sent and queued posts stay as they are.")
        )


def _get_ping_labels(follow: Follow) -> Mapping[PingPolicy, str]:
    """Return when posts may ping. An article of a feed changes no stage."""
    if follow.target.kind is not TargetKind.FEED:
        return PING_LABELS
    return {policy: label for policy, label in PING_LABELS.items() if policy is not PingPolicy.STAGE_CHANGES}


def _render_labels(labels: Mapping[_MemberT, str]) -> dict[str, str]:
    return {member.value: say_as("form", message) for member, message in labels.items()}
