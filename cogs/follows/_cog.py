"""``follow``, ``unfollow``, and the Follow button."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.escaping import clean_line
from bot.cards.follow_result import FollowChange, follow_result_card, follows_result_card, unfollow_result_card
from bot.cards.follow_settings import target_label
from bot.cards.message_limits import OPTION_TEXT_LIMIT
from bot.cards.simple_cards import private_answer_card, success_card
from bot.delivery.delivery_settings import DeliverySettingsService
from bot.delivery.subscriptions import check_follow_settings, pick_follow
from bot.errors import DealwireError, InputError, NotAllowed, NotFound
from bot.languages import format_series, lazy, say, use_language
from bot.library.follow_targets import complete_target, find_target
from bot.library.library import Library
from bot.model.follow import Destination, DestinationKind, Follow, Target, TargetKind
from bot.model.follow_settings import DEFAULT_FOLLOW_SETTINGS, FollowSettings
from bot.newsroom.feeds.feed_lookup import FeedLookup
from bot.newsroom.feeds.pasted_addresses import is_address
from bot.platforms.discord.client import Context, Dealwire, Interaction, hybrid_command
from bot.platforms.discord.error_mapping import DMS_CLOSED, NO_SHARED_SERVER, get_error_code
from bot.platforms.discord.locales import get_client_language
from cogs.autocomplete import MAX_CHOICES, filter_choices, make_choice
from cogs.channels import (
    AnyChannel,
    PostChannel,
    get_destination_name,
    list_channel_notes,
    make_destination,
    make_dm_destination,
)
from cogs.follows.follow_management import find_sample
from cogs.follows.follow_options import (
    NOT_A_MEMBER,
    FollowOptions,
    OptionalChannel,
    check_target_settings,
    get_filter_options,
    split_mentions,
)
from cogs.permissions import (
    can_manage,
    check_channel,
    check_visible,
    filter_visible,
    find_guild,
    get_bot,
    get_user,
    is_public_here,
    make_closed_dms_error,
)
from cogs.persistent import PersistentItem
from cogs.story_buttons import restore_company_name
from cogs.vocabulary_option import OptionalMode, OptionalPing

#: How many targets one command may name.
MAX_TARGETS = 10
_TARGET_SEPARATORS = re.compile("[,;，、；]")
_EVERYONE = re.compile(r"@(?:everyone|here)\b", re.IGNORECASE)
DM_NOTICE = lazy("The bot is not on this server, so posts come to your DMs.")


class FollowFlags(commands.FlagConverter, case_insensitive=True):
    """The options of ``follow``. Those that are left out stay as they are."""

    target: str = commands.flag(
        positional=True, description="everything, companies, a story, a kind, or a feed's address"
    )
    channel: OptionalChannel = commands.flag(default=None, description="where posts go (default: here)")
    mode: OptionalMode = commands.flag(default=None, description="instant, or a daily or weekly digest")
    only: str | None = commands.flag(default=None, description="deals, stage-changes, confirmed, or several of these")
    mention: discord.Role | None = commands.flag(default=None, description="the role that posts ping")
    ping: OptionalPing = commands.flag(default=None, description="when the role is pinged")
    words: str | None = commands.flag(
        default=None, description="only posts with one of these words; “none” clears the list"
    )
    without: str | None = commands.flag(
        default=None, description="skip posts with any of these words; “none” clears the list"
    )
    threads: bool | None = commands.flag(default=None, description="a thread for each story, under a card")
    silent: bool | None = commands.flag(default=None, description="posts notify nobody")
    reminders: bool | None = commands.flag(default=None, description="announce expected events on their day")

    def to_options(self, role: discord.Role | None) -> FollowOptions:
        """Return the options that were given. *role* may come from a mention behind the target."""
        return FollowOptions(
            self.mode,
            self.only,
            self.ping,
            self.words,
            self.without,
            role.id if role else None,
            self.silent,
            self.threads,
            self.reminders,
        )


class UnfollowFlags(commands.FlagConverter, case_insensitive=True):
    """The options of ``unfollow``."""

    target: str = commands.flag(positional=True, description="what to stop following")
    channel: OptionalChannel = commands.flag(default=None, description="where it is followed (default: here)")


def _describe_follow(follow: Follow) -> str:
    """Confirm a new follow, without its target and channel."""
    if follow.destination.kind is DestinationKind.DM:
        return say("You're following it now: new developments come to your DMs.")
    return say("The follow is set up.")


class FollowsCog(commands.Cog):
    """The commands ``follow`` and ``unfollow``."""

    def __init__(self, bot: Dealwire) -> None:
        self._library = bot.services.library
        self._subscriptions = bot.services.subscriptions
        self._feeds = bot.services.followed_feeds

    @hybrid_command()
    async def follow(self, ctx: Context, *, flags: FollowFlags) -> None:
        """Get news of a company, a story, a kind, a feed or everything, in a channel or by DM."""
        if _EVERYONE.search(flags.target):
            raise NotAllowed(say("Posts can ping a role, but never everyone. Choose a role instead."))
        text, mentioned_channel, mentioned_role = split_mentions(ctx, flags.target)
        channel, role = flags.channel or mentioned_channel, flags.mention or mentioned_role
        requests = await _find_requests(ctx, text)
        options = flags.to_options(role)
        is_member_guild = find_guild(ctx) is not None
        if ctx.guild is not None and not is_member_guild and (channel or role):
            raise NotAllowed(say(NOT_A_MEMBER))
        if not is_member_guild or (channel is None and role is None and not can_manage(ctx)):
            notes = [say(DM_NOTICE)] if ctx.guild is not None and not is_member_guild else []
            changes = await _follow_by_dm(ctx, requests, options)
        else:
            destination_channel = channel or ctx.channel
            changes = await _follow_in_channel(ctx, destination_channel, requests, options)
            notes = list_channel_notes(destination_channel)
        follow = changes[0].follow
        if ctx.interaction is None and not is_public_here(ctx, follow.destination):
            custom_id = (
                custom_ids.MANAGE_FOLLOW.build(action="open", follow_id=follow.id)
                if len(changes) == 1
                else custom_ids.FOLLOW_LIST.build(page=0)
            )
            await ctx.send(view=private_answer_card(custom_id, _describe_follow(follow)))
            return
        await ctx.send(view=await _build_card(get_bot(ctx), changes, notes), ephemeral=True)

    @hybrid_command()
    async def unfollow(self, ctx: Context, *, flags: UnfollowFlags) -> None:
        """Stop following something."""
        text, mentioned_channel, _ = split_mentions(ctx, flags.target)
        follow = await self._find_follow(ctx, text, flags.channel or mentioned_channel)
        await self._subscriptions.unfollow(follow)
        is_public = ctx.interaction is not None or is_public_here(ctx, follow.destination)
        await ctx.send(view=unfollow_result_card(follow) if is_public else success_card(say("Done.")), ephemeral=True)

    @follow.autocomplete("target")
    async def _complete_target(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        suggestions = await complete_target(self._library, current)
        choices = [make_choice(name, value) for name, value in suggestions]
        if is_address(current) and len(current) <= OPTION_TEXT_LIMIT:
            # Translators: an entry of a list of what can be followed
            choices.insert(0, make_choice(say("feed: {address}", address=current), current))
        return choices[:MAX_CHOICES]

    @follow.autocomplete("only")
    async def _complete_only(self, _interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return filter_choices(get_filter_options(), current)

    @unfollow.autocomplete("target")
    async def _complete_follow(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        follows = list(await self._subscriptions.list_in_destination(interaction.user.id))
        if interaction.guild is not None and can_manage(interaction):
            follows += await filter_visible(interaction, await self._subscriptions.list_in_guild(interaction.guild.id))
        return [
            make_choice(
                f"{clean_line(f.target.display, 70)} · {get_destination_name(interaction.guild, f.destination)}",
                f"follow:{f.id}",
            )
            for f in follows
            if current.casefold() in f.target.display.casefold()
        ][:MAX_CHOICES]

    async def _find_follow(self, ctx: Context, text: str, channel: PostChannel | None) -> Follow:
        target = await self._feeds.find_target(text)
        try:
            target = target or await find_target(self._library, text)
        except DealwireError:
            # The target may have been renamed; pick_follow also matches the name that the list shows.
            target = None
        if ctx.guild is None or not can_manage(ctx):
            try:
                return pick_follow(await self._subscriptions.list_in_destination(ctx.author.id), text, target)
            except NotFound:
                await self._refuse_follow_of_channel(ctx, text, target)
                raise
        if text.startswith("follow:"):
            visible_follows = await filter_visible(ctx, await self._subscriptions.list_in_guild(ctx.guild.id))
            return pick_follow(
                (*visible_follows, *await self._subscriptions.list_in_destination(ctx.author.id)), text, None
            )
        if channel is not None:
            await check_visible(ctx, channel)
        return pick_follow(await self._subscriptions.list_in_destination((channel or ctx.channel).id), text, target)

    async def _refuse_follow_of_channel(self, ctx: Context, text: str, target: Target | None) -> None:
        """Raise NotAllowed if a channel has the follow that a user without Manage Server wants to end.

        The answer to a typed command tells it only of channels that everybody who reads the answer sees.
        """
        guild = find_guild(ctx)
        if guild is None:
            return
        follows = await filter_visible(ctx, await self._subscriptions.list_in_guild(guild.id))
        visible_follows = [f for f in follows if ctx.interaction is not None or is_public_here(ctx, f.destination)]
        with contextlib.suppress(NotFound):
            pick_follow(visible_follows, text, target)
            raise NotAllowed(say("You need Manage Server to change what a channel follows."))


class FollowButton(PersistentItem, template=custom_ids.FOLLOW.pattern):
    """The Follow button of a story."""

    async def handle(self, interaction: Interaction) -> None:
        """Follow the story, and show the user what that means."""
        await _follow_by_button(interaction, TargetKind.STORY, self.params["slug"])


class FollowTargetButton(PersistentItem, template=custom_ids.FOLLOW_TARGET.pattern):
    """The Follow button of a company, a kind, or everything."""

    async def handle(self, interaction: Interaction) -> None:
        """Follow the target, and show the user what that means."""
        await _follow_by_button(interaction, TargetKind(self.params["kind"]), self.params["value"])


async def _follow_by_button(interaction: Interaction, kind: TargetKind, value: str) -> None:
    # Opening a DM can take longer than the three seconds that Discord allows for a response.
    await interaction.response.defer(ephemeral=True, thinking=True)
    target = await restore_target(interaction.client.services.library, kind, value)
    card = await _follow_here_or_by_dm(interaction, target)
    await interaction.followup.send(view=card, ephemeral=True)


async def restore_target(library: Library, kind: TargetKind, value: str) -> Target:
    """Return the target that a button names. Raises NotFound if its story is gone."""
    match kind:
        case TargetKind.STORY:
            story = await library.get_story(value)
            return Target(kind, story.slug, story.title)
        case TargetKind.COMPANY:
            name = await restore_company_name(library, value, custom_ids.FOLLOW_NAME_LIMIT)
            return Target(kind, name, name)
        case _:
            return Target(kind, value)


async def _follow_here_or_by_dm(interaction: Interaction, target: Target) -> discord.ui.LayoutView:
    """Follow a target in this channel if the user has Manage Server, else by DM."""
    channel, requests = interaction.channel, [FollowRequest(target)]
    if can_manage(interaction) and isinstance(channel, PostChannel):
        changes = await _follow_in_channel(interaction, channel, requests, FollowOptions())
        return await _build_card(interaction.client, changes, list_channel_notes(channel))
    notes = [say(DM_NOTICE)] if interaction.guild is not None and find_guild(interaction) is None else []
    changes = await _follow_by_dm(interaction, requests, FollowOptions())
    return await _build_card(interaction.client, changes, notes)


@dataclass(frozen=True, slots=True)
class FollowRequest:
    """What somebody wants to follow; of a feed, also what was found at the address that they gave."""

    target: Target
    lookup: FeedLookup | None = None


async def _find_requests(ctx: Context, text: str) -> list[FollowRequest]:
    """Return all targets that a text names, separated by commas; an address or a company's name may have a comma in it.

    Raises InputError if there are too many, and for the first that means nothing.
    """
    parts = list(dict.fromkeys(part.strip() for part in _TARGET_SEPARATORS.split(text) if part.strip()))
    if len(parts) < 2 or is_address(text) or await ctx.bot.services.library.find_only_company(text):
        return [await _find_request(ctx, text)]
    if len(parts) > MAX_TARGETS:
        message = say("that is {count} at once; the limit is {limit}", count=len(parts), limit=MAX_TARGETS)
        raise InputError("target", message)
    requests = [await _find_request(ctx, part) for part in parts]
    # Several of the names may mean the same company.
    return list({(each.target.kind, each.target.value, each.target.label): each for each in requests}.values())


async def _find_request(ctx: Context, text: str) -> FollowRequest:
    """Return the target that a text means. A feed is fetched for that, which can take longer than Discord's three seconds."""
    library, feeds = ctx.bot.services.library, ctx.bot.services.followed_feeds
    # A company may be called as a web address.
    if not is_address(text) or ("://" not in text and await library.find_only_company(text)):
        return FollowRequest(await find_target(library, text))
    ctx.bot.cooldowns.feeds.take(ctx.author.id)
    await ctx.defer(ephemeral=True)
    lookup = await feeds.look_up(text)
    return FollowRequest(await feeds.get_target(lookup), lookup)


