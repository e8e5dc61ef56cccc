"""``catchup``: what a channel's follows brought since a user last looked, shown to that user alone."""

from __future__ import annotations

from discord import app_commands
from discord.ext import commands

from bot.cards import custom_ids
from bot.cards.catchup import catch_up_card, catch_up_hint_card
from bot.library.catchup import MAX_DAYS
from bot.platforms.discord.client import Context, Dealwire, Interaction, installable_everywhere
from cogs.persistent import PersistentItem, get_destination_id, reply_privately


class CatchupCog(commands.Cog):
    """The ``catchup`` command."""

    @app_commands.command()
    @installable_everywhere
    @app_commands.describe(days="days to look back (default: since you last looked here)")
    async def catchup(self, interaction: Interaction, days: app_commands.Range[int, 1, MAX_DAYS] = 0) -> None:
        """Show what's new in this channel's follows since you last looked. Only you see it."""
        await _show_catchup(interaction, days)

    @commands.command(name="catchup")
    async def typed_catchup(self, ctx: Context) -> None:
        """Reply with a button, because catching up is a slash command."""
        await ctx.send(view=catch_up_hint_card())


async def _show_catchup(interaction: Interaction, days: int = 0) -> None:
    catchup, destination_id = interaction.client.services.catchup, get_destination_id(interaction)
    page = await catchup.catch_up(interaction.user.id, destination_id, days)
    await interaction.response.send_message(view=catch_up_card(page), ephemeral=True)
    # Record it only after the card has arrived; otherwise the news stays new.
    await catchup.mark_seen(interaction.user.id, destination_id, page)


class CatchupButton(PersistentItem, template=custom_ids.CATCH_UP.pattern):
    """The button under a typed ``catchup``."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the user what they missed."""
        await _show_catchup(interaction)


class CatchupPageButton(PersistentItem, template=custom_ids.CATCH_UP_PAGE.pattern):
    """A page button of a catch-up card."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the page. The period stays that of the first page."""
        after, until = (
            custom_ids.parse_last_seen(self.params["seen_at"], self.params["after_delivery"]),
            int(self.params["until_delivery"]),
        )
        catchup = interaction.client.services.catchup
        page = await catchup.get_page(get_destination_id(interaction), after, until, int(self.params["page"]))
        await reply_privately(interaction, catch_up_card(page))


async def setup(bot: Dealwire) -> None:
    """Add the command and its buttons."""
    bot.add_dynamic_items(CatchupButton, CatchupPageButton)
    await bot.add_cog(CatchupCog())
