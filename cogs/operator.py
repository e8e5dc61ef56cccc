"""How the bot is, and what it knows about you: status and data."""

from __future__ import annotations

import discord
from discord.ext import commands, tasks

from bot.cards.marks import number_of
from bot.cards.notes import note, status_card
from bot.client import Context, Dealwire, Interaction, asking
from bot.delivery.following import KEPT_AFTER_REMOVAL
from bot.errors import Refused
from bot.library.reading import KEPT_AFTER_LOOKING
from bot.model.timetable import Timetable
from cogs.clicks import Click
from cogs.places import home, manages

ERASE = r"dw:erase:(?P<what>server|me)"


class Operator(commands.Cog):
    """Status and data, and the erasing that falls due."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._services = bot.services

    async def cog_load(self) -> None:
        """Begin the daily erasing."""
        self._erase_left.start()

    async def cog_unload(self) -> None:
        """End it."""
        self._erase_left.cancel()

    @asking()
    async def status(self, ctx: Context) -> None:
        """Show how the bot is: stories, follows, posts on their way, what is switched off."""
        figures = await self._services.following.figures()
        backlog = figures.backlog
        since = f", the oldest since {discord.utils.format_dt(backlog.oldest, 'R')}" if backlog.oldest else ""
        latency = self._bot.latency
        facts = [
            ("Stories", f"{figures.stories:,}"),
            ("Follows", f"{figures.follows:,}"),
            ("Posts", f"{backlog.sent:,} sent, {backlog.waiting:,} on their way{since}, {backlog.failed:,} failed"),
            ("Corrections", f"{backlog.corrections:,} waiting"),
            ("Doubts", f"{backlog.unsettled:,} posts sent again unseen, where the history could not be read"),
            ("Feeds", await self._feeds()),
            ("The desk's queue", await self._queue()),
            ("Typed commands", self._typed_commands()),
            ("Servers", f"{len(self._bot.guilds):,}"),
            ("Gateway", f"{latency * 1000:.0f} ms" if latency == latency and latency < 600 else "no answer yet"),
            ("Up", f"since {discord.utils.format_dt(self._services.started, 'R')}, version {self._services.version}"),
        ]
        await ctx.send(view=status_card(facts), ephemeral=True)

    @asking()
    async def data(self, ctx: Context) -> None:
        """Say what is stored about this server and about you, and erase it if you want."""
        following, notes = self._services.following, self._services.notes
        own, table = await following.at(ctx.author.id), await following.timetable(ctx.author.id)
        looks = await self._services.reading.count_of(ctx.author.id)
        kept = _theirs(len(own), await notes.count_of(ctx.author.id), table, looks)
        facts = [
            ("About you", f"{kept}, with your user id" if kept else "nothing"),
            ("Editors", "the audit keeps the user id of an editor with each change of a story"),
            ("Messages", "none are stored"),
            (
                "Catching up",
                f"when you last did, in each place, for {KEPT_AFTER_LOOKING.days} days; nobody else sees it",
            ),
        ]
        guild = home(ctx)
        if guild is not None:
            here = await following.in_guild(guild.id)
            told = f"{number_of(len(here), 'follow')}: channel, target, terms, role, who made it and when"
            facts.insert(0, ("About this server", _told(told, await following.timetable(guild.id))))
            facts.append(
                ("When the bot is removed", f"follows stop, and are erased after {KEPT_AFTER_REMOVAL.days} days")
            )
        card = status_card(facts)
        buttons = [_erase_button("Erase what is stored about me", "me", enabled=bool(kept))]
        if manages(ctx):
            buttons.append(_erase_button("Erase what is stored about this server", "server", enabled=True))
        card.add_item(discord.ui.ActionRow(*buttons))
        await ctx.send(view=card, ephemeral=True)

    @tasks.loop(hours=24)
    async def _erase_left(self) -> None:
        await self._services.following.erase_left()
        await self._services.notes.erase_old()
        await self._services.reading.erase_old()

    async def _feeds(self) -> str:
        feeds = await self._services.subscriptions.feeds()
        broken = sum(feed.is_broken for feed in feeds)
        return f"{len(feeds):,}" + (f", {broken:,} of them broken" if broken else "")

    async def _queue(self) -> str:
        articles, notes = await self._services.reviews.count_waiting(), await self._services.notes.count_waiting()
        return f"{number_of(articles, 'article')}, {number_of(notes, 'note')} from readers"

    def _typed_commands(self) -> str:
        prefix = self._services.settings.command_prefix
        if self._services.content_off:
            return (
                f"off: the message-content intent is not given, so `{prefix}deal` does not work; mentions and slash do"
            )
        return f"on, with `{prefix}`"


class Erase(Click, template=ERASE):
    """The buttons under ``data``."""

    async def answer(self, interaction: Interaction) -> None:
        """Erase, and say what is gone."""
        services, user = interaction.client.services, interaction.user
        if self.said["what"] == "me":
            notes, table = await services.notes.count_of(user.id), await services.following.timetable(user.id)
            looks = await services.reading.count_of(user.id)
            gone = _theirs(await services.following.erase_user(user.id), notes, table, looks)
        else:
            if interaction.guild is None or not manages(interaction):
                raise Refused("You need Manage Server to erase what is stored about this server.")
            gone = number_of(await services.following.erase_guild(interaction.guild.id), "follow")
        await interaction.response.send_message(view=note(f"Erased: {gone or 'nothing was left'}."), ephemeral=True)


def _theirs(follows: int, notes: int, table: Timetable, looks: int) -> str:
    """What is kept of a person, in figures; empty for nothing."""
    told = (
        number_of(follows, "follow") + " by DM" if follows else "",
        number_of(notes, "note") + " to the desk" if notes else "",
        "settings" if table != Timetable() else "",
        "when you last caught up in " + number_of(looks, "place") if looks else "",
    )
    return ", ".join(part for part in told if part)


def _told(follows: str, table: Timetable) -> str:
    return follows if table == Timetable() else f"{follows}; and settings: time zone, hours, cap"


def _erase_button(label: str, what: str, *, enabled: bool) -> discord.ui.Button[discord.ui.LayoutView]:
    return discord.ui.Button(
        label=label, custom_id=f"dw:erase:{what}", style=discord.ButtonStyle.danger, disabled=not enabled
    )


async def setup(bot: Dealwire) -> None:
    """Add the commands."""
    bot.add_dynamic_items(Erase)
    await bot.add_cog(Operator(bot))