@dataclass(frozen=True, slots=True)
class _FollowPlan:
    """A request with the settings that it leads to; ``old_settings`` are those of the follow that is there already, if there is one."""

    request: FollowRequest
    settings: FollowSettings
    old_settings: FollowSettings | None


async def _plan_follows(
    ctx: Context | Interaction, destination: Destination, requests: Sequence[FollowRequest], options: FollowOptions
) -> list[_FollowPlan]:
    """Apply the options to what is followed already, or else to the defaults. Raises InputError for settings that cannot be."""
    follows = await get_bot(ctx).services.subscriptions.list_in_destination(destination.discord_id)
    settings_by_target = {(follow.target.kind, follow.target.value): follow.settings for follow in follows}
    plans = []
    for request in requests:
        old_settings = settings_by_target.get((request.target.kind, request.target.value))
        settings = options.apply_to(old_settings or DEFAULT_FOLLOW_SETTINGS)
        check_target_settings(request.target, settings)
        check_follow_settings(destination.kind, settings)
        plans.append(_FollowPlan(request, settings, old_settings))
    return plans


async def _save_follows(
    ctx: Context | Interaction, destination: Destination, plans: Sequence[_FollowPlan]
) -> list[FollowChange]:
    services, user_id = get_bot(ctx).services, get_user(ctx).id
    changes = []
    for plan in plans:
        target, lookup = plan.request.target, plan.request.lookup
        if lookup is None:
            follow, is_new = await services.subscriptions.follow(
                destination, target, created_by=user_id, settings=plan.settings
            )
        else:
            follow, is_new = await services.followed_feeds.follow(
                destination, lookup, created_by=user_id, settings=plan.settings
            )
            await services.subscriptions.retry_blocked(discord_id=destination.discord_id)
        changes.append(FollowChange(follow, is_new, plan.old_settings))
    return changes


