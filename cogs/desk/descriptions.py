"""The desk is asked for headline and summary when a deal has changed its stage, and gets a proposal when it asks for one."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import discord

from bot.cards import custom_ids
from bot.cards.description import summary_proposal_card
from bot.cards.desk_outcome import description_card
from bot.errors import NotAllowed
from bot.languages import say, say_as
from bot.model.story import DescribedState, Story
from bot.newsroom.field_validation import HEADLINE_LIMIT, SUMMARY_LIMIT, check_text
from bot.newsroom.summarizer import propose_description, propose_summary
from bot.platforms.discord.client import Interaction
from cogs.desk.story_modals import StoryModal, build_story_values
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.persistent import PersistentItem, reply_privately


class DescriptionModal(RetryableModal):
    """Headline and summary of a story, with a proposal for the stage that the deal is in."""

    def __init__(self, story: Story, values: FormValues) -> None:
        super().__init__(say_as("form", "Update headline and summary"), values)
        self._story = story
        self.add_headline_field()
        hint = say_as("form hint", "Two to four sentences")
        self.add_field("summary", say_as("form", "Summary"), SUMMARY_LIMIT, hint=hint, multiline=True)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return DescriptionModal(self._story, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Write both. They count as written for the stage that the editor saw."""
        headline = check_text("headline", self.values.get("headline"), HEADLINE_LIMIT)
        summary = check_text("summary", self.values.get("summary"), SUMMARY_LIMIT, multiline=True)
        outcome = await interaction.client.services.desk.edit_story(
            self._story.slug,
            lambda header: replace(header, headline=headline, summary=summary),
            actor=get_actor(interaction),
            described_state=DescribedState(self._story.stage, self._story.as_of),
        )
        return description_card(outcome.story, is_kept=False)


class DescribeButton(PersistentItem, template=custom_ids.DESCRIBE.pattern):
    """The buttons below a change of stage."""

    async def handle(self, interaction: Interaction) -> None:
        """Open the form, or declare that headline and summary still fit, for an editor."""
        await check_editor(interaction)
        services = interaction.client.services
        story = await services.library.get_story(self.params["slug"])
        if self.params["action"] == "edit":
            proposal = await asyncio.to_thread(propose_description, story)
            values = FormValues({"headline": proposal.headline, "summary": proposal.summary})
            await interaction.response.send_modal(DescriptionModal(story, values))
            return
        if (story.stage.value if story.stage else "") != self.params["stage"]:
            raise NotAllowed(say("The deal has changed stage again. Please check the headline and summary once more."))
        outcome = await services.desk.edit_story(
            story.slug,
            lambda header: header,
            actor=get_actor(interaction),
            described_state=DescribedState(story.stage, story.as_of),
        )
        await reply_privately(interaction, description_card(outcome.story, is_kept=True))


async def build_proposal_card(story: Story) -> discord.ui.LayoutView:
    """Return a card with the current and the proposed summary."""
    proposal = await asyncio.to_thread(propose_summary, story)
    return summary_proposal_card(
        story, [(sentence.text, sentence.attribution) for sentence in proposal.sentences], proposal.word_count
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
