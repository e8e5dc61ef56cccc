"""``following`` and ``why``: the list of follows, and what was posted for them."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.delivery_report import delivery_report_card, feed_report_card
from bot.cards.follow_list import follow_list_card
from bot.cards.simple_cards import private_answer_card
from bot.delivery.subscriptions import pick_follow
from bot.errors import NotAllowed, NotFound
from bot.languages import say
from bot.model.follow import Destination, DestinationKind, Follow, TargetKind
from bot.platforms.discord.client import Context, Dealwire, Interaction, hybrid_command
from cogs.autocomplete import MAX_CHOICES, make_choice, make_story_choices
from cogs.channels import PostChannel, get_destination_name, make_destination, make_dm_destination
from cogs.follows.follow_options import OptionalChannel, split_mentions
from cogs.permissions import (
    can_manage,
    can_see,
    check_visible,
    filter_visible,
    find_guild,
    get_bot,
    get_user,
    is_public_here,
)
from cogs.persistent import PersistentItem, get_destination_id, replace_or_reply, reply_privately

#: How many followed feeds are offered before the stories.
_MAX_FEED_CHOICES = 5


class WhyFlags(commands.FlagConverter, case_insensitive=True):
    """The options of ``why``."""

    query: str = commands.flag(positional=True, description="the story, or a feed that is followed there")
    channel: OptionalChannel = commands.flag(default=None, description="the channel or thread (default: here)")


class FollowListCog(commands.Cog):
    """The commands ``following`` and ``why``."""

    def __init__(self, bot: Dealwire) -> None:
        self._library = bot.services.library
        self._delivery_monitor = bot.services.delivery_monitor
        self._subscriptions = bot.services.subscriptions
        self._feeds = bot.services.followed_feeds

    @hybrid_command()
    async def following(self, ctx: Context) -> None:
        """List and manage what this server follows and what comes to your DMs."""
        follows = await _get_visible_follows(ctx)
        if ctx.interaction is None and not all(is_public_here(ctx, follow.destination) for follow in follows):
            await ctx.send(view=private_answer_card(custom_ids.FOLLOW_LIST.build(page=0)))
            return
        await ctx.send(view=await _build_list_card(ctx, follows, 0), ephemeral=True)

    @hybrid_command()
    async def why(self, ctx: Context, *, flags: WhyFlags) -> None:
        """Show which developments of a story were posted here, which weren't, and why."""
        text, mentioned_channel, _ = split_mentions(ctx, flags.query)
        channel = flags.channel or mentioned_channel or ctx.channel
        await check_visible(ctx, channel)
        destination = make_dm_destination(ctx.author) if find_guild(ctx) is None else make_destination(channel)
        follow = await self._find_feed_follow(destination, text)
        if follow is not None:
            await self._explain_feed(ctx, follow)
            return
        story = await self._library.get_story(await self._library.resolve_story(text))
        if ctx.interaction is None and not is_public_here(ctx, destination):
            await ctx.send(
                view=private_answer_card(custom_ids.WHY.build(channel_id=destination.discord_id, slug=story.slug))
            )
            return
        reports = await self._delivery_monitor.get_reports(story, destination.discord_id)
        await ctx.send(view=delivery_report_card(story, destination, reports), ephemeral=True)

    async def _find_feed_follow(self, destination: Destination, text: str) -> Follow | None:
        """Return the follow of a feed in this destination that a text names; None if it names none."""
        follows = await self._subscriptions.list_in_destination(destination.discord_id)
        of_feeds = [follow for follow in follows if follow.target.kind is TargetKind.FEED]
        try:
            return pick_follow(of_feeds, text, await self._feeds.find_target(text)) if of_feeds else None
        except NotFound:
            return None

    async def _explain_feed(self, ctx: Context, follow: Follow) -> None:
        if ctx.interaction is None and not is_public_here(ctx, follow.destination):
            await ctx.send(view=private_answer_card(custom_ids.WHY_FEED.build(follow_id=follow.id)))
            return
        reports = await self._delivery_monitor.get_feed_reports(follow)
        await ctx.send(view=feed_report_card(follow, reports), ephemeral=True)

    @why.autocomplete("query")
    async def _complete_story(self, interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        follows = await self._subscriptions.list_in_destination(get_destination_id(interaction))
        feeds = [
            make_choice(follow.target.display, f"follow:{follow.id}")
            for follow in follows
            if follow.target.kind is TargetKind.FEED and current.casefold() in follow.target.display.casefold()
        ]
        stories = make_story_choices(await self._library.complete_story(current, deals_only=False))
        return [*feeds[:_MAX_FEED_CHOICES], *stories][:MAX_CHOICES]


class FollowListPageButton(PersistentItem, template=custom_ids.FOLLOW_LIST.pattern):
    """A page button of the list of follows."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page."""
        await replace_or_reply(
            interaction,
            await _build_list_card(interaction, await _get_visible_follows(interaction), int(self.params["page"])),
        )


class WhyFeedButton(PersistentItem, template=custom_ids.WHY_FEED.pattern):
    """The button that shows what became of a followed feed's articles."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the report to the user, if they see the channel."""
        services, guild = interaction.client.services, find_guild(interaction)
        follow = await services.subscriptions.get(int(self.params["follow_id"]))
        destination = follow.destination
        channel = guild.get_channel_or_thread(destination.discord_id) if guild else None
        is_own = destination.kind is DestinationKind.DM and destination.discord_id == interaction.user.id
        is_visible = isinstance(channel, PostChannel) and await can_see(interaction, channel)
        if not is_own and not is_visible:
            raise NotAllowed(say("You need View Channel in that channel."))
        reports = await services.delivery_monitor.get_feed_reports(follow)
        await reply_privately(interaction, feed_report_card(follow, reports))


class WhyButton(PersistentItem, template=custom_ids.WHY.pattern):
    """The button of a typed ``why`` about a channel that not everybody sees."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the report to the user, if they see the channel."""
        guild, channel_id = find_guild(interaction), int(self.params["channel_id"])
        channel = guild.get_channel_or_thread(channel_id) if guild else None
        if not isinstance(channel, PostChannel) or not await can_see(interaction, channel):
            raise NotAllowed(say("You need View Channel in that channel."))
        services = interaction.client.services
        story = await services.library.get_story(self.params["slug"])
        reports = await services.delivery_monitor.get_reports(story, channel_id)
        await reply_privately(interaction, delivery_report_card(story, make_destination(channel), reports))


async def _get_visible_follows(ctx: Context | Interaction) -> list[Follow]:
    """Return the server's follows that the user can see, and those of the user's DMs; in a DM, only these."""
    guild = find_guild(ctx)
    subscriptions = get_bot(ctx).services.subscriptions
    own_follows = await subscriptions.list_in_destination(get_user(ctx).id)
    if guild is None:
        return list(own_follows)
    return [*await filter_visible(ctx, await subscriptions.list_in_guild(guild.id)), *own_follows]


async def _build_list_card(ctx: Context | Interaction, follows: Sequence[Follow], page: int) -> discord.ui.LayoutView:
    """Return a page of these follows, with a menu of those that the user may manage."""
    services = get_bot(ctx).services
    guild = find_guild(ctx)
    own_settings = await services.delivery_settings.get(get_user(ctx).id)
    return follow_list_card(
        follows,
        page,
        await services.delivery_monitor.get_health(follows),
        by_dm=guild is None,
        delivery_settings=await services.delivery_settings.get(guild.id) if guild else own_settings,
        dm_delivery_settings=own_settings,
        editable_destinations={
            follow.id: get_destination_name(guild, follow.destination)
            for follow in follows
            if follow.destination.kind is DestinationKind.DM or can_manage(ctx)
        },
        report_count=await services.reader_reports.count_waiting(guild.id) if guild and can_manage(ctx) else 0,
    )
