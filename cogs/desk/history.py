"""``desk history``: who changed what in a story, a page at a time."""

from __future__ import annotations

from bot.cards import custom_ids
from bot.cards.story_history import story_history_card
from bot.model.story import Story
from bot.newsroom.story_history import get_story_history
from bot.platforms.discord.client import Interaction
from cogs.editors import check_editor
from cogs.persistent import PersistentItem, reply_privately


async def show_history(interaction: Interaction, story: Story) -> None:
    """Show the newest changes of a story to the editor alone."""
    history = await get_story_history(interaction.client.services.store, story.slug)
    await reply_privately(interaction, story_history_card(history))


class HistoryButton(PersistentItem, template=custom_ids.HISTORY.pattern):
    """The buttons that turn the pages of a story's history."""

    async def handle(self, interaction: Interaction) -> None:
        """Show another page, for an editor."""
        await check_editor(interaction)
        store = interaction.client.services.store
        history = await get_story_history(store, self.params["slug"], int(self.params["page"]))
        await reply_privately(interaction, story_history_card(history))
