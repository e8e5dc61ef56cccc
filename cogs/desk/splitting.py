"""``desk split``: the card on which an editor chooses what moves, the form of a new story, and the button that undoes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.cards import custom_ids
from bot.cards.story_split import (
    COPY_FOLLOWS,
    EDIT_POSTS,
    split_card,
    split_discarded_card,
    split_done_card,
    split_undone_card,
)
from bot.languages import say_as
from bot.model.story import Story
from bot.model.story_split import StorySplit
from bot.model.vocabulary import Kind
from bot.newsroom.field_validation import SUMMARY_LIMIT, TEXT_LIMIT
from bot.newsroom.form_fields import format_parties, parse_header
from bot.newsroom.split_rules import SplitOutdated
from bot.newsroom.story_splitter import OpenSplit, SplitOutcome
from bot.platforms.discord.client import Interaction
from cogs.autocomplete import get_labels
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.persistent import PersistentItem, replace_or_reply, reply_privately


async def begin_split(interaction: Interaction, story: Story, target: Story | None) -> None:
    """Show the editor the card on which to choose what moves."""
    target_slug = target.slug if target else ""
    opened = await interaction.client.services.story_splitter.begin(story.slug, target_slug)
    await reply_privately(interaction, _build_card(opened))


def _build_card(opened: OpenSplit, page: int = 0, problem: str = "") -> discord.ui.LayoutView:
    return split_card(opened.split, opened.source, opened.target, page, problem)


class SplitButton(PersistentItem, template=custom_ids.SPLIT.pattern):
    """The buttons of a split that is being chosen."""

    async def handle(self, interaction: Interaction) -> None:
        """Show another page, move what was chosen or ask for the new story, or discard it, for an editor."""
        await check_editor(interaction)
        splitter, page = interaction.client.services.story_splitter, int(self.params["page"])
        opened = await splitter.get(int(self.params["split_id"]))
        match self.params["action"]:
            case "discard":
                await splitter.discard(opened.split.id)
                await reply_privately(interaction, split_discarded_card(opened.source))
            case "move" if opened.target is None:
                await interaction.response.send_modal(await _build_modal(interaction, opened))
            case "move":
                await reply_privately(interaction, await _move(interaction, opened, page))
            case _:
                await reply_privately(interaction, _build_card(opened, page))


async def _move(interaction: Interaction, opened: OpenSplit, page: int) -> discord.ui.LayoutView:
    """Move what was chosen to the chosen story. If a colleague has taken a part of it away, show what is left."""
    splitter = interaction.client.services.story_splitter
    try:
        outcome = await splitter.split(opened.split.id, actor=get_actor(interaction))
    except SplitOutdated as exc:
        return _build_card(await splitter.change(opened.split.id, lambda split: split), page, str(exc))
    return _build_outcome_card(outcome)


def _build_outcome_card(outcome: SplitOutcome) -> discord.ui.LayoutView:
    return split_done_card(
        outcome.split,
        outcome.source,
        outcome.target,
        outcome.developments,
        is_new=outcome.is_new,
        edits=outcome.edits,
        follows=outcome.follows,
    )


class SplitMenu(PersistentItem, template=custom_ids.SPLIT_MENU.pattern):
    """The menus of a split that is being chosen."""

    async def handle(self, interaction: Interaction) -> None:
        """Change the choice, and show it as it is now, for an editor."""
        await check_editor(interaction)
        menu = self.item
        values = menu.values if isinstance(menu, discord.ui.Select) else []
        offered = [option.value for option in menu.options] if isinstance(menu, discord.ui.Select) else []
        is_parts_menu = self.params["field"] == "parts"

        def change(split: StorySplit) -> StorySplit:
            if is_parts_menu:
                return replace(split, parts=split.parts.choose(offered, values))
            return replace(split, copies_follows=COPY_FOLLOWS in values, edits_posts=EDIT_POSTS in values)

        splitter = interaction.client.services.story_splitter
        opened = await splitter.change(int(self.params["split_id"]), change)
        await reply_privately(interaction, _build_card(opened, int(self.params["page"])))


async def _build_modal(interaction: Interaction, opened: OpenSplit) -> SplitModal:
    """Return the form of the new story, filled in from what moves there."""
    developments = opened.split.parts.select_developments(opened.source)
    newest = next((d for d in reversed(developments) if d.is_valid), developments[-1] if developments else None)
    texts = [f"{d.headline}\n{d.text}" for d in developments if d.is_valid]
    companies = await interaction.client.services.desk.find_companies(texts)
    parties = [party for party in opened.source.parties if party.company in companies]
    values = {
        "headline": newest.headline if newest else "",
        "summary": ((newest.text or newest.headline) if newest else "")[:SUMMARY_LIMIT],
        "kind": opened.source.kind.value,
        "parties": format_parties(parties)[:TEXT_LIMIT],
    }
    return SplitModal(opened.split, opened.source.slug, FormValues(values))


class SplitModal(RetryableModal):
    """The new story of a split."""

    def __init__(self, split: StorySplit, source_slug: str, values: FormValues) -> None:
        super().__init__(say_as("form", "New story"), values)
        self._split, self._source_slug = split, source_slug
        self.add_headline_field()
        hint = say_as("form hint", "Two to four sentences")
        self.add_field("summary", say_as("form", "Summary"), SUMMARY_LIMIT, hint=hint, multiline=True)
        self.add_menu("kind", say_as("form", "Kind"), get_labels(Kind))
        self.add_parties_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return SplitModal(self._split, self._source_slug, values)

    async def submit(self, interaction: Interaction) -> Any:
        """Create the story, and move there what was chosen."""
        values, splitter = self.values, interaction.client.services.story_splitter
        headline, summary, kind, parties = map(values.get, ("headline", "summary", "kind", "parties"))
        header = parse_header(headline, summary, kind, parties, self._source_slug)
        try:
            outcome = await splitter.split(self._split.id, header, actor=get_actor(interaction))
        except SplitOutdated:
            await splitter.change(self._split.id, lambda split: split)
            raise
        return _build_outcome_card(outcome)


class UndoSplitButton(PersistentItem, template=custom_ids.UNDO_SPLIT.pattern):
    """The button that undoes a split."""

    async def handle(self, interaction: Interaction) -> None:
        """Move back what was moved, for an editor."""
        await check_editor(interaction)
        splitter = interaction.client.services.story_splitter
        outcome = await splitter.undo(int(self.params["split_id"]), actor=get_actor(interaction))
        card = split_undone_card(
            outcome.source, outcome.target, outcome.developments, is_new=outcome.is_new, edits=outcome.edits
        )
        await replace_or_reply(interaction, card)
