"""A new summary of a story, built from its sources: proposed to the desk, and used only once an editor saves it."""

from __future__ import annotations

import asyncio

import discord

from bot.cards import custom_ids
from bot.cards.description import summary_proposal_card
from bot.errors import NotAllowed
from bot.languages import say
from bot.model.story import Story
from bot.newsroom.summarizer import propose_summary
from bot.platforms.discord.client import Interaction
from cogs.desk.story_modals import StoryModal, build_story_values
from cogs.editors import check_editor
from cogs.modal import FormValues
from cogs.persistent import PersistentItem, reply_privately


async def build_proposal_card(story: Story) -> discord.ui.LayoutView:
    """Return a card with the current and the proposed summary."""
    proposal = await asyncio.to_thread(propose_summary, story)
    return summary_proposal_card(
        story, [(sentence.text, sentence.publisher) for sentence in proposal.sentences], proposal.word_count
    )


class SummaryButton(PersistentItem, template=custom_ids.SUMMARY.pattern):
    """The buttons of a summary proposal."""

    async def handle(self, interaction: Interaction) -> None:
        """Show the proposal, or open the story's form with it."""
        await check_editor(interaction)
        story = await interaction.client.services.library.get_story(self.params["slug"])
        if self.params["action"] == "show":
            await reply_privately(interaction, await build_proposal_card(story))
            return
        proposal = await asyncio.to_thread(propose_summary, story)
        if not proposal.sentences:
            raise NotAllowed(say("This draft is out of date. Make a new one with `/desk summary`."))
        values = FormValues({**build_story_values(story).fields, "summary": proposal.text})
        await interaction.response.send_modal(StoryModal(story, story.kind, values))
