"""What is followed, and what became of it: following and why."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import ids
from bot.cards.fates import why_card
from bot.cards.follows import following_list
from bot.cards.notes import private_note
from bot.client import Context, Dealwire, Interaction, asking
from bot.errors import Refused
from bot.languages import say
from bot.model.follow import Follow
from cogs.clicks import Click, beside, turn
from cogs.offers import choice
from cogs.places import (
    MaybePlace,
    Where,
    asker_of,
    can_see,
    destination_of,
    home,
    manages,
    name_of,
    own_dms,
    without_mentions,
)
from cogs.visibility import check_visible, is_public_here, shown_to


class WhyFlags(commands.FlagConverter, case_insensitive=True):
    """Which story, and where."""

    query: str = commands.flag(positional=True, description="the story")
    channel: MaybePlace = commands.flag(default=None, description="the channel or thread; left out: here")


class Listing(commands.Cog):
    """Listing follows, and telling what they brought."""

    def __init__(self, bot: Dealwire) -> None:
        self._library = bot.services.library
        self._following = bot.services.following

    @asking()
    async def following(self, ctx: Context) -> None:
        """List and manage what this server follows; in a DM, what you follow."""
        follows = await _follows_of(ctx)
        if ctx.interaction is None and not all(is_public_here(ctx, follow.destination) for follow in follows):
            await ctx.send(view=private_note(ids.following(0)))
            return
        await ctx.send(view=await _listing(ctx, follows, 0), ephemeral=True)

    @asking()
    async def why(self, ctx: Context, *, flags: WhyFlags) -> None:
        """Say which developments of a story were posted here, which were not, and why."""
        text, named, _ = without_mentions(ctx, flags.query)
        place = flags.channel or named or ctx.channel
        await check_visible(ctx, place)
        story = await self._library.story(await self._library.only_story(text))
        here = own_dms(ctx.author) if home(ctx) is None else destination_of(place)
        if ctx.interaction is None and not is_public_here(ctx, here):
            await ctx.send(view=private_note(ids.why(here.discord_id, story.slug)))
            return
        fates = await self._following.fates(story, here.discord_id)
        await ctx.send(view=why_card(story, here, fates), ephemeral=True)

    @why.autocomplete("query")
    async def _complete_story(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        lines = await self._library.complete_story(typed, deals_only=False)
        return [choice(line.headline, line.slug) for line in lines]


class FollowingPage(Click, template=ids.FOLLOWING):
    """Another page of what is followed."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        await turn(interaction, await _listing(interaction, await _follows_of(interaction), int(self.said["page"])))


class OpenWhy(Click, template=ids.WHY):
    """The button under a typed ``why`` about a place that not everybody sees."""

    async def answer(self, interaction: Interaction) -> None:
        """Show it to the one who clicked, if they see the place."""
        guild, place_id = home(interaction), int(self.said["place"])
        place = guild.get_channel_or_thread(place_id) if guild else None
        if not isinstance(place, Where) or not await can_see(interaction, place):
            raise Refused(say("You need View Channel in that channel."))
        services = interaction.client.services
        story = await services.library.story(self.said["slug"])
        fates = await services.following.fates(story, place_id)
        await beside(interaction, why_card(story, destination_of(place), fates))


async def _follows_of(ctx: Context | Interaction) -> list[Follow]:
    """Return what the asker can see of this server's follows; in a DM, their own."""
    guild = home(ctx)
    following = (ctx.client if isinstance(ctx, discord.Interaction) else ctx.bot).services.following
    if guild is None:
        return list(await following.at(asker_of(ctx).id))
    return await shown_to(ctx, await following.in_guild(guild.id))


async def _listing(ctx: Context | Interaction, follows: Sequence[Follow], page: int) -> discord.ui.LayoutView:
    """Return a page of these follows, as the asker may manage them."""
    following = (ctx.client if isinstance(ctx, discord.Interaction) else ctx.bot).services.following
    guild = home(ctx)
    return following_list(
        follows,
        page,
        await following.health(follows),
        by_dm=guild is None,
        table=await following.timetable(guild.id if guild else asker_of(ctx).id),
        manageable={
            follow.number: name_of(guild, follow.destination) for follow in follows if guild is None or manages(ctx)
        },
    )


async def setup(bot: Dealwire) -> None:
    """Add the commands, and the pages of their cards."""
    bot.add_dynamic_items(FollowingPage, OpenWhy)
    await bot.add_cog(Listing(bot))
