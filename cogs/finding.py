"""The message menu "Find the story": what a message is about, for the one who asks alone."""

from __future__ import annotations

import discord
from discord import app_commands
from discord.ext import commands

from bot.cards.notes import note
from bot.cards.nothing import no_answer
from bot.cards.story import story_card
from bot.client import Dealwire, Interaction, everywhere
from bot.languages import noted, say
from bot.library.answers import Answer
from bot.library.recognising import story_in
from cogs.clicks import new_here
from cogs.messages import slug_of, texts_of

NAME = "Find the story"
NOTHING_SAID = noted("This message has no text to find a story by.")


class Finding(commands.Cog):
    """The menu of a message."""

    def __init__(self, bot: Dealwire) -> None:
        self._bot = bot
        self._menu = everywhere(app_commands.ContextMenu(name=NAME, callback=find_the_story))

    async def cog_load(self) -> None:
        """Put the menu into the tree."""
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take it out."""
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)


async def find_the_story(interaction: Interaction, message: discord.Message) -> None:
    """Show the story that the message tells of, to the one who asks."""
    # A long message is looked up line by line, which may take longer than the three seconds that Discord gives.
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.followup.send(view=await _found(interaction, message), ephemeral=True)


async def _found(interaction: Interaction, message: discord.Message) -> discord.ui.LayoutView:
    library = interaction.client.services.library
    slug = slug_of(message, _own_id(interaction))
    if slug:
        answer = await library.show(slug)
    else:
        texts = texts_of(message)
        if not texts:
            return note(say(NOTHING_SAID))
        found = await story_in(library, texts)
        if not isinstance(found, Answer):
            return no_answer(found)
        answer = found
    return story_card(answer, new=await new_here(interaction, answer.story))


def _own_id(interaction: Interaction) -> int:
    return interaction.client.user.id if interaction.client.user else 0


async def setup(bot: Dealwire) -> None:
    """Add the menu."""
    await bot.add_cog(Finding(bot))
