"""A story's summary, refreshed from what its sources say: proposed to the desk, and never used unseen."""

from __future__ import annotations

import asyncio

import discord

from bot.cards import ids
from bot.cards.summary import summary_card
from bot.client import Dealwire, Interaction
from bot.errors import Refused
from bot.languages import say
from bot.model.story import Story
from bot.newsroom.summary import propose_summary
from cogs.clicks import Click, beside
from cogs.editors import check_editor
from cogs.form import Typed
from cogs.forms import StoryForm, as_typed


async def proposal_card(story: Story) -> discord.ui.LayoutView:
    """The summary as it is, and what is proposed."""
    proposal = await asyncio.to_thread(propose_summary, story)
    return summary_card(story, [(said.text, said.publisher) for said in proposal.sentences], proposal.words)


class Summary(Click, template=ids.SUMMARY):
    """The buttons about a summary."""

    async def answer(self, interaction: Interaction) -> None:
        """Show the proposal, or open the story's form with it."""
        await check_editor(interaction)
        story = await interaction.client.services.library.story(self.said["slug"])
        if self.said["act"] == "show":
            await beside(interaction, await proposal_card(story))
            return
        proposal = await asyncio.to_thread(propose_summary, story)
        if not proposal.sentences:
            raise Refused(say("What was proposed does not stand any more."))
        typed = Typed({**as_typed(story).values, "summary": proposal.text})
        await interaction.response.send_modal(StoryForm(story, story.kind, typed))


async def setup(bot: Dealwire) -> None:
    """Add the buttons."""
    bot.add_dynamic_items(Summary)
