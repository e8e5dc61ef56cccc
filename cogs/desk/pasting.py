"""One paste: the card of a pasted article with its buttons and menus, and its form."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import discord

from bot.cards import custom_ids
from bot.cards.labels import line_choice
from bot.cards.publication_draft import (
    NEW_STORY,
    NO_STAGE,
    discarded_card,
    publication_draft_card,
    source_added_card,
)
from bot.cards.review import BY_NAME
from bot.errors import NotFound
from bot.languages import say_as
from bot.library.answers import Answer
from bot.model.company import Party
from bot.model.publication_draft import PublicationDraft
from bot.model.story import Story
from bot.model.vocabulary import Claim, Kind, Stage
from bot.newsroom.drafts import parse_enum, parse_partial_date, parse_source
from bot.newsroom.field_validation import HEADLINE_LIMIT, TEXT_LIMIT, check_name, check_text
from bot.newsroom.form_fields import format_parties, format_sources, parse_parties, parse_sources
from bot.newsroom.pasted_articles import KnownFields
from bot.platforms.discord.client import Interaction
from bot.services import Services
from cogs.autocomplete import MAX_CHOICES
from cogs.desk.outcomes import build_publication_card
from cogs.editors import check_editor, get_actor
from cogs.modal import FormValues, RetryableModal
from cogs.persistent import PersistentItem, reply_privately


async def paste_article(interaction: Interaction, address: str, known: KnownFields) -> None:
    """Read the article at an address, and show the editor what would be published."""
    # Reading a page, and loading the tracker, takes longer than the three seconds that Discord allows.
    await interaction.response.defer(ephemeral=True, thinking=True)
    services = interaction.client.services
    draft = await services.pasted_articles.paste(address, known)
    await interaction.followup.send(view=await build_draft_card(services, draft), ephemeral=True)


async def build_draft_card(services: Services, draft: PublicationDraft) -> discord.ui.LayoutView:
    """Return the card of a draft, with the stories as they are now."""
    story = await _find_story(services, draft.slug)
    slugs = dict.fromkeys([draft.recommendation.story, *draft.recommendation.stories])
    suggestions = [await _find_story(services, slug) for slug in slugs if slug]
    if draft.headline and story is None:
        # The tracker forgets a story that has rested for long; a question does not.
        answer = await services.library.ask(draft.headline, deals_first=False)
        suggestions += [answer.story] if isinstance(answer, Answer) else []
    newest = await services.library.complete_story("", deals_only=False, limit=MAX_CHOICES)
    return publication_draft_card(draft, story, [each for each in suggestions if each], map(line_choice, newest))


async def _find_story(services: Services, slug: str) -> Story | None:
    try:
        return await services.library.get_story(slug) if slug else None
    except NotFound:
        return None


async def _show_draft(interaction: Interaction, draft: PublicationDraft) -> None:
    await reply_privately(interaction, await build_draft_card(interaction.client.services, draft))


class DraftButton(PersistentItem, template=custom_ids.DRAFT.pattern):
    """The buttons of a pasted article."""

    async def handle(self, interaction: Interaction) -> None:
        """Publish it, edit it, add it as a source, or discard it, for an editor."""
        await check_editor(interaction)
        services, draft_id, actor = interaction.client.services, int(self.params["draft_id"]), get_actor(interaction)
        match self.params["action"]:
            case "publish":
                outcome = await services.pasted_articles.publish(draft_id, actor=actor)
                await reply_privately(interaction, build_publication_card(outcome))
            case "source":
                outcome = await services.pasted_articles.add_as_source(draft_id, actor=actor)
                if outcome.development is None:
                    await reply_privately(interaction, build_publication_card(outcome))
                else:
                    await reply_privately(interaction, source_added_card(outcome.story, outcome.development))
            case "discard":
                draft = await services.pasted_articles.get(draft_id)
                await services.pasted_articles.discard(draft_id)
                await reply_privately(interaction, discarded_card(draft))
            case _:
                await interaction.response.send_modal(DraftModal(await services.pasted_articles.get(draft_id)))


class DraftMenu(PersistentItem, template=custom_ids.DRAFT_MENU.pattern):
    """The menus of a pasted article."""

    async def handle(self, interaction: Interaction) -> None:
        """Change the draft, and show it as it is now, for an editor."""
        await check_editor(interaction)
        drafts, draft_id, selection = (
            interaction.client.services.pasted_articles,
            int(self.params["draft_id"]),
            self.get_selection(),
        )
        if self.params["field"] == "story":
            if selection == BY_NAME:
                await interaction.response.send_modal(DraftStoryModal(draft_id))
                return
            draft = await drafts.choose_story(draft_id, "" if selection == NEW_STORY else selection)
        else:
            changes = _parse_selection(self.params["field"], selection)
            draft = await drafts.change(draft_id, lambda draft: replace(draft, **changes))
        await _show_draft(interaction, draft)


def _parse_selection(field: str, selection: str) -> dict[str, Any]:
    if field == "claim":
        return {"claim": parse_enum("claim", selection, Claim)}
    if field == "kind":
        return {"kind": parse_enum("kind", selection, Kind)}
    return {"stage": None if selection == NO_STAGE else parse_enum("stage", selection, Stage)}


class DraftModal(RetryableModal):
    """What the card of a pasted article has no menu for: headline, text, date, sources, and the parties of a new story."""

    def __init__(self, draft: PublicationDraft, values: FormValues | None = None) -> None:
        defaults = {
            "headline": draft.headline,
            "text": draft.text,
            "date": draft.date.input_text,
            "sources": format_sources(draft.sources)[:TEXT_LIMIT],
            "parties": format_parties(draft.parties)[:TEXT_LIMIT],
        }
        super().__init__(say_as("form", "Publish a development"), values or FormValues(defaults))
        self._draft = draft
        self.add_headline_field(say_as("form hint", "What happened, in one line"))
        self.add_text_field()
        self.add_date_field()
        self.add_sources_field()
        if not draft.slug:
            self.add_parties_field()

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return DraftModal(self._draft, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Save the draft; it is published by the button of its card."""
        values, services = self.values, interaction.client.services
        date = parse_partial_date("date", values.get("date"))
        services.desk.check_date("date", date)
        changes: dict[str, Any] = {
            "headline": check_text("headline", values.get("headline"), HEADLINE_LIMIT),
            "text": check_text("text", values.get("text"), TEXT_LIMIT, multiline=True, required=False),
            "date": date,
            "sources": tuple(
                parse_source(row, f"source[{index}]")
                for index, row in enumerate(parse_sources(values.get("sources")), start=1)
            ),
            # What was missing is filled in now.
            "problem": "",
        }
        if not self._draft.slug:
            changes["parties"] = tuple(
                Party(check_name(f"party[{index}].company", row["company"]), row.get("role", ""))
                for index, row in enumerate(parse_parties(values.get("parties")), start=1)
            )
        draft = await services.pasted_articles.change(self._draft.id, lambda draft: replace(draft, **changes))
        return await build_draft_card(services, draft)


class DraftStoryModal(RetryableModal):
    """The story of a pasted article, by any of its names."""

    def __init__(self, draft_id: int, values: FormValues | None = None) -> None:
        super().__init__(say_as("form", "Publish in another story"), values or FormValues())
        self._draft_id = draft_id
        hint = say_as("form hint", "Its headline, its slug, or what you would ask")
        self.add_field("story", say_as("form", "Story"), 200, hint=hint)

    def rebuild(self, values: FormValues) -> RetryableModal:
        """Return the same form with these values."""
        return DraftStoryModal(self._draft_id, values)

    async def submit(self, interaction: Interaction) -> discord.ui.LayoutView:
        """Find the story, and show the draft with it."""
        services = interaction.client.services
        slug = await services.library.resolve_story(self.values.get("story"))
        return await build_draft_card(services, await services.pasted_articles.choose_story(self._draft_id, slug))