async def _follow_in_channel(
    ctx: Context | Interaction, channel: AnyChannel, requests: Sequence[FollowRequest], options: FollowOptions
) -> list[FollowChange]:
    """Make a channel follow, if all that is requested can be followed there."""
    destination = make_destination(channel)
    plans = await _plan_follows(ctx, destination, requests, options)
    # What posts need depends on the settings alone.
    for settings in dict.fromkeys(plan.settings for plan in plans):
        role = ctx.guild.get_role(settings.role_id) if ctx.guild and settings.role_id else None
        await check_channel(ctx, channel, role, settings)
    return await _save_follows(ctx, destination, plans)


async def _follow_by_dm(
    ctx: Context | Interaction, requests: Sequence[FollowRequest], options: FollowOptions
) -> list[FollowChange]:
    """Follow for a user. Their posts come in the language of their Discord, unless they chose another."""
    user, language = get_user(ctx), _get_client_language(ctx)
    services = get_bot(ctx).services
    destination = make_dm_destination(user)
    # Refuse settings that DMs cannot have, and one feed too many, before sending the greeting.
    plans = await _plan_follows(ctx, destination, requests, options)
    for plan in plans:
        if plan.request.lookup is not None:
            await services.followed_feeds.check_limits(destination, plan.request.lookup)
    new_targets = [plan.request.target for plan in plans if plan.old_settings is None]
    if new_targets:
        await _send_greeting(services.delivery_settings, user, new_targets, language)
    changes = await _save_follows(ctx, destination, plans)
    await services.delivery_settings.remember_language(user.id, language)
    return changes


