"""The desk's confirmations, and their buttons that undo a publication or a retraction."""

from __future__ import annotations

import discord

from bot.cards import custom_ids
from bot.cards.desk_outcome import (
    correction_card,
    no_change_card,
    publication_card,
    reinstatement_card,
    repetition_card,
    retraction_card,
    story_change_card,
    withdrawal_card,
)
from bot.newsroom.story_writer import PublishOutcome
from bot.platforms.discord.client import Interaction
from cogs.editors import check_editor, get_actor
from cogs.persistent import PersistentItem, replace_or_reply


def build_publication_card(outcome: PublishOutcome, hint: str = "") -> discord.ui.LayoutView:
    """Return the confirmation of a published development; ``hint`` is one sentence more."""
    development = outcome.development
    if development is None:
        return no_change_card(outcome.story)
    if not outcome.new_developments:
        return repetition_card(outcome.story, development, outcome.edits)
    return publication_card(
        outcome.story,
        development,
        is_new_story=outcome.is_new,
        deliveries=outcome.deliveries,
        edits=outcome.edits,
        hint=hint,
    )


def build_correction_card(outcome: PublishOutcome) -> discord.ui.LayoutView:
    """Return the confirmation of a correction."""
    development = outcome.development
    if development is None:
        return no_change_card(outcome.story)
    return correction_card(outcome.story, development, outcome.edits)


def build_retraction_card(outcome: PublishOutcome) -> discord.ui.LayoutView:
    """Return the confirmation of a retraction."""
    development = outcome.development
    if development is None:
        return no_change_card(outcome.story)
    return retraction_card(outcome.story, development, outcome.edits)


def build_story_card(outcome: PublishOutcome) -> discord.ui.LayoutView:
    """Return the confirmation of a new or changed story."""
    if not outcome.is_changed:
        return no_change_card(outcome.story)
    return story_change_card(outcome.story, is_new=outcome.is_new, edits=outcome.edits)


class UndoButton(PersistentItem, template=custom_ids.UNDO.pattern):
    """The button that takes a publication back, or makes a retracted development valid again."""

    async def handle(self, interaction: Interaction) -> None:
        """Undo it, for an editor."""
        await check_editor(interaction)
        desk, actor = interaction.client.services.desk, get_actor(interaction)
        development_id = int(self.params["development_id"])
        is_withdrawal = self.params["action"] == "withdraw"
        undo = desk.withdraw_publication if is_withdrawal else desk.reinstate
        outcome = await undo(development_id, actor=actor)
        development = next(d for d in outcome.story.developments if d.id == development_id)
        await replace_or_reply(
            interaction,
            withdrawal_card(outcome.story, development, outcome.edits)
            if is_withdrawal
            else reinstatement_card(outcome.story, development, deliveries=outcome.deliveries, edits=outcome.edits),
        )
