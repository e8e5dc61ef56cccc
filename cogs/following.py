"""What is followed, and what became of it: following and why."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards import ids
from bot.cards.fates import why_card
from bot.cards.follows import following_list
from bot.client import Context, Dealwire, Interaction, asking
from cogs.clicks import Click, turn
from cogs.offers import choice
from cogs.places import (
    MaybePlace,
    check_visible,
    destination_of,
    home,
    manages,
    name_of,
    own_dms,
    shown_to,
    without_mentions,
)

QUERY_LIMIT = 200


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
        await ctx.send(view=await listing(ctx, 0), ephemeral=True)

    @asking()
    async def why(self, ctx: Context, *, flags: WhyFlags) -> None:
        """Say which developments of a story were posted here, which were not, and why."""
        text, named, _ = without_mentions(ctx, flags.query[:QUERY_LIMIT])
        place = flags.channel or named or ctx.channel
        check_visible(ctx, place)
        story = await self._library.story(await self._library.only_story(text))
        here = own_dms(ctx.author) if home(ctx) is None else destination_of(place)
        fates = await self._following.fates(story, here.discord_id)
        await ctx.send(view=why_card(story, here, fates), ephemeral=True)

    @why.autocomplete("query")
    async def _complete_story(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        lines = await self._library.complete_story(typed[:QUERY_LIMIT], deals_only=False)
        return [choice(line.headline, line.slug) for line in lines]


class FollowingPage(Click, template=ids.FOLLOWING):
    """Another page of what is followed."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn the page."""
        await turn(interaction, await listing(interaction, int(self.said["page"])))


async def listing(ctx: Context | Interaction, page: int) -> discord.ui.LayoutView:
    """A page of what the asker can see of this server's follows; in a DM, of their own."""
    bot, user = (ctx.client, ctx.user) if isinstance(ctx, discord.Interaction) else (ctx.bot, ctx.author)
    following = bot.services.following
    guild = home(ctx)
    follows = list(await following.at(user.id)) if guild is None else shown_to(ctx, await following.in_guild(guild.id))
    return following_list(
        follows,
        page,
        await following.health(follows),
        by_dm=guild is None,
        table=await following.timetable(guild.id if guild else user.id),
        manageable={
            follow.number: name_of(guild, follow.destination) for follow in follows if guild is None or manages(ctx)
        },
    )


async def setup(bot: Dealwire) -> None:
    """Add the commands, and the pages of their cards."""
    bot.add_dynamic_items(FollowingPage)
    await bot.add_cog(Listing(bot))
