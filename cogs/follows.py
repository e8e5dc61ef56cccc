"""Following: follow, unfollow, following, and the Follow button."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import ids
from bot.cards.fates import why_card
from bot.cards.follows import followed_card, following_list, unfollowed_card
from bot.cards.follows import target as shown
from bot.cards.notes import note
from bot.client import Context, Dealwire, Interaction, asking
from bot.delivery.following import pick_follow
from bot.errors import DealwireError
from bot.library.targets import complete_target, find_target, sample_story
from bot.model.follow import Follow, Place, Target, TargetKind
from bot.model.terms import Terms
from cogs.clicks import Click, turn
from cogs.places import (
    Where,
    check_place,
    check_visible,
    closed_dms,
    destination_of,
    manages,
    own_dms,
    shown_to,
    without_mentions,
)

TARGET_LIMIT = 200


class FollowFlags(commands.FlagConverter, case_insensitive=True):
    """What to follow, where, and whom to ping."""

    target: str = commands.flag(positional=True, description="everything, a company, a story or a kind")
    channel: Where | None = commands.flag(default=None, description="where posts go; left out: here")
    mention: discord.Role | None = commands.flag(default=None, description="the role that posts ping")


class UnfollowFlags(commands.FlagConverter, case_insensitive=True):
    """Which follow to end."""

    target: str = commands.flag(positional=True, description="what is followed")
    channel: Where | None = commands.flag(default=None, description="where it is followed; left out: here")


class WhyFlags(commands.FlagConverter, case_insensitive=True):
    """Which story, and where."""

    query: str = commands.flag(positional=True, description="the story")
    channel: Where | None = commands.flag(default=None, description="the channel or thread; left out: here")


class Follows(commands.Cog):
    """The following commands."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._library = bot.services.library
        self._following = bot.services.following

    @asking()
    async def follow(self, ctx: Context, *, flags: FollowFlags) -> None:
        """Post new developments of a company, a story, a kind or everything to a channel, or to your DMs."""
        text, named_channel, named_role = without_mentions(ctx, flags.target[:TARGET_LIMIT])
        channel, role = flags.channel or named_channel, flags.mention or named_role
        target = await find_target(self._library, text)
        if ctx.guild is None or (channel is None and role is None and not manages(ctx)):
            card = await self._follow_by_dm(ctx.author, target)
        else:
            place = channel or ctx.channel
            check_place(ctx, place, role)
            card = await self._follow_in(place, target, ctx.author.id, role)
        await ctx.send(view=card, ephemeral=True)

    @asking()
    async def unfollow(self, ctx: Context, *, flags: UnfollowFlags) -> None:
        """End a follow."""
        text, named_channel, _ = without_mentions(ctx, flags.target[:TARGET_LIMIT])
        follow = await self._pick(ctx, text, flags.channel or named_channel)
        await self._following.unfollow(follow)
        await ctx.send(view=unfollowed_card(follow), ephemeral=True)

    @asking()
    async def following(self, ctx: Context) -> None:
        """List what this server follows, and where; in a DM, what you follow."""
        follows, label = await self._listed(ctx)
        card = following_list(follows, label, 0, await self._following.health(follows))
        await ctx.send(view=card, ephemeral=True)

    @asking()
    async def why(self, ctx: Context, *, flags: WhyFlags) -> None:
        """Say which developments of a story were posted here, which were not, and why."""
        text, named, _ = without_mentions(ctx, flags.query[:TARGET_LIMIT])
        place = flags.channel or named or ctx.channel
        check_visible(ctx, place)
        story = await self._library.story(await self._library.only_story(text))
        here = own_dms(ctx.author) if ctx.guild is None else destination_of(place)
        fates = await self._following.fates(story, here.discord_id)
        await ctx.send(view=why_card(story, here, fates), ephemeral=True)

    @why.autocomplete("query")
    async def _complete_story(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        lines = await self._library.complete_story(typed[:TARGET_LIMIT], deals_only=False)
        return [app_commands.Choice(name=line.headline[:100], value=line.slug) for line in lines]

    @follow.autocomplete("target")
    async def _complete_target(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offers = await complete_target(self._library, typed[:TARGET_LIMIT])
        return [app_commands.Choice(name=name[:100], value=value[:100]) for name, value in offers]

    @unfollow.autocomplete("target")
    async def _complete_follow(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        follows = list(await self._following.at(interaction.user.id))
        if interaction.guild and manages(interaction):
            follows += shown_to(interaction, await self._following.in_guild(interaction.guild.id))
        return [
            app_commands.Choice(
                name=f"{f.target.display[:70]} {_channel_name(interaction, f)}"[:100], value=f"follow:{f.number}"
            )
            for f in follows
            if typed.casefold() in f.target.display.casefold()
        ][:25]

    async def _follow_in(
        self, place: discord.abc.MessageableChannel, target: Target, by: int, role: discord.Role | None
    ) -> discord.ui.LayoutView:
        destination = destination_of(place)
        follow, created = await self._following.follow(
            destination, target, by=by, terms=Terms(role_id=role.id if role else 0)
        )
        return followed_card(follow, created, await sample_story(self._library, target), [])

    async def _follow_by_dm(self, user: discord.User | discord.Member, target: Target) -> discord.ui.LayoutView:
        try:
            await user.send(
                view=note(f"New developments come to you here from now on: {shown(target)}. `/unfollow` ends it.")
            )
        except discord.Forbidden as exc:
            raise closed_dms() from exc
        follow, created = await self._following.follow(own_dms(user), target, by=user.id)
        return followed_card(follow, created, await sample_story(self._library, target), [])

    async def _pick(self, ctx: Context, text: str, channel: Where | None) -> Follow:
        try:
            target = await find_target(self._library, text)
        except DealwireError:
            # What is followed may have been renamed; it can still be named as it is shown.
            target = None
        if ctx.guild is None or not manages(ctx):
            return pick_follow(await self._following.at(ctx.author.id), text, target)
        if text.startswith("follow:"):
            known = (*await self._following.in_guild(ctx.guild.id), *await self._following.at(ctx.author.id))
            return pick_follow(known, text, None)
        return pick_follow(await self._following.at((channel or ctx.channel).id), text, target)

    async def _listed(self, ctx: Context) -> tuple[list[Follow], str]:
        if ctx.guild is None:
            return list(await self._following.at(ctx.author.id)), "your DMs"
        return shown_to(ctx, await self._following.in_guild(ctx.guild.id)), "this server"

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Catch up with servers that the bot was removed from, or came to, while it was away."""
        await self._following.reconcile({guild.id for guild in self._bot.guilds}, self._is_ours)

    def _is_ours(self, guild_id: int) -> bool:
        return (guild_id >> 22) % (self._bot.shard_count or 1) in self._bot.shards

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Take up what had stopped when the bot was removed."""
        await self._following.back(guild.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Stop what the server followed."""
        await self._following.left(guild.id)

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """Its permissions may have been mended."""
        await self._following.mended(discord_id=after.id)

    @commands.Cog.listener()
    async def on_raw_thread_update(self, payload: discord.RawThreadUpdateEvent) -> None:
        """It may have been opened again."""
        await self._following.mended(discord_id=payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, after: discord.Role) -> None:
        """A role of the bot's may have been given what was missing."""
        await self._following.mended(guild_id=after.guild.id)

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """The bot may have been given a role that lets it post."""
        if self._bot.user and after.id == self._bot.user.id:
            await self._following.mended(guild_id=after.guild.id)

    async def by_button(self, interaction: Interaction, slug: str) -> discord.ui.LayoutView:
        """What the Follow button does: this channel for those with Manage Server, their DMs for the others."""
        story = await self._library.story(slug)
        target = Target(TargetKind.STORY, story.slug, story.headline)
        channel = interaction.channel
        if interaction.guild and interaction.permissions.manage_guild and isinstance(channel, Where):
            check_place(interaction, channel, None)
            return await self._follow_in(channel, target, interaction.user.id, None)
        return await self._follow_by_dm(interaction.user, target)


class FollowButton(Click, template=ids.FOLLOW):
    """The Follow button of a story's card."""

    async def answer(self, interaction: Interaction) -> None:
        """Follow, and show the clicker what that means."""
        # Opening a DM can take longer than the three seconds that Discord gives.
        await interaction.response.defer(ephemeral=True, thinking=True)
        cog = interaction.client.get_cog("Follows")
        if isinstance(cog, Follows):
            await interaction.followup.send(view=await cog.by_button(interaction, self.said["slug"]), ephemeral=True)


class FollowingPage(Click, template=ids.FOLLOWING):
    """Another page of what is followed."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        following = interaction.client.services.following
        if interaction.guild:
            listed = shown_to(interaction, await following.in_guild(interaction.guild.id)), "this server"
        else:
            listed = list(await following.at(interaction.user.id)), "your DMs"
        follows, label = listed
        card = following_list(follows, label, int(self.said["page"]), await following.health(follows))
        await turn(interaction, card)


def _channel_name(interaction: Interaction, follow: Follow) -> str:
    if follow.destination.place is Place.DM:
        return "by DM"
    channel = interaction.guild.get_channel_or_thread(follow.destination.discord_id) if interaction.guild else None
    return f"in #{channel.name}" if channel else "in a channel that is gone"


async def setup(bot: Dealwire) -> None:
    """Add the commands, and the buttons of their cards."""
    bot.add_dynamic_items(FollowButton, FollowingPage)
    await bot.add_cog(Follows(bot))
