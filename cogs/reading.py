"""``catchup``: what a channel's follows brought since somebody last looked, for nobody but them."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.cards import ids
from bot.cards.catchup import catch_up_card, catch_up_hint
from bot.client import Context, Dealwire, Interaction, everywhere
from bot.library.reading import MOST_DAYS
from cogs.clicks import Click, beside, reading_place


class Reading(commands.Cog):
    """Catching up."""

    @app_commands.command()
    @everywhere
    @app_commands.describe(days="so many days back; left out: since you last looked here")
    async def catchup(self, interaction: Interaction, days: app_commands.Range[int, 1, MOST_DAYS] = 0) -> None:
        """Show what this channel's follows brought since you last looked. Only you see it."""
        await _catch_up(interaction, days)

    @commands.command(name="catchup")
    async def typed_catchup(self, ctx: Context) -> None:
        """Catching up is a slash command."""
        await ctx.send(view=catch_up_hint())


async def _catch_up(interaction: Interaction, days: int = 0) -> None:
    reading, place = interaction.client.services.reading, reading_place(interaction)
    page = await reading.catch_up(interaction.user.id, place, days)
    await interaction.response.send_message(view=catch_up_card(page), ephemeral=True)
    # Not before it has arrived: what did not is still new.
    await reading.have_looked(interaction.user.id, place, page)


class CatchUp(Click, template=ids.CATCH_UP):
    """The button under a typed ``catchup``."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the clicker what they missed."""
        await _catch_up(interaction)


class CaughtUp(Click, template=ids.CAUGHT_UP):
    """Another page."""

    async def answer(self, interaction: Interaction) -> None:
        """Turn it: the time stays the one of the first page."""
        after, until = ids.look(self.said["at"], self.said["after"]), int(self.said["until"])
        reading = interaction.client.services.reading
        page = await reading.catch_up_page(reading_place(interaction), after, until, int(self.said["page"]))
        await beside(interaction, catch_up_card(page))


async def setup(bot: Dealwire) -> None:
    """Add the command, and its buttons."""
    bot.add_dynamic_items(CatchUp, CaughtUp)
    await bot.add_cog(Reading())