async def _send_greeting(
    delivery_settings: DeliverySettingsService,
    user: discord.User | discord.Member,
    targets: Sequence[Target],
    language: str,
) -> None:
    chosen_language = await delivery_settings.get_language(user.id)
    with use_language(chosen_language or language):
        text = say(
            "From now on, new developments arrive here: {target}. Use `/unfollow` to stop them.",
            target=format_series(map(target_label, targets)),
        )
        greeting = success_card(text)
    try:
        await user.send(view=greeting)
    except discord.Forbidden as exc:
        if get_error_code(exc) not in (DMS_CLOSED, NO_SHARED_SERVER):
            raise
        raise make_closed_dms_error() from exc


async def _build_card(bot: Dealwire, changes: Sequence[FollowChange], notes: Sequence[str]) -> discord.ui.LayoutView:
    destination = changes[0].follow.destination
    delivery_settings = await bot.services.delivery_settings.get(destination.owner_id)
    follows = await bot.services.subscriptions.list_in_destination(destination.discord_id)
    whole = (TargetKind.EVERYTHING, TargetKind.FEED)
    is_part = any(change.is_new and change.follow.target.kind not in whole for change in changes)
    if is_part and any(follow.target.kind is TargetKind.EVERYTHING for follow in follows):
        # Translators: a company, a kind or a story was followed where everything is followed
        notes = [
            *notes,
            say("Everything is already followed there. A development that matches both follows is posted once."),
        ]
    if len(changes) > 1:
        return follows_result_card(changes, notes, delivery_settings=delivery_settings)
    (change,) = changes
    sample = await find_sample(bot, change.follow.target)
    language = await bot.language_resolver.for_destination(destination)
    return follow_result_card(change, sample, notes, delivery_settings=delivery_settings, language=language)


def _get_client_language(ctx: Context | Interaction) -> str:
    """Return the language of the user's Discord; empty for a typed command, which does not tell it."""
    interaction = ctx if isinstance(ctx, discord.Interaction) else ctx.interaction
    return get_client_language(interaction.locale) if interaction else ""
