"""Following: follow, unfollow, and the Follow button."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import app_commands
from discord.ext import commands

from bot.audience import discords
from bot.cards import ids
from bot.cards.follows import followed_card, unfollowed_card
from bot.cards.follows import target as shown
from bot.cards.notes import note, private_note
from bot.cards.safe import plain
from bot.client import Context, Dealwire, Interaction, asking
from bot.delivery.following import check_terms, pick_follow
from bot.errors import DealwireError, Refused
from bot.languages import noted, say, speaking
from bot.library.targets import complete_target, find_target, sample_story
from bot.model.follow import Destination, Follow, Place, Target, TargetKind
from bot.model.terms import DEFAULT_TERMS, Terms
from bot.publisher.refusals import DMS_CLOSED, NO_SHARED_SERVER, code_of
from cogs import wishes
from cogs.clicks import Click
from cogs.offers import choice, offered
from cogs.places import (
    NOT_HERE,
    MaybePlace,
    Somewhere,
    Where,
    check_place,
    closed_dms,
    destination_of,
    home,
    manages,
    name_of,
    notes_on,
    own_dms,
    without_mentions,
)
from cogs.visibility import check_visible, is_public_here, shown_to
from cogs.wishes import Wishes

BY_DM = noted("The bot is not on this server, so posts come to your DMs.")


class FollowFlags(commands.FlagConverter, case_insensitive=True):
    """What to follow, where, and on which terms; what is not named stays as it is."""

    target: str = commands.flag(positional=True, description="everything, a company, a story or a kind")
    channel: MaybePlace = commands.flag(default=None, description="where posts go; left out: here")
    mode: str | None = commands.flag(default=None, description="instant, or a daily or weekly digest")
    only: str | None = commands.flag(default=None, description="deals, stage-changes, confirmed, or several of these")
    mention: discord.Role | None = commands.flag(default=None, description="the role that posts ping")
    ping: str | None = commands.flag(default=None, description="when the role is pinged")
    words: str | None = commands.flag(default=None, description="only with one of these words; none: any")
    without: str | None = commands.flag(default=None, description="nothing with one of these words; none: all")
    threads: bool | None = commands.flag(default=None, description="a thread for each story, under a card")
    silent: bool | None = commands.flag(default=None, description="posts notify nobody")

    def wishes(self, role: discord.Role | None) -> Wishes:
        """The terms that were named, with the role that may have been typed elsewhere."""
        return Wishes(
            self.mode,
            self.only,
            self.ping,
            self.words,
            self.without,
            role.id if role else None,
            self.silent,
            self.threads,
        )


class UnfollowFlags(commands.FlagConverter, case_insensitive=True):
    """Which follow to end."""

    target: str = commands.flag(positional=True, description="what is followed")
    channel: MaybePlace = commands.flag(default=None, description="where it is followed; left out: here")


def _done(follow: Follow) -> str:
    """Say that a follow was made, without a word of what is followed or where."""
    if follow.destination.place is Place.DM:
        return say("You follow it now: what is new comes to your DMs.")
    return say("The follow is set up.")


class Follows(commands.Cog):
    """Making follows, and ending them."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._library = bot.services.library
        self._following = bot.services.following

    @asking()
    async def follow(self, ctx: Context, *, flags: FollowFlags) -> None:
        """Post what is new of a company, a story, a kind or everything to a channel or your DMs."""
        text, named_channel, named_role = without_mentions(ctx, flags.target)
        channel, role = flags.channel or named_channel, flags.mention or named_role
        target = await find_target(self._library, text)
        asked = flags.wishes(role)
        is_home = home(ctx) is not None
        if ctx.guild is not None and not is_home and (channel or role):
            raise Refused(say(NOT_HERE))
        if not is_home or (channel is None and role is None and not manages(ctx)):
            away = [say(BY_DM)] if ctx.guild is not None and not is_home else []
            follow, card = await self._follow_by_dm(ctx.author, target, asked, away, _own_language(ctx))
        else:
            follow, card = await self._follow_in(ctx, channel or ctx.channel, target, asked)
        if ctx.interaction is None and not is_public_here(ctx, follow.destination):
            card = private_note(ids.manage("open", follow.number), _done(follow))
        await ctx.send(view=card, ephemeral=True)

    @asking()
    async def unfollow(self, ctx: Context, *, flags: UnfollowFlags) -> None:
        """End a follow."""
        text, named_channel, _ = without_mentions(ctx, flags.target)
        follow = await self._pick(ctx, text, flags.channel or named_channel)
        await self._following.unfollow(follow)
        is_public = ctx.interaction is not None or is_public_here(ctx, follow.destination)
        await ctx.send(view=unfollowed_card(follow) if is_public else note(say("Done.")), ephemeral=True)

    @follow.autocomplete("target")
    async def _complete_target(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        offers = await complete_target(self._library, typed)
        return [choice(name, value) for name, value in offers]

    @follow.autocomplete("mode")
    async def _complete_mode(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(wishes.modes(), typed)

    @follow.autocomplete("only")
    async def _complete_only(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(wishes.onlys(), typed)

    @follow.autocomplete("ping")
    async def _complete_ping(self, _interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        return offered(wishes.pings(), typed)

    @unfollow.autocomplete("target")
    async def _complete_follow(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        follows = list(await self._following.at(interaction.user.id))
        if interaction.guild is not None and manages(interaction):
            follows += await shown_to(interaction, await self._following.in_guild(interaction.guild.id))
        return [
            choice(f"{plain(f.target.display, 70)} · {name_of(interaction.guild, f.destination)}", f"follow:{f.number}")
            for f in follows
            if typed.casefold() in f.target.display.casefold()
        ][:25]

    async def _follow_in(
        self, ctx: Context | Interaction, place: Somewhere, target: Target, asked: Wishes
    ) -> tuple[Follow, discord.ui.LayoutView]:
        destination = destination_of(place)
        before = await self._terms(destination, target)
        terms = asked.applied_to(before or DEFAULT_TERMS)
        role = ctx.guild.get_role(terms.role_id) if ctx.guild and terms.role_id else None
        await check_place(ctx, place, role, terms)
        by = ctx.user.id if isinstance(ctx, discord.Interaction) else ctx.author.id
        follow, created = await self._following.follow(destination, target, by=by, terms=terms)
        return follow, await self._made(follow, created, before, notes_on(place))

    async def _follow_by_dm(
        self, user: discord.User | discord.Member, target: Target, asked: Wishes, notes: Sequence[str], language: str
    ) -> tuple[Follow, discord.ui.LayoutView]:
        """Follow for a person; ``language`` is that of their Discord, in which their posts come unless they chose one."""
        destination = own_dms(user)
        before = await self._terms(destination, target)
        terms = asked.applied_to(before or DEFAULT_TERMS)
        # What a DM cannot have is said before it is written to.
        check_terms(Place.DM, terms)
        if before is None:
            await self._greet(user, target, language)
        follow, created = await self._following.follow(destination, target, by=user.id, terms=terms)
        await self._following.keep_language(user.id, language)
        return follow, await self._made(follow, created, before, notes)

    async def _greet(self, user: discord.User | discord.Member, target: Target, language: str) -> None:
        chosen = await self._following.language(user.id)
        with speaking(chosen or language):
            said = say(
                "New developments come to you here from now on: {target}. `/unfollow` ends it.", target=shown(target)
            )
            greeting = note(said)
        try:
            await user.send(view=greeting)
        except discord.Forbidden as exc:
            if code_of(exc) not in (DMS_CLOSED, NO_SHARED_SERVER):
                raise
            raise closed_dms() from exc

    async def _made(
        self, follow: Follow, created: bool, before: Terms | None, notes: Sequence[str]
    ) -> discord.ui.LayoutView:
        sample = await sample_story(self._library, follow.target)
        table = await self._following.timetable(follow.destination.owner_id)
        language = await self._bot.audience.at(follow.destination)
        return followed_card(follow, created, sample, notes, table=table, before=before, language=language)

    async def _terms(self, destination: Destination, target: Target) -> Terms | None:
        """The terms on which the target is followed there already."""
        same = (target.kind, target.value)
        follows = await self._following.at(destination.discord_id)
        return next((f.terms for f in follows if (f.target.kind, f.target.value) == same), None)

    async def _pick(self, ctx: Context, text: str, channel: Where | None) -> Follow:
        try:
            target = await find_target(self._library, text)
        except DealwireError:
            # What is followed may have been renamed; it can still be named as it is shown.
            target = None
        if ctx.guild is None or not manages(ctx):
            return pick_follow(await self._following.at(ctx.author.id), text, target)
        if text.startswith("follow:"):
            seen = await shown_to(ctx, await self._following.in_guild(ctx.guild.id))
            return pick_follow((*seen, *await self._following.at(ctx.author.id)), text, None)
        if channel is not None:
            await check_visible(ctx, channel)
        return pick_follow(await self._following.at((channel or ctx.channel).id), text, target)

    async def by_button(self, interaction: Interaction, slug: str) -> discord.ui.LayoutView:
        """What the Follow button does: this channel for those with Manage Server, their DMs for the others."""
        story = await self._library.story(slug)
        target = Target(TargetKind.STORY, story.slug, story.headline)
        channel = interaction.channel
        if manages(interaction) and isinstance(channel, Where):
            _, card = await self._follow_in(interaction, channel, target, Wishes())
            return card
        away = [say(BY_DM)] if interaction.guild is not None and home(interaction) is None else []
        _, card = await self._follow_by_dm(interaction.user, target, Wishes(), away, _own_language(interaction))
        return card


def _own_language(asked: Context | Interaction) -> str:
    """That of somebody's own Discord, which a typed command does not say."""
    interaction = asked if isinstance(asked, discord.Interaction) else asked.interaction
    return discords(interaction.locale) if interaction else ""


class FollowButton(Click, template=ids.FOLLOW):
    """The Follow button of a story's card."""

    async def answer(self, interaction: Interaction) -> None:
        """Follow, and show the clicker what that means."""
        # Opening a DM can take longer than the three seconds that Discord gives.
        await interaction.response.defer(ephemeral=True, thinking=True)
        cog = interaction.client.get_cog("Follows")
        if isinstance(cog, Follows):
            await interaction.followup.send(view=await cog.by_button(interaction, self.said["slug"]), ephemeral=True)


async def setup(bot: Dealwire) -> None:
    """Add the commands, and the button of the stories' cards."""
    bot.add_dynamic_items(FollowButton)
    await bot.add_cog(Follows(bot))
